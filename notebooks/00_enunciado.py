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
# *English summary: the brief's eight steps, each with the number or picture
# that answers it and the place where it is answered at length. Conclusions
# come first. Demographics and taste hang together weakly but surely; the model
# with the lowest error beats the film's own mean by a little; accuracy
# misleads, and a model is trained here step by step to show why; the pickle
# goes to an S3 server and comes back signed; both methods of the API answer.*
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
from models_ml.vocabulary import DIMENSIONS, RATING_LABELS_PT
from models_ml.warehouse.read import read_dataset
from notebooks import style
from notebooks.bucket import local_bucket, publish_and_read_back
from notebooks.service import Service
from notebooks.style import conclude, number, percent
from notebooks.warehouse import open_warehouse

style.use_style()
con = open_warehouse()

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
people = con.sql("""
    select user_id, gender, age_group, occupation, region
    from marts.dim_users
    order by user_id
""").df()
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


IN_PORTUGUESE = {
    "gender": "gênero",
    "age_group": "faixa etária",
    "occupation": "ocupação",
    "region": "região",
}
rng = np.random.default_rng(20_001)
draws = [rng.integers(len(people), size=len(people)) for _ in range(200)]
association = []
for dimension in DIMENSIONS:
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
            "demografia": IN_PORTUGUESE[dimension],
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
    f"{weakest['demografia']} (V = {number(weakest['V'], 2)}). São "
    "associações fracas: gênero e idade inclinam o gosto, não o decidem."
)

# %% [markdown]
# ## 3. Um modelo, treinado aqui passo a passo
#
# As mesmas funções que o treino usa. Pessoas das partições 0, 1 e 2 ensinam;
# as da partição 3 julgam, e o modelo nunca as viu.

# %%
dataset = read_dataset(load_settings().warehouse)
train = dataset.of_user_folds((0, 1, 2))
fitted = {
    name: PERSON_CANDIDATES[name].fit(train)
    for name in ("class_prior", "film_mean", "segments")
}
results = {
    name: evaluate_new_person(model, dataset, (3,))
    for name, model in fitted.items()
}
compared = pd.DataFrame(
    {
        "modelo": name,
        "log-loss": round(metrics["log_loss"], 4),
        "RMSE": round(metrics["rmse"], 4),
        "acurácia": round(metrics["accuracy"], 4),
        "kappa": round(metrics["quadratic_kappa"], 4),
        "macro-F1": round(metrics["macro_f1"], 4),
    }
    for name, metrics in (
        (
            name,
            {
                **result.metrics(),
                "accuracy": float(
                    (
                        result.probabilities.argmax(axis=1) == result.actual()
                    ).mean()
                ),
            },
        )
        for name, result in results.items()
    )
)
con.sql("from compared")

# %% [markdown]
# A matriz de confusão do último: linhas são o que as pessoas deram, colunas o
# que o modelo acha mais provável.

# %%
result = results["segments"]
confusion = pd.crosstab(
    pd.Categorical.from_codes(result.actual(), RATING_LABELS_PT),
    pd.Categorical.from_codes(
        result.probabilities.argmax(axis=1), RATING_LABELS_PT
    ),
    rownames=["deu"],
    colnames=["mais provável"],
    dropna=False,
)
confusion

# %%
loss = compared.set_index("modelo")["log-loss"]
conclude(
    "quase tudo cai na coluna “Gostei”, porque é a classe mais comum: a "
    "acurácia mal distingue os modelos, e a log-loss, que julga as quatro "
    "probabilidades, distingue. Saber o filme baixa a log-loss de "
    f"{number(loss['class_prior'], 3)} para {number(loss['film_mean'], 3)}; "
    f"somar gênero, idade e ocupação, para {number(loss['segments'], 3)}. O "
    "modelo que a versão serve, e todos os que perderam, estão no caderno 4."
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
stored

# %% [markdown]
# ## 5. Os dois métodos da API

# %%
api = Service()
films = api.post(
    "/recommendations",
    {
        "profile": {
            "gender": "F",
            "age": 29,
            "occupation": "scientist",
            "nationality": "Brazil",
        },
        "limit": 5,
    },
)
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
            "genres": ["Children's", "Animation"],
        }
    },
)
api.stop()
audience["target"]["sentence"]

# %%
conclude(
    f"para uma cientista brasileira de 29 anos, o primeiro filme é "
    f"“{suggested['filme'][0]}”. "
    + (
        "A nacionalidade foi usada só como “fora dos Estados Unidos”: estes "
        "dados não distinguem outros países, e a resposta diz isso."
        if films["ignored"]
        else "A nacionalidade foi usada."
    )
)
