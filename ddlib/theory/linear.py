"""What the curve should be, exactly: risks of minimum-norm least squares on standard normal features.

Excess risk is the expected squared error on a new example less its noise: add sigma^2 for the test MSE.
Sources: [B] Belkin, Hsu, Xu (2020), Two models of double descent for weak features. [H] Hastie, Montanari,
Rosset, Tibshirani (2022), Surprises in high-dimensional ridgeless least squares interpolation.
"""

import numpy as np

from ddlib import checks

__all__ = [
    "expected_risk",
    "asymptotic_risk",
    "over_parameterised_minimum",
    "subset_risk",
    "marchenko_pastur_edges",
    "marchenko_pastur_density",
]


def _positive(name, value, at_least=0.0):
    array = checks.array(name, value)
    if array.size == 0 or not (array >= at_least).all():
        raise ValueError(f"{name} must be at least {at_least:g}, got {array.min(initial=np.inf):g}")
    return array


def expected_risk(N, D, sigma, r=1.0):
    """Expected excess risk of least squares on N standard normal examples.

    Parameters
    ----------
    N : int or (G,) int      training examples
    D : int                  features, all of them fitted (P = D)
    sigma, r : float         noise sd, norm of the true coefficients; in units of y

    Returns
    -------
    float or (G,) float      in units of y squared; inf for D - 1 <= N <= D + 1, unless it is noiseless

    Raises
    ------
    ValueError               if any N or D is below 1, or sigma or r negative

    Source: [B], theorem 1, with all features fitted.

    >>> round(expected_risk(N=60, D=30, sigma=0.5), 4)
    0.2586
    """
    N, D = _positive("N", N, at_least=1), checks.whole("D", D)
    noise, energy = checks.real("sigma", sigma, at_least=0) ** 2, checks.real("r", r, at_least=0) ** 2
    risk = _risk(N, D, noise, energy)
    return float(risk) if risk.ndim == 0 else risk


def _risk(N, D, noise, energy):
    """expected_risk for arrays that broadcast; noise and energy are sigma^2 and r^2."""
    apart = np.abs(N - D)
    spread = np.where(apart <= 1, np.inf, np.minimum(N, D) / np.maximum(apart - 1, 1))
    # without noise nothing is multiplied by the infinite mean of the inverse
    return energy * np.maximum(1 - N / D, 0) + noise * np.where(noise == 0, 0.0, spread)


def asymptotic_risk(gamma, sigma, r=1.0):
    """Limit of expected_risk as N and D grow with gamma = D / N; inf at gamma = 1 unless sigma is 0.

    gamma : float or (G,) float, > 0. Raises ValueError outside. Source: [H], theorem 1.

    >>> asymptotic_risk(0.5, sigma=1.0)
    1.0
    """
    gamma = _positive("gamma", gamma)
    if not (gamma > 0).all():
        raise ValueError(f"gamma must be above 0, got {gamma.min():g}")
    noise, energy = checks.real("sigma", sigma, at_least=0) ** 2, checks.real("r", r, at_least=0) ** 2
    gap = np.abs(1 - gamma)
    with np.errstate(divide="ignore", over="ignore"):
        spread = np.minimum(gamma, 1) / gap if noise else np.zeros_like(gamma)
        risk = energy * np.maximum(1 - 1 / gamma, 0) + noise * spread
    return float(risk) if risk.ndim == 0 else risk


def over_parameterised_minimum(sigma, r=1.0):
    """The gamma > 1 at which asymptotic_risk is lowest, and that risk; needs r > sigma > 0.

    Raises ValueError otherwise: without SNR = r^2 / sigma^2 > 1 the risk falls for ever. Source: [H], section 3.

    >>> gamma, risk = over_parameterised_minimum(sigma=0.5)
    >>> gamma, risk
    (2.0, 0.75)
    """
    sigma, r = checks.real("sigma", sigma, at_least=0), checks.real("r", r, at_least=0)
    if not r > sigma > 0:
        raise ValueError(f"sigma must lie between 0 and r = {r:g}, both left out, got {sigma:g}")
    # with SNR = (r / sigma)^2, in a form that rounding cannot bring to a division by zero
    return r / (r - sigma), sigma * (2 * r - sigma)


def subset_risk(N, D, P, sigma, r=1.0):
    """Expected excess risk when P of D features are fitted, the true coefficients spread evenly over all D.

    P : int or (G,) int, 1 <= P <= D; other arguments, errors and returns as expected_risk. Source: [B].

    >>> round(subset_risk(N=40, D=120, P=120, sigma=0.2) + 0.2**2, 2)
    0.73
    """
    N, D, P = checks.whole("N", N), checks.whole("D", D), _positive("P", P, at_least=1)
    if (P > D).any():
        raise ValueError(f"P must not exceed D = {D}, got {P.max():g}")
    sigma, r = checks.real("sigma", sigma, at_least=0), checks.real("r", r, at_least=0)

    left_out = r**2 * (1 - P / D)  # what is not fitted acts as noise
    risk = left_out + _risk(N, P, sigma**2 + left_out, r**2 * P / D)
    return float(risk) if risk.ndim == 0 else risk


def marchenko_pastur_edges(gamma):
    """The smallest and largest non-zero eigenvalue of X'X / N in the limit D / N = gamma: (1 -+ sqrt(gamma))^2.

    Raises ValueError if gamma is negative or not finite.

    >>> marchenko_pastur_edges(1.0)
    (0.0, 4.0)
    """
    gamma = checks.real("gamma", gamma, at_least=0)
    return (1 - gamma**0.5) ** 2, (1 + gamma**0.5) ** 2


def marchenko_pastur_density(s, gamma):
    """Density of the eigenvalues of X'X / N at s (G,), D / N = gamma > 0; mass 1 - 1/gamma at 0 not counted.

    Raises ValueError if s is not a finite vector, or gamma not a finite number above 0.

    >>> bool(marchenko_pastur_density([5.0], 1.0)[0] == 0)
    True
    """
    s, gamma = checks.vector("s", s), checks.real("gamma", gamma)
    if gamma <= 0:
        raise ValueError(f"gamma must be above 0, got {gamma}")
    low, high = marchenko_pastur_edges(gamma)
    inside = (s > low) & (s < high)
    safe = np.where(inside, s, 1.0)
    return np.where(inside, np.sqrt(np.clip((high - s) * (s - low), 0, None)) / (2 * np.pi * gamma * safe), 0.0)
