"""The words that callers use, understood alike at every door.

A word is known by the name that the vocabulary gives it, by other English
words and by Portuguese ones. Case, accents, spaces and punctuation make no
difference. What is not understood is an InvalidField, at every door.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from models_ml.errors import FieldErrors, InvalidField
from models_ml.vocabulary import (
    FIRST_YEAR,
    LAST_YEAR,
    UNKNOWN_LEVEL,
    Level,
    Vocabulary,
)

#: Signs that tell words apart: "56+" is not the age of 56.
_GAPS: Final = re.compile(r"(?:(?![+<])[\W_])+")
_WHOLE: Final = re.compile(r"([0-9]{1,9})(\.0)?")


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces between."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _GAPS.sub(" ", letters.replace(".", "")).strip()


class Words:
    """Names of one kind, each with the words it is known by."""

    def __init__(self, others: Mapping[str, str]) -> None:
        """`others`: by name, in order, its other words, commas between."""
        self.names = tuple(others)
        self._names: dict[str, str] = {}
        for name, words in others.items():
            for word in (name, *filter(None, words.split(","))):
                known = self._names.setdefault(plain(word), name)
                if known != name:
                    raise ValueError(f"{word!r} is {known!r} and {name!r}")

    @classmethod
    def of_levels(cls, levels: Iterable[tuple[str, Iterable[str]]]) -> "Words":
        """Levels of the data, each with its other words.

        A level's own name comes before another's word, and a word of two
        levels is none's: which levels there are is not ours to choose.
        """
        words = cls({})
        named = {name: tuple(others) for name, others in levels}
        words.names = tuple(named)
        for name in named:
            words._names.setdefault(plain(name), name)
        meant: dict[str, set[str]] = {}
        for name, others in named.items():
            for word in others:
                meant.setdefault(plain(word), set()).add(name)
        for word, names in meant.items():
            if len(names) == 1:
                words._names.setdefault(word, *names)
        return words

    @property
    def allowed(self) -> str:
        """The names, as errors tell them."""
        return f"one of {', '.join(map(repr, self.names))}"

    def find(self, value: object) -> str | None:
        """The name that a word stands for; None: not understood."""
        if not isinstance(value, str):
            return None
        return value if value in self.names else self._names.get(plain(value))

    def parse(self, field: str, value: object) -> str:
        """The name that a word stands for; raises InvalidField."""
        name = self.find(value)
        if name is None:
            raise InvalidField(field, value, self.allowed)
        return name

    def parse_all(
        self, field: str, values: Sequence[object]
    ) -> tuple[str, ...]:
        """The names, in the order given, each once.

        Raises InvalidFields with `field[k]` of each that is not understood.
        """
        errors = FieldErrors()
        names = [
            errors.attempt(self.parse, f"{field}[{k}]", value)
            for k, value in enumerate(values)
        ]
        errors.check()
        return tuple(dict.fromkeys(name for name in names if name))


#: Other words for levels, in English and Portuguese, wherever the data call a
#: level so; its Portuguese name needs none. dbt reads the same table.
REFERENCE_LEVELS: Final = (
    Path(__file__).parents[1] / "dbt_project/reference/levels.csv"
)


@cache
def _other_words() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """By dimension and level."""
    with REFERENCE_LEVELS.open(encoding="utf-8", newline="") as lines:
        return {
            (row["dimension"], row["name"]): tuple(
                filter(None, row["other_words"].split("|"))
            )
            for row in csv.DictReader(lines)
        }


_UNKNOWN: Final = "not known,desconhecido,desconhecida"
_DIMENSIONS: Final[Mapping[str, str]] = {
    "gender": "sex,gênero,sexo",
    "age_group": "age,ages,idade,faixa etária",
    "occupation": "ocupação,profissão",
    "region": "região",
    "nationality": "country,nacionalidade,país",
}


class DataWords:
    """What callers may call the levels and dimensions of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.dimension = Words(
            {name: _DIMENSIONS[name] for name in vocabulary.dimensions}
        )
        self.levels: Mapping[str, Words] = {
            name: Words.of_levels(_with_words(vocabulary.of(name)))
            for name in (*vocabulary.dimensions, "region", "genre")
        }
        self.genre = self.levels["genre"]

    def parse_by(
        self, field: str, values: Sequence[object], most: int | None = None
    ) -> tuple[str, ...]:
        """The dimensions that make up a segment, in the order given.

        Raises InvalidField unless they are one to `most` (None: all), each at
        most once, and InvalidFields with `field[k]` of each that is not
        understood.
        """
        names = self.dimension.parse_all(field, values)
        most = most or len(self.dimension.names)
        if not 1 <= len(names) <= most or len(names) < len(values):
            is_all = most == len(self.dimension.names)
            count = "one or more" if is_all else f"one to {most}"
            raise InvalidField(
                field,
                list(values),
                f"{count} of {', '.join(self.dimension.names)}, each at most"
                " once",
            )
        return names

    def parse_genres(
        self, field: str, values: Iterable[object]
    ) -> tuple[str, ...]:
        """Genres in the data's order, each once; raises InvalidFields."""
        names = set(self.genre.parse_all(field, tuple(values)))
        return tuple(name for name in self.genre.names if name in names)


@lru_cache(maxsize=8)
def words_of(vocabulary: Vocabulary) -> DataWords:
    """The words of a vocabulary; the last few are kept."""
    return DataWords(vocabulary)


def _with_words(
    levels: Sequence[Level],
) -> Iterable[tuple[str, Iterable[str]]]:
    """Each level's name and its other words."""
    others = _other_words()
    lowest = [
        int(level.lowest) for level in levels if level.lowest is not None
    ]
    for place, level in enumerate(levels):
        known = others.get((level.dimension, level.name), ())
        words = [level.name_pt, *known]
        if level.dimension == "age_group" and level.lowest is not None:
            after = lowest[place + 1] if place + 1 < len(lowest) else None
            words += _ages(int(level.lowest), after, is_first=place == 0)
        if level.name == UNKNOWN_LEVEL:
            words += _UNKNOWN.split(",")
        yield level.name, filter(None, words)


def _ages(lowest: int, after: int | None, *, is_first: bool) -> list[str]:
    """Other words for the age group of `lowest` to below `after` years."""
    if after is None:
        words = (
            "{0} and over,of {0} and over,{0} or over,{0} and older,"
            "{0} or more,"
            "{0} ou mais,{0} anos ou mais,de {0} anos ou mais,"
            "com {0} anos ou mais"
        )
    elif is_first:
        lowest = after
        words = (
            "<{0},younger than {0},menos de {0},menor de {0},"
            "menos de {0} anos,com menos de {0} anos"
        )
    else:
        words = (
            "{0} to {1},of {0} to {1},{0} a {1},{0} a {1} anos,"
            "de {0} a {1} anos"
        )
    return words.format(lowest, (after or 0) - 1).split(",")


RATING_CLASS: Final = Words(
    {
        "hated": "1,hated it,detestei,odiei",
        "disliked": "2,disliked it,did not like it,não gostei",
        "liked": "3,liked it,gostei",
        "loved": "4,loved it,adorei,amei",
    }
)
FILM_RANKING: Final = Words(
    {
        "for_you": "para você",
        "liking": "best liked,mais bem avaliados,mais agradam",
        "distinctive": "característico,característicos,distintivo,distintivos",
    }
)
SEGMENT_RANKING: Final = Words(
    {
        "reach_index": "who turns up,índice de alcance,quem comparece",
        "reach": "alcance",
        "affinity": "who likes it more,afinidade,quem gosta mais",
        "liking": "likes it,gostam",
    }
)

RELEASE_WIDTH: Final = Words(
    {
        "limited": "small,limitado,restrito,pequeno",
        "typical": "medium,típico,médio",
        "wide": "large,amplo,grande",
    }
)


def whole_number(text: str) -> int | None:
    """A whole number of up to nine digits as tools write it, or None.

    `1999`, and `1999.0` of a spreadsheet whose column has gaps.
    """
    match = _WHOLE.fullmatch(text.strip())
    return int(match[1]) if match else None


def parse_number(field: str, text: str, first: int, last: int) -> int:
    """A whole number from `first` to `last`; raises InvalidField."""
    number = whole_number(text)
    if number is None or not first <= number <= last:
        raise InvalidField(
            field, text, f"a whole number from {first} to {last}"
        )
    return number


def parse_year(field: str, text: str) -> int:
    """A year of release; raises InvalidField."""
    year = whole_number(text)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidField(
            field, text, f"a year from {FIRST_YEAR} to {LAST_YEAR}"
        )
    return year
