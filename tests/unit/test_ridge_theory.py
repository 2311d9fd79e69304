"""Ridge in the limit: against simulated fits, a numerical mean over eigenvalues, a search for the minimum, sources."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddlib import theory
from ddlib.theory import ridge as ridge_theory

TRIALS = 400


def excess_risks(N, D, lam, sigma, r):
    """Excess risks (TRIALS,) of ridge fits by the normal equations, nothing of ddlib in it."""
    rng = np.random.default_rng(11)
    X, noise = rng.normal(size=(TRIALS, N, D)), rng.normal(size=(TRIALS, N, 1))
    beta = rng.normal(size=(TRIALS, D, 1))
    beta *= r / np.linalg.norm(beta, axis=1, keepdims=True)
    Xt = np.swapaxes(X, 1, 2)
    fitted = np.linalg.solve(Xt @ X / N + lam * np.eye(D), Xt @ (X @ beta + sigma * noise) / N)
    return ((fitted - beta) ** 2).sum(axis=(1, 2))


@pytest.mark.parametrize("lam", [0.02, 0.25, 2.0])
@pytest.mark.parametrize("N, D", [(240, 60), (120, 96), (90, 90), (60, 120), (40, 160)])
def test_ridge_risk_is_the_mean_over_training_sets(N, D, lam):
    sigma, r = 0.5, 1.5
    risks = excess_risks(N, D, lam, sigma, r)
    exact = ridge_theory.ridge_risk(D / N, lam, sigma, r)
    assert abs(risks.mean() - exact) < 3 * risks.std() / np.sqrt(TRIALS)


def eigenvalues(gamma, cells=400_000):
    """Midpoints, and their share of Marchenko and Pastur's law, after the change of variable that tames its edges."""
    low, high = theory.marchenko_pastur_edges(gamma)
    angle = (np.arange(cells) + 0.5) * np.pi / cells
    s = (high + low) / 2 - (high - low) / 2 * np.cos(angle)
    share = theory.marchenko_pastur_density(s, gamma) * (high - low) / 2 * np.sin(angle) * np.pi / cells
    return s, share


@pytest.mark.parametrize("gamma", [0.1, 0.5, 0.95, 1.0, 1.2, 4.0])
@pytest.mark.parametrize("lam", [1e-2, 0.3, 5.0])
def test_against_numerical_means_over_the_eigenvalues(gamma, lam):
    s, share = eigenvalues(gamma)
    zeros = max(1 - 1 / gamma, 0)
    m = share @ (1 / (s + lam)) + zeros / lam
    assert ridge_theory.stieltjes(lam, gamma) == pytest.approx(m, rel=1e-4)
    sigma, r = 0.7, 1.3
    bias2 = r**2 * (share @ (lam / (s + lam)) ** 2 + zeros)
    variance = sigma**2 * gamma * (share @ (s / (s + lam) ** 2))
    assert ridge_theory.ridge_risk(gamma, lam, sigma, r) == pytest.approx(bias2 + variance, rel=1e-4)


def test_numbers_of_the_sources():
    """Dobriban and Wager's theorem 2.1 with gamma = 1 and SNR = 1: test MSE (1 + sqrt 5) / 2; and their formula."""
    golden = (1 + math.sqrt(5)) / 2
    assert 1 + ridge_theory.optimal_ridge_risk(1.0, 1.0) == pytest.approx(golden, rel=1e-12)
    for gamma in (0.2, 1.0, 3.0):
        for snr in (0.3, 1.0, 9.0):
            tilt = (gamma - 1) / gamma * snr
            closed = (1 + tilt + math.sqrt((1 - tilt) ** 2 + 4 * snr)) / 2
            assert 1 + ridge_theory.optimal_ridge_risk(gamma, 1.0, math.sqrt(snr)) == pytest.approx(closed, rel=1e-12)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 1.5, 6.0])
@pytest.mark.parametrize("sigma, r", [(0.5, 1.0), (1.0, 3.0), (2.0, 0.5)])
def test_optimal_lam_is_where_a_search_finds_the_minimum(gamma, sigma, r):
    best = ridge_theory.optimal_lam(gamma, sigma, r)
    lams = best * np.linspace(0.5, 2, 30_001)
    risks = ridge_theory.ridge_risk(gamma, lams, sigma, r)
    assert lams[risks.argmin()] == pytest.approx(best, rel=1e-3)
    assert ridge_theory.optimal_ridge_risk(gamma, sigma, r) == pytest.approx(risks.min(), rel=1e-7)
    assert ridge_theory.optimal_ridge_risk(gamma, sigma, r) == pytest.approx(
        sigma**2 * gamma * ridge_theory.stieltjes(best, gamma), rel=1e-12
    )


positive = st.floats(1e-3, 1e3)


@given(positive, st.floats(0.01, 10), st.floats(0.01, 10))
def test_without_a_penalty_it_is_least_squares(gamma, sigma, r):
    bare = theory.asymptotic_risk(gamma, sigma, r)
    assert ridge_theory.ridge_risk(gamma, 0.0, sigma, r) == bare
    if abs(gamma - 1) > 0.05:
        assert ridge_theory.ridge_risk(gamma, 1e-13, sigma, r) == pytest.approx(bare, rel=1e-6)


@given(positive, positive, st.floats(0, 10), st.floats(0.01, 10))
def test_its_quadratic_its_sign_and_its_ends(gamma, lam, sigma, r):
    m = ridge_theory.stieltjes(lam, gamma)
    assert gamma * lam * m**2 + (1 - gamma + lam) * m == pytest.approx(1, rel=1e-6, abs=1e-6 * (1 + gamma * m))
    assert 0 < m <= 1 / lam * (1 + 1e-12)
    risk = ridge_theory.ridge_risk(gamma, lam, sigma, r)
    assert 0 <= risk < math.inf
    assert ridge_theory.ridge_risk(gamma, 1e12, sigma, r) == pytest.approx(r**2, rel=1e-6)  # beta = 0


@given(st.floats(0.01, 10), st.floats(0.01, 10))
def test_the_best_ridge_has_no_peak(sigma, r):
    gamma = np.geomspace(0.01, 100, 2000)
    risks = ridge_theory.optimal_ridge_risk(gamma, sigma, r)
    assert (np.diff(risks) > -1e-12 * risks[1:]).all() and risks.max() <= r**2 * (1 + 1e-12)
    assert (risks <= theory.asymptotic_risk(gamma, sigma, r) * (1 + 1e-9)).all()


def test_shapes_and_the_threshold():
    assert np.isinf(ridge_theory.ridge_risk([0.5, 1.0], [0.0, 0.0], 1.0)).tolist() == [False, True]
    assert ridge_theory.ridge_risk(1.0, 0.0, 0.0) == 0
    assert ridge_theory.ridge_risk([0.5, 1.0, 2.0], 0.1, 1.0).shape == (3,)
    assert isinstance(ridge_theory.ridge_risk(0.5, 0.1, 1.0), float)
    assert isinstance(ridge_theory.stieltjes(0.5, 1.0), float)


no_positive = st.one_of(st.floats(max_value=0), st.sampled_from([math.nan, math.inf, "a", None, [], [1.0, -1.0]]))


@given(no_positive)
def test_bad_input_is_named(value):
    for name, call in {
        "gamma": lambda: ridge_theory.ridge_risk(value, 0.1, 1.0),
        "gamma must": lambda: ridge_theory.optimal_lam(value, 1.0),
        "gamma mus": lambda: ridge_theory.stieltjes(0.1, value),
        "lam must": lambda: ridge_theory.stieltjes(value, 1.0),
        "r must": lambda: ridge_theory.optimal_lam(1.0, 1.0, value),
    }.items():
        with pytest.raises(ValueError, match=name) as caught:
            call()
        assert "got" in str(caught.value)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: ridge_theory.ridge_risk(1.0, -0.1, 1.0), "lam must be finite and at least 0, got -0.1"),
        (lambda: ridge_theory.ridge_risk(0.0, 0.1, 1.0), "gamma must be finite and above 0, got 0.0"),
        (lambda: ridge_theory.ridge_risk(1.0, 0.1, -1.0), "sigma must be at least 0, got -1.0"),
        (lambda: ridge_theory.ridge_risk(1.0, 0.1, 1.0, -2.0), "r must be at least 0, got -2.0"),
        (lambda: ridge_theory.ridge_risk([1.0, 2.0], [0.1, 0.2, 0.3], 1.0), r"one shape or be numbers, got \(2,\)"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
