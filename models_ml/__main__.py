"""The command line: `python -m models_ml <command>`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from models_ml import pipeline
from models_ml.batch.commands import add_parsers as add_batch_parsers
from models_ml.errors import PlateiaError
from models_ml.log import log_to_console
from models_ml.settings import load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it could not."""
    options = make_parser().parse_args(arguments)
    log_to_console()
    run: Callable[..., None] = options.run
    try:
        run(options, load_settings())
    except PlateiaError as error:
        print(f"plateia: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        # A disk that is full or read-only, a file that may not be read.
        print(f"plateia: {_told(error)}", file=sys.stderr)
        return 1
    except Exception as error:
        if not _is_of_the_disk(error):
            raise
        print(f"plateia: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("plateia: stopped", file=sys.stderr)
        return 130
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The command line, with every command."""
    parser = argparse.ArgumentParser(
        prog="python -m models_ml",
        description="Data, training, evaluation, releases and batch answers.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    pipeline.add_parsers(commands)
    add_batch_parsers(commands)
    return parser


def _is_of_the_disk(error: Exception) -> bool:
    """Whether DuckDB, if any step has loaded it, could not read or write."""
    duckdb: Any = sys.modules.get("duckdb")
    return duckdb is not None and isinstance(
        error, (duckdb.IOException, duckdb.FatalException)
    )


def _told(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


if __name__ == "__main__":
    sys.exit(main())
