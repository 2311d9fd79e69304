"""What ridge regression does to the curve, exactly: risks on standard normal features as N and D grow together.

The fit minimises (1/N) ||y - X b||^2 + lam ||b||^2, and gamma = D / N. Excess risk is ||b - beta||^2 in the mean:
add sigma^2 for the test MSE. Sources: [DW] Dobriban, Wager (2018), High-dimensional asymptotics of prediction:
ridge regression and classification. [H] Hastie, Montanari, Rosset, Tibshirani (2022), Surprises in
high-dimensional ridgeless least squares interpolation.
"""

import numpy as np

from ddlib import checks
from ddlib.theory.linear import asymptotic_risk

__all__ = ["stieltjes", "ridge_risk", "optimal_lam", "optimal_ridge_risk"]


def _numbers(name, value, above=None):
    """value as a float array of finite numbers >= 0, or > above."""
    given = checks.array(name, value)
    allowed = given > above if above is not None else given >= 0
    wrong = ~(allowed & np.isfinite(given))
    if wrong.any() or given.size == 0:
        bound = f"above {above:g}" if above is not None else "at least 0"
        raise ValueError(f"{name} must be finite and {bound}, got {given[wrong][0] if wrong.any() else value}")
    return given


def _gamma_and_lam(gamma, lam):
    gamma, lam = _numbers("gamma", gamma, above=0), _numbers("lam", lam)
    try:
        return np.broadcast_arrays(gamma, lam)
    except ValueError:
        raise ValueError(f"gamma and lam must have one shape or be numbers, got {gamma.shape} and {lam.shape}") from None


def stieltjes(lam, gamma):
    """m(-lam): the mean of 1 / (s + lam) over the eigenvalues s of X'X / N, in the limit D / N = gamma.

    Parameters
    ----------
    lam : float or (G,) float      > 0
    gamma : float or (G,) float    > 0

    Returns
    -------
    float or (G,) float            [-(1 - gamma + lam) + sqrt((1 - gamma + lam)^2 + 4 gamma lam)] / (2 gamma lam)

    Raises
    ------
    ValueError                     outside these ranges, or if the shapes do not fit together

    Source: [DW], section 2; the law of the eigenvalues is Marchenko and Pastur's.

    >>> round(stieltjes(1.0, 1.0), 3)
    0.618
    """
    _numbers("lam", lam, above=0)
    gamma, lam = _gamma_and_lam(gamma, lam)
    shift, root = _shift_and_root(lam, gamma)
    m = _shrink(lam, gamma, shift, root) / lam
    return float(m) if m.ndim == 0 else m


def _shift_and_root(lam, gamma):
    # the square of the shift plus 4 gamma lam, written without a large difference
    return 1 - gamma + lam, np.sqrt((1 - gamma) ** 2 + 2 * lam * (1 + gamma) + lam**2)


def _shrink(lam, gamma, shift, root):
    """lam m(-lam), by whichever form of the root of a quadratic subtracts nothing."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(shift > 0, 2 * lam / (shift + root), (root - shift) / (2 * gamma))


def ridge_risk(gamma, lam, sigma, r=1.0):
    """Excess risk of ridge regression in the limit D / N = gamma: squared bias plus variance.

    With m the mean of 1 / (s + lam) over the eigenvalues s of X'X / N and m' that of 1 / (s + lam)^2,
    it is r^2 lam^2 m' + sigma^2 gamma (m - lam m'); m' = m (1 + gamma m) / root, by differentiating the
    quadratic gamma lam m^2 + (1 - gamma + lam) m = 1. At lam = 0 it is asymptotic_risk.

    Parameters
    ----------
    gamma : float or (G,) float    D / N, > 0
    lam : float or (G,) float      penalty, >= 0
    sigma, r : float               noise sd, norm of the true coefficients; in units of y

    Returns
    -------
    float or (G,) float            in units of y squared; inf for lam = 0 at gamma = 1, unless sigma is 0

    Raises
    ------
    ValueError                     if an argument is out of range

    Source: [H], section 5; [DW], theorem 2.1 for the best lam.

    >>> round(ridge_risk(gamma=1.0, lam=1.0, sigma=1.0), 3)
    0.618
    """
    gamma, lam = _gamma_and_lam(gamma, lam)
    sigma, r = checks.real("sigma", sigma, at_least=0), checks.real("r", r, at_least=0)
    penalty = np.where(lam > 0, lam, 1.0)  # lam = 0 has its own formula below
    shift, root = _shift_and_root(penalty, gamma)
    shrink = _shrink(penalty, gamma, shift, root)
    back = 1 - gamma - penalty
    with np.errstate(over="ignore"):
        # m - lam m' = m (root + back) / (2 root), and (root + back) (root - back) = 4 lam
        half = np.where(back > 0, (root + back) / 2 / penalty, 2 / (root - np.minimum(back, 0)))
    with checks.overflow("gamma, lam, sigma and r"):
        bias2 = r**2 * shrink * (penalty + gamma * shrink) / root
        variance = sigma**2 * gamma * shrink * half / root
    if not np.isfinite(variance).all():
        raise ValueError(
            "gamma and lam must not be so close to 0 that 1 / lam is beyond floats, got "
            f"{checks.shown(gamma.tolist())} and {checks.shown(lam.tolist())}"
        )
    risk = np.where(lam > 0, bias2 + variance, asymptotic_risk(gamma, sigma, r))
    return float(risk) if risk.ndim == 0 else risk


def optimal_lam(gamma, sigma, r=1.0):
    """The penalty of smallest risk, sigma^2 gamma / r^2.

    gamma : float or (G,) float, > 0; sigma >= 0; r > 0. Raises ValueError outside. Source: [DW], theorem 2.1.

    >>> optimal_lam(gamma=2.0, sigma=0.5)
    0.5
    """
    gamma, sigma = _numbers("gamma", gamma, above=0), checks.real("sigma", sigma, at_least=0)
    r = checks.real("r", r)
    if r <= 0:
        raise ValueError(f"r must be above 0, got {r}")
    with checks.overflow("gamma, sigma and r"):
        lam = np.square(sigma / np.float64(r)) * gamma
    return float(lam) if lam.ndim == 0 else lam


def optimal_ridge_risk(gamma, sigma, r=1.0):
    """Excess risk with the best penalty, sigma^2 gamma m(-lam): it never falls as gamma grows, and has no peak.

    Arguments, returns and errors as optimal_lam; where sigma / r is below 1e-160 its square is 0, and so is lam: the
    risk is then that of the minimum norm, inf at gamma = 1. Source: [DW], theorem 2.1; no peak: Nakkiran, Venkat, Kakade,
    Ma (2021), Optimal regularization can mitigate double descent.

    >>> round(optimal_ridge_risk(gamma=1.0, sigma=1.0), 3)
    0.618
    """
    lam = optimal_lam(gamma, sigma, r)
    with checks.overflow("gamma, sigma and r"):
        return ridge_risk(gamma, np.minimum(lam, checks.LARGEST), sigma, r)
