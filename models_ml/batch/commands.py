"""The commands `predict` and `audience`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models_ml.errors import InvalidFields, PlateiaError
from models_ml.settings import Settings
from models_ml.vocabulary import DEFAULT_BY

if TYPE_CHECKING:
    from models_ml.batch.summary import Summary
    from models_ml.release.load import Release

# What a command needs is imported when it runs: the others start faster.
# ruff: noqa: PLC0415


def add_parsers(subparsers: Any) -> None:
    """Add the commands to argparse's `subparsers`; each sets `run`."""
    _add_predict(subparsers)
    _add_audience(subparsers)


def predict_command(arguments: argparse.Namespace, settings: Settings) -> None:
    """Score a file's pairs of people and films with the current release."""
    from models_ml.batch.predict_file import predict_pairs
    from models_ml.data_kind import DataKind
    from models_ml.release.serving_file import serving_source_ids

    release = _current(settings)
    _report(
        predict_pairs(
            release,
            release.zip_prefixes,
            arguments.pairs,
            arguments.output,
            arguments.ratings,
            source_ids=serving_source_ids(release.serving),
            with_source_ids=release.manifest.data_kind is DataKind.OWN_TABLES,
            progress=True,
        )
    )


def audience_command(
    arguments: argparse.Namespace, settings: Settings
) -> None:
    """Answer a file's films with the current release."""
    from models_ml.batch.audience_file import predict_audiences
    from models_ml.release.serving_file import serving_source_ids
    from models_ml.words import words_of

    release = _current(settings)
    try:
        by = words_of(release.film.vocabulary).parse_by("by", arguments.by)
    except InvalidFields as error:
        raise PlateiaError(f"argument --by: {error}") from error
    _report(
        predict_audiences(
            release.film,
            arguments.movies,
            by,
            arguments.output,
            movie_id_of=dict(
                zip(
                    serving_source_ids(release.serving),
                    release.person.movie_ids.tolist(),
                    strict=True,
                )
            ),
            progress=True,
        )
    )


def _current(settings: Settings) -> "Release":
    """The release that the API serves, so that answers are the same."""
    from models_ml.release.load import load_current
    from models_ml.release.open_store import open_store
    from models_ml.release.signing import verify_keys

    store = open_store(settings.store)
    release = load_current(store, settings.cache, verify_keys(settings))
    print(f"release {release.version}", file=sys.stderr)
    if release.manifest.data_generated:
        print(
            "trained on GENERATED data: answers are made up",
            file=sys.stderr,
        )
    return release


def _report(summary: "Summary") -> None:
    for line in summary.lines():
        print(line, file=sys.stderr)


def _add_predict(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "predict",
        help="score pairs of people and films from a file",
        description=(
            "Class probabilities, expected stars and interest for each row,"
            " by the store's current release."
        ),
    )
    parser.add_argument(
        "--pairs",
        type=Path,
        required=True,
        help="CSV: profile_id, gender, age, occupation, nationality,"
        " zip_code (blank: not given), movie_id or source_id; and title, year,"
        " genres ('|' between) for rows without an id",
    )
    parser.add_argument(
        "--ratings",
        type=Path,
        help="CSV: profile_id, movie_id or source_id, stars or score; films"
        " already rated",
    )
    _add_output(parser)
    parser.set_defaults(run=predict_command)


def _add_audience(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "audience",
        help="predict the audience of films from a file",
        description=(
            "Reach, class probabilities and affinity for each film and"
            " segment, by the store's current release."
        ),
    )
    parser.add_argument(
        "--movies",
        type=Path,
        required=True,
        help="CSV: film_id, title, year, genres ('|' between), and, if known,"
        " n_raters (a number, or limited, typical, wide) and comparables"
        " (known films like it, by movie_id, source_id or title)",
    )
    parser.add_argument(
        "--by",
        type=_dimensions,
        default=DEFAULT_BY,
        help="dimensions of a segment, commas between (gender,age_group)",
    )
    _add_output(parser)
    parser.set_defaults(run=audience_command)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", type=Path, required=True, help=".parquet or .csv"
    )


def _dimensions(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))
