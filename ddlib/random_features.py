"""The whole curve of random ReLU features on the digits: every P, every label noise, from one pass."""

from dataclasses import dataclass, field

import numpy as np

from ddlib import checks
from ddlib.digits import draw_digits, one_hot
from ddlib.features import relu_features

__all__ = ["FeatureCurve", "feature_grid", "feature_curve", "draw_features"]

NEAR = 1.5  # up to this P/N a fit by way of Z Z' is refined
SINGULAR = 1e-11  # of the largest: a smaller singular value is taken for zero
BLOCK = 200  # features made at a time, so that they stay near the processor


@dataclass(frozen=True)
class FeatureCurve:
    """Errors along a grid of P, for every label noise and every draw of digits and features.

    Attributes
    ----------
    grid (G,), label_noise (L,), N
    train (L, draws, G)         squared error on the labels as given, mean over examples and classes
    test (L, draws, G)          squared error on the true labels of all other digits, mean over them and classes
    error (L, draws, G)         share of all other digits that is read wrongly, 0 to 1
    guesses (L, draws, G, M)    the class that each of them is taken for
    """

    grid: np.ndarray
    label_noise: np.ndarray
    N: int
    train: np.ndarray
    test: np.ndarray
    error: np.ndarray
    guesses: np.ndarray = field(repr=False)


def feature_grid(N, P_max=3200):
    """About fifty P from N / 40 to P_max, close together around N = P; a ValueError if N or P_max is below 1.

    >>> feature_grid(200)[[0, -1]].tolist()
    [5, 3200]
    """
    N, P_max = checks.whole("N", N), checks.whole("P_max", P_max)
    shares = np.concatenate([np.geomspace(1 / 40, 0.7, 14), [0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1, 1.025, 1.05,
                             1.075, 1.1, 1.15, 1.2, 1.3, 1.4, 1.6, 1.8], np.geomspace(2, max(P_max / N, 2.01), 18)])
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
    P : (G,) int                         numbers of features, increasing; by default feature_grid(N)
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
    train, test, error, guesses = (np.stack(parts, axis=1) for parts in zip(*fits))
    return FeatureCurve(grid, shares, N, train, test, error, guesses)


def _one_draw(digits, W, grid, shares):
    """train, test, error (L, G) and guesses (L, G, M)."""
    Z = relu_features(digits.X, W)
    T = np.concatenate([one_hot(digits.noisy(share)) for share in shares], axis=1)  # (N, 10 L)
    # a feature that is zero for all training digits gets the weight zero: without it all others are as they were
    alive = np.flatnonzero(Z.any(axis=0) | (np.arange(len(W[0])) == 0))  # the first stays, so that there is one
    counts = np.searchsorted(alive, grid)
    beta, left = _all_fits(Z[:, alive], T, counts)
    scores = _scores(digits.X_new, W[:, alive], beta, counts).reshape(len(grid), len(shares), 10, -1)
    guesses = scores.argmax(axis=2).astype(np.uint8).swapaxes(0, 1)  # (L, G, M)
    scores -= one_hot(digits.labels_new).T.astype(np.float32)  # now the misses
    test = np.einsum("glkm,glkm->lg", scores, scores) / (10 * scores.shape[3])
    train = left.reshape(len(grid), len(shares), 10).mean(axis=2).T / len(T)
    return train, test.astype(float), (guesses != digits.labels_new).mean(axis=2), guesses


def _all_fits(Z, T, counts):
    """beta (G, 10 L, features) in single precision, and the squared residuals (G, 10 L)."""
    N, up_to = len(Z), min(len(Z), counts[-1])
    Q, R = np.linalg.qr(Z[:, :up_to])
    size = np.abs(np.diag(R))
    # columns before the first that depends on others; two features lit by one and the same digit do
    free = int(np.argmin(np.append(size > SINGULAR * size.max(initial=0), False)))
    R_inv, amounts = np.linalg.inv(R[:free, :free]), Q[:, :free].T @ T
    beta = np.zeros((len(counts), T.shape[1], counts[-1]), dtype=np.float32)
    left = np.zeros((len(counts), T.shape[1]))
    gram, done = np.zeros((N, N)), 0
    for g, count in enumerate(counts):
        first = Z[:, :count]
        if count <= free:
            fit = R_inv[:count, :count] @ amounts[:count]
            left[g] = ((T - Q[:, :count] @ amounts[:count]) ** 2).sum(axis=0)
        else:
            gram += Z[:, done:count] @ Z[:, done:count].T
            done = count
            if count >= max(NEAR * N, 65):
                fit = first.T @ np.linalg.solve(gram, T)
            else:
                fit, left[g] = _near(first, T, gram)
        beta[g, :, :count] = fit.T
    return beta, left


def _near(Z, T, gram):
    """The minimum-norm fit where gram = ZZ' may be ill-conditioned, and its squared residuals."""
    try:
        fit = Z.T @ np.linalg.solve(gram, T)
        # gram has the squared condition number: once more, for what is left of T in Z itself
        fit += Z.T @ np.linalg.solve(gram, T - Z @ fit)
        left = ((T - Z @ fit) ** 2).sum(axis=0)
        if left.max() < 1e-12:
            return fit, left
    except np.linalg.LinAlgError:
        pass  # singular: fewer than N independent features
    fit = np.linalg.lstsq(Z, T, rcond=SINGULAR)[0]
    return fit, ((T - Z @ fit) ** 2).sum(axis=0)


def _scores(X, W, beta, counts):
    """Scores (G * 10 L, M) of new digits, in single precision: a block of features at a time, made once for all P."""
    X, W = np.ascontiguousarray(X.T, np.float32), np.ascontiguousarray(W.T, np.float32)
    width, beta = beta.shape[1], beta.reshape(-1, len(W))
    scores = np.zeros((len(beta), X.shape[1]), dtype=np.float32)
    for start in range(0, len(W), BLOCK):
        block = slice(start, start + BLOCK)
        Z = W[block] @ X  # (block, M)
        np.maximum(Z, 0, out=Z)
        first = width * np.searchsorted(counts, start, side="right")  # the fits that reach this block
        scores[first:] += beta[first:, block] @ Z
    return scores
