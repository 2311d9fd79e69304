"""How much faster linear_curve is than a plain loop of pinv fits: python -m tests.benchmarks.linear

Both sides fit the same draws in the same run, on one BLAS thread, in turns; the table holds medians. Nothing
passes or fails here.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from ddlib.curves import linear, linear_curve
from ddlib.datasets.draws import draw_linear
from tests.benchmarks.timing import SMALL, print_machine, print_ratios


def plain_loop(N_max, D, sigma, trials, seed):
    """Test MSE (trials, N_max), one pinv fit at a time."""
    test = np.empty((trials, N_max))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        X, y, beta = draw_linear(N_max, D, sigma, np.random.default_rng(child))
        for N in range(1, N_max + 1):
            fitted = np.linalg.pinv(X[:N]) @ y[:N]
            test[t, N - 1] = np.sum((fitted - beta) ** 2) + sigma**2
    return test


def fresh(N_max, D, sigma, trials):
    linear._fit_all.cache_clear()
    return linear_curve(range(1, N_max + 1), D, sigma, trials=trials)


def compare(N_max, D, trials=50, sigma=0.3):
    grid = np.arange(1, N_max + 1)
    start = fresh(N_max, D, 0.0, trials)
    print_ratios(
        f"N=1..{N_max}, D={D}, {trials} trials",
        {
            "plain loop": (lambda: plain_loop(N_max, D, sigma, trials, 0), 1, None),
            "curve": (lambda: fresh(N_max, D, sigma, trials), 5, None),
            "at_sigma": (lambda: start.at_sigma(sigma), 50, None),
            "same call, new sigma": (
                lambda: linear_curve(grid, D, sigma, trials=trials),
                50,
                lambda: linear_curve(grid, D, 0.0, trials=trials),
            ),
        },
    )
    ours, theirs = fresh(N_max, D, sigma, trials).test, plain_loop(N_max, D, sigma, trials, 0)
    apart = np.abs(ours - theirs) / theirs
    print(f"  relative difference: largest {apart.max():.1e}, median {np.median(apart):.1e}")


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        for N_max, D in [(9, 5)] if SMALL else [(90, 30), (40, 60), (200, 10)]:
            compare(N_max, D)
        print_machine()
