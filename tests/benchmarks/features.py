"""How much faster feature_curve is than a plain loop of lstsq fits: python tests/benchmarks/features.py

Both sides fit the same draws on the same grid in the same run, on one BLAS thread, in turns; the table holds medians.
Nothing passes or fails here.
"""

import platform
import time

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from ddlib.digits import one_hot
from ddlib.features import relu_features
from ddlib.random_features import draw_features, feature_curve, feature_grid

REPEATS = 3
NOISES = np.arange(6) / 10


def plain_loop(N, grid, label_noises, draws, seed=0):
    """Test error (L, draws, G) and classification error, one lstsq fit at a time."""
    test, error = np.empty((2, len(label_noises), draws, len(grid)))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(draws)):
        digits, W = draw_features(N, int(grid[-1]), child)
        Z, Z_new = relu_features(digits.X, W), relu_features(digits.X_new, W)
        T_new = one_hot(digits.labels_new)
        for level, label_noise in enumerate(label_noises):
            T = one_hot(digits.noisy(label_noise))
            for g, P in enumerate(grid):
                scores = Z_new[:, :P] @ np.linalg.lstsq(Z[:, :P], T, rcond=None)[0]
                test[level, t, g] = np.mean((scores - T_new) ** 2)
                error[level, t, g] = np.mean(scores.argmax(axis=1) != digits.labels_new)
    return test, error


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(N=200, draws=5):
    grid = feature_grid(N)
    curve = feature_curve(N, grid, NOISES, draws)
    sides = {
        "loop, one label noise": lambda: plain_loop(N, grid, [0.2], draws),
        "feature_curve, one label noise": lambda: feature_curve(N, grid, 0.2, draws),
        "feature_curve, six label noises": lambda: feature_curve(N, grid, NOISES, draws),
    }
    times = {name: [] for name in sides}
    for _ in range(REPEATS):
        for name, call in sides.items():
            times[name].append(seconds(call))
    loop, one, six = (np.median(taken) for taken in times.values())
    change = np.median([seconds(lambda: np.median(curve.test[2], axis=0)) for _ in range(50)])
    print(f"N={N}, {len(grid)} P from {grid[0]} to {grid[-1]}, {draws} draws; loop for one label noise {1e3 * loop:.0f} ms")
    for name, taken, work in (("one label noise", one, loop), ("six, against a loop for each", six, 6 * loop),
                              ("the next of the six", change, loop)):
        print(f"  {name:30}{1e3 * taken:10.2f} ms {work / taken:12.1f} times faster")
    test, error = plain_loop(N, grid, [0.2], draws)
    print(f"  largest relative difference of the test error {np.abs(curve.test[2] / test[0] - 1).max():.1e}, "
          f"of the share read wrongly {np.abs(curve.error[2] - error[0]).max():.1e}")


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main()
        libraries = ", ".join(f"{one['internal_api']} {one['version']}, {one['num_threads']} thread"
                              for one in threadpool_info() if one["user_api"] == "blas")
        print(f"Python {platform.python_version()}, numpy {np.__version__}, {libraries}, {platform.machine()}")
