"""Pictures of an audience: a map, dots with intervals, or a quadrant.

A map and a quadrant are of the same groups, in the same colours.
"""

from collections.abc import Mapping
from typing import Final

from api import schemas
from api.pages import heat
from api.pages.plots import (
    Interval,
    IntervalPlot,
    index_scale,
    interval_plot,
    points_scale,
)
from api.pages.quadrant import Point, Quadrant, quadrant
from api.pages.translator import Translator
from models_ml.vocabulary import MEASURES

#: The colours of dots, which tell no more than on which side they lie: how far
#: from it is told by their place.
DOT_STEPS: Final[Mapping[schemas.Support, str]] = {
    "above": "over-5",
    "none": "unsure",
    "below": "under-5",
}


def audience_map(
    translator: Translator,
    answer: schemas.Audiences,
    changes: schemas.AudienceDifferences | None,
    measure: str,
) -> heat.Map | None:
    """The map of two dimensions; None for others."""
    if len(answer.by) != 2:
        return None
    changed = (
        {heat.key_of(s.segment): s for s in changes.segments}
        if changes
        else {}
    )
    cells = {
        heat.key_of(segment.segment): _cell(
            translator,
            measure,
            segment,
            changed.get(heat.key_of(segment.segment)),
        )
        for segment in answer.segments
    }
    return heat.heat_map(
        translator, translator(f"map.{measure}"), answer.by, cells
    )


def audience_plot(
    translator: Translator, answer: schemas.Audiences, measure: str
) -> IntervalPlot | None:
    """A row for each group, as they always stand."""
    if len(answer.by) != 1:
        return None
    (name,) = answer.by
    groups = {segment.segment[name]: segment for segment in answer.segments}
    rows = []
    for level in translator.vocabulary.dimensions[name]:
        segment = groups[level]
        estimate = estimate_of(segment, measure)
        if not segment.n_users:
            continue
        cell = _cell(translator, measure, segment, None)
        title = translator.level(name, level)
        rows.append(
            Interval(
                name=f"{title} ★" if segment.is_target else title,
                value=estimate.value,
                low=estimate.low,
                high=estimate.high,
                is_supported=support_of(segment, measure) != "none",
                text=cell.value,
                details=" ".join(f"{line}." for line in cell.details),
            )
        )
    scale = (
        index_scale(translator, translator("quadrant.x"))
        if measure == "reach_index"
        else points_scale(translator, translator("quadrant.y"))
    )
    return interval_plot(rows, scale)


def audience_quadrant(
    translator: Translator, answer: schemas.Audiences, measure: str
) -> Quadrant | None:
    """Both measures at once, in the colours of the map or of the dots."""
    segments = [s for s in answer.segments if s.n_users]
    if len(answer.by) > 2 or not segments:
        return None
    points = [
        Point(
            name=_short(translator, segment.segment),
            details=_both(translator, segment),
            index=segment.reach_index.value,
            affinity=segment.affinity.value,
            n_users=segment.n_users,
            step=_dot_step(segment, measure)
            if len(answer.by) == 1
            else _cell(translator, measure, segment, None).step,
            is_target=segment.is_target,
            is_affinity_supported=segment.affinity_supported != "none",
        )
        for segment in segments
    ]
    return quadrant(translator, points)


def _dot_step(segment: schemas.AudienceSegment, measure: str) -> str:
    """The colour of a bubble as of its dot: more, less, or no difference."""
    return DOT_STEPS[support_of(segment, measure)]


def _both(translator: Translator, segment: schemas.AudienceSegment) -> str:
    """A group and both of its measures, in sentences."""
    told = [translator.people(segment.segment)]
    for measure in MEASURES:
        estimate = estimate_of(segment, measure)
        told.append(heat.measure_sentence(translator, measure, estimate))
    told.append(translator.count("cell.people", segment.n_users))
    return " ".join(f"{text}." for text in told)


def _short(translator: Translator, segment: Mapping[str, str]) -> str:
    """A segment's levels, as short as heads of tables have them."""
    return " ".join(
        translator.level(name, level) for name, level in segment.items()
    )


def _cell(
    translator: Translator,
    measure: str,
    segment: schemas.AudienceSegment,
    changed: schemas.SegmentDifference | None,
) -> heat.Cell:
    estimate = estimate_of(segment, measure)
    step = heat.estimate_class(
        measure, estimate.value, support_of(segment, measure)
    )
    if not segment.n_users:
        step = "empty"
    details = [
        heat.measure_sentence(translator, measure, estimate),
        translator(
            "cell.reach", reach=translator.percent(segment.reach.value)
        ),
        translator(
            "cell.liking", liked=translator.percent(liking_of(segment))
        ),
        translator.count("cell.people", segment.n_users),
    ]
    if step.startswith("unsure"):
        details.append(translator("cell.unsure"))
    if step == "empty":
        details.append(translator("cell.empty"))
    if segment.is_target:
        details.append(translator("cell.target"))
    change = change_step = ""
    if changed is not None and segment.n_users:
        change, change_step, told = _cell_change(translator, measure, changed)
        details.append(told)
    value = heat.value_text(translator, measure, estimate.value)
    return heat.Cell(
        value=value if segment.n_users else "–",
        step=step,
        who=translator.people(segment.segment),
        details=tuple(details),
        change=change,
        change_step=change_step,
        is_target=segment.is_target,
    )


def _cell_change(
    translator: Translator, measure: str, changed: schemas.SegmentDifference
) -> tuple[str, str, str]:
    """What a cell shows of a change, its direction, and its sentence."""
    supported = support_of(changed, measure)
    estimate = estimate_of(changed, measure)
    told = heat.change_sentence(
        translator, measure, estimate, is_supported=supported != "none"
    )
    if supported == "none":
        return "=", "same", told
    direction = "up" if supported == "above" else "down"
    return (
        heat.change_text(translator, measure, estimate.value),
        direction,
        told,
    )


def estimate_of(
    segment: schemas.AudienceSegment | schemas.SegmentDifference, measure: str
) -> schemas.Estimate:
    """The segment's estimate of a measure."""
    if measure == "reach_index":
        return segment.reach_index
    return segment.affinity


def support_of(
    segment: schemas.AudienceSegment | schemas.SegmentDifference, measure: str
) -> schemas.Support:
    """What the data support of a measure."""
    if measure == "reach_index":
        return segment.reach_supported
    return segment.affinity_supported


def liking_of(segment: schemas.AudienceSegment) -> float:
    """The probability that such a person likes or loves the film."""
    return sum(c.probability for c in segment.probabilities[2:])
