"""All least-squares fits on the first P columns of X, P = 1, 2, ..., of many X at once.

The errors come as the three coefficients a, b, c of a quadratic in sigma, for y = truth + sigma * noise:
a + 2 b sigma + c sigma^2. Shapes: X (trials, N, P_max); y (trials, N, 2), the truth and the unit noise;
weight (P_max,), the mean square of each feature; target (P_max,), what beta would ideally be.
"""

from typing import NamedTuple

import numpy as np

from ddlib.curves.fast.triangular import divisible, inverse, transposed

__all__ = ["CONDITION_LIMIT", "all_fits", "under_beta"]

# Beyond this condition number of X a fit in double precision is mostly rounding error.
CONDITION_LIMIT = 1e10

# Below this one XX', whose condition number is the square of that, may be used: ten digits are left.
WELL_CONDITIONED = 3e3


class _Errors(NamedTuple):
    """Of some fits: coefficients in sigma (3, ...) of test error, squared norm and training error; norm of the pinv."""

    test: np.ndarray
    norm: np.ndarray
    train: np.ndarray
    pinv_norm: np.ndarray


def all_fits(X, y, weight, target):
    """The fits of every P of every trial.

    Returns
    -------
    test, norm, train : (3, trials, P_max)   coefficients of the test error above its floor, the squared
                                             norm of beta, and the training error
    condition : (trials, P_max)              condition numbers, within a few per cent
    """
    N, P_max = X.shape[1:]
    pieces = []
    chunk = max(10, 8000 // N**2)  # bounds the memory, and keeps it near the processor
    for start in range(0, len(X), chunk):
        part = slice(start, start + chunk)
        fits = _under(X[part, :, :N], y[part], weight, target)
        if P_max > N:
            over = _over(X[part], y[part], weight, target)
            fits = _Errors(*(np.concatenate(pair, axis=-1) for pair in zip(fits, over)))
        pieces.append([fits.test, fits.norm, fits.train, _spectral_norm(X[part]) * fits.pinv_norm])
    return [np.concatenate(parts, axis=-2) for parts in zip(*pieces)]


def _quadratic(u, v, inner):
    """Coefficients in sigma of <u + sigma v, u + sigma v>."""
    return np.stack([inner(u, u), inner(u, v), inner(v, v)])


def _under(X, y, weight, target):
    """P = 1..m <= N: beta_P is a running sum of columns of R^-1 times Q'y, with X = QR."""
    trials, N, m = X.shape
    fitted, noise, R_inv, Qy = under_beta(X, y)
    present = np.triu(np.ones((m, m)))
    gap = fitted - target[:m, None] * present
    test = _quadratic(gap, noise, lambda u, v: np.einsum("k,tkp,tkp->tp", weight[:m], u, v))
    norm = _quadratic(fitted, noise, lambda u, v: np.einsum("tkp,tkp->tp", u, v))
    left = Qy[:, ::-1]
    train = _quadratic(left[..., 0], left[..., 1], lambda u, v: np.cumsum(u * v, axis=1)[:, ::-1])
    train = np.concatenate([train, np.zeros((3, trials, 1))], axis=2)[:, :, 1 : m + 1] / N
    pinv_norm = np.sqrt(np.cumsum((R_inv**2).sum(axis=1), axis=1))
    return _Errors(test, norm, train, pinv_norm)


def under_beta(X, y):
    """beta_P for the truth and for the unit noise (trials, degree, P), R^-1 and Q'y."""
    m = X.shape[2]
    R = np.linalg.qr(np.concatenate([X, y], axis=2), mode="r")  # (trials, min(N, m + 2), m + 2)
    Qy = R[:, :, m:]  # what y has along each new direction, and after m what is left
    R_inv = inverse(divisible(R[:, :m, :m]))
    beta = np.cumsum(R_inv[:, :, :, None] * Qy[:, None, :m, :], axis=2)
    return beta[..., 0], beta[..., 1], R_inv, Qy


def _over(X, y, weight, target):
    """P = N + 1..P_max, in blocks of columns, as _under gives them.

    With X' = QR at the start of a block, a fit beta is held as its coordinates in Q and its entries within the
    block; of all that lies before the block Q'WQ and Q'W target are enough, W the weights. From a well-conditioned
    start the columns of a block are taken in one by one. Up to the last start that is not, they are left out one
    by one from the end of their block, which an ill-conditioned start cannot spoil.
    """
    trials, N, P_max = X.shape
    blocks = -(-(P_max - N) // max(N, 20))
    width = -(-(P_max - N) // blocks)
    spare = blocks * width - (P_max - N)  # rows of zeros fill the last block; they change no fit
    weight, target = np.pad(weight, (0, spare)), np.pad(target, (0, spare))
    first, rows = transposed(X[:, :, :N]), np.pad(transposed(X[:, :, N:]), ((0, 0), (0, spare), (0, 0)))
    rows = rows.reshape(trials, blocks, width, N)
    energy = np.cumsum(weight * target**2)[N - 1 : -1 : width]
    weight_in, target_in = weight[N:].reshape(blocks, width), target[N:].reshape(blocks, width)
    R_inv, G, h, turn = _starts(first, rows, weight, target)
    test, norm = np.empty((2, 3, trials, blocks, width))
    pinv_norm = np.empty((trials, blocks, width))

    trial, block, *chain = _chain(first, rows, turn, weight, target)
    scale = np.sqrt((X**2).sum(axis=(1, 2)))[trial]
    beta, noise, norm[:, trial, block], pinv_norm[trial, block] = _leaving_out(y[trial], scale, *chain)
    test[:, trial, block] = _test_error(beta, noise, *chain[2:], weight_in[block], target_in[block], energy[block])
    trial, block = np.nonzero(np.arange(blocks) >= turn[:, None])
    if len(trial):
        start = R_inv[trial, block - 1], G[trial, block - 1], h[trial, block - 1]  # of the first block there is none
        beta, noise, norm[:, trial, block], pinv_norm[trial, block] = _taking_in(y[trial], rows[trial, block], start[0])
        test[:, trial, block] = _test_error(beta, noise, *start[1:], weight_in[block], target_in[block], energy[block])
    test, norm, pinv_norm = (part.reshape(*part.shape[:-2], -1)[..., : P_max - N] for part in (test, norm, pinv_norm))
    return _Errors(test, norm, np.zeros_like(test), pinv_norm)  # every training example is met exactly


def _starts(first, rows, weight, target):
    """R^-1, Q'WQ and Q'W target at the start of every block but the first, and up to which block they are unfit."""
    N, width = first.shape[2], rows.shape[2]
    weight_in, target_in = weight[N:].reshape(-1, 1, width), target[N:].reshape(-1, width)

    def gram(left, right, left_in, right_in):
        return (left @ right)[:, None] + np.cumsum((left_in @ right_in)[:, :-1], axis=1)

    K = gram(transposed(first), first, transposed(rows), rows)
    scale = np.einsum("...ii->...", K)[..., None, None]
    # the Cholesky factor exists in any case; where this matters, it is not used
    R_inv = inverse(transposed(np.linalg.cholesky(K + 2e-15 * scale * np.eye(N))))
    weighted, weighted_in = transposed(first) * weight[:N], transposed(rows) * weight_in
    G = transposed(R_inv) @ gram(weighted, first, weighted_in, rows) @ R_inv
    h = transposed(R_inv) @ gram(weighted, target[:N, None], weighted_in, target_in[..., None])
    ill = np.sqrt(scale[..., 0, 0]) * np.linalg.norm(R_inv, axis=(-2, -1)) > WELL_CONDITIONED
    return R_inv, G, h[..., 0], 1 + (ill * np.arange(1, len(weight_in))).max(axis=1, initial=0)


def _taking_in(y, rows, R_inv):
    """The fits of blocks (blocks, width, N) that start well conditioned: beta, noise, norm, pinv_norm."""
    B = rows @ R_inv
    # I + BB' = LL', and L's leading parts belong to the fits within the block
    T = transposed(inverse(transposed(np.linalg.cholesky(np.eye(B.shape[1]) + B @ transposed(B))))) @ B
    gamma = transposed(R_inv) @ y
    amounts = T @ gamma
    starts = (_running(gamma[..., [j]], -transposed(T) * amounts[:, None, :, j])[..., 1:] for j in (0, 1))
    beta, noise = (np.concatenate([start, B @ start], axis=1) for start in starts)
    norm = _running(_squares(gamma), -_quadratic(amounts[..., 0], amounts[..., 1], np.multiply))
    pinv = _running((R_inv**2).sum(axis=(1, 2))[:, None], -((T @ transposed(R_inv)) ** 2).sum(axis=2))
    return beta, noise, norm[..., 1:], np.sqrt(pinv[:, 1:])


def _leaving_out(y, scale, Q, R, G, h):
    """The fits of blocks as _chain gives them, from their end: beta, noise, norm, pinv_norm.

    Only orthonormal columns are added up, so that a fit loses no more digits than its own condition number takes.
    """
    N = R.shape[2]
    Q, others, R_inv = Q[..., :N], Q[..., N:], inverse(divisible(R))
    gamma = transposed(R_inv) @ y
    # the last m rows of [Q, others] are orthonormal: 1 - last last' = rest rest', with no cancellation
    last, rest = Q[:, :N:-1, :], others[:, :N:-1, :]
    O, C = np.linalg.qr(transposed(rest))
    C_inv = inverse(divisible(C))
    pinv_end = np.linalg.norm(R_inv, axis=(1, 2))[:, None]
    pinv_norm = np.sqrt(_running(pinv_end**2, ((R_inv @ (transposed(last) @ C_inv)) ** 2).sum(axis=1)))
    amounts = transposed(C_inv) @ (last @ gamma)
    # where the end is beyond double precision, so is all before it: that keeps the value of the end
    amounts[scale * pinv_end[:, 0] > 10 * CONDITION_LIMIT] = 0
    steps = -others @ O  # (blocks, N + width, m): what leaving out one more row adds to beta
    beta, noise = (_running(Q @ gamma[..., [j]], steps * amounts[:, None, :, j]) for j in (0, 1))
    # the steps are orthonormal, and at right angles to the end
    norm = _running(_squares(gamma), _quadratic(amounts[..., 0], amounts[..., 1], np.multiply))
    return (part[..., ::-1] for part in (beta, noise, norm, pinv_norm))


def _test_error(beta, noise, G, h, weight, target, energy):
    """Coefficients (3, blocks, width) of the test error of fits held as _over says."""
    N, width = G.shape[2], target.shape[1]
    present = np.triu(np.ones((width, width)))  # (entry of the block, fit)
    gap, spill = (beta[:, N:] - target[..., None]) * present, noise[:, N:] * present
    start, spill_start = beta[:, :N], noise[:, :N]
    G_start, G_spill = G @ start, G @ spill_start
    test = np.stack([(a * b).sum(axis=1) for a, b in ((start, G_start), (spill_start, G_start), (spill_start, G_spill))])
    test += _quadratic(gap, spill, lambda a, b: (weight[:, None] @ (a * b))[:, 0])
    test[0] += energy[:, None] - 2 * (h[:, None] @ start)[:, 0]
    test[1] -= (h[:, None] @ spill_start)[:, 0]
    return test


def _squares(gamma):
    """Squared lengths (3, ..., 1) of gamma (..., N, 2), as a quadratic in sigma."""
    return _quadratic(gamma[..., 0], gamma[..., 1], lambda a, b: (a * b).sum(axis=-1, keepdims=True))


def _chain(first, rows, turn, weight, target):
    """trial, block, Q, R, G, h of the first turn (trials,) blocks of each trial.

    QR is of the rows up to the end of the block, with Q in the basis of the block before, and complete; G = Q'WQ and
    h = Q'W target are those of its start. R is updated by an orthogonal transformation, which forgets an
    ill-conditioned start.
    """
    N, width, trial = first.shape[2], rows.shape[2], np.arange(len(first))
    Q, R = np.linalg.qr(first)
    G, h = _weighted(Q, weight[:N], target[:N])
    kept = []
    for block in range(turn.max()):
        on = turn[trial] > block
        trial, R, G, h = trial[on], R[on], G[on], h[on]
        Q, R = np.linalg.qr(np.concatenate([R, rows[trial, block]], axis=1), mode="complete")
        R = R[:, :N]
        kept.append((trial, np.full(len(trial), block), Q, R, G, h))
        inside = slice(N + block * width, N + (block + 1) * width)
        old, new = Q[:, :N, :N], Q[:, N:, :N]
        G_new, h_new = _weighted(new, weight[inside], target[inside])
        G, h = transposed(old) @ G @ old + G_new, (h[:, None] @ old)[:, 0] + h_new
    return [np.concatenate(parts) for parts in zip(*kept)]


def _weighted(Q, weight, target):
    """Q'WQ and Q'W target."""
    weighted = transposed(weight[:, None] * Q)
    return weighted @ Q, weighted @ target


def _running(start, steps):
    """start (..., 1) and the running sums of it and the steps (..., m), along the last axis."""
    return np.cumsum(np.concatenate([start, steps], axis=-1), axis=-1)


def _spectral_norm(X):
    """Largest singular value of the first P columns of X for every P, within a few per cent.

    Power iteration at two widths, from the first odd and the first even column; each vector found
    gives a lower bound for every P at once.
    """
    N, P_max = X.shape[1:]
    bounds = []
    for P in {min(N, P_max), P_max}:
        gram = X[:, :, :P] @ transposed(X[:, :, :P])
        v = X[:, :, :2] + 1e-8  # a column that is all zero is no start
        for _ in range(4):
            v = gram @ v
            v /= np.linalg.norm(v, axis=1, keepdims=True)
        bounds.append(np.cumsum((transposed(v) @ X) ** 2, axis=2))
    return np.sqrt(np.concatenate(bounds, axis=1).max(axis=1))
