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
# # 7. Como perguntar à API?
#
# *English summary: the notebook starts the API on a free local port, asks both
# questions (films for a person, an audience for a film), shows what comes
# back and how to read it, checks the evidence of an answer against the
# warehouse, shows how a wrong question is refused, and ends the API.*
#
# Fora deste caderno, `make serve` faz o mesmo em `http://127.0.0.1:8000`, com
# uma página para pessoas em `/` e a descrição de tudo em `/schema`.

# %%
import sys

sys.path.insert(0, "..")

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from notebooks import style
from notebooks.examples import known_genres, known_profile, person_told
from notebooks.portuguese import level_name
from notebooks.service import Service
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()
summary = style.Summary()
api = Service()

# %% [markdown]
# ## Que modelo responde?
#
# A API serve uma *release*: modelo e tabelas publicados juntos, assinados, com
# o nome tirado do conteúdo. Cada resposta traz esse nome.

# %%
model = api.get("/model")
{
    name: model[name]
    for name in ("release", "data_generated", "n_movies", "n_users")
}

# %% [markdown]
# ## Método 1: que filmes para esta pessoa?
#
# Tudo no perfil é opcional. A pessoa não tem conta nem histórico.

# %%
question = {
    "profile": known_profile(
        {
            "gender": "F",
            "age": 29,
            "occupation": "writer",
            "nationality": "Brazil",
        }
    ),
    "limit": 10,
}
answer = api.post("/recommendations", question)
print(json.dumps(answer["profile"], ensure_ascii=False, indent=1))
print(json.dumps(answer["ignored"], ensure_ascii=False, indent=1))
print(json.dumps(answer["rests_on"], ensure_ascii=False, indent=1))


# %%
def as_table(answer):
    """The suggestions of an answer, a row each."""
    return pd.DataFrame(
        {
            "rank": item["rank"],
            "film": f"{item['display_title']} ({item['year']})",
            **{
                p["label_pt"]: round(p["probability"], 3)
                for p in item["probabilities"]
            },
            "stars": round(item["expected_stars"], 2),
            "interest": round(item["interest"], 3),
        }
        for item in answer["items"]
    )


films = as_table(answer)
con.sql("from films")


# %%
def plot_classes(films, title) -> None:
    """The four probabilities of each film, as stacked bars."""
    (ax,) = style.axes(8.5, 0.32 * len(films) + 1.1)
    labels = films.columns[2:6]
    left = np.zeros(len(films))
    for label, colour in zip(labels, style.CLASS_COLOURS, strict=True):
        ax.barh(films["film"], films[label], left=left, color=colour)
        left += films[label].to_numpy()
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.set(title=title, xlim=(0, 1))
    style.percent_axis(ax.xaxis)
    ax.legend(labels, ncols=4, loc="upper center", bbox_to_anchor=(0.4, -0.1))
    plt.show()


who = person_told(question["profile"])
plot_classes(films, f"{who}: dez filmes, quatro probabilidades")

# %%
n_ignored = len(answer["ignored"])
rests_on = answer["rests_on"]
conclude(
    "a resposta diz o que entendeu, o que não usou e por quê "
    f"({'nada' if n_ignored == 0 else 'a nacionalidade'}, aqui), e em quantas "
    f"pessoas se apoia: o perfil exato tem {number(rests_on['n_users'])} nos "
    "dados. Um perfil raro, ou que ninguém tem, também recebe resposta: o "
    "modelo junta o que sabe de cada parte dele."
)
summary.add(
    "Filmes para uma pessoa: a resposta dá as quatro probabilidades de cada "
    "filme e diz em quantas pessoas se apoia; do perfil do exemplo há "
    f"{number(rests_on['n_users'])} nos dados, e ainda assim ele recebe "
    f"{number(len(answer['items']))} filmes."
)

# %% [markdown]
# ### Outra pessoa, e ninguém
#
# Todo mundo recebe a mesma lista? A resposta conta quantos filmes diferem do
# que receberia alguém de quem nada se sabe. `rank_by` escolhe a ordem:
# `for_you` (interesse × agrado), `liking` (só agrado) ou `distinctive` (o que
# distingue o perfil).

# %%
profiles = {
    "ninguém": {},
    "mulher, 29": {"gender": "F", "age": 29},
    "homem, 29": {"gender": "M", "age": 29},
    "menino, 14": {"gender": "M", "age": 14, "occupation": "K-12 student"},
    "mulher, 60": {"gender": "F", "age": 60, "occupation": "retired"},
}
rows = []
for name, whole in profiles.items():
    profile = known_profile(whole)
    for rank_by in ("for_you", "liking", "distinctive"):
        reply = api.post(
            "/recommendations",
            {"profile": profile, "limit": 10, "rank_by": rank_by},
        )
        rows.append(
            {
                "profile": name,
                "rank_by": rank_by,
                "n_different": reply["differs_from_everyone"]["n_different"],
                "first": reply["items"][0]["display_title"],
                "mean_interest": np.mean(
                    [item["interest"] for item in reply["items"]]
                ),
            }
        )
compared = pd.DataFrame(rows)
con.sql("""
    select
        profile,
        rank_by,
        n_different as differ_of_10,
        first as first_film,
        round(mean_interest, 3) as mean_interest,
    from compared
""")

# %%
by_order = compared[compared["profile"] != "ninguém"].groupby("rank_by")
different = by_order["n_different"].mean()
interest = by_order["mean_interest"].mean()
conclude(
    "em média, nestes quatro perfis, diferem do que todos recebem "
    f"{number(different['for_you'], 1)} de 10 filmes na ordem `for_you` e "
    f"{number(different['distinctive'], 1)} em `distinctive`. O interesse "
    f"médio da lista é {percent(interest['for_you'], 0)} em `for_you`, "
    f"{percent(interest['distinctive'], 0)} em `distinctive` e "
    f"{percent(interest['liking'], 0)} em `liking`, que ordena por agrado "
    "mesmo o que pouca gente veria. Cada resposta diz quanto a sua lista muda."
)
summary.add(
    "Cada resposta diz quanto a sua lista difere da que todos recebem: nos "
    f"exemplos, {number(different['for_you'], 1)} de cada "
    f"{number(len(answer['items']))} filmes, em média."
)

# %% [markdown]
# ### Com algumas notas
#
# A mesma pessoa conta que viu os três primeiros filmes da lista: odiou o
# primeiro, amou os outros dois. Os avaliados saem da lista e o resto se
# reordena.

# %%
seen = [item["movie_id"] for item in answer["items"][:3]]
rated = question | {
    "ratings": [
        {"movie_id": seen[0], "stars": 1},
        {"movie_id": seen[1], "stars": 5},
        {"movie_id": seen[2], "rating_class": 4},
    ]
}
refined = api.post("/recommendations", rated)
refined_films = as_table(refined)
con.sql("from refined_films")

# %%
before = {item["movie_id"] for item in answer["items"]} - set(seen)
after = {item["movie_id"] for item in refined["items"]}
conclude(
    f"com {refined['n_ratings_used']} notas, dos {len(before)} filmes que "
    f"restavam da lista antiga, {len(before & after)} continuam nela; "
    f"{len(after & set(seen))} dos avaliados aparecem. O caderno 6 mede "
    "quanto cada nota a mais melhora a previsão."
)

# %% [markdown]
# ### A evidência confere com o armazém
#
# Ao lado de cada filme vêm as contagens do segmento mais próximo e de todos, e
# a resposta traz o SQL que as reproduz. Aqui ele é executado no armazém.

# %%
first = answer["items"][0]
counted = first["evidence"]["segment"] or first["evidence"]["everyone"]
print(answer["evidence_sql"])
[reproduced] = (
    con.execute(
        answer["evidence_sql"],
        {
            "movie_id": first["movie_id"],
            "dimension": counted["dimension"],
            "level": counted["level"],
        },
    )
    .df()
    .to_dict("records")
)
checked = pd.DataFrame([counted, reproduced])
checked.insert(0, "source", ["API", "armazém"])
con.sql("from checked")

# %%
conclude(
    "as contagens da resposta e as do armazém são "
    + ("iguais." if counted == reproduced else "**diferentes**.")
)
summary.add(
    "Toda resposta traz a consulta que a confere; refeita aqui, ela dá "
    + ("as mesmas contagens." if counted == reproduced else "**outras**.")
)

# %% [markdown]
# ## Método 2: que público para este filme?
#
# Um filme que ninguém avaliou: só título, ano e gêneros. `reach` é a parte do
# público que é do segmento; `reach_index`, quantas vezes isso é a parte do
# segmento entre todos (100 = igual); `affinity`, quanto mais provável é que
# goste, além do que o segmento costuma gostar. Tudo com intervalo de 80 %.

# %%
movie = {
    "title": "Star Trek: The Return",
    "year": 2000,
    "genres": known_genres(["Action", "Sci-Fi"]),
}
audience = api.post("/audiences", {"movie": movie, "limit": 100})
print(audience["target"]["sentence"])
print("Avisos:", audience["warnings"] or "nenhum")
segments = pd.DataFrame(
    {
        **row["segment"],
        "reach": row["reach"]["value"],
        "reach_index": row["reach_index"]["value"],
        "index_low": row["reach_index"]["low"],
        "index_high": row["reach_index"]["high"],
        "affinity": row["affinity"]["value"],
        "affinity_low": row["affinity"]["low"],
        "affinity_high": row["affinity"]["high"],
        "n_users": row["n_users"],
        "is_target": row["is_target"],
    }
    for row in audience["segments"]
)
con.sql("""
    select
        gender,
        age_group,
        round(reach, 3) as reach,
        round(reach_index) as reach_index,
        round(index_low) as index_low,
        round(index_high) as index_high,
        round(affinity, 3) as affinity,
        n_users,
        is_target,
    from segments
    order by reach_index desc
""")

# %%
left, right = style.axes(10, 4.4, 2)
order = segments.sort_values("reach_index").reset_index(drop=True)
names = [
    f"{level_name('gender', row.gender)}, "
    f"{level_name('age_group', row.age_group)}"
    for row in order.itertuples()
]
for ax, value, low, high, neutral, title in (
    (left, "reach_index", "index_low", "index_high", 100, "Vai ver"),
    (right, "affinity", "affinity_low", "affinity_high", 0, "Vai gostar"),
):
    ax.errorbar(
        order[value],
        range(len(order)),
        xerr=[order[value] - order[low], order[high] - order[value]],
        fmt="none",
        ecolor=style.MUTED,
    )
    for target, colour in ((True, style.OTHER), (False, style.MAIN)):
        kept = order[order["is_target"] == target]
        ax.plot(
            kept[value],
            kept.index,
            "o",
            color=colour,
            label="público-alvo" if target else "os demais",
        )
    ax.axvline(neutral, color=style.MUTED, linewidth=1, linestyle="--")
    ax.set_yticks(range(len(order)), names if ax is left else [])
    ax.set(title=f"{title}: {value}, 80 %")
style.decimal_comma(left.xaxis)
style.decimal_comma(right.xaxis, 2)
left.legend(loc="lower right")
plt.show()

# %%
clear = (segments["index_low"] > 100) | (segments["index_high"] < 100)
likes = (segments["affinity_low"] > 0) | (segments["affinity_high"] < 0)
conclude(
    f"os dados apoiam {number(segments['is_target'].sum())} de "
    f"{len(segments)} segmentos como público-alvo. O intervalo do alcance "
    f"exclui 100 em {number(clear.sum())} segmentos e o da afinidade exclui 0 "
    f"em {number(likes.sum())}: de um filme de que só se sabem título, ano e "
    "gêneros, sabe-se mais sobre quem vem do que sobre quem gosta mais."
    if clear.sum() > likes.sum()
    else f"os dados apoiam {number(segments['is_target'].sum())} de "
    f"{len(segments)} segmentos como público-alvo. O intervalo do alcance "
    f"exclui 100 em {number(clear.sum())} segmentos e o da afinidade exclui 0 "
    f"em {number(likes.sum())}."
)
summary.add(
    "Público para um filme: quem vem e quem gosta mais são respostas "
    f"separadas. No exemplo, de {number(len(segments))} grupos, os dados "
    f"afirmam algo de quem vem em {number(clear.sum())}, de quem gosta mais "
    f"em {number(likes.sum())}, e sustentam "
    f"{number(segments['is_target'].sum())} como público-alvo."
)

# %% [markdown]
# ### E se fosse um romance?
#
# Mudar um gênero muda o público previsto.

# %%
other = {
    "title": "The Return",
    "year": 2000,
    "genres": known_genres(["Romance"], -1),
}
romance = api.post("/audiences", {"movie": other, "by": ["gender"]})
action = api.post("/audiences", {"movie": movie, "by": ["gender"]})
one, two = (
    f"{asked['title']} ({', '.join(asked['genres'])})"
    for asked in (movie, other)
)
shares = pd.DataFrame(
    {
        "film": name,
        "gender": row["segment"]["gender"],
        "reach": round(row["reach"]["value"], 3),
        "low": round(row["reach"]["low"], 3),
        "high": round(row["reach"]["high"], 3),
    }
    for name, reply in ((one, action), (two, romance))
    for row in reply["segments"]
)
con.sql("from shares order by film, gender")

# %%
women = shares[shares["gender"] == "F"].set_index("film")["reach"]
conclude(
    f"a parte de mulheres passa de {percent(women[one], 0)} para "
    f"{percent(women[two], 0)}."
)

# %% [markdown]
# ## Perguntas erradas são recusadas, com o motivo
#
# Nenhum campo desconhecido é ignorado: a recusa (RFC 9457) diz qual campo e o
# que se aceita.

# %%
refusal = api.ask("/recommendations", {"profile": {"idade": 29}})
print(refusal.status_code, refusal.headers["content-type"])
problem = refusal.json()
print(json.dumps(problem["errors"], ensure_ascii=False, indent=1))

# %%
api.stop()
con.close()
