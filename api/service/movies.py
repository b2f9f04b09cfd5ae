"""Films of the data: searches, and actual audiences beside predictions."""

from collections.abc import Mapping

import numpy as np

from api import schemas
from api.service.audiences import INTERVAL, audience_segments
from api.service.catalogue import Catalogue
from api.service.evidence import audience_sql
from api.service.release import LoadedRelease
from models_ml.film.predictor import Audience, Film
from models_ml.titles import display_title
from models_ml.vocabulary import DEFAULT_BY


class NotFound(LookupError):  # noqa: N818 - the HTTP word
    """There is no such film."""


def search_movies(
    release: LoadedRelease,
    text: str,
    limit: int,
    source_id: str | None = None,
) -> schemas.Movies:
    """Films whose title has every word of `text`, best known first.

    With `source_id`, the film that the data have by this id, or none.
    """
    return schemas.Movies(
        release=release.version,
        data_generated=release.data_generated,
        items=tuple(
            movie_of(release.catalogue, row)
            for row in release.catalogue.search(text, limit, source_id)
        ),
    )


def known_row(catalogue: Catalogue, movie_id: int) -> int:
    """Row number of a known film; raises NotFound."""
    row = catalogue.index.get(movie_id)
    if row is None:
        raise NotFound(f"there is no film {movie_id}")
    return row


def movie_of(catalogue: Catalogue, row: int) -> schemas.Movie:
    """A film of the catalogue, with the ratings it got."""
    return schemas.Movie(
        int(catalogue.movie_ids[row]),
        catalogue.source_ids[row],
        catalogue.titles[row],
        display_title(catalogue.titles[row]),
        catalogue.years[row] or None,
        catalogue.genres[row],
        *catalogue.counts[row, 0].tolist(),
    )


def movie(
    release: LoadedRelease,
    movie_id: int,
    by: tuple[str, ...] = DEFAULT_BY,
) -> schemas.MovieAudience:
    """A film's actual audience, beside what is predicted without it.

    Raises NotFound, and InvalidFields for `by`.
    """
    by = release.words.parse_by("by", by)
    catalogue = release.catalogue
    row = known_row(catalogue, movie_id)
    audience, prediction = _predicted(release, row, by)
    return schemas.MovieAudience(
        release=release.version,
        data_generated=release.data_generated,
        movie=movie_of(catalogue, row),
        by=by,
        interval=INTERVAL,
        predicted=prediction,
        evidence_sql=audience_sql(by),
        segments=_actual_segments(catalogue.audience(movie_id, by), audience),
    )


def _predicted(
    release: LoadedRelease, row: int, by: tuple[str, ...]
) -> tuple[Audience, schemas.Prediction]:
    """The film's audience as it would be said without its own ratings."""
    catalogue = release.catalogue
    movie_id = int(catalogue.movie_ids[row])
    if release.film.knows(movie_id):
        known = release.film.predict_known(movie_id, by)
        record = None
        if known.record is not None:
            record = schemas.IntervalRecord(**vars(known.record))
        return known.audience, schemas.Prediction(
            "without this film's ratings", record
        )
    film = Film(
        catalogue.titles[row],
        catalogue.years[row] or None,
        catalogue.genres[row],
    )
    return release.film.predict(film, by), schemas.Prediction(
        "the film has no ratings", None
    )


def _actual_segments(
    actual: Mapping[tuple[str, ...], list[int]], predicted: Audience
) -> tuple[schemas.ActualSegment, ...]:
    order = np.arange(len(predicted))
    total = sum(counts[0] for counts in actual.values())
    segments = []
    for k, guess in enumerate(audience_segments(predicted, order)):
        counts = actual.get(predicted.levels[k], [0, 0, 0, 0, 0])
        n_ratings = counts[0]
        # The share of everyone is the predictor's, so that both compare.
        share_of_users = (
            guess.reach.value / guess.reach_index.value
            if guess.reach_index.value
            else 0.0
        )
        reach = n_ratings / total if total else None
        segments.append(
            schemas.ActualSegment(
                segment=guess.segment,
                n_users=guess.n_users,
                n_ratings=n_ratings,
                n_hated=counts[1],
                n_disliked=counts[2],
                n_liked=counts[3],
                n_loved=counts[4],
                reach=reach,
                reach_index=reach / share_of_users
                if reach and share_of_users
                else reach,
                liked=sum(counts[3:]) / n_ratings if n_ratings else None,
                predicted=schemas.PredictedSegment(
                    reach=guess.reach,
                    expected_reach=guess.expected_reach,
                    reach_index=guess.reach_index,
                    reach_supported=guess.reach_supported,
                    liked=sum(c.probability for c in guess.probabilities[2:]),
                    affinity=guess.affinity,
                    affinity_supported=guess.affinity_supported,
                ),
            )
        )
    return tuple(segments)
