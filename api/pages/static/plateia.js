/* What HTML alone cannot: arrow keys in the seat map, Escape for its tips,
   and a place for the focus when what held it has left the page. */
(function () {
  "use strict";

  var MOVES = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  };

  function seats(map) {
    return Array.from(map.tBodies[0].rows, function (row) {
      return Array.from(row.querySelectorAll("[data-seat]"));
    });
  }

  // One stop of the Tab key for each map; arrows move inside it.
  function prepare(root) {
    root.querySelectorAll("[data-map]").forEach(function (map) {
      seats(map).flat().forEach(function (seat, k) {
        seat.tabIndex = k === 0 ? 0 : -1;
      });
    });
  }

  function go(from, to) {
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.body.classList.add("tips-off");
      return;
    }
    var seat = event.target.closest && event.target.closest("[data-seat]");
    if (!seat) return;
    var rows = seats(seat.closest("[data-map]"));
    var y = rows.findIndex(function (row) { return row.includes(seat); });
    var x = rows[y].indexOf(seat);
    var target = null;
    if (event.key in MOVES) {
      var move = MOVES[event.key];
      target = (rows[y + move[0]] || [])[x + move[1]];
    } else if (event.key === "Home") {
      target = rows[y][0];
    } else if (event.key === "End") {
      target = rows[y][rows[y].length - 1];
    } else {
      return;
    }
    event.preventDefault();
    if (target) go(seat, target);
  });

  function tipsOn() {
    document.body.classList.remove("tips-off");
  }
  document.addEventListener("focusin", tipsOn);
  document.addEventListener("pointermove", tipsOn);

  // The browser holds a swapped page to what stood below it, which after a tap
  // is the page's far end: the next film to tell about would be out of sight.
  document.addEventListener("htmx:beforeSwap", function () {
    place = tapped ? scrollY : null;
  });
  document.addEventListener("htmx:afterSwap", function () {
    if (place !== null) scrollTo(scrollX, place);
  });

  document.addEventListener("htmx:afterSettle", function () {
    prepare(document);
    show();
    var active = document.activeElement;
    if (active && active !== document.body) return;
    var origin = lastSide && document.getElementById(lastSide);
    var status = (origin || document).querySelector(
      tapped ? "[data-taps-status]" : "[data-status]",
    );
    tapped = false;
    if (status) status.focus({ preventScroll: true });
  });

  // A form's answer may stand below the window's end: on a phone it does.
  function show() {
    var side = asked && document.getElementById(asked);
    var answer = side && side.querySelector("[data-answer]");
    asked = null;
    if (answer && answer.getBoundingClientRect().top > 0.6 * innerHeight) {
      answer.scrollIntoView();
    }
  }

  // A change is answered at once. What stands in a field is compared with
  // what the server put there, so that nothing is asked for twice.
  document.addEventListener("change", function (event) {
    if (event.target.type !== "text") askAgain(event.target);
  });
  document.addEventListener("focusout", function (event) {
    if (isTyped(event.target)) askAgain(event.target);
  });

  function isTyped(field) {
    return field.type === "text" && field.value !== field.defaultValue;
  }

  function askAgain(field) {
    var form = field.form;
    if (!form || !form.hasAttribute("data-live")) return;
    // The button that was pressed to leave the field asks by itself.
    setTimeout(function () {
      if (form.isConnected && !isAsking) form.requestSubmit();
    }, 150);
  }

  // What was changed and not yet sent, and what is folded open, outlive a new
  // answer: on a slow line more is asked while an answer is awaited.
  var known = {};
  var changed = [];
  var folds = [];
  document.addEventListener("htmx:beforeRequest", function (event) {
    fields().forEach(function (field) {
      var isSent = field.form === event.target;
      known[field.id] = isSent ? state(field) : stateOfServer(field);
    });
  });
  document.addEventListener("htmx:beforeSwap", function () {
    changed = fields().filter(function (field) {
      return field.id in known && state(field) !== known[field.id];
    });
    folds = Array.from(document.querySelectorAll("details[id]"));
  });
  document.addEventListener("htmx:afterSwap", function () {
    folds.forEach(function (old) {
      var fold = document.getElementById(old.id);
      if (fold && old.open) fold.open = true;
    });
    changed.forEach(function (old) {
      var field = document.getElementById(old.id);
      if (!field) return;
      if (field.type === "checkbox") field.checked = old.checked;
      else field.value = old.value;
      // What is being typed is asked for when it is left.
      if (field !== document.activeElement) askAgain(field);
    });
  });

  function fields() {
    return Array.from(
      document.querySelectorAll("form[data-live] [id][name]:not(button)"),
    );
  }

  function state(field) {
    return field.type === "checkbox" ? field.checked : field.value;
  }

  function stateOfServer(field) {
    if (field.type === "checkbox") return field.defaultChecked;
    if (!field.options) return field.defaultValue;
    var chosen = field.querySelector("option[selected]") || field.options[0];
    return chosen.value;
  }

  var isAsking = false;
  document.addEventListener("htmx:beforeRequest", function () {
    isAsking = true;
  });
  document.addEventListener("htmx:afterRequest", function () {
    isAsking = false;
  });

  var asked = null;
  var place = null;
  // An answer was tapped: the next films to ask about follow its status.
  var tapped = false;
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    tapped = Boolean(button && button.closest("[data-taps]"));
    var side = event.target.closest(".side");
    asked = side && button && !button.name ? side.id : null;
  });

  // The side in which something was asked: its status gets the focus.
  var lastSide = null;
  document.addEventListener("htmx:beforeRequest", function (event) {
    var side = event.target.closest && event.target.closest(".side");
    lastSide = side ? side.id : null;
  });

  // An answer that is no page (too many requests, say) is shown as it is.
  document.addEventListener("htmx:responseError", function (event) {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  });

  prepare(document);
})();
