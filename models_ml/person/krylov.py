"""Leading eigenvectors of a large symmetric operator."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray

Single = NDArray[np.float32]

#: Columns that are multiplied at a time, and how many times they are.
_BLOCK: Final = 64
_N_BLOCKS: Final = 16


def leading_eigenvectors(
    multiply: Callable[[Single], Single], size: int, rank: int
) -> tuple[FloatArray, FloatArray]:
    """The largest eigenvalues (rank,), descending, and vectors (size, rank).

    `multiply` gives the operator's product with columns (size, m). Up to 1,024
    rows the answer is exact, beyond it that of the block Krylov space of a
    random start (Musco & Musco 2015): the leading directions are exact to
    single precision, while of the last, whose eigenvalues lie close together,
    some stand for others. ARPACK tells those apart too, and multiplies one
    column at a time: most of a fit's time on large catalogues. Deterministic.
    """
    if size <= _BLOCK * _N_BLOCKS:
        basis = np.eye(size, dtype=np.float32)
        projected = multiply(basis)
    else:
        basis, projected = _krylov_space(multiply, size)
    values, vectors = np.linalg.eigh(projected, UPLO="U")
    order = np.argsort(-values, kind="stable")[:rank]
    return (
        values[order].astype(np.float64),
        (basis @ vectors[:, order]).astype(np.float64),
    )


def _krylov_space(
    multiply: Callable[[Single], Single], size: int
) -> tuple[Single, Single]:
    """An orthonormal basis (size, d), and the operator in it (d, d).

    Of the operator the upper triangle is given.
    """
    n_columns = _BLOCK * _N_BLOCKS
    basis = np.empty((size, n_columns), dtype=np.float32)
    projected = np.zeros((n_columns, n_columns), dtype=np.float32)
    start = np.random.default_rng(0).normal(size=(size, _BLOCK))
    block: NDArray[Any] = np.linalg.qr(start.astype(np.float32))[0]
    for first in range(0, n_columns, _BLOCK):
        last = first + _BLOCK
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
