"""Translators of both languages, for MovieLens 1M's words."""

from typing import Final

from api.pages.texts import TEXTS
from api.pages.translator import Translator
from models_ml.source.movielens_levels import MOVIELENS_1M

WORDS: Final = {
    language: Translator(language, MOVIELENS_1M) for language in TEXTS
}
