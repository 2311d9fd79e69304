"""The simulated ridge curve against scikit-learn and pinv on the same draws, and against the theory."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from ddlib import theory
from ddlib.curves.ridge_runs import ridge_runs
from ddlib.theory import ridge as ridge_theory


def draws(D, N_max, trial, seed):
    """X, unit noise and beta of one training set, drawn again."""
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(trial + 1)[trial])
    beta = rng.normal(size=D)
    rows = rng.normal(size=(N_max, D + 1))
    return rows[:, :D], rows[:, D], beta / np.linalg.norm(beta)


@given(st.integers(1, 12), st.integers(1, 8), st.floats(1e-3, 10), st.floats(0, 2), st.floats(0, 3), st.integers(0, 9))
def test_every_fit_is_that_of_scikit_learn(N_max, D, lam, sigma, r, seed):
    errors = ridge_runs(N_max, D, trials=2, seed=seed).errors(lam, sigma, r)
    assert errors.shape == (2, N_max)
    for trial in range(2):
        X, noise, beta = draws(D, N_max, trial, seed)
        for N in {1, N_max // 2 + 1, N_max}:
            y = r * X[:N] @ beta + sigma * noise[:N]
            fitted = Ridge(alpha=N * lam, fit_intercept=False, solver="svd").fit(X[:N], y).coef_
            wanted = np.sum((fitted - r * beta) ** 2) + sigma**2
            assert errors[trial, N - 1] == pytest.approx(wanted, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("N", [3, 9, 10, 11, 25])
def test_without_a_penalty_it_is_pinv(N):
    errors = ridge_runs(25, 10, trials=3, seed=1).errors(0.0, 0.5)
    for trial in range(3):
        X, noise, beta = draws(10, 25, trial, 1)
        fitted = np.linalg.pinv(X[:N]) @ (X[:N] @ beta + 0.5 * noise[:N])
        assert errors[trial, N - 1] == pytest.approx(np.sum((fitted - beta) ** 2) + 0.25, rel=1e-8)


def test_the_mean_is_the_theory():
    runs = ridge_runs(60, 20, trials=400, seed=3)
    for N, lam in ((10, 0.0), (40, 0.0), (10, 0.2), (20, 0.2), (60, 0.2)):
        errors = runs.errors(lam, 0.5)[:, N - 1] - 0.25
        exact = ridge_theory.ridge_risk(20 / N, lam, 0.5) if lam else theory.expected_risk(N, 20, 0.5)
        assert abs(errors.mean() - exact) < 3 * errors.std() / 20
    assert (runs.errors(0.0, 0.5) >= 0.25).all()


def test_one_size_only():
    runs = ridge_runs(12, 5, trials=3)
    assert (runs.only(7).errors(0.1, 0.5)[:, 0] == runs.errors(0.1, 0.5)[:, 6]).all()
    for N, words in ((13, "N must be at most 12, got 13"), (0, "N must be a whole number of at least 1, got 0")):
        with pytest.raises(ValueError, match=words):
            runs.only(N)


no_size = st.one_of(st.integers(max_value=0), st.sampled_from([1.5, math.nan, "3", None, True]))
no_level = st.one_of(st.floats(max_value=-1e-9), st.sampled_from([math.nan, math.inf, "3", None, True]))


@given(no_size, no_level)
def test_bad_input_is_named(size, level):
    runs = ridge_runs(2, 2, trials=1)
    for name, call in {
        "N_max must": lambda: ridge_runs(size, 2),
        "D must": lambda: ridge_runs(2, size),
        "trials must": lambda: ridge_runs(2, 2, trials=size),
        "lam must": lambda: runs.errors(level, 1.0),
        "sigma must": lambda: runs.errors(1.0, level),
        "r must": lambda: runs.errors(1.0, 1.0, level),
        "seed must": lambda: ridge_runs(2, 2, seed=-1),
    }.items():
        with pytest.raises(ValueError, match=name) as caught:
            call()
        assert "got" in str(caught.value)
