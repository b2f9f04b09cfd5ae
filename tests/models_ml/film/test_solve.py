import numpy as np
import pytest

from models_ml.film.solve import pivoted_cholesky, solve_together


def test_solutions_equal_those_of_a_direct_solver() -> None:
    rng = np.random.default_rng(1)
    half = rng.normal(size=(300, 40))
    matrix = (half @ half.T / 40).astype(np.float32)
    diagonals = rng.uniform(0.05, 3, (300, 4))
    right = rng.normal(size=(300, 4))
    solved = solve_together(matrix, diagonals, right)
    for k in range(4):
        exact = np.linalg.solve(
            matrix.astype(float) + np.diag(diagonals[:, k]), right[:, k]
        )
        assert np.allclose(solved[:, k], exact, atol=1e-3)


def test_a_matrix_of_low_rank_needs_no_more_pivots() -> None:
    half = np.random.default_rng(2).normal(size=(50, 5))
    matrix = (half @ half.T).astype(np.float32)
    rows, factor = pivoted_cholesky(matrix, 50, 1e-3)
    assert len(rows) == 5
    assert np.allclose(factor.T @ factor, matrix, atol=1e-3)


def test_no_solution_is_an_error_rather_than_a_guess() -> None:
    matrix = np.diag([1.0, -1.0]).astype(np.float32)
    with pytest.raises(ArithmeticError, match="converge"):
        solve_together(matrix, np.full((2, 1), 1e-9), np.ones((2, 1)) * np.nan)
