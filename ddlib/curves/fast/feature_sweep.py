"""Every minimum-norm fit on the first P columns of Z, P = 0, 1, 2, ..., and its errors, from one pass.

A new column adds one product to the scores of the new examples: w a', where w (M,) belongs to the features alone
and a (k,) to the targets as well. Columns that depend on none before are taken by Gram-Schmidt; any other lies in
the span of those before, and the fit moves as in recursive least squares, a block of columns at a time.
"""

import numpy as np

__all__ = ["sweep_features"]

SINGULAR = 1e-11  # of the largest: what of a column is left is taken for zero
HARD = 1e4  # up to this condition number ZZ' is as good as Z itself
BLOCK = 64


class _Record:
    """What is known of the curve so far. Scores are kept less their targets: miss (k, M)."""

    def __init__(self, T, T_new, P, wanted, visit):
        self.T_new, self.residual, self.P = T_new, T.copy(), 0
        self.test, self.train = np.empty((2, T.shape[1], P + 1))
        self.train[:, 0] = (T**2).sum(axis=0)
        self.set(np.zeros_like(T_new))
        self.wanted, self.visit = wanted, visit
        if 0 in wanted:
            visit(0, np.zeros_like(T_new))

    def set(self, scores):
        """The scores of the present P, with nothing of what rounding has added up to."""
        self.miss = scores - self.T_new
        self.test[:, self.P] = (self.miss**2).sum(axis=1)

    def add(self, w, a, q=None):
        """The next b columns: w (b, M), a (b, k); q (N, b) orthonormal if they take the residuals down."""
        here, upto = self.P, self.P + len(w)
        gram, along = w @ w.T, w @ self.miss.T
        steps = 2 * a * (along + np.tril(gram, -1) @ a) + a**2 * np.diag(gram)[:, None]
        self.test[:, here + 1 : upto + 1] = self.test[:, here, None] + steps.cumsum(axis=0).T
        self.train[:, here + 1 : upto + 1] = (self.residual**2).sum(axis=0)[:, None]
        if q is not None:
            self.train[:, here + 1 : upto + 1] -= (a**2).cumsum(axis=0).T
            self.residual -= q @ a
        self._show(w, a)
        self.miss += a.T @ w
        self.P = upto
        self.test[:, upto] = (self.miss**2).sum(axis=1)  # the sum of steps loses digits where the error falls far

    def _show(self, w, a):
        for P in self.wanted[(self.wanted > self.P) & (self.wanted <= self.P + len(w))]:
            self.visit(P, self.miss + self.T_new + a[: P - self.P].T @ w[: P - self.P])


def sweep_features(Z, T, new, T_new, wanted=(), visit=None):
    """Summed squared errors of the minimum-norm fits of T on Z[:, :P], P = 0 to the number of columns.

    Parameters
    ----------
    Z : (N, P_max) float        features of the training examples
    T : (N, k) float            their targets
    new : function(slice)       gives the same features of the new examples, (columns, M)
    T_new : (k, M) float        targets of the new examples
    wanted : ints from 0 to P_max
    visit : function(P, scores) called for each P wanted, in order, with the scores (k, M) of the new examples

    Returns
    -------
    train, test : (k, P_max + 1)

    >>> Z, T = np.array([[1.0, 1, 0], [0, 1, 1]]), np.array([[1.0], [3]])
    >>> train, test = sweep_features(Z, T, lambda columns: np.ones((3, 1))[columns], np.zeros((1, 1)))
    >>> train.round(9).tolist(), test.round(9).tolist()  # beta = [], [1], [-2, 3], [-1/3, 4/3, 5/3]
    ([[10.0, 9.0, 0.0, 0.0]], [[0.0, 1.0, 1.0, 7.111111111]])
    """
    N, P_max = Z.shape
    record = _Record(T, T_new, P_max, np.unique(np.asarray(wanted, dtype=int)), visit)
    Q, G, largest = np.empty((N, 0)), np.empty((0, T_new.shape[1])), 0.0
    # G: what the fit gives the new examples when a column of Q is the target
    while record.P < P_max:
        rank, here = Q.shape[1], record.P
        ahead = Z[:, here : here + N - rank]
        inside, over = _split(Q, ahead)
        q, R = np.linalg.qr(over)
        size = np.abs(np.diag(R))
        free = int(np.argmin(np.append(size > SINGULAR * max(largest, size.max()), False)))
        if free:
            w = np.linalg.inv(R[:free, :free]).T @ (new(slice(here, here + free)) - inside[:, :free].T @ G)
            record.add(w, q[:, :free].T @ T, q[:, :free])
            Q, G, largest = np.hstack([Q, q[:, :free]]), np.vstack([G, w]), max(largest, size[:free].max())
        here, rank = here + free, rank + free
        if here == P_max:
            break
        if rank == N:
            _inside(Z, T, new, P_max, record)
            break
        outside = np.linalg.norm(_split(Q, Z[:, here + 1 : here + N])[1], axis=0) > SINGULAR * largest
        upto = here + 1 + int(np.argmax(np.append(outside, True)))
        G = _inside(Q.T @ Z[:, :upto], Q.T @ T, new, upto, record)
    return np.maximum(record.train, 0), record.test  # rounding leaves -1e-17


def _split(Q, Z):
    """Z = Q inside + over, with Q'over = 0 to the last digit."""
    inside = Q.T @ Z
    over = Z - Q @ inside
    more = Q.T @ over
    return inside + more, over - Q @ more


def _inside(C, Y, new, upto, record):
    """The columns record.P to upto of C (rank, upto), which lie in the span of those before: G afterwards."""
    rank, size = len(C), 1
    q, R = np.linalg.qr(C[:, : record.P].T)
    H = q.T @ new(slice(0, record.P))  # CC' = R'R, and R'H holds the inner products of old and new examples
    R_inv = np.linalg.inv(R)
    while record.P < upto and np.linalg.norm(R) * np.linalg.norm(R_inv) > HARD:
        # CC' would square the condition number. The first block is a single column: it takes the worst away
        here = slice(record.P, min(record.P + size, upto))
        B, y, psi = C[:, here].T @ R_inv, R_inv.T @ Y, new(here)
        record.set(y.T @ H)
        L_inv = _half(B @ B.T)
        record.add(L_inv @ (psi - B @ H), L_inv @ (B @ y))
        q, R = np.linalg.qr(np.vstack([R, C[:, here].T]))
        H = q[:rank].T @ H + q[rank:].T @ psi
        R_inv, size = np.linalg.inv(R), min(2 * size, BLOCK)
    A_inv, K = R_inv @ R_inv.T, R.T @ H
    record.set(Y.T @ (R_inv @ H))
    while record.P < upto:
        here = slice(record.P, min(record.P + BLOCK, upto))
        phi, psi = C[:, here], new(here)
        D = A_inv @ phi
        L_inv = _half(phi.T @ D)
        record.add(L_inv @ (psi - D.T @ K), L_inv @ (D.T @ Y))
        D = D @ L_inv.T
        A_inv -= D @ D.T
        K += phi @ psi
    return A_inv @ K


def _half(S):
    """L^-1 where I + S = LL'."""
    return np.linalg.inv(np.linalg.cholesky(np.eye(len(S)) + S))
