"""Which audience for this film?"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.evidence import users_sql
from api.service.labels import CLASS_LABELS
from api.service.release import LoadedRelease
from api.service.requests import understand_audience
from api.service.titles import display_title
from models_ml.film.predictor import Audience, Film

#: Probability that an interval of AudiencePredictor holds.
INTERVAL: Final = 0.8
N_SIMILAR: Final = 5
_HATED, _DISLIKED, _LIKED, _LOVED = (labels for _, labels in CLASS_LABELS)


def audience(
    serving: LoadedRelease, request: schemas.AudienceRequest
) -> schemas.Audiences:
    """An audience for a film; InvalidFields names what has no meaning."""
    return answer_audience(serving, understand_audience(serving, request))


def answer_audience(
    serving: LoadedRelease, question: schemas.AudienceRequest
) -> schemas.Audiences:
    """The answer to an understood question."""
    film = Film(
        question.movie.title, question.movie.year, question.movie.genres
    )
    found = serving.film.predict(film, question.by)
    notices = tuple(
        schemas.Notice(notice.code, dict(notice.values), notice.text())
        for notice in serving.film.notices(film)
    )
    order = np.argsort(
        -_segment_values(found, question.rank_by), kind="stable"
    )
    return schemas.Audiences(
        release=serving.version,
        data_generated=serving.data_generated,
        movie=question.movie,
        by=question.by,  # type: ignore[arg-type]
        rank_by=question.rank_by,  # type: ignore[arg-type]
        interval=INTERVAL,
        target=_target(found),
        notices=notices,
        warnings=tuple(notice.text for notice in notices),
        similar=_similar(serving, film),
        n_segments=len(found),
        evidence_sql=users_sql(question.by),
        segments=audience_segments(found, order[: question.limit]),
    )


def _segment_values(found: Audience, rank_by: str) -> NDArray[np.floating]:
    if rank_by == "liking":
        return found.probabilities[:, 2:].sum(axis=1)
    values: NDArray[np.floating] = getattr(found, rank_by)
    return values


def _target(found: Audience) -> schemas.Target:
    order = np.argsort(-found.affinity, kind="stable").tolist()
    targets = [k for k in order if found.is_target[k]]
    segments = tuple(
        dict(zip(found.by, found.levels[k], strict=True)) for k in targets
    )
    if not segments:
        return schemas.Target(
            (),
            "No segment will like this film more than others do: there is "
            "no difference that the data supports.",
        )
    named = "; ".join(", ".join(found.levels[k]) for k in targets)
    return schemas.Target(
        segments,
        f"The data supports {len(segments)} of {len(found)} segments as a "
        f"target, the strongest first: {named}.",
    )


def audience_segments(
    found: Audience, order: NDArray[np.integer]
) -> tuple[schemas.AudienceSegment, ...]:
    """The segments of `order` (rows of `found`), as they are answered.

    All numbers leave numpy in one list: there are 21 for each segment.
    """
    numbers = _numbers(found)[order].tolist()
    n_users = found.n_users[order].tolist()
    targets = found.is_target[order].tolist()
    estimate = schemas.Estimate
    return tuple(
        schemas.AudienceSegment(
            rank=k + 1,
            segment=dict(zip(found.by, found.levels[row], strict=True)),
            reach=estimate(*numbers[k][0:3]),
            reach_index=estimate(*numbers[k][3:6]),
            probabilities=_class_estimates(numbers[k][9:]),
            affinity=estimate(*numbers[k][6:9]),
            n_users=n_users[k],
            is_target=targets[k],
        )
        for k, row in enumerate(order.tolist())
    )


def _numbers(found: Audience) -> NDArray[np.floating]:
    """Reach, reach index, affinity and four classes: value, low, high."""
    scale = np.divide(
        found.reach_index,
        found.reach,
        out=np.zeros_like(found.reach),
        where=found.reach > 0,
    )
    numbers = np.empty((len(found), 7, 3))
    numbers[:, 0] = np.stack(
        [found.reach, found.reach_low, found.reach_high], axis=1
    )
    numbers[:, 1] = numbers[:, 0] * scale[:, None]
    numbers[:, 1, 0] = found.reach_index
    numbers[:, 2] = np.stack(
        [found.affinity, found.affinity_low, found.affinity_high], axis=1
    )
    numbers[:, 3:, 0] = found.probabilities
    numbers[:, 3:, 1] = found.probabilities_low
    numbers[:, 3:, 2] = found.probabilities_high
    return numbers.reshape(len(found), 21)


def _class_estimates(
    numbers: list[float],
) -> tuple[schemas.ClassEstimate, ...]:
    estimate = schemas.ClassEstimate
    return (
        estimate(1, *_HATED, *numbers[0:3]),
        estimate(2, *_DISLIKED, *numbers[3:6]),
        estimate(3, *_LIKED, *numbers[6:9]),
        estimate(4, *_LOVED, *numbers[9:12]),
    )


def _similar(
    serving: LoadedRelease, film: Film
) -> tuple[schemas.SimilarMovie, ...]:
    catalogue = serving.catalogue
    found = []
    for movie_id, similarity in serving.film.similar(film, N_SIMILAR):
        row = catalogue.index[movie_id]
        found.append(
            schemas.SimilarMovie(
                movie_id=movie_id,
                title=catalogue.titles[row],
                display_title=display_title(catalogue.titles[row]),
                year=catalogue.years[row] or None,
                genres=catalogue.genres[row],
                n_ratings=int(catalogue.counts[row, 0, 0]),
                similarity=similarity,
                href=f"/movies/{movie_id}",
            )
        )
    return tuple(found)
