"""A sample unlike everybody: it tells who rates a film, not how many do."""

from dataclasses import replace

import numpy as np

from models_ml.person.design import rating_design
from models_ml.person.fit import fit_person_predictor
from models_ml.warehouse.dataset import Dataset


def counted(dataset: Dataset, film: int, times: int) -> Dataset:
    """Everybody twice the sample, and `film` rated `times` as often."""
    counts = dataset.counts
    factor = np.where(counts.movie_stars.movie == film, times, 2)
    return replace(
        dataset,
        counts=replace(
            counts,
            profiles=replace(
                counts.profiles, n_users=2 * counts.profiles.n_users
            ),
            movie_stars=replace(
                counts.movie_stars,
                n_ratings=factor * counts.movie_stars.n_ratings,
            ),
        ),
    )


def test_interest_is_anchored_in_everybodys_counts(dataset: Dataset) -> None:
    film = 7
    often = fit_person_predictor(counted(dataset, film, 3), {"rank": 3})
    baseline = fit_person_predictor(counted(dataset, film, 2), {"rank": 3})
    nobody = (-1, -1, -1, -1)
    ratio = often.score(nobody).interest / baseline.score(nobody).interest
    assert 1.35 < ratio[film] < 1.55
    others = np.delete(ratio, [film, len(ratio) - 1])
    np.testing.assert_allclose(others, 1, atol=0.02)


def test_effects_of_profiles_are_of_the_sample_alone(
    dataset: Dataset,
) -> None:
    """That a film is rated more often than in it is no effect of anyone."""
    film = 7
    often, baseline = (
        fit_person_predictor(counted(dataset, film, times), {"rank": 3})
        for times in (3, 2)
    )
    effects = [
        each.to_state()["interest"]["effects"][:, film]
        for each in (often, baseline)
    ]
    np.testing.assert_allclose(effects[0], effects[1], atol=1e-5)
    assert np.abs(effects[1]).max() > 0.01


def test_a_film_outside_the_sample_keeps_everybodys_stars(
    dataset: Dataset,
) -> None:
    film = 7
    unseen = replace(
        dataset, ratings=dataset.ratings.where(dataset.ratings.movie != film)
    )
    assert rating_design(unseen).sampled_counts()[film] == 0
    expected = rating_design(unseen).star_counts[film]
    predictor = fit_person_predictor(unseen, {"rank": 3})
    stars = predictor.score((-1, -1, -1, -1)).expected_stars[film]
    mean = expected @ np.arange(1, 6) / expected.sum()
    assert abs(stars - mean) < 0.25
