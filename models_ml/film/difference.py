"""What changes from one film to another, and how sure that is.

Both answers rest on the same known films, and two descriptions of one film
share all that sets it apart: so a difference is surer than its two ends.
Variances are by the delta method, from the joint distribution of both films'
coordinates.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.preference import PreferenceModel, class_slopes
from models_ml.film.protocol import AudienceDifference, SegmentOrder
from models_ml.film.scorer import Answer
from models_ml.film.support import direction


@dataclass(frozen=True)
class Joint:
    """Two films' coordinates, believed together."""

    one: Belief
    other: Belief
    reach: FloatArray
    """Covariances of the coordinates, (K,)."""
    quality: FloatArray
    interaction: FloatArray
    is_same: bool
    """One film in two descriptions: what sets it apart is shared."""


def difference(
    model: PreferenceModel,
    one: Answer,
    other: Answer,
    joint: Joint,
    z: float,
) -> AudienceDifference:
    """The other answer minus the one, `z` standard deviations each way."""
    share = other.reach.share - one.reach.share
    half = z * np.sqrt(_reach_variance(one, other, joint))
    affinity = other.preference.affinity - one.preference.affinity
    affinity_half = z * np.sqrt(_affinity_variance(one, other, joint))
    classes = other.preference.probabilities - one.preference.probabilities
    class_half = z * np.sqrt(_class_variance(model, one, other, joint))
    scale = 100 / one.everyone
    n_users = one.n_users
    return AudienceDifference(
        by=one.segments.by,
        levels=one.segments.levels,
        reach=share,
        reach_low=share - half,
        reach_high=share + half,
        reach_index=scale * share,
        index_low=scale * (share - half),
        index_high=scale * (share + half),
        reach_supported=direction(share - half, share + half, 0.0, n_users),
        probabilities=classes,
        probabilities_low=classes - class_half,
        probabilities_high=classes + class_half,
        probabilities_supported=direction(
            classes - class_half, classes + class_half, 0.0, n_users
        ),
        affinity=affinity,
        affinity_low=affinity - affinity_half,
        affinity_high=affinity + affinity_half,
        affinity_supported=direction(
            affinity - affinity_half, affinity + affinity_half, 0.0, n_users
        ),
        n_users=n_users,
    )


def chance_of_more(
    answer: Answer, belief: Belief, one: int, other: int
) -> SegmentOrder:
    """The probability that the segment in row `one` exceeds that in `other`.

    Of the same film: what both segments share does not count.
    """
    preference, reach = answer.preference, answer.reach
    slopes = preference.slopes[:, one] - preference.slopes[:, other]
    variance = belief.interaction_variance @ slopes**2
    variance += preference.residual_variance[[one, other]].sum()
    affinity = preference.affinity[one] - preference.affinity[other]

    index = reach.share / answer.everyone
    slopes = reach.slopes * (reach.gain / answer.everyone)
    slopes = slopes[:, one] - slopes[:, other]
    of_index = belief.reach_variance @ slopes**2
    beyond = answer.residual * (reach.gain / answer.everyone) ** 2
    of_index += beyond[[one, other]].sum()
    at_knots = reach.at_knots / answer.everyone
    apart = at_knots[:, one] - at_knots[:, other]
    mean = index[one] - index[other]
    of_index += answer.popular.of_rating @ (apart - mean) ** 2
    return SegmentOrder(
        affinity=_chance_above(float(affinity), float(variance)),
        reach_index=_chance_above(float(mean), float(of_index)),
    )


def _chance_above(mean: float, variance: float) -> float:
    """That a normal variable is above 0; one half where nothing is known."""
    if variance <= 0:
        return 0.5 if mean == 0 else float(mean > 0)
    return NormalDist().cdf(mean / float(np.sqrt(variance)))


def _reach_variance(one: Answer, other: Answer, joint: Joint) -> FloatArray:
    """Of the difference of shares, (n,)."""
    first = one.reach.slopes * one.reach.gain
    second = other.reach.slopes * other.reach.gain
    variance = _of_coordinates(
        first,
        second,
        joint.one.reach_variance,
        joint.other.reach_variance,
        joint.reach,
    )
    both = np.stack([one.reach.gain, other.reach.gain])
    variance += one.residual * _combined(both, joint.is_same)
    return variance + _popularity_variance(one, other, joint.is_same)


def _popularity_variance(
    one: Answer, other: Answer, is_same: bool
) -> FloatArray:
    """Of the difference, as nobody knows how many will rate the films.

    One film in two descriptions is as popular, for what it is, in both.
    """
    about = [
        each.popular.hats @ each.reach.at_knots - each.reach.share
        for each in (one, other)
    ]
    weights = [each.popular.ratings for each in (one, other)]
    if is_same and len(weights[0]) == len(weights[1]):
        mean = (weights[0] + weights[1]) / 2
        return mean @ (about[1] - about[0]) ** 2
    return weights[0] @ about[0] ** 2 + weights[1] @ about[1] ** 2


def _affinity_variance(one: Answer, other: Answer, joint: Joint) -> FloatArray:
    """Of the difference of affinities, (n,)."""
    variance = _of_coordinates(
        one.preference.slopes,
        other.preference.slopes,
        joint.one.interaction_variance,
        joint.other.interaction_variance,
        joint.interaction,
    )
    beyond = [
        np.sqrt(each.preference.residual_variance) for each in (one, other)
    ]
    return variance + _combined(np.stack(beyond), joint.is_same)


def _class_variance(
    model: PreferenceModel, one: Answer, other: Answer, joint: Joint
) -> FloatArray:
    """Of the difference of class probabilities, (n, 4)."""
    first, first_like = class_slopes(model, one.preference.probabilities)
    second, second_like = class_slopes(model, other.preference.probabilities)
    rank = len(first)
    between = [
        each.preference.quality_variance - belief.quality_variance
        for each, belief in ((one, joint.one), (other, joint.other))
    ]
    shared = joint.quality
    if joint.is_same:
        shared = shared + np.sqrt(np.maximum(between[0] * between[1], 0))
    variance = _of_coordinates(
        first.reshape(rank, -1),
        second.reshape(rank, -1),
        one.preference.quality_variance,
        other.preference.quality_variance,
        shared,
    ).reshape(first.shape[1:])
    liking = [
        each.preference.slopes[:, :, None] * like
        for each, like in ((one, first_like), (other, second_like))
    ]
    rank = len(liking[0])
    variance += _of_coordinates(
        liking[0].reshape(rank, -1),
        liking[1].reshape(rank, -1),
        joint.one.interaction_variance,
        joint.other.interaction_variance,
        joint.interaction,
    ).reshape(first.shape[1:])
    beyond = [
        np.sqrt(each.preference.residual_variance)[:, None] * like
        for each, like in ((one, first_like), (other, second_like))
    ]
    return variance + _combined(np.stack(beyond), joint.is_same)


def _of_coordinates(
    first: FloatArray,
    second: FloatArray,
    variance: FloatArray,
    other_variance: FloatArray,
    covariance: FloatArray,
) -> FloatArray:
    """Variance of second · z' − first · z, for slopes (K, n)."""
    total = variance @ first**2 + other_variance @ second**2
    total -= 2 * covariance @ (first * second)
    # Rounding may leave less than nothing where both answers are one.
    return np.maximum(total, 0)


def _combined(scales: FloatArray, is_same: bool) -> FloatArray:
    """Variance of a difference of two errors of these scales (2, …)."""
    result: FloatArray
    if is_same:
        result = (scales[1] - scales[0]) ** 2
    else:
        result = scales[0] ** 2 + scales[1] ** 2
    return result
