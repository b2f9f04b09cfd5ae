"""Both questions answered, without a word of HTTP.

What routes and pages call. All are functions of a release and a question,
and safe to run in threads. `understand_*` turns a request into what it means
(hashable: equal questions have equal answers) and raises InvalidFields;
`answer_*` answers it; `recommend` and `find_audience` do both.
"""

from api.service.about import model_info, releases, segments
from api.service.audiences import (
    N_SIMILAR,
    answer_audience,
    find_audience,
    similar_movies,
)
from api.service.differences import answer_chance, answer_difference
from api.service.movies import NotFound, movie, search_movies
from api.service.overlaps import (
    LEAST_RATINGS,
    N_OVERLAPS,
    movies_like,
    overlapping_movies,
)
from api.service.recommendations import (
    answer_recommendation,
    ranks,
    recommend,
)
from api.service.release import LoadedRelease
from api.service.requests import (
    AudienceQuestion,
    ChanceQuestion,
    DifferenceQuestion,
    RecommendationQuestion,
    understand_audience,
    understand_chance,
    understand_difference,
    understand_recommendation,
)
from api.service.tastes import TasteQuestion, tastes
from models_ml.errors import InvalidField, InvalidFields

__all__ = [
    "LEAST_RATINGS",
    "N_OVERLAPS",
    "N_SIMILAR",
    "AudienceQuestion",
    "ChanceQuestion",
    "DifferenceQuestion",
    "InvalidField",
    "InvalidFields",
    "LoadedRelease",
    "NotFound",
    "RecommendationQuestion",
    "TasteQuestion",
    "answer_audience",
    "answer_chance",
    "answer_difference",
    "answer_recommendation",
    "find_audience",
    "model_info",
    "movie",
    "movies_like",
    "overlapping_movies",
    "ranks",
    "recommend",
    "releases",
    "search_movies",
    "segments",
    "similar_movies",
    "tastes",
    "understand_audience",
    "understand_chance",
    "understand_difference",
    "understand_recommendation",
]
