"""Exercises of notebook 08: ridge by its rows, its expected error, two fits of one complexity, effective parameters."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.curves.effective import polynomial_effective

__all__ = ["EXERCISES"]


def draw_penalised(rng):
    """X, y and a penalty; a single example, where N lam = lam hides a slip, among them."""
    return [
        (f"N = {N}, P = {P}, lam = {lam}", (rng.normal(size=(N, P)), rng.normal(size=N), lam))
        for N, P, lam in ((1, 6, 0.5), (4, 12, 0.1), (7, 7, 0.02), (20, 5, 1.0))
    ]


def ridge_by_stacking(X, y, lam):
    """Least squares with P more examples, that ask every coefficient to be zero."""
    N, P = X.shape
    return np.linalg.lstsq(np.vstack([X, np.sqrt(N * lam) * np.eye(P)]), np.append(y, np.zeros(P)), rcond=None)[0]


def by_rows(X, y, penalty):
    return X.T @ np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), y)


rows = FillIn(
    name="08-rows",
    draw=draw_penalised,
    reference=ridge_by_stacking,
    right="With lam = 0 it would be the Lagrangian's solution of notebook 4. The penalty also makes XX' invertible for "
    "N &gt; P.",
    wrong=(
        Wrong(
            lambda X, y, lam: by_rows(X, y, lam),
            "You added lam. The squared error is a <i>mean</i> over N examples, so against its sum the penalty counts "
            "N lam. (scikit-learn's Ridge takes the sum: its alpha is N lam.)",
        ),
        Wrong(
            lambda X, y, lam: np.linalg.solve(X @ X.T + len(X) * lam * np.eye(len(X)), y),
            "These are the N weights of the rows. The fit is the combination of the rows that they make: "
            "<code>X.T @</code> is missing.",
        ),
        Wrong(lambda X, y, lam: np.linalg.pinv(X) @ y, "That is the fit without a penalty."),
        Wrong(
            lambda X, y, lam: by_rows(X, y, lam / len(X)),
            "You divided lam by N. Multiply both terms by N instead: ‖y − Xb‖² + N lam ‖b‖².",
        ),
    ),
)


def draw_spectra(rng):
    """X, penalty, noise and signal; no signal, which hides slips, and fewer examples than features among them."""
    return [
        (f"N = {N}, D = {D}, lam = {lam}, sigma = {sigma}, r = {r}", (rng.normal(size=(N, D)), lam, sigma, r))
        for N, D, lam, sigma, r in ((9, 4, 0.3, 0.5, 0.0), (9, 4, 0.2, 0.5, 1.0), (5, 12, 0.1, 0.0, 2.0), (6, 6, 0.5, 1.0, 0.7))
    ]


def error_by_matrices(X, lam, sigma, r):
    """Without the modes: what the fit makes of the truth and of the noise, as matrices."""
    N, D = X.shape
    to_fit = np.linalg.solve(X.T @ X / N + lam * np.eye(D), X.T / N)  # b = to_fit @ y
    left = to_fit @ X - np.eye(D)
    return r**2 / D * np.sum(left**2) + sigma**2 * np.sum(to_fit**2)


def by_modes(X, lam, sigma, r, bias=None, variance=None):
    N, D = X.shape
    s = np.linalg.eigvalsh(X.T @ X / N)
    one = r**2 / D * lam**2 / (s + lam) ** 2 if bias is None else bias(s, lam, r, D)
    other = sigma**2 / N * s / (s + lam) ** 2 if variance is None else variance(s, lam, sigma, N)
    return np.sum(one + other)


expected = FillIn(
    name="08-expected",
    draw=draw_spectra,
    reference=error_by_matrices,
    right="Modes that no example shows, with s = 0, have no variance and all of their bias. Draw it along lam for an X of "
    "your own: it is lowest at sigma² D / (N r²).",
    wrong=(
        Wrong(
            lambda X, lam, sigma, r: by_modes(X, lam, sigma, r) / X.shape[1],
            "That is the mean over the modes. The error of beta is the <i>sum</i> over all D of them.",
        ),
        Wrong(
            lambda *data: by_modes(*data, bias=lambda s, lam, r, D: r**2 / D * (s / (s + lam)) ** 2),
            "The part of the truth that ridge <i>holds back</i> is lam / (s + lam). You took what it lets through.",
        ),
        Wrong(
            lambda *data: by_modes(*data, bias=lambda s, lam, r, D: r**2 * (lam / (s + lam)) ** 2),
            "Each mode has the share r² / D of the truth, not all of r².",
        ),
        Wrong(
            lambda *data: by_modes(*data, variance=lambda s, lam, sigma, N: sigma**2 * s / (s + lam) ** 2),
            "The variance of a mode is divided by N: that many examples average the noise out.",
        ),
        Wrong(
            lambda *data: by_modes(*data, variance=lambda s, lam, sigma, N: 0 * s),
            "The noise that is let through is missing: add the variance of each mode.",
        ),
    ),
)


@lru_cache(maxsize=1)
def twin_of_seven():
    """The P beyond N = 15 of the lab's slider whose count on test points is nearest to that of P = 7."""
    grid = [7, *range(16, 41), 44, 47, 50, 55, 60, 65, 70, 80, 90, 100, 110, 120]
    counts = np.log(np.median(polynomial_effective(15, grid, trials=30), axis=0))
    P = grid[1 + np.abs(counts[1:] - counts[0]).argmin()]
    return P, P


twin = Number(
    name="08-twin",
    find=twin_of_seven,
    right="P = 7 and P = 60 use 25 and 27 effective parameters on test points. Their test errors, 0.20 and 0.50, are near "
    "to each other beside the peak that lies between them, but not the same: simplicity is not all.",
    wrong=(
        Wrong(
            65,
            "Near: P = 55 uses 44.6 and P = 65 uses 20.7. One value of the slider comes nearer to 25.2.",
            signs=lambda P: P in (55, 65),
        ),
        Wrong(
            15,
            "That is N = P, where the count is largest. Go beyond it, until it has come down to that of P = 7.",
            signs=lambda P: 7 < P < 55,
        ),
        Wrong(
            120,
            "There the fit is simpler than that of P = 7: it uses fewer effective parameters. Go back with P.",
            signs=lambda P: 65 < P,
        ),
        Wrong(7, "P = 7 is the fit to compare with. Its twin lies beyond N = 15.", signs=lambda P: P <= 7),
    ),
    other="Read the effective parameters <i>on test points</i> in the words under the picture, at P = 7 and beyond P = 15.",
)


def draw_smoothers(rng):
    """Features of training and of new examples, a penalty; new ones that are the training ones hide a slip."""
    cases = []
    for N, P, M, lam in ((6, 6, None, 0.1), (1, 4, 5, 0.5), (9, 4, 20, 0.2), (5, 15, 12, 0.01)):
        X = rng.normal(size=(N, P))
        new = X if M is None else rng.normal(size=(M, P))
        words = "X_new = X" if M is None else f"M = {M}"
        cases.append((f"N = {N}, P = {P}, {words}, lam = {lam}", (X, new.copy(), lam)))
    return cases


def count_by_unit_targets(X, X_new, lam):
    """The weight of a target is the prediction when it is 1 and all others are 0."""
    N = len(X)
    weights = np.array([X_new @ ridge_by_stacking(X, unit, lam) for unit in np.eye(N)])  # (N, M)
    return N * np.sum(weights**2) / len(X_new)


def weights(X, X_new, penalty):
    return X_new @ np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T)


count = FillIn(
    name="08-count-them",
    draw=draw_smoothers,
    reference=count_by_unit_targets,
    right="One count for every linear fit, wherever you ask. At lam near 0, on the training points, it is min(N, P).",
    wrong=(
        Wrong(
            lambda X, X_new, lam: len(X) * np.mean(np.sum(weights(X, X, len(X) * lam) ** 2, axis=1)),
            "You counted on the training points. <code>X_new</code> holds the points where it is wanted.",
        ),
        Wrong(
            lambda X, X_new, lam: len(X) * np.mean(np.sum(weights(X, X_new, lam) ** 2, axis=1)),
            "You added lam to X'X. Against the sum of the squares the penalty counts N lam.",
        ),
        Wrong(
            lambda X, X_new, lam: np.mean(np.sum(weights(X, X_new, len(X) * lam) ** 2, axis=1)),
            "A factor N is missing. ‖s‖² is the <i>sum</i> of the squared weights of one point, not their mean, and the "
            "count is N times its mean over the points.",
        ),
        Wrong(
            lambda X, X_new, lam: np.trace(weights(X, X, len(X) * lam)),
            "That is the older count, the degrees of freedom on the training points. Asked for is N times the mean "
            "of ‖s‖² over the new points.",
        ),
        Wrong(
            lambda X, X_new, lam: len(X) * np.mean(np.sum((X_new @ np.linalg.pinv(X)) ** 2, axis=1)),
            "You left the penalty out.",
        ),
    ),
)

EXERCISES = (rows, expected, twin, count)
