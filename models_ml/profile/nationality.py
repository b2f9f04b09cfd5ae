"""Which country a word for a nationality means."""

import re
from functools import lru_cache
from typing import Final

from models_ml.words import plain

#: Territories of the United States; their people are its nationals.
US_TERRITORIES: Final = frozenset({"AS", "GU", "MP", "PR", "UM", "VI"})

#: Codes in the locale data that name no country.
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})

#: Words for the people of a country and names that the locale data lack, in
#: English and Portuguese, as `words.plain` leaves them.
_OTHER_WORDS: Final = {
    "AF": "afghan afegao afega",
    "AO": "angolan angolano angolana",
    "AR": "argentine argentinian argentino",
    "AT": "austrian austriaco austriaca",
    "AU": "australian australiano australiana",
    "BD": "bangladeshi bengali",
    "BE": "belgian belga",
    "BG": "bulgarian bulgaro bulgara",
    "BO": "bolivian boliviano boliviana",
    "BR": "brazilian brasileiro brasileira",
    "CA": "canadian canadense canadiano canadiana",
    "CH": "swiss suico",
    "CL": "chilean chileno chilena",
    "CN": "chinese chines chinesa prc",
    "CO": "colombian colombiano colombiana",
    "CR": "costa-rican costa-riquenho costa-riquenha",
    "CU": "cuban cubano cubana",
    "CV": "cape-verdean cabo-verdiano cabo-verdiana",
    "CZ": "czech tcheco tcheca checo checa czech-republic republica-tcheca",
    "DE": "german alemao alema",
    "DK": "danish dane dinamarques dinamarquesa",
    "DO": "dominicano dominicana",
    "EC": "ecuadorian equatoriano equatoriana",
    "EG": "egyptian egipcio egipcia",
    "ES": "spanish spaniard espanhol espanhola",
    "ET": "ethiopian etiope",
    "FI": "finnish finn finlandes finlandesa",
    "FR": "french frances francesa",
    "GB": (
        "british briton britanico britanica great-britain gra-bretanha"
        " england english inglaterra ingles inglesa scotland scottish escocia"
        " escoces escocesa wales welsh gales northern-ireland"
    ),
    "GH": "ghanaian ganes ganense",
    "GR": "greek grego grega",
    "GT": "guatemalan guatemalteco guatemalteca",
    "HK": "hong-kong",
    "HN": "honduran hondurenho hondurenha",
    "HR": "croatian croata",
    "HU": "hungarian hungaro hungara",
    "ID": "indonesian indonesio",
    "IE": "irish irlandes irlandesa",
    "IL": "israeli israelense israelita",
    "IN": "indian indiano indiana",
    "IQ": "iraqi iraquiano iraquiana",
    "IR": "iranian iraniano iraniana persian",
    "IS": "icelandic islandes islandesa",
    "IT": "italian italiano italiana",
    "JM": "jamaican jamaicano jamaicana",
    "JP": "japanese japones japonesa",
    "KE": "kenyan queniano queniana",
    "KR": "korean south-korean coreano coreana sul-coreano sul-coreana korea",
    "LB": "lebanese libanes libanesa",
    "LK": "sri-lankan",
    "MA": "moroccan marroquino marroquina",
    "MO": "macau macao",
    "MX": "mexican mexicano mexicana",
    "MY": "malaysian malaio malaia",
    "MZ": "mozambican mocambicano mocambicana",
    "NG": "nigerian nigeriano nigeriana",
    "NI": "nicaraguan nicaraguense",
    "NL": (
        "dutch holandes holandesa neerlandes neerlandesa holland holanda"
        " the-netherlands"
    ),
    "NO": "norwegian noruegues norueguesa",
    "NP": "nepalese nepali nepales nepalesa",
    "NZ": "new-zealander neozelandes neozelandesa",
    "PA": "panamanian panamenho panamenha",
    "PE": "peruvian peruano peruana",
    "PH": "filipino filipina philippine",
    "PK": "pakistani paquistanes paquistanesa",
    "PL": "polish pole polones polonesa polaco polaca",
    "PR": "puerto-rican porto-riquenho porto-riquenha",
    "PS": "palestinian palestino palestina palestine",
    "PT": "portuguese portugues portuguesa",
    "PY": "paraguayan paraguaio paraguaia",
    "RO": "romanian romeno romena",
    "RS": "serbian servio",
    "RU": "russian russo russa",
    "SA": "saudi saudita",
    "SE": "swedish swede sueco sueca",
    "SG": "singaporean singapurense",
    "SV": "salvadoran salvadorenho salvadorenha",
    "SY": "syrian sirio",
    "TH": "thai tailandes tailandesa",
    "TR": "turkish turk turco turca turkey",
    "TW": "taiwanese taiwanes taiwanesa",
    "UA": "ukrainian ucraniano ucraniana",
    "US": (
        "american americano americana north-american norte-americano"
        " norte-americana estadunidense america eua"
        " united-states-of-america estados-unidos-da-america"
    ),
    "UY": "uruguayan uruguaio uruguaia",
    "VE": "venezuelan venezuelano venezuelana",
    "VN": "vietnamese vietnamita",
    "ZA": "south-african sul-africano sul-africana",
}


def country_of(nationality: str) -> str | None:
    """ISO 3166 alpha-2 code of a nationality; None if the word is unknown.

    Understood are the ISO codes of two and three letters and the numeric ones
    of three digits (`076`), the names of
    countries in English and Portuguese, and common words for their people.
    Case, accents and punctuation do not matter.
    """
    return _countries_by_word().get(plain(nationality))


def country_names(country: str) -> tuple[str, str]:
    """English and Portuguese name of an alpha-2 code that `country_of` tells.

    They are those of the locale data.
    """
    from babel import Locale  # noqa: PLC0415

    english, portuguese = (
        Locale.parse(locale).territories[country] for locale in ("en", "pt")
    )
    return english, portuguese


def is_us(country: str) -> bool:
    """Whether an alpha-2 code is of the United States or its territories."""
    return country == "US" or country in US_TERRITORIES


@lru_cache(maxsize=1)
def _countries_by_word() -> dict[str, str]:
    # Imported late: most starts of the API never need the locale data.
    from babel import Locale  # noqa: PLC0415
    from babel.core import get_global  # noqa: PLC0415

    words: dict[str, str] = {}
    for locale in ("en", "pt_PT", "pt"):
        for code, name in Locale.parse(locale).territories.items():
            if not _is_country(code):
                continue
            words[code.lower()] = code
            # "Myanmar (Burma)" is known by either name and by both.
            for part in (name, *re.split(r"[()]", name)):
                if plain(part):
                    words[plain(part)] = code
    known = set(words.values())
    for alias, codes in get_global("territory_aliases").items():
        is_code = (alias.isalpha() and len(alias) in (2, 3)) or (
            alias.isdecimal() and len(alias) == 3
        )
        if is_code and len(codes) == 1 and codes[0] in known:
            words.setdefault(alias.lower(), codes[0])
    for code, others in _OTHER_WORDS.items():
        words |= {plain(word): code for word in others.split()}
    return words


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
