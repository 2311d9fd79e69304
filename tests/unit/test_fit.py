"""min_norm and ridge against closed forms and scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge

from ddlib.fit.least_squares import min_norm, mse, ridge


def problem(N, P, K=None, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, P)), rng.normal(size=N if K is None else (N, K))


def test_min_norm_under_parameterised_solves_the_normal_equations():
    X, y = problem(30, 6)
    np.testing.assert_allclose(min_norm(X, y), np.linalg.solve(X.T @ X, X.T @ y), rtol=1e-10)
    np.testing.assert_allclose(min_norm(X, y), LinearRegression(fit_intercept=False).fit(X, y).coef_, rtol=1e-10)


def test_min_norm_over_parameterised_is_the_closed_form():
    X, y = problem(6, 30)
    beta = min_norm(X, y)
    np.testing.assert_allclose(beta, X.T @ np.linalg.solve(X @ X.T, y), rtol=1e-10)
    np.testing.assert_allclose(X @ beta, y, atol=1e-12)


def test_min_norm_is_shorter_than_any_other_exact_fit():
    X, y = problem(6, 30)
    beta = min_norm(X, y)
    invisible = np.eye(30) - np.linalg.pinv(X) @ X  # what X cannot see
    for seed in range(5):
        other = beta + invisible @ np.random.default_rng(100 + seed).normal(size=30)
        np.testing.assert_allclose(X @ other, y, atol=1e-12)
        assert np.linalg.norm(other) > np.linalg.norm(beta)


def test_min_norm_splits_the_weight_of_equal_columns():
    x, y = problem(20, 1)
    np.testing.assert_allclose(min_norm(np.hstack([x, x]), y), np.repeat(min_norm(x, y) / 2, 2), rtol=1e-10)


@pytest.mark.parametrize("N, P", [(30, 6), (6, 30), (10, 10)])
@pytest.mark.parametrize("lam", [1e-6, 0.1, 10.0])
def test_ridge_is_the_closed_form_and_sklearns(N, P, lam):
    X, y = problem(N, P)
    beta = ridge(X, y, lam)
    np.testing.assert_allclose(beta, np.linalg.solve(X.T @ X + N * lam * np.eye(P), X.T @ y), rtol=1e-6, atol=1e-9)
    # scikit-learn does not divide the squared error by N
    expected = Ridge(alpha=N * lam, fit_intercept=False, solver="svd").fit(X, y).coef_
    np.testing.assert_allclose(beta, expected, rtol=1e-8, atol=1e-10)


def test_ridge_is_a_minimum():
    X, y = problem(12, 20)
    beta, lam = ridge(X, y, 0.3), 0.3

    def objective(b):
        return np.mean((y - X @ b) ** 2) + lam * b @ b

    for seed in range(5):
        step = 1e-3 * np.random.default_rng(100 + seed).normal(size=20)
        assert objective(beta + step) > objective(beta)


@pytest.mark.parametrize("lam", [0, 1e-12, 1e-20, 1e-300])
def test_ridge_tends_to_the_minimum_norm_even_at_deficient_rank(lam):
    X, y = problem(20, 3)
    X = np.column_stack([X, X[:, 0] + X[:, 1]])
    np.testing.assert_allclose(ridge(X, y, lam), min_norm(X, y), atol=1e-10)


def test_several_outputs_are_fitted_side_by_side():
    X, Y = problem(8, 12, K=3)
    for fit in (min_norm, lambda X, y: ridge(X, y, 0.2)):
        beta = fit(X, Y)
        assert beta.shape == (12, 3)
        for k in range(3):
            np.testing.assert_allclose(beta[:, k], fit(X, Y[:, k]), rtol=1e-10)


def test_mse():
    assert mse([1, 2, 3], [1, 2, 6]) == 3.0
    assert mse([[1.0, 2.0]], [[0.0, 0.0]]) == 2.5
    assert isinstance(mse([1], [2]), float)
