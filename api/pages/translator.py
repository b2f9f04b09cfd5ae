"""Sentences, names and numbers in one language.

Numbers and lists are not Babel's: `format_decimal` and `format_list` take many
times as long as `number` and `listed`, on a page that shows hundreds of each.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from api.pages.texts import TEXTS
from api.service.merging import age_span
from api.service.titles_pt import brazilian_title
from models_ml.titles import display_title
from models_ml.vocabulary import UNKNOWN_LEVEL, Vocabulary
from models_ml.words import plain

_MINUS: Final = "−"
#: A word with its feminine ending: escritor(a), universitário(a).
_BOTH_FORMS: Final = re.compile(r"(\w+)\(a\)")


class Translator:
    """What pages say, in one of the languages of `texts.TEXTS`."""

    def __init__(self, language: str, vocabulary: Vocabulary) -> None:
        """`vocabulary`: the words of the data that are told of."""
        self.language = language
        self.vocabulary = vocabulary
        self._texts = TEXTS[language]
        self._decimal = "," if language == "pt" else "."
        self._thousands = "." if language == "pt" else ","

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its {values} filled in; KeyError if none."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def count(self, key: str, n: int, /, **values: object) -> str:
        """The form of `key` for `n`, where {n} is the number.

        KeyError if `key` has no such forms.
        """
        text = self._texts.for_number(key, n)
        return text.format(**{"n": self.number(n), **values})

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the language's separators: 6,040 or 6.040."""
        text = f"{abs(value):,.{digits}f}"
        text = text.translate(
            {ord(","): self._thousands, ord("."): self._decimal}
        )
        is_zero = not text.strip("0,.")
        return text if value >= 0 or is_zero else _MINUS + text

    def signed(self, value: float, digits: int = 0) -> str:
        """A number with its sign, also where it is positive."""
        text = self.number(value, digits)
        is_zero = not text.strip("0,." + _MINUS)
        return text if is_zero or value < 0 else f"+{text}"

    def percent(self, share: float) -> str:
        """A whole percentage; only none is called 0%, and only all 100%."""
        if 0 < share < 0.005:
            return "<1%"
        if 0.995 <= share < 1:
            return ">99%"
        return f"{self.number(100 * share)}%"

    def level(self, dimension: str, level: str) -> str:
        """The short name of a level, as in the head of a table.

        The data's own word, but for what is not known, ages, and what the
        texts have a phrase for: people of a gender, and the country that a
        ZIP code tells.
        """
        if level == UNKNOWN_LEVEL:
            return self._texts.get(f"unknown.{dimension}", level)
        if dimension == "age_group":
            return self._short_ages(level)
        word = level
        if self.language == "pt":
            word = self.vocabulary.name_pt(dimension, level)
        return self._texts.get(f"{dimension}.{level}", word)

    def _short_ages(self, group: str) -> str:
        """An age group as digits and signs; another word as it is."""
        if group not in self.vocabulary.groups_with_ages:
            return group
        low, high = age_span(self.vocabulary, (group,))
        if low is None:
            return group if high is None else f"<{high + 1}"
        return f"{low}+" if high is None else f"{low}–{high}"

    def one_person(self, gender: str) -> str:
        """What one person of a gender is called, as in a form."""
        word = self.level("gender", gender)
        return self._texts.get(f"one.{gender}", word)

    def a_person(self, gender: str) -> str:
        """One person of a gender inside a sentence: a woman, um homem."""
        word = self.level("gender", gender)
        return self._texts.get(f"a_person.{gender}", word)

    def film(self, title: str, year: int | None) -> str:
        """A film's title as it is written, or called in Brazil."""
        named = brazilian_title(title, year) if self.language == "pt" else None
        return named or display_title(title)

    def genre(self, genre: str) -> str:
        """A genre's name; one that no film has stays as it is."""
        return self.level("genre", genre)

    def genre_inside(self, genre: str) -> str:
        """Its name inside a sentence: Portuguese writes it small there.

        IMAX and the like stay as they are.
        """
        name = self.genre(genre)
        is_word = name[1:2].islower()
        if self.language == "pt" and is_word:
            return name[:1].lower() + name[1:]
        return name

    def genres(self, genres: Iterable[str]) -> str:
        """Names of genres, in the order in which every list has them."""
        return ", ".join(name for _, name in self.by_name("genre", genres))

    def genres_inside(self, genres: Iterable[str]) -> str:
        """The same inside a sentence, as `genre_inside`."""
        named = self.by_name("genre", genres)
        return ", ".join(self.genre_inside(genre) for genre, _ in named)

    def by_name(
        self, dimension: str, levels: Iterable[str]
    ) -> tuple[tuple[str, str], ...]:
        """Levels with their names, where a reader looks for the names.

        Accents make no difference to the order.
        """
        named = ((level, self.level(dimension, level)) for level in levels)
        return tuple(sorted(named, key=lambda pair: plain(pair[1])))

    def candidate(self, name: str) -> str:
        """A model's name; an unknown one stays as it is."""
        return self._texts.get(f"candidate.{name}", name)

    def notice(self, code: str, values: Mapping[str, str | int]) -> str:
        """What a Notice tells, in this language."""
        named = {
            name: self._named(name, value) for name, value in values.items()
        }
        if "dimension" in values:
            named["level"] = self.level(
                str(values["dimension"]), str(values["level"])
            )
        return self(f"notice.{code}", **named)

    def _named(self, name: str, value: str | int) -> str | int:
        if isinstance(value, str) and name in self.vocabulary.dimensions:
            return self.level(name, value)
        if isinstance(value, str) and name == "genre":
            return self.genre(value)
        return value

    def people(
        self,
        segment: Mapping[str, str | Sequence[str]],
        by: Sequence[str] = (),
    ) -> str:
        """A segment in words: "women of 25 to 34 (writer, Pacific)".

        An age group may be several that are neighbours. A dimension of `by`
        that the segment leaves open is said to be open.
        """
        text = self._gender(str(segment.get("gender", "any")))
        if "age_group" in segment or "age_group" in by:
            text = f"{text} {self._ages(segment.get('age_group'))}"
        rest = []
        for name in ("occupation", "region", "nationality", "country"):
            level = segment.get(name)
            if isinstance(level, str):
                word = self.level(name, level)
                rest.append(_inflected(word, segment.get("gender")))
            elif name in by:
                rest.append(self(f"any.{name}"))
        return f"{text} ({', '.join(rest)})" if rest else text

    def _gender(self, gender: str) -> str:
        key = f"people.{gender}"
        if key in self._texts:
            return self(key)
        return f"{self('people.any')} ({self.level('gender', gender)})"

    def _ages(self, groups: str | Sequence[str] | None) -> str:
        if groups is None:
            return self("aged.any")
        run = [groups] if isinstance(groups, str) else groups
        if set(run) - set(self.vocabulary.groups_with_ages):
            return self(
                "aged.named",
                groups=", ".join(self.level("age_group", g) for g in run),
            )
        low, high = age_span(self.vocabulary, run)
        if low is None:
            return self("aged.under", years=(high or 0) + 1)
        if high is None:
            return self("aged.over", years=low)
        return self("aged.range", low=low, high=high)

    def people_of_counts(self, dimension: str, level: str) -> str:
        """The segment that evidence was counted for, in words."""
        if dimension == "gender_age_group":
            gender, age_group = level.split("|")
            return self.people({"gender": gender, "age_group": age_group})
        is_told = dimension in self.vocabulary.dimensions
        return self.people({dimension: level} if is_told else {})

    def listed(self, parts: list[str]) -> str:
        """Parts joined by commas and a last "and"."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"


def _inflected(word: str, gender: object) -> str:
    """A word of the gender that is told of, without brackets in it.

    "escritor(a)" of women is "escritora"; where both are meant, it is
    "escritor ou escritora".
    """

    def form(match: re.Match[str]) -> str:
        masculine = match[1]
        feminine = f"{masculine.removesuffix('o')}a"
        both = f"{masculine} ou {feminine}"
        return {"F": feminine, "M": masculine}.get(str(gender), both)

    return _BOTH_FORMS.sub(form, word)


@lru_cache(maxsize=8)
def translator_of(language: str, vocabulary: Vocabulary) -> Translator:
    """The translator of a language; those of the last releases are cached."""
    return Translator(language, vocabulary)
