"""The digits, split into training and new ones, with labels that can be made noisy."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ddlib import checks
from ddlib.datasets.tables import read_table

__all__ = ["Digits", "draw_digits", "one_hot"]


@dataclass(frozen=True)
class Digits:
    """N training digits, all others as new ones, and which labels turn wrong.

    Attributes
    ----------
    X (N, 65), X_new (M, 65)      pixels from 0 to 1, and a constant
    labels (N,), labels_new (M,)  true classes, 0 to 9
    drawn (N,)                    the class that each training digit gets once its label is noisy,
                                  drawn evenly from all ten: one in ten is the true one
    turn (N,)                     the label noise from which on it is noisy
    """

    X: np.ndarray
    X_new: np.ndarray
    labels: np.ndarray
    labels_new: np.ndarray
    drawn: np.ndarray
    turn: np.ndarray

    def noisy(self, label_noise):
        """The training labels when a share label_noise (0 to 1, else a ValueError) is drawn at random (N,)."""
        label_noise = checks.real("label_noise", label_noise, at_least=0, at_most=1)
        return np.where(self.turn < label_noise, self.drawn, self.labels)


@lru_cache(maxsize=1)
def _table():
    return read_table("digits")


def draw_digits(N, rng):
    """N of the 1797 digits for training, in an order drawn at random; all others are new.

    From equal rng states the first N digits are the same for every larger N.

    Parameters
    ----------
    N : int             1 to 1796
    rng : numpy.random.Generator

    Returns
    -------
    Digits              a label that is noisy stays noisy, with the same class, when the noise grows

    Raises
    ------
    ValueError          if N is out of range or rng no Generator

    >>> digits = draw_digits(200, np.random.default_rng(0))
    >>> digits.X.shape, digits.X_new.shape, int((digits.noisy(0.2) != digits.labels).sum())
    ((200, 65), (1597, 65), 38)
    """
    N = checks.whole("N", N)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {checks.shown(rng)}")
    table = _table()
    if N >= len(table.y):
        raise ValueError(f"N must be at most {len(table.y) - 1}, so that a new digit is left, got {N}")
    order, drawn, turn = rng.permutation(len(table.y)), rng.integers(0, 10, N), rng.permutation(N) / N
    X = np.column_stack([table.X / 16, np.ones(len(table.y))])[order]
    labels = table.y[order].astype(int)
    return Digits(X[:N], X[N:], labels[:N], labels[N:], drawn, turn)


def one_hot(labels, K=10):
    """Targets (N, K) of classes (N,): a one in the column of the class."""
    return np.eye(K)[labels]
