"""All least-squares fits on the first N rows of X, N = 1, 2, ..., of many X at once.

For y = X beta + sigma * noise the fit has a part that beta gives and a part that the noise gives.
Shapes: X (trials, N_max, P), noise (trials, N_max), beta (trials, P) of norm 1.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from ddlib.curves.fast.triangular import divisible, inverse, transposed

__all__ = ["Growth", "all_sizes"]

# Where the pseudo-inverse at N = P is larger than HARD, X'X loses too many digits for the next NEAR rows.
HARD, NEAR = 500, 5


class Growth(NamedTuple):
    """Of every trial and N, (trials, N_max) each.

    missed       squared norm of what the fit misses of beta, with no noise
    spread       squared norm of what the noise adds to the fit
    cross        inner product of beta and what the noise adds
    left         the noise less its fit: sum of squares over the N rows
    pinv_norm    Frobenius norm of the pseudo-inverse of X; well beyond N = P a bound on it
    """

    missed: np.ndarray
    spread: np.ndarray
    cross: np.ndarray
    left: np.ndarray
    pinv_norm: np.ndarray


def all_sizes(X, noise, beta):
    """The fits of every N of every trial.

    Returns
    -------
    Growth
    """
    trials, N_max, P = X.shape
    growth = Growth(*np.empty((5, trials, N_max)))
    S, fit = np.empty((trials, P, min(N_max, P))), np.empty((trials, P))
    _in_chunks(
        np.arange(trials), 30_000 // P**2, _upto_P, (X[:, :P], noise[:, :P], beta), [part[:, :P] for part in growth] + [S, fit]
    )
    if N_max > P:
        hard = growth.pinv_norm[:, P - 1] > HARD
        for which, near in ((hard, NEAR), (~hard, 0)):
            ends = _block_ends(N_max - P, P, near)
            _in_chunks(
                np.flatnonzero(which),
                90_000 // (max(np.diff(ends)) + P) ** 2,
                partial(_beyond_P, ends=ends),
                (X[:, P:], noise[:, P:], beta, S, fit),
                [part[:, P:] for part in growth],
            )
    return growth


def _in_chunks(which, size, function, arrays, results):
    """results[which] = function(arrays[which]), a few trials at a time: what is worked on stays near the processor."""
    size = max(size, 4)
    for start in range(0, len(which), size):
        few = which[start : start + size]
        for result, part in zip(results, function(*(array[few] for array in arrays))):
            result[few] = part


def _block_ends(rows, P, near):
    """Where the blocks of rows beyond N = P end: a few, then long ones of one width."""
    near = min(near, rows)
    blocks = -(-(rows - near) // max(2 * P, 20))
    return [0] * (near > 0) + [near + (rows - near) * k // max(blocks, 1) for k in range(blocks + 1)]


def _upto_P(X, noise, beta):
    """N <= P: with X' = QR each row brings one new direction, a column of Q, and novelty, the diagonal of R."""
    N, P = X.shape[1:]
    Q, R = np.linalg.qr(transposed(X))
    R_inv = inverse(divisible(R))
    told = (beta[:, None] @ Q)[:, 0]  # surprise / novelty, of beta alone
    moved = (noise[:, None] @ R_inv)[:, 0]  # and of the noise alone
    missed = np.maximum(1 - np.cumsum(told**2, axis=1), 0)
    if N == P:
        missed[:, -1] = 0  # there is no further direction
    return [
        missed,
        np.cumsum(moved**2, axis=1),
        np.cumsum(told * moved, axis=1),
        np.zeros_like(missed),
        np.sqrt(np.cumsum(np.einsum("tpn,tpn->tn", R_inv, R_inv), axis=1)),
        Q @ transposed(R_inv),
        _dot(Q, moved),
    ]


def _beyond_P(X, noise, beta, S, fit, ends):
    """N > P, in blocks of rows B: recursive least squares in square-root form, S S' the inverse of X'X so far.

    With V = B S the triangular factor of [[I + VV', V], [V', I]] holds the block's novelties, its gains, and
    what S becomes.
    """
    trials, rows, P = X.shape
    fits, surprises, pinv_norm = (np.empty((trials, rows, P)), *np.empty((2, trials, rows)))
    for start, end in zip(ends, ends[1:]):
        block = slice(start, end)
        B, d = X[:, block], noise[:, block] - _dot(X[:, block], fit)
        near = start == 0 and end <= NEAR
        gains, g, S_new = (_near if near else _far)(B @ S, d)
        after = S @ S_new if end < rows or near else S
        pinv_norm[:, block] = _near_norm(S, gains, after) if near else np.linalg.norm(S, axis=(1, 2))[:, None]
        steps = gains.transpose(1, 0, 2) * g.T[:, :, None]  # (rows, trials, P): a sum along it runs fast
        np.cumsum(steps, axis=0, out=steps)
        np.matmul(steps.transpose(1, 0, 2), transposed(S), out=fits[:, block])
        fits[:, block] += fit[:, None]
        fit, surprises[:, block], S = fits[:, end - 1], g, after
    return [
        np.zeros((trials, rows)),
        np.einsum("tnp,tnp->tn", fits, fits),
        _dot(fits, beta),
        np.cumsum(surprises**2, axis=1),
        pinv_norm,
    ]


def _near(V, d):
    """The factor by a QR of [[I, 0], [V', I]], which squares nothing: just beyond N = P, V is large."""
    trials, w, P = V.shape
    A = np.empty((trials, w + P, w + P))
    A[...] = np.eye(w + P)
    A[:, w:, :w] = transposed(V)
    R = np.linalg.qr(A, mode="r")
    return R[:, :w, w:], np.linalg.solve(transposed(R[:, :w, :w]), d[:, :, None])[:, :, 0], transposed(R[:, w:, w:])


def _near_norm(S, gains, after):
    """Frobenius norm of S after each row, from the last one back: so nothing is subtracted."""
    gained = np.einsum("twp,twp->tw", *[gains @ transposed(S)] * 2)
    last = np.einsum("tpq,tpq->t", after, after)
    return np.sqrt(last[:, None] + np.cumsum(gained[:, ::-1], axis=1)[:, ::-1] - gained)


def _far(V, d):
    """The factor by a Cholesky decomposition; d, bordering the matrix, comes out divided by the factor."""
    trials, w, P = V.shape
    n = w + P + 1
    A = np.empty((trials, n, n))  # only the lower triangle is read
    A[:, :w, :w] = V @ transposed(V)
    np.einsum("tii->ti", A[:, :w, :w])[...] += 1
    A[:, w:-1, :w], A[:, w:-1, w:-1] = transposed(V), np.eye(P)
    A[:, -1, :w], A[:, -1, w:-1] = d, 0
    A[:, -1, -1] = 2 * (d**2).sum(axis=1) + 1  # enough for any V
    L = np.linalg.cholesky(A)
    return transposed(L[:, w:-1, :w]), L[:, -1, :w], L[:, w:-1, w:-1]


def _dot(A, b):
    """A (trials, n, P) times b (trials, P)."""
    return (A @ b[:, :, None])[:, :, 0]
