"""Leading eigenvectors of a large symmetric operator."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray

Single = NDArray[np.float32]

#: A block has this part of the rank's columns.
_PART: Final = 4


def leading_eigenvectors(
    multiply: Callable[[Single], Single],
    size: int,
    rank: int,
    n_blocks: int,
) -> tuple[FloatArray, FloatArray]:
    """The largest eigenvalues (rank,), descending, and vectors (size, rank).

    `multiply` gives the operator's product with columns (size, m), and is
    asked `n_blocks` times for a quarter of the rank. Where that is all rows
    the answer is exact, else that of the block Krylov space of a random start
    (Musco & Musco 2015): the leading directions are exact to single precision,
    while of the last, whose eigenvalues lie close together, some stand for
    others; more blocks tell more of them apart. ARPACK multiplies one column
    at a time: most of a fit's time on large catalogues. Deterministic.
    """
    width = -(-rank // _PART)
    if size <= width * n_blocks:
        basis = np.eye(size, dtype=np.float32)
        projected = multiply(basis)
    else:
        basis, projected = _krylov_space(multiply, size, width, n_blocks)
    values, vectors = np.linalg.eigh(projected, UPLO="U")
    order = np.argsort(-values, kind="stable")[:rank]
    return (
        values[order].astype(np.float64),
        (basis @ vectors[:, order]).astype(np.float64),
    )


def _krylov_space(
    multiply: Callable[[Single], Single], size: int, width: int, n_blocks: int
) -> tuple[Single, Single]:
    """An orthonormal basis (size, d), and the operator in it (d, d).

    Of the operator the upper triangle is given.
    """
    n_columns = width * n_blocks
    basis = np.empty((size, n_columns), dtype=np.float32)
    projected = np.zeros((n_columns, n_columns), dtype=np.float32)
    start = np.random.default_rng(0).normal(size=(size, width))
    block: NDArray[Any] = np.linalg.qr(start.astype(np.float32))[0]
    for first in range(0, n_columns, width):
        last = first + width
        basis[:, first:last] = block
        known = basis[:, :last]
        block = multiply(np.ascontiguousarray(block))
        projected[:last, first:last] = known.T @ block
        if last == n_columns:
            break
        # three times, since what is left of a block may be mere rounding
        for _ in range(3):
            block = np.linalg.qr(block - known @ (known.T @ block))[0]
    return basis, projected
