import numpy as np
import pytest

from models_ml.scale import RatingScale

MOVIELENS = RatingScale((1, 2, 3, 4, 5))
SCORES = RatingScale(tuple(score / 2 for score in range(11)))
HALVES = RatingScale(tuple(half / 4 for half in range(21)))
#: None of them is disliked.
THREE = RatingScale((0, 3, 5))


def test_classes_are_those_of_the_score() -> None:
    assert MOVIELENS.classes.tolist() == [0, 1, 2, 2, 3]
    assert SCORES.classes.tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 2
    # 2.5, 5.5 and 8.5 are the first of their classes
    assert HALVES.classes.tolist() == [0] * 5 + [1] * 6 + [2] * 6 + [3] * 4
    assert THREE.classes.tolist() == [0, 2, 3]


def test_likes_are_four_stars_or_more() -> None:
    for scale, first in ((MOVIELENS, 4), (SCORES, 9), (THREE, 3)):
        steps = np.arange(scale.n + 1)
        expected = (steps >= first).tolist()
        assert scale.are_likes(steps).tolist() == expected


def test_steps_are_found_by_their_stars() -> None:
    assert SCORES.step_of(0) == 1
    assert SCORES.step_of(3.5) == 8
    assert MOVIELENS.step_of(3.5) is None
    assert THREE.nearest(np.array([-1, 1.4, 1.6, 3.9, 9])).tolist() == [
        *(1, 1, 2, 2, 3),
    ]


def test_a_class_stands_for_its_middle_step() -> None:
    assert [MOVIELENS.step_of_class(k) for k in range(4)] == [1, 2, 4, 5]
    scores = [SCORES.scores[SCORES.step_of_class(k) - 1] for k in range(4)]
    assert scores == [1, 4, 7, 10]
    # nothing is disliked there: 2 stars are nearest to 3
    assert [THREE.step_of_class(k) for k in range(4)] == [1, 2, 2, 3]


@pytest.mark.parametrize("scale", [MOVIELENS, SCORES, HALVES, THREE])
def test_shares_of_classes_and_means_are_those_of_the_steps(
    scale: RatingScale,
) -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(scale.n), size=6)
    below = np.cumsum(shares, axis=1)[:, :-1]
    expected = np.stack(
        [shares[:, scale.classes == k].sum(axis=1) for k in range(4)], axis=1
    )
    np.testing.assert_allclose(scale.class_shares(below), expected, atol=1e-12)
    np.testing.assert_allclose(
        scale.like_share(below), shares[:, scale.values >= 4].sum(axis=1)
    )
    np.testing.assert_allclose(
        scale.expected_stars(below), shares @ scale.values
    )


def test_class_values_are_means_of_steps_or_the_middle() -> None:
    np.testing.assert_allclose(MOVIELENS.class_values, [1, 2, 3.5, 5])
    np.testing.assert_allclose(SCORES.class_values, [0.5, 2, 3.5, 4.75])
    np.testing.assert_allclose(THREE.class_values, [0, 2, 3, 5])
