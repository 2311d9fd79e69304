"""Exercises of notebook 04: the shortest fit by another ruler, one example more, where more data hurts, enough data."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.curves import linear_curve
from ddlib.theory.linear import expected_risk

__all__ = ["EXERCISES"]


def draw_rulers(rng):
    """X, y and a ruler c; equal weights, and as many examples as parameters, which hide slips, among them."""
    cases = []
    for N, P, words in ((3, 8, "all c = 1"), (5, 5, "c drawn"), (4, 12, "c drawn"), (7, 9, "c drawn")):
        c = np.ones(P) if words == "all c = 1" else rng.uniform(0.2, 5, P)
        cases.append((f"N = {N}, P = {P}, {words}", (rng.normal(size=(N, P)) + 2 * np.eye(N, P), rng.normal(size=N), c)))
    return cases


def shortest_by_scaling(X, y, c):
    """In the units in which the ruler is the ordinary norm."""
    return np.linalg.pinv(X / np.sqrt(c)) @ y / np.sqrt(c)


def multipliers(X, y, c):
    return 2 * np.linalg.solve(X / c @ X.T, y)


ruler = FillIn(
    name="04-ruler",
    draw=draw_rulers,
    reference=shortest_by_scaling,
    right="It meets all examples, and a coefficient that costs much is kept small. With all c equal it is the pseudo-inverse.",
    wrong=(
        Wrong(
            lambda X, y, c: X.T @ multipliers(X, y, c) / 2,
            "This is step 1 of the ordinary norm. The derivative of c β² is 2 c β, so the ruler has a part in "
            "step 1, too: divide by it.",
        ),
        Wrong(
            lambda X, y, c: X.T @ multipliers(X, y, c) / c,
            "This meets twice the targets. The derivative of a square has a factor 2: 2 c β = X'ν.",
        ),
        Wrong(
            lambda X, y, c: c * (X.T @ multipliers(X, y, c)) / 2,
            "You multiplied by c. Solve 2 c β = X'ν for β: what costs much becomes <i>small</i>.",
        ),
        Wrong(
            lambda X, y, c: multipliers(X, y, c) / 2,
            "These are N numbers, one for each example. The fit is the combination of the rows of X that they make.",
        ),
        Wrong(lambda X, y, c: np.linalg.pinv(X) @ y, "This is the shortest by the ordinary norm, and it takes no notice of c."),
    ),
)


def draw_newcomers(rng):
    """Examples, the shortest fit to them, one more; none before, and one at right angles, which hide slips."""
    cases = []
    for N, D, words in ((0, 6, ""), (4, 9, "x at right angles to all rows, "), (4, 9, ""), (11, 12, "")):
        X, x = rng.normal(size=(N, D)), rng.normal(size=D)
        if words:
            x -= X.T @ np.linalg.solve(X @ X.T, X @ x)
        estimate = np.linalg.pinv(X) @ rng.normal(size=N) if N else np.zeros(D)
        cases.append((f"{words}N = {N}, D = {D}", (X, estimate, x, 1 + float(rng.normal()))))
    return cases


def step_by_lstsq(X, estimate, x, target):
    """All examples at once, by another solver."""
    return np.linalg.lstsq(np.vstack([X, x]), np.append(X @ estimate, target), rcond=None)[0]


def step(X, estimate, x, target, move):
    Q, _ = np.linalg.qr(X.T)
    new = x - Q @ (Q.T @ x)
    return estimate + move(new, np.linalg.norm(new), target - x @ estimate, x)


one_step = FillIn(
    name="04-step",
    draw=draw_newcomers,
    reference=step_by_lstsq,
    right="All old examples are still met, the new one too, and no direction moved but the new one.",
    wrong=(
        Wrong(
            lambda *data: step(*data, lambda new, novelty, surprise, x: new / novelty * surprise),
            "One division by the novelty is missing. There are two: <code>new</code> has the novelty for its length, "
            "and the step along its direction is surprise / novelty.",
        ),
        Wrong(
            lambda *data: step(*data, lambda new, novelty, surprise, x: new * surprise),
            "You moved by the surprise times <code>new</code>. Its direction has length 1: <code>new / novelty"
            "</code>; and along it the step is surprise / novelty.",
        ),
        Wrong(
            lambda *data: step(*data, lambda new, novelty, surprise, x: x * surprise / (x @ x)),
            "You moved along x itself. That meets the new example, and spoils the old ones: only at right angles "
            "to all of them they stay met.",
        ),
        Wrong(
            lambda *data: step(*data, lambda new, novelty, surprise, x: -new / novelty * surprise / novelty),
            "You moved the other way: the surprise is the target less the prediction.",
        ),
        Wrong(
            lambda X, estimate, x, target: step(
                X, estimate, x, target, lambda new, novelty, surprise, x: new / novelty * target / novelty
            ),
            "You took the whole target for the surprise. The fit so far predicts a part of it: <code>x @ estimate</code>.",
        ),
    ),
)


@lru_cache(maxsize=1)
def turning_points():
    """The N up to N = P of lowest median test error at sigma = 0.2, for the lab's training sets and some others."""
    best = [linear_curve(range(1, 31), 30, 0.2, seed=seed).quantiles("test", 0.5).argmin() + 1 for seed in range(8)]
    return int(min(best)), int(max(best))


turn = Number(
    name="04-turn",
    find=turning_points,
    right="With less noise more data helps longer, here up to 23 or so; from there to N = 30 it hurts. At sigma = 0.5 "
    "that was so from about 15.",
    wrong=(
        Wrong(16, "That is where it turns at sigma = 0.5. Is the slider <b>sigma</b> at 0.2?", signs=lambda N: 13 <= N <= 18),
        Wrong(30, "That is the peak. The lowest point <i>before</i> it is asked for.", signs=lambda N: 28 <= N <= 32),
        Wrong(
            100,
            "There the error is low, but it is beyond the peak. Look on the near side, below N = P.",
            signs=lambda N: N > 32,
        ),
    ),
    other="Set sigma to 0.2 and N to 30. The words under the picture say with how many of these examples the error was lowest.",
)


def draw_wishes(rng):
    """Problems, and a test error that is wanted; some are had with few examples as well, on the wrong side."""
    cases = []
    for D, sigma, r in ((10, 0.3, 1.0), (30, 0.5, 0.4), (17, 1.0, 3.0), (40, 0.2, 0.1)):
        D, wanted = D + int(rng.integers(0, 5)), sigma**2 * (1 + rng.uniform(0.3, 0.9))
        cases.append((f"D = {D}, sigma = {sigma}, r = {r}, wanted {wanted:.3f}", (D, sigma, r, wanted)))
    return cases


def enough_by_search(D, sigma, r, wanted):
    """The last N that is too few, and one more."""
    sizes = np.arange(1, 100 * D)
    return 1 + sizes[expected_risk(sizes, D, sigma, r) + sigma**2 >= wanted][-1]


def enough_by_formula(D, noise, margin):
    return D + 2 + int(np.floor(noise * D / margin))


def first_below(D, sigma, r, wanted):
    sizes = np.arange(1, 100 * D)
    return sizes[expected_risk(sizes, D, sigma, r) + sigma**2 < wanted][0]


enough = FillIn(
    name="04-enough",
    draw=draw_wishes,
    reference=enough_by_search,
    right="Beyond the peak the error only falls, so one inequality decides: N must exceed D + 1 + sigma² D / (wanted − "
    "sigma²).",
    wrong=(
        Wrong(
            first_below,
            "That many are enough, but with more of them the error rises above what is wanted again: it is on the "
            "near side of the peak. <i>From there on</i> it has to stay below.",
        ),
        Wrong(
            lambda D, sigma, r, wanted: enough_by_formula(D, sigma**2, wanted),
            "You compared the excess risk with the test error that is wanted. A test error includes the noise of the "
            "new example, sigma².",
        ),
        Wrong(
            lambda D, sigma, r, wanted: enough_by_formula(D, sigma**2, wanted - sigma**2) - 1,
            "One too few: there the error is still just above what is wanted, or at it. Count on by one.",
        ),
        Wrong(
            lambda D, sigma, r, wanted: D + 1 + sigma**2 * D / (wanted - sigma**2),
            "That is where the formula meets what is wanted. The first whole number above it is asked for.",
        ),
        Wrong(
            lambda D, sigma, r, wanted: enough_by_formula(D, sigma, wanted - sigma**2),
            "The formula has sigma², the variance of the noise, not sigma.",
        ),
    ),
)

EXERCISES = (ruler, one_step, turn, enough)
