"""The question that a page's address holds, and addresses of others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from models_ml.words import (
    FILM_RANKING,
    RELEASE_WIDTH,
    SEGMENT_RANKING,
    DataWords,
)

PROFILE_FIELDS: Final = (
    "gender",
    "age",
    "age_group",
    "occupation",
    "nationality",
    "zip_code",
)
#: The second profile's fields, beside which films are compared.
OTHER: Final = "b_"
OTHER_FIELDS: Final = tuple(OTHER + name for name in PROFILE_FIELDS)
COMPARISON_FIELDS: Final = ("compare", *OTHER_FIELDS)
FILMS_FIELDS: Final = (
    *PROFILE_FIELDS,
    "genres",
    "year_from",
    "year_to",
    "limit",
    "rank_by",
    "novelty",
    "sequels",
    "rated",
    *COMPARISON_FIELDS,
)
AUDIENCE_FIELDS: Final = (
    "title",
    "year",
    "film_genres",
    "n_raters",
    "comparables",
    "by",
    "measure",
    "base",
)
#: The second film's, with which an audience is compared.
OTHER_FILM_FIELDS: Final = tuple(
    OTHER + name for name in ("title", "year", "film_genres")
)
#: Of the page that tells how groups and genres hang together.
TASTE_QUESTION: Final = ("dimension", "level", "other", "genre")
TASTE_FIELDS: Final = (*TASTE_QUESTION, "taste")
#: The field of which a blank value says that it was cleared.
CLEARED: Final = "title"
NAMES: Final = (
    "lang",
    "side",
    *FILMS_FIELDS,
    *AUDIENCE_FIELDS,
    *OTHER_FILM_FIELDS,
    *TASTE_FIELDS,
    "search",
)
_ORDER: Final = {name: k for k, name in enumerate(NAMES)}
#: What a pressed button adds to the values that the form carries hidden. The
#: button needs a name of its own: htmx lets its value replace all others of
#: the same name.
_ADDS_TO: Final = {"rate": "rated"}


#: The kind of the data's words that a field holds.
_LEVELS: Final = {
    "gender": "gender",
    "age": "age_group",
    "age_group": "age_group",
    "occupation": "occupation",
    "genres": "genre",
    "film_genres": "genre",
    "genre": "genre",
}
_RULES: Final = {
    "rank_by": FILM_RANKING,
    "n_raters": RELEASE_WIDTH,
    "measure": SEGMENT_RANKING,
}


def _named(words: DataWords, dimension: str, name: str, value: str) -> str:
    """The word of the data or of a rule for a value, if it is understood.

    `dimension` is that of `level` and `other`.
    """
    if name == "base":
        genres = words.genre
        return "|".join(genres.find(word) or word for word in value.split("|"))
    field = name.removeprefix(OTHER)
    if field in ("by", "dimension"):
        known = words.dimension
    elif field in ("level", "other") and dimension in words.levels:
        known = words.levels[dimension]
    elif field in _LEVELS:
        known = words.levels[_LEVELS[field]]
    elif field in _RULES:
        known = _RULES[field]
    else:
        return value
    return known.find(value) or value


@dataclass(frozen=True)
class Query:
    """Names and values of an address."""

    pairs: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    """Names that mean nothing here, as the page says."""

    @classmethod
    def parse(
        cls, pairs: Iterable[tuple[str, str]], words: DataWords
    ) -> "Query":
        """The query of names and values, put in the order of NAMES.

        Blank values are left out, but for a title that was cleared: without
        one the page answers an example.

        Values that are understood become the data's own words, so that
        equal questions have equal addresses; others stay as they are.
        """
        kept, unknown = [], []
        pairs = list(pairs)
        # Whose levels `level` and `other` are, said or not.
        first = words.vocabulary.first_dimension
        asked = dict(pairs).get("dimension", first)
        dimension = words.dimension.find(asked.strip()) or asked
        for field, value in pairs:
            name = _ADDS_TO.get(field, field)
            if name not in _ORDER:
                unknown.append(name)
            elif value.strip() or name == CLEARED:
                kept.append(
                    (name, _named(words, dimension, name, value.strip()))
                )
        kept.sort(key=lambda pair: _ORDER[pair[0]])
        return cls(tuple(kept), tuple(dict.fromkeys(unknown)))

    def one(self, name: str) -> str | None:
        """The last value that is given under a name."""
        values = self.all(name)
        return values[-1] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value that is given under a name."""
        return tuple(v for key, v in self.pairs if key == name)

    def has(self, names: Iterable[str]) -> bool:
        """Whether anything is given under these names."""
        wanted = set(names)
        return any(name in wanted for name, _ in self.pairs)

    def without(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """The pairs under all other names: what a form passes on, hidden."""
        dropped = set(names)
        return tuple(p for p in self.pairs if p[0] not in dropped)

    def url(
        self,
        path: str = "/",
        changes: Mapping[str, str | Iterable[str] | None] | None = None,
        *,
        only: Iterable[str] | None = None,
        fragment: str = "",
    ) -> str:
        """An address with this question, some names changed.

        A change to None leaves the name out. `only` keeps these names.
        """
        changes = changes or {}
        kept = None if only is None else set(only)
        pairs = [
            (name, value)
            for name, value in self.pairs
            if name not in changes and (kept is None or name in kept)
        ]
        for name, value in changes.items():
            values = [value] if isinstance(value, str) else list(value or ())
            pairs += [(name, text) for text in values]
        pairs.sort(key=lambda pair: _ORDER[pair[0]])
        query = urlencode(pairs, safe=":|,'")
        return (
            path
            + (f"?{query}" if query else "")
            + (f"#{fragment}" if fragment else "")
        )
