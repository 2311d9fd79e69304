"""The phase map: the test error over N, P and the ridge penalty lam, of Legendre regression."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ddlib import checks
from ddlib.curves.fast.sweep import CONDITION_LIMIT
from ddlib.datasets.draws import draw_trials, wave
from ddlib.fit.features import legendre

__all__ = ["PhaseMap", "phase_map"]

DEGREES = 300  # the targets of the course have nothing beyond


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """Test errors of ridge fits over lam, N and P, for every training set and any noise level.

    Attributes
    ----------
    lam (L,), N (R,), P (C,)     the penalties, and the rows and columns of the map
    trusted : (R, C) bool        False where, without a penalty, most fits would be rounding error
    """

    lam: np.ndarray
    N: np.ndarray
    P: np.ndarray
    trusted: np.ndarray
    _parts: np.ndarray  # (3, L, R, C, trials): the error is a + 2 b sigma + c sigma^2

    def errors(self, sigma):
        """Test errors (L, R, C, trials) on a fresh noisy example, in units of y squared.

        Raises ValueError if sigma is negative or not finite.
        """
        sigma = checks.real("sigma", sigma, at_least=0, at_most=1e100)
        a, b, c = self._parts
        return np.maximum((c * sigma + 2 * b) * sigma + a, 0) + sigma**2

    def median(self, sigma):
        """Medians (L, R, C) of errors(sigma) over the training sets; a ValueError as there."""
        return np.median(self.errors(sigma), axis=-1)


def phase_map(N, P, lam, trials=20, seed=0, truth=wave):
    """Test errors of Legendre ridge regression (degrees 1..P) over a grid of N, P and lam.

    The fit minimises (1/N) ||y - X beta||^2 + lam ||beta||^2; lam = 0 is the minimum-norm fit. The test
    error is exact for x ~ U(-1, 1), as in curves.polynomial_curve, and the training sets are its own:
    trial t sees the same first N points for every larger N.

    Parameters
    ----------
    N : (R,) int           training examples, increasing
    P : (C,) int           parameters, increasing, at most 300
    lam : (L,) float       penalties, >= 0
    trials, seed : int     training sets; >= 0
    truth : function       noiseless y of x, vectorised, on [-1, 1]

    Returns
    -------
    PhaseMap

    Raises
    ------
    ValueError             if an argument is out of range, or they are too large together

    >>> errors = phase_map(N=[10], P=[10], lam=[0, 0.01]).median(sigma=0.3)
    >>> bool(errors[0, 0, 0] > 10 * errors[1, 0, 0])
    True
    """
    N, P, lam = checks.increasing("N", N), checks.increasing("P", P), checks.vector("lam", lam)
    if P[-1] > DEGREES:
        raise ValueError(f"P must be at most {DEGREES}, got {P[-1]}")
    if lam.min() < 0:
        raise ValueError(f"lam must be at least 0, got {lam.min():g}")
    trials, seed = checks.whole("trials", trials), checks.seed(seed)
    checks.amount(lam=len(lam), N=len(N), P=len(P), trials=trials, at_most=10**7)
    checks.amount(N=int(N[-1]), P=int(P[-1]), trials=trials, at_most=10**7)
    if not callable(truth):
        raise ValueError(f"truth must be a function of x, got {checks.shown(truth)}")
    if truth.__hash__ is None:  # a numpy Polynomial: its method has a place in the cache, by its identity
        truth = truth.__call__
    return _all_cells(tuple(N.tolist()), tuple(P.tolist()), tuple(lam.tolist()), trials, seed, truth)


@lru_cache(maxsize=8)
def _all_cells(N, P, lam, trials, seed, truth):
    x, noise = draw_trials(N[-1], trials, seed)
    y = np.stack([checks.values("truth", truth, x), noise], axis=2)  # (trials, N, 2): fitted side by side
    X = legendre(x.ravel(), P[-1]).reshape(trials, N[-1], P[-1])
    target, energy = _series(truth)
    weight = 1 / (2 * np.arange(1, DEGREES + 1) + 1)  # mean square of each degree
    parts = np.empty((3, len(lam), len(N), len(P), trials))
    trusted = np.empty((len(N), len(P)), bool)
    for row, n in enumerate(N):
        for column, p in enumerate(P):
            beta, condition = _ridge_path(X[:, :n, :p], y[:, :n], lam)
            gap, unit = beta[..., 0] - target[:p], beta[..., 1]  # (trials, L, p) each
            pairs = ((gap, gap), (gap, unit), (unit, unit))
            parts[:, :, row, column] = [((u * v) @ weight[:p]).T for u, v in pairs]
            parts[0, :, row, column] += energy - weight[:p] @ target[:p] ** 2  # what p degrees leave out
            trusted[row, column] = np.median(condition) < CONDITION_LIMIT
    for array in (parts, trusted):
        array.flags.writeable = False  # shared by all who ask for the same map
    return PhaseMap(np.array(lam), np.array(N), np.array(P), trusted, parts)


def _ridge_path(X, y, lam):
    """Ridge fits (trials, L, P, 2) for every lam from one SVD of X (trials, N, P), and the condition numbers."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    amounts = np.swapaxes(U, 1, 2) @ y  # (trials, m, 2)
    noise_floor = max(X.shape[1:]) * np.finfo(float).eps * s[:, :1]
    s2 = np.where(s > noise_floor, s, 0) ** 2
    penalty = X.shape[1] * np.array(lam)[:, None]  # the objective has the mean, not the sum, of squares
    damped = s[:, None] / np.where(s2[:, None] + penalty > 0, s2[:, None] + penalty, np.inf)  # (trials, L, m)
    beta = np.swapaxes(Vt, 1, 2)[:, None] @ (damped[..., None] * amounts[:, None])
    return beta, s[:, 0] / np.maximum(s[:, -1], 1e-300)


@lru_cache(maxsize=8)
def _series(truth):
    """Legendre coefficients (DEGREES,) of truth, degrees 1 and up, and its mean square."""
    nodes, weights = np.polynomial.legendre.leggauss(2 * DEGREES)
    values = checks.values("truth", truth, nodes)
    degrees = np.arange(1, DEGREES + 1)
    return (2 * degrees + 1) * ((weights / 2 * values) @ legendre(nodes, DEGREES)), weights / 2 @ values**2
