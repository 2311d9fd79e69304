"""How much faster polynomial_curve is than a plain loop of pinv fits: python -m tests.benchmarks.polynomial

Both sides fit the same draws in the same run, on one BLAS thread, in turns; the table holds medians. Nothing
passes or fails here.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from ddlib.curves import polynomial, polynomial_curve
from ddlib.datasets.draws import draw_curve, wave
from ddlib.fit.features import legendre
from tests.benchmarks.timing import SMALL, print_machine, print_ratios


def plain_loop(N, P_max, sigma, trials, seed):
    """Test MSE (trials, P_max), one pinv fit at a time, with the population error as a sum over degrees."""
    target, tail = polynomial._legendre_series(wave, P_max)
    weight = 1 / (2 * np.arange(1, P_max + 1) + 1)
    test = np.empty((trials, P_max))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        x, y = draw_curve(N, sigma, np.random.default_rng(child))
        X = legendre(x, P_max)
        for P in range(1, P_max + 1):
            beta = np.linalg.pinv(X[:, :P]) @ y
            test[t, P - 1] = weight[:P] @ (beta - target[:P]) ** 2 + tail[P - 1] + sigma**2
    return test


def fresh(N, P_max, sigma, trials):
    polynomial._fit_all.cache_clear()
    return polynomial_curve(N, range(1, P_max + 1), sigma, trials)


def largest_difference(N, P_max, sigma, trials):
    """Largest relative difference of the test MSE where cond X < 1e6."""
    clear = np.empty((trials, P_max), dtype=bool)
    for t, child in enumerate(np.random.SeedSequence(0).spawn(trials)):
        X = legendre(draw_curve(N, 0.0, np.random.default_rng(child))[0], P_max)
        clear[t] = [np.linalg.cond(X[:, :P]) < 1e6 for P in range(1, P_max + 1)]
    ours, theirs = fresh(N, P_max, sigma, trials).test, plain_loop(N, P_max, sigma, trials, 0)
    return (np.abs(ours - theirs) / theirs)[clear].max()


def compare(N, P_max, trials=30, sigma=0.3):
    grid = np.arange(1, P_max + 1)
    start = fresh(N, P_max, 0.0, trials)
    print_ratios(
        f"N={N}, P=1..{P_max}, {trials} trials",
        {
            "plain loop": (lambda: plain_loop(N, P_max, sigma, trials, 0), 1, None),
            "curve": (lambda: fresh(N, P_max, sigma, trials), 5, None),
            "at_sigma": (lambda: start.at_sigma(sigma), 50, None),
            "same call, new sigma": (
                lambda: polynomial_curve(N, grid, sigma, trials),
                50,
                lambda: polynomial_curve(N, grid, 0.0, trials),
            ),
        },
    )
    print(f"  largest relative difference where cond < 1e6: {largest_difference(N, P_max, sigma, trials):.1e}")


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        for N, P_max in [(5, 20)] if SMALL else [(15, 100), (40, 200)]:
            compare(N, P_max)
        print_machine()
