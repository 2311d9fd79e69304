"""Linear regression along N: every N, every trial, from one pass over the rows."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ddlib import checks, growth
from ddlib.curves.curve import Curve
from ddlib.datasets import draw_linear_trials
from ddlib.sweep import CONDITION_LIMIT

__all__ = ["linear_curve"]


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
    ValueError                 if an argument is out of range

    Source: the setting is Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> curve = linear_curve(N=[5, 20, 100], D=20, sigma=0.5)
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    grid, D = checks.increasing("N", N), checks.whole("D", D)
    sigma, r = (checks.real(name, value, at_least=0, at_most=1e100) for name, value in (("sigma", sigma), ("r", r)))
    trials, seed = checks.whole("trials", trials), checks.whole("seed", seed, at_least=0)
    if not isinstance(intercept, (bool, np.bool_)):
        raise ValueError(f"intercept must be True or False, got {intercept!r}")
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
        return Curve(grid, sigma**2 * left / grid, r**2 * missed + sigma**2 * spread + sigma**2,
                     np.sqrt(np.maximum(fitted, 0)), self.trusted[:, grid - 1], grid, self.P, sigma,
                     partial(self.curve, grid, r))


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
