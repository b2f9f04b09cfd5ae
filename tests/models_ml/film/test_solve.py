import numpy as np
import pytest

from models_ml.film.solve import (
    pivoted_cholesky,
    solve_together,
    solve_without_folds,
)


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


def test_each_fold_is_solved_without_its_rows() -> None:
    """Easy and hard systems at once: each ends when it is solved."""
    rng = np.random.default_rng(3)
    half = rng.normal(size=(400, 380))
    matrix = (half @ half.T / 40).astype(np.float32)
    diagonals = np.geomspace(1e-2, 1e2, 3) * np.ones((400, 1))
    right = rng.normal(size=(400, 3))
    fold = rng.integers(0, 5, 400)
    solved = solve_without_folds(
        matrix, diagonals, right, fold, tolerance=1e-4
    )
    assert solved.shape == (400, 3, 5)
    for number in range(5):
        rows = fold != number
        for k in range(3):
            system = matrix[np.ix_(rows, rows)].astype(float)
            system += np.diag(diagonals[rows, k])
            left = system @ solved[rows, k, number] - right[rows, k]
            goal = 2e-4 * np.linalg.norm(right[rows, k])
            assert np.linalg.norm(left) < goal, (number, k)
        assert (solved[fold == number, :, number] == 0).all()


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
