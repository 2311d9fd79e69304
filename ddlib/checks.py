"""Errors at the public door: each names the argument, its value and what is allowed."""

import math
import numbers
from contextlib import contextmanager

import numpy as np

__all__ = [
    "whole",
    "seed",
    "real",
    "array",
    "vector",
    "matrix",
    "targets",
    "increasing",
    "values",
    "amount",
    "overflow",
    "shown",
]

MOST_WHOLE = 2**53  # beyond it a float no longer holds every whole number
LARGEST = 1e100  # its square and a sum of many squares are still floats
MOST_NUMBERS = 10**8  # in one array: 0.8 GB


def shown(value):
    """The value as a message shows it: its repr, cut to 200 characters."""
    try:
        text = repr(value)
    except Exception:  # Python writes out no whole number of more than 4300 digits, and an object may do anything
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:200]}..."


def _plain(value):
    """A number of numpy's as Python's own; None if it is no real number, or a bool: N=True is a slip, not a size."""
    if isinstance(value, (bool, np.bool_, np.timedelta64)) or not isinstance(value, numbers.Real):
        return None
    return value.item() if isinstance(value, np.generic) else value  # a float32 minds limits that it cannot hold


def whole(name, value, at_least=1, at_most=MOST_WHOLE):
    """Return value as an int, or raise ValueError if it is not a whole number from at_least to at_most."""
    number = _plain(value)
    if number is None or abs(number) == math.inf or number % 1:
        raise ValueError(f"{name} must be a whole number, got {shown(value)}")
    if number < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {shown(value)}")
    if number > at_most:
        raise ValueError(f"{name} must be a whole number of at most {at_most}, got {shown(value)}")
    return int(number)


def seed(seed):
    """Return seed as an int, or raise ValueError if it is not a whole number >= 0, of any length."""
    return whole("seed", seed, at_least=0, at_most=math.inf)


def real(name, value, at_least=-LARGEST, at_most=LARGEST):
    """Return value as a float, or raise ValueError if it is not a finite number from at_least to at_most."""
    number = _plain(value)
    if number is None:
        raise ValueError(f"{name} must be a number, got {shown(value)}")
    if not abs(number) < math.inf:
        raise ValueError(f"{name} must be finite, got {value}")
    if number < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {shown(value)}")
    if number > at_most:
        raise ValueError(f"{name} must be at most {at_most:g}, got {shown(value)}")
    return float(number)


def array(name, value):
    """Return value as an array of finite floats of any shape, none beyond +-1e100, or raise ValueError."""
    numbers_given = _as_floats(name, value)
    good = np.abs(numbers_given) <= LARGEST  # nan is not
    if not good.all():
        bad = numbers_given[~good][0]
        wanted = f"within +-{LARGEST:g}" if np.isfinite(bad) else "only"
        raise ValueError(f"{name} must hold finite numbers {wanted}, got {bad}")
    return numbers_given


def _as_floats(name, value):
    try:
        given = np.asarray(value)
        kind = given.dtype.kind
        # numpy would also read "3" as 3 and None as nan, drop an imaginary part, and forget what is masked
        numeric = kind in "biuf" or (kind == "O" and all(isinstance(item, numbers.Real) for item in given.flat))
        if numeric and not np.ma.is_masked(value):
            with np.errstate(over="ignore"):  # of a longer float, which is then found to be infinite
                return np.asarray(given, dtype=float)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} must be an array of numbers, got {shown(value)}")


def _numbers(name, value, axes):
    numbers_given = array(name, value)
    if numbers_given.ndim not in axes or numbers_given.size == 0:
        wanted = " or ".join(map(str, axes))
        raise ValueError(f"{name} must have {wanted} non-empty axes, got shape {numbers_given.shape}")
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
    whole_numbers = (grid == np.floor(grid)).all() and 1 <= grid.min() and grid.max() <= MOST_WHOLE
    if np.asarray(value).dtype == bool or not whole_numbers:
        raise ValueError(f"{name} must hold whole numbers of at least 1, got {shown(value)}")
    if (np.diff(grid) <= 0).any():
        raise ValueError(f"{name} must be strictly increasing, got {shown(value)}")
    return grid.astype(int)


def values(name, function, x):
    """Return function(x) as a float array of the shape of x, or raise ValueError."""
    if not callable(function):
        raise ValueError(f"{name} must be a function of x, got {shown(function)}")
    y = array(name, function(x))
    if y.shape != x.shape:
        raise ValueError(f"{name} must return one finite value for every x, got shape {y.shape} for {x.shape}")
    return y


def amount(at_most=MOST_NUMBERS, **sizes):
    """Raise ValueError if the product of the sizes exceeds at_most: no memory would hold that, or it would take hours."""
    if math.prod(sizes.values()) > at_most:
        given = ", ".join(f"{name} = {shown(size)}" for name, size in sizes.items())
        raise ValueError(f"{' * '.join(sizes)} must be at most {at_most:,}, got {given}")


@contextmanager
def overflow(names):
    """Within it, a result that floats cannot hold raises ValueError, which lays it on the arguments called names."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            yield
    except FloatingPointError as error:
        raise ValueError(
            f"{names} must give a result that floats can hold, below 1.8e308; got numbers too large or too "
            f"close to 0 for that ({error})"
        ) from None
