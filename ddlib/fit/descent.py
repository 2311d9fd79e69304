"""Gradient descent for least squares: step by step, and in closed form at any step."""

import numpy as np

from ddlib import checks

__all__ = ["gradient_descent", "descended", "descent_filter", "ridge_filter"]


def gradient_descent(X, y, steps, eta, w0=None):
    """Take steps of gradient descent on (1/2) ||y - X w||^2, one after the other.

    Parameters
    ----------
    X : (N, P) float                features
    y : (N,) or (N, K) float        targets
    steps : int                     how many, >= 0
    eta : float                     step size, above 0 and below 2 / (largest singular value of X)^2
    w0 : (P,) or (P, K) float       where it starts; the origin if None

    Returns
    -------
    (P,) or (P, K) float            w after the last step

    Raises
    ------
    ValueError                      if X, y and w0 do not fit together or are not finite, steps is no whole
                                    number from 0 to a million (descended takes more), or eta lies outside:
                                    the steps would grow for ever

    >>> gradient_descent([[1.0, 1.0]], [2.0], steps=50, eta=0.4).round(3).tolist()
    [1.0, 1.0]
    """
    X, y, w = _problem(X, y, w0)
    steps, eta = checks.whole("steps", steps, at_least=0), _step_size(eta, np.linalg.norm(X, 2))
    checks.amount(steps=steps, at_most=10**6)
    with checks.overflow("X, y, eta and w0"):
        for _ in range(steps):
            w = w + eta * (X.T @ (y - X @ w))
    return w


def descended(X, y, t, eta, w0=None):
    """What gradient_descent returns after t steps, in closed form: no step is taken, so t may be huge.

    Each mode of X closes the share descent_filter of the way from its start to its least-squares value, and
    what X cannot see of w0 stays. As t grows w tends to pinv(X) y + (I - pinv(X) X) w0.

    Parameters
    ----------
    t : int or (T,) int             steps, whole numbers >= 0; the others as in gradient_descent

    Returns
    -------
    (P,), (P, K), (T, P) or (T, P, K) float

    Raises
    ------
    ValueError                      as gradient_descent

    >>> descended([[1.0, 1.0]], [2.0], t=[0, 1, 10**9], eta=0.25).round(3).tolist()
    [[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]
    """
    X, y, w0 = _problem(X, y, w0)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    eta = _step_size(eta, s[0])
    s[s < max(X.shape) * np.finfo(float).eps * s[0]] = 0  # rounding leaves 1e-16 for a zero
    w, Y = (w0[:, None], y[:, None]) if y.ndim == 1 else (w0, y)
    filters = descent_filter(s, t, eta)[..., None]
    checks.amount(t=filters.size // len(s), P=w.size)
    with checks.overflow("X, y, eta and w0"):
        ends = np.divide(U.T @ Y, s[:, None], out=np.zeros((len(s), Y.shape[1])), where=s[:, None] > 0)
        # (P, R) @ (T, R, K): what X cannot see has no share in it, and stays as it was
        moved = w + Vt.T @ (filters * (ends - Vt @ w))
    return moved[..., 0] if y.ndim == 1 else moved


def descent_filter(s, t, eta):
    """The share of its way that a mode has gone after t steps: 1 - (1 - eta s^2)^t.

    Parameters
    ----------
    s : (R,) float                  singular values of X, >= 0
    t : int or (T,) int             steps, whole numbers >= 0
    eta : float                     step size, above 0 and below 2 / max(s)^2

    Returns
    -------
    (R,) or (T, R) float

    Raises
    ------
    ValueError                      if an argument lies outside

    >>> descent_filter([2.0, 1.0, 0.0], t=2, eta=0.25).round(4).tolist()
    [1.0, 0.4375, 0.0]
    """
    s, t = _singular_values(s), _steps(t)
    speed = _step_size(eta, s.max()) * s * s  # (R,), below 2
    slow = speed < 1
    checks.amount(s=s.size, t=t.size)
    t = t[..., None]
    # 1 - (1 - speed)^t loses all digits where speed is tiny; the logarithm keeps them
    gently = -np.expm1(t * np.log1p(-np.where(slow, speed, 0.5)))
    return np.where(slow, gently, 1 - (1 - np.where(slow, 1, speed)) ** t)


def ridge_filter(s, lam, N):
    """The share of its least-squares value that ridge leaves to a mode: s^2 / (s^2 + N lam).

    lam is the penalty of ddlib.fit.ridge, which divides the squared error by N. Gradient descent is
    near it at N lam = 1 / (eta t).

    Parameters
    ----------
    s : (R,) float                  singular values of X, >= 0
    lam : float or (L,) float       penalty, > 0
    N : int                         training examples

    Returns
    -------
    (R,) or (L, R) float

    Raises
    ------
    ValueError                      if an argument lies outside

    >>> ridge_filter([2.0, 1.0], lam=0.5, N=2).tolist()
    [0.8, 0.5]
    """
    s, N, lam = _singular_values(s), checks.whole("N", N), checks.array("lam", lam)
    if lam.ndim > 1 or lam.size == 0 or not (lam > 0).all():
        raise ValueError(f"lam must hold numbers above 0, along one axis at most, got {checks.shown(lam)}")
    checks.amount(s=s.size, lam=lam.size)
    return s**2 / (s**2 + N * lam[..., None])


def _problem(X, y, w0):
    X, y = checks.matrix("X", X), checks.targets("y", y)
    if len(y) != len(X):
        raise ValueError(f"y must have one row per row of X: X has shape {X.shape}, y {y.shape}")
    shape = (X.shape[1], *y.shape[1:])
    if w0 is None:
        return X, y, np.zeros(shape)
    w0 = checks.targets("w0", w0)
    if w0.shape != shape:
        raise ValueError(f"w0 must have the shape of the coefficients, {shape}, got {w0.shape}")
    return X, y, w0


def _singular_values(s):
    s = checks.vector("s", s)
    if s.min() < 0:
        raise ValueError(f"s must be at least 0, got {s.min():g}")
    return s


def _step_size(eta, largest):
    """eta, if no mode would overshoot for ever; largest is the largest singular value."""
    eta, largest = checks.real("eta", eta), float(largest)
    limit = 2 / largest / largest if largest > 0 else np.inf
    if not 0 < eta < limit:
        raise ValueError(
            f"eta must be above 0 and below 2 / sigma_max^2 = {limit:.3g}, sigma_max the largest "
            f"singular value of X, got {eta:g}"
        )
    return eta


def _steps(t):
    steps = checks.array("t", t)
    counts = (steps >= 0) & (np.floor(steps) == steps)
    if np.asarray(t).dtype == bool or steps.ndim > 1 or steps.size == 0 or not counts.all():
        raise ValueError(f"t must hold whole numbers of at least 0, along one axis at most, got {checks.shown(t)}")
    return steps
