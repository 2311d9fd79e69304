"""Errors at the public door: each names the argument, its value and what is allowed."""

import math
import numbers
import sys

import numpy as np

__all__ = ["whole", "real", "array", "vector", "matrix", "targets", "increasing", "values"]


def whole(name, value, at_least=1):
    """Return value as an int, or raise ValueError if it is not a whole number >= at_least."""
    # bool is an int to Python, but N=True is a slip, not a size
    number = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    if not number or abs(value) == math.inf or value % 1:
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {value}")
    return int(value)


def real(name, value, at_least=-math.inf, at_most=sys.float_info.max):
    """Return value as a float, or raise ValueError if it is not a finite number from at_least to at_most."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise ValueError(f"{name} must be a number, got {value!r}")
    if not abs(value) < math.inf:
        raise ValueError(f"{name} must be finite, got {value}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value}")
    if value > at_most:
        raise ValueError(f"{name} must be at most {at_most:g}, got {value}")
    return float(value)


def array(name, value):
    """Return value as a float array of any shape, or raise ValueError."""
    try:
        given = np.asarray(value)
        if given.dtype.kind in "biufO":  # numpy would also read "3" as 3, and drop an imaginary part
            return np.asarray(given, dtype=float)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} must be an array of numbers, got {value!r}")


def _numbers(name, value, axes):
    numbers_given = array(name, value)
    if numbers_given.ndim not in axes or numbers_given.size == 0:
        wanted = " or ".join(map(str, axes))
        raise ValueError(f"{name} must have {wanted} non-empty axes, got shape {numbers_given.shape}")
    finite = np.isfinite(numbers_given)
    if not finite.all():
        raise ValueError(f"{name} must hold finite numbers only, got {numbers_given[~finite][0]}")
    return numbers_given


def vector(name, value):
    """Return value as a (N,) float array, or raise ValueError."""
    return _numbers(name, value, axes=(1,))


def matrix(name, value):
    """Return value as a (N, P) float array, or raise ValueError."""
    return _numbers(name, value, axes=(2,))


def targets(name, value):
    """Return value as a (N,) or (N, K) float array, or raise ValueError."""
    return _numbers(name, value, axes=(1, 2))


def increasing(name, value):
    """Return value as a (G,) int array of strictly increasing whole numbers >= 1, or raise ValueError."""
    grid = vector(name, value)
    # beyond 2**53 a float no longer holds every whole number
    if np.asarray(value).dtype == bool or (grid != np.floor(grid)).any() or grid.min() < 1 or grid.max() > 2**53:
        raise ValueError(f"{name} must hold whole numbers of at least 1, got {value!r}")
    if (np.diff(grid) <= 0).any():
        raise ValueError(f"{name} must be strictly increasing, got {value!r}")
    return grid.astype(int)


def values(name, function, x):
    """Return function(x) as a float array of the shape of x, or raise ValueError."""
    if not callable(function):
        raise ValueError(f"{name} must be a function of x, got {function!r}")
    y = array(name, function(x))
    if y.shape != x.shape or not np.isfinite(y).all():
        raise ValueError(f"{name} must return one finite value for every x, got {y!r} for {x.size} of them")
    return y
