"""Where a prediction error comes from: three factors in every mode, each of which can be taken away or made worse.

Source: Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.
"""

from dataclasses import dataclass

import numpy as np

from ddlib import checks
from ddlib.curves.table import TableFits, Whole, curve_of

__all__ = ["Factors", "three_factors", "ablate", "attack", "CUTOFFS", "STRENGTHS"]

CUTOFFS = np.logspace(-3, 0, 7)  # of the source
STRENGTHS = (0.0, 0.1, 0.316, 1.0, 3.16, 10.0, 31.6)  # of the source


@dataclass(frozen=True, eq=False)
class Factors:
    """The error of a fit at a test point x, mode by mode, from the largest singular value to the smallest.

    Attributes
    ----------
    inverse : (R,)       1 / sigma_r; 0 where sigma_r is rounding error and the fit leaves the mode out
    test : (R,)          x . v_r, how far the test point reaches into the mode; (M, R) for M points
    residual : (R,)      u_r . E, how much of the residuals E = y - X beta of the best fit lies in the mode
    bias : float         -x . (I - pinv(X) X) beta, what no mode reaches; 0 up to rounding once N >= P; (M,)
    """

    inverse: np.ndarray
    test: np.ndarray
    residual: np.ndarray
    bias: np.ndarray

    @property
    def product(self):
        """What each mode adds to the error, (R,) or (M, R)."""
        return self.inverse * self.test * self.residual

    @property
    def error(self):
        """x . beta_hat - x . beta, the sum of the products and the bias; float or (M,)."""
        error = self.product.sum(axis=-1) + self.bias
        return float(error) if error.ndim == 0 else error


def three_factors(X, y, x, beta):
    """Take the error of the minimum-norm fit at a test point apart, exactly, into three factors per mode.

    With X = sum over r of sigma_r u_r v_r' and E = y - X beta,

        x . beta_hat - x . beta = sum over r of (1 / sigma_r) (x . v_r) (u_r . E) - x . (I - pinv(X) X) beta.

    Parameters
    ----------
    X : (N, P), y : (N,)         training data
    x : (P,) or (M, P)           test point, or several
    beta : (P,)                  the best linear fit, such as that to the whole table

    Returns
    -------
    Factors                      of R = min(N, P) modes

    Raises
    ------
    ValueError                   if the shapes do not fit together, or a number is not finite

    >>> found = three_factors([[2.0, 0.0]], [3.0], x=[1.0, 1.0], beta=[1.0, 1.0])
    >>> abs(found.product).tolist(), found.bias, found.error
    ([0.5], -1.0, -0.5)
    """
    X, y, beta = checks.matrix("X", X), checks.vector("y", y), checks.vector("beta", beta)
    x = checks.array("x", x)
    x = checks.matrix("x", x) if x.ndim == 2 else checks.vector("x", x)
    if len(y) != len(X):
        raise ValueError(f"y must have one value per row of X: X has shape {X.shape}, y {y.shape}")
    for name, value in (("x", x), ("beta", beta)):
        if value.shape[-1] != X.shape[1]:
            raise ValueError(f"{name} must have one value per column of X: X has shape {X.shape}, {name} {value.shape}")
    with checks.overflow("X, y, x and beta"):
        return _factors(X, y, x, beta)


def _factors(X, y, x, beta):
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    kept = sigma > max(X.shape) * np.finfo(float).eps * sigma[0]  # as pinv leaves the others out
    inverse = np.divide(1, sigma, out=np.zeros_like(sigma), where=kept)
    test = x @ Vt.T
    bias = (test * kept) @ (Vt @ beta) - x @ beta
    return Factors(inverse, test, U.T @ (y - X @ beta), float(bias) if bias.ndim == 0 else bias)


def ablate(fits, cutoff=0.0, keep=None, residual=True, lam=0.0):
    """The curve of table_fits with one factor or more taken away.

    Parameters
    ----------
    fits : (Whole, list of TableFits)    from ddlib.curves.table_fits
    cutoff : float                       F1: modes with sigma_r below it are left out of the fit; in units of X
    keep : int or None                   F2: of a test row the fit sees its first modes only, this many
    residual : bool                      F3: False replaces y by X beta, beta the best fit to the whole table, in
                                         training and in test rows
    lam : float                          ridge: 1 / sigma_r becomes sigma_r / (sigma_r^2 + N lam)

    Returns
    -------
    Curve

    Raises
    ------
    ValueError                           if an argument is out of range
    """
    whole, sets = _checked(fits)
    cutoff, lam = checks.real("cutoff", cutoff, at_least=0), checks.real("lam", lam, at_least=0)
    keep = None if keep is None else checks.whole("keep", keep)
    if not isinstance(residual, (bool, np.bool_)):
        raise ValueError(f"residual must be True or False, got {checks.shown(residual)}")

    def weights(some):
        s = some.singular
        # not s / (s^2 + N lam): s is inf where the mode is left out
        return np.where(s >= cutoff, 1 / (s + some.N * lam / s), 0.0)

    def seen(some):
        modes = some.singular.shape[1]
        return (np.arange(modes) < (keep or modes)).astype(float)

    with checks.overflow("fits, cutoff and lam"):
        return curve_of(whole, sets, weights, seen, residual)


def attack(fits, test=0.0, train=0.0):
    """The curve of table_fits against an opponent who knows the weakest mode of each fit.

    u_last and v_last are those of the smallest singular value, signed so that u_last . E >= 0 with E = y - X beta.

    Parameters
    ----------
    fits : (Whole, list of TableFits)    from ddlib.curves.table_fits
    test : float                         every test row is moved by test * v_last; in units of X
    train : float                        the training targets are moved by train * u_last, of length 1: the training
                                         loss stays as it is, since the fit follows; in units of y

    Returns
    -------
    Curve

    Raises
    ------
    ValueError                           if an argument is out of range
    """
    whole, sets = _checked(fits)
    test, train = checks.real("test", test), checks.real("train", train)

    def moves(some):
        last = np.zeros(some.singular.shape)
        weakest = np.where(np.isinf(some.singular), -1, np.arange(last.shape[1])).max(axis=1)
        at = np.arange(len(last)), weakest
        last[at] = np.where(some.target[at] < some.signal[at], -1, 1)  # the SVD leaves the sign open
        return test * last, train * last

    with checks.overflow("fits, test and train"):
        return curve_of(whole, sets, lambda some: 1 / some.singular, attack=moves)


def _checked(fits):
    try:
        whole, sets = fits
        if isinstance(whole, Whole) and sets and all(isinstance(some, TableFits) for some in sets):
            return whole, sets
    except (TypeError, ValueError):
        pass
    raise ValueError(f"fits must come from table_fits, got {type(fits).__name__}")
