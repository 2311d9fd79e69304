"""The curve of a real table: random training rows, all the others as test."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ddlib import checks
from ddlib.curves.curve import Curve
from ddlib.curves.fast.sweep import CONDITION_LIMIT
from ddlib.datasets.tables import Table, read_table

__all__ = ["table_curve", "table_fits", "TableFits", "training_rows", "prepared"]


def table_curve(table, N, trials=50, seed=0, standardise=False):
    """Train and test error of minimum-norm fits, without intercept, to N random rows of a table, along N.

    Trial t shuffles the rows and trains on the first N: its training sets are nested. All rows that
    are not trained on are the test. The rows do not depend on N or standardise (see training_rows).

    Parameters
    ----------
    table : Table, (X, y) or str X (T, D), y (T,); or what read_table reads, by its name
    N : (G,) int                 training rows, increasing, all below T
    trials : int                 shuffles
    seed : int                   >= 0; with 0 the rows are those of the source
    standardise : bool           True: each column of X to mean 0 and sd 1 and y to mean 0, over the whole
                                 table, test rows and all, so that one ruler serves every N

    Returns
    -------
    Curve                        grid N; errors in units of y squared; P = D

    Raises
    ------
    ValueError                   if an argument is out of range, or a column is zero, constant though it is to be
                                 standardised, or a combination of others
    FileNotFoundError            if there is no table of that name

    Source: the setting is Schaeffer et al. (2023), Double Descent Demystified, arXiv 2303.14151.

    >>> curve = table_curve("diabetes", N=[2, 10, 30])
    >>> bool(curve.quantiles("test", 0.5).argmax() == 1)
    True
    """
    with checks.overflow("table"):
        return curve_of(*_sets(table, N, trials, seed, standardise), lambda some: 1 / some.singular)


def training_rows(T, trials=50, seed=0):
    """Row numbers (trials, T): trial t trains on the first N of row t.

    With seed 0 the first N are those that scikit-learn's train_test_split(random_state=t) trains on, as the source
    did. NumPy keeps RandomState's stream for good, so they are the same on every machine. Raises ValueError if T or
    trials is below 1, T * trials too large, or seed below 0.

    >>> training_rows(5, trials=1)[0].tolist()
    [4, 3, 1, 0, 2]
    """
    T, trials, seed = checks.whole("T", T), checks.whole("trials", trials), checks.seed(seed)
    checks.amount(T=T, trials=trials, at_most=10**7)
    states = [t if seed == 0 else np.random.MT19937(np.random.SeedSequence([seed, t])) for t in range(trials)]
    return np.array([np.random.RandomState(state).permutation(T)[::-1] for state in states])


@dataclass(frozen=True, eq=False)
class TableFits:
    """The training sets of N rows of every trial, by their modes: X = sum over r of s_r u_r v_r'.

    A mode whose singular value is rounding error has singular inf here: 1 / inf leaves it out.

    Attributes
    ----------
    N : int
    singular, target, signal : (trials, R)   s_r, u_r . y, and u_r . X beta for the best fit beta of the whole table
    outside : (trials,)                      sum of squares of y that no mode reaches
    spread : (trials, R, rows)               v_r seen by the whole table: the rows of R v_r, with X = QR
    tests : (trials, R), test_y : (trials,)  sums over the test rows of x . v_r, and of y
    trusted : (trials,)                      condition number below CONDITION_LIMIT
    """

    N: int
    singular: np.ndarray
    target: np.ndarray
    signal: np.ndarray
    outside: np.ndarray
    spread: np.ndarray
    tests: np.ndarray
    test_y: np.ndarray
    trusted: np.ndarray


@dataclass(frozen=True, eq=False)
class Whole:
    """The whole table, T rows: X = QR, Q'y, the sum of squares that no fit reaches, and R beta of the best fit."""

    T: int
    D: int
    R: np.ndarray
    y: np.ndarray
    outside: float
    signal: np.ndarray


def table_fits(table, N, trials=50, seed=0, standardise=False):
    """All fits of table_curve, mode by mode, for ddlib.factors to take apart; same arguments, and errors as table_curve.

    Returns
    -------
    Whole, list of G TableFits   of which a mode that is left out has singular inf
    """
    with checks.overflow("table"):
        whole, sets = _sets(table, N, trials, seed, standardise)
        return whole, list(sets)


def prepared(table, standardise=False):
    """X (T, D) and y (T,) of a table as table_curve fits them; errors as table_curve."""
    X, y, names = _columns(table)
    if not isinstance(standardise, (bool, np.bool_)):
        raise ValueError(f"standardise must be True or False, got {checks.shown(standardise)}")
    if standardise:
        spread = X.std(axis=0)
        # the mean of equal numbers may differ from them in the last digit
        constant = spread <= 1e-12 * np.abs(X).max(axis=0)
        if constant.any():
            raise ValueError(
                f"table must have no constant column to be standardised, got one: {names[constant.argmax()]!r}; leave it out"
            )
        X, y = (X - X.mean(axis=0)) / spread, y - y.mean()
    with np.errstate(over="ignore", invalid="ignore"):
        size, largest = np.linalg.norm(X, axis=0), y @ y
    if not np.isfinite([*size, largest]).all():
        raise ValueError("table must hold numbers whose squares can be added up, got larger ones")
    if not size.all():
        raise ValueError(f"table must have no column of zeros, got one: {names[size.argmin()]!r}; leave it out")
    # with columns of length one, what is left of a column beside those before it, whatever its units
    left = np.abs(np.diag(np.linalg.qr(X / size, mode="r")))
    dependent = left * CONDITION_LIMIT < 1
    # of more columns than rows some are always combinations; centring costs a row
    if dependent.any() and len(X) - bool(standardise) >= X.shape[1]:
        raise ValueError(
            f"table must have no column that is a combination of those before it, got one: "
            f"{names[dependent.argmax()]!r}; leave it out"
        )
    return X, y


def _columns(table):
    table = read_table(table) if isinstance(table, (str, Path)) else table
    if not isinstance(table, tuple) or len(table) not in (2, 3):
        raise ValueError(f"table must be a Table, (X, y) or a name, got {type(table).__name__}")
    X, y = checks.matrix("table's X", table[0]), checks.vector("table's y", table[1])
    if len(X) != len(y):
        raise ValueError(f"table must have one y per row of X, got {len(y)} for {len(X)}")
    names = table.names if isinstance(table, Table) else [f"column {j}" for j in range(X.shape[1])]
    return X, y, names


def _sets(table, N, trials, seed, standardise):
    """The whole table, and a generator of the fits of each N: one curve needs no more than one in memory."""
    X, y = prepared(table, standardise)
    grid, (T, D) = checks.increasing("N", N), X.shape
    if grid[-1] >= T:
        raise ValueError(f"N must leave at least one of the table's {T} rows for the test, got {grid[-1]}")
    rows = training_rows(T, trials, seed)[:, : grid[-1]]
    # errors from X = QR, not from X'X, which would square the condition number
    Q, R = np.linalg.qr(X)
    beta = np.linalg.lstsq(X, y, rcond=None)[0]
    y_inside = Q.T @ y
    whole = Whole(T, D, R, y_inside, float(np.sum((y - Q @ y_inside) ** 2)), R @ beta)
    return whole, (_fits(X, y, R, beta, rows[:, :size]) for size in grid)


def _fits(X, y, R, beta, rows):
    """TableFits of the training rows (trials, N)."""
    U, s, Vt = np.linalg.svd(X[rows], full_matrices=False)
    some = s > max(X[rows].shape[1:]) * np.finfo(float).eps * s[:, :1]
    smallest = np.where(some, s, np.inf).min(axis=1)
    U = U * some[:, None, :]
    target = np.einsum("tnr,tn->tr", U, y[rows])
    outside = np.sum((y[rows] - np.einsum("tnr,tr->tn", U, target)) ** 2, axis=1)
    return TableFits(
        rows.shape[1],
        np.where(some, s, np.inf),
        target,
        np.where(some, s * (Vt @ beta), 0),
        outside,
        Vt @ R.T,
        Vt @ X.sum(axis=0) - s * U.sum(axis=1),
        y.sum() - y[rows].sum(axis=1),
        s[:, 0] < CONDITION_LIMIT * smallest,
    )


def curve_of(whole, sets, weights, seen=lambda some: 1.0, residual=True, attack=lambda some: (0.0, 0.0)):
    """The Curve of fits beta = sum over r of weights_r (u_r . y) v_r.

    weights : function(TableFits) -> (trials, R)      1 / s_r for least squares
    seen : function(TableFits) -> (R,)                which modes of a test row the fit is shown
    residual : bool                                   False: y is replaced by the best fit to the whole table
    attack : function(TableFits) -> two (trials, R)   what is added to every x . v_r of the test rows, and to u . y
    """
    columns = [_errors(whole, some, weights(some), seen(some), residual, *attack(some)) for some in sets]
    train, test, norm, trusted, grid = (np.array(part) for part in zip(*columns))
    return Curve(grid, train.T, test.T, norm.T, trusted.T, grid, whole.D, None)


def _errors(whole, some, weights, seen, residual, shift, push):
    """Train and test mean squared error, norm, trust (each (trials,)) and N of some fits."""
    target = (some.target if residual else some.signal) + push
    beta = weights * target  # (trials, R), its components along v_r
    aim, outside, missed = (whole.y, whole.outside, some.outside) if residual else (whole.signal, 0.0, 0.0)
    # over the whole table, less over the training rows; s is inf where beta is 0, and the mode takes no part
    s = np.where(np.isinf(some.singular), 0.0, some.singular)
    train = np.sum((s * beta - target) ** 2, axis=1) + missed
    shown = seen * beta
    apart = np.matmul(shown[:, None, :], some.spread)[:, 0] - aim
    pull = np.sum((s * shown - target + push) ** 2, axis=1) + missed
    test = np.maximum(np.sum(apart**2, axis=1) + outside - pull, 0)
    rows, moved = whole.T - some.N, np.sum(shift * shown, axis=1)
    if np.any(moved):
        test = test + 2 * moved * (np.sum(some.tests * shown, axis=1) - some.test_y) + rows * moved**2
    return train / some.N, np.maximum(test, 0) / rows, np.linalg.norm(beta, axis=1), some.trusted, some.N
