import pytest

from api import schemas
from api.pages.forms import (
    InvalidForm,
    audience_request,
    recommendation_request,
)
from api.pages.query import OTHER, Query


def query(*pairs: tuple[str, str]) -> Query:
    return Query.parse(pairs)


def wrong(error: pytest.ExceptionInfo[InvalidForm]) -> set[str]:
    return {one.field for one in error.value.errors}


def test_fields_become_a_request():
    request = recommendation_request(
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
        )
    )
    assert request == schemas.RecommendationRequest(
        profile=schemas.ProfileRequest("F", 27, None, "writer"),
        ratings=(schemas.RatingRequest(3, rating_class=4),),
        limit=20,
        filters=schemas.FilterRequest(("Drama", "War"), 1950),
        rank_by="distinctive",
    )


def test_nothing_given_is_a_question_too():
    assert recommendation_request(query()) == schemas.RecommendationRequest()


def test_the_field_for_age_takes_a_group():
    profile = recommendation_request(query(("age", "25-34"))).profile
    assert (profile.age, profile.age_group) == (None, "25-34")


def test_of_a_film_the_last_rating_counts():
    request = recommendation_request(
        query(("rated", "3:4"), ("rated", "6:1"), ("rated", "3:1"))
    )
    assert {r.movie_id: r.rating_class for r in request.ratings} == {
        3: 1,
        6: 1,
    }


def test_the_second_person_has_own_fields_and_no_ratings():
    request = recommendation_request(
        query(("gender", "F"), ("b_gender", "M"), ("rated", "3:4")), OTHER
    )
    assert request.profile.gender == "M"
    assert request.ratings == ()


def test_all_that_is_wrong_is_named():
    with pytest.raises(InvalidForm) as error:
        recommendation_request(
            query(
                ("gender", "X"),
                ("age", "200"),
                ("nationality", "Narnia"),
                ("genres", "Noir"),
                ("year_from", "12"),
                ("limit", "0"),
                ("rank_by", "best"),
                ("rated", "3:5"),
            )
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
    "text", ["3", "3:", ":4", "x:4", "3:0", "-3:1", "3:4:4", "0:4", "٣:4"]
)
def test_ratings_are_film_and_class(text: str):
    with pytest.raises(InvalidForm) as error:
        recommendation_request(query(("rated", text)))
    assert wrong(error) == {"rated"}


@pytest.mark.parametrize("text", ["27.5", "1e2", "-1", "9" * 5000, "²", "0x1"])
def test_ages_are_whole_years(text: str):
    with pytest.raises(InvalidForm) as error:
        recommendation_request(query(("age", text)))
    assert wrong(error) == {"age"}


def test_a_film_becomes_a_request_for_all_segments():
    request = audience_request(
        query(
            ("title", "Cosmos"),
            ("year", "1999"),
            ("film_genres", "Sci-Fi"),
            ("by", "region"),
            ("measure", "affinity"),
        )
    )
    assert request == schemas.AudienceRequest(
        movie=schemas.FilmRequest("Cosmos", 1999, ("Sci-Fi",)),
        by=("region",),
        rank_by="affinity",
        limit=schemas.MAX_SEGMENTS,
    )


def test_all_that_is_wrong_with_a_film_is_named():
    with pytest.raises(InvalidForm) as error:
        audience_request(
            query(
                ("year", "1"),
                ("film_genres", "Noir"),
                ("by", "gender"),
                ("by", "age_group"),
                ("by", "occupation"),
                ("by", "region"),
                ("measure", "reach"),
                ("base", "Drama|Noir"),
            )
        )
    assert wrong(error) == {
        "title",
        "year",
        "film_genres",
        "by",
        "measure",
        "base",
    }
