"""The measurements as a page of docs, goals beside them."""

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from models_ml.report.markdown import table as markdown_table

EMPTY: Final = "empty JSON endpoint, same server"
PLAIN: Final = "plain path: `Booster.predict` over the catalogue"
HEALTH: Final = "`GET /healthz`"
COMMON: Final = "`POST /recommendations`, common profiles"
NEW: Final = "`POST /recommendations`, never asked before"
RATINGS: Final = "`POST /recommendations`, ten ratings given"
ANSWERS: Final = "`POST /recommendations`, five answers, five questions next"
FILTERS: Final = "`POST /recommendations`, genres and years"
SEGMENTS_294: Final = "`POST /audiences`, new film, 294 segments"
SEGMENTS_14: Final = "`POST /audiences`, new film, 14 segments"
MOVIE: Final = "`GET /movies/{id}`, predicted beside actual"


@dataclass(frozen=True)
class Row:
    """What a scenario measured."""

    name: str
    n_connections: int
    rate: float
    """Answers per second."""
    p50: float
    """Milliseconds, as `p99`."""
    p99: float
    cpu: float
    """Milliseconds of the workers' processor time for each answer."""
    peak_mib: float
    """Of the worker that held most, since its start."""
    n_other: int
    """Answers with another status than 200."""


@dataclass(frozen=True)
class Overload:
    """What came of more questions than can be carried; rates per second."""

    offered: float
    accepted: float
    p50: float
    p99: float
    refused: float
    refused_p99: float
    unsent: float
    n_other: int


def find(rows: list[Row], name: str, n_connections: int) -> Row:
    """The row of a scenario."""
    return next(
        row
        for row in rows
        if (row.name, row.n_connections) == (name, n_connections)
    )


def line(row: Row) -> str:
    """A row of the table."""
    failed = f" ({row.n_other} not 200)" if row.n_other else ""
    return (
        f"| {row.name}{failed} | {row.n_connections} | {row.rate:,.0f} "
        f"| {row.p50:.2f} | {row.p99:.2f} | {row.cpu:.3f} "
        f"| {row.peak_mib:.0f} |"
    )


def written(
    rows: list[Row],
    overload: Overload,
    ready: float,
    workers: int,
    seconds: float,
) -> str:
    """The whole page."""
    table = "\n".join(line(row) for row in rows)
    goals = "\n".join(_goals(rows, overload, ready))
    return f"""# Benchmarks

Written by `make bench` (`python -m benchmarks`); do not edit. A load from a
separate process over loopback on {os.cpu_count()} CPUs, which the load shares
with the server: Python {platform.python_version()}, granian
{version("granian")}, litestar {version("litestar")}, {workers} workers,
{seconds:g} s for each line after a warm-up. Never-asked questions differ in
profile and in films left out; none is answered from the cache.

| what | connections | answers/s | p50 ms | p99 ms | CPU ms | peak MiB |
|---|--:|--:|--:|--:|--:|--:|
{table}

CPU is the workers' processor time for an answer; peak is the most memory
that a worker has held since it started.

## Overload

Questions never asked before, falling due at {overload.offered:,.0f} a second,
four times what 16 connections carried: {overload.accepted:,.0f} a second
answered (p50 {overload.p50:.0f} ms, p99 {overload.p99:.0f} ms),
{overload.refused:,.0f} a second refused with 503 and `Retry-After` (p99
{overload.refused_p99:.0f} ms), {overload.unsent:,.0f} a second unsent because
all 256 connections were busy, {overload.n_other} answered otherwise.

## Goals

| goal | measured | met |
|---|---|---|
{goals}
"""


def summary(rows: list[Row], ready: float) -> str:
    """The lines that READMEs show: one connection, and sixteen."""
    names = (PLAIN, EMPTY, COMMON, NEW, RATINGS, SEGMENTS_294)
    lines = [
        [
            name,
            f"{find(rows, name, 1).p50:.2f}",
            f"{find(rows, name, 16).rate:,.0f}",
        ]
        for name in names
    ]
    header = ["what", "p50, ms, 1 connection", "answers/s, 16 connections"]
    return (
        f"{markdown_table(header, lines)}\n\nStart to ready: {ready:.1f} s."
        " Measured by `make bench`."
    )


def _goals(rows: list[Row], overload: Overload, ready: float) -> list[str]:
    empty = find(rows, EMPTY, 16)
    plain = find(rows, PLAIN, 16)
    new, new_16 = find(rows, NEW, 1), find(rows, NEW, 16)
    times = new_16.rate / plain.rate
    kept = find(rows, COMMON, 16).rate / empty.rate
    kept_health = find(rows, COMMON, 16).rate / find(rows, HEALTH, 16).rate
    ratings = find(rows, RATINGS, 1)
    answers = find(rows, ANSWERS, 1)
    segments = find(rows, SEGMENTS_294, 1)
    spread = max(
        row.p99 / row.p50
        for row in rows
        if row.n_connections == 16 and row.name not in (EMPTY, PLAIN, HEALTH)
    )
    peak = max(row.peak_mib for row in rows if row.name not in (EMPTY, PLAIN))
    return [
        _goal(
            "never asked: p50 within 5 ms", f"{new.p50:.2f} ms", new.p50 <= 5
        ),
        _goal(
            "never asked: 25 × the plain path", f"{times:.0f} ×", times >= 25
        ),
        _goal(
            "common profiles: 60 % of the empty endpoint",
            f"{kept:.0%} ({kept_health:.0%} of `/healthz`)",
            kept >= 0.6,
        ),
        _goal(
            "ten ratings: p50 within 10 ms",
            f"{ratings.p50:.2f} ms",
            ratings.p50 <= 10,
        ),
        _goal(
            "the next five questions: p50 within 10 ms",
            f"{answers.p50:.2f} ms",
            answers.p50 <= 10,
        ),
        _goal(
            "294 segments: p50 within 10 ms",
            f"{segments.p50:.2f} ms",
            segments.p50 <= 10,
        ),
        _goal(
            "p99 within 5 × p50 at 16 connections",
            f"at most {spread:.1f} ×",
            spread <= 5,
        ),
        _goal("start to ready within 3 s", f"{ready:.2f} s", ready <= 3),
        _goal("a worker under 500 MiB", f"{peak:.0f} MiB", peak < 500),
        _goal(
            "overload: accepted p99 under 1 s",
            f"{overload.p99:.0f} ms",
            overload.p99 < 1000,
        ),
    ]


def _goal(goal: str, measured: str, is_met: bool) -> str:
    return f"| {goal} | {measured} | {'yes' if is_met else 'no'} |"
