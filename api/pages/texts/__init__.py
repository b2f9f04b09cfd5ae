"""Every text of the pages, in each language, under the same keys."""

from typing import Final

from api.pages.texts.en import TEXTS as ENGLISH
from api.pages.texts.pt import TEXTS as PORTUGUESE

TEXTS: Final = {"en": ENGLISH, "pt": PORTUGUESE}
