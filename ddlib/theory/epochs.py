"""The expected error in training time, exactly: gradient descent for least squares on given features.

Excess risk is the expected squared error on a new example less its noise, as in theory. Here X is given and the
mean is over the noise of its targets, so that every closed form is exact for every N and P.
Source of the two groups: Heckel, Yilmaz (2021), Early stopping in deep networks: double descent and how to
eliminate it, arXiv 2007.10099.
"""

import numpy as np

from ddlib import checks
from ddlib.fit.descent import descent_filter

__all__ = ["filtered_risk", "two_group_risk", "two_group_features"]


def filtered_risk(X, beta, sigma, filters, w0=None, variances=None):
    """Expected excess risk of a fit that closes a share of each mode's way from w0, the mean over the noise.

    With X = U S V', targets y = X beta + noise, and shares f_r (descent_filter, ridge_filter), the fit is
    w = w0 + sum_r f_r v_r (u_r'y / s_r - v_r'w0). Its error is what is left of the start, in every mode
    1 - f_r of it, and the noise, f_r / s_r of it.

    Parameters
    ----------
    X : (N, P) float                  features
    beta : (P,) float                 the true coefficients
    sigma : float                     noise sd, in units of y
    filters : (R,) or (T, R) float    shares of the R = min(N, P) modes, largest singular value first
    w0 : (P,) float                   where the fit starts; the origin if None
    variances : (P,) float            mean square of each feature of a new example, uncorrelated; 1 if None

    Returns
    -------
    float or (T,) float               in units of y squared; add sigma^2 for the test MSE

    Raises
    ------
    ValueError                        if an argument is not finite, is negative where it cannot be, has
                                      another shape, or the risk is beyond floats

    >>> filtered_risk([[2.0, 0.0], [0.0, 2.0]], beta=[1.0, 1.0], sigma=1.0, filters=[[0.0, 0.0], [1.0, 1.0]]).tolist()
    [2.0, 0.5]
    """
    X, sigma = checks.matrix("X", X), checks.real("sigma", sigma, at_least=0)
    P = X.shape[1]
    beta = _of_length(P, "beta", beta)
    start = -beta if w0 is None else _of_length(P, "w0", w0) - beta
    variances = np.ones(P) if variances is None else _of_length(P, "variances", variances, at_least=0)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    filters = checks.array("filters", filters)
    if filters.ndim not in (1, 2) or filters.shape[-1] != len(s):
        raise ValueError(
            f"filters must hold a finite share for each of the {len(s)} modes along its last axis, got shape {filters.shape}"
        )
    s[s < max(X.shape) * np.finfo(float).eps * s[0]] = 0
    filters = np.where(s > 0, filters, 0)  # a mode that X cannot see stays where it started
    with checks.overflow("X, beta, sigma, filters, w0 and variances"):
        left = start - (filters * (Vt @ start)) @ Vt  # (P,) or (T, P)
        passed = np.divide(filters, s, out=np.zeros_like(filters), where=s > 0)
        risk = left**2 @ variances + (sigma * passed) ** 2 @ (Vt**2 @ variances)
    return float(risk) if risk.ndim == 0 else risk


def two_group_risk(N, sizes, scales, signals, sigma, t, eta):
    """Expected excess risk of each of two groups of features in training time, from w0 = 0.

    The features are orthogonal on the training examples and on new ones, with mean square scale^2 on both:
    X'X = N diag(scale^2), as in two_group_features. Then each group g of D_g features is learnt by itself,
    its error has a closed form, and the whole error is the sum:

        signal_g (1 - f_g)^2 + D_g sigma^2 / N f_g^2,    f_g = 1 - (1 - eta N scale_g^2)^t.

    Parameters
    ----------
    N : int                        training examples
    sizes : pair of int            features of each group, D_1 + D_2 <= N
    scales : pair of float         root mean square of the features of each group, > 0
    signals : pair of float        mean square of what each group adds to the truth, in units of y squared
    sigma : float                  noise sd, in units of y
    t : int or (T,) int            steps of gradient descent, whole numbers >= 0
    eta : float                    step size, above 0 and below 2 / (N max(scales)^2)

    Returns
    -------
    (2,) or (2, T) float           one row per group

    Raises
    ------
    ValueError                     if an argument lies outside

    >>> two_group_risk(100, (60, 4), (1, 0.1), (1.0, 0.5), 1.0, t=[0, 10**6], eta=0.001).round(2).tolist()
    [[1.0, 0.6], [0.5, 0.04]]
    """
    N, sizes = checks.whole("N", N), _sizes(N, sizes)
    scales, signals = _pair("scales", scales), _pair("signals", signals)
    if scales.min() <= 0 or signals.min() < 0:
        name, given = ("scales", scales) if scales.min() <= 0 else ("signals", signals)
        raise ValueError(f"{name} must be {'above 0' if name == 'scales' else 'at least 0'}, got {given.min():g}")
    noise = checks.real("sigma", sigma, at_least=0) ** 2
    learnt = descent_filter(checks.vector("scales * sqrt(N)", np.sqrt(N) * scales), t, eta).T  # (2,) or (2, T)
    tall = (2,) + (1,) * (learnt.ndim - 1)
    return signals.reshape(tall) * (1 - learnt) ** 2 + (sizes * noise / N).reshape(tall) * learnt**2


def two_group_features(x, sizes, scales):
    """Cosines on 0 <= x <= 1 in two groups: the D_2 slowest waves with scale_2, the next D_1 with scale_1.

    Column k - 1 is scale * sqrt(2) cos(pi k x): of mean square scale^2 for x ~ U(0, 1) and, too, on the N > D_1 + D_2
    places (i + 1/2) / N, and orthogonal to every other column on both.

    Parameters
    ----------
    x : (N,) float                 places
    sizes, scales : pairs          D_1, D_2 and scale_1, scale_2, as in two_group_risk

    Returns
    -------
    (N, D_2 + D_1) float           the second group stands first: column k - 1 has k half waves

    Raises
    ------
    ValueError                     if an argument lies outside

    >>> X = two_group_features((np.arange(4) + 0.5) / 4, (2, 1), (1.0, 0.5))
    >>> np.abs(X.T @ X).round(9).tolist()
    [[1.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]]
    """
    x, sizes, scales = checks.vector("x", x), _sizes(None, sizes), _pair("scales", scales)
    checks.amount(x=len(x), sizes=int(sizes.sum()))
    k = np.arange(1, sizes.sum() + 1)
    return np.sqrt(2) * np.repeat(scales[::-1], sizes[::-1]) * np.cos(np.pi * np.outer(x, k))


def _of_length(P, name, value, at_least=-np.inf):
    value = checks.vector(name, value)
    if len(value) != P:
        raise ValueError(f"{name} must have one value per column of X, {P}, got shape {value.shape}")
    if value.min() < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value.min():g}")
    return value


def _pair(name, value):
    pair = checks.vector(name, value)
    if pair.shape != (2,):
        raise ValueError(f"{name} must hold 2 values, one per group, got {checks.shown(value)}")
    return pair


def _sizes(N, sizes):
    pair = np.array([checks.whole("sizes", size) for size in _pair("sizes", sizes).tolist()])
    checks.amount(sizes=int(pair.max()))
    if N is not None and pair.sum() > N:
        raise ValueError(f"sizes must not add up to more than N = {N}, got {checks.shown(sizes)}")
    return pair
