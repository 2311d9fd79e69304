"""How much faster feature_curve is than a plain loop of lstsq fits: python -m tests.benchmarks.features

Both sides fit the same draws in the same run, on one BLAS thread. The loop over every P takes most of a minute a draw:
it runs once, for one draw and one label noise, and feature_curve before and after it; per draw, the table sets five
draws of feature_curve, a fifth of their time, against it. The thinned grid is the other comparison: there feature_curve
finds the errors at every P all the same. Nothing passes or fails here.
"""

import time

import numpy as np
from threadpoolctl import threadpool_limits

from ddlib.curves.random_features import draw_features, feature_curve, feature_grid
from ddlib.datasets.digits import one_hot
from ddlib.fit.features import relu_features
from tests.benchmarks.timing import SMALL, print_machine

REPEATS = 1 if SMALL else 3
NOISES = np.arange(6) / 10
NOISE = 2  # the one that the loop fits, and its place among them


def plain_loop(N, grid, label_noise, draws, seed=0):
    """Test error (draws, G) and classification error, one lstsq fit at a time."""
    test, error = np.empty((2, draws, len(grid)))
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(draws)):
        digits, W = draw_features(N, int(grid[-1]), child)
        Z, Z_new = relu_features(digits.X, W), relu_features(digits.X_new, W)
        T, T_new = one_hot(digits.noisy(label_noise)), one_hot(digits.labels_new)
        for g, P in enumerate(grid):
            scores = Z_new[:, :P] @ np.linalg.lstsq(Z[:, :P], T, rcond=1e-11)[0]
            test[t, g] = np.mean((scores - T_new) ** 2)
            error[t, g] = np.mean(scores.argmax(axis=1) != digits.labels_new)
    return test, error


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main(N=200, draws=5, P_max=3200):
    every, grid = np.arange(1, P_max + 1), feature_grid(N, P_max)
    one, six, thinned = [], [], []

    def take_turns():
        one.append(timed(lambda: feature_curve(N, grid, NOISES[NOISE], draws))[0])
        six.append(timed(lambda: feature_curve(N, grid, NOISES, draws))[0])
        thinned.append(timed(lambda: plain_loop(N, grid, NOISES[NOISE], draws))[0])

    feature_curve(N, [1], draws=1)  # reads the digits
    take_turns()
    loop, (test, _) = timed(lambda: plain_loop(N, every, NOISES[NOISE], 1))
    for _ in range(REPEATS - 1):
        take_turns()
    one, six, thinned = (np.median(taken) for taken in (one, six, thinned))
    print(f"N={N}, every P from 1 to {P_max}, seconds a draw; loop for one label noise {loop:.1f}")
    for name, taken, work in (
        ("one label noise", one, loop),
        ("six, against a loop for each", six, 6 * loop),
        ("six, against a loop for one", six, loop),
    ):
        print(f"  {name:30}{taken / draws:8.3f} s {work * draws / taken:10.0f} times faster")
    print(f"the {len(grid)} P of the thinned grid, {draws} draws; loop for one label noise {thinned:.2f} s")
    for name, taken, work in (("one label noise", one, thinned), ("six, against a loop for each", six, 6 * thinned)):
        print(f"  {name:30}{taken:8.3f} s {work / taken:10.1f} times faster")
    curve = feature_curve(N, grid, NOISES, draws)
    far = np.abs(curve.every_test[NOISE, 0] / test[0] - 1)
    grid_test, grid_error = plain_loop(N, grid, NOISES[NOISE], draws)
    print(
        f"largest relative difference of the test error: every P {far.max():.1e} (at P = {every[far.argmax()]}), "
        f"{draws} draws on the grid {np.abs(curve.test[NOISE] / grid_test - 1).max():.1e}; "
        f"of the share read wrongly {np.abs(curve.error[NOISE] - grid_error).max():.1e}"
    )


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main(**{"N": 20, "draws": 1, "P_max": 60} if SMALL else {})
        print_machine()
