// Each kind of scene builds its elements once and returns draw(t), which
// places everything for the moment t (seconds) and returns a signature: two
// moments with the same signature look the same and need one picture.
"use strict";

const stage = document.getElementById("stage");
const kinds = {};
let current = null;

function el(parent, tag, className = "", html = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (html !== "") made.innerHTML = html;
  parent.append(made);
  return made;
}

const clamp = (x) => Math.min(1, Math.max(0, x));
const ease = (x) => 1 - (1 - clamp(x)) ** 3;
const smooth = (x) => clamp(x) ** 2 * (3 - 2 * clamp(x));
const FAINT = 0.14;
const step = (x) => Math.round(x * 200) / 200;

// Things that come in at their moment: they rise and become opaque. With
// `faint`, their place can be made out before, so that no picture is empty.
class Entrances {
  constructor() { this.all = []; }
  add(node, at = 0, { seconds = 0.45, faint = 0, play = null } = {}) {
    this.all.push({ node, at, seconds, faint, play });
  }
  draw(t) {
    return this.all.map(({ node, at, seconds, faint, play }) => {
      const done = step(ease((t - at) / seconds));
      if (play) play(done);
      else {
        node.style.opacity = faint + (1 - faint) * done;
        node.style.transform = done < 1 && !faint
          ? `translateY(${(1 - done) * 22}px)` : "";
      }
      return done;
    }).join(" ");
  }
}

function slide(scene) {
  const root = el(stage, "section");
  root.id = "scene";
  if (scene.titulo) el(root, "h1", "", scene.titulo);
  return { root, body: el(root, "div", "body"), enter: new Entrances() };
}

function below(body, scene, enter) {
  if (!scene.abaixo) return;
  const box = el(body, "div", "below");
  for (const one of scene.abaixo) {
    enter.add(el(box, "div", one.quieto ? "note" : "", one.texto), one.em);
  }
}

kinds.titulo = (scene) => {
  const root = el(stage, "section");
  root.id = "scene";
  const box = el(root, "div", "opening");
  const enter = new Entrances();
  enter.add(el(box, "h1", "", scene.titulo), 0, { seconds: 0.7 });
  enter.add(el(box, "div", "sub", scene.subtitulo), 0.3, { seconds: 0.7 });
  for (const one of scene.linhas) {
    enter.add(el(box, "div", "line", one.texto), one.em);
  }
  return (t) => enter.draw(t);
};

kinds.cartoes = (scene) => {
  const { body, enter } = slide(scene);
  const cards = el(body, "div", "cards");
  for (const one of scene.cartoes) {
    const card = el(cards, "div", "card");
    el(card, "h2", "", one.cabeca);
    if (one.numero) el(card, "div", "big", one.numero);
    for (const line of one.corpo || []) el(card, "p", "", line);
    enter.add(card, one.em, { faint: FAINT });
  }
  below(body, scene, enter);
  return (t) => enter.draw(t);
};

kinds.fluxo = (scene) => {
  const { body, enter } = slide(scene);
  const flow = el(body, "div", "flow");
  scene.caixas.forEach((one, at) => {
    if (at) enter.add(el(flow, "div", "arrow", "›"), one.em, { faint: FAINT });
    const card = el(flow, "div", "card");
    el(card, "h2", "", one.cabeca);
    el(card, "div", "note", one.nota);
    enter.add(card, one.em, { faint: FAINT });
  });
  below(body, scene, enter);
  return (t) => enter.draw(t);
};

// Horizontal bars. `de` is where the axis begins, `ate` where it ends.
kinds.barras = (scene) => {
  const { body, enter } = slide(scene);
  const rows = el(body, "div", "rows");
  if (scene.nomes) rows.style.setProperty("--names", `${scene.nomes}px`);
  const room = 1740 - (scene.nomes || 620) - 30 - (scene.valores || 230);
  const from = scene.de ?? 0;
  const to = scene.ate ?? Math.max(...scene.itens.map((one) => one.valor));
  for (const one of scene.itens) {
    const row = el(rows, "div", "bar-row");
    el(row, "div", "name", one.nome);
    const track = el(row, "div", "track");
    const bar = el(track, "div", "bar");
    bar.style.background = `var(--${one.cor || "edge"})`;
    const value = el(track, "div", "value", one.mostra);
    const full = Math.max(8, clamp((one.valor - from) / (to - from)) * room);
    enter.add(row, one.em, { faint: FAINT });
    const play = (done) => {
      bar.style.width = `${done * full}px`;
      value.style.opacity = done;
    };
    enter.add(bar, one.em, { seconds: 1.0, play });
  }
  below(body, scene, enter);
  return (t) => enter.draw(t);
};

kinds.tabela = (scene) => {
  const { body, enter } = slide(scene);
  const table = el(body, "table");
  const head = el(table, "tr");
  for (const name of scene.colunas) el(head, "th", "", name);
  for (const one of scene.linhas) {
    const row = el(table, "tr", one.nosso ? "own" : "");
    for (const cell of one.celulas) el(row, "td", "", String(cell));
    enter.add(row, one.em, { faint: FAINT });
  }
  below(body, scene, enter);
  return (t) => enter.draw(t);
};

// One or more lines over the same points, drawn from left to right.
kinds.curva = (scene) => {
  const { body, enter } = slide(scene);
  const wide = 1740, high = scene.abaixo ? 520 : 640;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  svg.setAttribute("width", wide);
  body.append(svg);
  const add = (tag, attributes, text) => {
    const made = document.createElementNS(svg.namespaceURI, tag);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    svg.append(made);
    return made;
  };
  const left = 70, right = wide - 430, top = 60, bottom = high - 110;
  const { de, ate } = scene;
  const x = (i) => left + 60 + (right - left - 120) * i / (scene.eixo.length - 1);
  const y = (v) => bottom - (bottom - top) * (v - de) / (ate - de);
  add("line", { x1: left, x2: right, y1: bottom, y2: bottom,
    stroke: "var(--edge)", "stroke-width": 4 });
  scene.eixo.forEach((name, i) => add("text",
    { x: x(i), y: bottom + 50, "text-anchor": "middle" }, name));
  add("text", { x: (left + right) / 2, y: bottom + 100, class: "quiet",
    "text-anchor": "middle" }, scene.legenda);
  for (const line of scene.series) {
    const group = add("g", {});
    const points = line.pontos.map((v, i) => `${x(i)},${y(v)}`).join(" ");
    const path = add("polyline", { points, fill: "none", "stroke-width": 8,
      stroke: `var(--${line.cor})`, "stroke-linejoin": "round" });
    const length = path.getTotalLength();
    path.setAttribute("stroke-dasharray", length);
    group.append(path);
    line.pontos.forEach((v, i) => {
      group.append(add("circle", { cx: x(i), cy: y(v), r: 12,
        fill: `var(--${line.cor})` }));
      group.append(add("text", { x: x(i), y: y(v) + (line.sob ? 58 : -28),
        "text-anchor": "middle" }, line.mostra[i]));
    });
    const last = line.pontos.length - 1;
    group.append(add("text", { x: x(last) + 80, y: y(line.pontos[last]) + 12 },
      line.nome));
    const show = (done) => { group.style.opacity = done; };
    const trace = (done) => {
      path.setAttribute("stroke-dashoffset", length * (1 - done));
    };
    enter.add(group, line.em, { seconds: 0.5, play: show });
    enter.add(path, line.em, { seconds: 1.4, play: trace });
  }
  below(body, scene, enter);
  return (t) => enter.draw(t);
};

// A notebook: what it opens with, and one of its plots.
kinds.caderno = (scene) => {
  const { body, enter } = slide({ titulo: `notebooks/${scene.caderno}.ipynb` });
  const columns = el(body, "div", "notebook");
  const list = el(columns, "ul");
  scene.frases.forEach((text, at) => {
    enter.add(el(list, "li", "", text), scene.em + at * 1.6, { faint: FAINT });
  });
  const plot = el(columns, "img");
  plot.src = scene.imagem;
  enter.add(plot, 0.3, { seconds: 0.6 });
  const draw = (t) => enter.draw(t);
  draw.ready = () => plot.decode();
  return draw;
};

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

kinds.terminal = (scene) => {
  const box = el(stage, "div", "terminal");
  const bar = el(box, "div", "top");
  el(bar, "span", "", scene.titulo);
  const speed = el(bar, "b");
  const pre = el(box, "pre");
  const size = Math.min(46, 1784 / scene.colunas / 0.6);
  pre.style.fontSize = `${size}px`;
  pre.style.lineHeight = `${816 / scene.linhas}px`;
  return (t) => {
    let at = scene.telas.findIndex((one) => one.t > t);
    at = (at < 0 ? scene.telas.length : at) - 1;
    const screen = scene.telas[at];
    const blink = screen.pronto && Math.floor(t * 1.6) % 2;
    const sign = `${at} ${blink}`;
    if (pre.dataset.sign !== sign) {
      pre.dataset.sign = sign;
      pre.innerHTML = screen.linhas.map((row) => row.map(([text, style]) =>
        `<span class="${style}">${escaped(text)}</span>`).join("")).join("\n")
        + (screen.pronto && !blink ? '<span class="caret"> </span>' : "");
      speed.textContent = screen.vezes ? `acelerado ${screen.vezes}×` : "";
    }
    return sign;
  };
};

// A real page: its pictures, and above them the cursor and the camera.
kinds.pagina = (scene) => {
  const box = el(stage, "div", "browser");
  const address = el(box, "div", "address", "<i></i><i></i><i></i>");
  const where = el(address, "span");
  const view = el(box, "div", "view");
  const camera = el(view, "div", "camera");
  const picture = el(camera, "img");
  const ring = el(view, "div", "ring");
  const cursor = el(view, "div", "cursor",
    '<svg viewBox="0 0 24 34"><path d="M2 2v25l6-6 4 10 5-2-4-10h9z" ' +
    'fill="#fff" stroke="#151012" stroke-width="2"/></svg>');
  const between = (list, t) => {
    let now = list[0].to;
    for (const one of list) {
      if (t < one.t) break;
      const done = smooth((t - one.t) / (one.seconds || 0.001));
      now = now.map((v, i) => v + (one.to[i] - v) * done);
      if (done < 1) break;
    }
    return now;
  };
  let wait = null;
  const draw = (t) => {
    let shot = scene.fotos[0];
    for (const one of scene.fotos) if (one.t <= t) shot = one;
    if (picture.dataset.file !== shot.arquivo) {
      picture.dataset.file = shot.arquivo;
      picture.src = shot.arquivo;
      wait = picture.decode();
    }
    where.textContent = shot.endereco;
    const [zx, zy, zoom] = between(scene.camera, t).map((v) => step(v));
    camera.style.transform =
      `scale(${zoom}) translate(${-zx}px, ${-zy}px)`;
    const [cx, cy] = between(scene.cursor, t).map(Math.round);
    const [px, py] = [(cx - zx) * zoom, (cy - zy) * zoom];
    cursor.style.transform = `translate(${px - 4}px, ${py - 4}px)`;
    const click = scene.cliques.find((one) => t >= one && t < one + 0.4);
    const age = click === undefined ? 1 : step((t - click) / 0.4);
    ring.style.left = `${px}px`;
    ring.style.top = `${py}px`;
    ring.style.opacity = click === undefined ? 0 : 1 - age;
    ring.style.transform = `scale(${0.4 + age * 0.7})`;
    return `${shot.arquivo} ${zx} ${zy} ${zoom} ${cx} ${cy} ${age}`;
  };
  draw.ready = () => wait;
  return draw;
};

window.loadScene = (scene) => {
  stage.replaceChildren();
  current = kinds[scene.mostra](scene);
  return document.fonts.ready.then(() => true);
};

// The whole picture fades in, so that cuts are soft.
window.drawScene = async (t) => {
  const sign = current(t);
  if (current.ready) await current.ready();
  const shown = step(clamp((t + 0.06) / 0.24));
  stage.style.opacity = shown;
  return `${sign} ${shown}`;
};
