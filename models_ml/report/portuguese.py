"""The blocks that commands write into README.md, for README.pt-BR.md."""

import re
from typing import Final

#: Cells of tables, and sentences below them.
PHRASES: Final = {
    "on people, or films, never seen": "em pessoas, ou filmes, nunca vistos",
    "value": "valor",
    "new person, log-loss (film mean → ours)": (
        "pessoa nova, perda logarítmica (média do filme → o nosso)"
    ),
    "new person, RMSE in stars (film mean → ours)": (
        "pessoa nova, RMSE em estrelas (média do filme → o nosso)"
    ),
    "new person, nDCG@10 over rated films": (
        "pessoa nova, nDCG@10 nos filmes que avaliou"
    ),
    "new person, nDCG@10 over the catalogue (popularity → ours)": (
        "pessoa nova, nDCG@10 no catálogo (popularidade → o nosso)"
    ),
    "calibration error of liked": "erro de calibração de gostar",
    "RMSE, 0 → 10 ratings known": "RMSE, de 0 a 10 notas conhecidas",
    "new film, log-loss per rating (population → ours)": (
        "filme novo, perda logarítmica por nota (população → o nosso)"
    ),
    "new film, r of female share, of mean age": (
        "filme novo, r da parte de mulheres e da idade média"
    ),
    "new film, 80 % intervals hold": (
        "filme novo, intervalos de 80 % que se sustentam"
    ),
    "what": "o quê",
    "p50, ms, 1 connection": "p50, ms, 1 conexão",
    "answers/s, 16 connections": "respostas/s, 16 conexões",
    "plain path: `Booster.predict` over the catalogue": (
        "caminho simples: `Booster.predict` no catálogo inteiro"
    ),
    "empty JSON endpoint, same server": "rota de JSON vazio, mesmo servidor",
    "`POST /recommendations`, common profiles": (
        "`POST /recommendations`, perfis comuns"
    ),
    "`POST /recommendations`, never asked before": (
        "`POST /recommendations`, perguntas inéditas"
    ),
    "`POST /recommendations`, ten ratings given": (
        "`POST /recommendations`, com dez notas"
    ),
    "`POST /audiences`, new film, 294 segments": (
        "`POST /audiences`, filme novo, 294 grupos"
    ),
    "Start to ready": "Da partida à primeira resposta",
    "Measured by": "Medido por",
}
#: 0.9249, 31,082, but not the ends of `v0.1.0`.
_NUMBER: Final = re.compile(
    r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|\.\d)"
)


class NoPhraseError(KeyError):
    """A cell has words that no phrase tells in Portuguese."""


def in_portuguese(block: str) -> str:
    """A block of README.md with Portuguese words and numbers.

    Raises NoPhraseError for a cell of a table with other words.
    """
    return "\n".join(
        _row(line) if line.startswith("|") else _sentences(line)
        for line in block.split("\n")
    )


def _row(line: str) -> str:
    cells = [_cell(cell) for cell in line.strip("| ").split(" | ")]
    return f"| {' | '.join(cells)} |"


def _cell(cell: str) -> str:
    if cell in PHRASES:
        return PHRASES[cell]
    if re.search(r"[^\W\d_]", cell):
        raise NoPhraseError(cell)
    return _numbers(cell.replace(", ", " e "))


def _sentences(line: str) -> str:
    for english, portuguese in PHRASES.items():
        if english[0].isupper():
            line = line.replace(english, portuguese)
    return _numbers(line)


def _numbers(text: str) -> str:
    swapped = str.maketrans(",.", ".,")
    return _NUMBER.sub(lambda match: match[0].translate(swapped), text)
