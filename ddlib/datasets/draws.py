"""Draw X and y."""

import numpy as np

from ddlib import checks

__all__ = ["wave", "bend", "draw_curve", "draw_trials", "draw_linear", "draw_linear_trials", "student_teacher"]


def wave(x):
    """The course's target function, 2x + cos(25x), of numbers x; else a ValueError. Source: Schaeffer et al. (2023)."""
    x = checks.array("x", x)
    return 2 * x + np.cos(25 * x)


def bend(x):
    """A gentler target than wave, within reach of a few polynomials: 2x + cos(5x), shifted to mean zero.

    Raises ValueError if x holds anything but numbers.
    """
    x = checks.array("x", x)
    return 2 * x + np.cos(5 * x) - np.sin(5) / 5  # the models of the course have no constant


def draw_curve(N, sigma, rng, truth=wave):
    """N noisy points of a curve: x ~ U(-1, 1), y = truth(x) + sigma * standard normal noise.

    From equal rng states the first N points are the same for every larger N, and x and the
    unit noise are the same for every sigma.

    Parameters
    ----------
    N : int                      points
    sigma : float                noise sd, in units of y
    rng : numpy.random.Generator
    truth : function             noiseless y of x, vectorised

    Returns
    -------
    x (N,), y (N,)

    Raises
    ------
    ValueError                   if N is below 1 or too large, sigma negative or not finite, rng no Generator, or
                                 truth does not give one finite value for every x

    >>> x, y = draw_curve(3, 0.0, np.random.default_rng(0))
    >>> bool((y == wave(x)).all())
    True
    """
    N, sigma = checks.whole("N", N), checks.real("sigma", sigma, at_least=0)
    checks.amount(N=N)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {checks.shown(rng)}")
    x, noise = _points(_uniforms(N, rng))
    return x, checks.values("truth", truth, x) + sigma * noise


def _uniforms(N, rng):
    # three a point, one row after the other, so that the first N never depend on the rest
    return rng.random((N, 3))


def _points(u):
    """x and unit noise (..., N) of uniforms (..., N, 3): Box and Muller's, since a ziggurat takes a varying number."""
    return 2 * u[..., 0] - 1, np.sqrt(-2 * np.log1p(-u[..., 1])) * np.cos(2 * np.pi * u[..., 2])


def draw_trials(N, trials, seed):
    """The x and the unit noise of draw_curve for child t of SeedSequence(seed), t < trials.

    Returns
    -------
    x (trials, N), noise (trials, N)

    Raises
    ------
    ValueError                   if N or trials is below 1, seed below 0, or N * trials too large
    """
    N, trials = checks.whole("N", N), checks.whole("trials", trials)
    seed = checks.seed(seed)
    checks.amount(N=N, trials=trials, at_most=10**7)
    children = np.random.SeedSequence(seed).spawn(trials)
    return _points(np.array([_uniforms(N, np.random.default_rng(child)) for child in children]))


def draw_linear(N, D, sigma, rng, r=1.0):
    """N noisy examples of a linear truth: rows of X standard normal, y = X beta + sigma * standard normal noise.

    From equal rng states the first N examples are the same for every larger N; X, the unit noise and the
    direction of beta are the same for every sigma and r.

    Parameters
    ----------
    N : int                      examples
    D : int                      features
    sigma : float                noise sd, in units of y
    rng : numpy.random.Generator
    r : float                    norm of beta, whose direction is uniform; in units of y

    Returns
    -------
    X (N, D), y (N,), beta (D,)

    Raises
    ------
    ValueError                   if N or D is below 1, N * D too large, sigma or r negative or not finite, or rng
                                 no Generator

    >>> X, y, beta = draw_linear(3, 2, 0.0, np.random.default_rng(0))
    >>> bool((y == X @ beta).all()), X.shape
    (True, (3, 2))
    """
    N, D = checks.whole("N", N), checks.whole("D", D)
    checks.amount(N=N, D=D)
    sigma, r = (checks.real(name, value, at_least=0, at_most=1e100) for name, value in (("sigma", sigma), ("r", r)))
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {checks.shown(rng)}")
    rows, direction = np.empty((N, D + 1)), np.empty(D)
    _normals(rows, direction, rng)
    X, beta = rows[:, :D].copy(), r * (direction / np.linalg.norm(direction))
    return X, X @ beta + sigma * rows[:, D], beta


def _normals(rows, direction, rng):
    # the direction first, then one row after the other: what comes later changes nothing before it
    rng.standard_normal(out=direction)
    rng.standard_normal(out=rows)


def draw_linear_trials(N, D, trials, seed):
    """The X, the unit noise and the direction of beta of draw_linear for child t of SeedSequence(seed), t < trials.

    Returns
    -------
    X (trials, N, D), noise (trials, N), direction (trials, D) of norm 1

    Raises
    ------
    ValueError                   if N, D or trials is below 1, N * D * trials too large, or seed below 0
    """
    N, D, trials = checks.whole("N", N), checks.whole("D", D), checks.whole("trials", trials)
    seed = checks.seed(seed)
    checks.amount(N=N, D=D, trials=trials, at_most=3 * 10**7)
    rows, direction = np.empty((trials, N, D + 1)), np.empty((trials, D))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        _normals(rows[t], direction[t], np.random.default_rng(child))
    return rows[:, :, :D], rows[:, :, D], direction / np.linalg.norm(direction, axis=1, keepdims=True)


def student_teacher(rng, N=1000, D=30, seen=20):
    """A linear teacher of D standard normal features, without noise, and a student who sees the first few.

    What the student cannot see acts on it as noise would. The teacher's coefficients are drawn at
    random and scaled: those of the seen features to squared norm 13, of the others to 12, as in the
    draw of the source (numpy's legacy seed 0: 13.1 and 11.8), so that any rng gives its curve.

    Parameters
    ----------
    rng : numpy.random.Generator
    N : int                      rows
    D : int                      features of the teacher
    seen : int                   features of the student, at most D

    Returns
    -------
    X (N, seen), y (N,)

    Raises
    ------
    ValueError                   if N, D or seen is below 1, seen above D, N * D too large, or rng no Generator

    Source: Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> X, y = student_teacher(np.random.default_rng(0))
    >>> X.shape, y.shape
    ((1000, 20), (1000,))
    """
    N, D, seen = checks.whole("N", N), checks.whole("D", D), checks.whole("seen", seen)
    if seen > D:
        raise ValueError(f"seen must not exceed D = {D}, got {seen}")
    checks.amount(N=N, D=D)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {checks.shown(rng)}")
    X, beta = rng.standard_normal((N, D)), rng.standard_normal(D)
    for part, energy in ((slice(seen), 13), (slice(seen, D), 12)):
        beta[part] *= np.sqrt(energy) / max(np.linalg.norm(beta[part]), 1e-300)
    return X[:, :seen].copy(), X @ beta
