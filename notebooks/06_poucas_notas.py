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
# predictions at once, in closed form, without any refitting. The same test
# people, the same held-out ratings, with k = 0, 1, 3, 5 and 10 of their other
# ratings known: each further rating helps, and a handful is worth more than
# everything that demographics can tell.*
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

from models_ml.metrics.bootstrap import weighted_mean
from notebooks import style
from notebooks.style import conclude, interval, number, percent
from notebooks.warehouse import open_runs

style.use_style()
con = open_runs()

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
names = ["gênero, idade,\nocupação e região"]
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
conclude(
    f"a demografia inteira vale {number(gain, 4)} de log-loss; {most} notas, "
    f"além dela, valem {number(-loss.difference, 4)}, "
    f"{number(-loss.difference / gain, 1)} vezes tanto. "
    + (
        f"A partir de k = {enough[0]} (dos k medidos), as notas já valem mais "
        "que a demografia."
        if enough
        else "Com os k medidos, as notas ainda não passam a demografia."
    )
    + " Por isso a API aceita notas, e a página pergunta «você viu?»."
)

# %% [markdown]
# ## E a lista de filmes?
#
# No catálogo inteiro, sem os filmes já avaliados: nDCG@10 com k = 0 e com 10
# notas conhecidas, ao lado da popularidade nas mesmas condições.

# %%
catalogue = con.sql("""
    select
        (params ->> 'k')::int as k,
        round((metrics ->> 'ndcg_catalogue_for_you')::double, 4) as for_you,
        round((metrics ->> 'ndcg_catalogue_popularity')::double, 4)
            as popularity,
    from runs
    where task = 'catalogue' and stage = 'test'
    order by k
""")
catalogue

# %%
lists = catalogue.df().set_index("k")
over = lists["for_you"] / lists["popularity"] - 1


def beside(share):
    """How far above or below popularity."""
    return f"{percent(abs(share), 0)} {'acima' if share > 0 else 'abaixo'}"


conclude(
    f"sem notas, a lista `for_you` fica {beside(over[0])} da popularidade; "
    f"com {lists.index.max()} notas, {beside(over[lists.index.max()])}. (Os "
    "valores de k diferentes não se comparam entre si: com notas conhecidas "
    "restam menos filmes para acertar.)"
)
con.close()
