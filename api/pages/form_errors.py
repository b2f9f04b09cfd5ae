"""What is wrong with a form, in the page's language."""

from api.pages.query import OTHER
from api.pages.translator import Translator
from models_ml.errors import InvalidFields


def error_messages(
    translator: Translator, error: InvalidFields
) -> dict[str, str]:
    """A sentence for each form field that is wrong."""
    messages: dict[str, str] = {}
    for one in error.errors:
        allowed = translator(f"allowed.{one.field.removeprefix(OTHER)}")
        messages.setdefault(
            one.field,
            translator("error.field", value=one.value, allowed=allowed)
            if one.value not in (None, "")
            else translator("error.missing", allowed=allowed),
        )
    return messages
