"""How much faster table_curve and ablate are than plain loops of fits: python -m tests.benchmarks.table

Both sides fit the same rows in the same run, on one BLAS thread, in turns; the table holds medians. Nothing
passes or fails here.
"""

import platform
import time

import numpy as np
from threadpoolctl import threadpool_limits

from ddlib.curves import table_curve, table_fits
from ddlib.curves.factors import ablate
from ddlib.curves.table import training_rows
from ddlib.datasets import read_table, student_teacher
from tests.benchmarks.timing import SMALL

GRID, TRIALS, REPEATS = np.arange(1, 40), 5 if SMALL else 50, 1 if SMALL else 5


def plain_loop(X, y, cutoff=0.0):
    """Test error (trials, G), one fit at a time; a cutoff of singular values goes through one SVD each."""
    test = np.empty((TRIALS, len(GRID)))
    for t, rows in enumerate(training_rows(len(X), TRIALS)):
        for g, N in enumerate(GRID):
            some, others = rows[:N], rows[N:]
            if cutoff:
                U, s, Vt = np.linalg.svd(X[some], full_matrices=False)
                beta = Vt.T @ (np.where(s >= cutoff, 1 / s, 0) * (U.T @ y[some]))
            else:
                beta = np.linalg.pinv(X[some]) @ y[some]
            test[t, g] = np.mean((X[others] @ beta - y[others]) ** 2)
    return test


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def compare(name, table):
    X, y = table[0], table[1]
    fits = table_fits((X, y), GRID, TRIALS)
    sides = {
        "loop": lambda: plain_loop(X, y),
        "curve": lambda: table_curve((X, y), GRID, TRIALS),
        "loop, F1": lambda: plain_loop(X, y, cutoff=0.1),
        "F1": lambda: ablate(fits, cutoff=0.1),
    }
    times = {side: [] for side in sides}
    for _ in range(REPEATS):
        for side, call in sides.items():
            times[side].append(seconds(call))
    loop, curve, loop_F1, F1 = (np.median(times[side]) for side in sides)
    apart = np.abs(table_curve((X, y), GRID, TRIALS).test / plain_loop(X, y) - 1)
    print(
        f"{name:16} {1e3 * loop:8.0f} {1e3 * curve:8.0f} {loop / curve:7.1f} {1e3 * loop_F1:9.0f} {1e3 * F1:8.2f} "
        f"{loop_F1 / F1:7.0f}    {np.median(apart):.0e}  {apart.max():.0e}"
    )


if __name__ == "__main__":
    print(f"{platform.machine()}, numpy {np.__version__}; times in ms, N = 1..39, {TRIALS} trials")
    print(
        f"{'table':16} {'loop':>8} {'curve':>8} {'ratio':>7} {'F1, loop':>9} {'ablate':>8} {'ratio':>7}"
        "    relative difference: median, largest"
    )
    with threadpool_limits(1):
        compare("student", student_teacher(np.random.default_rng(0)))
        compare("diabetes", read_table("diabetes"))
        if not SMALL:
            compare("california", read_table("california"))
