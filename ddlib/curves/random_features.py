"""The whole curve of random ReLU features on the digits: every P, every label noise, from one pass."""

from dataclasses import dataclass, field

import numpy as np

from ddlib import checks
from ddlib.curves.fast.feature_sweep import sweep_features
from ddlib.datasets.digits import draw_digits, one_hot
from ddlib.fit.features import relu_features

__all__ = ["FeatureCurve", "feature_grid", "feature_curve", "draw_features"]


@dataclass(frozen=True)
class FeatureCurve:
    """Squared errors at every P, and what is read along a grid of P, for every label noise and every draw.

    Attributes
    ----------
    grid (G,), label_noise (L,), N
    every_train (L, draws, P_max)  at every P = 1, ..., grid[-1]: squared error on the labels as given, mean over
                                   examples and classes
    every_test (L, draws, P_max)   at every P: squared error on the true labels of all other digits, mean over
                                   them and classes
    train, test (L, draws, G)      the same along the grid
    error (L, draws, G)            share of all other digits that is read wrongly, 0 to 1
    guesses (L, draws, G, M)       the class that each of them is taken for
    """

    grid: np.ndarray
    label_noise: np.ndarray
    N: int
    every_train: np.ndarray = field(repr=False)
    every_test: np.ndarray = field(repr=False)
    error: np.ndarray
    guesses: np.ndarray = field(repr=False)

    @property
    def train(self):
        return self.every_train[..., self.grid - 1]

    @property
    def test(self):
        return self.every_test[..., self.grid - 1]


def feature_grid(N, P_max=3200):
    """About fifty P from N / 40 to P_max, close together around N = P; a ValueError if N or P_max is below 1.

    >>> feature_grid(200)[[0, -1]].tolist()
    [5, 3200]
    """
    N, P_max = checks.whole("N", N), checks.whole("P_max", P_max)
    shares = np.concatenate(
        [
            np.geomspace(1 / 40, 0.7, 14),
            [0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1, 1.025, 1.05, 1.075, 1.1, 1.15, 1.2, 1.3, 1.4, 1.6, 1.8],
            np.geomspace(2, max(P_max / N, 2.01), 18),
        ]
    )
    grid = np.unique(np.maximum(np.rint(N * shares), 1).astype(int))
    return grid[grid <= P_max]


def draw_features(N, P, child):
    """The digits and the weights of one draw: Digits, and W (65, P) with entries N(0, 1/64).

    child : numpy.random.SeedSequence. The first columns of W are the same for every larger P.
    """
    # child.spawn would give other streams the second time
    streams = [np.random.SeedSequence(child.entropy, spawn_key=(*child.spawn_key, k)) for k in (0, 1)]
    W = np.random.default_rng(streams[1]).normal(0, 1 / 8, (P, 65)).T
    return draw_digits(N, np.random.default_rng(streams[0])), W


def feature_curve(N=200, P=None, label_noise=0.0, draws=5, seed=0):
    """Minimum-norm fits of the digits on the first P random ReLU features, for every P and label noise.

    Draw t takes its digits, noisy labels and weights from child t of SeedSequence(seed). The fit is linear in
    the labels, so that one pass serves every label noise.

    Parameters
    ----------
    N : int                              training digits, at most 1796
    P : (G,) int                         grid of numbers of features, increasing; by default feature_grid(N).
                                         Squared errors come for every P up to the last
    label_noise : float or (L,) float    share of the training labels that is drawn at random, 0 to 1
    draws, seed : int

    Returns
    -------
    FeatureCurve

    Raises
    ------
    ValueError                           if an argument is out of range, or they are too large together

    >>> curve = feature_curve(N=50, P=[10, 50, 500], draws=3)
    >>> bool(np.median(curve.test[0], axis=0).argmax() == 1)
    True
    """
    N, draws = checks.whole("N", N), checks.whole("draws", draws)
    grid = feature_grid(N) if P is None else checks.increasing("P", P)
    shares = checks.vector("label_noise", np.atleast_1d(checks.array("label_noise", label_noise)))
    checks.amount(P=int(grid[-1]), draws=draws, label_noise=len(shares), at_most=10**6)
    children = np.random.SeedSequence(checks.seed(seed)).spawn(draws)
    fits = [_one_draw(*draw_features(N, int(grid[-1]), child), grid, shares) for child in children]
    return FeatureCurve(grid, shares, N, *(np.stack(parts, axis=1) for parts in zip(*fits)))


def _one_draw(digits, W, grid, shares):
    """train, test (L, P_max), error (L, G) and guesses (L, G, M)."""
    Z = relu_features(digits.X, W)
    T = np.concatenate([one_hot(digits.noisy(share)) for share in shares], axis=1)  # (N, 10 L)
    T_new = np.tile(one_hot(digits.labels_new).T, (len(shares), 1))  # (10 L, M)
    # a feature that is zero for all training digits gets the weight zero: without it all others are as they were
    alive = Z.any(axis=0)
    counts = np.cumsum(alive)
    X_new, W_alive = np.ascontiguousarray(digits.X_new.T), np.ascontiguousarray(W[:, alive].T)
    read = {}

    def new(columns):
        features = W_alive[columns] @ X_new
        return np.maximum(features, 0, out=features)

    def visit(count, scores):
        read[count] = _largest(scores.reshape(len(shares), 10, -1))

    sums = sweep_features(Z[:, alive], T, new, T_new, counts[grid - 1], visit)
    train, test = (errors[:, counts].reshape(len(shares), 10, -1).mean(axis=1) for errors in sums)
    guesses = np.stack([read[count] for count in counts[grid - 1]], axis=1)
    return train / len(T), test / T_new.shape[1], (guesses != digits.labels_new).mean(axis=2), guesses


def _largest(scores):
    """argmax over axis 1 of (L, 10, M), the first of equals; in long rows, which is several times as fast."""
    best, guesses = scores[:, 0].copy(), np.zeros((len(scores), scores.shape[2]), dtype=np.uint8)
    for k in range(1, scores.shape[1]):
        guesses[scores[:, k] > best] = k
        np.maximum(best, scores[:, k], out=best)
    return guesses
