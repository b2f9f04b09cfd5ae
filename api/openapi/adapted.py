"""Examples of questions in the words and films of the release that serves.

They are written in MovieLens 1M's. A word that the release has not is replaced
by one of its own, equal words by equal ones, and a film by one of its best
known: so that what the documentation shows can be asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from models_ml.vocabulary import Vocabulary

#: Fields of an example that hold films, by their ids.
_FILMS: Final = ("movie_id", "exclude")
#: The same of ratings, by the steps of the data's scale.
_STEPS: Final = ("stars",)


@dataclass(frozen=True)
class Adapter:
    """Puts one example into the words of a release."""

    vocabulary: Vocabulary
    movie_ids: Sequence[int]
    """Of the release's films, the best known first; none: films are left."""
    _replaced: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def adapted(self, part: Any, name: str = "") -> Any:
        """`part` of an example, which stands under the field `name`."""
        if isinstance(part, dict):
            return {key: self.adapted(part[key], key) for key in part}
        if isinstance(part, list):
            return [self.adapted(each, name) for each in part]
        allowed = self._allowed().get(name, ())
        if part in allowed or not allowed:
            return part
        own = self._replaced.setdefault(name, {})
        return own.setdefault(part, allowed[len(own) % len(allowed)])

    def _allowed(self) -> Mapping[str, Sequence[Any]]:
        vocabulary = self.vocabulary
        return {
            **vocabulary.dimensions,
            "genres": vocabulary.genres,
            **dict.fromkeys(_FILMS, self.movie_ids),
            **dict.fromkeys(_STEPS, vocabulary.scale.values.tolist()[::-1]),
        }


def adapted_examples(
    examples: Mapping[str, Mapping[str, Any]],
    vocabulary: Vocabulary,
    movie_ids: Sequence[int],
) -> dict[str, dict[str, Any]]:
    """Examples by name, as OpenAPI has them, for a release."""
    return {
        name: {
            **example,
            "value": Adapter(vocabulary, movie_ids).adapted(example["value"]),
        }
        for name, example in examples.items()
    }
