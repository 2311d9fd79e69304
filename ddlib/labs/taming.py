"""Labs of the last notebook: ridge and its optimum, and the double descent on other axes."""

from functools import cache, lru_cache

import numpy as np
from matplotlib.collections import PolyCollection

from ddlib import figures
from ddlib.curves import polynomial_curve
from ddlib.curves.effective import polynomial_effective
from ddlib.curves.ridge_runs import ridge_runs
from ddlib.datasets.draws import bend, wave
from ddlib.labs.polynomial import regime
from ddlib.live.controls import choice, listed_slider, number, real_slider, whole_slider
from ddlib.live.lab import Lab
from ddlib.theory.ridge import optimal_lam, optimal_ridge_risk, ridge_risk

__all__ = ["ridge_lab", "axis_lab", "penalties"]

ORANGE, GREEN = figures.ROLES["test"]["color"], figures.ROLES["here"]["color"]


def penalties(low, high):
    """Options of a slider over lam: none, and three steps in each power of ten."""
    steps = [float(f"{10 ** (k / 3):.1g}") for k in range(3 * low, 3 * high + 1)]
    return [("0", 0.0)] + [(f"{value:g}", value) for value in steps]


def ridge_lab(N=30, lam=0.0, sigma=0.5):
    """Linear regression with a ridge penalty: the error along N, and along lam for one N."""
    D, N_max = 30, 90
    runs = ridge_runs(N_max, D, seed=1)
    sizes = runs.N
    figure, (left, right) = figures.subplots(2, widths=[1.25, 1])
    left.set(xlabel="N, training examples", ylabel="test error", title="More data, one penalty", xlim=(0, N_max))
    right.set(xlabel="lam, penalty (0 at the left edge)", title="One N, every penalty")
    for ax in (left, right):
        figures.log_axis(ax.yaxis, 1e-2, 1e2, ticks=[0.01, 0.1, 1, 10, 100])
    lams = np.geomspace(1e-3, 10, 61)
    figures.log_axis(right.xaxis, 1e-3, 10, ticks=[1e-3, 1e-2, 0.1, 1, 10])
    left.axvline(D, **figures.ROLES["threshold"])
    left.text(D, 1.15e-2, f" N = P = {D}", color="#555555")
    band = left.add_collection(PolyCollection([], facecolor=ORANGE, alpha=0.22, linewidth=0), autolim=False)
    (median,) = left.plot([], [], label="50 fits: median, quartiles", **figures.ROLES["test"])
    (theory,) = left.plot([], [], label="theory for this lam", **figures.ROLES["theory"])
    (tuned,) = left.plot([], [], label="theory, best lam for each N", color=GREEN, linestyle="--")
    (along,) = right.plot([], [], **figures.ROLES["theory"])
    (simulated,) = right.plot([], [], **figures.ROLES["test"])
    (best,) = right.plot([], [], color=GREEN, linestyle="--", label="best lam")
    heres = [ax.plot([], [], label="here", zorder=5, clip_on=False, **figures.ROLES["here"])[0] for ax in (left, right)]
    figures.legend_above(left, columns=2, order=[median, theory, tuned])
    figures.legend_above(right, columns=2, order=[best, heres[1]], rows=2)

    @lru_cache(maxsize=32)
    def medians_along_lam(N, sigma):
        one_size = runs.only(N)
        return np.array([np.median(one_size.errors(value, sigma)) for value in lams])

    def update(N, lam, sigma):
        low, middle, high = np.quantile(runs.errors(lam, sigma), [0.25, 0.5, 0.75], axis=0)
        band.set_verts([figures.outline(sizes, low, high)])
        median.set_data(sizes, middle)
        gamma = D / sizes
        theory.set_data(sizes, np.minimum(ridge_risk(gamma, lam, sigma) + sigma**2, 1e6))
        tuned.set_data(sizes, optimal_ridge_risk(gamma, sigma) + sigma**2)
        along.set_data(lams, ridge_risk(D / N, lams, sigma) + sigma**2)
        simulated.set_data(lams, medians_along_lam(N, sigma))
        wanted = optimal_lam(D / N, sigma)
        best.set_data([max(wanted, 1e-4)] * 2, [1e-3, 1e3])
        at = np.clip(middle[N - 1], 1e-2, 1e2)
        heres[0].set_data([N], [at])
        heres[1].set_data([max(lam, 1e-3)], [at])
        return (
            f"{regime(N, D)}: N = {N}, P = D = {D}, lam = {lam:g}: median test error {number(middle[N - 1])}. "
            f"The best lam here is sigma² gamma / r² = {number(wanted)}, with "
            f"{number(optimal_ridge_risk(D / N, sigma) + sigma**2)} in theory."
        )

    presets = {
        "1 no penalty": ({}, "Minimum norm: more data hurts up to N = P, where the peak stands."),
        "2 a little": ({"lam": 0.02}, "A penalty of 0.02 takes most of the peak away. A hump is left."),
        "3 the best here": ({"lam": 0.2}, "Near the best for N = P: no hump left. The median lies on the theory."),
        "4 too much": ({"lam": 10.0}, "No peak either, but little is learnt: every curve is bent towards zero."),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 1, N_max),
        "lam": listed_slider("lam", "ridge penalty", penalties(-3, 1), lam),
        "sigma": real_slider("sigma", "noise sd", sigma, 0.1, 1, 0.05),
    }
    alt = (
        "Left: test error of linear regression against the number of training examples, with a peak at N = P that "
        "a penalty takes down; with the best penalty it only falls. Right: the same error against the penalty."
    )
    return Lab(figure, [band, median, theory, tuned, along, simulated, best, *heres], controls, update, alt, presets)


GRID = np.concatenate([np.arange(1, 41), [44, 47, 50, 55, 60, 65, 70, 80, 90, 100, 110, 120]])
RULERS = {  # the label of the axis, its limits and ticks
    "effective, test": ("effective parameters on test points", 0.7, 1e13, 10.0 ** np.arange(0, 13, 4)),
    "effective, train": ("effective parameters on training points", 0.8, 120, [1, 2, 5, 10, 20, 50, 100]),
    "norm of beta": ("norm of beta", 0.5, 1e6, 10.0 ** np.arange(0, 7)),
    "P/N": ("P / N, parameters per example", 0.06, 15, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
    "N/P": ("N / P, examples per parameter", 15, 0.06, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
}
FLOOR = 1e-2  # the foot of the frame


class Branches:
    """The median error of all fits on one axis: P up to N, P from N on, N = P itself, and one fit."""

    def __init__(self, ax, title):
        self.ax, self.ruler = ax, None
        ax.set_title(title)
        figures.log_axis(ax.yaxis, FLOOR, 1e11, ticks=10.0 ** np.arange(-2, 11, 2))
        lines = [
            ax.plot([], [], marker, markersize=4, label=label, **figures.ROLES[role])[0]
            for role, marker, label in (("train", "s", "P up to N"), ("test", "o", "P from N on"))
        ]
        (top,) = ax.plot([], [], "^", markersize=10, color="#444444", markeredgecolor="white", label="N = P")
        (here,) = ax.plot([], [], label="here", zorder=5, clip_on=False, **figures.ROLES["here"])
        self.artists = [*lines, top, here]

    def set_ruler(self, name, label, low, high, ticks):
        """Another quantity on the horizontal axis."""
        if name != self.ruler:
            self.ruler = name
            self.ax.set_xlabel(label)
            figures.log_axis(self.ax.xaxis, low, high, ticks=ticks)

    def show(self, x, errors, cut, at):
        """x, errors (G,), cut the place of N = P and at that of the one fit."""
        under, over, top, here = self.artists
        under.set_data(x[: cut + 1], errors[: cut + 1])
        over.set_data(x[cut:], errors[cut:])
        top.set_data([x[cut]], [max(errors[cut], FLOOR)])
        here.set_data([x[at]], [max(errors[at], FLOOR)])


def axis_lab(N=15, P=50, sigma=0.3):
    """The same fits against P, and beside it against another ruler: effective parameters, the norm of beta."""
    figure, (left, right) = figures.subplots(2, size=(9, 3.9))
    plain, other = Branches(left, "Against P"), Branches(right, "The same fits, another ruler")
    plain.set_ruler("P", "P, fitted parameters", 0.8, 130, [1, 2, 5, 10, 20, 50, 100])
    left.set_ylabel("test error")
    for ax in (left, right):
        figures.legend_above(ax, columns=2)
    truths = {"bend, within reach": bend, "wave, out of reach": wave}

    @cache
    def curves(N, truth):
        return polynomial_curve(N, GRID, trials=30, truth=truths[truth])

    counts = {N: np.median(polynomial_effective(N, GRID, trials=30), axis=0) for N in range(8, 17)}

    @lru_cache(maxsize=16)
    def rulers_and_errors(N, sigma, truth):
        curve = curves(N, truth).at_sigma(sigma)
        return {
            "effective, test": counts[N],
            "effective, train": np.minimum(GRID, N),
            "P/N": GRID / N,
            "N/P": N / GRID,
            "norm of beta": curve.quantiles("norm", 0.5),
        }, curve.quantiles("test", 0.5)

    def update(N, P, sigma, axis, truth):
        rulers, errors = rulers_and_errors(N, sigma, truth)
        cut, at = N - 1, GRID.tolist().index(P)
        other.set_ruler(axis, *RULERS[axis])
        plain.show(GRID, errors, cut, at)
        other.show(rulers[axis], errors, cut, at)
        return (
            f"{regime(N, P)}: N = {N}, P = {P}: test error {number(errors[at])}, "
            f"norm of beta {number(rulers['norm of beta'][at])}, effective parameters "
            f"{number(rulers['effective, train'][at])} on the training points, "
            f"{number(rulers['effective, test'][at])} on test points (medians of 30 training sets). "
            f"The branches on the right: {apart(rulers[axis], errors, cut, axis)}."
        )

    presets = {
        "1 effective, test": ({}, "Counted on test points the second descent is the arm of the U, walked backwards."),
        "2 the norm": ({"axis": "norm of beta"}, "Folded at N = P: the path comes back close to the way that it went."),
        "3 effective, train": (
            {"axis": "effective, train"},
            "Counted on training points, all fits beyond N = P are alike. This ruler is blind there.",
        ),
        "4 not always": (
            {"truth": "wave, out of reach", "sigma": 0.0},
            "Here the misfit changes with P: one complexity, two errors. It does not fold well.",
        ),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 8, 16),
        "P": listed_slider("P", "parameters", [(str(p), int(p)) for p in GRID], P),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 0.6, 0.1),
        "truth": choice("target", truths),
        "axis": choice("ruler on the right", RULERS),
    }
    alt = (
        "Median test error of polynomial fits on log axes, P up to N and P from N on as two branches. Left, against "
        "P, they are a peak; right, against effective parameters on test points, one branch lies on the other."
    )
    return Lab(figure, plain.artists + other.artists, controls, update, alt, presets)


def apart(x, errors, cut, axis):
    """How far the two branches lie from one another where both have the same x, in words."""
    if axis in ("P/N", "N/P"):
        return "they share no value of this ruler, so it does not fold"
    if axis == "effective, train":
        return "one of them is a vertical line"
    x, errors = np.log(x), np.log(np.maximum(errors, 1e-300))
    first = x[: cut + 1].argmin()
    both = x[cut:] >= x[first]
    gap = errors[cut:][both] - np.interp(x[cut:][both], x[first : cut + 1], errors[first : cut + 1])
    return f"a factor of {number(np.exp(np.median(np.abs(gap))))} apart in the test error (median along the way)"
