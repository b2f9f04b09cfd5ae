"""Known films beside one: those like it, and those with its audience."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.audiences import N_SIMILAR, similar_movies
from api.service.movies import known_row, movie_of
from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.person.predictor import KnownRatings
from models_ml.titles import display_title
from models_ml.vocabulary import UNKNOWN

N_OVERLAPS: Final = 5
#: With fewer ratings of a film a share of them would be mostly chance.
LEAST_RATINGS: Final = 10


def movies_like(
    release: LoadedRelease, movie_id: int, limit: int = N_SIMILAR
) -> schemas.SimilarMovies:
    """The known films most like a known one; raises NotFound."""
    catalogue = release.catalogue
    row = known_row(catalogue, movie_id)
    film = Film(
        catalogue.titles[row],
        catalogue.years[row] or None,
        catalogue.genres[row],
    )
    return schemas.SimilarMovies(
        release=release.version,
        data_generated=release.data_generated,
        movie=movie_of(catalogue, row),
        least_ratings=LEAST_RATINGS,
        items=similar_movies(release, film, movie_id, limit),
    )


def overlapping_movies(
    release: LoadedRelease, movie_id: int, limit: int = N_OVERLAPS
) -> schemas.OverlappingMovies:
    """The films that become most likely to be rated once `movie_id` was.

    The largest rise of the probability first. They have LEAST_RATINGS or more;
    there are none if the film itself has fewer. Raises NotFound.
    """
    catalogue = release.catalogue
    row = known_row(catalogue, movie_id)
    enough = catalogue.counts[:, 0, 0] >= LEAST_RATINGS
    return schemas.OverlappingMovies(
        release=release.version,
        data_generated=release.data_generated,
        movie=movie_of(catalogue, row),
        least_ratings=LEAST_RATINGS,
        items=_overlapping(release, row, enough, limit) if enough[row] else (),
    )


def _overlapping(
    release: LoadedRelease,
    row: int,
    enough: NDArray[np.bool_],
    limit: int,
) -> tuple[schemas.OverlappingMovie, ...]:
    """Of the films with `enough` ratings, those whose interest rises most."""
    nobody = (UNKNOWN,) * 4
    everyone = release.person.score(nobody).interest
    # Interest asks whether a film was seen; what it was given does not count.
    seen = KnownRatings(np.array([row]), np.ones(1, dtype=np.int64))
    shares = release.person.score(nobody, seen).interest
    gain = np.where(enough, shares - everyone, -np.inf)
    gain[row] = -np.inf
    best = np.argsort(-gain, kind="stable")[:limit]
    catalogue = release.catalogue
    return tuple(
        schemas.OverlappingMovie(
            movie_id=int(catalogue.movie_ids[k]),
            source_id=catalogue.source_ids[k],
            title=catalogue.titles[k],
            display_title=display_title(catalogue.titles[k]),
            year=catalogue.years[k] or None,
            n_ratings=int(catalogue.counts[k, 0, 0]),
            interest=float(shares[k]),
            interest_of_everyone=float(everyone[k]),
            href=f"/movies/{catalogue.movie_ids[k]}",
        )
        for k in best.tolist()
        if gain[k] > 0
    )
