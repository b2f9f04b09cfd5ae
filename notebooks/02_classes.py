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
# # 2. O que são as quatro classes, e por que a acurácia engana?
#
# *English summary: stars become four classes, and "liked" alone (3 and 4
# stars) holds 61 % of the ratings. So a predictor that always says "liked" is
# right 61 % of the time and knows nothing. Knowing the film hardly moves
# accuracy, though it moves every honest measure; and probabilities can be made
# much worse without accuracy changing at all. Models here are therefore
# chosen by log-loss, and reported with calibration, ranking and macro-F1.*

# %%
import sys

sys.path.insert(0, "..")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from notebooks import style
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()
summary = style.Summary()

# %% [markdown]
# ## Das estrelas às classes
#
# A nota de 0 a 10 do enunciado é estrelas × 2. Dela saem quatro classes: 0–2
# *Detestei*, 3–5 *Não gostei*, 6–8 *Gostei*, 9–10 *Adorei*. Como só existem
# notas pares de 2 a 10, três e quatro estrelas caem na mesma classe.

# %%
classes = con.sql("""
    select
        stars::double as stars,
        score::double as score,
        rating_class,
        rating_label,
        ['Detestei', 'Não gostei', 'Gostei', 'Adorei'][rating_class]
            as rating_label_pt,
        count(*) as n_ratings,
        round(count(*) / sum(count(*)) over (), 3) as share,
    from marts.fct_ratings
    group by stars, score, rating_class, rating_label
    order by stars
""")
classes

# %%
by_class = con.sql("""
    select
        rating_class,
        ['Detestei', 'Não gostei', 'Gostei', 'Adorei'][rating_class] as label,
        count(*) / sum(count(*)) over () as share,
    from marts.fct_ratings
    group by rating_class
    order by rating_class
""").df()
(ax,) = style.axes(6.5, 2.6)
bars = ax.bar(by_class["label"], by_class["share"], color=style.CLASS_COLOURS)
ax.bar_label(bars, [percent(share, 0) for share in by_class["share"]])
ax.set(title="Parte das avaliações em cada classe", ylim=(0, 0.75))
style.percent_axis(ax.yaxis)
ax.grid(axis="x", visible=False)
plt.show()

# %%
shares = by_class["share"].to_numpy()
common = by_class.loc[shares.argmax(), "label"]
conclude(
    f"quem responde sempre «{common}» acerta {percent(shares.max(), 0)} das "
    "vezes sem olhar nem a pessoa nem o filme. É esse o piso de qualquer "
    "acurácia aqui."
)
summary.add(
    f"As classes são desiguais: {percent(shares.max(), 0)} das notas são "
    f"«{common}». Quem responde sempre isso acerta outro tanto sem saber "
    "nada."
)

# %% [markdown]
# ## Preditores em SQL puro, julgados por várias medidas
#
# Treino nas dobras 0 a 2 de pessoas, medida na dobra 3 (a 4, do teste, fica
# fechada). Todos dão probabilidades às quatro classes:
#
# - **base**: a parte de cada classe em todas as avaliações;
# - **filme**: as partes do filme, encolhidas para a base (peso de 10
#   avaliações);
# - **filme × segmento**: as partes do filme no gênero × idade da pessoa,
#   encolhidas para as do filme, com peso de 30 ou de 200 avaliações;
# - **filme, exagerado**: as do filme, com uma confiança que os dados não dão
#   (elevadas ao cubo e somadas de novo a 1).

# %%
con.execute("""
    create temp macro shrunk(counts, p, weight) as list_transform(
        list_zip(counts, p),
        lambda pair: (pair[1] + weight * pair[2])
        / (list_sum(counts) + weight)
    )
""")
con.execute("""
    create temp table known as
    with cells as (
        select
            movie_id,
            level,
            [sum(n_hated), sum(n_disliked), sum(n_liked), sum(n_loved)]
                as counts,
        from features.feat_movie_segments
        where user_fold <= 2 and dimension in ('everyone', 'gender_age_group')
        group by movie_id, level
    ),

    base as (
        select
            list_transform(
                [sum(n_hated), sum(n_disliked), sum(n_liked), sum(n_loved)],
                lambda n: n / sum(n_ratings)
            ) as p,
        from features.feat_movie_segments
        where user_fold <= 2 and dimension = 'everyone'
    ),

    films as (
        select
            dim_movies.movie_id,
            base.p as p_base,
            shrunk(coalesce(cells.counts, [0, 0, 0, 0]), base.p, 10) as p_film,
        from marts.dim_movies
        cross join base
        left join cells
            on dim_movies.movie_id = cells.movie_id
            and cells.level = 'everyone'
    ),

    levels as (
        select distinct gender || '|' || age_group as level
        from marts.dim_users
    )

    select
        films.movie_id,
        levels.level,
        films.p_base,
        films.p_film,
        shrunk(coalesce(cells.counts, [0, 0, 0, 0]), films.p_film, 30)
            as p_segment_30,
        shrunk(coalesce(cells.counts, [0, 0, 0, 0]), films.p_film, 200)
            as p_segment_200,
    from films
    cross join levels
    left join cells
        on films.movie_id = cells.movie_id and levels.level = cells.level
""")
[(n_cells,)] = con.sql("select count(*) from known").fetchall()
f"{number(n_cells)} células de filme × segmento"

# %%
held_out = con.execute("""
    select
        fct_ratings.user_id as person,
        fct_ratings.rating_class - 1 as outcome,
        known.p_base::double[4] as p_base,
        known.p_film::double[4] as p_film,
        known.p_segment_30::double[4] as p_segment_30,
        known.p_segment_200::double[4] as p_segment_200,
    from marts.fct_ratings
    inner join known
        on
            fct_ratings.movie_id = known.movie_id
            and known.level = gender || '|' || age_group
    where fct_ratings.user_fold = 3
    order by fct_ratings.user_id, fct_ratings.movie_id
""").fetchnumpy()
outcome = held_out["outcome"]
_, person = np.unique(held_out["person"], return_inverse=True)
predictors = {
    "base": np.stack(held_out["p_base"]),
    "filme": np.stack(held_out["p_film"]),
    "filme × segmento (30)": np.stack(held_out["p_segment_30"]),
    "filme × segmento (200)": np.stack(held_out["p_segment_200"]),
}
sharp = predictors["filme"] ** 3
predictors["filme, exagerado"] = sharp / sharp.sum(axis=1, keepdims=True)
f"{number(len(outcome))} avaliações de {number(person.max() + 1)} pessoas"


# %% [markdown]
# As medidas:
#
# - **acurácia**: quantas vezes a classe mais provável é a certa;
# - **macro-F1**: a média do F1 das quatro classes, cada uma com o mesmo peso;
# - **log-loss**: −log da probabilidade dada à classe certa (menor é melhor);
# - **RPS**: o erro quadrado das probabilidades acumuladas, que cobra mais de
#   quem erra por duas classes do que por uma (menor é melhor);
# - **ECE de «gostou»**: distância média entre a probabilidade dita e a
#   frequência vista de *Gostei* ou *Adorei* (menor é melhor).
#
# O intervalo de 95 % da diferença para «filme» vem de um bootstrap de
# **pessoas**: as notas de uma pessoa não são independentes entre si.


# %%
def macro_f1(p):
    guess = p.argmax(axis=1)
    f1 = []
    for k in range(4):
        hits = ((guess == k) & (outcome == k)).sum()
        f1.append(2 * hits / ((guess == k).sum() + (outcome == k).sum()))
    return np.mean(f1)


def log_losses(p):
    return -np.log(p[np.arange(len(p)), outcome])


def rps(p):
    steps = np.arange(3) >= outcome[:, None]
    return ((p.cumsum(axis=1)[:, :3] - steps) ** 2).sum(axis=1).mean()


def calibration(p, n_bins=20):
    liked, said = outcome >= 2, p[:, 2] + p[:, 3]
    bins = np.minimum((said * n_bins).astype(int), n_bins - 1)
    n = np.bincount(bins, minlength=n_bins)
    kept = n > 0
    mean_said = np.bincount(bins, said, n_bins)[kept] / n[kept]
    mean_seen = np.bincount(bins, liked, n_bins)[kept] / n[kept]
    return mean_said, mean_seen, n[kept]


def calibration_error(p):
    said, seen, n = calibration(p)
    return (np.abs(said - seen) * n).sum() / n.sum()


rng = np.random.default_rng(20)
n_people = person.max() + 1
weights = rng.multinomial(n_people, np.full(n_people, 1 / n_people), 1000)


def resampled_means(values):
    """Mean over the ratings of people drawn again, a value per draw."""
    sums = np.bincount(person, values, n_people)
    return (weights @ sums) / (weights @ np.bincount(person))


reference = log_losses(predictors["filme"])
measured = []
for name, p in predictors.items():
    losses = log_losses(p)
    low, high = np.quantile(
        resampled_means(losses - reference), [0.025, 0.975]
    )
    measured.append(
        {
            "predictor": name,
            "accuracy": (p.argmax(axis=1) == outcome).mean(),
            "macro_f1": macro_f1(p),
            "log_loss": losses.mean(),
            "rps": rps(p),
            "ece_liked": calibration_error(p),
            "log_loss_less_film": (losses - reference).mean(),
            "low": low,
            "high": high,
        }
    )
by_name = {row["predictor"]: row for row in measured}
results = pd.DataFrame(measured)
con.sql("""
    select
        predictor,
        round(accuracy, 3) as accuracy,
        round(macro_f1, 3) as macro_f1,
        round(log_loss, 4) as log_loss,
        round(rps, 4) as rps,
        round(ece_liked, 3) as ece_liked,
        round(log_loss_less_film, 4) as log_loss_less_film,
        round(low, 4) as low,
        round(high, 4) as high,
    from results
""")

# %%
base, film = by_name["base"], by_name["filme"]
hasty, patient = (by_name[f"filme × segmento ({w})"] for w in (30, 200))
bold = by_name["filme, exagerado"]
conclude(
    "conhecer o filme muda a acurácia de "
    f"{percent(base['accuracy'])} para {percent(film['accuracy'])} "
    f"({number(100 * (film['accuracy'] - base['accuracy']), 1)} pontos), mas "
    f"a log-loss de {number(base['log_loss'], 3)} para "
    f"{number(film['log_loss'], 3)} e a macro-F1 de "
    f"{number(base['macro_f1'], 2)} para {number(film['macro_f1'], 2)}. "
    "A acurácia quase não vê a diferença entre saber e não saber."
)
conclude(
    "«filme, exagerado» tem **exatamente** as respostas de «filme» e portanto "
    f"a mesma acurácia ({percent(bold['accuracy'])}); a log-loss sobe de "
    f"{number(film['log_loss'], 3)} para {number(bold['log_loss'], 3)} e o "
    f"erro de calibração de {percent(film['ece_liked'])} para "
    f"{percent(bold['ece_liked'])}. Uma medida que não vê isso não pode "
    "escolher um modelo que promete probabilidades. Nem a calibração sozinha: "
    f"a «base», que não sabe nada, erra só {percent(base['ece_liked'])} nela."
)
summary.add(
    "A acurácia não vê a diferença entre saber e não saber: conhecer o filme "
    f"a leva de {percent(base['accuracy'], 0)} a "
    f"{percent(film['accuracy'], 0)}, e dizer probabilidades exageradas não a "
    f"muda ({percent(bold['accuracy'], 0)}). A log-loss, que julga as "
    f"probabilidades, melhora de {number(base['log_loss'], 2)} para "
    f"{number(film['log_loss'], 2)} num caso e piora para "
    f"{number(bold['log_loss'], 2)} no outro: é ela que escolhe."
)


def difference(row):
    clear = row["low"] > 0 or row["high"] < 0
    return (
        f"{number(row['log_loss_less_film'], 4)} (95 %: "
        f"{style.interval(row['low'], row['high'], 4)}, que "
        + ("não contém" if clear else "contém")
        + " o zero)"
    )


conclude(
    "o segmento (gênero × idade) muda a log-loss de «filme» em "
    f"{difference(hasty)} com peso 30 e em {difference(patient)} com peso "
    "200. Células pequenas só ajudam se forem puxadas com força para o filme. "
    "E o que elas dão é pouco perto do que o filme sozinho dá, "
    f"{number(base['log_loss'] - film['log_loss'], 3)}. O caderno 4 mostra "
    "até onde se vai com a demografia."
)
gained = base["log_loss"] - film["log_loss"]
summary.add(
    "O que mais conta é o filme. Somar o gênero e a idade da pessoa "
    + (
        f"dá {percent(-patient['log_loss_less_film'] / gained)} do que o "
        "filme sozinho dá."
        if patient["high"] < 0
        else "não muda nada de que se possa ter certeza."
    )
)

# %% [markdown]
# ## Onde a classe mais provável some
#
# A classe mais provável só deixa de ser *Gostei* nos extremos. As
# probabilidades, ao contrário, mudam com o filme o tempo todo.

# %%
along = con.sql("""
    with films as (
        select
            ntile(20) over (order by sum_stars / n_ratings) as bin,
            sum_stars / n_ratings as mean_stars,
            n_ratings,
            n_hated,
            n_disliked,
            n_liked,
            n_loved,
        from (
            select
                movie_id,
                sum(n_ratings) as n_ratings,
                sum(sum_stars) as sum_stars,
                sum(n_hated) as n_hated,
                sum(n_disliked) as n_disliked,
                sum(n_liked) as n_liked,
                sum(n_loved) as n_loved,
            from features.feat_movie_segments
            where dimension = 'everyone'
            group by movie_id
        )
        where n_ratings >= 50
    )

    select
        sum(mean_stars * n_ratings) / sum(n_ratings) as mean_stars,
        sum(n_hated) / sum(n_ratings) as hated,
        sum(n_disliked) / sum(n_ratings) as disliked,
        sum(n_liked) / sum(n_ratings) as liked,
        sum(n_loved) / sum(n_ratings) as loved,
    from films
    group by bin
    order by bin
""").df()
left, right = style.axes(9.5, 3.6, 2)
names = ["hated", "disliked", "liked", "loved"]
left.stackplot(
    along["mean_stars"],
    along[names].T,
    colors=style.CLASS_COLOURS,
    labels=list(by_class["label"]),
)
left.set(
    title="Classes conforme a média do filme (50+ notas)",
    xlabel="média de estrelas do filme",
    ylim=(0, 1),
    xlim=(along["mean_stars"].min(), along["mean_stars"].max()),
)
style.percent_axis(left.yaxis)
style.decimal_comma(left.xaxis, 1)
handles, labels = left.get_legend_handles_labels()
left.legend(
    handles[::-1],
    labels[::-1],
    loc="center left",
    facecolor="white",
    frameon=True,
    framealpha=0.85,
)
right.plot([0, 1], [0, 1], color=style.MUTED, linestyle="--", linewidth=1)
for name, colour in (("filme", style.MAIN), ("filme, exagerado", style.OTHER)):
    said, seen, n = calibration(predictors[name])
    enough = n >= 200
    right.plot(
        said[enough], seen[enough], "o-", color=colour, ms=4, label=name
    )
right.set(
    title="Calibração de «gostou» (Gostei ou Adorei)",
    xlabel="probabilidade dita",
    ylabel="frequência vista",
)
style.percent_axis(right.xaxis)
style.percent_axis(right.yaxis)
right.legend()
plt.show()

# %%
guesses = np.bincount(predictors["filme"].argmax(axis=1), minlength=4)
never = [
    label
    for label, n in zip(by_class["label"], guesses, strict=True)
    if n / guesses.sum() < 0.001
]
conclude(
    f"para o preditor «filme», «{common}» é a classe mais provável em "
    f"{percent(guesses[shares.argmax()] / guesses.sum(), 0)} das avaliações"
    + (
        f", e {' e '.join(f'«{label}»' for label in never)} quase nunca "
        "(menos de 0,1 %)"
        if never
        else ""
    )
    + ". Reduzir a resposta a uma classe joga fora o que o modelo sabe; por "
    "isso a API devolve as quatro probabilidades e as estrelas esperadas."
)
con.close()
