"""All least-squares fits on the first P columns of X, P = 1, 2, ..., of many X at once.

The errors come as the three coefficients a, b, c of a quadratic in sigma, for y = truth + sigma * noise:
a + 2 b sigma + c sigma^2. Shapes: X (trials, N, P_max); y (trials, N, 2), the truth and the unit noise;
weight (P_max,), the mean square of each feature; target (P_max,), what beta would ideally be.
"""

import numpy as np

from ddlib.triangular import divisible, inverse, transposed

__all__ = ["CONDITION_LIMIT", "all_fits", "under_beta"]

# Beyond this condition number of X a fit in double precision is mostly rounding error.
CONDITION_LIMIT = 1e10


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
    chunk = max(8, 400 // N)  # bounds the memory, and keeps it near the processor
    for start in range(0, len(X), chunk):
        part = slice(start, start + chunk)
        fits = _under(X[part, :, :N], y[part], weight, target)
        if P_max > N:
            over = _over(X[part], y[part], weight, target)
            fits = [np.concatenate(pair, axis=-1) for pair in zip(fits, over)]
        *errors, pinv_norm = fits
        pieces.append([*errors, _spectral_norm(X[part]) * pinv_norm])
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
    return test, norm, train, pinv_norm


def under_beta(X, y):
    """beta_P for the truth and for the unit noise (trials, degree, P), R^-1 and Q'y."""
    m = X.shape[2]
    R = np.linalg.qr(np.concatenate([X, y], axis=2), mode="r")  # (trials, min(N, m + 2), m + 2)
    Qy = R[:, :, m:]  # what y has along each new direction, and after m what is left
    R_inv = inverse(divisible(R[:, :m, :m]))
    beta = np.cumsum(R_inv[:, :, :, None] * Qy[:, None, :m, :], axis=2)
    return beta[..., 0], beta[..., 1], R_inv, Qy


def _over(X, y, weight, target):
    """P = N + 1..P_max, in blocks of columns: test, norm, train, pinv_norm, as _under gives them.

    With X' = QR the minimum-norm fit is beta = Q gamma, gamma = R'^-1 y. A block of new rows of X'
    updates R by an orthogonal transformation, which forgets an ill-conditioned start. The fits inside
    a block come from its end, by leaving out its last rows one by one; again only orthonormal columns
    are added up, so that a fit loses no more digits than its own condition number takes. Of all rows
    before a block only Q'WQ and Q'W target are carried along, W the weights.
    """
    trials, N, P_max = X.shape
    blocks = -(-(P_max - N) // max(N, 20))
    width = -(-(P_max - N) // blocks)
    spare = blocks * width - (P_max - N)  # rows of zeros fill the last block; they change no fit
    weight, target = np.pad(weight, (0, spare)), np.pad(target, (0, spare))
    rows = np.pad(transposed(X[:, :, N:]), ((0, 0), (0, spare), (0, 0)))
    Q, R, G, h = _chain(transposed(X[:, :, :N]), rows, width, weight, target)  # (trials, blocks, ...)

    Q, others, R_inv = Q[..., :N], Q[..., N:], inverse(divisible(R))
    gamma = transposed(R_inv) @ y[:, None]
    # the last m rows of [Q, others] are orthonormal: 1 - last last' = rest rest', with no cancellation
    last, rest = Q[..., :N:-1, :], others[..., :N:-1, :]
    O, C = np.linalg.qr(transposed(rest))
    C_inv = inverse(divisible(C))
    pinv_end = np.linalg.norm(R_inv, axis=(-2, -1))[..., None]
    pinv_norm = np.sqrt(_running(pinv_end**2, ((R_inv @ (transposed(last) @ C_inv)) ** 2).sum(axis=-2)))
    amounts = transposed(C_inv) @ (last @ gamma)
    # where the end is beyond double precision, so is all before it: that keeps the value of the end
    amounts[np.linalg.norm(X, axis=(1, 2))[:, None] * pinv_end[..., 0] > 10 * CONDITION_LIMIT] = 0
    steps = -others @ O  # (trials, blocks, N + width, m): what leaving out one more row adds to beta
    beta, noise = (_running(Q @ gamma[..., [j]], steps * amounts[..., None, :, j]) for j in (0, 1))

    weight, energy = weight[N:].reshape(blocks, 1, width), np.cumsum(weight * target**2)
    present = np.tri(width)[::-1].T  # (row, m): m counts the rows left out
    gap, spill = (beta[..., N:, :] - target[N:].reshape(blocks, width, 1)) * present, noise[..., N:, :] * present
    start, spill_start = beta[..., :N, :], noise[..., :N, :]
    G_start, G_spill = G @ start, G @ spill_start
    test = np.stack([(a * b).sum(axis=-2) for a, b in (
        (start, G_start), (spill_start, G_start), (spill_start, G_spill))])
    test += _quadratic(gap, spill, lambda a, b: (weight @ (a * b))[..., 0, :])
    test[0] += energy[N - 1 : -1 : width, None] - 2 * (h[..., None, :] @ start)[..., 0, :]
    test[1] -= (h[..., None, :] @ spill_start)[..., 0, :]
    # the steps are orthonormal, and at right angles to the end
    norm = _running(_quadratic(gamma[..., 0], gamma[..., 1], lambda a, b: (a * b).sum(axis=-1, keepdims=True)),
                    _quadratic(amounts[..., 0], amounts[..., 1], np.multiply))
    test, norm, pinv_norm = (part[..., ::-1].reshape(*part.shape[:-2], -1)[..., : P_max - N]
                             for part in (test, norm, pinv_norm))
    return test, norm, np.zeros_like(test), pinv_norm  # every training example is met exactly


def _chain(first, rows, width, weight, target):
    """QR of the rows up to the end of each block, Q in the basis of the block before; G and h at its start."""
    N = first.shape[2]
    Q, R = np.linalg.qr(first)
    G, h = _weighted(Q, weight[:N], target[:N])
    kept = []
    for start in range(0, rows.shape[1], width):
        block = slice(N + start, N + start + width)
        Q, R = np.linalg.qr(np.concatenate([R, rows[:, start : start + width]], axis=1), mode="complete")
        R = R[:, :N]
        kept.append((Q, R, G, h))
        old, new = Q[:, :N, :N], Q[:, N:, :N]
        G_new, h_new = _weighted(new, weight[block], target[block])
        G, h = transposed(old) @ G @ old + G_new, (h[:, None] @ old)[:, 0] + h_new
    return (np.stack(parts, axis=1) for parts in zip(*kept))


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
