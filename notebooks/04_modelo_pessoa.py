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
# # 4. Que modelo responde por uma pessoa nova?
#
# *English summary: six ways to predict the class that a person without any
# rating will give, fitted on people of folds 0 to 2 and compared on those of
# fold 3, by log-loss, with paired bootstrap over people. The film says most of
# what can be known; demographics add a little, surely; the Bayesian
# factorisation, whose prior for a person is a linear function of the
# demographics, ranks best and is the one that can also take ratings. The
# notebook fits nothing: it reads the records that training and evaluation
# saved.*
#
# Cada experimento deixa um registro (`$PLATEIA_HOME/runs/*.json`), também os
# que perderam. Este caderno só os lê, com SQL.

# %%
import sys

sys.path.insert(0, "..")

import json

import matplotlib.pyplot as plt
import numpy as np

from models_ml.metrics.bootstrap import weighted_mean
from notebooks import style
from notebooks.portuguese import level_name
from notebooks.style import conclude, interval, number, percent
from notebooks.warehouse import open_runs

style.use_style()
con = open_runs()
summary = style.Summary()

# %% [markdown]
# ## Os candidatos
#
# | candidato | o que é |
# |---|---|
# | `class_prior` | a parte de cada classe, igual para todos os pares |
# | `film_mean` | as partes do filme, encolhidas para as de todos |
# | `segments` | as do filme, corrigidas por gênero, idade, ocupação e região |
# | `multinomial_logit` | regressão logística a partir das partes do filme |
# | `lightgbm` | árvores a partir das partes do filme, sem vazar dobras |
# | `factorisation` | fatoração bayesiana (veja abaixo) |
#
# Na fatoração, filmes e pessoas têm fatores de gosto. O ponto de partida de
# uma pessoa é uma função linear da sua demografia, aprendida junto; cada nota
# que ela dá corrige esse ponto, sem novo ajuste.
#
# Todos são ajustados nas mesmas pessoas e medidos em outras. Acurácia não
# entra: o caderno 2 mostra por quê.

# %%
validation = con.sql("""
    select
        candidate,
        round((metrics ->> 'log_loss')::double, 4) as log_loss,
        round((metrics ->> 'ranked_probability_score')::double, 4) as rps,
        round((metrics ->> 'ece_liked')::double, 4) as ece_liked,
        round((metrics ->> 'rmse')::double, 4) as rmse,
        round((metrics ->> 'mae')::double, 4) as mae,
        round((metrics ->> 'quadratic_kappa')::double, 3) as kappa,
        round((metrics ->> 'macro_f1')::double, 3) as macro_f1,
        round((metrics ->> 'ndcg_rated')::double, 4) as ndcg_10,
        round(seconds, 1) as seconds,
    from runs
    where task = 'new_person' and stage = 'validation'
    order by (metrics ->> 'log_loss')::double
""")
validation

# %% [markdown]
# ## Quão certas são as diferenças?
#
# A mesma pessoa é julgada por todos os candidatos. Sorteando **pessoas** com
# reposição (bootstrap pareado, 2.000 vezes), a diferença de cada candidato
# para a média do filme ganha um intervalo de 95 %.

# %%
paired = con.sql("""
    with losses as (
        select runs.candidate, people.*
        from read_parquet(
            getvariable('home') || '/runs/new_person-validation-*.parquet',
            filename = true
        ) as people
        inner join runs on parse_filename(people.filename, true) = runs.run_id
    )

    select
        own.candidate,
        own.n_ratings,
        own.log_loss - film.log_loss as log_loss_less_film,
        own.ndcg_rated - film.ndcg_rated as ndcg_less_film,
    from losses as own
    inner join losses as film
        on own.user = film.user and film.candidate = 'film_mean'
    order by own.candidate, own.user
""").df()
rows = []
for name, own in paired.groupby("candidate"):
    loss = weighted_mean(own["log_loss_less_film"], own["n_ratings"])
    ranking = own["ndcg_less_film"].dropna()
    rows.append((name, loss, weighted_mean(ranking, np.ones(len(ranking)))))
rows.sort(key=lambda row: row[1].value)
n_people = len(own)

# %%
shown = [row for row in rows if row[0] not in ("class_prior", "film_mean")]
left, right = style.axes(9.5, 2.8, 2)
for ax, place, title, better in (
    (left, 1, "log-loss", "← melhor"),
    (right, 2, "nDCG@10", "melhor →"),
):
    values = [row[place] for row in shown]
    ax.errorbar(
        [e.value for e in values],
        range(len(values)),
        xerr=[
            [e.value - e.low for e in values],
            [e.high - e.value for e in values],
        ],
        fmt="o",
        color=style.MAIN,
    )
    ax.axvline(0, color=style.MUTED, linestyle="--", linewidth=1)
    ax.set_yticks(
        range(len(values)), [row[0] for row in shown] if ax is left else []
    )
    ax.invert_yaxis()
    ax.margins(y=0.2)
    ax.set(title=f"{title}, menos film_mean (95 %)", xlabel=better)
    ax.xaxis.set_major_locator(plt.MaxNLocator(5))
    style.decimal_comma(ax.xaxis, 3)
plt.show()

# %%
said = {name: (loss, ndcg) for name, loss, ndcg in rows}
prior = said["class_prior"][0]
best = rows[0][0]
conclude(
    f"em {number(n_people)} pessoas, saber o filme tira "
    f"{number(prior.value, 3)} da log-loss. O melhor candidato (`{best}`), "
    f"que sabe também a demografia, tira mais {number(-rows[0][1].value, 4)} "
    f"(95 %: {interval(-rows[0][1].high, -rows[0][1].low, 4)}): "
    f"{number(prior.value / -rows[0][1].value)} vezes menos. "
    + (
        "O intervalo não contém o zero: é pouco, mas é certo."
        if rows[0][1].high < 0
        else "O intervalo contém o zero."
    )
)
summary.add(
    "O que mais diz a nota de uma pessoa nova é o filme. Saber também quem "
    f"ela é ajuda {number(prior.value / -rows[0][1].value)} vezes menos, "
    + ("mas ajuda de verdade." if rows[0][1].high < 0 else "se é que ajuda.")
)
own = dict(list(paired.groupby("candidate")))
second = rows[1][0]
between = weighted_mean(
    own[best]["log_loss_less_film"].to_numpy()
    - own[second]["log_loss_less_film"].to_numpy(),
    own[best]["n_ratings"],
)
conclude(
    f"entre o primeiro e o segundo (`{second}`), nas mesmas pessoas, a "
    f"diferença é {number(between.value, 4)} (95 %: "
    f"{interval(between.low, between.high, 4)})."
)
lost = [f"`{name}`" for name, loss, _ in shown if loss.low > 0]
if lost:
    conclude(
        f"{', '.join(lost)} perde para a média do filme em log-loss, embora "
        "use mais do que ela: corrigir pela demografia sem contar com o pouco "
        "que há em cada célula torna as probabilidades ousadas demais."
    )
by_rank = max(rows, key=lambda row: row[2].value)
conclude(
    f"quem melhor ordena os filmes de cada pessoa é `{by_rank[0]}`: nDCG@10 "
    f"{number(by_rank[2].value, 4)} acima da média do filme (95 %: "
    f"{interval(by_rank[2].low, by_rank[2].high, 4)})."
)

# %% [markdown]
# ## O que custa
#
# O tempo de ajuste e medida, em segundos, ao lado do que se ganha.

# %%
costs = con.sql("""
    select
        candidate,
        seconds,
        (metrics ->> 'log_loss')::double as log_loss,
        peak_memory_mib,
    from runs
    where
        task = 'new_person'
        and stage = 'validation'
        and candidate <> 'class_prior'
    order by log_loss
""").df()
(ax,) = style.axes(7, 3)
ax.plot(costs["seconds"], costs["log_loss"], "o", color=style.MAIN)
for row in costs.itertuples():
    ax.annotate(
        row.candidate,
        (row.seconds, row.log_loss),
        xytext=(6, 4),
        textcoords="offset points",
    )
ax.set_xscale("log")
ax.margins(x=0.25, y=0.15)
ax.set(
    title="Perda e custo", xlabel="segundos (escala log)", ylabel="log-loss"
)
style.decimal_comma(ax.yaxis, 3)
ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
plt.show()

# %%
[(served,)] = con.sql("""
    select any_value(candidate) from runs
    where task = 'new_person' and stage = 'tables'
""").fetchall()
conclude(
    f"o modelo publicado é `{served}`"
    + (
        ", o de menor log-loss na validação. Além disso é o único que, sem "
        "novo ajuste, recebe notas da pessoa (caderno 6)."
        if served == best
        else ". Ele não tem a menor log-loss na validação destes dados, mas é "
        "o único que, sem novo ajuste, recebe notas da pessoa (caderno 6); a "
        "diferença está na tabela acima."
    )
)
summary.add(
    f"De {number(len(rows))} modelos comparados, o publicado é `{served}`"
    + (
        ", o de menor erro."
        if served == best
        else f"; o de menor erro é `{best}`."
    )
)

# %% [markdown]
# ## O teste, olhado uma vez
#
# Escolhido na validação, cada candidato é ajustado nas dobras 0 a 3 e medido
# uma vez na dobra 4. Duas linhas mais: `sem perfil`, o modelo publicado quando
# nada se diz da pessoa; e `placebo`, o mesmo modelo ajustado e medido com os
# perfis trocados ao acaso entre as pessoas: se a demografia ensina algo, com
# perfis errados o ganho some.

# %%
test = con.sql("""
    select
        case stage
            when 'test' then candidate
            when 'placebo' then candidate || ' (placebo)'
            else candidate || ' (sem perfil)'
        end as candidate,
        round((metrics ->> 'log_loss')::double, 4) as log_loss,
        round((metrics ->> 'ranked_probability_score')::double, 4) as rps,
        round((metrics ->> 'ece_liked')::double, 4) as ece_liked,
        round((metrics ->> 'rmse')::double, 4) as rmse,
        round((metrics ->> 'mae')::double, 4) as mae,
        round((metrics ->> 'macro_f1')::double, 3) as macro_f1,
        round((metrics ->> 'ndcg_rated')::double, 4) as ndcg_10,
    from runs
    where
        task = 'new_person'
        and stage in ('test', 'placebo', 'unknown_profile')
    order by (metrics ->> 'log_loss')::double
""")
test

# %%
compared = con.sql(f"""
    with losses as (
        select runs.stage, runs.candidate, people.*
        from read_parquet(
            getvariable('home') || '/runs/new_person-*.parquet',
            filename = true,
            union_by_name = true
        ) as people
        inner join runs on parse_filename(people.filename, true) = runs.run_id
        where runs.stage in ('test', 'placebo', 'unknown_profile')
    )

    select
        own.stage,
        own.n_ratings,
        own.log_loss - film.log_loss as log_loss_less_film,
        own.squared_error - film.squared_error as squared_error_less_film,
        own.ndcg_rated - film.ndcg_rated as ndcg_less_film,
    from losses as own
    inner join losses as film
        on
            own.user = film.user
            and film.candidate = 'film_mean'
            and film.stage = 'test'
    where own.candidate = '{served}'
    order by own.stage, own.user
""").df()
gains = {}
for stage, own in compared.groupby("stage"):
    ranking = own["ndcg_less_film"].dropna()
    gains[stage] = (
        weighted_mean(own["log_loss_less_film"], own["n_ratings"]),
        weighted_mean(ranking, np.ones(len(ranking))),
    )


def told(estimate):
    """A difference with its interval."""
    return (
        f"{number(estimate.value, 4)} (95 %: "
        f"{interval(estimate.low, estimate.high, 4)})"
    )


metrics = {row[0]: row for row in test.fetchall()}
conclude(
    f"no teste, `{served}` difere da média do filme em "
    f"{told(gains['test'][0])} de log-loss, em "
    f"{number(metrics[served][4] - metrics['film_mean'][4], 4)} de RMSE e em "
    f"{told(gains['test'][1])} de nDCG@10; o erro de calibração de «gostou» é "
    f"{number(metrics[served][3], 4)}."
)
true, false = gains["test"][0], gains["placebo"][0]
kept = max(false.value / true.value, 0)
conclude(
    f"com perfis trocados (placebo), a diferença de log-loss é {told(false)}: "
    f"sobra {percent(kept, 0)} do ganho. "
    + (
        "Ele vinha mesmo da demografia das pessoas."
        if kept < 0.25
        else "O que sobra não vem da demografia, mas da própria fatoração."
    )
)
summary.add(
    "Com os perfis trocados ao acaso entre as pessoas, sobra "
    f"{percent(kept, 0)} do que o modelo ganha da média do filme."
)

# %% [markdown]
# ## As probabilidades cumprem o que dizem?
#
# Em cada faixa de probabilidade dita, com que frequência aconteceu. E quanto
# o modelo ganha da média do filme conforme as notas que o filme tem no treino.

# %%
reliability = con.sql("""
    select details -> 'reliability' from runs
    where task = 'new_person' and stage = 'tables'
""").fetchall()[0][0]
reliability = json.loads(reliability)
gain = con.sql("""
    with bands as (
        select
            unnest(
                from_json(
                    details -> 'gain_by_film_ratings',
                    '[{"from_ratings": "BIGINT", "below_ratings": "BIGINT",
                       "n_test_ratings": "BIGINT", "gain": "DOUBLE",
                       "standard_error": "DOUBLE"}]'
                ),
                recursive := true
            ),
        from runs
        where task = 'new_person' and stage = 'tables'
    )

    select
        if(
            below_ratings >= 1_000_000,
            from_ratings || ' ou mais',
            from_ratings || ' a ' || (below_ratings - 1)
        ) as ratings_of_the_film,
        n_test_ratings,
        round(gain, 4) as gain,
        round(standard_error, 4) as standard_error,
    from bands
    order by from_ratings
""")
gain

# %%
left, right = style.axes(9.5, 3.6, 2)
left.plot([0, 1], [0, 1], "--", color=style.MUTED, linewidth=1)
for label, name, colour in (
    ("liked", "gostou (Gostei ou Adorei)", style.MAIN),
    ("loved", "adorou", style.OTHER),
):
    said, seen, n = np.array(reliability[label]["bins"], dtype=float).T
    enough = n >= 100
    left.plot(said[enough], seen[enough], "o-", ms=4, color=colour, label=name)
left.set(
    title="Calibração no teste",
    xlabel="probabilidade dita",
    ylabel="frequência vista",
)
style.percent_axis(left.xaxis)
style.percent_axis(left.yaxis)
left.legend()
bands = gain.df()
right.errorbar(
    range(len(bands)),
    bands["gain"],
    yerr=2 * bands["standard_error"],
    fmt="o",
    color=style.MAIN,
)
right.axhline(0, color=style.MUTED, linestyle="--", linewidth=1)
right.set_xticks(
    range(len(bands)),
    [name.replace(" ou mais", "+") for name in bands["ratings_of_the_film"]],
    fontsize=8,
)
right.set(
    title="Ganho de log-loss sobre a média do filme",
    xlabel="notas do filme no treino",
)
style.decimal_comma(right.yaxis, 3)
plt.show()

# %%
sure = bands[bands["n_test_ratings"] >= 1000]
conclude(
    "o erro de calibração no teste é "
    f"{percent(reliability['liked']['ece'])} para «gostou» e "
    f"{percent(reliability['loved']['ece'])} para «adorou»."
)
if len(sure):
    lowest, highest = (
        sure.loc[place]
        for place in (sure["gain"].idxmin(), sure["gain"].idxmax())
    )
    conclude(
        f"o ganho sobre a média do filme vai de {number(lowest['gain'], 4)} "
        f"(filmes com {lowest['ratings_of_the_film']} notas) a "
        f"{number(highest['gain'], 4)} ({highest['ratings_of_the_film']}), "
        "nas faixas com ao menos 1.000 notas no teste. As barras são dois "
        "erros padrão e tomam as notas por independentes: servem para "
        "comparar faixas, não como prova."
    )
summary.add(
    "As probabilidades cumprem o que dizem: entre a chance dita de gostar e o "
    f"que aconteceu há {percent(reliability['liked']['ece'])} de distância "
    "média."
)

# %% [markdown]
# ## Serve a todos igualmente?
#
# Log-loss e calibração por grupo, ao lado da média do filme nas mesmas
# pessoas. Grupos com menos de 30 pessoas no teste ficam de fora.

# %%
con.execute("""
    create temp macro groups_of(saved) as from_json(
        saved,
        '[{"dimension": "VARCHAR", "level": "VARCHAR", "n_users": "BIGINT",
           "log_loss": "DOUBLE", "ece_liked": "DOUBLE"}]'
    )
""")
fairness = con.sql("""
    with tables as (
        select
            groups_of(details -> 'fairness') as own,
            groups_of(details -> 'fairness_film_mean') as film,
        from runs
        where task = 'new_person' and stage = 'tables'
    ),

    own as (select unnest(own, recursive := true) from tables),

    film as (select unnest(film, recursive := true) from tables)

    select
        own.dimension,
        own.level,
        own.n_users,
        round(own.log_loss, 4) as log_loss,
        round(own.log_loss - film.log_loss, 4) as less_film_mean,
        round(own.ece_liked, 4) as ece_liked,
    from own
    inner join film using (dimension, level)
    where own.n_users >= 30
    order by own.dimension, own.log_loss
""")
fairness

# %%
groups = fairness.df()


def named(rows):
    """The levels of some rows, in Portuguese."""
    return [level_name(row.dimension, row.level) for row in rows.itertuples()]


if len(groups):
    worse = groups[groups["less_film_mean"] > 0]
    hardest = groups.loc[groups["log_loss"].idxmax()]
    easiest = groups.loc[groups["log_loss"].idxmin()]
    off = groups.loc[groups["ece_liked"].idxmax()]
    names = [
        level_name(row["dimension"], row["level"])
        for row in (hardest, easiest, off)
    ]
    conclude(
        f"dos {len(groups)} grupos, o modelo é melhor que a média do filme em "
        f"{len(groups) - len(worse)}"
        + (
            f" e pior em {len(worse)} ({', '.join(named(worse))})"
            if len(worse)
            else ""
        )
        + f". O mais difícil é *{names[0]}* (log-loss "
        f"{number(hardest['log_loss'], 3)}) e o mais fácil, *{names[1]}* "
        f"({number(easiest['log_loss'], 3)}). O pior calibrado é *{names[2]}* "
        f"({percent(off['ece_liked'])}, {number(off['n_users'])} pessoas): em "
        "grupos pequenos o acaso sozinho já dá alguns pontos."
    )
    summary.add(
        ("Serve a quase todos os grupos: d" if len(worse) <= 2 else "D")
        + f"os {number(len(groups))} grupos que se podem "
        f"julgar, erra menos que a média do filme em "
        f"{number(len(groups) - len(worse))}."
    )
else:
    conclude("nenhum grupo tem 30 pessoas no teste: não se pode julgar.")

# %% [markdown]
# ## A lista que se recebe, no catálogo inteiro
#
# nDCG@10 sobre todos os filmes (relevante = 4 estrelas ou mais), por ordem da
# lista, ao lado da popularidade das notas altas.

# %%
catalogue = con.sql(f"""
    select
        case candidate
            when '{served}-0' then replace(key, 'ndcg_catalogue_', '')
            else replace(candidate, '-0', '')
        end as ranking,
        round((metrics ->> key)::double, 4) as ndcg_10,
    from (
        select candidate, metrics, unnest(json_keys(metrics)) as key
        from runs
        where
            task = 'catalogue'
            and stage = 'test'
            and candidate like '%-0'
    )
    where key like 'ndcg_catalogue_%'
    order by ndcg_10 desc
""")
catalogue

# %%
ranked = dict(catalogue.fetchall())
top = max(ranked, key=ranked.get)
conclude(
    f"a ordem `for_you` (interesse × agrado) tem nDCG@10 de "
    f"{number(ranked['for_you'], 3)}, a popularidade "
    f"{number(ranked['popularity'], 3)} e a ordem só por agrado "
    f"{number(ranked['liking'], 3)}: gostar não basta, é preciso que a pessoa "
    "vá ver. `distinctive` "
    f"({number(ranked['distinctive'], 3)}) serve a quem quer saber o que é "
    "próprio do perfil, não a quem quer acertar."
)
lead = ranked["for_you"] / ranked["popularity"] - 1
summary.add(
    "A lista que a pessoa recebe, só pelo perfil, acerta "
    f"{percent(abs(lead), 0)} {'mais' if lead > 0 else 'menos'} que a dos "
    "mais populares, igual para todos."
)
con.close()
