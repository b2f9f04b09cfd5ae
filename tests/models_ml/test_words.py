"""Words are understood alike, however a caller writes them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_ml import words
from models_ml.errors import InvalidField, InvalidFields
from models_ml.source.movielens_levels import DIMENSIONS, GENRES, MOVIELENS_1M
from models_ml.vocabulary import (
    FILM_RANKINGS,
    RATING_CLASSES,
    RATING_LABELS_PT,
    SEGMENT_RANKINGS,
)

DATA = words.words_of(MOVIELENS_1M)
KINDS = {
    **{f"level of {name}": DATA.levels[name] for name in DIMENSIONS},
    "dimension": DATA.dimension,
    "genre": DATA.genre,
    "rating class": words.RATING_CLASS,
    "order of films": words.FILM_RANKING,
    "order of segments": words.SEGMENT_RANKING,
}


def test_words_name_the_whole_vocabulary_in_its_order() -> None:
    for name, levels in DIMENSIONS.items():
        assert DATA.levels[name].names == levels
    assert DATA.dimension.names == tuple(DIMENSIONS)
    assert DATA.genre.names == GENRES
    assert words.RATING_CLASS.names == RATING_CLASSES
    assert words.FILM_RANKING.names == FILM_RANKINGS
    assert words.SEGMENT_RANKING.names == SEGMENT_RANKINGS


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_case_and_spaces_make_no_difference(kind: words.Words) -> None:
    for name in kind.names:
        for text in (name, name.upper(), name.lower(), f"  {name} "):
            assert kind.parse("x", text) == name


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        (DATA.genre, "drama", "Drama"),
        (DATA.genre, "Comédia", "Comedy"),
        (DATA.genre, "COMEDIA", "Comedy"),
        (DATA.genre, "ficcao cientifica", "Sci-Fi"),
        (DATA.genre, "Children’s", "Children's"),
        (DATA.levels["gender"], "MULHER", "F"),
        (DATA.levels["gender"], "homens", "M"),
        (DATA.levels["age_group"], "de 25 a 34 anos", "25-34"),
        (DATA.levels["age_group"], "25–34", "25-34"),
        (DATA.levels["age_group"], "menos de 18", "under 18"),
        (DATA.levels["age_group"], "56 ou mais", "56+"),
        (DATA.levels["occupation"], "Advogada", "lawyer"),
        (DATA.levels["occupation"], "engineer", "technician/engineer"),
        (DATA.levels["occupation"], "k12 student", None),
        (DATA.levels["region"], "fora dos eua", "outside the US"),
        # names that regions had in Portuguese before those of today
        (DATA.levels["region"], "Centro-Nordeste", "East North Central"),
        (DATA.levels["region"], "centro noroeste", "West North Central"),
        (DATA.levels["region"], "Centro-Sudeste", "East South Central"),
        (DATA.levels["region"], "Centro-Sudoeste", "West South Central"),
        (DATA.levels["region"], "Médio Atlântico", "Middle Atlantic"),
        (DATA.levels["region"], "de Wisconsin a Ohio", "East North Central"),
        (DATA.dimension, "Faixa Etária", "age_group"),
        (DATA.dimension, "age group", "age_group"),
        (words.RATING_CLASS, "Não gostei", "disliked"),
        (words.FILM_RANKING, "for you", "for_you"),
        (words.SEGMENT_RANKING, "Afinidade", "affinity"),
        (DATA.levels["age_group"], "56", None),
        (DATA.levels["age_group"], "18-25", None),
        (DATA.genre, "", None),
        (DATA.genre, "polka", None),
        (DATA.genre, 3, None),
    ],
)
def test_portuguese_and_other_words(
    kind: Any, text: int | str, name: str | None
) -> None:
    assert kind.find(text) == name


def test_what_is_not_understood_is_named_with_what_is() -> None:
    with pytest.raises(InvalidField) as caught:
        DATA.genre.parse("genres[1]", "polka")
    error = caught.value
    assert (error.field, error.value) == ("genres[1]", "polka")
    assert "'Film-Noir'" in error.allowed


def test_every_wrong_word_of_a_list_is_named() -> None:
    with pytest.raises(InvalidFields) as caught:
        DATA.parse_genres("genres", ["polka", "War", "waltz"])
    assert [error.field for error in caught.value.errors] == [
        *("genres[0]", "genres[2]")
    ]


def test_genres_come_in_one_order_each_once() -> None:
    genres = DATA.parse_genres("genres", ["Guerra", "drama", "WAR"])
    assert genres == ("Drama", "War")


@pytest.mark.parametrize(
    "by", [[], ["gender", "Sexo"], ["gender", "income"], "gender"]
)
def test_dimensions_are_named_once_each(by: Any) -> None:
    with pytest.raises(InvalidFields):
        DATA.parse_by("by", by)


def test_dimensions_keep_the_callers_order() -> None:
    assert DATA.parse_by("by", ["Região", "gênero"]) == ("region", "gender")


def test_labels_of_the_classes_are_understood() -> None:
    for name, label in zip(RATING_CLASSES, RATING_LABELS_PT, strict=True):
        assert words.RATING_CLASS.parse("x", label) == name


def test_two_names_never_share_a_word() -> None:
    with pytest.raises(ValueError, match="'Two' is 'one' and 'three'"):
        words.Words({"one": "two", "three": "Two"})


@given(st.text())
def test_any_text_is_understood_or_not(text: str) -> None:
    for kind in KINDS.values():
        assert kind.find(text) in (None, *kind.names)


@pytest.mark.parametrize("text", ["1999", " 1999 ", "1999.0"])
def test_years_as_tools_write_them(text: str) -> None:
    assert words.parse_year("year", text) == 1999


@pytest.mark.parametrize("text", ["", "soon", "1999.5", "1e3", "999", "²"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(InvalidField, match=r"year is .* 1800 to 2200"):
        words.parse_year("year", text)
