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
# # O enunciado, passo a passo
#
# *English summary: the eight steps asked for, each with the number or picture
# that answers it and the place where it is answered at length. What was
# found comes first, in the box; each of its sentences is written by the cell
# below that computes its numbers. Demographics and taste hang together, though
# neither decides the other; four models are trained here step by step;
# accuracy misleads; the pickle goes to an S3 server and comes back signed;
# both methods of the API answer.*
#
# Cada caderno abre com um quadro, **Em resumo**. As frases dele são escritas
# pelas células de baixo, com os números que elas calculam; o código de cada
# célula fica dobrado no JupyterLab e se abre com um clique.
#
# O que se pediu, e onde está a resposta:
#
# | passo | pergunta | resposta longa |
# |---|---|---|
# | 1 | juntar os três arquivos | [caderno 1](01_dados.ipynb) |
# | 2 | quatro classes na escala de 0 a 10 | [caderno 2](02_classes.ipynb) |
# | – | demografia e gosto andam juntos? | [caderno 3](03_gostos.ipynb) |
# | 3 | o modelo supervisionado de menor erro | cadernos [4][] e [5][] |
# | 4 | guardar e documentar cada teste | [avaliação][], [ensaios][] |
# | 5 | uma API com dois métodos | [caderno 7](07_api.ipynb) |
# | 6 | documentar em cadernos | estes |
# | 7 | o modelo no S3, em pickle | [docs/releases.md](../docs/releases.md) |
# | 8 | roteiro e vídeo | [docs/video](../docs/video/roteiro.md) |
#
# [4]: 04_modelo_pessoa.ipynb
# [5]: 05_modelo_filme.ipynb
# [avaliação]: ../docs/evaluation.md
# [ensaios]: ../docs/runs

# %%
import sys

sys.path.insert(0, "..")

import numpy as np
import pandas as pd

from models_ml.evaluation.person import evaluate_new_person
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.settings import load_settings
from models_ml.vocabulary import RATING_LABELS_PT
from models_ml.warehouse.read import read_dataset, read_vocabulary
from notebooks import portuguese, style
from notebooks.bucket import local_bucket, publish_and_read_back
from notebooks.examples import known_genres, known_profile, person_told
from notebooks.service import Service
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()
summary = style.Summary()

# %% [markdown]
# ## 1. Os três arquivos, juntos
#
# Cada linha dos arquivos virou uma linha de tabela ou uma linha rejeitada, com
# o motivo; um teste do dbt confere a soma.

# %%
joined = con.sql("""
    select
        (select count(*) from marts.dim_users) as pessoas,
        (select count(*) from marts.dim_movies) as filmes,
        (select count(*) from marts.fct_ratings) as notas,
        (select count(*) from marts.rejected_lines) as linhas_rejeitadas,
""")
joined

# %%
[(n_people, n_films, n_ratings, n_rejected)] = joined.fetchall()
summary.add(
    f"Os três arquivos formam uma só tabela: {number(n_ratings)} notas de "
    f"{number(n_people)} pessoas a {number(n_films)} filmes, e "
    f"{number(n_rejected)} linhas recusadas."
)

# %% [markdown]
# ## 2. Quatro classes, de Detestei a Adorei
#
# A nota de 0 a 10 é o dobro das estrelas: 0–2 Detestei, 3–5 Não gostei, 6–8
# Gostei, 9–10 Adorei.

# %%
classes = con.sql(
    """
    select
        rating_class as classe,
        $labels[rating_class] as nome,
        min(score) as nota_de,
        max(score) as nota_ate,
        count(*) as notas,
        round(count(*) / sum(count(*)) over (), 3) as parte,
    from marts.fct_ratings
    group by rating_class
    order by rating_class
""",
    params={"labels": list(RATING_LABELS_PT)},
)
classes

# %%
shares = classes.df()["parte"].to_numpy()
conclude(
    f"quem respondesse sempre “{RATING_LABELS_PT[int(shares.argmax())]}” "
    f"acertaria {percent(shares.max(), 0)} das vezes sem saber nada. Por isso "
    "acurácia não escolhe modelo aqui."
)
summary.add(
    "As quatro classes são desiguais. Das notas, "
    + ", ".join(
        f"{percent(share, 0)} são {label}"
        for share, label in zip(shares, RATING_LABELS_PT, strict=True)
    )
    + "."
)

# %% [markdown]
# ## Demografia e gosto andam juntos?
#
# Para cada pessoa, o gênero de filme que ela vê mais do que os outros veem. O
# V de Cramér (0: nada a ver; 1: um decide o outro), sem o viés que o acaso lhe
# dá (Bergsma, 2013), diz quanto cada dado da pessoa anda com esse gênero. As
# pessoas são a unidade; os intervalos, de 95 %, vêm de sorteá-las de novo.

# %%
favourites = con.sql("""
    with shares as (
        select
            user_id,
            genre,
            n_ratings / n_all_ratings as share,
            sum(n_ratings) over (partition by genre)
            / (select sum(n_ratings) from features.feat_user_genres)
                as everyones,
        from features.feat_user_genres
        where n_ratings >= 5
    )

    select
        user_id,
        arg_max(genre, share / everyones) as favourite,
    from shares
    group by user_id
""").df()
people = con.sql("from marts.dim_users order by user_id").df()
dimensions = [
    dimension
    for dimension in read_vocabulary(load_settings().warehouse).dimensions
    if people[dimension].nunique() > 1
]
people = people[["user_id", *dimensions]]
people = people.merge(favourites, on="user_id").drop(columns="user_id")


# %%
def cramers_v(first, second):
    """Cramér's V of two columns, corrected for its bias (Bergsma 2013)."""
    table = pd.crosstab(first, second).to_numpy()
    n = table.sum()
    expected = np.outer(table.sum(1), table.sum(0)) / n
    phi2 = ((table - expected) ** 2 / expected).sum() / n
    rows, columns = (np.array(table.shape) - 1) / 1.0
    phi2 = max(phi2 - rows * columns / (n - 1), 0.0)
    sizes = [k + 1 - k**2 / (n - 1) for k in (rows, columns)]
    return float(np.sqrt(phi2 / (min(sizes) - 1)))


rng = np.random.default_rng(20_001)
draws = [rng.integers(len(people), size=len(people)) for _ in range(200)]
association = []
for dimension in dimensions:
    value = cramers_v(people[dimension], people["favourite"])
    again = [
        cramers_v(drawn[dimension], drawn["favourite"])
        for drawn in (people.iloc[rows] for rows in draws)
    ]
    # The bootstrap's spread, not its quantiles: drawing people again adds
    # chance, which the correction for bias does not take out twice.
    error = 1.96 * float(np.std(again))
    placebo = cramers_v(
        people[dimension].sample(frac=1, random_state=1).to_numpy(),
        people["favourite"].to_numpy(),
    )
    association.append(
        {
            "demografia": portuguese.DIMENSIONS[dimension],
            "V": round(value, 3),
            "de": round(value - error, 3),
            "até": round(value + error, 3),
            "placebo (embaralhada)": round(placebo, 3),
        }
    )
association = pd.DataFrame(association).sort_values("V", ascending=False)
con.sql("from association")

# %%
strongest, weakest = association.iloc[0], association.iloc[-1]
conclude(
    f"o que mais anda com o gênero preferido é {strongest['demografia']} "
    f"(V = {number(strongest['V'], 2)}), e o que menos, "
    f"{weakest['demografia']} (V = {number(weakest['V'], 2)})."
    + (
        " O grupo inclina o gosto, não o decide."
        if strongest["V"] < 0.5
        else ""
    )
)
summary.add(
    "O gosto anda com quem a pessoa é"
    + (", sem que isso o decida" if strongest["V"] < 0.5 else "")
    + ": numa escala em que zero é "
    f"nada e um é tudo, {strongest['demografia']}, o dado que mais diz, chega "
    f"a {number(strongest['V'], 2)}, e {weakest['demografia']}, o que menos, "
    f"a {number(weakest['V'], 2)}."
)

# %% [markdown]
# ## 3. Um modelo, treinado aqui passo a passo
#
# As mesmas funções que o treino usa, do mais simples ao que a API serve.
#
# **Passo 1: ler as somas e separar as pessoas.** As das dobras 0, 1 e 2
# ensinam; as da dobra 3 julgam, e nenhum modelo as viu.

# %%
dataset = read_dataset(load_settings().warehouse)
train = dataset.of_user_folds((0, 1, 2))
judged = {}


def judge(name, says):
    """Fit a candidate on the people who teach; judge it on the others."""
    model = PERSON_CANDIDATES[name].fit(train)
    judged[name] = result = evaluate_new_person(model, dataset, (3,))
    likeliest = result.probabilities.argmax(axis=1)
    metrics = result.metrics()
    return pd.DataFrame(
        {
            "modelo": [says],
            "log-loss": round(metrics["log_loss"], 4),
            "RMSE": round(metrics["rmse"], 4),
            "acurácia": round((likeliest == result.actual()).mean(), 4),
            "kappa": round(metrics["quadratic_kappa"], 4),
            "macro-F1": round(metrics["macro_f1"], 4),
        }
    )


# %% [markdown]
# **Passo 2: nada se sabe.** Para todo par, a parte de cada classe em todas as
# notas.

# %%
compared = judge("class_prior", "a parte de cada classe")
con.sql("from compared")

# %% [markdown]
# **Passo 3: sabe-se o filme.** As partes de cada filme, puxadas para as de
# todos quando ele tem poucas notas.

# %%
compared = pd.concat([compared, judge("film_mean", "média do filme")])
con.sql("from compared")

# %% [markdown]
# **Passo 4: sabe-se o grupo da pessoa.** As partes do filme, corrigidas pelo
# que o gênero, a idade, a ocupação e a região da pessoa costumam dar.

# %%
compared = pd.concat([compared, judge("segments", "filme e grupos")])
con.sql("from compared")

# %% [markdown]
# **Passo 5: gosto em fatores.** Filmes e pessoas têm fatores; os de uma pessoa
# nova partem do seu perfil. É o modelo que a API serve.

# %%
compared = pd.concat([compared, judge("factorisation", "fatores")])
con.sql("from compared")

# %% [markdown]
# A matriz de confusão do último: linhas são o que as pessoas deram, colunas o
# que o modelo acha mais provável.

# %%
result = judged["factorisation"]
actual, likeliest = (
    pd.Categorical.from_codes(codes, RATING_LABELS_PT)
    for codes in (result.actual(), result.probabilities.argmax(axis=1))
)
confusion = pd.crosstab(
    actual,
    likeliest,
    rownames=["deu"],
    colnames=["mais provável"],
    dropna=False,
)
confusion

# %%
by_model = compared.set_index("modelo")
loss, hits = by_model["log-loss"], by_model["acurácia"]
common = RATING_LABELS_PT[int(confusion.sum().argmax())]
in_common = confusion.sum().max() / confusion.to_numpy().sum()
conclude(
    f"{percent(in_common, 0)} das respostas caem na coluna “{common}”, a "
    "classe mais comum. A acurácia vai de "
    f"{percent(hits.min())} a {percent(hits.max())} entre os quatro modelos; "
    "a log-loss, que julga as quatro probabilidades, os distingue: saber o "
    f"filme a leva de {number(loss['a parte de cada classe'], 3)} a "
    f"{number(loss['média do filme'], 3)}, e os fatores, que sabem também da "
    f"pessoa, a {number(loss['fatores'], 3)}. Todos os que perderam estão no "
    "caderno 4."
)
best = loss.idxmin()
summary.add(
    f"O modelo de menor erro, dos {number(len(loss))} treinados aqui, é o de "
    f"“{best}”: {number(loss[best], 3)} de log-loss (menos é melhor), contra "
    f"{number(loss['média do filme'], 3)} de quem só sabe a média do filme e "
    f"{number(loss['a parte de cada classe'], 3)} de quem não sabe nada."
)
summary.add(
    f"A acurácia engana: para esse modelo, “{common}” é a classe mais "
    f"provável em {percent(in_common, 0)} dos pares, e quem diz isso sempre "
    f"acerta {percent(shares.max(), 0)} das vezes. Por isso a resposta são as "
    "quatro probabilidades."
)

# %% [markdown]
# ## 7. O modelo no S3, em pickle
#
# Um servidor S3 de verdade, só desta máquina, no lugar da AWS. O que o treino
# deixou é publicado, assinado e relido; nada é desempacotado antes de a
# assinatura e os resumos conferirem.

# %%
with local_bucket() as store:
    stored = publish_and_read_back(store)
con.sql("from stored")

# %%
back = stored[stored["lido de volta"] == "sim"]
summary.add(
    f"O modelo vai para o S3 em pickle, assinado, e volta: {number(len(back))}"
    " arquivos publicados, conferidos e lidos de novo, "
    f"{number(back['bytes'].sum() / 1e6, 1)} milhões de bytes ao todo."
)

# %% [markdown]
# ## 5. Os dois métodos da API

# %%
api = Service()
profile = known_profile(
    {
        "gender": "F",
        "age": 29,
        "occupation": "scientist",
        "nationality": "Brazil",
    }
)
films = api.post("/recommendations", {"profile": profile, "limit": 5})
suggested = pd.DataFrame(
    {
        "filme": item["display_title"],
        "gostar ou adorar": round(
            sum(p["probability"] for p in item["probabilities"][2:]), 2
        ),
        "estrelas esperadas": round(item["expected_stars"], 2),
    }
    for item in films["items"]
)
con.sql("from suggested")

# %%
audience = api.post(
    "/audiences",
    {
        "movie": {
            "title": "The Lighthouse Keeper",
            "year": 2000,
            "genres": known_genres(["Children's", "Animation"]),
        }
    },
)
api.stop()
targets = pd.DataFrame(
    segment | {"público-alvo": "sim"}
    for segment in audience["target"]["segments"]
)
con.sql("from targets") if len(targets) else "nenhum público-alvo"

# %%
conclude(
    f"para o perfil “{person_told(profile)}”, o primeiro filme é "
    f"“{suggested['filme'][0]}”. "
    + (
        "A nacionalidade foi usada só como “fora dos Estados Unidos”: estes "
        "dados não distinguem outros países, e a resposta diz isso."
        if films["ignored"]
        else "A nacionalidade foi usada."
    )
)
n_targets = len(audience["target"]["segments"])
summary.add(
    "A API tem dois métodos. Ao perfil do exemplo ela sugere primeiro "
    f"“{suggested['filme'][0]}”; para o filme que ninguém viu, os "
    f"dados sustentam {number(n_targets)} "
    f"{'grupo' if n_targets == 1 else 'grupos'} como público-alvo."
)
con.close()
