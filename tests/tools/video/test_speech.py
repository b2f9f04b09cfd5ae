import pytest

from tools.video.speech import cardinal, spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (16, "dezesseis"),
        (21, "vinte e um"),
        (100, "cem"),
        (101, "cento e um"),
        (200, "duzentos"),
        (1000, "mil"),
        (1996, "mil novecentos e noventa e seis"),
        (2100, "dois mil e cem"),
        (6040, "seis mil e quarenta"),
        (1_000_209, "um milhão duzentos e nove"),
    ],
)
def test_whole_numbers_are_said_in_words(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_feminine_numbers_agree_with_what_is_counted() -> None:
    assert spoken("202 notas", {}) == "duzentas e duas notas"
    assert spoken("2.001 filmes", {}) == "dois mil e um filmes"
    assert spoken("1 classes", {}) == "uma classes"


def test_decimals_keep_their_leading_zeros() -> None:
    assert spoken("0,0091", {}) == "zero vírgula zero zero noventa e um"
    assert spoken("−0,5 %", {}) == "menos zero vírgula cinco por cento"


def test_a_full_stop_after_a_number_is_not_part_of_it() -> None:
    assert spoken("Foi em 2000. Depois", {}) == "Foi em dois mil. Depois"


def test_names_are_respelt_only_as_whole_words() -> None:
    lexicon = {"API": "á pê i"}
    assert spoken("A API, e CAPITAL", lexicon) == "A á pê i, e CAPITAL"
