"""Linear regression along N: every N, every trial, from one pass over the rows."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ddlib import checks
from ddlib.curves.curve import Curve
from ddlib.curves.fast import growth, sweep
from ddlib.curves.fast.sweep import CONDITION_LIMIT
from ddlib.datasets.draws import draw_linear_trials

__all__ = ["linear_curve", "subset_curve"]


def linear_curve(N, D, sigma, r=1.0, trials=50, seed=0, intercept=False):
    """Train and test error of minimum-norm least squares on D standard normal features, along N.

    The test error is the exact expectation over a fresh noisy example, ||beta_hat - beta||^2 + sigma^2,
    with an intercept its square more. Trial t draws its examples from child t of SeedSequence(seed), with
    draw_linear: it sees the same X and the same unit noise for every sigma and r, and its first N
    examples are the same for every N. Another sigma or r refits nothing.

    Parameters
    ----------
    N : (G,) int               numbers of training examples, increasing
    D : int                    features
    sigma, r : float           noise sd, norm of the true coefficients; in units of y, at most 1e100
    trials : int               training sets
    seed : int                 >= 0
    intercept : bool           True fits a constant too, which is truly 0: P = D + 1 instead of D

    Returns
    -------
    Curve                      with N along the grid; its norm counts the intercept

    Raises
    ------
    ValueError                 if an argument is out of range, or they are too large together

    Source: the setting is Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> curve = linear_curve(N=[5, 20, 100], D=20, sigma=0.5)
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    grid = checks.increasing("N", N)
    D, sigma, r, trials, seed = _checked(D, sigma, r, trials, seed)
    if not isinstance(intercept, (bool, np.bool_)):
        raise ValueError(f"intercept must be True or False, got {checks.shown(intercept)}")
    checks.amount(N=int(grid[-1]), D=D, trials=trials, at_most=10**7)
    checks.amount(D=D, at_most=10**3)
    return _fit_all(int(grid[-1]), D, trials, seed, bool(intercept)).curve(grid, r, sigma)


@dataclass(frozen=True, eq=False)
class _Fits:
    """All fits of all trials, with the noise level and the norm of beta left open."""

    P: int
    sizes: growth.Growth
    trusted: np.ndarray

    def curve(self, grid, r, sigma):
        missed, spread, cross, left = (part[:, grid - 1] for part in self.sizes[:4])
        fitted = r**2 * (1 - missed) + 2 * r * sigma * cross + sigma**2 * spread
        return Curve(
            grid,
            sigma**2 * left / grid,
            r**2 * missed + sigma**2 * spread + sigma**2,
            np.sqrt(np.maximum(fitted, 0)),
            self.trusted[:, grid - 1],
            grid,
            self.P,
            sigma,
            partial(self.curve, grid, r),
        )


@lru_cache(maxsize=8)
def _fit_all(N_max, D, trials, seed, intercept):
    X, noise, direction = draw_linear_trials(N_max, D, trials, seed)
    if intercept:
        X = np.concatenate([X, np.ones((trials, N_max, 1))], axis=2)
        direction = np.concatenate([direction, np.zeros((trials, 1))], axis=1)
    P = D + intercept
    sizes = growth.all_sizes(X, noise, direction)
    largest = np.sqrt(np.arange(1, N_max + 1)) + np.sqrt(P)  # singular value of a Gaussian X, nearly
    return _Fits(P, sizes, largest * sizes.pinv_norm < CONDITION_LIMIT)


def _checked(D, sigma, r, trials, seed):
    return (
        checks.whole("D", D),
        checks.real("sigma", sigma, at_least=0, at_most=1e100),
        checks.real("r", r, at_least=0, at_most=1e100),
        checks.whole("trials", trials),
        checks.seed(seed),
    )


def subset_curve(N, D, P, sigma, r=1.0, trials=50, seed=0):
    """Train and test error of minimum-norm least squares on the first P of D standard normal features, along P.

    The true coefficients are all r / sqrt(D). X and the unit noise are those of linear_curve, and the
    test error is the exact expectation again: what is not fitted counts as well.

    Parameters
    ----------
    N, D : int                 training examples, features
    P : (G,) int               numbers of features that are fitted, increasing, at most D
    sigma, r, trials, seed     as in linear_curve

    Returns
    -------
    Curve                      with P along the grid

    Raises
    ------
    ValueError                 if an argument is out of range, or they are too large together

    Source: Belkin, Hsu, Xu (2020), Two models of double descent for weak features.

    >>> curve = subset_curve(N=20, D=60, P=[5, 20, 60], sigma=0.2)
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    N, grid = checks.whole("N", N), checks.increasing("P", P)
    D, sigma, r, trials, seed = _checked(D, sigma, r, trials, seed)
    if grid[-1] > D:
        raise ValueError(f"P must not exceed D = {D}, got {grid[-1]}")
    checks.amount(D=D, at_most=10**4)
    checks.amount(N=N, D=D, trials=trials, at_most=10**7)
    return _fit_subsets(N, D, trials, seed).curve(grid, r, sigma)


@dataclass(frozen=True, eq=False)
class _Subsets:
    """All fits of all trials: quadratics in r and sigma, of shape (3, trials, D)."""

    N: int
    train: np.ndarray
    test: np.ndarray
    norm: np.ndarray
    trusted: np.ndarray

    def curve(self, grid, r, sigma):
        def at(quadratic):
            a, b, c = quadratic[:, :, grid - 1]
            return np.maximum(r**2 * a + 2 * r * sigma * b + sigma**2 * c, 0)  # rounding can pass below 0

        return Curve(
            grid,
            at(self.train),
            at(self.test) + sigma**2,
            np.sqrt(at(self.norm)),
            self.trusted[:, grid - 1],
            self.N,
            grid,
            sigma,
            partial(self.curve, grid, r),
        )


@lru_cache(maxsize=8)
def _fit_subsets(N, D, trials, seed):
    X, noise, _ = draw_linear_trials(N, D, trials, seed)
    beta = np.full(D, D**-0.5)
    test, norm, train, condition = sweep.all_fits(X, np.stack([X @ beta, noise], axis=2), np.ones(D), beta)
    test[0] += 1 - np.arange(1, D + 1) / D
    return _Subsets(N, train, test, norm, condition < CONDITION_LIMIT)
