"""Answers that the documentation shows: those of `docs/examples`, cut short.

A test of the end-to-end suite keeps these files true.
"""

from typing import Any, Final

import msgspec

from api import schemas
from models_ml.settings import PROJECT

_FOLDER: Final = PROJECT / "docs" / "examples"
#: By operation id.
FILES: Final = {
    "recommendFilms": "recommendations.json",
    "findAudience": "audiences.json",
    "listTastes": "tastes.json",
    "listSimilarMovies": "similar-movies.json",
    "listOverlappingMovies": "overlapping-movies.json",
    "listReleases": "releases.json",
}
#: Elements of a list that are shown.
_SHOWN: Final = 2


def example_of(
    operation: str, answer: type[msgspec.Struct], *, recorded: bool
) -> Any:
    """An answer to an operation; None where there is none to show.

    Those `recorded` are of MovieLens 1M; an installation without `docs` has
    none.
    """
    if answer is schemas.Health:
        return msgspec.to_builtins(schemas.Health())
    path = _FOLDER / FILES.get(operation, "")
    if not recorded or not path.is_file():
        return None
    return _cut(msgspec.json.decode(path.read_bytes()))


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, list):
        # Numbers of fixed length, such as the four classes, stay whole.
        is_classes = value and isinstance(value[0], dict)
        kept = value if is_classes and "class" in value[0] else value[:_SHOWN]
        return [_cut(part) for part in kept]
    return value
