"""Exercises of notebook 03: the smallest fit, the exact test error, the norm along P."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.curves import polynomial_curve

__all__ = ["EXERCISES"]


def draw_problems(rng):
    """X and y with P below, at and above N."""
    return [
        (f"N = {N}, P = {P}", (rng.normal(size=(N, P)) + 2 * np.eye(N, P), rng.normal(size=N)))
        for N, P in ((12, 4), (5, 5), (4, 9), (6, 40))
    ]


def under(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


def smallest_by_svd(X, y):
    """Along the singular vectors of X."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ ((U.T @ y) / s)


def first_columns(X, y):
    """Meets all points with the first N parameters alone."""
    N, P = X.shape
    return under(X, y) if P <= N else np.concatenate([np.linalg.solve(X[:, :N], y), np.zeros(P - N)])


smallest_fit = FillIn(
    name="03-smallest-fit",
    draw=draw_problems,
    reference=smallest_by_svd,
    right="It meets all points, and it is a combination of the rows of X: nothing in it is wasted.",
    wrong=(
        Wrong(
            first_columns,
            "It meets all points, but it is not the shortest that does: part of it is at right angles to all rows "
            "of X and changes nothing but the norm.",
        ),
        Wrong(
            lambda X, y: under(X, y) if X.shape[1] <= len(X) else np.linalg.solve(X @ X.T, y),
            "These are the N weights of the rows. The fit is the combination of the rows that they make: "
            "<code>X.T @</code> is missing.",
        ),
        Wrong(
            under,
            "Did you solve with <code>X.T @ X</code>? It is P × P and has only N directions in it: for P &gt; N it "
            "has no inverse, and <code>solve</code> returns an error, or one of many fits, chosen by rounding. "
            "<code>X @ X.T</code>, N × N, has an inverse.",
            # what rounding chooses differs from one way to write it to the next
            signs=lambda beta, X, y: X.shape[1] > len(X) and np.shape(beta) == X.shape[1:],
        ),
    ),
)


def draw_series(rng):
    """A fit and the truth's Legendre coefficients; nothing left out and no constant, which hides slips, among them."""
    cases = []
    for P, K, constant in ((3, 3, 0.0), (1, 6, 1.0), (8, 20, 1.0)):
        a = rng.normal(size=K + 1) * np.append(constant, np.ones(K))
        cases.append((f"P = {P}, K = {K}", (a[1 : P + 1] + rng.normal(size=P), a)))
    return cases


def error_by_quadrature(beta, a):
    """The mean over x of the squared difference of two polynomials, by Gauss's rule."""
    nodes, weights = np.polynomial.legendre.leggauss(len(a) + 1)
    fit = np.polynomial.legendre.legval(nodes, np.append(0.0, beta))
    return weights @ (fit - np.polynomial.legendre.legval(nodes, a)) ** 2 / 2


def by_degree(beta, a, weight=lambda k: 1 / (2 * k + 1), left_out=True, constant=True):
    P, k = len(beta), np.arange(len(a))
    error = np.sum((beta - a[1 : P + 1]) ** 2 * weight(k[1 : P + 1]))
    return error + left_out * np.sum(a[P + 1 :] ** 2 * weight(k[P + 1 :])) + constant * left_out * a[0] ** 2


exact_error = FillIn(
    name="03-exact-error",
    draw=draw_series,
    reference=error_by_quadrature,
    right="Every degree contributes on its own, whether it was fitted or left out.",
    wrong=(
        Wrong(
            lambda beta, a: by_degree(beta, a, left_out=False),
            "You counted the degrees that were fitted. What P polynomials leave out, <i>a</i>₀ and the degrees above "
            "P, is error, too.",
        ),
        Wrong(
            lambda beta, a: by_degree(beta, a, constant=False),
            "The constant is missing: the model has none, so all of <i>a</i>₀² is error.",
        ),
        Wrong(
            lambda beta, a: by_degree(beta, a, weight=lambda k: np.ones(len(k))),
            "You added the squares as they are. The polynomial of degree k has mean square 1/(2k+1), so its square "
            "counts that much.",
        ),
        Wrong(
            lambda beta, a: by_degree(beta, a, weight=lambda k: 1 / (2 * k - 1.0)),
            "Your weights are one degree off: the first coefficient of beta belongs to degree 1, weight 1/3.",
        ),
    ),
)


@lru_cache(maxsize=1)
def second_descent():
    """The first P beyond the peak at which the median test error is below that of P = 1, for some seeds."""
    first = []
    for seed in range(6):
        median = polynomial_curve(15, np.arange(1, 101), sigma=0.0, seed=seed).quantiles("test", 0.5)
        first.append(16 + int(np.argmax(median[15:] < median[0])))
    return min(first) - 1, max(first) + 1


descent = Number(
    name="03-descent",
    find=second_descent,
    right="About 26 parameters for 15 points. From here on a model with too many parameters beats the one with "
    "a single parameter.",
    wrong=(
        Wrong(15, "That is the peak, N = P. Go on to the right.", signs=lambda P: 14 <= P <= 20),
        Wrong(5, "Before the peak nothing here is below P = 1. Look beyond N = P.", signs=lambda P: P < 14),
        Wrong(30, "There it is below, but it was so before. Make P smaller, step by step.", signs=lambda P: 27 < P <= 100),
    ),
    other="Reset the lab, note the <i>median</i> test error at P = 1 in the words under the picture, then look for the "
    "first P beyond 15 where it is smaller.",
)


def draw_points(rng):
    """Points that never lie close together, and a P_max below and above N."""
    cases = []
    for N, P_max in ((6, 4), (5, 5), (7, 30)):
        x = (np.arange(N) + rng.uniform(0.25, 0.75, N)) * 2 / N - 1
        cases.append((f"N = {N}, P_max = {P_max}", (x, rng.normal(size=N), P_max)))
    return cases


def columns(x, P):
    return np.polynomial.legendre.legvander(x, P)[:, 1:]


def norms_by_lstsq(x, y, P_max):
    """Another solver, one P after the other."""
    return [np.sqrt(np.sum(np.linalg.lstsq(columns(x, P), y, rcond=None)[0] ** 2)) for P in range(1, P_max + 1)]


def norms_of(x, y, P_max, measure=np.linalg.norm, X=columns, first=1):
    return np.array([measure(np.linalg.pinv(X(x, P)) @ y) for P in range(first, first + P_max)])


norms = FillIn(
    name="03-norms",
    draw=draw_points,
    reference=norms_by_lstsq,
    right="Draw it for points of your own: it peaks at P = N and falls ever after.",
    wrong=(
        Wrong(
            lambda x, y, P_max: norms_of(x, y, P_max, measure=lambda beta: beta @ beta),
            "That is the square of the norm; its root is missing.",
        ),
        Wrong(
            lambda x, y, P_max: norms_of(x, y, P_max, X=lambda x, P: np.polynomial.legendre.legvander(x, P)),
            "Your X has the constant in it. The model has the degrees 1 to P: <code>legendre(x, P)</code>.",
        ),
        Wrong(
            lambda x, y, P_max: norms_of(x, y, P_max - 1),
            "One is missing at the end: <code>range(1, P_max)</code> stops before P_max.",
        ),
        Wrong(
            lambda x, y, P_max: np.array(
                [np.linalg.norm(y - columns(x, P) @ (np.linalg.pinv(columns(x, P)) @ y)) for P in range(1, P_max + 1)]
            ),
            "That is the length of what the fit misses at the training points. The norm of beta itself is asked for.",
        ),
    ),
    tolerance=1e-5,
)

EXERCISES = (smallest_fit, exact_error, descent, norms)
