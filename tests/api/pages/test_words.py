import pytest

from tests.api.translators import WORDS

EN, PT = WORDS["en"], WORDS["pt"]


@pytest.mark.parametrize(
    ("value", "digits", "english", "portuguese"),
    [
        (6040, 0, "6,040", "6.040"),
        (1234567.891, 1, "1,234,567.9", "1.234.567,9"),
        (4.25, 1, "4.2", "4,2"),
        (-3.5, 1, "−3.5", "−3,5"),
        (-0.04, 1, "0.0", "0,0"),
    ],
)
def test_numbers_have_the_languages_separators(
    value: float, digits: int, english: str, portuguese: str
) -> None:
    assert EN.number(value, digits) == english
    assert PT.number(value, digits) == portuguese


def test_signs_are_shown_but_for_zero() -> None:
    assert PT.signed(5.26, 1) == "+5,3"
    assert PT.signed(-5.26, 1) == "−5,3"
    assert PT.signed(0.01, 1) == "0,0"
    assert EN.signed(1500) == "+1,500"


def test_a_small_share_is_not_called_zero() -> None:
    assert EN.percent(0.004) == "<1%"
    assert EN.percent(0.0) == "0%"
    assert EN.percent(0.831) == "83%"
    assert EN.percent(0.994) == "99%"
    assert EN.percent(0.9951) == ">99%"
    assert EN.percent(1.0) == "100%"


def test_segments_are_told_in_words() -> None:
    segment = {"gender": "F", "age_group": "25-34", "occupation": "writer"}
    assert EN.people(segment) == "women of 25 to 34 (writer)"
    assert PT.people(segment) == "mulheres de 25 a 34 anos (escritora)"
    assert EN.people({}) == "people"
    segment = {"region": "Pacific"}
    assert PT.people(segment) == "pessoas (da Califórnia ao Alasca)"


def test_genres_are_small_inside_portuguese_sentences() -> None:
    assert PT.genre("Sci-Fi") == "Ficção científica"
    assert PT.genre_inside("Sci-Fi") == "ficção científica"
    assert PT.genre_inside("Children's") == "infantil"
    assert PT.genre_inside("IMAX") == "IMAX"
    assert EN.genre_inside("Sci-Fi") == "Sci-Fi"


def test_no_bracket_stands_in_another() -> None:
    for occupation in PT.vocabulary.occupations:
        for gender in ({}, {"gender": "F"}, {"gender": "M"}):
            told = PT.people({**gender, "occupation": occupation})
            assert told.count("(") == told.count(")") == 1
    manager = {"gender": "M", "occupation": "executive/managerial"}
    assert PT.people(manager) == "homens (executivo, gerência)"
    student = {"gender": "F", "occupation": "college/grad student"}
    assert PT.people(student) == "mulheres (estudante universitária)"


def test_names_stand_where_a_reader_looks_for_them() -> None:
    genres = PT.by_name("genre", ["War", "Action", "Sci-Fi", "Adventure"])
    assert [name for _, name in genres] == [
        "Ação",
        "Aventura",
        "Ficção científica",
        "Guerra",
    ]
    assert PT.genres(["Horror", "Comedy"]) == "Comédia, Terror"
    assert EN.genres(["Horror", "Comedy"]) == "Comedy, Horror"


def test_merged_segments_are_told_in_words() -> None:
    by = ("gender", "age_group", "occupation")
    segment = {"age_group": ("18-24", "25-34"), "occupation": "writer"}
    assert EN.people(segment, by) == "people of 18 to 34 (writer)"
    both = "pessoas de 18 a 34 anos (escritor ou escritora)"
    assert PT.people(segment, by) == both
    segment = {"gender": "F"}
    assert EN.people(segment, by) == "women of any age (any occupation)"
    assert PT.people(segment, by[:2]) == "mulheres de qualquer idade"


def test_evidence_is_told_in_words() -> None:
    both = EN.people_of_counts("gender_age_group", "M|under 18")
    assert both == "men under 18"
    assert PT.people_of_counts("gender", "M") == "homens"
    assert EN.people_of_counts("everyone", "everyone") == "people"


def test_lists_end_in_and() -> None:
    assert EN.listed(["a"]) == "a"
    assert EN.listed(["a", "b", "c"]) == "a, b and c"
    assert PT.listed(["a", "b"]) == "a e b"


def test_one_and_many_have_their_own_form() -> None:
    assert EN.count("films.in_both", 1) == "1 film is in both lists."
    assert EN.count("films.in_both", 0) == "0 films are in both lists."


def test_a_text_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        EN("no.such.text")
