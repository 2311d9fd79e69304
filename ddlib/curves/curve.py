"""Errors along a grid, of whatever model."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ddlib import checks

__all__ = ["Curve"]


@dataclass(frozen=True)
class Curve:
    """Errors along a grid, for every trial.

    Attributes
    ----------
    grid : (G,) int             what runs: P, or N
    train, test : (trials, G)   mean squared errors, in units of y squared
    norm : (trials, G)          Euclidean norm of the fitted beta
    trusted : (trials, G) bool  False where the condition number of X exceeds CONDITION_LIMIT:
                                the value there is finite, but not to be believed
    N, P : int or (G,) int      training examples, fitted parameters; the one that runs is the grid
    sigma : float               noise sd; None where it is not known
    """

    grid: np.ndarray
    train: np.ndarray
    test: np.ndarray
    norm: np.ndarray
    trusted: np.ndarray
    N: int | np.ndarray
    P: int | np.ndarray
    sigma: float
    _again: Callable | None = field(repr=False, default=None)  # the curve of another sigma

    @property
    def threshold(self):
        """Where N = P lies on the grid: the size that does not run."""
        return self.N if np.ndim(self.N) == 0 else self.P

    def quantiles(self, part, q):
        """Quantiles over the trials at each grid point.

        Parameters
        ----------
        part : "train", "test" or "norm"
        q : float or (Q,) float      0.5 is the median

        Returns
        -------
        (G,) or (Q, G) float

        Raises
        ------
        ValueError                   for another part, or a q outside 0..1
        """
        if not isinstance(part, str) or part not in ("train", "test", "norm"):
            raise ValueError(f'part must be "train", "test" or "norm", got {checks.shown(part)}')
        q = checks.array("q", q)
        if not ((q >= 0) & (q <= 1)).all():
            raise ValueError(f"q must lie between 0 and 1, got {checks.shown(q.tolist())}")
        return np.quantile(getattr(self, part), q, axis=0)

    def at_sigma(self, sigma):
        """The same trials under another noise level; nothing is fitted again.

        Raises ValueError for a sigma that is negative or not finite, and for a curve whose noise is the data's own.
        """
        sigma = checks.real("sigma", sigma, at_least=0, at_most=1e100)
        if self._again is None:
            raise ValueError(f"sigma must be left as it is, in data with noise of their own, got {sigma}")
        return self._again(sigma)
