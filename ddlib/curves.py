"""The whole curve at once: every P, every trial, from one pass over the columns."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from ddlib import checks
from ddlib.datasets import draw_trials, wave
from ddlib.features import legendre

__all__ = ["Curve", "polynomial_curve", "BiasVariance", "bias_variance", "CONDITION_LIMIT"]

# Beyond this condition number of X a fit in double precision is mostly rounding error.
CONDITION_LIMIT = 1e10


@dataclass(frozen=True)
class Curve:
    """Errors along a grid, for every trial.

    Attributes
    ----------
    grid : (G,) int             the P of each point
    train, test : (trials, G)   mean squared errors, in units of y squared
    norm : (trials, G)          Euclidean norm of the fitted beta
    trusted : (trials, G) bool  False where the condition number of X exceeds CONDITION_LIMIT:
                                the value there is finite, but not to be believed
    N, sigma                    training examples, noise sd
    """

    grid: np.ndarray
    train: np.ndarray
    test: np.ndarray
    norm: np.ndarray
    trusted: np.ndarray
    N: int
    sigma: float
    _fits: "_Fits" = field(repr=False, default=None)

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
        if part not in ("train", "test", "norm"):
            raise ValueError(f'part must be "train", "test" or "norm", got {part!r}')
        q = checks.array("q", q)
        if not ((q >= 0) & (q <= 1)).all():
            raise ValueError(f"q must lie between 0 and 1, got {q.tolist()}")
        return np.quantile(getattr(self, part), q, axis=0)

    def at_sigma(self, sigma):
        """The same trials under another noise level; nothing is fitted again."""
        return self._fits.curve(self.grid, checks.real("sigma", sigma, at_least=0, at_most=1e100))


def polynomial_curve(N, P, sigma=0.0, trials=30, seed=0, truth=wave):
    """Train and test error of minimum-norm Legendre regression (degrees 1..P), along P.

    The test error is the exact expectation over a fresh noisy example with x ~ U(-1, 1): the
    polynomials are orthogonal there, so it is a sum over degrees and needs no test points.
    Trial t draws its examples from child t of SeedSequence(seed), with draw_curve: it sees the
    same x and the same unit noise for every P and sigma, and its first N are the same for every N.

    Parameters
    ----------
    N : int                    training examples
    P : (G,) int               numbers of parameters, increasing
    sigma : float              noise sd, in units of y
    trials : int               training sets
    seed : int                 >= 0
    truth : function           noiseless y of x, vectorised, on [-1, 1]

    Returns
    -------
    Curve

    Raises
    ------
    ValueError                 if an argument is out of range

    Source: the setting is Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> curve = polynomial_curve(N=15, P=[5, 15, 200], trials=100)
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    N, trials = checks.whole("N", N), checks.whole("trials", trials)
    grid = checks.increasing("P", P)
    sigma = checks.real("sigma", sigma, at_least=0, at_most=1e100)
    seed = checks.whole("seed", seed, at_least=0)
    if not callable(truth):
        raise ValueError(f"truth must be a function of x, got {truth!r}")
    return _fit_all(N, int(grid[-1]), trials, seed, truth).curve(grid, sigma)


@dataclass(frozen=True)
class BiasVariance:
    """The expected test error split in three, in units of y squared: bias2 + variance + sigma^2.

    grid, bias2, variance : (G,)
    """

    grid: np.ndarray
    bias2: np.ndarray
    variance: np.ndarray
    sigma: float

    @property
    def total(self):
        """The expected test error on a fresh noisy example (G,)."""
        return self.bias2 + self.variance + self.sigma**2


def bias_variance(N, P, sigma=0.0, trials=200, seed=0, truth=wave):
    """Squared bias and variance of Legendre regression, computed over many training sets.

    The training sets are those of polynomial_curve. bias2 is the squared error of the mean fit,
    variance the mean squared distance of the fits from it, both averaged over x ~ U(-1, 1).

    Parameters, errors        as polynomial_curve; every P at most N (beyond, the variance is not finite)

    Returns
    -------
    BiasVariance
    """
    N, trials = checks.whole("N", N), checks.whole("trials", trials)
    grid = checks.increasing("P", P)
    if grid[-1] > N:
        raise ValueError(f"P must not exceed N = {N}, got {grid[-1]}")
    sigma = checks.real("sigma", sigma, at_least=0, at_most=1e100)
    seed = checks.whole("seed", seed, at_least=0)
    fitted, noise, target, tail = _under_fits(N, int(grid[-1]), trials, seed, truth)
    beta = fitted + sigma * noise
    mean = beta.mean(axis=0)
    weight = 1 / (2 * np.arange(1, len(mean) + 1) + 1)
    gap = mean - target[:, None] * np.triu(np.ones_like(mean))
    bias2 = weight @ gap**2 + tail
    variance = weight @ beta.var(axis=0)
    return BiasVariance(grid, bias2[grid - 1], variance[grid - 1], sigma)


@lru_cache(maxsize=8)
def _under_fits(N, P_max, trials, seed, truth):
    x, noise = draw_trials(N, trials, seed)
    X = legendre(x.ravel(), P_max).reshape(trials, N, P_max)
    fitted, unit, _, _ = _under_beta(X, np.stack([checks.values("truth", truth, x), noise], axis=2))
    return fitted, unit, *_legendre_series(truth, P_max)


@dataclass(frozen=True, eq=False)
class _Fits:
    """All fits of all trials, with the noise level left open.

    beta is linear in y = truth + sigma * noise, so each squared error is a + 2 b sigma + c sigma^2.
    The three coefficients of each are stacked along the first axis: (3, trials, P_max).
    """

    N: int
    train: np.ndarray
    test: np.ndarray
    norm: np.ndarray
    trusted: np.ndarray

    def curve(self, grid, sigma):
        columns = slice(None) if len(grid) == grid[-1] else grid - 1

        def at_sigma(quadratic):
            a, b, c = quadratic[:, :, columns]
            return np.maximum((c * sigma + 2 * b) * sigma + a, 0)  # rounding can pass below 0

        return Curve(grid, at_sigma(self.train), at_sigma(self.test) + sigma**2,
                     np.sqrt(at_sigma(self.norm)), self.trusted[:, columns].copy(), self.N, sigma, self)


@lru_cache(maxsize=8)
def _fit_all(N, P_max, trials, seed, truth):
    x, noise = draw_trials(N, trials, seed)  # (trials, N) each
    X = legendre(x.ravel(), P_max).reshape(trials, N, P_max)
    y = np.stack([checks.values("truth", truth, x), noise], axis=2)  # (trials, N, 2): fitted side by side
    weight = 1 / (2 * np.arange(1, P_max + 1) + 1)  # mean square of each degree
    target, tail = _legendre_series(truth, P_max)
    under = _under(X[:, :, :N], y, weight, target)
    over = _over(X, y, weight, target) if P_max > N else []
    pieces = [np.concatenate(parts, axis=-1) for parts in zip(under, *over)]
    test, norm, train, pinv_norm = pieces
    test[0] += tail
    trusted = _spectral_norm(X) * pinv_norm < CONDITION_LIMIT
    return _Fits(N, train, test, norm, trusted)


@lru_cache(maxsize=8)
def _legendre_series(truth, K):
    """Legendre coefficients of truth, degrees 1..K, and the mean square that P < k leaves out, P = 1..K."""
    nodes = K + 1024
    theta = (np.arange(nodes) + 0.5) * np.pi / nodes
    x = np.cos(theta)
    # Fejer's quadrature: closed-form nodes and weights, exact below degree `nodes`
    even = np.arange(2, nodes, 2)
    chance = (1 - 2 * (np.cos(np.outer(theta, even)) / (even**2 - 1)).sum(axis=1)) / nodes
    values = checks.values("truth", truth, x)
    degrees = np.arange(1, K + 1)
    series = (2 * degrees + 1) * ((chance * values) @ legendre(x, K))
    energy = series**2 / (2 * degrees + 1)
    beyond_K = max(chance @ values**2 - energy.sum(), 0.0)  # the constant is among it
    tail = np.append(np.cumsum(energy[:0:-1])[::-1], 0.0) + beyond_K
    return series, tail


def _quadratic(u, v, inner):
    """Coefficients in sigma of <u + sigma v, u + sigma v>."""
    return np.stack([inner(u, u), inner(u, v), inner(v, v)])


def _under(X, y, weight, target):
    """P = 1..m <= N: beta_P is a running sum of columns of R^-1 times Q'y, with X = QR."""
    trials, N, m = X.shape
    fitted, noise, R_inv, Qy = _under_beta(X, y)
    present = np.triu(np.ones((m, m)))
    gap = fitted - target[:m, None] * present
    test = _quadratic(gap, noise, lambda u, v: np.einsum("k,tkp,tkp->tp", weight[:m], u, v))
    norm = _quadratic(fitted, noise, lambda u, v: np.einsum("tkp,tkp->tp", u, v))
    left = Qy[:, ::-1]
    train = _quadratic(left[..., 0], left[..., 1], lambda u, v: np.cumsum(u * v, axis=1)[:, ::-1])
    train = np.concatenate([train, np.zeros((3, trials, 1))], axis=2)[:, :, 1 : m + 1] / N
    pinv_norm = np.sqrt(np.cumsum((R_inv**2).sum(axis=1), axis=1))
    return test, norm, train, pinv_norm


def _under_beta(X, y):
    """beta_P for the truth and for the unit noise (trials, degree, P), R^-1 and Q'y."""
    m = X.shape[2]
    R = np.linalg.qr(np.concatenate([X, y], axis=2), mode="r")  # (trials, min(N, m + 2), m + 2)
    Qy = R[:, :, m:]  # what y has along each new direction, and after m what is left
    R_inv = np.linalg.inv(_regular(R[:, :m, :m]))
    beta = np.cumsum(R_inv[:, :, :, None] * Qy[:, None, :m, :], axis=2)
    return beta[..., 0], beta[..., 1], R_inv, Qy


def _regular(R):
    """R with a diagonal that can be divided by; what it changes is far beyond CONDITION_LIMIT."""
    size = np.abs(R).max(axis=(1, 2), keepdims=True)
    tiny = np.abs(R) < 1e-20 * size
    return np.where(tiny & np.eye(R.shape[1], dtype=bool), 1e-20 * size, R)


def _over(X, y, weight, target):
    """P > N, in blocks of columns; yields test, norm, train, pinv_norm of each block.

    With X' = QR the fit is beta = Q u, u = R'^-1 y. A block of new rows of X' updates R by an
    orthogonal transformation, which forgets an ill-conditioned start; the fits inside the block
    come from its end, by leaving rows out. Of Q only Q'WQ and Q'W target are carried along.
    """
    trials, N, P_max = X.shape
    size = np.linalg.norm(X, axis=(1, 2))
    Q, R = np.linalg.qr(np.swapaxes(X[:, :, :N], 1, 2))
    G, h = _weighted(Q, weight[:N], target[:N])
    P, width = N, 1
    while P < P_max:
        block = slice(P, min(P + width, P_max))
        rows = np.swapaxes(X[:, :, block], 1, 2)
        Q, R_end = np.linalg.qr(np.concatenate([R, rows], axis=1))
        old, new = Q[:, :N], Q[:, N:]  # (trials, N, N), (trials, width, N)
        R_inv = np.linalg.inv(_regular(R_end))
        V = _leave_out(new, size * np.linalg.norm(R_inv, axis=(1, 2)) < 10 * CONDITION_LIMIT)
        if V is None:
            width = (block.stop - P) // 2
            continue
        G, h = np.swapaxes(old, 1, 2) @ G @ old, (h[:, None] @ old)[:, 0]
        before = weight[:P] @ target[:P] ** 2
        yield _block(y, R_inv, V, new, G, h, before, weight[block], target[block])
        G_new, h_new = _weighted(new, weight[block], target[block])
        P, R, G, h = block.stop, R_end, G + G_new, h + h_new
        width = min(2 * width, max(N, 16))


def _weighted(Q, weight, target):
    """Q'WQ and Q'W target."""
    weighted = np.swapaxes(weight[:, None] * Q, 1, 2)
    return weighted @ Q, weighted @ target


def _leave_out(new, wanted):
    """V' with (1 - the last m rows of new, squared)^-1 = 1 + V_m'V_m, m < width; None if inexact.

    Trials that are not wanted (their end is beyond double precision) get the value of the end.
    """
    last = np.where(wanted[:, None, None], new[:, :0:-1], 0.0)  # (trials, width - 1, N)
    try:
        C = np.linalg.cholesky(np.eye(last.shape[1]) - last @ np.swapaxes(last, 1, 2))
    except np.linalg.LinAlgError:
        return None
    # the square of a pivot is lost in digits: it is what one row does for the condition number
    if (np.diagonal(C, axis1=1, axis2=2) < 1e-4).any():
        return None
    return np.swapaxes(np.linalg.solve(C, last), 1, 2)


def _block(y, R_inv, V, new, G, h, before, weight, target):
    """The fits at every P of one block; m counts the rows left out, from its end."""
    trials, width, N = new.shape
    present = np.tri(width)[::-1].T  # (row, m)

    def without(end):  # (trials, N) at the end of the block -> (trials, N, m)
        steps = V * (end[:, None] @ V)
        return np.cumsum(np.concatenate([end[:, :, None], steps], axis=2), axis=2)

    gamma = np.swapaxes(R_inv, 1, 2) @ y  # (trials, N, 2)
    u, v = without(gamma[:, :, 0]), without(gamma[:, :, 1])
    gap, noise = (new @ u - target[:, None]) * present, (new @ v) * present
    test = _quadratic(u, v, lambda a, b: (a * (G @ b)).sum(axis=1))
    test += _quadratic(gap, noise, lambda a, b: weight @ (a * b))
    test[0] += before - 2 * (h[:, None] @ u)[:, 0]
    test[1] -= (h[:, None] @ v)[:, 0]
    norm = np.stack([(a * gamma[:, :, j, None]).sum(axis=1) for a, j in ((u, 0), (u, 1), (v, 1))])
    gain = np.concatenate([R_inv, R_inv @ V], axis=2)
    pinv_norm = np.sqrt(np.cumsum((gain**2).sum(axis=1), axis=1)[:, N - 1 :])
    train = np.zeros_like(test)  # every example is met exactly
    return [part[..., ::-1] for part in (test, norm, train, pinv_norm)]


def _spectral_norm(X):
    """Largest singular value of the first P columns of X for every P, within a few per cent.

    Power iteration at two widths, from the first odd and the first even column; each vector found
    gives a lower bound for every P at once.
    """
    N, P_max = X.shape[1:]
    bounds = []
    for P in {min(N, P_max), P_max}:
        v = X[:, :, :2] + 1e-8  # a column that is all zero is no start
        for _ in range(4):
            v = v / np.linalg.norm(v, axis=1, keepdims=True)
            v = X[:, :, :P] @ (np.swapaxes(X[:, :, :P], 1, 2) @ v)
        v = v / np.linalg.norm(v, axis=1, keepdims=True)
        bounds.append(np.cumsum((np.swapaxes(X, 1, 2) @ v) ** 2, axis=1))
    return np.sqrt(np.concatenate(bounds, axis=2).max(axis=2))
