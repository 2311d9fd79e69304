"""Errors at the public door: each names the argument, its value and what is allowed."""

import math
import numbers

import numpy as np

__all__ = ["whole", "real", "vector", "matrix", "increasing"]


def whole(name, value, at_least=1):
    """Return value as an int, or raise ValueError if it is not a whole number >= at_least."""
    # bool is an int to Python, but N=True is a slip, not a size
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real) or value != value // 1:
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < at_least or math.isinf(value):
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {value}")
    return int(value)


def real(name, value, at_least=-math.inf):
    """Return value as a float, or raise ValueError if it is not a finite number >= at_least."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise ValueError(f"{name} must be a number, got {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value}")
    return float(value)


def _numbers(name, value, axes):
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from None
    if array.ndim != axes or array.size == 0:
        raise ValueError(f"{name} must have {axes} non-empty axes, got shape {array.shape}")
    if not np.isfinite(array).all():
        worst = array[~np.isfinite(array)][0]
        raise ValueError(f"{name} must hold finite numbers only, got {worst}")
    return array


def vector(name, value):
    """Return value as a (N,) float array, or raise ValueError."""
    return _numbers(name, value, axes=1)


def matrix(name, value):
    """Return value as a (N, P) float array, or raise ValueError."""
    return _numbers(name, value, axes=2)


def increasing(name, value):
    """Return value as a (G,) int array of strictly increasing whole numbers >= 1, or raise ValueError."""
    grid = vector(name, value)
    if (grid != np.floor(grid)).any() or grid[0] < 1:
        raise ValueError(f"{name} must hold whole numbers of at least 1, got {value!r}")
    if (np.diff(grid) <= 0).any():
        raise ValueError(f"{name} must be strictly increasing, got {value!r}")
    return grid.astype(int)
