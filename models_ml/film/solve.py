"""Many linear systems that differ only in their diagonal, solved together."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray

_RANK: Final = 150
_MAX_STEPS: Final = 200


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
    precondition = _preconditioner(matrix, diagonals)
    x = np.zeros_like(right)
    residual = right.copy()
    near = precondition(residual)
    direction = near.copy()
    product = (residual * near).sum(axis=0)
    goal = tolerance * np.maximum(np.linalg.norm(right, axis=0), 1e-300)
    for _ in range(_MAX_STEPS):
        if (np.linalg.norm(residual, axis=0) <= goal).all():
            return x
        image = matrix @ direction.astype(matrix.dtype)
        image = image + diagonals * direction
        along = (direction * image).sum(axis=0)
        step = product / np.where(along > 0, along, 1)
        x += step * direction
        residual -= step * image
        near = precondition(residual)
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


def _preconditioner(matrix: NDArray[np.float32], diagonals: FloatArray) -> Any:
    """Applies (factorᵀ·factor + diagonal)⁻¹ to each column (Woodbury)."""
    _, factor = pivoted_cholesky(matrix, _RANK, 1e-6)
    inner = []
    for diagonal in diagonals.T:
        system = (factor / diagonal) @ factor.T
        system[np.diag_indices(len(system))] += 1
        inner.append(np.linalg.inv(system))

    def apply(columns: FloatArray) -> FloatArray:
        scaled = columns / diagonals
        inside = factor @ scaled
        for k, inverse in enumerate(inner):
            inside[:, k] = inverse @ inside[:, k]
        return scaled - (factor.T @ inside) / diagonals

    return apply
