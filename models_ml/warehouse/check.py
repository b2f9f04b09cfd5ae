"""What a source would become, told before anything is built.

The source lands in a folder of its own and dbt applies the rules of the
warehouse to all of it, up to the rejected rows and the levels, and the scale
is held to what training takes: `check` and `build` cannot disagree.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from models_ml.errors import PlateiaError
from models_ml.settings import Settings
from models_ml.source.columns import named_columns
from models_ml.source.movielens import fetch
from models_ml.source.record import LandedFile, read_source
from models_ml.vocabulary import UNKNOWN_LEVEL
from models_ml.warehouse.dbt import run_dbt
from models_ml.warehouse.enough import NotEnoughDataError, check_folds
from models_ml.warehouse.scale import NarrowScale, check_scale

#: The test that stops a build of which too much is rejected.
_TOO_MANY: Final = "rejected_lines_are_few"
#: Rows that are shown of each reason for a rejection.
_SHOWN: Final = 3
#: Characters that are shown of a row.
_MAX_CHARACTERS: Final = 200
#: Levels that are shown of each dimension.
_MAX_LEVELS: Final = 30
#: Dimensions as a person reads them; `{n}` counts all.
_HEADINGS: Final = {
    "gender": "people by gender",
    "age_group": "people by age group",
    "occupation": "people by occupation",
    "region": "people by region",
    "nationality": "people by nationality",
    "genre": "films by genre",
    "star": "ratings by stars",
}


class CannotBeBuilt(PlateiaError):  # noqa: N818 - says what is wrong
    """A build of the source would fail; the message says why."""


@dataclass(frozen=True)
class Rejections:
    """Rows of a file that one rule rejects."""

    file: str
    reason: str
    n: int
    first: tuple[tuple[int, str], ...]
    """Number and text of the first few."""


@dataclass(frozen=True)
class Checked:
    """What a source holds, as the warehouse would."""

    files: tuple[LandedFile, ...]
    rejections: tuple[Rejections, ...]
    levels: dict[str, tuple[tuple[str, int], ...]]
    """Each dimension's levels that occur, with how many bear them."""
    complaint: str | None
    """Why it could not be built; None if it could."""

    def report(self) -> str:
        """The files, rejected rows and levels as lines of text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for file in self.files:
            yield f"{file.name} ({file.format}): {file.n_lines:,} rows"
            if file.columns:
                yield f"  read: {', '.join(file.columns)}"
            if file.left_out:
                yield f"  left out: {_named(file.left_out)}"
        if not self.rejections:
            yield "rejected: nothing"
        for each in self.rejections:
            rows = "row" if each.n == 1 else "rows"
            yield f"rejected: {each.n:,} {rows} of {each.file}: {each.reason}"
            for number, text in each.first:
                yield f"  row {number}: {_shortened(text)}"
        for dimension, heading in _HEADINGS.items():
            levels = self.levels.get(dimension, ())
            if all(name == UNKNOWN_LEVEL for name, _ in levels):
                yield f"{heading}: the data tell none"
                continue
            shown = [f"{name} {n:,}" for name, n in levels[:_MAX_LEVELS]]
            n_more = len(levels) - len(shown)
            more = [f"and {n_more} more"] if n_more else []
            yield f"{heading}: {', '.join([*shown, *more])}"


def _named(columns: Sequence[str]) -> str:
    """Columns in quotes; those without a name are counted."""
    names = [name for name in columns if name.strip()]
    n_blank = len(columns) - len(names)
    unnamed = [f"{n_blank:,} without a name"] if n_blank else []
    return ", ".join([*([named_columns(names)] if names else []), *unnamed])


def _shortened(text: str) -> str:
    if len(text) <= _MAX_CHARACTERS:
        return text
    return f"{text[:_MAX_CHARACTERS]}… ({len(text):,} characters)"


def check(settings: Settings) -> Checked:
    """What `settings.movielens_source` holds, as a build would see it.

    Nothing of `settings.home` changes. Raises DataUnavailable where the
    source cannot be read.
    """
    with _home(settings) as home:
        fetch(home, progress=False)
        source = read_source(home)
        files = tuple(source.files) if source else ()
        failed = run_dbt(
            home,
            home.warehouse,
            "--select",
            "+rejected_lines_are_few",
            "+dim_levels",
            "--indirect-selection=empty",
            quiet=True,
        )
        told = "" if failed is None else "; ".join(failed.values())
        if failed is not None and set(failed) != {_TOO_MANY}:
            raise CannotBeBuilt(
                f"it cannot be built: {told or 'dbt did not start'}"
            )
        with duckdb.connect(home.warehouse) as connection:
            rejections = _rejections(connection)
            levels = _levels(connection)
            complaint = told or _of_training(connection, levels)
    return Checked(files, rejections, levels, complaint)


def _of_training(
    connection: duckdb.DuckDBPyConnection,
    levels: dict[str, tuple[tuple[str, int], ...]],
) -> str | None:
    """Why no models could be trained on the warehouse, if so."""
    stars = levels.get("star", ())
    try:
        check_scale([float(name) for name, _ in stars])
        check_folds(_rated_folds(connection), sum(n for _, n in stars))
    except (NarrowScale, NotEnoughDataError) as error:
        return str(error)
    return None


def _rated_folds(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[int, ...]]:
    """The folds of which a person, and a film, has a rating."""
    row = connection.execute(
        """
        select
            list(distinct users.user_fold),
            list(distinct movies.movie_fold)
        from marts.fct_ratings as ratings
        inner join marts.dim_users as users using (user_id)
        inner join marts.dim_movies as movies using (movie_id)
        """
    ).fetchone()
    of_people, of_films = row or ((), ())
    return {"person": of_people or (), "film": of_films or ()}


@contextmanager
def _home(settings: Settings) -> Iterator[Settings]:
    """Settings of a home that is gone afterwards."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="check-", dir=settings.home
    ) as folder:
        yield replace(settings, home=Path(folder))


def _rejections(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Rejections, ...]:
    rows = connection.execute(
        """
        select
            file,
            reason,
            count(*) as n_rows,
            list((line_number, text) order by line_number)[:$n_shown]
        from marts.rejected_lines
        group by file, reason
        order by file, n_rows desc, reason
        """,
        {"n_shown": _SHOWN},
    ).fetchall()
    return tuple(
        Rejections(file, reason, n, tuple(map(tuple, first)))
        for file, reason, n, first in rows
    )


def _levels(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[tuple[str, int], ...]]:
    rows = connection.execute(
        "select dimension, name, n from marts.dim_levels where n > 0"
        " order by dimension, position"
    ).fetchall()
    levels: dict[str, tuple[tuple[str, int], ...]] = {}
    for dimension, name, n in rows:
        levels[dimension] = (*levels.get(dimension, ()), (name, n))
    return levels
