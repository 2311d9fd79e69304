"""Solve for beta, one fit at a time."""

import numpy as np

from ddlib import checks

__all__ = ["min_norm", "ridge", "mse"]


def _examples(X, y):
    X, y = checks.matrix("X", X), checks.targets("y", y)
    if len(y) != len(X):
        raise ValueError(f"y must have one row per row of X: X has shape {X.shape}, y {y.shape}")
    return X, y


def min_norm(X, y):
    """The least-squares fit, and of all of them the one of smallest norm.

    Parameters
    ----------
    X : (N, P) float               features
    y : (N,) or (N, K) float       targets, one column per output

    Returns
    -------
    (P,) or (P, K) float           beta = pinv(X) y

    Raises
    ------
    ValueError                     if X and y do not fit together or are not finite, or beta is beyond floats

    >>> min_norm([[1.0, 1.0]], [2.0]).round(3).tolist()
    [1.0, 1.0]
    """
    X, y = _examples(X, y)
    with checks.overflow("X and y"):
        return np.linalg.pinv(X) @ y


def ridge(X, y, lam):
    """The minimiser of (1/N) ||y - X beta||^2 + lam ||beta||^2.

    Parameters
    ----------
    X : (N, P) float               features
    y : (N,) or (N, K) float       targets
    lam : float                    penalty, >= 0; at 0 the minimum-norm fit, its limit

    Returns
    -------
    (P,) or (P, K) float

    Raises
    ------
    ValueError                     as min_norm, and if lam is negative or not finite

    >>> ridge([[1.0], [1.0]], [2.0, 2.0], lam=1.0).round(3).tolist()
    [1.0]
    """
    X, y = _examples(X, y)
    lam = checks.real("lam", lam, at_least=0)
    if lam == 0:
        return min_norm(X, y)
    # through the SVD of X: X'X would square its condition number
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    # rounding leaves 1e-16 for a zero, and a smaller lam would divide by its square
    s[s < max(X.shape) * np.finfo(float).eps * s[0]] = 0
    with checks.overflow("X, y and lam"):
        shrunk = s / (s**2 + len(X) * lam)
        return Vt.T @ (shrunk * (U.T @ y).T).T


def mse(y, y_hat):
    """Mean squared error, in units of y squared.

    Parameters
    ----------
    y, y_hat : float arrays of one shape

    Raises
    ------
    ValueError     if the shapes differ (broadcasting here hides mistakes), are empty, or a number is not finite

    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    y, y_hat = checks.array("y", y), checks.array("y_hat", y_hat)
    if y.shape != y_hat.shape or y.size == 0:
        raise ValueError(f"y and y_hat must have one non-empty shape, got {y.shape} and {y_hat.shape}")
    return float(np.mean((y - y_hat) ** 2))
