"""What notebooks show in Portuguese: levels, and the heads of tables.

Levels are called as on the page. The warehouse's own names stay in the SQL.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from api.pages.translator import Translator
from models_ml.settings import load_settings
from models_ml.warehouse.read import read_vocabulary

#: Columns that hold levels of one dimension, and which.
_OF_DIMENSION: Final = {
    "gender": "gender",
    "age_group": "age_group",
    "occupation": "occupation",
    "region": "region",
    "nationality": "nationality",
    "country": "country",
    "genre": "genre",
    "genre_of_highest": "genre",
}
DIMENSIONS: Final = {
    "gender": "gênero",
    "age_group": "faixa etária",
    "gender_age_group": "gênero × idade",
    "gender_and_age": "gênero × idade",
    "occupation": "ocupação",
    "region": "região",
    "nationality": "nacionalidade",
}
OUTCOMES: Final = {"watch": "escolha", "liking": "agrado"}
HEADS: Final = {
    "accuracy": "acurácia",
    "affinity": "afinidade",
    "age_group": "idade",
    "candidate": "candidato",
    "country": "país",
    "difference": "diferença",
    "differ_of_10": "diferem, de 10",
    "dimension": "dimensão",
    "dimensions": "dimensões",
    "ece_liked": "erro de calibração",
    "female_share_r": "r da parte de mulheres",
    "file": "arquivo",
    "film": "filme",
    "films": "filmes",
    "films_with_a_target": "filmes com público-alvo",
    "films_without_ratings": "filmes sem notas",
    "first_day": "primeiro dia",
    "first_film": "primeiro filme",
    "fold": "dobra",
    "for_you": "lista servida",
    "gain": "ganho",
    "gain_of_demographics": "ganho da demografia",
    "gender": "gênero",
    "genre": "gênero do filme",
    "genre_of_highest": "onde é maior",
    "high": "até",
    "highest": "maior",
    "index_high": "índice, até",
    "index_low": "índice, de",
    "interest": "interesse",
    "interval_80": "contém, 80 %",
    "interval_80_known": "80 %, público sabido",
    "interval_95": "contém, 95 %",
    "interval_95_known": "95 %, público sabido",
    "is_target": "público-alvo",
    "last_day": "último dia",
    "least": "menor",
    "less_film_mean": "menos média do filme",
    "level": "grupo",
    "log_loss": "log-loss",
    "log_loss_less_film": "log-loss menos filme",
    "low": "de",
    "macro_f1": "macro-F1",
    "mae": "MAE",
    "mean": "média",
    "mean_age_r": "r da idade média",
    "mean_interest": "interesse médio",
    "mean_over_genres": "média dos gêneros",
    "mean_stars": "média de estrelas",
    "mean_watch": "parte média das notas",
    "measure": "medida",
    "median": "mediana",
    "median_minutes_from_first_to_last": "minutos, mediana",
    "men": "homens",
    "most": "maior",
    "n_different_when_joined_again": "diferentes, rejuntadas",
    "n_disliked": "Não gostei",
    "n_films": "filmes",
    "n_films_with_50": "filmes com 50 notas",
    "n_found": "passam",
    "n_found_per_placebo": "passam, por placebo",
    "n_hated": "Detestei",
    "n_kept": "aceitas",
    "n_liked": "Gostei",
    "n_lines": "linhas",
    "n_loved": "Adorei",
    "n_people": "pessoas",
    "n_people_with_liking": "pessoas com agrado",
    "n_ratings": "notas",
    "n_rejected": "rejeitadas",
    "n_repeated_pairs": "pares repetidos",
    "n_rows": "linhas",
    "n_test_ratings": "notas no teste",
    "n_tests": "comparações",
    "n_unaccounted": "sem explicação",
    "n_units": "quantos",
    "n_users": "pessoas",
    "n_without_film": "sem filme",
    "n_without_person": "sem pessoa",
    "ndcg_10": "nDCG@10",
    "novelty": "novidade",
    "outcome": "gosto",
    "people_with_one_day": "pessoas de um só dia",
    "people_without_ratings": "pessoas sem notas",
    "percentile_90": "percentil 90",
    "placebo_share_p_under_5_percent": "placebo, p < 0,05",
    "policy": "como se pergunta",
    "popularity": "popularidade",
    "predictor": "preditor",
    "profile": "perfil",
    "profile_alone": "só o perfil",
    "questions": "perguntas",
    "r2": "R²",
    "r2_ceiling": "teto do R²",
    "rank": "lugar",
    "rank_by": "ordem",
    "ranking": "ordem",
    "rating_class": "classe",
    "rating_label": "nome em inglês",
    "rating_label_pt": "nome",
    "ratings_of_the_film": "notas do filme",
    "reach": "alcance",
    "reach_index": "índice de alcance",
    "region": "região",
    "rmse": "RMSE",
    "rows_per_rating": "linhas por nota",
    "rps": "RPS",
    "score": "nota de 0 a 10",
    "sd_liking_in_stars": "desvio do agrado, estrelas",
    "sd_watch": "desvio da parte",
    "seconds": "segundos",
    "seen": "vistos",
    "segments_called_target": "segmentos-alvo",
    "served_less": "servida menos",
    "shape": "formato",
    "share": "parte",
    "share_in_2000": "parte em 2000",
    "share_of_ratings": "parte das notas",
    "shared": "lugares dos dez mais comuns",
    "sign_accuracy": "sinal certo",
    "source": "origem",
    "stage": "etapa",
    "standard_error": "erro padrão",
    "stars": "estrelas",
    "targets_that_like_it_more": "alvos que gostam mais",
    "top_segment": "grupo mais atraído",
    "total_variation": "variação total",
    "unit": "de",
    "with_answers": "com as respostas",
    "with_profile": "com perfil",
    "without_profile": "sem perfil",
    "women": "mulheres",
    "women_among_people": "mulheres entre as pessoas",
    "women_among_ratings": "mulheres entre as notas",
}


def level_name(dimension: str, level: str) -> str:
    """How a level, of a dimension or of `genre`, is called in Portuguese.

    One that the data have no other word for keeps its own.
    """
    return _translator(load_settings().warehouse).level(dimension, level)


@lru_cache(maxsize=1)
def _translator(warehouse: Path) -> Translator:
    return Translator("pt", read_vocabulary(warehouse))


def genre_name(genre: str) -> str:
    """How a genre of films is called in Portuguese."""
    return level_name("genre", genre)


def in_portuguese(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as it is shown: its levels and heads in Portuguese."""
    shown = frame.copy()
    for column, dimension in _OF_DIMENSION.items():
        if column in shown:
            shown[column] = [_names(dimension, cell) for cell in shown[column]]
    if {"dimension", "level"} <= set(shown.columns):
        shown["level"] = [
            level_name(dimension, level)
            for dimension, level in zip(
                frame["dimension"], frame["level"], strict=True
            )
        ]
    for column in ("dimension", "dimensions"):
        if column in shown:
            shown[column] = shown[column].replace(DIMENSIONS)
    if "outcome" in shown:
        shown["outcome"] = shown["outcome"].replace(OUTCOMES)
    for flag in shown.select_dtypes("bool"):
        shown[flag] = shown[flag].map({True: "sim", False: "não"})
    return shown.rename(columns=HEADS)


def _names(dimension: str, cell: Any) -> Any:
    """Of a level, or of each level of a list; nothing stays nothing."""
    if isinstance(cell, str):
        return level_name(dimension, cell)
    if isinstance(cell, list | tuple | np.ndarray):
        return ", ".join(level_name(dimension, level) for level in cell)
    return cell
