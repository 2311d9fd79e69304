"""Exercises of notebook 06: the loop, where it ends, when waiting pays, the expected error along the steps."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.theory.epochs import two_group_risk

__all__ = ["EXERCISES"]


def draw_descents(rng):
    """Problems with a start and a step size; a single example, and a start at zero, which hide slips, among them."""
    cases = []
    for N, P, steps, start in ((1, 5, 4, 1.0), (4, 9, 1, 0.0), (6, 4, 5, 1.0), (7, 7, 3, 1.0)):
        X = rng.normal(size=(N, P))
        eta = float(rng.uniform(0.3, 0.9)) / np.linalg.norm(X, 2) ** 2
        words = "w0 = 0" if start == 0 else "w0 drawn"
        cases.append(
            (f"N = {N}, P = {P}, {steps} steps, {words}", (X, rng.normal(size=N), start * rng.normal(size=P), eta, steps))
        )
    return cases


def descent_by_modes(X, y, w0, eta, steps):
    """No step taken: what is left of each residual mode, from the eigenvectors of X X'."""
    values, U = np.linalg.eigh(X @ X.T)
    values = np.maximum(values, 1e-14)
    taken = (1 - (1 - eta * values) ** steps) / values
    return w0 + X.T @ (U @ (taken * (U.T @ (y - X @ w0))))


def descent(X, y, w0, eta, steps, move):
    w = w0
    for _ in range(steps):
        w = w + eta * move(X, y, w)
    return w


loop = FillIn(
    name="06-loop",
    draw=draw_descents,
    reference=descent_by_modes,
    right="Each step adds a combination of the rows of X, weighted by the residuals.",
    wrong=(
        Wrong(
            lambda *data: descent(*data, lambda X, y, w: X.T @ (X @ w - y)),
            "You went uphill. The gradient of ½‖y − Xw‖² is −X'(y − Xw), and downhill is against it.",
        ),
        Wrong(
            lambda *data: descent(*data, lambda X, y, w: X.T @ (y - X @ w) / len(y)),
            "You divided by N. That is the gradient of half the <i>mean</i> of the squares; here it is half their sum.",
        ),
        Wrong(
            lambda *data: descent(*data, lambda X, y, w: 2 * X.T @ (y - X @ w)),
            "Your step is twice as long: the ½ before the squared error takes the 2 away.",
        ),
        Wrong(
            lambda *data: descent(*data, lambda X, y, w: X.T @ y),
            "You added X'y each time. What drives the step is what is still missed, the residuals y − Xw.",
        ),
        Wrong(
            lambda X, y, w0, eta, steps: descent(X, y, w0, 1.0, steps, lambda X, y, w: X.T @ (y - X @ w)),
            "The step size eta is missing.",
        ),
    ),
)


def draw_starts(rng):
    """Problems with a start; a start at zero, and more examples than parameters, which hide slips, among them."""
    cases = []
    for N, P, start in ((3, 8, 0.0), (9, 4, 1.0), (3, 8, 1.0), (6, 30, 2.0)):
        X = rng.normal(size=(N, P))
        words = "w0 = 0" if start == 0 else "w0 drawn"
        cases.append((f"N = {N}, P = {P}, {words}", (X, rng.normal(size=N), start * rng.normal(size=P))))
    return cases


def end_by_lstsq(X, y, w0):
    """The shortest correction of the start, by another solver."""
    return w0 + np.linalg.lstsq(X, y - X @ w0, rcond=None)[0]


def visible(X, w0):
    return np.linalg.pinv(X) @ (X @ w0)


ends = FillIn(
    name="06-ends",
    draw=draw_starts,
    reference=end_by_lstsq,
    right="The exact fit nearest to the start: what the rows see is corrected, what they do not see stays.",
    wrong=(
        Wrong(
            lambda X, y, w0: np.linalg.pinv(X) @ y,
            "That is where it ends from zero. From w0 the invisible part of w0 is still there at the end.",
        ),
        Wrong(
            lambda X, y, w0: np.linalg.pinv(X) @ y + w0,
            "You kept all of w0. Its part in the row space is corrected on the way; only the invisible part stays.",
        ),
        Wrong(
            lambda X, y, w0: np.linalg.pinv(X) @ y + visible(X, w0),
            "You kept the part of w0 that the rows <i>do</i> see. It is the other one that stays: w0 less this.",
        ),
        Wrong(lambda X, y, w0: w0 - visible(X, w0), "That is the invisible part alone. The fit to the targets is missing."),
    ),
)


@lru_cache(maxsize=1)
def enough_to_wait():
    """The first N of the lab's slider at which the late low is the lowest, with sigma = 1.5 and a ratio of 10."""
    steps = np.unique(np.geomspace(1, 10**6, 161).round().astype(int))
    for N in range(90, 401, 10):
        risk = two_group_risk(N, (80, 4), (1.0, 0.1), (1.5, 1.0), 1.5, steps, 0.02 / N).sum(axis=0)
        if steps[risk.argmin()] > 1000:
            return N, N
    raise AssertionError("with many examples waiting pays")


wait = Number(
    name="06-wait",
    find=enough_to_wait,
    right="At N = 100 the noise that is left at the end costs more than the trend is worth; at N = 110 it does not. "
    "What the fast features fit of the noise shrinks as 1/N.",
    wrong=(
        Wrong(
            100, "There the lowest error is the early one: read at which t it is. Add examples.", signs=lambda N: 90 <= N <= 100
        ),
        Wrong(200, "There waiting pays, but it does so with fewer examples. Go back with N.", signs=lambda N: 110 < N <= 400),
        Wrong(20_000, "That is a time. The number asked for is N, the training examples.", signs=lambda N: N > 400),
    ),
    other="Press Reset, set sigma to 1.5, and read in the words under the picture at which t the error is lowest: "
    "before or after t = 1000? Then move N.",
)


def draw_courses(rng):
    """Problems to follow; with more examples than parameters nothing is invisible, which hides a slip."""
    cases = []
    for N, P, sigma, T in ((8, 4, 0.5, 6), (3, 9, 0.7, 12), (5, 5, 1.0, 30), (4, 12, 0.0, 9)):
        X = rng.normal(size=(N, P))
        eta = float(rng.uniform(0.3, 0.9)) / np.linalg.norm(X, 2) ** 2
        cases.append((f"N = {N}, P = {P}, sigma = {sigma}, T = {T}", (X, rng.normal(size=P), sigma, eta, T)))
    return cases


def course_by_steps(X, beta, sigma, eta, T):
    """w_t = A_t y with A_t made step by step: what it misses of beta, and what noise it takes up."""
    A, risks = np.zeros(X.T.shape), []
    for _ in range(T + 1):
        risks.append(np.sum((A @ X @ beta - beta) ** 2) + sigma**2 * np.sum(A**2))
        A = A + eta * X.T @ (np.eye(len(X)) - X @ A)
    return np.array(risks)


def course(X, beta, sigma, eta, T, first=0, power=2, unseen=True, bias=True, noise=True):
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    risks = []
    for t in range(first, T + 1 + first):
        share = 1 - (1 - eta * s**2) ** t
        missing = beta - Vt.T @ (share * (Vt @ beta)) if unseen else (1 - share) * (Vt @ beta)
        risks.append(bias * missing @ missing + noise * sigma**2 * np.sum(share**power / s**2))
    return np.array(risks)


risks = FillIn(
    name="06-risks",
    draw=draw_courses,
    reference=course_by_steps,
    right="Where this curve is lowest is the best time to stop: <code>risks(…).argmin()</code>.",
    wrong=(
        Wrong(
            lambda *data: course(*data, unseen=False),
            "You added up the modes alone. With fewer examples than parameters a part of beta is in no mode, and it "
            "is missed at every time.",
        ),
        Wrong(lambda *data: course(*data, noise=False), "The noise is missing: what a mode takes up of it counts, too."),
        Wrong(lambda *data: course(*data, bias=False), "That is the noise alone. What is not learnt of beta is error, too."),
        Wrong(
            lambda *data: course(*data, power=1),
            "The share of the noise has to be squared: a mode takes up <code>share / s</code> times a standard normal, "
            "and its mean square is that squared.",
        ),
        Wrong(
            lambda *data: course(*data, first=1),
            "You are one step ahead: the first value belongs to t = 0, where nothing is learnt.",
        ),
        Wrong(
            lambda *data: course(*data) + data[2] ** 2,
            "You added the noise of the new example. The <i>excess</i> risk is without it.",
        ),
    ),
)

EXERCISES = (loop, ends, wait, risks)
