"""Effective parameters: how many a fit really uses, on the points it was trained on and on new ones.

Every linear fit is a smoother: its value at x0 is a weighted sum of the training targets, s(x0) . y.
Source: Curth, Jeffares, van der Schaar (2023), A U-turn on double descent, arXiv 2310.18988: the effective
number of parameters on a set of points is N times the mean of ||s(x0)||^2 over it.
"""

from functools import lru_cache

import numpy as np

from ddlib import checks
from ddlib.datasets.draws import draw_trials
from ddlib.fit.features import legendre

__all__ = ["smoother", "effective_parameters", "degrees_of_freedom", "polynomial_effective"]


def smoother(X, X_new, lam=0.0):
    """The weights that the fit to X gives each training target, one row per new point.

    Parameters
    ----------
    X : (N, P) float           features of the training examples
    X_new : (M, P) float       features where the fit is wanted; X itself for the training points
    lam : float                ridge penalty, >= 0; at 0 the minimum-norm fit

    Returns
    -------
    (M, N) float               S with y_hat = S y

    Raises
    ------
    ValueError                 if a matrix is not finite, their P differ, lam is negative, or M * N too large

    >>> smoother([[1.0], [1.0]], [[2.0]]).round(3).tolist()
    [[1.0, 1.0]]
    """
    X, X_new = checks.matrix("X", X), checks.matrix("X_new", X_new)
    if X.shape[1] != X_new.shape[1]:
        raise ValueError(f"X_new must have as many columns as X: X has shape {X.shape}, X_new {X_new.shape}")
    checks.amount(M=len(X_new), N=len(X))
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    with checks.overflow("X, X_new and lam"):
        return (X_new @ Vt.T * _inverted(s, X.shape, lam)) @ U.T


def _inverted(s, shape, lam):
    """s / (s^2 + N lam), and 0 for singular values that are rounding error."""
    lam = checks.real("lam", lam, at_least=0)
    kept = s > max(shape) * np.finfo(float).eps * s[0]
    return np.where(kept, s / np.where(kept, s**2 + shape[0] * lam, 1), 0)


def effective_parameters(S):
    """N times the mean of ||s(x0)||^2 over the points x0 whose weights are the rows of S (M, N).

    On the training points of a least-squares fit it is P; of a fit that meets every target it is N.
    Raises ValueError if S is not a finite matrix.

    >>> effective_parameters([[1.0, 0.0], [0.0, 1.0]])
    2.0
    """
    S = checks.matrix("S", S)
    return float(S.shape[1] * np.mean(np.sum(S**2, axis=1)))


def degrees_of_freedom(X, lam=0.0):
    """The older count, the trace of the smoother on the training points: the sum of s^2 / (s^2 + N lam).

    X : (N, P) float; lam : float, >= 0. Raises ValueError as smoother does. Source: Hastie, Tibshirani,
    Friedman (2009), The elements of statistical learning, equation 3.50.

    >>> round(degrees_of_freedom([[1.0], [1.0]], lam=1.0), 2)
    0.5
    """
    X = checks.matrix("X", X)
    s = np.linalg.svd(X, compute_uv=False)
    with checks.overflow("X and lam"):
        return float(np.sum(s * _inverted(s, X.shape, lam)))


def polynomial_effective(N, P, trials=30, seed=0):
    """Effective parameters of minimum-norm Legendre regression (degrees 1..P) on test points, along P.

    Exact for x ~ U(-1, 1), where the polynomials are orthogonal: N times the sum over degrees k of
    ||row k of pinv(X)||^2 / (2k + 1). On the training points it is min(N, P). The training sets are those
    of curves.polynomial_curve.

    Parameters
    ----------
    N : int                training examples
    P : (G,) int           parameters, increasing
    trials, seed : int     training sets; >= 0

    Returns
    -------
    (trials, G) float

    Raises
    ------
    ValueError             if an argument is out of range, or they are too large together

    >>> test = np.median(polynomial_effective(N=15, P=[5, 15, 200]), axis=0)
    >>> bool(test[1] > 1000 * test[0] and test[2] < test[1] / 1000)
    True
    """
    N, grid = checks.whole("N", N), checks.increasing("P", P)
    trials, seed = checks.whole("trials", trials), checks.seed(seed)
    checks.amount(P=int(grid[-1]), at_most=3000)  # memory grows with its square
    checks.amount(N=N, P=int(grid[-1]), trials=trials, at_most=10**7)
    return _on_test_points(N, tuple(grid.tolist()), trials, seed)


@lru_cache(maxsize=16)
def _on_test_points(N, grid, trials, seed):
    x, _ = draw_trials(N, trials, seed)
    X = legendre(x.ravel(), grid[-1]).reshape(trials, N, grid[-1])
    root = 1 / np.sqrt(2 * np.arange(1, grid[-1] + 1) + 1)
    counts = np.empty((trials, len(grid)))
    for column, P in enumerate(grid):
        # a QR is several times faster than the SVD of pinv, and as good for a full rank
        if P <= N:
            R = np.linalg.qr(X[:, :, :P], mode="r")  # pinv(X) = R^-1 Q', Q' of orthonormal rows
            rows = root[:P, None] * np.linalg.inv(R)
        else:
            Q, R = np.linalg.qr(np.swapaxes(X[:, :, :P], 1, 2))  # pinv(X) = Q R'^-1
            rows = (root[:P, None] * Q) @ np.swapaxes(np.linalg.inv(R), 1, 2)
        counts[:, column] = N * np.sum(rows**2, axis=(1, 2))
    counts.flags.writeable = False  # shared by all who ask for the same
    return counts
