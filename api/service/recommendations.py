"""Which films for this person?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.described import (
    Described,
    baseline_values,
    describe,
    score_all,
)
from api.service.evidence import (
    ENOUGH_RATINGS,
    RATINGS_SQL,
    count_people,
    segments_of,
)
from api.service.labels import CLASS_LABELS
from api.service.release import LoadedRelease
from api.service.requests import (
    KnownFilm,
    RecommendationQuestion,
    understand_recommendation,
)
from api.service.told import answered_notices
from models_ml.film.support import LEAST_USERS
from models_ml.notices import Notice
from models_ml.person.predictor import KnownRatings, PersonScores
from models_ml.person.questions import best_questions
from models_ml.person.ranking import best_rows
from models_ml.profile.parse import Profile
from models_ml.titles import display_title


def recommend(
    release: LoadedRelease, request: schemas.RecommendationRequest
) -> schemas.Recommendations:
    """Films for a person.

    Raises InvalidFields with all that has no meaning.
    """
    return answer_recommendation(
        release, understand_recommendation(release, request)
    )


def answer_recommendation(
    release: LoadedRelease, question: RecommendationQuestion
) -> schemas.Recommendations:
    """The answer to an understood question."""
    codes = question.profile.codes(release.vocabulary)
    described = describe(release, question.described)
    rated = _known_ratings(question.known)
    scores = score_all(release, codes, rated, described)
    of_catalogue = _candidates(release, question)
    candidates = np.concatenate(
        [
            of_catalogue[: 0 if question.only_described else None],
            described.rows(),
        ]
    )
    best = _listed(release, question, scores, candidates, question.limit)
    return schemas.Recommendations(
        release=release.version,
        data_generated=release.data_generated,
        profile=schemas.Profile(**question.profile.understood()),
        ignored=tuple(
            schemas.Ignored(
                field, value, notice.text(), notice.code, dict(notice.values)
            )
            for field, value, notice in question.ignored
        ),
        notices=_few_people(release, question.profile),
        rests_on=_group(release, question.profile),
        n_ratings_used=sum(film.stars > 0 for film in question.known),
        n_not_seen_used=sum(film.stars == 0 for film in question.known),
        rank_by=question.rank_by,  # type: ignore[arg-type]
        novelty=question.novelty,
        allow_sequels=question.allow_sequels,
        n_candidates=len(candidates),
        differs_from_everyone=_difference(
            release, question, best, candidates, described
        ),
        evidence_sql=RATINGS_SQL,
        questions=_questions(release, question, scores, of_catalogue),
        items=_suggestions(
            release,
            scores,
            best,
            segments_of(release.vocabulary, codes),
            described,
        ),
    )


def ranks(
    release: LoadedRelease, question: RecommendationQuestion
) -> NDArray[np.integer]:
    """The rank of each film of the catalogue, (n_movies,), from 1.

    0 is a film that is not suggested.
    """
    scores = release.person.score(
        question.profile.codes(release.vocabulary),
        _known_ratings(question.known),
    )
    candidates = _candidates(release, question)
    order = _listed(release, question, scores, candidates, len(candidates))
    rank = np.zeros(len(release.catalogue.movie_ids), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return rank


def _known_ratings(known: tuple[KnownFilm, ...]) -> KnownRatings | None:
    if not known:
        return None
    row, stars, is_asked = np.array(known, dtype=np.int64).T
    seen = stars > 0
    return KnownRatings(
        movie_index=row[seen],
        stars=stars[seen],
        not_seen=row[~seen],
        asked=row[seen & (is_asked > 0)],
    )


def _left_out(question: RecommendationQuestion) -> list[int]:
    """Rows of films that are not suggested: excluded, or known."""
    return [*question.excluded, *(film.row for film in question.known)]


def _candidates(
    release: LoadedRelease, question: RecommendationQuestion
) -> NDArray[np.integer]:
    """Rows of the films that may be suggested, ascending."""
    candidates = release.catalogue.candidates(question.filters)
    left_out = _left_out(question)
    if not left_out:
        return candidates
    kept = np.ones(len(release.catalogue.movie_ids), dtype=bool)
    kept[left_out] = False
    return candidates[kept[candidates]]


def _questions(
    release: LoadedRelease,
    question: RecommendationQuestion,
    scores: PersonScores,
    candidates: NDArray[np.integer],
) -> tuple[schemas.Question, ...]:
    if not question.n_questions or not len(candidates):
        return ()
    chosen = best_questions(
        release.person.answers,
        scores,
        np.array(_left_out(question), dtype=np.int64),
        candidates,
        question.n_questions,
    )
    catalogue = release.catalogue
    return tuple(
        schemas.Question(
            movie_id=int(catalogue.movie_ids[row]),
            source_id=catalogue.source_ids[row],
            title=catalogue.titles[row],
            display_title=display_title(catalogue.titles[row]),
            year=catalogue.years[row] or None,
            genres=catalogue.genres[row],
            chance_known=known,
            expected_gain=gain,
        )
        for row, known, gain in zip(
            chosen.films.tolist(),
            chosen.known.tolist(),
            chosen.gain.tolist(),
            strict=True,
        )
    )


def _listed(
    release: LoadedRelease,
    question: RecommendationQuestion,
    scores: PersonScores,
    candidates: NDArray[np.integer],
    n: int,
) -> NDArray[np.integer]:
    """Rows of the first n films of the list."""
    values = release.person.rank_scores(
        scores, question.rank_by, question.novelty
    )
    return best_rows(values, candidates, n, _series(release, question))


def _series(
    release: LoadedRelease, question: RecommendationQuestion
) -> NDArray[np.integer] | None:
    """The series of each film, where a list may hold only one of each.

    A described film hides none, and none hides it: it was asked about.
    """
    if question.allow_sequels:
        return None
    of_catalogue = release.catalogue.series
    first = of_catalogue.max(initial=-1) + 1
    own = first + np.arange(len(question.described))
    return np.concatenate([of_catalogue, own])


def _difference(
    release: LoadedRelease,
    question: RecommendationQuestion,
    best: NDArray[np.integer],
    candidates: NDArray[np.integer],
    described: Described,
) -> schemas.Difference:
    # Nothing is distinctive for everyone: they have the list of `for_you`.
    baseline_rank = (
        "for_you" if question.rank_by == "distinctive" else question.rank_by
    )
    theirs = best_rows(
        baseline_values(release, baseline_rank, described),
        candidates,
        question.limit,
        _series(release, question),
    )
    different = len(set(best.tolist()) - set(theirs.tolist()))
    return schemas.Difference(
        n_different=different,
        n_items=len(best),
        sentence=f"{different} of your {len(best)} films differ from what "
        "everyone gets",
    )


def _few_people(
    release: LoadedRelease, profile: Profile
) -> tuple[schemas.Notice, ...]:
    """What to tell of levels that too few people have for a difference."""
    people = release.catalogue.people
    told = []
    for axis, (code, (name, levels)) in enumerate(
        zip(
            profile.codes(release.vocabulary),
            release.vocabulary.dimensions.items(),
            strict=True,
        )
    ):
        # Negative: not known, or a region somewhere in the US.
        n_users = int(np.moveaxis(people, axis, 0)[code].sum())
        if code >= 0 and n_users < LEAST_USERS:
            values = {"dimension": name, "level": levels[code]}
            told.append(
                Notice("profile.few_people", {**values, "n_users": n_users})
            )
    return answered_notices(told)


def _group(release: LoadedRelease, profile: Profile) -> schemas.Group:
    known = {
        name: level
        for name, level in profile.understood().items()
        if level is not None
    }
    if "region" in known:
        known.pop("country", None)
    return schemas.Group(
        segment=known,
        n_users=count_people(
            release.catalogue.people, profile.codes(release.vocabulary)
        ),
    )


def _suggestions(
    release: LoadedRelease,
    scores: PersonScores,
    best: NDArray[np.integer],
    segments: list[int],
    described: Described,
) -> tuple[schemas.Suggestion, ...]:
    probabilities = scores.probabilities[best].tolist()
    stars = scores.expected_stars[best].tolist()
    score = scores.expected_score[best].tolist()
    interest = scores.interest[best].tolist()
    segments = [*segments, 0]  # everyone, for want of a nearer one
    return tuple(
        schemas.Suggestion(
            rank=k + 1,
            **_named(release, row, described),
            probabilities=tuple(
                schemas.ClassProbability(number, *labels, probability)
                for (number, labels), probability in zip(
                    CLASS_LABELS, probabilities[k], strict=True
                )
            ),
            expected_stars=stars[k],
            expected_score=score[k],
            interest=interest[k],
            evidence=_evidence(
                release.catalogue.segments,
                _counts(release, row, segments, described),
                segments,
            ),
        )
        for k, row in enumerate(best.tolist())
    )


def _named(
    release: LoadedRelease, row: int, described: Described
) -> dict[str, Any]:
    """What an item says of the film itself."""
    catalogue = release.catalogue
    film = described.film(row)
    if film is not None:
        return {
            "movie_id": None,
            "source_id": None,
            "title": film.title,
            "display_title": display_title(film.title),
            "year": film.year,
            "genres": film.genres,
        }
    return {
        "movie_id": int(catalogue.movie_ids[row]),
        "source_id": catalogue.source_ids[row],
        "title": catalogue.titles[row],
        "display_title": display_title(catalogue.titles[row]),
        "year": catalogue.years[row] or None,
        "genres": catalogue.genres[row],
    }


def _counts(
    release: LoadedRelease, row: int, segments: list[int], described: Described
) -> list[list[int]]:
    """Ratings of a film by segments and class; none of a described one."""
    if described.film(row) is not None:
        return [[0] * release.catalogue.counts.shape[2]] * len(segments)
    counts: list[list[int]] = release.catalogue.counts[row, segments].tolist()
    return counts


def _evidence(
    names: Sequence[tuple[str, str]],
    counts: list[list[int]],
    segments: list[int],
) -> schemas.Evidence:
    """Counts of the first segment with enough, and of everyone: the last."""
    last = len(segments) - 1
    nearest = next(
        (k for k in range(last) if counts[k][0] >= ENOUGH_RATINGS), last
    )
    return schemas.Evidence(
        segment=schemas.Counts(*names[segments[nearest]], *counts[nearest]),
        everyone=schemas.Counts(*names[0], *counts[last]),
    )
