"""Turn inputs into the P columns of X, the matrix that a linear model is fitted on."""

import numpy as np

from ddlib import checks

__all__ = ["legendre", "legendre_orthonormal", "chebyshev", "monomials", "BASES", "relu_features"]


def legendre(x, P):
    """Legendre polynomials of degrees 1 to P (no constant) at x.

    Parameters
    ----------
    x : (N,) float     inputs; the polynomials are orthogonal on [-1, 1]
    P : int            number of columns

    Returns
    -------
    (N, P) float       column k - 1 is the polynomial of degree k

    Raises
    ------
    ValueError         if P is below 1, x is not a finite vector, N * P is too large, or so is a column: outside
                       [-1, 1] the polynomials grow fast

    >>> legendre([0.5], 3).round(4).tolist()
    [[0.5, -0.125, -0.4375]]
    """
    x, P = _checked(x, P)
    columns = np.empty((P + 1, *x.shape))
    columns[0], columns[1] = 1, x
    with checks.overflow("x and P"):
        for k in range(1, P):  # Bonnet's recursion
            columns[k + 1] = ((2 * k + 1) * x * columns[k] - k * columns[k - 1]) / (k + 1)
    return columns[1:].T


def _checked(x, P):
    x, P = checks.vector("x", x), checks.whole("P", P)
    checks.amount(N=len(x), P=P)
    return x, P


def legendre_orthonormal(x, P):
    """Legendre polynomials of degrees 1 to P, each scaled to mean square 1 for x ~ U(-1, 1).

    Same arguments, shapes and errors as legendre.
    """
    columns = legendre(x, P)
    with checks.overflow("x and P"):
        return columns * np.sqrt(2 * np.arange(1, columns.shape[1] + 1) + 1)


def chebyshev(x, P):
    """Chebyshev polynomials of the first kind, degrees 1 to P.

    Same arguments, shapes and errors as legendre.
    """
    x, P = _checked(x, P)
    columns = np.empty((P + 1, *x.shape))
    columns[0], columns[1] = 1, x
    with checks.overflow("x and P"):
        for k in range(1, P):
            columns[k + 1] = 2 * x * columns[k] - columns[k - 1]
    return columns[1:].T


def monomials(x, P):
    """The powers x, x**2, ..., x**P.

    Same arguments, shapes and errors as legendre.
    """
    x, P = _checked(x, P)
    with checks.overflow("x and P"):
        return np.cumprod(np.broadcast_to(x, (P, *x.shape)), axis=0).T


BASES = {"Legendre": legendre, "orthonormal Legendre": legendre_orthonormal, "Chebyshev": chebyshev, "monomials": monomials}


def relu_features(X, W):
    """Random ReLU features max(0, X W), the hidden layer of a network that is never trained.

    Parameters
    ----------
    X : (N, D) float   inputs
    W : (D, P) float   hidden weights, drawn once and kept

    Returns
    -------
    (N, P) float

    Raises
    ------
    ValueError         if X or W is not a finite matrix, their D differ, or N * P is too large
    """
    X, W = checks.matrix("X", X), checks.matrix("W", W)
    if X.shape[1] != W.shape[0]:
        raise ValueError(f"W must have one row per column of X: X has shape {X.shape}, W {W.shape}")
    checks.amount(N=len(X), P=W.shape[1])
    return np.maximum(X @ W, 0)
