"""Exercises of notebook 05: three factors, a cutoff, how many modes make the peak, the smallest singular value."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.curves import table_fits
from ddlib.curves.factors import ablate
from ddlib.datasets.draws import student_teacher

__all__ = ["EXERCISES"]


def draw_points(rng):
    """Training sets, a test point and a best fit; one that is zero, and as many rows as columns, which hide slips."""
    cases = []
    for N, P, best in ((9, 4, 0.0), (6, 6, 1.0), (4, 10, 1.0), (15, 5, 1.0)):
        X, beta = spread(rng, N, P), best * rng.normal(size=P)
        words = "" if best else ", beta = 0"
        cases.append((f"N = {N}, P = {P}{words}", (X, X @ beta + rng.normal(size=N), rng.normal(size=P), beta)))
    return cases


def spread(rng, N, P):
    """A matrix whose singular values lie clearly apart."""
    U, _, Vt = np.linalg.svd(rng.normal(size=(N, P)), full_matrices=False)
    return U * 0.7 ** np.arange(min(N, P)) * rng.uniform(0.9, 1.1, min(N, P)) * 3 @ Vt


def products_by_eigenvectors(X, y, x, beta):
    """From the eigenvectors of X'X, without the patterns u: u_r . E is (X v_r) . E / sigma_r."""
    values, V = np.linalg.eigh(X.T @ X)
    leading = np.argsort(values)[::-1][: min(X.shape)]
    return (x @ V[:, leading]) * (V[:, leading].T @ (X.T @ (y - X @ beta))) / values[leading]


def products(X, y, x, beta, multiply):
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    return multiply(sigma, Vt @ x, U.T @ (y - X @ beta), U.T @ y)


factors = FillIn(
    name="05-factors",
    draw=draw_points,
    reference=products_by_eigenvectors,
    right="One number for each mode, and the largest of them usually belongs to the weakest.",
    wrong=(
        Wrong(
            lambda *data: products(*data, lambda sigma, reach, caught, of_y: reach * of_y / sigma),
            "You took u · y. The third factor is u · E: what the best fit explains of y does no harm.",
        ),
        Wrong(
            lambda *data: products(*data, lambda sigma, reach, caught, of_y: sigma * reach * caught),
            "You multiplied by sigma. The first factor is 1/sigma: a mode that the rows hardly show makes the error "
            "<i>large</i>.",
        ),
        Wrong(
            lambda *data: products(*data, lambda sigma, reach, caught, of_y: np.sum(reach * caught / sigma)),
            "You added them up. That is their share of the error; asked for is one product for each mode.",
        ),
        Wrong(
            lambda *data: products(*data, lambda sigma, reach, caught, of_y: caught / sigma),
            "That is how far off beta is along each v. The test point is missing: x · v, <code>Vt @ x</code>.",
        ),
    ),
)


def draw_cutoffs(rng):
    """Problems with a cutoff between two singular values, or below all; a largest value of 1 hides a slip."""
    cases = []
    for N, P, kept, largest in ((8, 5, 3, 1.0), (5, 5, 5, 2.0), (4, 9, 2, 5.0), (20, 6, 4, 0.5)):
        X = spread(rng, N, P)
        X *= largest / np.linalg.norm(X, 2)
        sigma = np.append(np.linalg.svd(X, compute_uv=False), 0.01)
        sigma[min(N, P) :] = sigma[min(N, P) - 1] / 4  # below the weakest
        cutoff = float(np.sqrt(sigma[kept - 1] * sigma[kept]))
        cases.append((f"N = {N}, P = {P}, largest sigma {largest}, cutoff {cutoff:.2g}", (X, rng.normal(size=N), cutoff)))
    return cases


def cut_by_pinv(X, y, cutoff):
    """numpy's own cutoff, which is relative to the largest singular value."""
    return np.linalg.pinv(X, rcond=cutoff / np.linalg.norm(X, 2)) @ y


def cut(X, y, weigh):
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (weigh(sigma) * (U.T @ y))


cutoff = FillIn(
    name="05-cutoff",
    draw=draw_cutoffs,
    reference=cut_by_pinv,
    right="What is left out of the fit costs a little bias, and can no longer explode.",
    wrong=(
        Wrong(
            lambda X, y, cutoff: cut(X, y, lambda sigma: (sigma >= cutoff * sigma[0]) / sigma),
            "You measured the cutoff by the largest singular value. Here it is absolute, in the units of X. "
            "(<code>pinv</code> itself uses the relative one.)",
        ),
        Wrong(
            lambda X, y, cutoff: cut(X, y, lambda sigma: (sigma < cutoff) / sigma),
            "You kept the weak modes and left out the strong ones.",
        ),
        Wrong(
            lambda X, y, cutoff: cut(X, y, lambda sigma: 1 / np.maximum(sigma, cutoff)),
            "You raised the small singular values to the cutoff. Their modes are tamed, but they are still in the "
            "fit; F1 leaves them out.",
        ),
        Wrong(
            lambda X, y, cutoff: cut(X, y, lambda sigma: 1 / sigma), "No mode is left out: this is the whole smallest-norm fit."
        ),
        Wrong(
            lambda X, y, cutoff: cut(X, y, lambda sigma: (sigma >= cutoff) * 1.0),
            "The right modes, but each still has to be divided by its sigma.",
        ),
    ),
)


@lru_cache(maxsize=1)
def modes_without_peak():
    """The largest k at which the lab's error at N = P = 20 stays below twice that of predicting 0."""
    X, y = student_teacher(np.random.default_rng(0))
    fits = table_fits((X, y), [20])
    errors = [ablate(fits, keep=k).quantiles("test", 0.5)[0] / np.mean(y**2) for k in range(1, 21)]
    k = max(k for k, error in enumerate(errors, 1) if error < 2)
    return k, k


modes = Number(
    name="05-modes",
    find=modes_without_peak,
    right="18 of 20: with 19 modes the error is 4, with all of them 21. Two modes of twenty make the peak.",
    wrong=(
        Wrong(
            17,
            "There it is below 2, but you can keep more. Move F2 to the right, one mode at a time.",
            signs=lambda k: 0 < k < 18,
        ),
        Wrong(19, "With 19 modes the error at N = P is 4 times that of predicting 0. Go one back.", signs=lambda k: k == 19),
        Wrong(
            20,
            "With 20 modes nothing is left out, and the peak is there. Is the slider <b>F1</b> at <i>none</i>?",
            signs=lambda k: k == 20,
        ),
    ),
    other="F2 counts modes, from 1 to 20. Set F1 to <i>none</i> and lam to 0, and read the error at N = P in the words "
    "under the picture.",
)


def draw_clouds(rng):
    """Rows that come one by one; a single column, where the largest is the smallest, hides a slip."""
    return [
        (f"{N} rows, {P} columns", (rng.normal(size=(N, P)) * rng.uniform(0.5, 2, P),))
        for N, P in ((6, 1), (5, 5), (4, 9), (12, 3))
    ]


def smallest_by_eigenvalues(X):
    """From the smaller one of X X' and X'X, which has no zeros."""
    found = []
    for n in range(1, len(X) + 1):
        some = X[:n] if n <= X.shape[1] else X[:n].T
        found.append(np.sqrt(np.linalg.eigvalsh(some @ some.T)[0]))
    return np.array(found)


def along(X, pick, first=1):
    return np.array([pick(np.linalg.svd(X[:n], compute_uv=False)) for n in range(first, first + len(X))])


smallest = FillIn(
    name="05-smallest-value",
    draw=draw_clouds,
    reference=smallest_by_eigenvalues,
    right="Draw it for many rows: it falls up to N = P, and rises from there.",
    wrong=(
        Wrong(
            lambda X: along(X, lambda s: s[0]),
            "You took the first singular value. numpy sorts them from the largest to the smallest: the last one is asked for.",
        ),
        Wrong(
            lambda X: along(X, lambda s: s[-1] ** 2), "These are squares: eigenvalues of X'X. The singular value is the root."
        ),
        Wrong(
            lambda X: along(X, lambda s: 1 / s[-1]),
            "That is the first factor, 1/sigma. The singular value itself is asked for.",
        ),
        Wrong(lambda X: along(X, lambda s: s[-1])[:-1], "One is missing at the end: <code>range(1, N)</code> stops before N."),
        Wrong(
            lambda X: np.array([np.sqrt(np.maximum(np.linalg.eigvalsh(X[:n].T @ X[:n])[0], 0)) for n in range(1, len(X) + 1)]),
            "With fewer rows than columns X'X has eigenvalues that are zero, up to rounding. The smallest "
            "<i>non-zero</i> one is asked for: of n rows there are min(n, P) singular values.",
            signs=lambda got, X: X.shape[1] > 1 and np.shape(got) == (len(X),) and bool(abs(got[0]) < 1e-6),
        ),
    ),
    tolerance=1e-5,
)

EXERCISES = (factors, cutoff, modes, smallest)
