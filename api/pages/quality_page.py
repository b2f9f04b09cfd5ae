"""How good it is: what was measured of the release, and its limits."""

from dataclasses import dataclass
from typing import Final

from api import schemas, service
from api.pages.plots import Interval, IntervalPlot, Scale, interval_plot
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.release.quality import (
    Bin,
    Coverage,
    GroupError,
    TaskQuality,
    read_quality,
)

#: Units of the reliability diagram, and the room for its axes.
SIZE: Final = 300
_LEFT: Final = 48
_BOTTOM: Final = 38
_TOP: Final = 8
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
#: Groups of these dimensions are shown at once, the others folded away.
_FIRST: Final = ("gender", "age_group")
#: Digits of a digest that tell releases, or data, apart.
SHORT: Final = 12


@dataclass(frozen=True)
class Dot:
    """A bin of the reliability diagram, in its units."""

    x: float
    y: float
    details: str


@dataclass(frozen=True)
class Reliability:
    """Predicted against actual; on the diagonal they are equal."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[str, float, float], ...]
    """A number, its place on the axis across, and on the one up."""
    size: int = SIZE
    left: int = _LEFT
    right: int = SIZE - _TOP
    top: int = _TOP
    bottom: int = SIZE - _BOTTOM


@dataclass(frozen=True)
class ModelRow:
    """A model's log-loss, and how far the chosen one is below it."""

    name: str
    log_loss: str
    gain: str
    share: float
    """Of the largest gain, as a percentage of the drawing's width."""
    is_chosen: bool
    is_placebo: bool


@dataclass(frozen=True)
class CoverageRow:
    """An interval, and how many actual shares it held."""

    by: str
    interval: str
    share: str


@dataclass(frozen=True)
class TaskView:
    """What was measured of one predictor."""

    key: str
    lead: str
    rows: tuple[ModelRow, ...]


@dataclass(frozen=True)
class GroupsView:
    """Errors by the groups of a dimension."""

    name: str
    plot: IntervalPlot
    is_first: bool


@dataclass(frozen=True)
class ReleaseRow:
    """A release that this server holds; numbers that it lacks are dashes."""

    version: str
    created: str
    """Day, as ISO 8601 writes it."""
    n_ratings: str
    data: str
    """The digest of its data, shortened."""
    losses: tuple[str, ...]
    """Of a new person's ratings, and of a new film's audience."""
    serves: bool


@dataclass(frozen=True)
class QualityView:
    """All of the page below its head."""

    learnt: str
    tasks: tuple[TaskView, ...]
    reliability: Reliability | None
    reliability_text: str
    coverage: tuple[CoverageRow, ...]
    groups: tuple[GroupsView, ...]
    groups_text: str
    model: schemas.ModelInfo
    releases: tuple[ReleaseRow, ...]


def quality_view(
    release: LoadedRelease, translator: Translator
) -> QualityView:
    """The page of the release that serves."""
    quality = read_quality(release.manifest.metrics)
    model = service.model_info(release)
    person, film = quality.new_person, quality.new_film
    bins = person.reliability if person else ()
    groups = person.groups if person else ()
    return QualityView(
        learnt=translator(
            "quality.learnt",
            ratings=translator.number(release.manifest.n_ratings),
            films=translator.number(model.n_movies),
            people=translator.number(model.n_users),
        ),
        tasks=tuple(
            _task(translator, key, task)
            for key, task in (("new_person", person), ("new_film", film))
            if task
        ),
        reliability=_reliability(translator, bins) if bins else None,
        reliability_text=_reliability_text(translator, bins) if bins else "",
        coverage=tuple(
            _coverage(translator, held)
            for held in (film.coverage if film else ())
        ),
        groups=_groups(translator, groups),
        groups_text=_groups_text(translator, groups) if groups else "",
        model=model,
        releases=tuple(
            _release(translator, held)
            for held in service.releases(release).items
        ),
    )


def _release(translator: Translator, held: schemas.HeldRelease) -> ReleaseRow:
    return ReleaseRow(
        version=held.version[:SHORT],
        created=held.created[: len("2026-01-01")],
        n_ratings=translator.number(held.n_ratings),
        data=held.data_digest[:SHORT],
        losses=tuple(
            translator.number(loss, 4) if loss is not None else "–"
            for loss in (held.new_person_log_loss, held.new_film_log_loss)
        ),
        serves=held.is_serving,
    )


def _task(translator: Translator, key: str, task: TaskQuality) -> TaskView:
    """The models, worst first; the bar is the gain on the worst."""
    losses = [(r.name, r.log_loss, False) for r in task.references]
    if task.placebo_log_loss is not None:
        losses.append((task.candidate, task.placebo_log_loss, True))
    losses.append((task.candidate, task.log_loss, False))
    losses.sort(key=lambda row: -row[1])
    worst, best = losses[0][1], losses[-1][1]
    rows = tuple(
        ModelRow(
            name=translator(f"quality.placebo.{key}")
            if is_placebo
            else translator.candidate(name),
            log_loss=translator.number(loss, 4),
            gain=translator.number(worst - loss, 4),
            share=round(100 * (worst - loss) / ((worst - best) or 1.0), 1),
            is_chosen=name == task.candidate and not is_placebo,
            is_placebo=is_placebo,
        )
        for name, loss, is_placebo in losses
    )
    simplest = max(task.references, key=lambda r: r.log_loss)
    lead = translator(
        f"quality.lead.{key}",
        loss=translator.number(task.log_loss, 4),
        reference=translator.candidate(simplest.name),
        other=translator.number(simplest.log_loss, 4),
    )
    told = [lead, translator(f"quality.stage.{task.stage}")]
    if task.placebo_log_loss is not None:
        told.append(
            translator(
                f"quality.worth.{key}",
                loss=translator.number(task.placebo_log_loss, 4),
                gain=translator.number(
                    task.placebo_log_loss - task.log_loss, 4
                ),
            )
        )
    if task.mae is not None:
        told.append(
            translator("quality.mae", stars=translator.number(task.mae, 2))
        )
    if task.top_segment_hit_rate is not None:
        told.append(
            translator(
                "quality.hit",
                share=translator.percent(task.top_segment_hit_rate),
            )
        )
    return TaskView(key, " ".join(told), rows)


def _reliability(translator: Translator, bins: tuple[Bin, ...]) -> Reliability:
    across = SIZE - _TOP - _LEFT
    up = SIZE - _BOTTOM - _TOP

    def x(share: float) -> float:
        return round(_LEFT + across * share, 1)

    def y(share: float) -> float:
        return round(SIZE - _BOTTOM - up * share, 1)

    return Reliability(
        dots=tuple(
            Dot(
                x(row.predicted),
                y(row.actual),
                translator(
                    "quality.bin",
                    predicted=translator.percent(row.predicted),
                    actual=translator.percent(row.actual),
                    n=translator.number(row.n_ratings),
                ),
            )
            for row in bins
        ),
        ticks=tuple(
            (translator.percent(share), x(share), y(share)) for share in _TICKS
        ),
    )


def _reliability_text(translator: Translator, bins: tuple[Bin, ...]) -> str:
    furthest = max(bins, key=lambda row: abs(row.predicted - row.actual))
    return translator(
        "quality.reliability.text",
        n=translator.number(len(bins)),
        predicted=translator.percent(furthest.predicted),
        actual=translator.percent(furthest.actual),
    )


def _coverage(translator: Translator, held: Coverage) -> CoverageRow:
    by = (
        [translator("dimension.gender_age_group")]
        if held.by == ("gender", "age_group")
        else [translator(f"dimension.{name}") for name in held.by]
    )
    return CoverageRow(
        by=translator.listed(by),
        interval=translator.percent(held.interval),
        share=translator.percent(held.share),
    )


def _groups(
    translator: Translator, groups: tuple[GroupError, ...]
) -> tuple[GroupsView, ...]:
    """Each group's log-loss, and as its line what the film's mean has."""
    views = []
    for name in translator.vocabulary.dimensions:
        rows = [group for group in groups if group.dimension == name]
        if not rows:
            continue
        base = sum(g.log_loss * g.n_ratings for g in rows)
        base /= sum(g.n_ratings for g in rows)
        views.append(
            GroupsView(
                translator(f"dimension.{name}"),
                interval_plot(
                    [_group(translator, row) for row in rows],
                    Scale(translator("quality.axis"), base, translator.number),
                ),
                name in _FIRST,
            )
        )
    return tuple(views)


def _group(translator: Translator, row: GroupError) -> Interval:
    other = row.reference_log_loss
    ends = sorted((row.log_loss, row.log_loss if other is None else other))
    return Interval(
        name=translator.level(row.dimension, row.level),
        value=row.log_loss,
        low=ends[0],
        high=ends[1],
        is_supported=other is None or row.log_loss < other,
        text=translator.number(row.log_loss, 3),
        details=translator(
            "quality.group",
            people=translator.number(row.n_users),
            stars=translator.number(row.mae, 2),
            other=translator.number(other, 3) if other is not None else "–",
        ),
    )


def _groups_text(
    translator: Translator, groups: tuple[GroupError, ...]
) -> str:
    ages = [g for g in groups if g.dimension == "age_group"] or list(groups)
    worst = max(ages, key=lambda group: group.log_loss)
    return translator(
        "quality.groups.text",
        group=translator.people({worst.dimension: worst.level}),
        loss=translator.number(worst.log_loss, 3),
        people=translator.number(worst.n_users),
    )
