"""Every text of the pages, by its key: a gettext catalogue per language.

`locale/<locale>/LC_MESSAGES/plateia.po` is what translators edit. A text is
looked up by its key and never by its English sentence, so that a sentence
can change in one language alone. What differs for one and many has a
`msgid_plural`, which repeats the key.
"""

from collections.abc import Iterator, Mapping
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_FOLDER: Final = Path(__file__).parent / "locale"
#: The locale whose catalogue each language of the pages reads.
LOCALES: Final = {"en": "en", "pt": "pt_BR"}


class Texts(Mapping[str, str]):
    """The texts of one language; of one and many, the one by its key."""

    def __init__(self, catalogue: Catalog) -> None:
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        self._translations = GNUTranslations(compiled)
        messages = [message for message in catalogue if message.id]
        self._keys = dict.fromkeys(_key(message.id) for message in messages)
        self.plurals: Final = frozenset(
            _key(message.id) for message in messages if message.pluralizable
        )
        """Keys whose text depends on a number."""

    def __getitem__(self, key: str) -> str:
        if key not in self._keys:
            raise KeyError(key)
        return self._translations.gettext(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def for_number(self, key: str, n: int) -> str:
        """The form of `key` that the language uses for `n`.

        Raises KeyError where `key` is no text with such forms.
        """
        if key not in self.plurals:
            raise KeyError(key)
        return self._translations.ngettext(key, key, n)


def _key(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is."""
    return _FOLDER / LOCALES[language] / "LC_MESSAGES" / "plateia.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue as it is written; raises PoFileError if it is not one."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, LOCALES[language], abort_invalid=True)


TEXTS: Final = {
    language: Texts(read_catalogue(language)) for language in LOCALES
}
