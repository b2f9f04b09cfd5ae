"""Leading eigenvectors, against those that numpy finds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.person.krylov import leading_eigenvectors

RANK, BLOCKS = 40, 26


def symmetric(size: int, n_close: int = 0) -> NDArray[np.float32]:
    """Eigenvalues 1, .95, ..., of which the last `n_close` are .3; 0.1."""
    rng = np.random.default_rng(size)
    vectors = np.linalg.qr(rng.normal(size=(size, 100)))[0]
    values = 0.1 + 0.9 * 0.95 ** np.arange(100)
    values[100 - n_close :] = 0.3
    result = (vectors * (values - 0.1)) @ vectors.T + 0.1 * np.eye(size)
    return result.astype(np.float32)


def leading(matrix: NDArray[np.float32]) -> tuple[FloatArray, FloatArray]:
    return leading_eigenvectors(matrix.__matmul__, len(matrix), RANK, BLOCKS)


@pytest.mark.parametrize("size", [120, RANK // 4 * BLOCKS, 2500])
def test_eigenvalues_and_vectors_are_those_of_the_matrix(size: int) -> None:
    matrix = symmetric(size)
    values, vectors = leading(matrix)
    exact = np.linalg.eigvalsh(matrix.astype(float))[::-1][:RANK]
    assert values == pytest.approx(exact, abs=1e-5)
    assert vectors.T @ vectors == pytest.approx(np.eye(RANK), abs=1e-4)
    assert matrix @ vectors == pytest.approx(vectors * values, abs=1e-3)


def test_of_eigenvalues_that_are_alike_any_vectors_do() -> None:
    matrix = symmetric(1500, n_close=80)
    values, vectors = leading(matrix)
    assert values[20:] == pytest.approx(0.3, abs=1e-4)
    assert matrix @ vectors == pytest.approx(vectors * values, abs=1e-3)


def test_of_an_operator_of_low_rank_the_rest_is_zero() -> None:
    column = np.random.default_rng(1).normal(size=(1500, 3))
    matrix = (column @ column.T / 1500).astype(np.float32)
    values, vectors = leading(matrix)
    assert (values[:3] > 0.5).all()
    assert values[3:] == pytest.approx(0, abs=1e-5)
    assert vectors.T @ vectors == pytest.approx(np.eye(RANK), abs=1e-4)


def test_fewer_rows_than_asked_for_give_all() -> None:
    values, vectors = leading(np.eye(5, dtype=np.float32))
    assert len(values) == 5
    assert vectors.shape == (5, 5)
