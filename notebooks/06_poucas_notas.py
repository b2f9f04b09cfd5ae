# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6. Até onde vão poucas notas?
#
# *English summary: a person who tells the stars of a few films gets better
# predictions at once, in closed form, without any refitting. First the same
# held-out ratings are predicted with k = 0, 1, 3, 5 and 10 other ratings
# known. Then come lists over the whole catalogue (nDCG@10): with k films
# known; after 5, 10 and 15 questions, for four ways of choosing what to ask,
# beside what demographics alone bring over popularity; and what the setting
# `novelty` trades.*
#
# De cada pessoa do teste, 10 avaliações são sorteadas; as primeiras *k* são
# contadas ao modelo, e todas as outras (as mesmas para todo *k*) são
# previstas. Nada é ajustado de novo: a fatoração corrige o gosto da pessoa com
# uma conta fechada.

# %%
import sys

sys.path.insert(0, "..")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from models_ml.evaluation.questions import N_QUESTIONS
from models_ml.experiments.runs import load_losses
from models_ml.metrics.bootstrap import weighted_mean
from models_ml.report.question_runs import POLICIES, RELEASED
from models_ml.report.saved_runs import PERSON
from models_ml.settings import load_settings
from notebooks import style
from notebooks.style import conclude, interval, number, percent
from notebooks.warehouse import open_runs

style.use_style()
con = open_runs()
summary = style.Summary()

# %%
curve = con.sql("""
    select
        (params ->> 'k')::int as k,
        round((metrics ->> 'log_loss')::double, 4) as log_loss,
        round((metrics ->> 'rmse')::double, 4) as rmse,
        round((metrics ->> 'mae')::double, 4) as mae,
        round((metrics ->> 'ece_liked')::double, 4) as ece_liked,
        round((metrics ->> 'macro_f1')::double, 3) as macro_f1,
        round((metrics ->> 'ndcg_rated')::double, 4) as ndcg_10,
    from runs
    where task = 'few_ratings' and stage = 'test'
    order by k
""")
curve

# %% [markdown]
# ## Quanto cada nota a mais dá, e com que certeza
#
# A diferença para k = 0 nas mesmas pessoas e nas mesmas avaliações, com
# bootstrap pareado de pessoas (95 %).

# %%
paired = con.sql("""
    with losses as (
        select (runs.params ->> 'k')::int as k, people.*
        from read_parquet(
            getvariable('home') || '/runs/few_ratings-test-*.parquet',
            filename = true
        ) as people
        inner join runs on parse_filename(people.filename, true) = runs.run_id
    )

    select
        own.k,
        own.user as person,
        own.n_ratings,
        own.log_loss - none.log_loss as log_loss_less_none,
        own.squared_error - none.squared_error as squared_error_less_none,
        own.ndcg_rated - none.ndcg_rated as ndcg_less_none,
    from losses as own
    inner join losses as none on own.user = none.user and none.k = 0
    order by own.k, person
""").df()
rows = []
for k, own in paired.groupby("k"):
    if k == 0:
        continue
    ranking = own["ndcg_less_none"].dropna()
    for measure, estimate in (
        (
            "log-loss",
            weighted_mean(own["log_loss_less_none"], own["n_ratings"]),
        ),
        ("nDCG@10", weighted_mean(ranking, np.ones(len(ranking)))),
    ):
        rows.append((int(k), measure, estimate))
gains = pd.DataFrame(
    {
        "k": k,
        "measure": measure,
        "difference": round(estimate.value, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
    }
    for k, measure, estimate in rows
)
n_people = paired["person"].nunique()
con.sql("from gains order by measure, k")

# %%
frame = curve.df()
left, right = style.axes(9.5, 3.4, 2)
left.plot(frame["k"], frame["rmse"], "o-", color=style.MAIN)
left.set(title="RMSE, em estrelas", xlabel="notas conhecidas (k)")
style.decimal_comma(left.yaxis, 2)
own = gains[gains["measure"] == "log-loss"]
right.errorbar(
    own["k"],
    own["difference"],
    yerr=[own["difference"] - own["low"], own["high"] - own["difference"]],
    fmt="o-",
    color=style.MAIN,
)
right.axhline(0, color=style.MUTED, linestyle="--", linewidth=1)
right.set(
    title="Log-loss menos a de k = 0 (95 %)", xlabel="notas conhecidas (k)"
)
style.decimal_comma(right.yaxis, 2)
for ax in (left, right):
    ax.set_xticks(frame["k"])
plt.show()

# %%
steps = frame.set_index("k")
most = int(steps.index.max())
at = {(row.k, row.measure): row for row in gains.itertuples()}
loss, ranking = at[most, "log-loss"], at[most, "nDCG@10"]
falling = all(
    later <= earlier
    for name in ("log_loss", "rmse")
    for earlier, later in zip(steps[name], steps[name][1:], strict=False)
)
conclude(
    f"com {most} notas, em {number(n_people)} pessoas, a log-loss muda "
    f"{number(loss.difference, 4)} (95 %: "
    f"{interval(loss.low, loss.high, 4)}), o RMSE passa de "
    f"{number(steps.loc[0, 'rmse'], 3)} para "
    f"{number(steps.loc[most, 'rmse'], 3)} e o nDCG@10 muda "
    f"{number(ranking.difference, 4)} (95 %: "
    f"{interval(ranking.low, ranking.high, 4)}). "
    + (
        "Cada degrau é melhor que o anterior, em log-loss e em RMSE."
        if falling
        else "Nem todo degrau é melhor que o anterior: veja a tabela."
    )
)

# %% [markdown]
# ## Notas ou demografia?
#
# O mesmo modelo sem perfil nenhum, com o perfil, e com o perfil e *k* notas.
# Para comparar, cada ganho é dividido pelo que a demografia dá.

# %%
demographics = con.sql("""
    with runs_of as (
        select stage, (metrics ->> 'log_loss')::double as log_loss
        from runs
        where task = 'new_person' and stage in ('tables', 'unknown_profile')
    )

    select
        max(log_loss) filter (stage = 'unknown_profile') as without_profile,
        max(log_loss) filter (stage = 'tables') as with_profile,
        without_profile - with_profile as gain,
    from runs_of
""")
con.sql("""
    select
        round(without_profile, 4) as without_profile,
        round(with_profile, 4) as with_profile,
        round(gain, 4) as gain_of_demographics,
    from demographics
""")

# %%
[(without, with_profile, gain)] = demographics.fetchall()
names = ["o perfil inteiro"]
values = [gain]
for k in steps.index[1:]:
    names.append(f"{k} nota" + ("s" if k > 1 else ""))
    values.append(-at[k, "log-loss"].difference)
(ax,) = style.axes(7.5, 2.9)
bars = ax.barh(
    names, values, color=[style.OTHER] + [style.MAIN] * (len(values) - 1)
)
ax.bar_label(bars, [number(value, 3) for value in values], padding=4)
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
ax.margins(x=0.15)
ax.set(title="O que a log-loss cai com cada coisa que se sabe da pessoa")
style.decimal_comma(ax.xaxis, 2)
plt.show()

# %%
enough = [k for k in steps.index[1:] if -at[k, "log-loss"].difference > gain]
# Where the profile gives next to nothing, a ratio to it tells nothing.
times = -loss.difference / max(gain, 1e-9)
times_told = f"{number(times, 1)} vezes" if times < 50 else "muito mais que"
conclude(
    f"a demografia inteira vale {number(gain, 4)} de log-loss; {most} notas, "
    f"além dela, valem {number(-loss.difference, 4)}, {times_told} isso. "
    + (
        f"A partir de k = {enough[0]} (dos k medidos), as notas já valem mais "
        "que a demografia."
        if enough
        else "Com os k medidos, as notas ainda não passam a demografia."
    )
    + " Por isso a API aceita notas, e a página pergunta «você viu?»."
)
summary.add(
    f"{number(most)} notas de uma pessoa valem {times_told} tudo o que o seu "
    "perfil (gênero, idade, ocupação, lugar) diz dela."
)

# %% [markdown]
# ## E a lista de filmes?
#
# Até aqui, previam-se estrelas. Uma lista de recomendações é outra coisa: dos
# milhares de filmes do catálogo, quais dez mostrar? O nDCG@10 mede isso: 1
# quando os dez primeiros são todos filmes a que a pessoa deu 4 estrelas ou
# mais, 0 quando nenhum é. Os filmes já contados ao modelo ficam fora da lista.
#
# Ao lado da lista servida (`for_you`), duas mais simples nas mesmas condições:
# a popularidade, igual para todos, e o EASE, que só olha quais filmes foram
# vistos juntos e por isso precisa de ao menos uma nota.


# %%
def losses(task, stage, candidate):
    """What a saved run recorded of each person."""
    [(run_id,)] = con.execute(
        "select run_id from runs "
        "where task = ? and stage = ? and candidate = ?",
        [task, stage, candidate],
    ).fetchall()
    return load_losses(load_settings().runs, run_id)


def mean_of(values):
    """Mean over the people for whom there is a value, with its interval."""
    known = values[np.isfinite(values)]
    return weighted_mean(known, np.ones(len(known)))


def draw(ax, x, estimates, **look) -> None:
    """A curve with the 95 % interval of each point."""
    [line] = ax.plot(x, [one.value for one in estimates], "o-", **look)
    ax.vlines(
        x,
        [one.low for one in estimates],
        [one.high for one in estimates],
        color=line.get_color(),
        linewidth=1.2,
    )


con.execute("""
    create temp view catalogue as
    select
        (params ->> 'k')::int as k,
        regexp_replace(candidate, '-[0-9]+$', '') as model,
        (metrics ->> 'ndcg_catalogue_for_you')::double as ndcg_10,
    from runs
    where task = 'catalogue' and stage = 'test'
""")
con.execute(f"set variable served = '{PERSON}'")
con.sql("""
    select
        k,
        round(max(ndcg_10) filter (model = getvariable('served')), 4)
            as for_you,
        round(max(ndcg_10) filter (model = 'popularity'), 4) as popularity,
        round(max(ndcg_10) filter (model = 'ease'), 4) as ease,
    from catalogue
    group by k
    order by k
""")

# %%
known = [int(k) for k in steps.index]
served = {k: losses("catalogue", "test", f"{PERSON}-{k}") for k in known}
popular = {k: losses("catalogue", "test", f"popularity-{k}") for k in known}
over = {
    k: mean_of(served[k]["for_you"] - popular[k]["for_you"]) for k in known
}
left, right = style.axes(9.5, 3.4, 2)
for model, label, colour in (
    (PERSON, "lista servida", style.MAIN),
    ("ease", "EASE", style.MUTED),
    ("popularity", "popularidade", style.OTHER),
):
    points = con.execute(
        "select k, ndcg_10 from catalogue where model = ? order by k", [model]
    ).df()
    left.plot(points["k"], points["ndcg_10"], "o-", color=colour, label=label)
left.set(title="nDCG@10 no catálogo", xlabel="filmes conhecidos (k)")
left.legend()
draw(right, known, list(over.values()), color=style.MAIN)
right.axhline(0, color=style.MUTED, linestyle="--", linewidth=1)
right.set(
    title="Lista servida menos popularidade (95 %)",
    xlabel="filmes conhecidos (k)",
)
for ax in (left, right):
    ax.set_xticks(known)
    style.decimal_comma(ax.yaxis, 2)
plt.show()

# %%
level = {k: mean_of(served[k]["for_you"]).value for k in known}
base = {k: mean_of(popular[k]["for_you"]).value for k in known}


def beside(k):
    """How far above or below popularity."""
    share = level[k] / base[k] - 1
    return f"{percent(abs(share), 0)} {'acima' if share > 0 else 'abaixo'}"


conclude(
    f"só com o perfil, a lista fica {beside(0)} da popularidade; com "
    + "; com ".join(
        f"{k} {'filmes conhecidos' if k > 1 else 'filme conhecido'}, "
        f"{beside(k)}"
        for k in known[1:]
    )
    + f". Em nDCG@10, com {known[-1]}: {number(level[known[-1]], 3)} contra "
    f"{number(base[known[-1]], 3)}. Compare em cada k a lista com a "
    "popularidade, e não um k com outro: cada filme contado é um acerto a "
    "menos que resta para a lista."
)
summary.add(
    f"A lista servida fica {beside(0)} da dos mais populares só com o perfil, "
    f"e {beside(known[-1])} com {number(known[-1])} filmes contados."
)

# %% [markdown]
# ## E se o serviço perguntar?
#
# Lembrar de dez filmes dá trabalho; responder «você viu este?» é fácil. Cada
# pessoa do teste é perguntada filme a filme e responde com as estrelas que
# deu, ou com «não vi» (aqui: não avaliou). Comparam-se quatro maneiras de
# escolher o próximo filme:
#
# - **o que mais vale** (a que o serviço usa): o filme cuja resposta mais deve
#   melhorar os dez primeiros da lista, dadas as respostas até ali;
# - **uma lista só**: os mesmos filmes, na mesma ordem, para todos;
# - **os mais conhecidos**: os filmes que mais gente avaliou;
# - **ao acaso**: qualquer um dos filmes de que se pode perguntar.
#
# O *ganho* é o nDCG@10 da lista com as respostas menos o da lista só com o
# perfil. Os filmes perguntados saem de ambas, para que a diferença seja o que
# as respostas trouxeram. A régua ao lado é o que o perfil sozinho (gênero,
# idade, ocupação e região) traz sobre a popularidade.

# %%
LABELS = {
    "worth_most": "o que mais vale (servida)",
    "one_list": "uma lista só",
    "best_known": "os mais conhecidos",
    "random": "ao acaso",
}
asked = {
    (policy, n): losses("questions", "test", f"{policy}-{n}")
    for policy in POLICIES
    for n in N_QUESTIONS
}
gain_of = {
    key: mean_of(run["answered"] - run["profile"])
    for key, run in asked.items()
}
level_of = {key: mean_of(run["answered"]) for key, run in asked.items()}
profile_brings = over[0]
answers = pd.DataFrame(
    {
        "policy": LABELS[policy],
        "questions": n,
        "seen": round(float(run["seen"].mean()), 2),
        "profile_alone": round(mean_of(run["profile"]).value, 4),
        "with_answers": round(level_of[policy, n].value, 4),
        "gain": round(gain_of[policy, n].value, 4),
        "low": round(gain_of[policy, n].low, 4),
        "high": round(gain_of[policy, n].high, 4),
    }
    for (policy, n), run in asked.items()
)
con.sql("from answers")

# %%
COLOURS = {
    "worth_most": style.MAIN,
    "one_list": style.CLASS_COLOURS[2],
    "best_known": style.CLASS_COLOURS[1],
    "random": style.MUTED,
}
nothing = mean_of(np.zeros(len(served[0]["for_you"])))
start = mean_of(served[0]["for_you"])
left, right = style.axes(10, 3.9, 2)
for policy in POLICIES:
    look = {"color": COLOURS[policy], "label": LABELS[policy]}
    for ax, first, values in (
        (left, nothing, gain_of),
        (right, start, level_of),
    ):
        points = [values[policy, n] for n in N_QUESTIONS]
        draw(ax, [0, *N_QUESTIONS], [first, *points], **look)
left.axhline(
    profile_brings.value,
    color=style.OTHER,
    linestyle="--",
    label="só o perfil, sobre a popularidade",
)
left.axhspan(
    profile_brings.low, profile_brings.high, color=style.OTHER, alpha=0.15
)
right.axhline(
    base[0],
    color=style.OTHER,
    linestyle=":",
    label="popularidade, sem pergunta",
)
left.set(title="Ganho em nDCG@10 (95 %)", xlabel="perguntas feitas")
right.set(title="nDCG@10 da lista com as respostas", xlabel="perguntas feitas")
for ax in (left, right):
    ax.set_xticks([0, *N_QUESTIONS])
    style.decimal_comma(ax.yaxis, 2)
    ax.legend(fontsize=8)
plt.show()

# %%
first, last = min(N_QUESTIONS), max(N_QUESTIONS)
gain_first, gain_last = gain_of[RELEASED, first], gain_of[RELEASED, last]
conclude(
    f"o perfil inteiro traz {number(profile_brings.value, 3)} de nDCG@10 "
    f"sobre a popularidade (95 %: "
    f"{interval(profile_brings.low, profile_brings.high, 3)}). {first} "
    f"perguntas trazem mais {number(gain_first.value, 3)} "
    f"({interval(gain_first.low, gain_first.high, 3)}), e {last}, "
    f"{number(gain_last.value, 3)} "
    f"({interval(gain_last.low, gain_last.high, 3)})"
    + (
        f": {number(gain_first.value / profile_brings.value, 1)} e "
        f"{number(gain_last.value / profile_brings.value, 1)} vezes o que o "
        "perfil traz. "
        if profile_brings.low > 0
        else ". "
    )
    + "A curva fica "
    + (
        "menos inclinada: as primeiras respostas valem mais que as últimas."
        if gain_first.value / first > (gain_last.value / last)
        else "igualmente inclinada, ou mais: as últimas respostas não valem "
        "menos que as primeiras."
    )
)
if profile_brings.low > 0:
    times = number(gain_first.value / profile_brings.value, 1)
    summary.add(
        f"Responder a {number(first)} perguntas do tipo «você viu este?» "
        f"melhora a lista {times} vezes o que o perfil inteiro a melhora."
    )

# %% [markdown]
# ### Importa *o que* se pergunta?
#
# Nas mesmas pessoas, a lista a que chegam as respostas da maneira servida,
# menos a lista a que chegam as de cada uma das outras. (Aqui se compara o
# nível, e não o ganho: a maneira servida pergunta de filmes que estariam na
# própria lista, e por isso a lista «só com o perfil» perde mais sem eles.)

# %%
others = [policy for policy in POLICIES if policy != RELEASED]
better = {
    (policy, n): mean_of(
        asked[RELEASED, n]["answered"] - asked[policy, n]["answered"]
    )
    for policy in others
    for n in N_QUESTIONS
}
differences = pd.DataFrame(
    {
        "served_less": LABELS[policy],
        "questions": n,
        "difference": round(estimate.value, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
    }
    for (policy, n), estimate in better.items()
)
con.sql("from differences")

# %%
above = sum(estimate.low > 0 for estimate in better.values())
below = sum(estimate.high < 0 for estimate in better.values())
second = max(others, key=lambda policy: level_of[policy, first].value)
closest = better[second, first]
conclude(
    f"com {first} perguntas, a maneira servida chega a "
    f"{number(level_of[RELEASED, first].value, 3)} de nDCG@10; a melhor das "
    f"outras, «{LABELS[second]}», a "
    f"{number(level_of[second, first].value, 3)} (diferença "
    f"{number(closest.value, 4)}, 95 %: "
    f"{interval(closest.low, closest.high, 4)}). Das {len(better)} "
    f"comparações, em {above} a servida é melhor com o intervalo inteiro "
    f"acima de zero, em {below} é pior com o intervalo inteiro abaixo, e em "
    f"{len(better) - above - below} a diferença pode ser acaso de quais "
    "pessoas caíram no teste."
)

# %% [markdown]
# ## O que a novidade troca
#
# Quem pede `novelty` maior recebe filmes menos óbvios: a chance de a pessoa
# gostar é dividida por uma potência da chance de todo mundo. À esquerda, o que
# se perde em acertos; ao meio e à direita, o que se ganha: mais filmes
# diferentes nas listas de todas as pessoas, e menos lugares tomados pelos dez
# filmes mais comuns. (As listas levam um filme só de cada série, como as do
# serviço.)

# %%
novelty = con.sql("""
    with measures as (
        select
            (params ->> 'k')::int as k,
            metrics,
            unnest(json_keys(metrics)) as name,
        from runs
        where task = 'catalogue' and stage = 'novelty'
    ),

    levels as (
        select k, metrics, split_part(name, ' ', 2) as level
        from measures
        where name like 'ndcg_catalogue_novelty %'
    )

    select
        k,
        level::double as novelty,
        round((metrics ->> ('ndcg_catalogue_novelty ' || level))::double, 4)
            as ndcg_10,
        (metrics ->> ('n_distinct_novelty ' || level))::double::int as films,
        round((metrics ->> ('shared_novelty ' || level))::double, 3) as shared,
    from levels
    order by k, novelty
""")
novelty

# %%
trade = novelty.df()
plots = style.axes(10.5, 3.2, 3)
for k, colour in zip(
    sorted(trade["k"].unique()), (style.OTHER, style.MAIN), strict=True
):
    own = trade[trade["k"] == k]
    label = f"{k} notas conhecidas" if k else "só o perfil"
    for ax, column in zip(plots, ("ndcg_10", "films", "shared"), strict=True):
        ax.plot(own["novelty"], own[column], "o-", color=colour, label=label)
plots[0].set_title("nDCG@10")
plots[1].set_title("Filmes diferentes nas listas")
plots[2].set_title("Lugares dos dez mais comuns")
style.decimal_comma(plots[0].yaxis, 2)
style.decimal_comma(plots[1].yaxis)
style.percent_axis(plots[2].yaxis)
for ax in plots:
    ax.set(xlabel="novelty", xticks=sorted(trade["novelty"].unique()))
    ax.set_ylim(bottom=0)
    style.decimal_comma(ax.xaxis, 2)
plots[0].legend(loc="lower left")
plt.show()

# %%
k = int(trade["k"].max())
own = trade[trade["k"] == k].set_index("novelty")
told = losses("catalogue", "novelty", f"{PERSON}-{k}")


def cost(level):
    """What this novelty costs in nDCG@10, with its interval, in words."""
    lost = mean_of(told["novelty 0"] - told[f"novelty {level:g}"])
    return (
        f"{number(lost.value, 3)} de nDCG@10 (95 %: "
        f"{interval(lost.low, lost.high, 3)})"
    )


conclude(
    f"com {k} notas conhecidas, `novelty` = 0,5 custa {cost(0.5)} e leva de "
    f"{number(own.loc[0, 'films'])} a {number(own.loc[0.5, 'films'])} os "
    "filmes diferentes, e de "
    f"{percent(own.loc[0, 'shared'], 0)} a "
    f"{percent(own.loc[0.5, 'shared'], 0)} os lugares dos dez mais comuns. "
    f"`novelty` = 1 custa {cost(1)} e chega a "
    f"{number(own.loc[1, 'films'])} filmes. A medida favorece o popular: só "
    "conta como acerto o que a pessoa já tinha avaliado, e um filme de que "
    "ela gostaria sem nunca ter visto conta como erro."
)
summary.add(
    "Pedir novidade custa acertos e espalha a lista: de "
    f"{number(own.loc[0, 'films'])} a {number(own.loc[0.5, 'films'])} filmes "
    "diferentes a meio caminho, e "
    f"{number(own.loc[1, 'films'])} na novidade maior."
)
con.close()
