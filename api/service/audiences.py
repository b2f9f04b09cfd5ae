"""Which audience for this film?"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.evidence import users_sql
from api.service.labels import CLASS_LABELS
from api.service.merging import (
    MergedSegment,
    group_text,
    merged_segments,
    rows_in,
)
from api.service.release import LoadedRelease
from api.service.requests import AudienceQuestion, understand_audience
from api.service.told import answered_notices
from models_ml.film.predictor import Audience, Film
from models_ml.titles import display_title
from models_ml.vocabulary import Vocabulary

#: Probability that an interval of AudiencePredictor holds.
INTERVAL: Final = 0.8
N_SIMILAR: Final = 5
#: What is answered for a predictor's -1, 0 and +1.
SUPPORT: Final[Mapping[int, schemas.Support]] = {
    -1: "below",
    0: "none",
    1: "above",
}
_HATED, _DISLIKED, _LIKED, _LOVED = (labels for _, labels in CLASS_LABELS)


def find_audience(
    release: LoadedRelease, request: schemas.AudienceRequest
) -> schemas.Audiences:
    """An audience for a film.

    Raises InvalidFields with all that has no meaning.
    """
    return answer_audience(release, understand_audience(release, request))


def answer_audience(
    release: LoadedRelease, question: AudienceQuestion
) -> schemas.Audiences:
    """The answer to an understood question."""
    audience = _audience(release, question)
    notices = answered_notices(release.film.notices(question.film))
    order = _order(audience, question.rank_by)
    return schemas.Audiences(
        release=release.version,
        data_generated=release.data_generated,
        movie=question.movie,
        by=question.by,
        rank_by=question.rank_by,  # type: ignore[arg-type]
        n_raters=question.n_raters,
        comparables=named_movies(release, question.comparables),
        interval=INTERVAL,
        target=audience_target(release.vocabulary, audience),
        notices=notices,
        warnings=tuple(notice.text for notice in notices),
        similar=similar_movies(release, question.film),
        n_segments=len(audience),
        evidence_sql=users_sql(question.by),
        segments=audience_segments(audience, order[: question.limit]),
    )


def _audience(release: LoadedRelease, question: AudienceQuestion) -> Audience:
    return release.film.predict(
        question.film,
        question.by,
        question.n_raters,
        INTERVAL,
        question.comparables,
    )


def named_movies(
    release: LoadedRelease, movie_ids: tuple[int, ...]
) -> tuple[schemas.NamedMovie, ...]:
    """Ids and titles of known films, in the order of `movie_ids`."""
    catalogue = release.catalogue
    rows = [catalogue.index[movie_id] for movie_id in movie_ids]
    return tuple(
        schemas.NamedMovie(
            movie_id,
            catalogue.source_ids[row],
            display_title(catalogue.titles[row]),
            catalogue.years[row] or None,
        )
        for movie_id, row in zip(movie_ids, rows, strict=True)
    )


def _order(audience: Audience, rank_by: str) -> NDArray[np.integer]:
    """Rows by `rank_by`, highest first.

    Of an index or an affinity, what the data support as more comes first,
    then what they cannot tell, then what they support as less.
    """
    values = {
        "reach": audience.reach,
        "reach_index": audience.reach_index,
        "affinity": audience.affinity,
        "liking": audience.probabilities[:, 2:].sum(axis=1),
    }
    supported = {
        "reach_index": audience.supported,
        "affinity": audience.affinity_supported,
    }
    plain = np.zeros(len(audience), dtype=np.int8)
    return np.lexsort((-values[rank_by], -supported.get(rank_by, plain)))


def audience_target(
    vocabulary: Vocabulary, audience: Audience
) -> schemas.Target:
    """The target in merged groups, those of the highest affinity first."""
    by, is_target = audience.by, audience.is_target
    if not is_target.any():
        return schemas.Target(
            (),
            "No segment will like this film more than others do: there is "
            "no difference that the data supports.",
        )
    groups = merged_segments(vocabulary, by, is_target)
    groups.sort(key=lambda group: -_mean_affinity(vocabulary, audience, group))
    named = "; ".join(group_text(vocabulary, by, group) for group in groups)
    return schemas.Target(
        tuple(
            {
                name: levels if len(levels) > 1 else levels[0]
                for name, levels in group.items()
            }
            for group in groups
        ),
        f"The data supports {int(is_target.sum())} of {len(audience)} "
        f"segments as a target, the strongest first: {named}.",
    )


def _mean_affinity(
    vocabulary: Vocabulary, audience: Audience, group: MergedSegment
) -> float:
    """Of a group's members in the audience."""
    rows = rows_in(vocabulary, audience.by, group)
    return float(
        np.average(audience.affinity[rows], weights=audience.reach[rows])
    )


def audience_segments(
    audience: Audience, order: NDArray[np.integer]
) -> tuple[schemas.AudienceSegment, ...]:
    """The segments of `order` (rows of `audience`), as they are answered.

    All numbers leave numpy in one list: there are 24 for each segment.
    """
    numbers = _numbers(audience)[order].tolist()
    n_users = audience.n_users[order].tolist()
    targets = audience.is_target[order].tolist()
    of_reach = audience.supported[order].tolist()
    of_affinity = audience.affinity_supported[order].tolist()
    estimate = schemas.Estimate
    return tuple(
        schemas.AudienceSegment(
            rank=k + 1,
            segment=dict(zip(audience.by, audience.levels[row], strict=True)),
            reach=estimate(*numbers[k][0:3]),
            expected_reach=estimate(*numbers[k][3:6]),
            reach_index=estimate(*numbers[k][6:9]),
            reach_supported=SUPPORT[of_reach[k]],
            probabilities=_class_estimates(numbers[k][12:]),
            affinity=estimate(*numbers[k][9:12]),
            affinity_supported=SUPPORT[of_affinity[k]],
            n_users=n_users[k],
            is_target=targets[k],
        )
        for k, row in enumerate(order.tolist())
    )


def _numbers(audience: Audience) -> NDArray[np.floating]:
    """Value, low and high of all that is estimated of each segment.

    Reach, expected reach, reach index, affinity, and the four classes.
    """
    a = audience
    numbers = np.empty((len(a), 8, 3))
    for k, estimate in enumerate(
        [
            (a.reach, a.reach_low, a.reach_high),
            (a.reach, a.expected_low, a.expected_high),
            (a.reach_index, a.index_low, a.index_high),
            (a.affinity, a.affinity_low, a.affinity_high),
        ]
    ):
        numbers[:, k] = np.stack(estimate, axis=1)
    numbers[:, 4:, 0] = a.probabilities
    numbers[:, 4:, 1] = a.probabilities_low
    numbers[:, 4:, 2] = a.probabilities_high
    return numbers.reshape(len(a), 24)


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


def similar_movies(
    release: LoadedRelease,
    film: Film,
    without: int | None = None,
    limit: int = N_SIMILAR,
) -> tuple[schemas.SimilarMovie, ...]:
    """The known films most like `film`, the most similar first.

    `without` is the id of `film` itself, if it is known.
    """
    catalogue = release.catalogue
    alike = release.film.similar(film, limit + (without is not None))
    similar = []
    for movie_id, similarity in alike:
        if movie_id == without:
            continue
        row = catalogue.index[movie_id]
        similar.append(
            schemas.SimilarMovie(
                movie_id=movie_id,
                source_id=catalogue.source_ids[row],
                title=catalogue.titles[row],
                display_title=display_title(catalogue.titles[row]),
                year=catalogue.years[row] or None,
                genres=catalogue.genres[row],
                n_ratings=int(catalogue.counts[row, 0, 0]),
                similarity=similarity,
                href=f"/movies/{movie_id}",
            )
        )
    return tuple(similar[:limit])
