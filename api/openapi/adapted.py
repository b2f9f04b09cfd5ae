"""Examples of questions in the words and films of the release that serves.

They are written in MovieLens 1M's. A word that the release has not is replaced
by one of its own, equal words by equal ones, and a film by one of its best
known: so that what the documentation shows can be asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models_ml.vocabulary import Vocabulary


def allowed_values(
    vocabulary: Vocabulary,
    movie_ids: Sequence[int],
    source_ids: Sequence[str],
) -> dict[str, Sequence[Any]]:
    """What a release has for fields of examples, the first choice first.

    `movie_ids` and `source_ids` are of its films, the best known first. A
    field for which it has nothing is left as it is.
    """
    return {
        **vocabulary.dimensions,
        "age": () if vocabulary.lowest_ages else (None,),
        "genres": vocabulary.genres,
        "movie_id": movie_ids,
        "source_id": source_ids,
        "exclude": movie_ids,
        "stars": vocabulary.scale.values.tolist()[::-1],
    }


def adapted_examples(
    examples: Mapping[str, Mapping[str, Any]],
    allowed: Mapping[str, Sequence[Any]],
) -> dict[str, dict[str, Any]]:
    """Examples by name, as OpenAPI has them, for a release."""
    return {
        name: {**example, "value": _adapted(example["value"], allowed)}
        for name, example in examples.items()
    }


def _adapted(example: Any, allowed: Mapping[str, Sequence[Any]]) -> Any:
    replaced: dict[str, dict[Any, Any]] = {}

    def adapted(part: Any, name: str = "") -> Any:
        if isinstance(part, dict):
            return {key: adapted(part[key], key) for key in part}
        if isinstance(part, list):
            return [adapted(each, name) for each in part]
        values = allowed.get(name, ())
        if part in values or not values:
            return part
        own = replaced.setdefault(name, {})
        return own.setdefault(part, values[len(own) % len(values)])

    return adapted(example)
