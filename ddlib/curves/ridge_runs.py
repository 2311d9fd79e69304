"""Simulated ridge regression on standard normal features: every N, every training set, and any lam and sigma after."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ddlib import checks

__all__ = ["RidgeRuns", "ridge_runs"]


@dataclass(frozen=True, eq=False)
class RidgeRuns:
    """The modes of X for N = 1..N_max of every training set, from which the error of any ridge fit follows.

    Attributes
    ----------
    N (G,), D                    training examples, features
    s2 : (G, trials, D)          squared singular values of X over N; 0 for a mode that N examples do not have
    seen : (G, trials, D)        v_r . beta, with ||beta|| = 1
    heard : (G, trials, D)       u_r . unit noise, over the root of N
    """

    N: np.ndarray
    D: int
    s2: np.ndarray
    seen: np.ndarray
    heard: np.ndarray

    def only(self, N):
        """The same training sets at one N only, 1 <= N <= N_max; raises ValueError for another."""
        N = checks.whole("N", N)
        if N > len(self.N):
            raise ValueError(f"N must be at most {len(self.N)}, got {N}")
        return RidgeRuns(self.N[N - 1 : N], self.D, *(part[N - 1 : N] for part in (self.s2, self.seen, self.heard)))

    def errors(self, lam, sigma, r=1.0):
        """Test errors (trials, G) of the fits with penalty lam on a fresh noisy example, in units of y squared.

        The fit minimises (1/N) ||y - X b||^2 + lam ||b||^2; lam = 0 is the minimum-norm fit. Raises ValueError
        if lam, sigma or r is negative or not finite.
        """
        lam, sigma = checks.real("lam", lam, at_least=0), checks.real("sigma", sigma, at_least=0)
        r = checks.real("r", r, at_least=0)
        there = self.s2 > 0
        damped = there / np.where(there, self.s2 + lam, 1)
        missed = r**2 * np.maximum(1 - (self.seen**2).sum(axis=-1), 0)  # what no example has shown
        # (s2 damped - 1) seen is what the penalty holds back, without a difference of near numbers
        wrong = np.sqrt(self.s2) * damped * sigma * self.heard - there * lam * damped * r * self.seen
        return (missed + (wrong**2).sum(axis=-1)).T + sigma**2


def ridge_runs(N_max, D, trials=50, seed=0):
    """Training sets of a linear model, X standard normal, N = 1..N_max; the first N rows are the same for every N.

    Parameters
    ----------
    N_max, D : int         largest number of training examples; features
    trials, seed : int     training sets; >= 0. Trial t draws from child t of SeedSequence(seed)

    Returns
    -------
    RidgeRuns

    Raises
    ------
    ValueError             if an argument is out of range, or they are too large together

    >>> runs = ridge_runs(N_max=20, D=10)
    >>> bool(np.median(runs.errors(lam=0.0, sigma=0.5), axis=0).argmax() == 9)
    True
    """
    N_max, D = checks.whole("N_max", N_max), checks.whole("D", D)
    trials, seed = checks.whole("trials", trials), checks.seed(seed)
    checks.amount(N_max=N_max, D=D, trials=trials, at_most=10**7)
    checks.amount(**{"N_max**2": N_max**2, "D": D, "trials": trials}, at_most=10**10)  # the work
    return _modes(N_max, D, trials, seed)


@lru_cache(maxsize=4)
def _modes(N_max, D, trials, seed):
    X, noise, beta = (np.empty((trials, *shape)) for shape in ((N_max, D), (N_max, 1), (D, 1)))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        rng = np.random.default_rng(child)
        beta[t] = rng.normal(size=(D, 1))
        beta[t] /= np.linalg.norm(beta[t])
        rows = rng.normal(size=(N_max, D + 1))  # row by row, so that the first N never depend on the rest
        X[t], noise[t] = rows[:, :D], rows[:, D:]
    modes = np.zeros((3, N_max, trials, D))
    for N in range(1, N_max + 1):
        U, s, Vt = np.linalg.svd(X[:, :N], full_matrices=False)
        m = s.shape[1]
        s = np.where(s > max(N, D) * np.finfo(float).eps * s[:, :1], s, 0)
        modes[0, N - 1, :, :m] = s**2 / N
        modes[1, N - 1, :, :m] = (Vt @ beta)[..., 0]
        modes[2, N - 1, :, :m] = (np.swapaxes(U, 1, 2) @ noise[:, :N])[..., 0] / np.sqrt(N)
    modes.flags.writeable = False  # shared by all who ask for the same runs
    return RidgeRuns(np.arange(1, N_max + 1), D, *modes)
