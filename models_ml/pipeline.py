"""The build, from data to release: each step is skipped while still valid."""

import argparse
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from models_ml.lock import exclusive
from models_ml.log import LOGGER
from models_ml.settings import SAMPLE, Settings
from models_ml.source.formats import DataUnavailable
from models_ml.training.record import is_trained

# Steps import what they need when they run: a build in which everything is
# still valid must not pay for libraries it does not use.
# ruff: noqa: PLC0415


def add_parsers(commands: Any) -> None:
    """Add the steps of the build to the command line."""
    _add(commands, "fetch", fetch, "bring the three files into PLATEIA_HOME")
    check_parser = _add(
        commands, "check", check, "tell what a source would become"
    )
    check_parser.add_argument(
        "source",
        metavar="SOURCE",
        help="as MOVIELENS_SOURCE: a folder, zip, URL or s3://bucket/prefix",
    )
    build_parser = _add(
        commands, "build", build, "data, warehouse, training and release"
    )
    build_parser.add_argument(
        "--or-sample",
        action="store_true",
        help="go on with generated data when MovieLens can't be reached",
    )
    _add(
        commands,
        "warehouse",
        warehouse,
        "dbt build into a file beside, which takes the warehouse's place",
    )
    train_parser = _add(
        commands, "train", train, "compare the candidates, refit the best"
    )
    train_parser.add_argument(
        "--search",
        action="store_true",
        help="search the settings again before comparing (takes long)",
    )
    _add(
        commands,
        "evaluate",
        evaluate,
        "measure on the test folds and write docs/evaluation.md",
    )
    validation_parser = _add(
        commands,
        "cross-validate",
        cross_validate,
        "compare candidates for a person on each of folds 0 to 3",
    )
    validation_parser.add_argument(
        "candidates", nargs="*", help="some of them (default: all)"
    )
    publish_parser = _add(
        commands, "publish", publish, "make what was trained the release"
    )
    publish_parser.add_argument(
        "--force-worse",
        action="store_true",
        help="even if it predicts worse than the current release",
    )
    publish_parser.add_argument(
        "--force-smaller",
        action="store_true",
        help="even if it rests on less data than the current release",
    )
    _add(commands, "releases", releases, "list the releases of the store")
    rollback_parser = _add(
        commands, "rollback", rollback, "make another release current again"
    )
    rollback_parser.add_argument("version", help="as `releases` lists it")
    prune_parser = _add(
        commands, "prune", prune, "remove all releases but the newest"
    )
    prune_parser.add_argument(
        "--keep",
        type=_at_least_one,
        default=5,
        metavar="N",
        help="so many stay, and the current one (default: 5)",
    )
    _add(commands, "refresh", refresh, "sign current.json again, as it is")
    _add(
        commands,
        "public-key",
        public_key,
        "print the key for PLATEIA_VERIFY_KEYS",
    )


def fetch(options: argparse.Namespace, settings: Settings) -> None:
    """Bring the data, from the source that the settings name."""
    del options
    from models_ml.source.movielens import fetch as fetch_data

    fetch_data(settings)


def check(options: argparse.Namespace, settings: Settings) -> None:
    """Tell what a source holds, and whether a warehouse could be built."""
    from models_ml.warehouse.check import CannotBeBuilt
    from models_ml.warehouse.check import check as check_source

    checked = check_source(replace(settings, movielens_source=options.source))
    print(checked.report())
    if checked.complaint:
        raise CannotBeBuilt(f"it cannot be built: {checked.complaint}")
    LOGGER.info("it can be built")


def build(options: argparse.Namespace, settings: Settings) -> None:
    """Everything up to the release."""
    if settings.parquet_tables is None:
        settings = _with_data(settings, options.or_sample)
        warehouse(options, settings)
    with _models(settings):
        # what another engine wrote has no record that tells of a change
        if settings.parquet_tables is None and is_trained(settings):
            LOGGER.info("trained models valid")
        else:
            _train(settings, search=False)
        _publish(settings, force_worse=False, force_smaller=False)


def warehouse(options: argparse.Namespace, settings: Settings) -> None:
    """Build and test the warehouse; the old one stays until all is well."""
    del options
    from models_ml.warehouse.build import build as build_warehouse

    built = build_warehouse(settings)
    LOGGER.info("warehouse built" if built else "warehouse valid")


def train(options: argparse.Namespace, settings: Settings) -> None:
    """Choose the best candidates and leave what `publish` takes."""
    with _models(settings):
        _train(settings, search=options.search)


def evaluate(options: argparse.Namespace, settings: Settings) -> None:
    """Measure on the test folds and write the report."""
    del options
    from models_ml.report.evaluate import evaluate as evaluate_models

    with _models(settings):
        evaluate_models(settings)


def cross_validate(options: argparse.Namespace, settings: Settings) -> None:
    """Compare candidates on each of folds 0 to 3, and save the runs."""
    from models_ml.experiments import cross_validation
    from models_ml.experiments.runner import ExperimentRunner

    with _models(settings):
        runs = cross_validation.cross_validate(
            ExperimentRunner.of(settings), options.candidates
        )
    for name, metrics in cross_validation.means(runs).items():
        told = ", ".join(f"{of} {mean:.4f}" for of, mean in metrics.items())
        print(f"{name}: {told}")


def publish(options: argparse.Namespace, settings: Settings) -> None:
    """Publish what was trained and make it the current release."""
    with _models(settings):
        _publish(
            settings,
            force_worse=options.force_worse,
            force_smaller=options.force_smaller,
        )


def _models(settings: Settings) -> AbstractContextManager[int]:
    """Models and runs are written, or released, by one process at a time."""
    return exclusive(settings.home / "models.lock")


def _train(settings: Settings, *, search: bool) -> None:
    from models_ml.experiments.runner import ExperimentRunner

    # The data are read while the models' libraries load: a second of each.
    with ThreadPoolExecutor(1) as pool:
        runner = pool.submit(ExperimentRunner.of, settings)
        from models_ml.training.train import train as train_models
    train_models(runner.result(), settings, search=search)


def _publish(
    settings: Settings, *, force_worse: bool, force_smaller: bool
) -> None:
    from models_ml.release.publish import publish as publish_release
    from models_ml.training.quality import record_quality

    record_quality(settings)
    done = publish_release(
        settings.trained,
        **_signing(settings),
        force_worse=force_worse,
        force_smaller=force_smaller,
    )
    news = "published" if done.is_new else "unchanged"
    LOGGER.info(
        f"release {done.version} is current ({news}) in {settings.store}"
    )


def releases(options: argparse.Namespace, settings: Settings) -> None:
    """List the releases of the store, the newest first."""
    del options
    from models_ml.release.inventory import list_releases
    from models_ml.release.open_store import open_store
    from models_ml.release.signing import verify_keys

    store = open_store(settings.store)
    for release in list_releases(store, verify_keys(settings)):
        print(release.line())


def prune(options: argparse.Namespace, settings: Settings) -> None:
    """Remove all releases but the newest and the current one."""
    from models_ml.release.inventory import prune as remove_old
    from models_ml.release.open_store import open_store
    from models_ml.release.signing import verify_keys

    store = open_store(settings.store)
    removed = remove_old(store, verify_keys(settings), options.keep)
    for version in removed:
        LOGGER.info(f"release {version} is removed")
    LOGGER.info(f"{len(removed)} releases are removed from {settings.store}")


def rollback(options: argparse.Namespace, settings: Settings) -> None:
    """Make a release that is in the store the current one."""
    from models_ml.release.publish import rollback as roll_back

    before = roll_back(
        options.version, cache=settings.cache, **_signing(settings)
    )
    LOGGER.info(f"release {options.version} is current, after {before}")


def refresh(options: argparse.Namespace, settings: Settings) -> None:
    """Sign the pointer again, so that it expires later."""
    del options
    from models_ml.release.publish import refresh as sign_again

    pointer = sign_again(**_signing(settings))
    LOGGER.info(
        f"release {pointer.version} is current until {pointer.expires}"
    )


def public_key(options: argparse.Namespace, settings: Settings) -> None:
    """Print the key that verifies what this machine signs."""
    del options
    from models_ml.release.signing import signing_key

    print(signing_key(settings).public)


def _signing(settings: Settings) -> dict[str, Any]:
    """What all take that move the pointer."""
    from models_ml.release.open_store import open_store
    from models_ml.release.signing import signing_key, verify_keys

    return {
        "store": open_store(settings.store),
        "key": signing_key(settings),
        "keys": verify_keys(settings),
        "expiry_days": settings.expiry_days,
    }


def _with_data(settings: Settings, or_sample: bool) -> Settings:
    """Settings whose data is there: the named source, or the sample."""
    from models_ml.source.movielens import fetch as fetch_data

    try:
        fetch_data(settings)
    except DataUnavailable as error:
        if not or_sample:
            raise
        _shout(str(error), "Going on with GENERATED data instead.")
        settings = replace(settings, movielens_source=SAMPLE)
        fetch_data(settings)
    return settings


def _at_least_one(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no whole number from 1 up"
        )
    return int(text)


def _add(commands: Any, name: str, run: Any, text: str) -> Any:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _shout(*lines: str) -> None:
    rule = "=" * 79
    text = [textwrap.fill(line, 79) for line in lines]
    print(rule, *text, rule, sep="\n", file=sys.stderr, flush=True)
