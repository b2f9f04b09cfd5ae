"""The model card: what serves, in plain words."""

from typing import Final

from api import schemas
from api.service.limits import limits_of
from api.service.release import LoadedRelease
from models_ml.release.quality import TaskQuality, read_quality

_GOOD_FOR: Final = (
    "Listing films that people like this one tend to like, when little or "
    "nothing is known of the person.",
    "Telling which groups turn up for a film that nobody has rated, and which "
    "like it more than others do.",
)
#: By the names of `LIMITS`.
_NOT_GOOD_FOR: Final = {
    "chosen": "Films that people would not have chosen themselves: of these "
    "the data tell nothing.",
    "rated": "Who sees a film: the data tell who rated it.",
    "country": "Nationality: the data tell at most a ZIP code, so only "
    "regions of the US and the rest of the world are told apart.",
    "nowhere": "Where people are from: the data tell neither nationalities "
    "nor ZIP codes.",
    "time": "Films, people and tastes of other times than the ratings'.",
    "groups": "Decisions about a person: an answer tells what such people "
    "rated on average, and not what one of them thinks.",
}
_LICENCE: Final = (
    "Commercial use: GroupLens lets its data be used for research."
)


def model_card(release: LoadedRelease) -> schemas.ModelCard:
    """What the release is, learnt from whom, good for what, and how good."""
    quality = read_quality(release.manifest.metrics)
    *known, place = release.vocabulary.dimensions
    people, films = release.catalogue.n_users, len(release.catalogue.movie_ids)
    return schemas.ModelCard(
        what="Two models: which films a person of a given "
        f"{', '.join(known).replace('_', ' ')} and {place} will like, and "
        "which audience a film of a given title, year and genres will have.",
        learnt_from=f"Learnt from {release.data_kind.in_words}: "
        f"{release.manifest.n_ratings:,} ratings of {films:,} films by "
        f"{people:,} people who chose themselves what to rate.",
        good_for=_GOOD_FOR,
        not_good_for=_not_good_for(release),
        how_well=(
            *_compared("People", quality.new_person),
            *_errors(quality.new_person),
            *_compared("Films", quality.new_film),
            *_audience(quality.new_film),
        )
        or ("Nothing was measured of this release.",),
    )


def _not_good_for(release: LoadedRelease) -> tuple[str, ...]:
    told = [_NOT_GOOD_FOR[name] for name in limits_of(release.vocabulary)]
    if release.data_kind.is_grouplens:
        told.append(_LICENCE)
    return tuple(told)


def _compared(whom: str, task: TaskQuality | None) -> tuple[str, ...]:
    if task is None:
        return ()
    told = [
        f"{whom} not learnt from: log-loss {task.log_loss:.4f}; lower is "
        "better. "
        + "; ".join(
            f"{r.name.replace('_', ' ')} {r.log_loss:.4f}"
            for r in task.references
        )
        + "."
    ]
    if task.placebo_log_loss is not None:
        of = "profiles" if whom == "People" else "descriptions"
        told.append(
            f"With {of} permuted it is {task.placebo_log_loss:.4f}, so {of} "
            f"are worth {task.placebo_log_loss - task.log_loss:.4f}."
        )
    return tuple(told)


def _errors(task: TaskQuality | None) -> tuple[str, ...]:
    if task is None or task.mae is None:
        return ()
    told = [f"Expected stars are off by {task.mae:.2f} on average."]
    if task.groups:
        worst = max(task.groups, key=lambda group: group.log_loss)
        told.append(
            f"The group with the largest log-loss is {worst.level} "
            f"({worst.dimension.replace('_', ' ')}): {worst.log_loss:.4f}, "
            f"from {worst.n_users:,} people."
        )
    return tuple(told)


def _audience(task: TaskQuality | None) -> tuple[str, ...]:
    if task is None:
        return ()
    return tuple(
        f"Intervals of {100 * held.interval:.0f}% hold "
        f"{100 * held.share:.0f}% of the actual shares by "
        f"{' and '.join(held.by).replace('_', ' ')}."
        for held in task.coverage
    )
