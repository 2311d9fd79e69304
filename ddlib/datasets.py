"""Draw X and y; read the tables in data/."""

import numpy as np

from ddlib import checks
from ddlib.tables import Model, Table, read_models, read_table

__all__ = ["wave", "bend", "draw_curve", "draw_trials", "Table", "read_table", "Model", "read_models"]


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
    seed = checks.whole("seed", seed, at_least=0)
    checks.amount(N=N, trials=trials, at_most=10**7)
    children = np.random.SeedSequence(seed).spawn(trials)
    return _points(np.array([_uniforms(N, np.random.default_rng(child)) for child in children]))
