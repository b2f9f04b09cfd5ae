from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from api.pages.query import NAMES, Query
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.words import words_of


def test_blank_values_are_left_out_and_unknown_names_kept_apart() -> None:
    query = Query.parse(
        [("age", "27"), ("gender", " "), ("utm", "x"), ("utm", "y")],
        words_of(MOVIELENS_1M),
    )
    assert query.pairs == (("age", "27"),)
    assert query.unknown == ("utm",)


def test_an_address_says_what_changed_in_the_order_of_names() -> None:
    query = Query.parse(
        [("rated", "3:4"), ("gender", "F"), ("rated", "6:1"), ("lang", "pt")],
        words_of(MOVIELENS_1M),
    )
    assert query.url() == "/?lang=pt&gender=F&rated=3:4&rated=6:1"
    assert query.url(changes={"rated": ["6:1"]}, fragment="films") == (
        "/?lang=pt&gender=F&rated=6:1#films"
    )
    assert query.url("/films/3", only=("lang",)) == "/films/3?lang=pt"
    assert query.url("/", {"rated": None, "gender": None}, only=()) == "/"


def test_a_level_by_any_of_its_names_has_one_address() -> None:
    for dimension, level in (
        ("region", "East North Central"),
        ("Região", "Centro-Nordeste"),
        ("region", "de Wisconsin a Ohio"),
    ):
        query = Query.parse(
            [("level", level), ("dimension", dimension), ("genre", "guerra")],
            words_of(MOVIELENS_1M),
        )
        assert query.url("/groups") == (
            "/groups?dimension=region&level=East+North+Central&genre=War"
        )


def test_the_last_value_counts() -> None:
    query = Query.parse([("age", "1"), ("age", "2")], words_of(MOVIELENS_1M))
    assert query.one("age") == "2"
    assert query.all("age") == ("1", "2")
    assert query.one("gender") is None


def test_what_a_button_adds_comes_after_what_the_form_carries() -> None:
    query = Query.parse(
        [("rated", "3:4"), ("rate", "6:1")], words_of(MOVIELENS_1M)
    )
    assert query.url() == "/?rated=3:4&rated=6:1"
    assert query.unknown == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip),
        )
    )
)
def test_an_address_holds_the_whole_question(
    pairs: list[tuple[str, str]],
) -> None:
    query = Query.parse(pairs, words_of(MOVIELENS_1M))
    again = parse_qsl(urlsplit(query.url()).query, keep_blank_values=True)
    assert Query.parse(again, words_of(MOVIELENS_1M)) == query
