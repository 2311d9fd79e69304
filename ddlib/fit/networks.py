"""Two-layer ReLU networks, many at once, trained by Adam on all examples in every step.

A network with H hidden units has hidden weights A (D + 1, H), the last row for the constant that X ends with,
and output weights B (H + 1, K), the last row added to the scores. All functions take stacks: A (..., D + 1, H)
and X (..., N, D + 1). A unit whose weights are all zero stays so, for its slopes are zero: networks of
different widths make one stack when the narrow ones are filled up with zeros.
"""

import numpy as np

from ddlib import checks
from ddlib.datasets.digits import draw_digits, one_hot

__all__ = ["count", "start", "scores", "loss_and_slopes", "train", "Trained", "train_on_digits", "centred"]

RATE = 3e-3


def count(width, D=64, K=10):
    """The number of parameters P of a network with `width` hidden units; a ValueError if a size is below 1.

    >>> count(66)
    4960
    """
    width, D, K = checks.whole("width", width), checks.whole("D", D), checks.whole("K", K)
    return (D + 1) * width + (width + 1) * K


def start(width, rng, D=64, K=10):
    """Weights to begin with: A ~ N(0, 2/D) and B ~ N(0, 1/width), no constants.

    From equal rng states the first units are the same, but for the scale of B, for every larger width.

    Parameters
    ----------
    width : int                hidden units
    rng : numpy.random.Generator

    Returns
    -------
    A (D + 1, width), B (width + 1, K)

    Raises
    ------
    ValueError                 if a size is below 1, they are too large together, or rng is no Generator

    Source: the scale of A is He et al. (2015), Delving deep into rectifiers.
    """
    width, D, K = checks.whole("width", width), checks.whole("D", D), checks.whole("K", K)
    checks.amount(width=width, D=D + K)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {checks.shown(rng)}")
    units = rng.normal(size=(width, D + K))
    A = np.vstack([units[:, :D].T * np.sqrt(2 / D), np.zeros((1, width))])
    return A, np.vstack([units[:, D:] / np.sqrt(width), np.zeros((1, K))])


def scores(A, B, X):
    """The scores (..., N, K) of a network for inputs X (..., N, D + 1)."""
    return np.maximum(X @ A, 0) @ B[..., :-1, :] + B[..., -1:, :]


def loss_and_slopes(A, B, X, T):
    """Squared error summed over classes, mean over examples, and its slopes.

    A (..., D + 1, H), B (..., H + 1, K), X (..., N, D + 1), T (..., N, K)

    Returns
    -------
    loss (...), dA, dB         the slopes have the shapes of A and B

    >>> A, B = start(3, np.random.default_rng(0), D=1, K=1)
    >>> loss, dA, dB = loss_and_slopes(A, B, np.ones((5, 2)), np.zeros((5, 1)))
    >>> dA.shape, dB.shape
    ((2, 3), (4, 1))
    """
    Z = X @ A  # (..., N, H)
    np.maximum(Z, 0, out=Z)
    error = Z @ B[..., :-1, :]
    error += B[..., -1:, :] - T
    loss = (error**2).sum(axis=(-2, -1)) / T.shape[-2]
    error *= 2 / T.shape[-2]
    back = error @ np.swapaxes(B[..., :-1, :], -1, -2)
    back *= Z > 0
    dB = np.concatenate([np.swapaxes(Z, -1, -2) @ error, error.sum(axis=-2, keepdims=True)], axis=-2)
    return loss, np.swapaxes(X, -1, -2) @ back, dB


def train(A, B, X, T, at, rate=RATE):
    """Adam on all examples in every step; a generator that stops at the steps it is asked for.

    Parameters
    ----------
    A, B, X, T                 as in loss_and_slopes; A and B are left as they are
    at : (G,) int              steps, increasing
    rate : float               size of a step

    Yields
    ------
    step, A, B                 after each step in `at`

    Raises
    ------
    ValueError                 if at is no increasing grid, or rate not positive

    Source: Kingma and Ba (2015), Adam, with its constants 0.9, 0.999 and 1e-8.
    """
    at, rate = checks.increasing("at", at), checks.real("rate", rate, at_least=1e-12)
    A, B = A.copy(), B.copy()
    moments = [np.zeros_like(part) for part in (A, B, A, B)]
    wanted = set(at.tolist())
    for step in range(1, int(at[-1]) + 1):
        _, *slopes = loss_and_slopes(A, B, X, T)
        size = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        small = 1e-8 * np.sqrt(1 - 0.999**step)
        for theta, slope, mean, square in zip((A, B), slopes, moments[:2], moments[2:]):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            theta -= size * mean / (np.sqrt(square) + small)
        if step in wanted:
            yield step, A.copy(), B.copy()


class Trained(dict):
    """One row of a sweep: width, P, seed, label_noise, step, train_loss, test_loss, test_error."""


def train_on_digits(widths, seeds, label_noise, at, N=500):
    """Train a network of every width on the digits of every seed, all in one pass.

    The inputs are pixels from 0 to 1 less their mean over the training digits. A seed stands for the
    digits, their noisy labels and the weights to begin with; the first units of every width are the same.

    Parameters
    ----------
    widths, seeds : lists of int
    label_noise : float        share of the training labels that is drawn at random, 0 to 1
    at : (G,) int              steps at which to measure, increasing
    N : int                    training digits

    Returns
    -------
    list of Trained            losses: squared error summed over classes, mean over examples; train_loss on the
                               labels as given, test_loss on the true ones of all other digits; test_error the
                               share of those that are read wrongly, 0 to 1

    Raises
    ------
    ValueError                 if an argument is out of range, or they are too large together

    >>> rows = train_on_digits([2, 5], [0], 0.2, at=[1, 10], N=50)
    >>> [(row["width"], row["P"], row["step"]) for row in rows]
    [(2, 160, 1), (2, 160, 10), (5, 385, 1), (5, 385, 10)]
    """
    widths = [checks.whole("widths", width) for width in _listed("widths", widths)]
    seeds = [checks.whole("seeds", seed, at_least=0) for seed in _listed("seeds", seeds)]
    if not widths or not seeds:
        raise ValueError(f"widths and seeds must not be empty, got {widths} and {seeds}")
    checks.amount(widths=max(widths) * len(widths), seeds=len(seeds), at_most=10**5)
    checks.amount(at=int(checks.increasing("at", at)[-1]), at_most=10**5)
    digits = {seed: draw_digits(N, np.random.default_rng(seed)) for seed in seeds}
    targets = {seed: one_hot(digits[seed].noisy(label_noise)) for seed in seeds}
    jobs = [(width, seed) for width in widths for seed in seeds]
    A, B = np.zeros((len(jobs), 65, max(widths))), np.zeros((len(jobs), max(widths) + 1, 10))
    for j, (width, seed) in enumerate(jobs):
        # another stream than that of the digits
        A[j, :, :width], out = start(width, np.random.default_rng([seed, 1]))
        B[j, :width], B[j, -1] = out[:-1], out[-1]
    X = np.stack([centred(digits[seed].X, digits[seed].X) for _, seed in jobs])
    T = np.stack([targets[seed] for _, seed in jobs])
    rows = []
    for step, A, B in train(A, B, X, T, at):
        for j, (width, seed) in enumerate(jobs):
            new = scores(A[j], B[j], centred(digits[seed].X_new, digits[seed].X))
            fitted, labels_new = scores(A[j], B[j], X[j]), digits[seed].labels_new
            rows.append(
                Trained(
                    width=width,
                    P=count(width),
                    seed=seed,
                    label_noise=float(label_noise),
                    step=step,
                    train_loss=float(((fitted - T[j]) ** 2).sum(axis=1).mean()),
                    test_loss=float(((new - one_hot(labels_new)) ** 2).sum(axis=1).mean()),
                    test_error=float(np.mean(new.argmax(axis=1) != labels_new)),
                )
            )
    return sorted(rows, key=lambda row: (jobs.index((row["width"], row["seed"])), row["step"]))


def _listed(name, value):
    if not isinstance(value, (list, tuple, range, np.ndarray)) or getattr(value, "ndim", 1) != 1:
        raise ValueError(f"{name} must be a list of whole numbers, got {checks.shown(value)}")
    return value.tolist() if isinstance(value, np.ndarray) else value


def centred(X, X_train):
    """X (M, 65) with the mean of the training pixels taken off; the constant stays."""
    return X - np.append(X_train[:, :-1].mean(axis=0), 0)
