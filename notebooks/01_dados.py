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
# # 1. O que há nos dados, e como as tabelas se juntam?
#
# *English summary: three files become people, films and ratings. Every line
# is accounted for, both joins lose and repeat nothing, and four things shape
# all that follows: 96 % of the person × film grid is empty, a tenth of the
# films draws almost half of the ratings, everybody rated at least 20 films,
# and the people are mostly men under 45. Ratings are not a random sample:
# people rate what they chose to watch, many films in one sitting.*
#
# Três arquivos (`users.dat`, `movies.dat`, `ratings.dat`) passam pelo dbt e
# viram as tabelas de `marts`. Este caderno confere o caminho e descreve o
# resultado. Tudo é SQL sobre o armazém, aberto só para leitura.

# %%
import sys

sys.path.insert(0, "..")

import matplotlib.pyplot as plt
import numpy as np

from notebooks import style
from notebooks.portuguese import genre_name, level_name
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()
summary = style.Summary()

# %% [markdown]
# ## Nenhuma linha se perde em silêncio
#
# Cada linha de um arquivo vira uma linha de `marts` ou uma linha de
# `marts.rejected_lines`, com o motivo. As contas têm de fechar.

# %%
reconciled = con.sql("""
    with lines as (
        select
            kind,
            string_agg(file, ', ' order by file) as file,
            sum(n_lines)::bigint as n_lines,
        from marts.source_files
        group by kind
    ),

    kept as (
        select 'users' as kind, count(*) as n_kept from marts.dim_users
        union all
        select 'movies', count(*) from marts.dim_movies
        union all
        select 'ratings', count(*) from marts.fct_ratings
    ),

    rejected as (
        select kind, count(*) as n_rejected
        from marts.rejected_lines
        inner join marts.source_files using (file)
        group by kind
    )

    select
        kind,
        file,
        n_lines,
        n_kept,
        coalesce(n_rejected, 0) as n_rejected,
        n_lines - n_kept - coalesce(n_rejected, 0) as n_unaccounted,
    from lines
    inner join kept using (kind)
    left join rejected using (kind)
    order by n_lines
""")
reconciled

# %%
rows = {row[0]: row[2:] for row in reconciled.fetchall()}
n_users, n_movies, n_ratings = (
    rows[name][1] for name in ("users", "movies", "ratings")
)
n_rejected = sum(row[2] for row in rows.values())
n_unaccounted = sum(abs(row[3]) for row in rows.values())
fate = (
    "nenhuma linha foi rejeitada"
    if n_rejected == 0
    else f"{number(n_rejected)} linhas foram rejeitadas, com motivo"
)
conclude(
    f"{number(n_users)} pessoas, {number(n_movies)} filmes e "
    f"{number(n_ratings)} avaliações; {fate}; "
    f"{number(n_unaccounted)} linhas sem explicação."
)
summary.add(
    f"Os arquivos trazem {number(n_ratings)} notas, de {number(n_users)} "
    f"pessoas a {number(n_movies)} filmes. Toda linha foi aceita ou recusada "
    f"com motivo: {number(n_rejected)} recusadas, {number(n_unaccounted)} sem "
    "explicação."
)

# %% [markdown]
# ## A junção: avaliação → pessoa, avaliação → filme
#
# `fct_ratings` já traz, em cada avaliação, a pessoa e o filme. Uma junção pode
# errar de dois modos: perder linhas (chave sem par) ou repeti-las (chave
# repetida). As duas coisas são contadas aqui, refazendo a junção à mão.

# %%
joins = con.sql("""
    select
        count(*) as n_ratings,
        count(*) filter (dim_users.user_id is null) as n_without_person,
        count(*) filter (dim_movies.movie_id is null) as n_without_film,
        count(*) - count(distinct (fct_ratings.user_id, fct_ratings.movie_id))
            as n_repeated_pairs,
        count(*) filter (
            fct_ratings.gender is distinct from dim_users.gender
            or fct_ratings.age_group is distinct from dim_users.age_group
            or fct_ratings.occupation is distinct from dim_users.occupation
            or fct_ratings.region is distinct from dim_users.region
            or fct_ratings.title is distinct from dim_movies.title
            or fct_ratings.year is distinct from dim_movies.year
        ) as n_different_when_joined_again,
    from marts.fct_ratings
    left join marts.dim_users using (user_id)
    left join marts.dim_movies using (movie_id)
""")
joins

# %%
others = con.sql("""
    select
        (
            select count(*) from marts.dim_users
            anti join marts.fct_ratings using (user_id)
        ) as people_without_ratings,
        (
            select count(*) from marts.dim_movies
            anti join marts.fct_ratings using (movie_id)
        ) as films_without_ratings,
""")
others

# %%
[(n, no_person, no_film, repeated, different)] = joins.fetchall()
[(silent_people, silent_films)] = others.fetchall()
holds = n == n_ratings and no_person == no_film == repeated == different == 0
conclude(
    (
        "as duas junções fecham: toda avaliação tem sua pessoa e seu filme, "
        "nenhum par (pessoa, filme) se repete e a tabela enriquecida é igual "
        "à junção refeita. "
        if holds
        else "**as junções não fecham**: veja a tabela acima. "
    )
    + f"No outro sentido sobram {number(silent_people)} pessoas e "
    f"{number(silent_films)} filmes sem avaliação: os filmes continuam em "
    "`dim_movies`, porque a pergunta «qual público para este filme?» é "
    "justamente sobre filmes que ninguém avaliou."
)

# %% [markdown]
# ### A armadilha: gêneros multiplicam linhas
#
# Um filme tem vários gêneros. Quem junta `fct_ratings` com `dim_movie_genres`
# e depois conta linhas conta cada avaliação uma vez por gênero.

# %%
genres = con.sql("""
    select
        count(*) as n_rows,
        count(distinct (user_id, movie_id)) as n_ratings,
        round(count(*) / count(distinct (user_id, movie_id)), 2)
            as rows_per_rating,
    from marts.fct_ratings
    inner join marts.dim_movie_genres using (movie_id)
""")
genres

# %%
[(genre_rows, genre_ratings, rows_per_rating)] = genres.fetchall()
conclude(
    f"a junção com gêneros tem {number(genre_rows)} linhas para "
    f"{number(genre_ratings)} avaliações ({number(rows_per_rating, 2)} por "
    "avaliação). Ela serve para perguntas *por gênero*; totais se contam "
    "antes dela."
)

# %% [markdown]
# ## Quem são as pessoas
#
# Gênero, faixa etária, ocupação e código postal são declarados por quem se
# inscreveu, e não conferidos.

# %%
people = con.sql("""
    select
        age_group,
        count(*) filter (gender = 'F') as women,
        count(*) filter (gender = 'M') as men,
    from marts.dim_users
    group by age_group
    order by min(age_code)
""")
people

# %%
frame = people.df()
(ax,) = style.axes(7.5, 3.2)
places = range(len(frame))
ax.bar(
    [x - 0.2 for x in places],
    frame["women"],
    0.38,
    label="mulheres",
    color=style.OTHER,
)
ax.bar(
    [x + 0.2 for x in places],
    frame["men"],
    0.38,
    label="homens",
    color=style.MAIN,
)
ax.set_xticks(
    list(places), [level_name("age_group", age) for age in frame["age_group"]]
)
ax.grid(axis="x", visible=False)
style.decimal_comma(ax.yaxis)
ax.set(title="Pessoas por gênero e faixa etária", xlabel="idade (anos)")
ax.legend()
plt.show()

# %%
YOUNG = 45
[(share_of_men, share_young, top_occupation, top_share)] = con.sql(f"""
    select
        avg((gender = 'M')::int),
        avg((age_code < {YOUNG})::int),
        mode(occupation),
        count(*) filter (
            occupation = (select mode(occupation) from marts.dim_users)
        ) / count(*),
    from marts.dim_users
""").fetchall()
conclude(
    f"{percent(share_of_men, 0)} são homens e "
    f"{percent(share_young, 0)} têm menos de {YOUNG} anos; a ocupação mais "
    f"comum é *{level_name('occupation', top_occupation)}* "
    f"({percent(top_share, 0)}). Médias «de todo mundo» são, aqui, sobretudo "
    "médias desse grupo: por isso tudo é contado por segmento."
)
summary.add(
    f"Quem avalia não é todo mundo: {percent(share_of_men, 0)} são "
    f"homens, e {percent(share_young, 0)} têm menos de {YOUNG} anos."
)

# %% [markdown]
# ## Quantas avaliações, por pessoa e por filme

# %%
con.sql("""
    with counts as (
        select 'pessoa' as unit, count(*) as n from marts.fct_ratings
        group by user_id
        union all
        select 'filme', count(*) from marts.fct_ratings group by movie_id
    )

    select
        unit,
        count(*) as n_units,
        min(n) as least,
        median(n)::int as median,
        round(avg(n), 1) as mean,
        quantile_disc(n, 0.9) as percentile_90,
        max(n) as most,
    from counts
    group by unit
    order by unit desc
""")

# %%
concentration = con.sql("""
    with films as (
        select
            n_ratings,
            row_number() over (order by n_ratings desc, movie_id) as place,
        from marts.dim_movies
        where n_ratings > 0
    )

    select
        place / count(*) over () as share_of_films,
        sum(n_ratings) over (order by place) / sum(n_ratings) over ()
            as share_of_ratings,
    from films
    order by place
""").df()
per_person = con.sql("""
    select count(*) as n from marts.fct_ratings group by user_id
""").df()["n"]
left, right = style.axes(9, 3.2, 2)
n_bins = np.ceil(np.log(per_person.max() / per_person.min()) / np.log(1.25))
edges = per_person.min() * 1.25 ** np.arange(n_bins + 1)
left.hist(per_person, bins=edges, color=style.MAIN)
left.set_xscale("log")
left.set_xticks([20, 50, 100, 200, 500, 1000, 2000])
left.minorticks_off()
style.decimal_comma(left.xaxis)
left.set(
    title="Avaliações por pessoa (escala log)",
    xlabel="avaliações",
    ylabel="pessoas",
)
right.plot(
    concentration["share_of_films"],
    concentration["share_of_ratings"],
    color=style.MAIN,
    linewidth=2,
)
right.plot([0, 1], [0, 1], color=style.MUTED, linewidth=1, linestyle="--")
style.percent_axis(right.xaxis)
style.percent_axis(right.yaxis)
right.set(
    title="Poucos filmes juntam a maioria",
    xlabel="filmes, do mais avaliado ao menos",
    ylabel="avaliações acumuladas",
)
plt.show()

# %%
[(least, density)] = con.sql("""
    select
        (
            select min(n) from (
                select count(*) as n from marts.fct_ratings group by user_id
            )
        ),
        count(*) / (
            count(distinct user_id)
            * (select count(*) from marts.dim_movies)
        ),
    from marts.fct_ratings
""").fetchall()
top_tenth = concentration.loc[
    concentration["share_of_films"] <= 0.1, "share_of_ratings"
].max()
[(few,)] = con.sql("""
    select avg((n_ratings < 20)::int) from marts.dim_movies
""").fetchall()
conclude(
    f"{percent(1 - density)} da grade pessoa × filme está vazia; os 10 % de "
    f"filmes mais vistos juntam {percent(top_tenth, 0)} das avaliações e "
    f"{percent(few, 0)} dos filmes têm menos de 20. Toda pessoa avaliou ao "
    f"menos {number(least)} filmes: quem desistiu antes não está aqui, e as "
    "conclusões valem para quem usa o serviço."
)
summary.add(
    "Quase ninguém viu quase tudo: de todos os pares de pessoa e filme, "
    f"{percent(1 - density, 0)} não têm nota, e um décimo dos filmes junta "
    f"{percent(top_tenth, 0)} das notas."
)

# %% [markdown]
# ## Anos, décadas e gêneros dos filmes
#
# O ano vem do título; o gênero, da lista de cada filme.

# %%
by_genre = con.sql("""
    select
        genre,
        count(*) as n_films,
        sum(n_ratings)::bigint as n_ratings,
        round(sum(n_ratings) / (select count(*) from marts.fct_ratings), 3)
            as share_of_ratings,
    from marts.dim_movie_genres
    inner join marts.dim_movies using (movie_id)
    group by genre
    order by n_ratings desc
""")
by_genre

# %%
by_decade = con.sql("""
    select decade, count(*) as n_films, sum(n_ratings)::bigint as n_ratings
    from marts.dim_movies
    where decade is not null
    group by decade
    order by decade
""").df()
frame = by_genre.df().iloc[::-1]
frame["genre"] = frame["genre"].map(genre_name)
left, right = style.axes(9, 4, 2)
left.barh(frame["genre"], frame["share_of_ratings"], color=style.MAIN)
style.percent_axis(left.xaxis)
left.grid(axis="y", visible=False)
left.set(title="Avaliações que tocam cada gênero")
right.bar(
    by_decade["decade"], by_decade["n_ratings"], width=8, color=style.MAIN
)
style.decimal_comma(right.yaxis)
right.grid(axis="x", visible=False)
right.set(title="Avaliações por década do filme", xlabel="década")
plt.show()

# %%
[(first, last, without_year, nineties)] = con.sql("""
    select
        min(year),
        max(year),
        count(*) filter (year is null),
        coalesce(sum(n_ratings) filter (decade = 1990), 0) / sum(n_ratings),
    from marts.dim_movies
""").fetchall()
top = by_genre.fetchall()
conclude(
    f"os filmes vão de {first} a {last} ({without_year} sem ano no título) e "
    f"os anos 1990 recebem {percent(nineties, 0)} das avaliações. "
    f"*{genre_name(top[0][0])}* e *{genre_name(top[1][0])}* tocam "
    f"{percent(top[0][3], 0)} e {percent(top[1][3], 0)} delas (um filme pode "
    "ter vários gêneros, então as partes somam mais de 100 %)."
)

# %% [markdown]
# ## O que o horário diz, e o que não diz
#
# `rated_at` é quando a nota foi dada no site, não quando o filme foi visto. No
# arquivo que produziu os resultados salvos aqui, os horários de 13 % das
# avaliações são interpolados: os números desta seção são aproximados.

# %%
sittings = con.sql("""
    with people as (
        select
            user_id,
            count(*) as n,
            count(distinct rated_at::date) as n_days,
            max(rated_at) - min(rated_at) as span,
        from marts.fct_ratings
        group by user_id
    )

    select
        min(rated_at)::date as first_day,
        max(rated_at)::date as last_day,
        round(avg((year(rated_at) = 2000)::int), 3) as share_in_2000,
        (select round(avg((n_days = 1)::int), 3) from people)
            as people_with_one_day,
        (select round(epoch(median(span)) / 60) from people)
            as median_minutes_from_first_to_last,
    from marts.fct_ratings
""")
sittings

# %%
[(first_day, last_day, _, one_day, minutes)] = sittings.fetchall()
MOST = 0.5
has_times, in_a_sitting = minutes is not None, one_day > MOST
conclude(
    (
        f"{percent(one_day, 0)} das pessoas deram todas as notas num só dia; "
        "na mediana, entre a primeira e a última passam "
        f"{number(minutes)} minutos. "
        if has_times
        else "os dados não dizem quando as notas foram dadas. "
    )
    + (
        "As notas são lembranças de filmes vistos antes, dadas numa sentada. "
        "Por isso os modelos"
        if in_a_sitting
        else "Os modelos"
    )
    + " não usam o horário, e a separação entre treino e teste é por pessoa "
    "e por filme, não pela data da nota."
)
summary.add(
    ("As notas são lembranças: " if in_a_sitting else "Quando se avalia: ")
    + (
        f"{percent(one_day, 0)} das pessoas deram todas as suas num só dia."
        if has_times
        else "os dados não dizem."
    )
)

# %% [markdown]
# ## Dobras: a separação vem antes de tudo
#
# A dobra de uma pessoa ou de um filme é um resumo (md5) do seu número, feito
# no dbt antes de qualquer soma. A dobra 4 é o teste; a 3, a validação.

# %%
con.sql("""
    select
        user_fold as fold,
        count(distinct user_id) as n_people,
        count(*) as n_ratings,
        round(avg(stars), 3) as mean_stars,
        round(
            count(distinct user_id) filter (gender = 'F')
            / count(distinct user_id),
            3
        ) as women_among_people,
        round(avg((gender = 'F')::int), 3) as women_among_ratings,
    from marts.fct_ratings
    group by user_fold
    order by user_fold
""")

# %%
[(stars, people, ratings)] = con.sql("""
    with folds as (
        select
            user_fold,
            avg(stars) as mean_stars,
            count(distinct user_id) filter (gender = 'F')
                / count(distinct user_id) as women_among_people,
            avg((gender = 'F')::int) as women_among_ratings,
        from marts.fct_ratings
        group by user_fold
    )

    select
        max(mean_stars) - min(mean_stars),
        max(women_among_people) - min(women_among_people),
        max(women_among_ratings) - min(women_among_ratings),
    from folds
""").fetchall()
conclude(
    f"entre as cinco dobras, a média de estrelas difere no máximo "
    f"{number(stars, 3)}. A parte de mulheres difere "
    f"{number(100 * people, 1)} pontos entre as pessoas e "
    f"{number(100 * ratings, 1)} entre as avaliações: poucas pessoas muito "
    "ativas pesam muito, e por isso os intervalos dos próximos cadernos "
    "contam pessoas, não avaliações. Nenhuma pessoa está em duas dobras: "
    "o erro medido é o de pessoas que o modelo nunca viu."
)
con.close()
