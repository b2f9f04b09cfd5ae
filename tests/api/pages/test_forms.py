import pytest

from api import schemas, service
from api.pages.forms import (
    audience_question,
    form_field,
    parse_rating,
    rating_text,
    recommendation_question,
)
from api.pages.query import OTHER, Query
from api.service.release import LoadedRelease
from models_ml.errors import InvalidFields
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.words import words_of


def query(*pairs: tuple[str, str]) -> Query:
    return Query.parse(pairs, words_of(MOVIELENS_1M))


def wrong(error: pytest.ExceptionInfo[InvalidFields]) -> set[str]:
    return {one.field for one in error.value.errors}


def test_fields_become_a_request(loaded: LoadedRelease) -> None:
    request = recommendation_question(
        loaded,
        query(
            ("gender", "F"),
            ("age", "27"),
            ("occupation", "writer"),
            ("genres", "Drama"),
            ("genres", "War"),
            ("year_from", "1950"),
            ("limit", "20"),
            ("rank_by", "distinctive"),
            ("rated", "3:4"),
        ),
    )
    assert request == service.understand_recommendation(
        loaded,
        schemas.RecommendationRequest(
            profile=schemas.ProfileRequest("F", 27, None, "writer"),
            ratings=(schemas.RatingRequest(3, rating_class=4),),
            limit=20,
            filters=schemas.FilterRequest(("Drama", "War"), 1950),
            rank_by="distinctive",
        ),
    )


def test_nothing_given_is_a_question_too(loaded: LoadedRelease) -> None:
    assert recommendation_question(
        loaded, query()
    ) == service.understand_recommendation(
        loaded, schemas.RecommendationRequest()
    )


def test_the_field_for_age_takes_a_group(loaded: LoadedRelease) -> None:
    question = recommendation_question(loaded, query(("age", "25-34")))
    assert question.profile.age_group == "25-34"


def test_of_a_film_the_last_rating_counts(loaded: LoadedRelease) -> None:
    question = recommendation_question(
        loaded, query(("rated", "3:4"), ("rated", "6:1"), ("rated", "3:1"))
    )
    assert question.known == ((0, 1, False), (1, 1, False))


def test_films_not_seen_and_answers_to_questions_are_told_apart(
    loaded: LoadedRelease,
) -> None:
    question = recommendation_question(
        loaded,
        query(("rated", "3:0"), ("rated", "6:loved:asked"), ("rated", "9:2")),
    )
    assert question.known == ((0, 0, True), (1, 5, True), (2, 2, False))


@pytest.mark.parametrize(
    "text", ["3:0", "3:1", "3:4:asked", "12:3:asked", "12:2"]
)
def test_what_a_button_says_is_read_back(text: str) -> None:
    assert rating_text(parse_rating("rated", text)) == text


def test_the_second_person_has_own_fields_and_no_ratings(
    loaded: LoadedRelease,
) -> None:
    request = recommendation_question(
        loaded,
        query(("gender", "F"), ("b_gender", "M"), ("rated", "3:4")),
        OTHER,
    )
    assert request.profile.gender == "M"
    assert request.known == ()


def test_all_that_is_wrong_is_named(loaded: LoadedRelease) -> None:
    with pytest.raises(InvalidFields) as error:
        recommendation_question(
            loaded,
            query(
                ("gender", "X"),
                ("age", "200"),
                ("nationality", "Narnia"),
                ("genres", "Noir"),
                ("year_from", "12"),
                ("limit", "0"),
                ("rank_by", "best"),
                ("rated", "3:5"),
            ),
        )
    assert wrong(error) == {
        "gender",
        "age",
        "nationality",
        "genres",
        "year_from",
        "limit",
        "rank_by",
        "rated",
    }


@pytest.mark.parametrize(
    "text", ["3", "3:", ":4", "x:4", "3:5", "-3:1", "3:4:4", "0:4", "٣:4"]
)
def test_ratings_are_film_and_class(loaded: LoadedRelease, text: str) -> None:
    with pytest.raises(InvalidFields) as error:
        recommendation_question(loaded, query(("rated", text)))
    assert wrong(error) == {"rated"}


@pytest.mark.parametrize("text", ["27.5", "1e2", "-1", "9" * 5000, "²", "0x1"])
def test_ages_are_whole_years(loaded: LoadedRelease, text: str) -> None:
    with pytest.raises(InvalidFields) as error:
        recommendation_question(loaded, query(("age", text)))
    assert wrong(error) == {"age"}


def test_a_film_becomes_a_request_for_all_segments(
    loaded: LoadedRelease,
) -> None:
    request = audience_question(
        loaded,
        query(
            ("title", "Cosmos"),
            ("year", "1999"),
            ("film_genres", "Sci-Fi"),
            ("by", "region"),
            ("measure", "affinity"),
        ),
    )
    assert request == service.AudienceQuestion(
        movie=schemas.FilmRequest("Cosmos", 1999, ("Sci-Fi",)),
        by=("region",),
        rank_by="affinity",
        limit=schemas.MAX_SEGMENTS,
    )


def test_all_that_is_wrong_with_a_film_is_named(
    loaded: LoadedRelease,
) -> None:
    with pytest.raises(InvalidFields) as error:
        audience_question(
            loaded,
            query(
                ("year", "1"),
                ("film_genres", "Noir"),
                ("by", "gender"),
                ("by", "age_group"),
                ("by", "occupation"),
                ("by", "region"),
                ("measure", "reach"),
                ("base", "Drama|Noir"),
            ),
        )
    assert wrong(error) == {
        "title",
        "year",
        "film_genres",
        "by",
        "measure",
        "base",
    }


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("profile.age", "b_age"),
        ("filters.year_to", "year_to"),
        ("filters.genres[1]", "genres"),
        ("ratings[2].movie_id", "rated"),
        ("movie.title", "title"),
        ("movie.genres[0]", "film_genres"),
        ("by[1]", "by"),
        ("rank_by", "rank_by"),
    ],
)
def test_an_error_stands_at_its_field(field: str, name: str) -> None:
    assert form_field(field, OTHER) == name


def test_fields_and_meanings_that_are_wrong_are_named_together(
    loaded: LoadedRelease,
) -> None:
    with pytest.raises(InvalidFields) as error:
        recommendation_question(
            loaded,
            query(
                ("age", "x"),
                ("rated", "1:4"),  # there is no such film
                ("year_from", "1990"),
                ("year_to", "1980"),
            ),
        )
    assert wrong(error) == {"age", "rated", "year_to"}
