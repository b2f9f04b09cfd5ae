"""A Bayesian factorisation whose user prior is linear in the profile.

The rating of film i by person u, on the scale of `thresholds.star_levels`:

    r_ui = mu + b_i + q_i . p_u + noise,      noise ~ N(0, s2)
    p_u ~ N(W x_u, I)                         x_u: columns of `encoding`
    (b_i, q_i) ~ N(T g_i, Lambda)             g_i: columns of `film_features`

Fitted by variational EM: q(p_u) and q(b_i, q_i) are normal with full
covariances, so that a film with few ratings speaks softly; mu, W, T, Lambda
and s2 are re-estimated in each round. The weights of each block of columns
in W have a variance of their own for each factor (automatic relevance
determination; MacKay 1992), so blocks that tell nothing fade out. After each
round the factors are rotated and scaled to unit variance (parameter-expanded
EM; Liu, Rubin and Wu 1998), which speeds up convergence.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.person.encoding import ProfileColumns

#: No noise is so small that one rating would settle everything.
_SMALLEST_NOISE = 0.05
_SMALLEST_VARIANCE = 1e-6
#: Rounds before the variances of W are estimated.
_SETTLING_ROUNDS = 3


@dataclass(frozen=True)
class FactorParams:
    """Settings of the factorisation."""

    rank: int = 16
    iterations: int = 20
    seed: int = 0
    feature_ridge: float = 2.0
    """Ridge on T: prior strength, in ratings, of no effect of features."""
    first_profile_ridge: float = 200.0
    """Ridge on W before its variances are estimated."""


@dataclass(frozen=True)
class Factorisation:
    """The fitted factorisation, K = rank."""

    mean: float
    film_bias: FloatArray
    """b, shape (n_movies,)."""
    film_factors: FloatArray
    """q, shape (n_movies, K)."""
    film_covariance: FloatArray
    """Of (b, q), shape (n_movies, K + 1, K + 1)."""
    profile_weights: FloatArray
    """W, shape (N_COLUMNS, K)."""
    noise: float
    """s2."""
    user_factors: FloatArray
    """Posterior means of the raters, shape (n_raters, K)."""


def fit_factorisation(
    design: RatingDesign,
    levels: FloatArray,
    columns: FloatArray,
    features: FloatArray,
    params: FactorParams,
) -> Factorisation:
    """Fit on the ratings of `design`.

    `levels` gives the value of each step, `columns` the encoded profiles
    of the raters, `features` the films' columns. Deterministic for a seed.
    """
    return _Rounds(design, levels, columns, features, params).run()


class _Triangle:
    """Symmetric matrices kept as their upper triangles, side by side."""

    def __init__(self, size: int) -> None:
        self.row, self.column = np.triu_indices(size)
        place = np.zeros((size, size), dtype=np.intp)
        place[self.row, self.column] = np.arange(len(self.row))
        self.place = np.maximum(place, place.T)

    def products(self, vectors: FloatArray) -> FloatArray:
        return vectors[:, self.row] * vectors[:, self.column]

    def pick(self, matrices: FloatArray) -> FloatArray:
        return matrices[:, self.row, self.column]

    def full(self, triangles: FloatArray) -> FloatArray:
        return triangles[:, self.place].astype(np.float64)


class _Rounds:
    """The state of the variational EM and its steps."""

    def __init__(
        self,
        design: RatingDesign,
        levels: FloatArray,
        columns: FloatArray,
        features: FloatArray,
        params: FactorParams,
    ) -> None:
        self.params = params
        self.columns = columns
        self.features = features
        values = levels[design.stars - 1]
        self.mean = float(values.mean())
        centred = values - self.mean
        self.n_ratings = len(values)
        self.total_square = float(centred @ centred)
        # single precision in the sparse products: twice as fast, and the
        # sums are far larger than its rounding
        ones = np.ones(len(values), dtype=np.float32)
        self.rated = design.matrix(ones)
        self.value = design.matrix(centred.astype(np.float32))
        self.rated_by = self.rated.T.tocsr()
        self.value_by = self.value.T.tocsr()
        self.is_rated = design.sampled_counts() > 0
        rank = params.rank
        self.users = _Triangle(rank)
        self.films = _Triangle(rank + 1)
        self._start(design, np.random.default_rng(params.seed))

    def _start(self, design: RatingDesign, rng: np.random.Generator) -> None:
        rank, n_movies = self.params.rank, design.n_movies
        sums = np.asarray(self.value_by.sum(axis=1), dtype=np.float64)
        self.theta: FloatArray = np.empty((n_movies, rank + 1))
        self.theta[:, 0] = sums / (design.sampled_counts() + 5)
        self.theta[:, 1:] = rng.normal(0, 0.1, (n_movies, rank))
        self.theta[:, 1] = 0.4
        self.covariance = np.zeros((n_movies, rank + 1, rank + 1))
        self.weights = np.zeros((self.columns.shape[1], rank))
        layout = ProfileColumns(design.vocabulary.shape)
        self.block_of_column = layout.block_of_column
        self.ridge = np.full(
            (self.block_of_column.max() + 1, rank),
            self.params.first_profile_ridge,
        )
        self.film_spread: FloatArray = np.full(rank + 1, 0.1)
        self.film_weights: FloatArray = np.zeros(
            (self.features.shape[1], rank + 1)
        )
        self.film_weights[0, 1] = 0.4
        self.noise = 0.8
        self.gram = self.columns.T @ self.columns

    def run(self) -> Factorisation:
        for round_ in range(self.params.iterations):
            self._update_users()
            self._update_weights(with_ridge=round_ >= _SETTLING_ROUNDS)
            self._update_films()
            self._rescale()
        return Factorisation(
            mean=self.mean,
            film_bias=self.theta[:, 0].copy(),
            film_factors=self.theta[:, 1:].copy(),
            film_covariance=self.covariance,
            profile_weights=self.weights,
            noise=self.noise,
            user_factors=self.user_mean,
        )

    def _update_users(self) -> None:
        factors = self.theta[:, 1:]
        square = self.users.products(factors) + self.users.pick(
            self.covariance[:, 1:, 1:]
        )
        cross = self.theta[:, :1] * factors + self.covariance[:, 0, 1:]
        precision = self.users.full(_sum(self.rated, square)) / self.noise
        precision += np.eye(self.params.rank)
        linear_term = (
            _sum(self.value, factors) - _sum(self.rated, cross)
        ) / self.noise + self.columns @ self.weights
        self.user_covariance = np.linalg.inv(precision)
        self.user_mean = np.einsum(
            "uij,uj->ui", self.user_covariance, linear_term
        )

    def _update_weights(self, *, with_ridge: bool) -> None:
        sums = self.columns.T @ self.user_mean
        block_of_column = self.block_of_column
        sizes = np.bincount(block_of_column)
        for factor in range(self.params.rank):
            ridge = self.ridge[block_of_column, factor]
            inverse = np.linalg.inv(self.gram + np.diag(ridge))
            self.weights[:, factor] = inverse @ sums[:, factor]
            if with_ridge:
                square = self.weights[:, factor] ** 2 + np.diag(inverse)
                variance = np.bincount(block_of_column, square) / sizes
                self.ridge[:, factor] = 1 / np.maximum(variance, 1e-5)

    def _update_films(self) -> None:
        known = np.column_stack([np.ones(len(self.user_mean)), self.user_mean])
        second = self.films.products(known)
        spread = np.zeros((len(known), known.shape[1], known.shape[1]))
        spread[:, 1:, 1:] = self.user_covariance
        second += self.films.pick(spread)
        moments = self.films.full(_sum(self.rated_by, second))
        sums = _sum(self.value_by, known)
        precision = moments / self.noise + np.diag(1 / self.film_spread)
        self.covariance = np.linalg.inv(precision)
        prior = self.features @ self.film_weights
        self.theta = np.einsum(
            "nij,nj->ni",
            self.covariance,
            sums / self.noise + prior / self.film_spread,
        )
        self._update_film_prior()
        self._update_noise(moments, sums)
        unrated = ~self.is_rated
        self.theta[unrated] = (self.features @ self.film_weights)[unrated]

    def _update_film_prior(self) -> None:
        rated = self.is_rated
        columns, theta = self.features[rated], self.theta[rated]
        ridge = self.params.feature_ridge * np.eye(columns.shape[1])
        self.film_weights = np.linalg.solve(
            columns.T @ columns + ridge, columns.T @ theta
        )
        variance = np.diagonal(self.covariance[rated], axis1=1, axis2=2)
        distance = theta - columns @ self.film_weights
        self.film_spread = np.maximum(
            (distance**2 + variance).mean(axis=0), _SMALLEST_VARIANCE
        )

    def _update_noise(self, moments: FloatArray, sums: FloatArray) -> None:
        moved = np.einsum("nij,nj->ni", moments, self.theta)
        squares = (
            self.total_square
            - 2 * np.vdot(sums, self.theta)
            + np.vdot(moments, self.covariance)
            + np.vdot(moved, self.theta)
        )
        self.noise = max(float(squares) / self.n_ratings, _SMALLEST_NOISE)

    def _rescale(self) -> None:
        distance = self.user_mean - self.columns @ self.weights
        spread = distance.T @ distance + self.user_covariance.sum(axis=0)
        root = np.linalg.cholesky(spread / len(distance))
        back = np.linalg.inv(root).T
        whole = np.eye(len(root) + 1)
        whole[1:, 1:] = root
        self.theta = self.theta @ whole
        self.film_weights = self.film_weights @ whole
        self.covariance = whole.T @ self.covariance @ whole
        self.film_spread = np.maximum(
            (whole**2).T @ self.film_spread, _SMALLEST_VARIANCE
        )
        self.weights = self.weights @ back
        self.user_mean = self.user_mean @ back


def _sum(matrix: object, rows: FloatArray) -> FloatArray:
    """Sparse `matrix` @ `rows`, in single precision."""
    product = matrix @ rows.astype(np.float32)  # type: ignore[operator]
    return np.asarray(product, dtype=np.float64)
