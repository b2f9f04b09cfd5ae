"""`python -m benchmarks`: measure the API, and write docs/benchmarks.md.

It needs a release in the store (`make build`), and a machine that is doing
nothing else.
"""

import argparse
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.runtime.releases import open_release
from api.service.catalogue import Catalogue
from benchmarks import load, report
from benchmarks.plain import MODEL, train_plain_model
from benchmarks.questions import Questions, get, post
from benchmarks.servers import PROJECT, Server, api_server, plain_server
from models_ml.release.load import load_current
from models_ml.release.open_store import open_store
from models_ml.release.signing import verify_keys
from models_ml.report.markdown import replace_in_readmes
from models_ml.settings import Settings, load_settings

_DIMENSIONS: Final = ("gender", "age_group", "occupation")
#: Requests made before a measurement, so that writing them takes no time.
_PREPARED: Final = 40_000


@dataclass(frozen=True)
class Scenario:
    """A kind of request, and with how many connections it is asked."""

    name: str
    requests: Iterator[bytes]
    n_connections: int


def main() -> None:
    """Run every scenario, print the tables and write them."""
    options = _options()
    settings = load_settings()
    catalogue = _catalogue(settings)
    questions = Questions(_by_popularity(catalogue), options.seed)
    _provide_plain_model(settings)
    measured: list[report.Row] = []
    with plain_server(settings.workers) as server:
        for scenario in _plain_scenarios():
            measured.append(_measure(server, scenario, options.seconds))
    with api_server() as server:
        ready = server.seconds_to_ready
        for scenario in _api_scenarios(questions):
            measured.append(_measure(server, scenario, options.seconds))
        overload = _overload(server, questions, measured, options.seconds)
    text = report.written(
        measured, overload, ready, settings.workers, options.seconds
    )
    print(text)
    options.output.write_text(text, "utf-8")
    replace_in_readmes("benchmarks", report.summary(measured, ready))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="for each scenario"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--output", type=Path, default=PROJECT / "docs" / "benchmarks.md"
    )
    return parser.parse_args()


def _catalogue(settings: Settings) -> Catalogue:
    release = load_current(
        open_store(settings.store), settings.cache, verify_keys(settings)
    )
    return open_release(release).catalogue


def _by_popularity(catalogue: Catalogue) -> list[int]:
    order = (-catalogue.counts[:, 0, 0]).argsort(kind="stable")
    return [int(movie_id) for movie_id in catalogue.movie_ids[order]]


def _provide_plain_model(settings: Settings) -> None:
    """The booster that the plain server reads, trained once."""
    path = settings.home / "benchmarks" / "plain-model.txt"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        train_plain_model(path)
    os.environ[MODEL] = str(path)


def _plain_scenarios() -> Iterator[Scenario]:
    for n in (1, 16):
        yield Scenario(report.EMPTY, itertools.repeat(get("/empty")), n)
    for n in (1, 16):
        requests = (post("/plain", {"n": k}) for k in itertools.count())
        yield Scenario(report.PLAIN, requests, n)


def _api_scenarios(questions: Questions) -> Iterator[Scenario]:
    kinds: dict[str, Callable[[], Iterator[bytes]]] = {
        report.HEALTH: lambda: itertools.repeat(get("/healthz")),
        report.COMMON: questions.common_profile,
        report.NEW: questions.new_profile,
        report.RATINGS: questions.with_ratings,
        report.ANSWERS: questions.with_answers,
        report.FILTERS: questions.with_filters,
        report.SEGMENTS_294: lambda: questions.new_film(
            *_DIMENSIONS, limit=294
        ),
        report.SEGMENTS_14: lambda: questions.new_film(
            "gender", "age_group", limit=14
        ),
        report.MOVIE: questions.known_film,
    }
    for name, requests in kinds.items():
        for n in (1, 16):
            yield Scenario(name, requests(), n)


def _measure(server: Server, scenario: Scenario, seconds: float) -> report.Row:
    prepared = itertools.cycle(itertools.islice(scenario.requests, _PREPARED))
    load.closed_loop(
        server.address, prepared, scenario.n_connections, seconds / 2
    )
    before = server.cpu_seconds()
    result = load.closed_loop(
        server.address, prepared, scenario.n_connections, seconds
    )
    row = report.Row(
        name=scenario.name,
        n_connections=scenario.n_connections,
        rate=result.rate(),
        p50=result.quantile(0.5),
        p99=result.quantile(0.99),
        cpu=(server.cpu_seconds() - before)
        / max(result.statuses.total(), 1)
        * 1000,
        peak_mib=server.peak_mib(),
        n_other=result.statuses.total() - result.statuses[200],
    )
    print(report.line(row), flush=True)
    return row


def _overload(
    server: Server,
    questions: Questions,
    measured: list[report.Row],
    seconds: float,
) -> report.Overload:
    """Questions never asked, at four times the rate that was carried."""
    carried = report.find(measured, report.NEW, 16).rate
    prepared = list(itertools.islice(questions.new_profile(), _PREPARED))
    result = load.open_loop(
        server.address, itertools.cycle(prepared), 4 * carried, 256, seconds
    )
    return report.Overload(
        offered=4 * carried,
        accepted=result.rate(),
        p50=result.quantile(0.5),
        p99=result.quantile(0.99),
        refused=result.rate(503),
        refused_p99=result.quantile(0.99, 503),
        unsent=result.n_unsent / seconds,
        n_other=result.statuses.total()
        - result.statuses[200]
        - result.statuses[503],
    )


if __name__ == "__main__":
    main()
