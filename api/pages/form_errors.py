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
        allowed = what_is_allowed(translator, one.field.removeprefix(OTHER))
        messages.setdefault(
            one.field,
            translator("error.field", value=one.value, allowed=allowed)
            if one.value not in (None, "")
            else translator("error.missing", allowed=allowed),
        )
    return messages


def what_is_allowed(translator: Translator, field: str) -> str:
    """What a field may hold, in the words of the data."""
    data = translator.vocabulary
    key = f"allowed.{field}"
    if field == "gender":
        genders = (f"{g} ({translator.one_person(g)})" for g in data.genders)
        return translator(key, levels=", ".join(genders))
    if field == "age":
        middle = data.age_groups[len(data.age_groups) // 2]
        return translator(key, group=middle)
    if field == "age_group":
        return translator(key, levels=", ".join(data.age_groups))
    if field == "occupation" and data.occupation_codes:
        codes = list(data.occupation_codes)
        return translator(f"{key}.code", first=codes[0], last=codes[-1])
    if field == "by":
        named = [translator(f"dimension.{name}") for name in data.dimensions]
        return translator(key, dimensions=", ".join(named).lower())
    return translator(key)
