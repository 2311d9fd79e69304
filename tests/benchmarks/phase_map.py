"""How much faster phase_map is than a plain loop of ridge solves: python -m tests.benchmarks.phase_map

Both sides fit the same draws in the same run, on one BLAS thread, in turns; the table holds medians. Nothing
passes or fails here.
"""

import time

import numpy as np
from threadpoolctl import threadpool_limits

from ddlib.curves import phases
from ddlib.datasets.draws import bend, draw_curve
from ddlib.fit.features import legendre
from tests.benchmarks.timing import SMALL

N, P, TRIALS, SIGMA, REPEATS = [4, 10, 16, 26], [4, 10, 16, 26, 60, 100], 2 if SMALL else 20, 0.3, 1 if SMALL else 5
LAMS = np.array([1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0])


def plain_loop():
    """Test errors (lam, N, P, trials), one solve of the normal equations at a time."""
    target, energy = phases._series(bend)
    weight = 1 / (2 * np.arange(1, phases.DEGREES + 1) + 1)
    errors = np.empty((len(LAMS), len(N), len(P), TRIALS))
    for t, child in enumerate(np.random.SeedSequence(0).spawn(TRIALS)):
        x, y = draw_curve(N[-1], SIGMA, np.random.default_rng(child), truth=bend)
        X = legendre(x, P[-1])
        for i, n in enumerate(N):
            for j, p in enumerate(P):
                gram, moment = X[:n, :p].T @ X[:n, :p] / n, X[:n, :p].T @ y[:n] / n
                left_out = energy - weight[:p] @ target[:p] ** 2
                for k, lam in enumerate(LAMS):
                    beta = np.linalg.solve(gram + lam * np.eye(p), moment)
                    errors[k, i, j, t] = weight[:p] @ (beta - target[:p]) ** 2 + left_out + SIGMA**2
    return errors


def fresh():
    phases._all_cells.cache_clear()
    return phases.phase_map(N, P, LAMS, TRIALS, truth=bend).errors(SIGMA)


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main():
    with threadpool_limits(limits=1):
        ours, theirs = fresh(), plain_loop()
        times = np.array([[seconds(plain_loop), seconds(fresh)] for _ in range(REPEATS)])
        loop, fast = np.median(times, axis=0)
        kept = phases.phase_map(N, P, LAMS, TRIALS, truth=bend)
        again = np.median([seconds(lambda: kept.median(SIGMA)) for _ in range(50)])
    print(
        f"{len(N)} x {len(P)} cells, {len(LAMS)} penalties, {TRIALS} training sets: loop {1e3 * loop:.0f} ms, "
        f"phase_map {1e3 * fast:.0f} ms, ratio {loop / fast:.0f}; another sigma {1e3 * again:.1f} ms, "
        f"ratio {loop / again:.0f}"
    )
    print(f"largest relative difference {np.max(np.abs(ours - theirs) / theirs):.0e}")


if __name__ == "__main__":
    main()
