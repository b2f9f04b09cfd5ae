"""The words that callers use, understood alike at every door.

A word is known by the name that the vocabulary gives it, by other English
words and by Portuguese ones. Case, accents, spaces and punctuation make no
difference. What is not understood is an InvalidField, at every door.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from models_ml.errors import FieldErrors, InvalidField
from models_ml.vocabulary import (
    AGE_CODES,
    AGE_GROUPS,
    DIMENSIONS,
    FIRST_YEAR,
    GENRES,
    LAST_YEAR,
)

#: Signs that tell words apart: "56+" is not the age of 56.
_GAPS: Final = re.compile(r"(?:(?![+<])[\W_])+")
_WHOLE: Final = re.compile(r"([0-9]{1,9})(\.0)?")


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces between."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _GAPS.sub(" ", letters.replace(".", "")).strip()


class Words:
    """Names of one kind, each with the words it is known by."""

    def __init__(self, others: Mapping[str, str]) -> None:
        """`others`: by name, in order, its other words, commas between."""
        self.names: Final = tuple(others)
        self._names: dict[str, str] = {}
        for name, words in others.items():
            for word in (name, *filter(None, words.split(","))):
                known = self._names.setdefault(plain(word), name)
                if known != name:
                    raise ValueError(f"{word!r} is {known!r} and {name!r}")

    @property
    def allowed(self) -> str:
        """The names, as errors tell them."""
        return f"one of {', '.join(map(repr, self.names))}"

    def find(self, value: object) -> str | None:
        """The name that a word stands for; None: not understood."""
        return (
            self._names.get(plain(value)) if isinstance(value, str) else None
        )

    def parse(self, field: str, value: object) -> str:
        """The name that a word stands for; raises InvalidField."""
        name = self.find(value)
        if name is None:
            raise InvalidField(field, value, self.allowed)
        return name

    def parse_all(
        self, field: str, values: Sequence[object]
    ) -> tuple[str, ...]:
        """The names, in the order given, each once.

        Raises InvalidFields with `field[k]` of each that is not understood.
        """
        errors = FieldErrors()
        names = [
            errors.attempt(self.parse, f"{field}[{k}]", value)
            for k, value in enumerate(values)
        ]
        errors.check()
        return tuple(dict.fromkeys(name for name in names if name))


def _ages(code: int, next_code: int | None) -> str:
    """Other words for the age group of ages `code` to below `next_code`."""
    if next_code is None:
        words = (
            "{0} and over,of {0} and over,{0} or over,{0} and older,"
            "{0} or more,"
            "{0} ou mais,{0} anos ou mais,de {0} anos ou mais,"
            "com {0} anos ou mais"
        )
    elif code == AGE_CODES[0]:
        code = next_code
        words = (
            "<{0},younger than {0},menos de {0},menor de {0},"
            "menos de {0} anos,com menos de {0} anos"
        )
    else:
        words = (
            "{0} to {1},of {0} to {1},{0} a {1},{0} a {1} anos,"
            "de {0} a {1} anos"
        )
    return words.format(code, (next_code or 0) - 1)


GENDER: Final = Words(
    {
        "F": "female,woman,women,feminino,feminina,mulher,mulheres",
        "M": "male,man,men,masculino,masculina,homem,homens",
    }
)
AGE_GROUP: Final = Words(
    {
        group: _ages(code, next_code)
        for group, code, next_code in zip(
            AGE_GROUPS, AGE_CODES, (*AGE_CODES[1:], None), strict=True
        )
    }
)
OCCUPATION: Final = Words(
    {
        "other or not specified": "other,not specified,outra,outro,"
        "outra ou não informada,não informada",
        "academic/educator": "academic,educator,teacher,professor,"
        "professora,educador,educadora,acadêmico,acadêmica,"
        "ensino e pesquisa",
        "artist": "artista,artes",
        "clerical/admin": "clerical,admin,administração,escritório,"
        "escritório/administração",
        "college/grad student": "college student,graduate student,"
        "grad student,college/graduate student,university student,"
        "universitário,universitária,estudante universitário,"
        "estudante universitária,estudante universitário(a)",
        "customer service": "atendimento ao cliente,atendente",
        "doctor/health care": "doctor,health care,healthcare,médico,médica,"
        "medicina,saúde,medicina/saúde",
        "executive/managerial": "executive,managerial,manager,executivo,"
        "executiva,gerente,gerência,executivo(a)/gerência",
        "farmer": "agricultor,agricultora,fazendeiro,fazendeira,agricultura",
        "homemaker": "housewife,dona de casa,dono de casa,do lar,"
        "cuidado do lar",
        "K-12 student": "school student,estudante escolar",
        "lawyer": "attorney,advogado,advogada,advocacia",
        "programmer": "programador,programadora,programação",
        "retired": "aposentado,aposentada,aposentado(a)",
        "sales/marketing": "sales,marketing,vendas,vendedor,vendedora,"
        "vendas/marketing",
        "scientist": "cientista,ciência",
        "self-employed": "autônomo,autônoma,autônomo(a)",
        "technician/engineer": "technician,engineer,técnico,técnica,"
        "engenheiro,engenheira,engenharia,técnica/engenharia",
        "tradesman/craftsman": "tradesman,craftsman,trade/craft,artesão,"
        "artesã,ofícios/artesanato",
        "unemployed": "desempregado,desempregada,sem emprego",
        "writer": "escritor,escritora,escrita",
    }
)
REGION: Final = Words(
    {
        "New England": "Nova Inglaterra",
        "Middle Atlantic": "Médio Atlântico",
        "East North Central": "Centro-Nordeste",
        "West North Central": "Centro-Noroeste",
        "South Atlantic": "Atlântico Sul",
        "East South Central": "Centro-Sudeste",
        "West South Central": "Centro-Sudoeste",
        "Mountain": "Montanhas",
        "Pacific": "Pacífico",
        "US territories and military": "US territories/military,"
        "territórios e militares dos EUA",
        "outside the US": "abroad,fora dos EUA,exterior",
        "unknown": "region unknown,região desconhecida,desconhecida",
    }
)
DIMENSION: Final = Words(
    {
        "gender": "sex,gênero,sexo",
        "age_group": "age,ages,idade,faixa etária",
        "occupation": "ocupação,profissão",
        "region": "região",
    }
)
#: The words for each dimension's levels.
LEVELS: Final = {
    "gender": GENDER,
    "age_group": AGE_GROUP,
    "occupation": OCCUPATION,
    "region": REGION,
}
GENRE: Final = Words(
    {
        "Action": "ação",
        "Adventure": "aventura",
        "Animation": "animated,animação",
        "Children's": "children,childrens,infantil",
        "Comedy": "comédia",
        "Crime": "",
        "Documentary": "documentário",
        "Drama": "",
        "Fantasy": "fantasia",
        "Film-Noir": "filme noir",
        "Horror": "terror",
        "Musical": "",
        "Mystery": "mistério",
        "Romance": "",
        "Sci-Fi": "scifi,science fiction,ficção científica",
        "Thriller": "suspense",
        "War": "guerra",
        "Western": "faroeste",
    }
)
RATING_CLASS: Final = Words(
    {
        "hated": "1,hated it,detestei,odiei",
        "disliked": "2,disliked it,did not like it,não gostei",
        "liked": "3,liked it,gostei",
        "loved": "4,loved it,adorei,amei",
    }
)
FILM_RANKING: Final = Words(
    {
        "for_you": "para você",
        "liking": "best liked,mais agradam",
        "distinctive": "distintivo,distintivos",
    }
)
SEGMENT_RANKING: Final = Words(
    {
        "reach_index": "who turns up,índice de alcance,quem comparece",
        "reach": "alcance",
        "affinity": "who likes it more,afinidade,quem gosta mais",
        "liking": "likes it,gostam",
    }
)

RELEASE_WIDTH: Final = Words(
    {
        "limited": "small,limitado,restrito,pequeno",
        "typical": "medium,típico,médio",
        "wide": "large,amplo,grande",
    }
)


def parse_by(
    field: str, values: Sequence[object], most: int = len(DIMENSIONS)
) -> tuple[str, ...]:
    """The dimensions that make up a segment, in the order given.

    Raises InvalidField unless they are one to `most`, each at most once, and
    InvalidFields with `field[k]` of each that is not understood.
    """
    names = DIMENSION.parse_all(field, values)
    if not 1 <= len(names) <= most or len(names) < len(values):
        count = "one or more" if most == len(DIMENSIONS) else f"one to {most}"
        raise InvalidField(
            field,
            list(values),
            f"{count} of {', '.join(DIMENSIONS)}, each at most once",
        )
    return names


def parse_genres(field: str, values: Iterable[object]) -> tuple[str, ...]:
    """Genres in the vocabulary's order, each once; raises InvalidFields."""
    names = set(GENRE.parse_all(field, tuple(values)))
    return tuple(name for name in GENRES if name in names)


def whole_number(text: str) -> int | None:
    """A whole number of up to nine digits as tools write it, or None.

    `1999`, and `1999.0` of a spreadsheet whose column has gaps.
    """
    match = _WHOLE.fullmatch(text.strip())
    return int(match[1]) if match else None


def parse_number(field: str, text: str, first: int, last: int) -> int:
    """A whole number from `first` to `last`; raises InvalidField."""
    number = whole_number(text)
    if number is None or not first <= number <= last:
        raise InvalidField(
            field, text, f"a whole number from {first} to {last}"
        )
    return number


def parse_year(field: str, text: str) -> int:
    """A year of release; raises InvalidField."""
    year = whole_number(text)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidField(
            field, text, f"a year from {FIRST_YEAR} to {LAST_YEAR}"
        )
    return year
