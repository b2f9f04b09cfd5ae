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
# # 3. Quais demografias andam com quais gostos?
#
# *English summary: in MovieLens 1M, gender and age go with what people choose
# to watch (women more romances, musicals and dramas, men more action and
# science fiction; the youngest more children's films, older people more dramas
# and westerns), by up to 0.8 standard deviations for gender and more for the
# youngest. With how people like what they chose, they go less, and not always
# the same way: those under 18 watch the most children's films and like them
# less than others do. Occupation and region add little once gender and age are
# held equal. Effects have 95 % intervals, people (not ratings) are the unit,
# false discoveries are held at 5 % (Benjamini–Hochberg), and placebos with
# shuffled people find next to nothing. ZIP codes tell where in the United
# States somebody lives, and nothing about nationality. All of it is
# association: nobody was assigned a gender or an age.*
#
# Dois gostos, medidos **por pessoa** e por gênero de filme:
#
# - **escolha** (`watch`): que parte das avaliações da pessoa é de filmes do
#   gênero. É o que ela decide ver;
# - **agrado** (`liking`): quanto ela dá aos filmes do gênero acima da média de
#   cada filme, menos quanto dá acima da média a todos os filmes. Não mede a
#   qualidade dos filmes nem a leniência da pessoa, só a preferência.

# %%
import sys

sys.path.insert(0, "..")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from notebooks import style
from notebooks.portuguese import DIMENSIONS, genre_name, level_name
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()
summary = style.Summary()

# %% [markdown]
# ## Um valor por pessoa e gênero
#
# As notas de uma pessoa não são independentes entre si: contá-las como se
# fossem faria os intervalos estreitos demais. Cada pessoa entra uma vez por
# gênero. O agrado pede ao menos 5 notas da pessoa no gênero e usa filmes com
# 20 notas ou mais, cuja média é estável.

# %%
con.execute("""
    create temp table person_genres as
    with films as (
        select movie_id, avg(stars) as mean_stars, count(*) as n_ratings
        from marts.fct_ratings
        group by movie_id
    ),

    people as (
        select
            user_id,
            count(*) as n_ratings,
            avg(stars - mean_stars) filter (films.n_ratings >= 20)
                as above_film,
        from marts.fct_ratings
        inner join films using (movie_id)
        group by user_id
    ),

    watched as (
        select
            user_id,
            genre,
            count(*) as n_ratings,
            count(*) filter (films.n_ratings >= 20) as n_stable,
            avg(stars - mean_stars) filter (films.n_ratings >= 20)
                as above_film,
        from marts.fct_ratings
        inner join films using (movie_id)
        inner join marts.dim_movie_genres using (movie_id)
        group by user_id, genre
    )

    select
        people.user_id,
        genres.genre,
        coalesce(watched.n_ratings, 0) / people.n_ratings as watch,
        case
            when watched.n_stable >= 5
                then watched.above_film - people.above_film
        end as liking,
    from people
    cross join (select distinct genre from marts.dim_movie_genres) as genres
    left join watched
        on people.user_id = watched.user_id and genres.genre = watched.genre
""")
con.sql("""
    select
        genre,
        round(avg(watch), 3) as mean_watch,
        round(stddev(watch), 3) as sd_watch,
        count(liking) as n_people_with_liking,
        round(stddev(liking), 3) as sd_liking_in_stars,
    from person_genres
    group by genre
    order by mean_watch desc
""")

# %% [markdown]
# ## O método: comparar dentro do estrato
#
# Ocupação anda com a idade, e idade com o gênero da pessoa. Para não confundir
# uma coisa com outra, cada nível é comparado com os demais **dentro do mesmo
# estrato**: gênero dentro da faixa etária; faixa etária dentro do gênero;
# ocupação, região e nacionalidade (onde os dados a têm) dentro de gênero ×
# idade. A diferença é a média das
# diferenças dos estratos, com pesos n·p·(1−p), o que equivale a uma regressão
# com um efeito por estrato. O erro padrão é o maior de dois: o de Welch, com a
# variância de cada lado, e o da variância comum. O primeiro sozinho falha em
# grupos pequenos (a parte de um gênero raro é muito assimétrica, e a variância
# de poucas pessoas pode sair baixa por sorte), o que o placebo abaixo mostrou.
# O tamanho do efeito é *d*: a diferença em desvios padrão entre
# pessoas do mesmo estrato. Níveis com menos de 30 pessoas ficam de fora.


# %%
def contrasts(people):
    """Effect of each level, from `people` (a relation like dim_users)."""
    frame = con.sql(f"""
        with levels as (
            select user_id, 'gender' as dimension, gender as level,
                age_group as stratum
            from {people}
            where gender in ('F', 'M')
            union all
            select user_id, 'age_group', age_group, gender from {people}
            union all
            select user_id, 'occupation', occupation, gender || age_group
            from {people}
            union all
            select user_id, 'region', region, gender || age_group
            from {people}
            union all
            select user_id, 'nationality', nationality, gender || age_group
            from {people}
        ),

        measures as (
            unpivot person_genres
            on watch, liking
            into name outcome value value
        ),

        cells as (
            select
                outcome, genre, dimension, stratum, level,
                count(*) as n,
                sum(value) as total,
                sum(value ** 2) as squares,
            from measures
            inner join levels using (user_id)
            group by all
        ),

        sides as (
            select
                *,
                sum(n) over stratum_of - n as n_out,
                sum(total) over stratum_of - total as total_out,
                sum(squares) over stratum_of - squares as squares_out,
                sum(n) over stratum_of as n_all,
                sum(total) over stratum_of as total_all,
                sum(squares) over stratum_of as squares_all,
            from cells
            window stratum_of as (
                partition by outcome, genre, dimension, stratum
            )
        ),

        -- Sums of squares about the mean of each side of each stratum. A
        -- stratum in which everybody has the level says nothing of it.
        strata as (
            select
                *,
                squares - total ** 2 / n as about_in,
                squares_out - total_out ** 2 / n_out as about_out,
                squares_all - total_all ** 2 / n_all as about_all,
                n * n_out / n_all as weight,
                total / n - total_out / n_out as difference,
            from sides
            where n_out > 0
        ),

        spreads as (
            select
                *,
                sum(about_in) over whole
                / (sum(n) over whole - count(*) over whole) as var_in,
                sum(about_out) over whole
                / (sum(n_out) over whole - count(*) over whole) as var_out,
                sum(about_all) over whole
                / (sum(n_all) over whole - count(*) over whole) as var_all,
            from strata
            window whole as (partition by outcome, genre, dimension, level)
        )

        select
            outcome, genre, dimension, level,
            sum(n)::int as n_people,
            sum(weight * difference) / sum(weight) as difference,
            greatest(
                sqrt(sum(weight ** 2 * (var_in / n + var_out / n_out)))
                / sum(weight),
                sqrt(any_value(var_all) / sum(weight))
            ) as standard_error,
            sqrt(any_value(var_all)) as deviation,
        from spreads
        where not (dimension = 'gender' and level = 'M')
            and level <> 'unknown'
        group by outcome, genre, dimension, level
        having sum(n) >= 30
        order by dimension, level, outcome, genre
    """).df()
    z = frame["difference"] / frame["standard_error"]
    frame["d"] = frame["difference"] / frame["deviation"]
    frame["d_error"] = frame["standard_error"] / frame["deviation"]
    frame["low"] = frame["d"] - norm.ppf(0.975) * frame["d_error"]
    frame["high"] = frame["d"] + norm.ppf(0.975) * frame["d_error"]
    frame["p"] = 2 * norm.sf(np.abs(z))
    frame["q"] = false_discovery_control(frame["p"], method="bh")
    return frame


effects = contrasts("marts.dim_users")
f"{number(len(effects))} comparações"

# %% [markdown]
# ## Muitas perguntas ao mesmo tempo
#
# Com tantas comparações, 5 % «dariam certo» por acaso. O controle de
# Benjamini–Hochberg, sobre **todas** elas juntas, mantém em 5 % a parte
# esperada de falsas entre as declaradas (`q < 0,05`). O **placebo** repete
# tudo 20 vezes com a demografia de cada pessoa trocada pela de outra, ao
# acaso: o que sobrar é o que o método acha onde nada há.


# %%
def shuffled_effects(draw):
    """What is found when each person has another's demographics."""
    con.execute(f"""
        create or replace temp table shuffled as
        with people as (
            select *, row_number() over (order by user_id) as place
            from marts.dim_users
        ),

        drawn as (
            select
                user_id as other_id,
                row_number() over (
                    order by md5('placebo {draw}:' || user_id)
                ) as place,
            from marts.dim_users
        )

        select people.* replace (drawn.other_id as user_id)
        from people
        inner join drawn using (place)
    """)
    return contrasts("shuffled").assign(draw=draw)


N_DRAWS = 20
placebo = pd.concat([shuffled_effects(draw) for draw in range(N_DRAWS)])
con.sql(f"""
    with compared as (
        select dimension, outcome, d, p, q, 'real' as data from effects
        union all
        select dimension, outcome, d, p, q, 'placebo' from placebo
    )

    select
        dimension,
        outcome,
        count(*) filter (data = 'real') as n_tests,
        count(*) filter (data = 'real' and q < 0.05) as n_found,
        count(*) filter (data = 'placebo' and q < 0.05) / {N_DRAWS}
            as n_found_per_placebo,
        round(
            count(*) filter (data = 'placebo' and p < 0.05)
            / count(*) filter (data = 'placebo'),
            3
        ) as placebo_share_p_under_5_percent,
    from compared
    group by dimension, outcome
    order by
        list_position(
            ['gender', 'age_group', 'occupation', 'region', 'nationality'],
            dimension
        ),
        outcome desc
""")

# %%
n_firm = (effects["q"] < 0.05).sum()
false_found = (placebo["q"] < 0.05).sum() / N_DRAWS
chance = (placebo["p"] < 0.05).sum() / N_DRAWS
conclude(
    f"de {number(len(effects))} comparações, {number(n_firm)} passam pelo "
    f"controle; no placebo, {number(false_found, 2)} em média. Sem o "
    f"controle, cada placebo teria «achado» {number(chance)} efeitos que não "
    "existem."
)
hang_together = (
    "Grupo e gosto andam juntos de verdade"
    if n_firm > 10 * false_found
    else "Que grupo e gosto andem juntos não se vê nestes dados"
)
summary.add(
    f"{hang_together}: de {number(len(effects))} "
    f"comparações, {number(n_firm)} são firmes; com as pessoas embaralhadas, "
    f"{number(false_found, 1)} em média."
)

# %% [markdown]
# ## Gênero da pessoa

# %%
women = effects[effects["dimension"] == "gender"]
order = women[women["outcome"] == "watch"].sort_values("d")["genre"].to_list()
(ax,) = style.axes(8, 5)
for outcome, colour, offset, label in (
    ("watch", style.MAIN, 0.15, "escolha"),
    ("liking", style.OTHER, -0.15, "agrado"),
):
    rows = women[women["outcome"] == outcome].set_index("genre").loc[order]
    ax.errorbar(
        rows["d"],
        np.arange(len(rows)) + offset,
        xerr=norm.ppf(0.975) * rows["d_error"],
        fmt="o",
        color=colour,
        ms=4,
        label=label,
    )
ax.axvline(0, color=style.MUTED, linewidth=1)
ax.set_yticks(range(len(order)), [genre_name(genre) for genre in order])
ax.set(
    title="Mulheres menos homens da mesma faixa etária, em desvios padrão "
    "(95 %)",
    xlabel="← homens mais        d        mulheres mais →",
)
style.decimal_comma(ax.xaxis, 1)
ax.legend(loc="lower right")
plt.show()


# %%
def told(rows, n=3):
    """The effects of `rows` that are surely largest, as words.

    They are ordered by the end of the interval that is nearer to zero: among
    many groups, the largest point is often a small group's luck.
    """
    kept = rows[rows["q"] < 0.05]
    sure = kept["d"].abs() - norm.ppf(0.975) * kept["d_error"]
    kept = kept.loc[sure.sort_values(ascending=False).index]
    parts = []
    for row in kept.head(n).itertuples():
        who = level_name(row.dimension, row.level)
        who = "" if row.dimension == "gender" else f"{who}: "
        size = (
            f"{number(100 * row.difference, 1)} pontos"
            if row.outcome == "watch"
            else f"{number(row.difference, 2)} estrela"
        )
        sign = "+" if row.difference > 0 else ""
        parts.append(
            f"{who}*{genre_name(row.genre)}* d = {number(row.d, 2)} "
            f"{style.interval(row.low, row.high)} ({sign}{size})"
        )
    return "; ".join(parts) or "nada que passe pelo controle"


watch, liking = (women[women["outcome"] == o] for o in ("watch", "liking"))
conclude(
    "mulheres menos homens da mesma idade. Na escolha, mais para elas: "
    f"{told(watch[watch['d'] > 0])}. Mais para eles: "
    f"{told(watch[watch['d'] < 0])}. No agrado: {told(liking, 4)}."
)

# %%
shares = (
    con.sql("""
        select genre, gender, avg(watch) as share
        from person_genres
        inner join marts.dim_users using (user_id)
        group by genre, gender
    """)
    .df()
    .pivot_table(index="genre", columns="gender", values="share")
)
hers, his = (
    watch.set_index("genre")["d"].agg(of) for of in ("idxmax", "idxmin")
)


def of_hundred(genre, gender):
    """How many of a person's hundred ratings go to a genre."""
    return number(100 * shares.loc[genre, gender])


summary.add(
    "O gênero da pessoa inclina a escolha. De cada cem notas de "
    f"uma mulher, {of_hundred(hers, 'F')} são de *{genre_name(hers)}*, "
    f"contra {of_hundred(hers, 'M')} das de um homem; em "
    f"*{genre_name(his)}* é o contrário: {of_hundred(his, 'F')} contra "
    f"{of_hundred(his, 'M')}."
    if (watch["q"] < 0.05).any()
    else "No que mulheres e homens escolhem, nenhuma diferença passa pelo "
    "controle."
)

# %% [markdown]
# ## Idade

# %%
ages = [
    row[0]
    for row in con.sql("""
        select age_group from marts.dim_users
        group by age_group
        order by min(age_code)
    """).fetchall()
]
left, right = style.axes(10, 5.2, 2)
aged = effects[effects["dimension"] == "age_group"]
slope = (
    aged[aged["outcome"] == "watch"]
    .pivot_table(index="genre", columns="level", values="d")
    .reindex(columns=ages)
)
order = slope.iloc[:, -3:].mean(axis=1) - slope.iloc[:, :2].mean(axis=1)
order = order.sort_values(ascending=False).index
for ax, outcome, title in (
    (left, "watch", "Escolha"),
    (right, "liking", "Agrado"),
):
    rows = aged[aged["outcome"] == outcome]
    table = rows.pivot_table(index="genre", columns="level", values="d")
    clear = rows.pivot_table(index="genre", columns="level", values="q")
    table = table.reindex(index=order, columns=ages)
    clear = clear.reindex(index=order, columns=ages) < 0.05
    image = ax.imshow(
        table, cmap=style.LESS_TO_MORE, vmin=-0.7, vmax=0.7, aspect="auto"
    )
    for i, j in np.argwhere(clear.to_numpy()):
        value = table.iloc[i, j]
        ax.text(
            j,
            i,
            number(value, 1),
            ha="center",
            va="center",
            fontsize=7.5,
            color="white" if abs(value) > 0.45 else "black",
        )
    names = [level_name("age_group", age) for age in ages]
    ax.set_xticks(range(len(ages)), names, fontsize=8)
    genres = [genre_name(genre) for genre in order]
    ax.set_yticks(range(len(order)), genres if ax is left else [])
    ax.grid(visible=False)
    ax.set(title=title)
bar = left.figure.colorbar(image, ax=[left, right], shrink=0.6)
bar.set_label("d: faixa menos as outras, no mesmo gênero")
style.decimal_comma(bar.ax.yaxis, 1)
plt.show()

# %% [markdown]
# Só têm número as casas que passam pelo controle (`q < 0,05`).

# %%
young = aged[aged["level"].isin(ages[:2])]
old = aged[aged["level"].isin(ages[-2:])]
conclude(
    "na escolha, os mais novos se distinguem por "
    f"{told(young[young['outcome'] == 'watch'], 4)}; os de 50 anos ou mais, "
    f"por {told(old[old['outcome'] == 'watch'], 4)}. No agrado, os efeitos "
    f"mais firmes da idade são {told(aged[aged['outcome'] == 'liking'])}."
)
pairs = aged.pivot_table(
    index=["level", "genre"], columns="outcome", values=["d", "q"]
).dropna()
clear = pairs[(pairs["q"] < 0.05).all(axis=1)]["d"]
opposite = clear[clear["watch"] * clear["liking"] < 0]
if len(opposite):
    [level, genre], row = next(
        opposite.sort_values("watch", key=np.abs, ascending=False).iterrows()
    )
    conclude(
        "escolher não é gostar. Das "
        f"{number(len(clear))} casas claras nos dois quadros, "
        f"{number(len(opposite))} têm sinais opostos. A maior: "
        f"{level_name('age_group', level)}, *{genre_name(genre)}*, com d = "
        f"{number(row['watch'], 2)} na escolha e "
        f"{number(row['liking'], 2)} no agrado. Um modelo que só "
        "olhasse quem viu, ou só as notas, erraria o público."
    )
    more, less = ("mais", "menos") if row["watch"] > 0 else ("menos", "mais")
    summary.add(
        f"Escolher não é gostar: o grupo de {level_name('age_group', level)} "
        f"anos vê {more} {genre_name(genre)} que os outros e gosta {less}."
    )

# %% [markdown]
# ## O agrado daqui e o da página de gostos
#
# A página (`features.feat_genre_tastes`) mede o agrado em **pontos**: que
# parte das notas do grupo no gênero é de quem gostou, menos a mesma parte em
# todas as suas notas, ao lado dos outros. Lá toda nota conta igual, e quem dá
# mais notas pesa mais; aqui cada **pessoa** conta uma vez, o filme é tido por
# igual, e a unidade é o desvio padrão entre pessoas. São duas medidas da mesma
# inclinação: diferem no tamanho e na firmeza, e não se contradizem.

# %%
youngest, genre = ages[0], "Children's"
here = aged[
    (aged["outcome"] == "liking")
    & (aged["level"] == youngest)
    & (aged["genre"] == genre)
]
pages = con.execute(
    """
    select difference, low, high, q_value
    from features.feat_genre_tastes
    where dimension = 'age_group' and measure = 'liking'
        and level = ? and genre = ?
    """,
    [youngest, genre],
).fetchall()
if len(here) and pages:
    row, there = here.iloc[0], pages[0]
    points, low, high, q = (*(100 * part for part in there[:3]), there[3])
    who = f"{level_name('age_group', youngest)}, *{genre_name(genre)}*"
    conclude(
        f"{who}: aqui, d = {number(row['d'], 2)} "
        f"{style.interval(row['low'], row['high'])}; na página, "
        f"{number(points, 1)} pontos {style.interval(low, high, 1)}, com q = "
        f"{number(q, 2)}."
    )

# %% [markdown]
# ## Ocupação, região e nacionalidade, com gênero e idade iguais

# %%
con.sql("""
    select
        dimension,
        level,
        outcome,
        genre,
        n_people,
        round(d, 2) as d,
        round(low, 2) as low,
        round(high, 2) as high,
        round(q, 4) as q,
    from effects
    where dimension in ('occupation', 'region', 'nationality') and q < 0.05
    qualify
        row_number() over (
            partition by dimension
            order by abs(d) - 1.96 * d_error desc, level, outcome, genre
        ) <= 8
    order by dimension, abs(d) - 1.96 * d_error desc
""")


# %%
def of_dimension(dimension, n=3):
    """How many comparisons of a dimension pass, and the surest, as words."""
    rows = effects[effects["dimension"] == dimension]
    n_firm = (rows["q"] < 0.05).sum()
    return (
        f"{DIMENSIONS[dimension].capitalize()}: {number(n_firm)} de "
        f"{number(len(rows))} comparações passam; as mais firmes: "
        f"{told(rows, n)}."
    )


compared = [
    dimension
    for dimension in ("occupation", "region", "nationality")
    if (effects["dimension"] == dimension).any()
]
conclude(
    " ".join(
        of_dimension(dimension, 1 if dimension == "region" else 3)
        for dimension in compared
    )
    + " Grupos pequenos têm intervalos largos: leia o intervalo, não o ponto."
)

# %% [markdown]
# ## Quanto da diferença entre pessoas cada dimensão explica
#
# ω² é a parte da variância entre pessoas que a dimensão explica sozinha,
# descontado o acaso (pode dar ligeiramente negativo quando nada há).

# %%
explained = con.sql("""
    with levels as (
        select user_id, dimension, level
        from (
            select
                user_id,
                gender,
                age_group,
                occupation,
                region,
                nationality,
                gender || age_group as gender_and_age,
            from marts.dim_users
        )
        unpivot (
            level for dimension in (
                gender,
                age_group,
                gender_and_age,
                occupation,
                region,
                nationality
            )
        )
    ),

    measures as (
        unpivot person_genres on watch, liking into name outcome value value
    ),

    cells as (
        select
            outcome,
            genre,
            dimension,
            count(*) as n,
            avg(value) as mean_value,
            var_pop(value) * count(*) as within,
        from measures
        inner join levels using (user_id)
        group by outcome, genre, dimension, level
    ),

    parts as (
        select
            outcome,
            genre,
            dimension,
            sum(within) as within,
            sum(n * mean_value ** 2) - sum(n * mean_value) ** 2 / sum(n)
                as between_levels,
            count(*) - 1 as df,
            sum(within) / (sum(n) - count(*)) as noise,
        from cells
        group by outcome, genre, dimension
        having count(*) > 1
    ),

    shares as (
        select
            outcome,
            genre,
            dimension,
            (between_levels - df * noise) / (within + between_levels + noise)
                as omega_squared,
        from parts
    )

    select
        dimension,
        outcome,
        round(avg(omega_squared), 4) as mean_over_genres,
        round(max(omega_squared), 4) as highest,
        arg_max(genre, omega_squared) as genre_of_highest,
    from shares
    group by dimension, outcome
    order by outcome desc, mean_over_genres desc
""")
explained

# %%
frame = explained.df()
(ax,) = style.axes(8, 2.9)
order = frame[frame["outcome"] == "watch"].iloc[::-1]["dimension"].to_list()
for outcome, colour, offset, label in (
    ("watch", style.MAIN, 0.2, "escolha"),
    ("liking", style.OTHER, -0.2, "agrado"),
):
    rows = frame[frame["outcome"] == outcome].set_index("dimension")
    ax.barh(
        np.arange(len(order)) + offset,
        rows.loc[order, "mean_over_genres"],
        0.38,
        color=colour,
        label=label,
    )
ax.set_yticks(range(len(order)), [DIMENSIONS[name] for name in order])
ax.grid(axis="y", visible=False)
ax.set(title="Parte da variância entre pessoas, média dos gêneros (ω²)")
style.percent_axis(ax.xaxis, 1)
ax.legend(loc="lower right")
plt.show()

# %%
omega = {(row.dimension, row.outcome): row for row in frame.itertuples()}
chosen, felt = (omega["gender_and_age", o] for o in ("watch", "liking"))
# By chance ω² can fall below 0, where a share is 0.
mean_chosen, mean_felt = (max(o.mean_over_genres, 0) for o in (chosen, felt))
most = frame.loc[frame["highest"].idxmax()]
conclude(
    "gênero e idade juntos explicam, na média dos gêneros de filme, "
    f"{percent(mean_chosen)} da diferença entre pessoas na "
    f"escolha (até {percent(chosen.highest)}, em "
    f"*{genre_name(chosen.genre_of_highest)}*) e "
    f"{percent(mean_felt)} no agrado (até "
    f"{percent(felt.highest)}, em *{genre_name(felt.genre_of_highest)}*). O "
    "agrado é medido com poucas notas por pessoa, e esse ruído esconde parte "
    "dele."
)
conclude(
    "«quem vai ver» e «quem vai gostar» são respostas separadas, e a segunda "
    "pede um intervalo largo. A dimensão que mais explica, "
    f"{DIMENSIONS[most['dimension']]}, chega a {percent(most['highest'])}, em "
    f"*{genre_name(most['genre_of_highest'])}*"
    + (
        "; o resto, a maior parte, é da própria pessoa, e só notas dela o "
        "dizem (caderno 6)."
        if most["highest"] < 0.5
        else "."
    )
)
says_little = most["highest"] < 0.5
summary.add(
    ("Mas o grupo diz pouco de uma pessoa: g" if says_little else "G")
    + "ênero e idade juntos explicam "
    f"{percent(mean_chosen, 0)} da diferença entre pessoas no que "
    f"escolhem e {percent(mean_felt, 0)} no que gostam."
)

# %% [markdown]
# ## Nacionalidade: o que os dados dizem, e o que o código postal diz
#
# O MovieLens 1M não pergunta a nacionalidade: só há um campo de código postal,
# digitado livremente. Dados que a perguntam têm nela uma dimensão como as
# outras. Abaixo, os formatos de código postal que aparecem (cada algarismo
# virou `9`, cada letra `A`) e o país que o armazém deduz deles. Seis
# algarismos podem ser um código postal da Índia ou um engano de digitação: não
# se sabe, e por isso ficam como `unknown`.

# %%
con.sql("""
    select
        regexp_replace(
            regexp_replace(zip_code, '[A-Za-z]', 'A', 'g'), '[0-9]', '9', 'g'
        ) as shape,
        country,
        count(*) as n_people,
    from marts.dim_users
    group by shape, country
    order by n_people desc, shape
""")

# %%
con.sql("""
    select
        region,
        country,
        count(*) as n_people,
        round(count(*) / sum(count(*)) over (), 3) as share,
    from marts.dim_users
    group by region, country
    order by n_people desc
""")

# %%
[(n_us, n_outside, n_unknown, n_people, n_of_a_nation)] = con.sql("""
    select
        count(*) filter (country = 'US'),
        count(*) filter (country = 'outside the US'),
        count(*) filter (country = 'unknown'),
        count(*),
        count(*) filter (nationality <> 'unknown'),
    from marts.dim_users
""").fetchall()


def explains(dimension):
    """The most that a dimension explains, of each outcome, as words."""
    watch, liking = (omega[dimension, o].highest for o in ("watch", "liking"))
    return (
        f"até {percent(watch)} da variância entre pessoas na escolha e "
        f"{percent(liking)} no agrado, no gênero de filme em que mais explica"
    )


if n_of_a_nation:
    conclude(
        f"{percent(n_of_a_nation / n_people)} das pessoas dizem a sua "
        f"nacionalidade. {of_dimension('nationality')} Ela explica "
        f"{explains('nationality')}."
    )
    summary.add(
        f"A nacionalidade está nos dados, de {number(n_of_a_nation)} pessoas, "
        f"e explica {explains('nationality')}."
    )
if n_us + n_outside:
    conclude(
        f"{percent(n_us / n_people)} das pessoas dão um código postal válido "
        f"dos Estados Unidos; {number(n_outside)} dão um código de outro "
        f"país e {number(n_unknown)} nenhum que se reconheça. O código "
        "postal dá a **residência** (divisão do censo), não a "
        f"nacionalidade, e explica {explains('region')}."
    )
if not n_of_a_nation:
    conclude(
        "a nacionalidade não está nos dados. "
        + (
            "Não há ninguém de quem se saiba que vive fora dos Estados "
            "Unidos: o que se aprende vale para quem mora lá, seja qual for "
            "sua nacionalidade, que ninguém perguntou. "
            if n_us and not n_outside
            else ""
        )
        + "Por isso a API aceita `nationality`, usa-a no máximo para decidir "
        "entre «Estados Unidos» e «fora», e diz em cada resposta o que usou e "
        "o que ignorou."
    )
    summary.add(
        "A nacionalidade não está nos dados. O código postal diz que "
        f"{percent(n_us / n_people)} moram nos Estados Unidos, e em que "
        f"região; de {number(n_outside)} pessoas se sabe que moram fora."
    )

# %% [markdown]
# ## Limites
#
# - É associação: ninguém foi sorteado para ter um gênero ou uma idade.
# - Os gêneros de filme se sobrepõem (um romance costuma ser drama), e as
#   partes de uma pessoa somam mais de 100 %: os efeitos não são
#   independentes entre si. Benjamini–Hochberg aguenta dependência positiva.
# - A amostra são pessoas que avaliaram filmes na internet por volta de 2000;
#   idade, gênero e ocupação são os que elas declararam.
# - O agrado só existe para quem viu 5 filmes do gênero: quem foge de um gênero
#   não diz o que acharia dele.

# %%
con.close()
