"""Polynomial regression along P: every P, every trial, from one pass over the columns."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ddlib import checks
from ddlib.curves.curve import Curve
from ddlib.curves.fast import sweep
from ddlib.curves.fast.sweep import CONDITION_LIMIT
from ddlib.datasets.draws import draw_trials, wave
from ddlib.fit.features import legendre

__all__ = ["polynomial_curve", "BiasVariance", "bias_variance"]


def polynomial_curve(N, P, sigma=0.0, trials=30, seed=0, truth=wave):
    """Train and test error of minimum-norm Legendre regression (degrees 1..P), along P.

    The test error is the exact expectation over a fresh noisy example with x ~ U(-1, 1): the
    polynomials are orthogonal there, so it is a sum over degrees and needs no test points.
    Trial t draws its examples from child t of SeedSequence(seed), with draw_curve: it sees the
    same x and the same unit noise for every P and sigma, and its first N are the same for every N.

    Parameters
    ----------
    N : int                    training examples
    P : (G,) int               numbers of parameters, increasing
    sigma : float              noise sd, in units of y
    trials : int               training sets
    seed : int                 >= 0
    truth : function           noiseless y of x, vectorised, on [-1, 1]

    Returns
    -------
    Curve

    Raises
    ------
    ValueError                 if an argument is out of range, or they are too large together

    Source: the setting is Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> curve = polynomial_curve(N=15, P=[5, 15, 200], trials=100)
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    N, grid, sigma, trials, seed, truth = _checked(N, P, sigma, trials, seed, truth)
    return _fit_all(N, int(grid[-1]), trials, seed, truth).curve(grid, sigma)


def _checked(N, P, sigma, trials, seed, truth):
    if not callable(truth):
        raise ValueError(f"truth must be a function of x, got {checks.shown(truth)}")
    N, grid, sigma = checks.whole("N", N), checks.increasing("P", P), checks.real("sigma", sigma, at_least=0)
    trials, seed = checks.whole("trials", trials), checks.seed(seed)
    checks.amount(P=int(grid[-1]), at_most=3000)  # memory grows with its square
    checks.amount(N=N, P=int(grid[-1]), trials=trials, at_most=10**7)
    if truth.__hash__ is None:  # a numpy Polynomial: its method has a place in the caches, by its identity
        truth = truth.__call__
    return N, grid, sigma, trials, seed, truth


@dataclass(frozen=True)
class BiasVariance:
    """The expected test error split in three, in units of y squared: bias2 + variance + sigma^2.

    grid, bias2, variance : (G,)
    """

    grid: np.ndarray
    bias2: np.ndarray
    variance: np.ndarray
    sigma: float

    @property
    def total(self):
        """The expected test error on a fresh noisy example (G,)."""
        return self.bias2 + self.variance + self.sigma**2


def bias_variance(N, P, sigma=0.0, trials=200, seed=0, truth=wave):
    """Squared bias and variance of Legendre regression, computed over many training sets.

    The training sets are those of polynomial_curve. bias2 is the squared error of the mean fit,
    variance the mean squared distance of the fits from it, both averaged over x ~ U(-1, 1).

    Same parameters and errors as polynomial_curve; every P must be at most N.

    Returns
    -------
    BiasVariance
    """
    N, grid, sigma, trials, seed, truth = _checked(N, P, sigma, trials, seed, truth)
    if grid[-1] > N:
        raise ValueError(f"P must not exceed N = {N}, got {grid[-1]}")
    fitted, noise, target, tail = _under_fits(N, int(grid[-1]), trials, seed, truth)
    beta = fitted + sigma * noise
    mean = beta.mean(axis=0)
    weight = 1 / (2 * np.arange(1, len(mean) + 1) + 1)
    gap = mean - target[:, None] * np.triu(np.ones_like(mean))
    bias2 = weight @ gap**2 + tail
    variance = weight @ beta.var(axis=0)
    return BiasVariance(grid, bias2[grid - 1], variance[grid - 1], sigma)


@lru_cache(maxsize=8)
def _under_fits(N, P_max, trials, seed, truth):
    x, noise = draw_trials(N, trials, seed)
    X = legendre(x.ravel(), P_max).reshape(trials, N, P_max)
    fitted, unit, _, _ = sweep.under_beta(X, np.stack([checks.values("truth", truth, x), noise], axis=2))
    return fitted, unit, *_legendre_series(truth, P_max)


@dataclass(frozen=True, eq=False)
class _Fits:
    """All fits of all trials, with the noise level left open.

    beta is linear in y = truth + sigma * noise, so each squared error is a + 2 b sigma + c sigma^2.
    The three coefficients of each are stacked along the first axis: (3, trials, P_max).
    """

    N: int
    train: np.ndarray
    test: np.ndarray
    norm: np.ndarray
    trusted: np.ndarray

    def curve(self, grid, sigma):
        columns = slice(None) if len(grid) == grid[-1] else grid - 1

        def at_sigma(quadratic):
            a, b, c = quadratic[:, :, columns]
            return np.maximum((c * sigma + 2 * b) * sigma + a, 0)  # rounding can pass below 0

        return Curve(
            grid,
            at_sigma(self.train),
            at_sigma(self.test) + sigma**2,
            np.sqrt(at_sigma(self.norm)),
            self.trusted[:, columns].copy(),
            self.N,
            grid,
            sigma,
            partial(self.curve, grid),
        )


@lru_cache(maxsize=8)
def _fit_all(N, P_max, trials, seed, truth):
    x, noise = draw_trials(N, trials, seed)  # (trials, N) each
    X = legendre(x.ravel(), P_max).reshape(trials, N, P_max)
    y = np.stack([checks.values("truth", truth, x), noise], axis=2)  # (trials, N, 2): fitted side by side
    weight = 1 / (2 * np.arange(1, P_max + 1) + 1)  # mean square of each degree
    target, tail = _legendre_series(truth, P_max)
    test, norm, train, condition = sweep.all_fits(X, y, weight, target)
    test[0] += tail
    return _Fits(N, train, test, norm, condition < CONDITION_LIMIT)


@lru_cache(maxsize=8)
def _legendre_series(truth, K):
    """Legendre coefficients of truth, degrees 1..K, and the mean square that P < k leaves out, P = 1..K."""
    nodes = K + 1024
    theta = (np.arange(nodes) + 0.5) * np.pi / nodes
    x = np.cos(theta)
    # Fejer's quadrature: closed-form nodes and weights, exact below degree `nodes`
    even = np.arange(2, nodes, 2)
    chance = (1 - 2 * (np.cos(np.outer(theta, even)) / (even**2 - 1)).sum(axis=1)) / nodes
    values = checks.values("truth", truth, x)
    degrees = np.arange(1, K + 1)
    series = (2 * degrees + 1) * ((chance * values) @ legendre(x, K))
    energy = series**2 / (2 * degrees + 1)
    beyond_K = max(chance @ values**2 - energy.sum(), 0.0)  # the constant is among it
    tail = np.append(np.cumsum(energy[:0:-1])[::-1], 0.0) + beyond_K
    return series, tail
