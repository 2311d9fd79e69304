"""Exercises of notebook 02: bias and variance, the test error, the median over training sets."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.curves import bias_variance
from ddlib.datasets.draws import bend

__all__ = ["EXERCISES"]


def draw_fits(rng):
    """Fits (trials, M) around a curve that they miss; one place, and trials = M, which hide slips, among them."""
    cases = []
    for trials, M in ((6, 1), (9, 9), (4, 30), (50, 12)):
        truth = rng.normal(size=M)
        fits = truth + rng.normal(size=M) + rng.normal(size=(trials, M)) * rng.uniform(0.5, 2)
        cases.append((f"trials = {trials}, M = {M}", (fits, truth)))
    return cases


def parts_by_sums(fits, truth):
    """Bias² and variance place by place, the variance as mean square less squared mean."""
    trials, M = fits.shape
    bias2 = variance = 0.0
    for m in range(M):
        mean = sum(fits[:, m]) / trials
        bias2 += (mean - truth[m]) ** 2 / M
        variance += (sum(fits[:, m] ** 2) / trials - mean**2) / M
    return bias2, variance


def bias2(fits, truth):
    return np.mean((fits.mean(axis=0) - truth) ** 2)


parts = FillIn(
    name="02-parts",
    draw=draw_fits,
    reference=parts_by_sums,
    right="Bias² compares the mean fit with the truth, variance compares the fits with their mean. Neither line needs "
    "the other.",
    parts=("bias²", "variance"),
    wrong=(
        Wrong(
            lambda fits, truth: (bias2(fits, truth), fits.var()),
            "<code>fits.var()</code> runs over everything, so it also counts how much the curve itself goes up and "
            "down along x. Variance is over the training sets, at each place: <code>axis=0</code>, then the mean.",
        ),
        Wrong(
            lambda fits, truth: (bias2(fits, truth), np.mean(fits.var(axis=1))),
            "You took the variance along each fit. Variance is between the fits, at each place: <code>axis=0</code>.",
        ),
        Wrong(
            lambda fits, truth: (bias2(fits, truth), np.mean((fits - truth) ** 2)),
            "That is the whole squared error, bias² and variance together. Variance measures from the mean of the "
            "fits, not from the truth.",
        ),
        Wrong(
            lambda fits, truth: (bias2(fits, truth), np.mean(fits.std(axis=0))),
            "That is the standard deviation; only its square adds up with bias².",
        ),
        Wrong(
            lambda fits, truth: (bias2(fits, truth), np.mean(fits.var(axis=0, ddof=1))),
            "You divided by one less than the number of fits. That estimates the variance over all training sets; "
            "for bias² + variance to be the error of <i>these</i> fits, divide by their number.",
        ),
    ),
)


def draw_tests(rng):
    """Coefficients and new points; a single point, which hides a slip, among them."""
    cases = []
    for P, M in ((3, 1), (1, 20), (6, 6), (12, 50)):
        x = rng.uniform(-1, 1, M)
        cases.append((f"P = {P}, M = {M}", (rng.normal(size=P), x, bend(x) + 0.4 * rng.normal(size=M))))
    return cases


def error_by_series(beta, x_new, y_new):
    """The fit as a Legendre series without a constant."""
    residuals = y_new - np.polynomial.legendre.legval(x_new, np.concatenate([[0.0], beta]))
    return residuals @ residuals / len(residuals)


def vander(x, degree):
    return np.polynomial.legendre.legvander(x, degree)


test_error = FillIn(
    name="02-test-error",
    draw=draw_tests,
    reference=error_by_series,
    right="The same columns as for the training points, at new places: degrees 1 to P, no constant.",
    wrong=(
        Wrong(
            lambda beta, x_new, y_new: np.mean((y_new - vander(x_new, len(beta) - 1) @ beta) ** 2),
            "Your columns are the degrees 0 to P − 1. The model has no constant: <code>legvander(x_new, P)</code>, "
            "and leave out the first column.",
        ),
        Wrong(
            lambda beta, x_new, y_new: np.mean((y_new - vander(x_new, len(beta)) @ beta) ** 2),
            "<code>legvander(x_new, P)</code> has P + 1 columns, the first of them the constant. Leave it out: "
            "<code>[:, 1:]</code>.",
        ),
        Wrong(
            lambda beta, x_new, y_new: np.sum((y_new - vander(x_new, len(beta))[:, 1:] @ beta) ** 2),
            "That is the sum over the new points. The error is their mean, so that it does not grow with their number.",
        ),
        Wrong(
            lambda beta, x_new, y_new: np.sqrt(np.mean((y_new - vander(x_new, len(beta))[:, 1:] @ beta) ** 2)),
            "That is the root of the mean squared error. The course uses the mean squared error itself: it splits "
            "into bias², variance and noise.",
        ),
    ),
)


@lru_cache(maxsize=1)
def enough_examples():
    """The N at which the test error at P = 11 falls below 0.3, for the lab's training sets and some others."""
    first = []
    for seed in range(6):
        low, high = 30, 100  # above 0.3, below 0.3: halve what lies between
        while high - low > 1:
            N = (low + high) // 2
            below = bias_variance(N, [11], 0.4, seed=seed, truth=bend).total[0] < 0.3
            low, high = (low, N) if below else (N, high)
        first.append(high)
    return min(first) - 2, max(first) + 2


examples = Number(
    name="02-examples",
    find=enough_examples,
    right="Some fifteen examples more than 40 are enough: at fixed P the variance falls as N grows.",
    wrong=(
        Wrong(40, "At N = 40 the test error for P = 11 is about 0.8. Is P at 11?", signs=lambda N: 30 <= N <= 42),
        Wrong(100, "There it is below 0.3, but not for the first time. Go back with N.", signs=lambda N: 60 < N),
        Wrong(11, "That is P. The number asked for is N, the training examples.", signs=lambda N: N < 30),
    ),
    other="Set P = 11 and sigma = 0.4, move N, and read the test error in the words under the picture.",
)


def draw_sets(rng):
    """Training sets, a wild one among them, and new points; P below, at and above N. A single set hides a slip."""
    cases = []
    for N, P, trials in ((8, 2, 1), (12, 3, 5), (5, 5, 7), (5, 20, 9)):
        sets = []
        for trial in range(trials):
            x = (np.arange(N) + rng.uniform(0.2, 0.8, N)) * 2 / N - 1  # never close together
            sets.append((x, bend(x) + 0.2 * rng.normal(size=N) * (50 if trial == 1 else 1)))
        x_new = rng.uniform(-1, 1, 40)
        cases.append((f"N = {N}, P = {P}, training sets: {trials}", (sets, P, x_new, bend(x_new))))
    return cases


def errors(sets, P, x_new, y_new):
    """Squared errors (trials, M) of the smallest-norm fits."""
    fits = [np.linalg.pinv(vander(x, P)[:, 1:]) @ y for x, y in sets]
    return (np.array(fits) @ vander(x_new, P)[:, 1:].T - y_new) ** 2


def median_by_sorting(sets, P, x_new, y_new):
    """Fits by another solver; the middle one of the sorted errors."""
    all_errors = []
    for x, y in sets:
        beta = np.linalg.lstsq(vander(x, P)[:, 1:], y, rcond=None)[0]
        all_errors.append(error_by_series(beta, x_new, y_new))
    return sorted(all_errors)[len(sets) // 2]


median_error = FillIn(
    name="02-median-error",
    draw=draw_sets,
    reference=median_by_sorting,
    right="One number for each training set first, then the median of those numbers. One wild training set out of nine "
    "leaves it alone.",
    wrong=(
        Wrong(
            lambda *data: np.mean(errors(*data)),
            "You took the mean over the training sets. One of them is wild, and the mean is its error and little else.",
        ),
        Wrong(
            lambda *data: np.median(errors(*data)),
            "You took the median over all squared errors at once. Within a training set the test error is a "
            "<i>mean</i> over new points; the median comes after it, over the training sets.",
        ),
        Wrong(
            lambda *data: np.mean(np.median(errors(*data), axis=1)),
            "Mean and median have changed places: the mean is over the new points of one training set, the median "
            "over the training sets.",
        ),
        Wrong(
            lambda sets, P, x_new, y_new: np.mean(
                errors([(np.concatenate([x for x, _ in sets]), np.concatenate([y for _, y in sets]))], P, x_new, y_new)
            ),
            "You put all the training sets together and fitted once. Then N is much larger, and there is one fit "
            "instead of many.",
        ),
    ),
)

EXERCISES = (parts, test_error, examples, median_error)
