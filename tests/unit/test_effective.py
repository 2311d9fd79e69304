"""Effective parameters against closed forms, scikit-learn's Ridge, and brute force over test points."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.linear_model import Ridge

from ddlib.curves.effective import degrees_of_freedom, effective_parameters, polynomial_effective, smoother
from ddlib.datasets.draws import draw_curve
from ddlib.fit.features import legendre

sizes = st.integers(1, 8)


@st.composite
def matrices(draw):
    shape = draw(sizes), draw(sizes)
    return draw(arrays.arrays(float, shape, elements=st.floats(-3, 3).map(lambda v: round(v, 2))))


def full_rank(N, P, seed):
    return np.random.default_rng(seed).normal(size=(N, P))


@given(sizes, sizes, st.integers(0, 99))
def test_on_training_points_least_squares_uses_min_N_P(N, P, seed):
    X = full_rank(N, P, seed)
    S = smoother(X, X)
    assert effective_parameters(S) == pytest.approx(min(N, P), rel=1e-6)
    assert degrees_of_freedom(X) == pytest.approx(np.trace(S), rel=1e-6) == pytest.approx(min(N, P), rel=1e-6)


@given(matrices(), st.floats(1e-3, 10), st.integers(1, 4), st.integers(0, 99))
def test_the_weights_are_those_of_scikit_learn(X, lam, M, seed):
    rng = np.random.default_rng(seed)
    N, P = X.shape
    X_new, y = rng.normal(size=(M, P)), rng.normal(size=N)
    model = Ridge(alpha=N * lam, fit_intercept=False, solver="svd").fit(X, y)
    np.testing.assert_allclose(smoother(X, X_new, lam) @ y, X_new @ model.coef_, atol=1e-7)


@given(matrices(), st.floats(1e-3, 10))
def test_ridge_in_closed_form(X, lam):
    """Trace s^2 / (s^2 + N lam), effective parameters the sum of its squares; both shrink with lam."""
    N = len(X)
    hat = X @ np.linalg.solve(X.T @ X + N * lam * np.eye(X.shape[1]), X.T)
    assert degrees_of_freedom(X, lam) == pytest.approx(np.trace(hat), abs=1e-8)
    assert effective_parameters(smoother(X, X, lam)) == pytest.approx(np.sum(hat**2), abs=1e-8)
    assert degrees_of_freedom(X, 2 * lam) <= degrees_of_freedom(X, lam) + 1e-12


@given(matrices(), st.integers(1, 4), st.integers(0, 99))
def test_without_a_penalty_they_are_those_of_pinv(X, M, seed):
    X_new = np.random.default_rng(seed).normal(size=(M, X.shape[1]))
    if np.linalg.cond(X) < 1e6:
        np.testing.assert_allclose(smoother(X, X_new), X_new @ np.linalg.pinv(X), atol=1e-7)


def test_a_matrix_of_zeros_uses_none():
    assert degrees_of_freedom(np.zeros((3, 2))) == 0
    assert smoother(np.zeros((3, 2)), np.ones((1, 2))).tolist() == [[0, 0, 0]]


def test_averaging_neighbours_uses_N_over_their_number():
    """A mean of k targets has weights 1/k: the source's own example."""
    S = np.kron(np.eye(5), np.full((4, 4), 1 / 4))
    assert effective_parameters(S) == pytest.approx(20 / 4)


@pytest.mark.parametrize("N", [1, 6, 15])
def test_on_test_points_it_is_the_mean_over_many_of_them(N):
    grid = [1, 4, 6, 10, 15, 20, 60]
    found = polynomial_effective(N, grid, trials=2, seed=5)
    assert found.shape == (2, len(grid))
    nodes, weights = np.polynomial.legendre.leggauss(100)
    for t, child in enumerate(np.random.SeedSequence(5).spawn(2)):
        x, _ = draw_curve(N, 0.0, np.random.default_rng(child))
        for g, P in enumerate(grid):
            S = legendre(nodes, P) @ np.linalg.pinv(legendre(x, P))
            assert found[t, g] == pytest.approx(N * (weights / 2) @ np.sum(S**2, axis=1), rel=1e-4)


def test_one_example_in_closed_form():
    """N = P = 1: the weight of the only target is x0 / x1, its mean square 1 / (3 x1^2)."""
    x, _ = draw_curve(1, 0.0, np.random.default_rng(np.random.SeedSequence(0).spawn(1)[0]))
    assert polynomial_effective(1, [1], trials=1)[0, 0] == pytest.approx(1 / (3 * x[0] ** 2))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: smoother([1.0], [[1.0]]), "X must"),
        (lambda: smoother([[1.0]], [[1.0, 2.0]]), r"X_new must have as many columns as X: X has shape \(1, 1\)"),
        (lambda: smoother([[1.0]], [[math.nan]]), "X_new must hold finite"),
        (lambda: smoother([[1.0]], [[1.0]], -0.5), "lam must be at least 0, got -0.5"),
        (lambda: degrees_of_freedom([[1.0]], math.inf), "lam must be finite, got inf"),
        (lambda: degrees_of_freedom("abc"), "X must"),
        (lambda: effective_parameters([[math.inf]]), "S must hold finite"),
        (lambda: effective_parameters(np.ones(3)), "S must have 2"),
        (lambda: polynomial_effective(0, [1]), "N must be a whole number of at least 1, got 0"),
        (lambda: polynomial_effective(3, [2, 1]), "P must be strictly increasing"),
        (lambda: polynomial_effective(3, [1], trials=0), "trials must"),
        (lambda: polynomial_effective(3, [1], seed=-1), "seed must"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
