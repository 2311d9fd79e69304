"""The closed forms against simulation with pinv, and against the numbers of their sources."""

import numpy as np
import pytest

from ddlib import theory

TRIALS = 2000


def excess_risks(N, D, sigma, r, P=None):
    """Excess risks (TRIALS,) of pinv fits on the first P of D standard normal features."""
    rng = np.random.default_rng(7)
    P = P or D
    X, noise = rng.normal(size=(TRIALS, N, D)), rng.normal(size=(TRIALS, N, 1))
    beta = np.full((D, 1), r / np.sqrt(D))
    fitted = np.linalg.pinv(X[:, :, :P]) @ (X @ beta + sigma * noise)
    return ((fitted - beta[:P]) ** 2).sum(axis=(1, 2)) + (beta[P:] ** 2).sum()


@pytest.mark.parametrize(
    "N, D, sigma, r",
    [
        (30, 10, 0.5, 1),
        (20, 10, 1.0, 2),
        (10, 30, 0.5, 1),
        (10, 20, 1.0, 3),
        (5, 40, 0.0, 1),
        (1, 6, 0.2, 1),
        (26, 20, 0.3, 0),
        (14, 20, 0.7, 2),
    ],
)
def test_expected_risk_is_the_mean_over_training_sets(N, D, sigma, r):
    risks = excess_risks(N, D, sigma, r)
    assert abs(risks.mean() - theory.expected_risk(N, D, sigma, r)) < 3 * risks.std() / np.sqrt(TRIALS)


@pytest.mark.parametrize("P", [4, 10, 36, 60])
def test_subset_risk_is_the_mean_over_training_sets(P):
    risks = excess_risks(20, 60, 0.3, 1, P)
    assert abs(risks.mean() - theory.subset_risk(20, 60, P, 0.3)) < 3 * risks.std() / np.sqrt(TRIALS)


def test_numbers_of_the_sources():
    assert theory.expected_risk(60, 30, 0.5) == pytest.approx(0.25 * 30 / 29)
    assert np.isinf(theory.expected_risk([29, 30, 31], 30, 0.5)).all()
    assert theory.expected_risk([29, 30, 31], 30, 0.0).tolist() == pytest.approx([1 / 30, 0, 0])
    assert theory.subset_risk(40, 120, 10, 0.2) + 0.04 == pytest.approx(1.29, abs=0.005)
    assert theory.subset_risk(40, 120, 120, 0.2) + 0.04 == pytest.approx(0.73, abs=0.005)


@pytest.mark.parametrize("gamma", [0.25, 0.5, 2.0, 4.0])
def test_asymptotic_risk_is_the_mean_over_large_training_sets(gamma):
    rng, N, sigma, risks = np.random.default_rng(3), 80, 0.5, []
    D = int(gamma * N)
    for _ in range(200):
        X, noise = rng.normal(size=(N, D)), rng.normal(size=N)
        beta = np.full(D, D**-0.5)
        risks.append(np.sum((np.linalg.pinv(X) @ (X @ beta + sigma * noise) - beta) ** 2))
    error = np.std(risks) / np.sqrt(len(risks))
    finite = abs(theory.asymptotic_risk(gamma, sigma) - theory.expected_risk(N, D, sigma))  # 1 / N of it is left
    assert finite < 0.02 and abs(np.mean(risks) - theory.asymptotic_risk(gamma, sigma)) < 3 * error + finite


def test_more_numbers_of_the_sources():
    """By hand from theorem 1 of Hastie et al. (2022), sigma^2 gamma / (1 - gamma) and r^2 (1 - 1/gamma) +
    sigma^2 / (gamma - 1); their sqrt(SNR) / (sqrt(SNR) - 1); and (1 -+ sqrt(gamma))^2 and the density of
    Marchenko and Pastur at gamma = 1, s = 1."""
    assert theory.asymptotic_risk([0.2, 3.0], sigma=2.0, r=3.0).tolist() == pytest.approx([1.0, 6.0 + 2.0])
    assert theory.over_parameterised_minimum(1.0, 3.0) == pytest.approx((1.5, 5.0))
    assert theory.marchenko_pastur_edges(0.25) == pytest.approx((0.25, 2.25))
    assert theory.marchenko_pastur_density([1.0], 1.0)[0] == pytest.approx(3**0.5 / (2 * np.pi))


@pytest.mark.parametrize("sigma, r", [(0.1, 1.0), (0.5, 1.0), (1.0, 1.5)])
def test_no_gamma_beyond_one_does_better_than_the_minimum(sigma, r):
    gamma, lowest = theory.over_parameterised_minimum(sigma, r)
    around = gamma * np.array([0.99, 1.0, 1.01])
    risks = theory.asymptotic_risk(around, sigma, r)
    assert risks[1] == pytest.approx(lowest, rel=1e-12) and risks.argmin() == 1
    assert (theory.asymptotic_risk(np.geomspace(1.001, 1000, 5000), sigma, r) >= lowest * (1 - 1e-12)).all()


def test_asymptotic_risk_is_the_limit_and_its_minimum_is_where_it_says():
    for gamma in (0.2, 0.8, 1.5, 4.0):
        far = theory.expected_risk(100_000, round(gamma * 100_000), 0.5)
        assert theory.asymptotic_risk(gamma, 0.5) == pytest.approx(far, rel=1e-3)
    assert theory.asymptotic_risk(1.0, 0.5) == np.inf and theory.asymptotic_risk(1.0, 0.0) == 0
    grid = np.linspace(1.01, 20, 200_000)
    risks = theory.asymptotic_risk(grid, 0.3, 2.0)
    gamma, lowest = theory.over_parameterised_minimum(0.3, 2.0)
    assert gamma == pytest.approx(grid[risks.argmin()], abs=1e-3) and lowest == pytest.approx(risks.min(), rel=1e-6)
    with pytest.raises(ValueError, match="sigma must lie between 0 and r = 1, both left out, got 2"):
        theory.over_parameterised_minimum(2.0)


@pytest.mark.parametrize("gamma", [0.25, 1.0, 3.0])
def test_marchenko_pastur_is_the_law_of_the_eigenvalues(gamma):
    low, high = theory.marchenko_pastur_edges(gamma)
    s = np.linspace(max(low, 1e-9), high, 400_001)
    middle, step = (s[1:] + s[:-1]) / 2, s[1] - s[0]
    mass = np.cumsum(theory.marchenko_pastur_density(middle, gamma)) * step
    assert mass[-1] == pytest.approx(min(1, 1 / gamma), rel=2e-3)
    N = 1200 if gamma <= 1 else 400
    X = np.random.default_rng(1).normal(size=(N, int(gamma * N)))
    eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2 / N
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(eigenvalues, share) == pytest.approx(
            np.interp(share * mass[-1], mass, middle), abs=0.02 * (high - low)
        )
    assert theory.marchenko_pastur_density([low - 0.1, high + 0.1], gamma).tolist() == [0, 0]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: theory.expected_risk(0, 5, 1.0), "N must be at least 1, got 0"),
        (lambda: theory.expected_risk(5, 0, 1.0), "D must be a whole number of at least 1, got 0"),
        (lambda: theory.expected_risk(5, 5, -1.0), "sigma must be at least 0, got -1.0"),
        (lambda: theory.subset_risk(5, 5, 6, 1.0), "P must not exceed D = 5, got 6"),
        (lambda: theory.asymptotic_risk(0.0, 1.0), "gamma must be above 0, got 0"),
        (lambda: theory.marchenko_pastur_density([1.0], -1.0), "gamma must be above 0, got -1"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
