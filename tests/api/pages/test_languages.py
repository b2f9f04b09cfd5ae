import pytest

from api.pages.languages import choose_language


@pytest.mark.parametrize(
    ("asked", "accept", "language"),
    [
        (None, "", "en"),
        (None, "pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        (None, "fr;q=1, en;q=0.5, pt;q=0.6", "pt"),
        (None, "en, pt", "en"),
        (None, "pt;q=0, en;q=0.1", "en"),
        (None, "pt;q=0", "en"),
        (None, "PT-br ; q = 0.3", "pt"),
        (None, "*", "en"),
        (None, "pt;q=nonsense, ;;;, \x00", "en"),
        ("pt", "en", "pt"),
        ("en", "pt", "en"),
        ("fr", "pt", "pt"),
    ],
)
def test_language(asked: str | None, accept: str, language: str) -> None:
    assert choose_language(asked, accept) == language
