"""Many linear systems that differ only in their diagonal, solved together."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray

_RANK: Final = 150
_MAX_STEPS: Final = 200

_Preconditioner = Callable[[NDArray[Any], IntArray], NDArray[Any]]


def solve_together(
    matrix: NDArray[np.float32],
    diagonals: FloatArray,
    right: FloatArray,
    tolerance: float = 1e-6,
) -> FloatArray:
    """X with (matrix + diag(diagonals[:, k])) x[:, k] = right[:, k].

    `matrix` (n, n) is positive semidefinite, `diagonals` (n, K) positive,
    `right` (n, K). Conjugate gradients, preconditioned by the matrix's
    pivoted Cholesky factor of low rank (Gardner et al. 2018, GPyTorch), until
    each residual is at most `tolerance` of its right side. Raises
    ArithmeticError when that takes too many steps.
    """
    return _conjugate_gradients(
        matrix,
        diagonals,
        right,
        kept=np.ones_like(right),
        precondition=_preconditioner(matrix, diagonals, 1),
        tolerance=tolerance,
    )


def solve_without_folds(
    matrix: NDArray[np.float32],
    diagonals: FloatArray,
    right: FloatArray,
    fold: NDArray[np.integer],
    tolerance: float = 3e-3,
) -> NDArray[np.float32]:
    """The same for each fold of rows left out, (n, K, n_folds).

    The rows and columns of a fold leave the system; the solution is 0 there.
    In single precision and to a wider tolerance, which moves predictions by
    .2 % of their spread: there are ten times as many systems.
    """
    n_folds = int(fold.max()) + 1
    kept = (fold[:, None] != np.arange(n_folds)).astype(matrix.dtype)
    columns = right.shape[1]
    scaled = diagonals.astype(matrix.dtype)
    solution = _conjugate_gradients(
        matrix,
        np.repeat(scaled, n_folds, axis=1),
        np.repeat(right.astype(matrix.dtype), n_folds, axis=1),
        kept=np.tile(kept, columns),
        precondition=_preconditioner(matrix, scaled, n_folds),
        tolerance=tolerance,
    )
    return solution.reshape(len(right), columns, n_folds)


def _conjugate_gradients(
    matrix: NDArray[np.float32],
    diagonals: NDArray[Any],
    right: NDArray[Any],
    *,
    kept: NDArray[Any],
    precondition: _Preconditioner,
    tolerance: float,
) -> NDArray[Any]:
    """`kept` (n, columns) is 1 for the rows of a system, else 0.

    A column that is solved is multiplied no further: of the folds of a film's
    coordinates, three quarters need less than half of the steps.
    """
    x = np.zeros_like(right)
    left = np.arange(right.shape[1])
    residual = right * kept
    near = precondition(residual, left) * kept
    direction = near.copy()
    product = (residual * near).sum(axis=0)
    goal = tolerance * np.maximum(np.linalg.norm(residual, axis=0), 1e-30)
    for _ in range(_MAX_STEPS):
        # not `>`: a residual that is no number is not solved
        unsolved = ~(np.linalg.norm(residual, axis=0) <= goal)
        if not unsolved.any():
            return x
        if not unsolved.all():
            left, product, goal = (
                left[unsolved],
                product[unsolved],
                goal[unsolved],
            )
            residual, direction = residual[:, unsolved], direction[:, unsolved]
            diagonals, kept = diagonals[:, unsolved], kept[:, unsolved]
        product_of = matrix @ direction.astype(matrix.dtype)
        image = (product_of + diagonals * direction) * kept
        along = (direction * image).sum(axis=0)
        step = product / np.where(along > 0, along, 1)
        x[:, left] += step * direction
        residual -= step * image
        near = precondition(residual, left) * kept
        former = np.where(product > 0, product, 1)
        product = (residual * near).sum(axis=0)
        direction = near + product / former * direction
    raise ArithmeticError(
        f"conjugate gradients did not converge in {_MAX_STEPS} steps"
    )


def pivoted_cholesky(
    matrix: NDArray[np.float32], rank: int, least: float
) -> tuple[NDArray[np.integer], FloatArray]:
    """Rows chosen greedily, (r,), and factor (r, n): factorᵀ·factor ≈ matrix.

    Stops at `rank` rows, or when no diagonal entry lacks `least`.
    """
    left = np.diag(matrix).astype(float)
    factor = np.zeros((min(rank, len(left)), len(left)))
    rows: list[int] = []
    for step in range(len(factor)):
        row = int(left.argmax())
        if left[row] < least:
            break
        rows.append(row)
        known = factor[:step, row] @ factor[:step]
        factor[step] = (matrix[row] - known) / np.sqrt(left[row])
        left -= factor[step] ** 2
    return np.array(rows, dtype=int), factor[: len(rows)]


def _preconditioner(
    matrix: NDArray[np.float32], diagonals: NDArray[Any], repeats: int
) -> _Preconditioner:
    """Applies (factorᵀ·factor + diagonal)⁻¹ to each column (Woodbury).

    Each diagonal stands for `repeats` columns in a row. What comes back is
    asked with columns (n, c) and the ascending numbers (c,) that these have.
    """
    _, exact = pivoted_cholesky(matrix, _RANK, 1e-6)
    factor = exact.astype(diagonals.dtype)
    inner = []
    for diagonal in diagonals.T:
        system = (factor / diagonal) @ factor.T
        system[np.diag_indices(len(system))] += 1
        inner.append(np.linalg.inv(system))

    def apply(columns: NDArray[Any], numbers: IntArray) -> NDArray[Any]:
        scale = diagonals[:, numbers // repeats]
        scaled = columns / scale
        inside = factor @ scaled
        for k, inverse in enumerate(inner):
            first, last = np.searchsorted(
                numbers, (k * repeats, (k + 1) * repeats)
            )
            inside[:, first:last] = inverse @ inside[:, first:last]
        result: NDArray[Any] = scaled - (factor.T @ inside) / scale
        return result

    return apply
