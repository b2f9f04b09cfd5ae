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
# # 5. Que modelo responde por um filme novo?
#
# *English summary: for a film that nobody has rated, only title, year and
# genres are known. Five ways to predict which gender × age groups will turn
# up, fitted on films of folds 0 to 2 and compared on those of fold 3. Who
# turns up (reach) can be told well; who will like it more than others
# (affinity) can hardly be told, and hardly even be measured, which the
# answer's intervals say. The notebook fits nothing: it reads the saved
# records.*
#
# **Alcance** (quem vem) e **afinidade** (quem gosta mais do que os outros) são
# duas perguntas. Este caderno as julga separadamente, em filmes que o modelo
# nunca viu.

# %%
import sys

sys.path.insert(0, "..")

import json
from functools import partial

import matplotlib.pyplot as plt
import numpy as np

from models_ml.metrics.audience_metrics import mean_age, shares_of_gender
from models_ml.metrics.bootstrap import weighted_mean
from models_ml.settings import load_settings
from models_ml.warehouse.read import read_vocabulary
from notebooks import style
from notebooks.style import conclude, interval, number, percent
from notebooks.warehouse import open_runs

style.use_style()
con = open_runs()
vocabulary = read_vocabulary(load_settings().warehouse)
summary = style.Summary()

# %% [markdown]
# ## Os candidatos
#
# | candidato | o que é |
# |---|---|
# | `population` | o mesmo público para todo filme: o de todos juntos |
# | `genre_mean` | a média dos públicos dos gêneros do filme |
# | `multinomial_logit` | regressão logística em gêneros e ano |
# | `lightgbm` | árvores em gêneros e ano |
# | `gaussian_process` | processo gaussiano, o único que dá intervalos |
#
# No processo gaussiano, filmes parecidos em gêneros, ano e título (séries,
# palavras) têm públicos parecidos; quanto menos parecido com os conhecidos é
# um filme, mais largo o intervalo.
#
# A perda é a log-loss por avaliação: −log da parte que o modelo deu ao grupo
# (gênero × idade) de cada pessoa que veio.

# %%
validation = con.sql("""
    select
        candidate,
        round((metrics ->> 'log_loss')::double, 4) as log_loss,
        round((metrics ->> 'total_variation')::double, 4) as total_variation,
        round((metrics ->> 'female_share_r')::double, 3) as female_share_r,
        round((metrics ->> 'mean_age_r')::double, 3) as mean_age_r,
        round((metrics ->> 'top_segment_hit_rate')::double, 3) as top_segment,
        (metrics ->> 'n_films')::double::int as n_films,
        (metrics ->> 'n_films_50')::double::int as n_films_with_50,
        round(seconds, 1) as seconds,
    from runs
    where task = 'new_film' and stage = 'validation'
    order by (metrics ->> 'log_loss')::double
""")
validation

# %% [markdown]
# `female_share_r` e `mean_age_r` são correlações entre o previsto e o visto;
# `top_segment`, em quantos filmes o grupo de maior índice previsto está entre
# os três de maior índice visto. As três usam filmes com 50 pessoas ou mais.
#
# Bootstrap pareado de **filmes**: a diferença de cada candidato para o público
# de todos, com intervalo de 95 %.

# %%
paired = con.sql("""
    with losses as (
        select runs.stage, runs.candidate, films.*
        from read_parquet(
            getvariable('home') || '/runs/new_film-*.parquet',
            filename = true,
            union_by_name = true
        ) as films
        inner join runs on parse_filename(films.filename, true) = runs.run_id
        where runs.stage in ('validation', 'test', 'time_split')
    )

    select
        own.stage,
        own.candidate,
        own.n_ratings,
        own.log_loss - everyone.log_loss as less_population,
    from losses as own
    inner join losses as everyone
        on
            own.movie_id = everyone.movie_id
            and own.stage = everyone.stage
            and everyone.candidate = 'population'
    order by own.stage, own.candidate, own.movie_id
""").df()
gains = {
    key: weighted_mean(own["less_population"], own["n_ratings"])
    for key, own in paired.groupby(["stage", "candidate"])
}


# %%
def ranked(stage):
    """Candidates of a stage with their gains, best first."""
    own = {name: gain for (at, name), gain in gains.items() if at == stage}
    own.pop("population")
    return sorted(own.items(), key=lambda item: item[1].value)


(ax,) = style.axes(7.5, 2.6)
shown = ranked("validation")
values = [gain for _, gain in shown]
ax.errorbar(
    [gain.value for gain in values],
    range(len(values)),
    xerr=[
        [gain.value - gain.low for gain in values],
        [gain.high - gain.value for gain in values],
    ],
    fmt="o",
    color=style.MAIN,
)
ax.axvline(0, color=style.MUTED, linestyle="--", linewidth=1)
ax.set_yticks(range(len(shown)), [name for name, _ in shown])
ax.invert_yaxis()
ax.margins(y=0.2)
ax.set(title="Log-loss menos a de population (95 %)", xlabel="← melhor")
style.decimal_comma(ax.xaxis, 3)
plt.show()


# %%
def told(gain):
    """A difference with its interval."""
    return (
        f"{number(gain.value, 4)} (95 %: {interval(gain.low, gain.high, 4)})"
    )


[(served,)] = con.sql("""
    select any_value(candidate) from runs
    where task = 'new_film' and stage = 'tables'
""").fetchall()
(best, gain), (second, _) = shown[:2]
own = {
    name: films
    for (stage, name), films in paired.groupby(["stage", "candidate"])
    if stage == "validation"
}
between = weighted_mean(
    own[best]["less_population"].to_numpy()
    - own[second]["less_population"].to_numpy(),
    own[best]["n_ratings"],
)
conclude(
    f"o melhor na validação é `{best}`: {told(gain)} em relação ao público de "
    f"todos. Nos mesmos filmes, a diferença entre ele e o segundo "
    f"(`{second}`) é {told(between)}. "
    + (
        f"`{served}` é o publicado, e é o único que dá intervalos."
        if served == best
        else f"O publicado é `{served}`, o único que dá intervalos, com "
        f"{told(dict(shown)[served])}."
    )
)

# %% [markdown]
# ## O teste, e o futuro
#
# Na dobra de teste, uma vez. Depois a prova mais dura: ajustado só em filmes
# anteriores a 1998, julgado nos de 1998 em diante. E o placebo: títulos, anos
# e gêneros trocados ao acaso entre os filmes.

# %%
con.sql("""
    select
        stage,
        candidate,
        round((metrics ->> 'log_loss')::double, 4) as log_loss,
        round((metrics ->> 'female_share_r')::double, 3) as female_share_r,
        round((metrics ->> 'mean_age_r')::double, 3) as mean_age_r,
        round((metrics ->> 'top_segment_hit_rate')::double, 3) as top_segment,
        (metrics ->> 'n_films')::double::int as n_films,
    from runs
    where
        task = 'new_film'
        and stage in ('test', 'time_split', 'placebo')
    order by
        list_position(['test', 'time_split', 'placebo'], stage),
        (metrics ->> 'log_loss')::double
""")

# %%
by_stage = {
    (stage, name): json.loads(metrics)
    for stage, name, metrics in con.sql("""
        select stage, candidate, metrics from runs where task = 'new_film'
    """).fetchall()
}
test = by_stage["test", served]
placebo = by_stage["placebo", served]
later = gains.get(("time_split", served))
everyone = by_stage["test", "population"]["log_loss"]
kept = max((everyone - placebo["log_loss"]) / -gains["test", served].value, 0)
conclude(
    f"no teste, `{served}` fica em {told(gains['test', served])} em relação "
    "ao público de todos; a correlação com o visto é "
    f"{number(test['female_share_r'], 2)} para a parte de mulheres e "
    f"{number(test['mean_age_r'], 2)} para a idade média, e o grupo mais "
    "atraído está entre os três verdadeiros em "
    f"{percent(test['top_segment_hit_rate'], 0)} dos filmes com 50 pessoas ou "
    f"mais. Com os filmes trocados (placebo), sobra {percent(kept, 0)} do "
    "ganho."
)
foretold = (
    "Quem vem a um filme novo se prevê"
    if gains["test", served].high < 0
    else "Quem vem a um filme novo não se prevê destes dados"
)
summary.add(
    f"{foretold}: em {percent(test['top_segment_hit_rate'], 0)} dos filmes "
    "nunca vistos, o grupo apontado como o mais atraído está entre os três "
    "que mais vieram."
)
if later:
    future = by_stage["time_split", served]
    plain = gains["time_split", "multinomial_logit"]
    conclude(
        f"em filmes posteriores aos do ajuste, o ganho é {told(later)}, e o "
        f"da regressão logística {told(plain)}: "
        + (
            "os dois empatam. "
            if later.low < plain.value < later.high
            else "não é o mesmo. "
        )
        + "O grupo mais atraído está entre os três verdadeiros em "
        f"{percent(future['top_segment_hit_rate'], 0)} dos filmes com 50 "
        "pessoas ou mais"
        + (
            ", bem menos que no teste: parte do que se aprende do passado não "
            "vale para filmes mais novos."
            if future["top_segment_hit_rate"]
            < test["top_segment_hit_rate"] - 0.1
            else "."
        )
    )
    summary.add(
        "Em filmes mais novos que os do ajuste, a prova mais dura, são "
        f"{percent(future['top_segment_hit_rate'], 0)}."
    )

# %% [markdown]
# ## Previsto e visto
#
# Cada ponto é um filme do teste com 50 pessoas ou mais; a área cresce com o
# número delas. A linha é a igualdade.

# %%
[(shares,)] = con.sql("""
    select details -> 'shares' from runs
    where task = 'new_film' and stage = 'tables'
""").fetchall()
shares = json.loads(shares)
predicted, actual = (np.array(shares[key]) for key in ("predicted", "actual"))
n_raters = np.array(shares["n_raters"])
known = n_raters >= 50
both = predicted, actual
left, right = style.axes(9.5, 4, 2)
for ax, of, title in (
    (left, partial(shares_of_gender, gender="F"), "Parte de mulheres"),
    (right, mean_age, "Idade média (meio das faixas)"),
):
    x, y = (of(of_film[known], vocabulary) for of_film in both)
    ends = [min(x.min(), y.min()), max(x.max(), y.max())]
    ax.plot(ends, ends, "--", color=style.MUTED, linewidth=1)
    ax.scatter(x, y, s=n_raters[known] / 25 + 3, alpha=0.45, color=style.MAIN)
    ax.set(title=title, xlabel="previsto", ylabel="visto")
style.percent_axis(left.xaxis)
style.percent_axis(left.yaxis)
style.decimal_comma(right.xaxis)
style.decimal_comma(right.yaxis)
plt.show()

# %%
female = tuple(
    shares_of_gender(shares[known], vocabulary, "F") for shares in both
)
conclude(
    f"em {number(known.sum())} filmes, o previsto vai de "
    f"{percent(female[0].min(), 0)} a {percent(female[0].max(), 0)} de "
    f"mulheres e o visto de {percent(female[1].min(), 0)} a "
    f"{percent(female[1].max(), 0)}: a previsão é mais contida que a verdade, "
    "como deve ser quando só se sabem título, ano e gêneros."
    if np.ptp(female[0]) < np.ptp(female[1])
    else f"em {number(known.sum())} filmes, o previsto vai de "
    f"{percent(female[0].min(), 0)} a {percent(female[0].max(), 0)} de "
    f"mulheres e o visto de {percent(female[1].min(), 0)} a "
    f"{percent(female[1].max(), 0)}."
)

# %% [markdown]
# ## Os intervalos cumprem o que prometem?
#
# Um intervalo de 80 % deve conter a parte vista em 80 % dos casos. A parte
# vista também tem ruído, maior quanto menos gente viu o filme, e o intervalo
# tem de contar com isso. `known`: quando se diz ao modelo quantos avaliaram.

# %%
coverage = con.sql("""
    with saved as (
        select metrics, unnest(json_keys(metrics)) as key
        from runs
        where task = 'new_film' and stage = 'tables'
    )

    select
        regexp_extract(key, 'coverage_\\d+_(.*?)(_known)?$', 1) as dimensions,
        round(
            max((metrics ->> key)::double) filter (
                key like 'coverage_80%' and key not like '%known'
            ),
            3
        ) as interval_80,
        round(
            max((metrics ->> key)::double) filter (
                key like 'coverage_80%known'
            ),
            3
        ) as interval_80_known,
        round(
            max((metrics ->> key)::double) filter (
                key like 'coverage_95%' and key not like '%known'
            ),
            3
        ) as interval_95,
        round(
            max((metrics ->> key)::double) filter (
                key like 'coverage_95%known'
            ),
            3
        ) as interval_95_known,
    from saved
    where key like 'coverage%' and key not like '%from%'
    group by dimensions
    order by dimensions
""")
coverage

# %%
frame = coverage.df()
told_n = frame["interval_80_known"]
off = (told_n - 0.8).abs() > 0.04
conclude(
    "sem saber quanta gente avaliará o filme, o intervalo de 80 % contém a "
    f"parte vista em {percent(frame['interval_80'].min())} a "
    f"{percent(frame['interval_80'].max())} dos casos, conforme a dimensão; "
    f"sabendo, em {percent(told_n.min())} a {percent(told_n.max())}. "
    + (
        "Com isso ele cumpre o que promete, com folga de 4 pontos."
        if not off.any()
        else "Mesmo assim fica fora da folga de 4 pontos em "
        + ", ".join(f"`{name}`" for name in frame["dimensions"][off])
        + ", onde é "
        + (
            "um pouco largo demais: erra para o lado da cautela."
            if (told_n[off] > 0.8).all()
            else "estreito demais em alguma dimensão."
        )
    )
)
summary.add(
    "O intervalo dito de oito em dez contém a verdade em "
    f"{percent(told_n.min(), 0)} a {percent(told_n.max(), 0)} dos casos, "
    "quando se sabe quanta gente avaliou."
)

# %% [markdown]
# ## Afinidade: o que se pode saber de quem gosta mais
#
# A afinidade vista de um grupo num filme é quase toda ruído: poucas pessoas do
# grupo viram o filme. O **teto** é o R² que teria quem soubesse a verdade, só
# por causa desse ruído. O modelo se mede contra ele.

# %%
affinity = con.sql("""
    select
        round((metrics ->> 'affinity_r2')::double, 3) as r2,
        round((metrics ->> 'affinity_r2_ceiling')::double, 3) as r2_ceiling,
        round((metrics ->> 'affinity_sign_accuracy')::double, 3)
            as sign_accuracy,
        round((metrics ->> 'target_share')::double, 3)
            as segments_called_target,
        round((metrics ->> 'films_with_target')::double, 3)
            as films_with_a_target,
        round((metrics ->> 'targets_that_like_it_more')::double, 3)
            as targets_that_like_it_more,
    from runs
    where task = 'new_film' and stage = 'tables'
""")
affinity

# %%
[(r2, ceiling, sign, called, with_target, right_targets)] = affinity.fetchall()
conclude(
    f"o modelo explica {percent(r2)} da variância da afinidade vista; quem "
    f"soubesse a verdade explicaria só {percent(ceiling)}. O sinal está certo "
    f"em {percent(sign, 0)} dos casos. Por isso a resposta é um intervalo, e "
    "só vira público-alvo o segmento que o intervalo apoia: "
    f"{percent(called)} dos segmentos, em {percent(with_target, 0)} dos "
    "filmes"
    + (
        f"; dos que se podem julgar (20 notas ou mais), "
        f"{percent(right_targets, 0)} gostaram mesmo mais."
        if right_targets is not None
        else "."
    )
)
summary.add(
    "Quem vai gostar mais que os outros quase não se prevê: só em "
    f"{percent(with_target, 0)} dos filmes os dados sustentam um público-alvo"
    + (
        f", e {percent(right_targets, 0)} desses grupos gostaram mesmo mais."
        if right_targets is not None
        else "."
    )
)
con.close()
