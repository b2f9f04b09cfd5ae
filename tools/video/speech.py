"""Text as it is written, into text as a synthesiser should say it.

Numbers become Brazilian Portuguese words and foreign names are respelt, so
that every voice reads them alike; the subtitles keep the written form.
"""

import csv
import re
from pathlib import Path

UNITS = (
    *("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete"),
    *("oito", "nove", "dez", "onze", "doze", "treze", "catorze", "quinze"),
    *("dezesseis", "dezessete", "dezoito", "dezenove"),
)
TENS = (
    *("", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta"),
    *("setenta", "oitenta", "noventa"),
)
HUNDREDS = (
    *("", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos"),
    *("seiscentos", "setecentos", "oitocentos", "novecentos"),
)
NUMBER = re.compile(
    r"(?P<sign>[+−–-](?=\d))?"
    r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<part>\d+))?"
    r"(?P<percent>\s?%)?(?P<what>\s+[a-zà-ý]+)?"
)
#: Plurals that are feminine without ending in "as".
FEMININE = frozenset(
    ("classes", "mulheres", "vezes", "avaliações", "previsões")
)


def cardinal(number: int, *, feminine: bool = False) -> str:
    """Say a whole number below a billion: 1 996 is "mil novecentos e …"."""
    if number < 100:
        ten, unit = (0, number) if number < 20 else divmod(number, 10)
        tail = {1: "uma", 2: "duas"}.get(unit) if feminine else None
        words = tail or UNITS[unit]
        if not ten:
            return words
        return TENS[ten] + (f" e {words}" if unit else "")
    if number == 100:
        return "cem"
    if number < 1000:
        hundred, rest = divmod(number, 100)
        head = HUNDREDS[hundred]
        if feminine and hundred > 1:
            head = head.removesuffix("os") + "as"
        return head + (
            f" e {cardinal(rest, feminine=feminine)}" if rest else ""
        )
    if number < 1_000_000:
        thousand, rest = divmod(number, 1000)
        many = "" if thousand == 1 else cardinal(thousand, feminine=feminine)
        return f"{many} mil".strip() + _joined(rest, feminine)
    million, rest = divmod(number, 1_000_000)
    head = "um milhão" if million == 1 else f"{cardinal(million)} milhões"
    return head + _joined(rest, feminine)


def _joined(rest: int, feminine: bool) -> str:
    """Join what follows thousands: "e" before round or small remainders."""
    if not rest:
        return ""
    glue = " e " if rest < 100 or (rest < 1000 and not rest % 100) else " "
    return glue + cardinal(rest, feminine=feminine)


def decimals(digits: str) -> str:
    """Say the digits after the comma, leading zeros one by one."""
    bare = digits.lstrip("0")
    zeros = ["zero"] * (len(digits) - len(bare))
    return " ".join([*zeros, cardinal(int(bare))] if bare else zeros)


def read_lexicon(path: Path) -> dict[str, str]:
    """Read the ``written,spoken`` table of names to respell."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["written"]: row["spoken"] for row in csv.DictReader(lines)}


def spoken(text: str, lexicon: dict[str, str]) -> str:
    """Turn written text into what the voice is given."""
    if lexicon:
        names = sorted(lexicon, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in names)
        text = re.sub(
            rf"(?<!\w)(?:{pattern})(?!\w)", lambda m: lexicon[m[0]], text
        )
    return NUMBER.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    what = (match["what"] or "").strip()
    feminine = what.endswith("as") or what in FEMININE
    said = cardinal(
        int(match["whole"].replace(".", "")),
        feminine=feminine and not match["part"],
    )
    if match["part"]:
        said += f" vírgula {decimals(match['part'])}"
    if match["sign"]:
        said = ("mais " if match["sign"] == "+" else "menos ") + said
    if match["percent"]:
        said += " por cento"
    return said + (match["what"] or "")
