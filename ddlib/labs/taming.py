"""Labs of the last notebook: ridge and its optimum, and the double descent on other axes."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ddlib import figures
from ddlib.curves import polynomial_curve
from ddlib.datasets import bend, wave
from ddlib.effective import polynomial_effective
from ddlib.labs.live import Lab, choice, listed_slider, number, real_slider, whole_slider
from ddlib.labs.polynomial import regime
from ddlib.ridge_runs import ridge_runs
from ddlib.ridge_theory import optimal_lam, optimal_ridge_risk, ridge_risk

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
    heres = [ax.plot([], [], label="here", zorder=5, clip_on=False, **figures.ROLES["here"])[0]
             for ax in (left, right)]
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
        return (f"{regime(N, D)}: N = {N}, P = D = {D}, lam = {lam:g}: median test error {number(middle[N - 1])}. "
                f"The best lam here is sigma² gamma / r² = {number(wanted)}, with "
                f"{number(optimal_ridge_risk(D / N, sigma) + sigma**2)} in theory.")

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
    alt = ("Left: test error of linear regression against the number of training examples, with a peak at N = P that "
           "a penalty takes down; with the best penalty it only falls. Right: the same error against the penalty.")
    return Lab(figure, [band, median, theory, tuned, along, simulated, best, *heres], controls, update, alt, presets)


GRID = np.concatenate([np.arange(1, 41), [44, 47, 50, 55, 60, 65, 70, 80, 90, 100, 110, 120]])
RULERS = {  # the label of the axis, its limits and ticks
    "P": ("P, fitted parameters", 1, 120, [1, 2, 5, 10, 20, 50, 100]),
    "P/N": ("P / N, parameters per example", 0.06, 15, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
    "N/P": ("N / P, examples per parameter", 15, 0.06, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
    "norm of beta": ("norm of beta", 0.5, 1e6, 10.0 ** np.arange(0, 7)),
    "effective, train": ("effective parameters on the training points", 1, 120, [1, 2, 5, 10, 20, 50, 100]),
    "effective, test": ("effective parameters on test points", 0.7, 1e13, 10.0 ** np.arange(0, 13, 2)),
}


def axis_lab(N=15, P=50, sigma=0.3):
    """The same fits against P, its ratios to N, the norm of beta, and effective parameters."""
    figure, ax = figures.subplots(size=(9, 4.4))
    ax.set(ylabel="test error", title="The same fits, another ruler")
    floor = 1e-2
    figures.log_axis(ax.yaxis, floor, 1e11, ticks=10.0 ** np.arange(-2, 11, 2))
    ends = [ax.add_collection(LineCollection([], linewidth=2.4, label=label, color=figures.ROLES[role]["color"],
                                             linestyle=figures.ROLES[role]["linestyle"]), autolim=False)
            for role, label in (("train", "P up to N"), ("test", "P from N on"))]
    dots = [ax.plot([], [], marker, color=figures.ROLES[role]["color"], markersize=4)[0]
            for role, marker in (("train", "s"), ("test", "o"))]
    (top,) = ax.plot([], [], "^", markersize=10, color="#444444", markeredgecolor="white", label="N = P",
                     clip_on=False)
    (here,) = ax.plot([], [], label="here", zorder=5, clip_on=False, **figures.ROLES["here"])
    figures.legend_above(ax, columns=4)
    truths = {"bend, within reach": bend, "wave, out of reach": wave}
    state = {}

    @lru_cache(maxsize=None)
    def curves(N, truth):
        return polynomial_curve(N, GRID, trials=30, truth=truths[truth])

    counts = {N: np.median(polynomial_effective(N, GRID, trials=30), axis=0) for N in range(8, 17)}

    @lru_cache(maxsize=16)
    def rulers_and_errors(N, sigma, truth):
        curve = curves(N, truth).at_sigma(sigma)
        return {"P": GRID, "P/N": GRID / N, "N/P": N / GRID, "norm of beta": curve.quantiles("norm", 0.5),
                "effective, train": np.minimum(GRID, N), "effective, test": counts[N]}, curve.quantiles("test", 0.5)

    def update(N, P, sigma, axis, truth):
        if state.get("axis") != axis:
            label, low, high, ticks = RULERS[axis]
            ax.set_xlabel(label)
            figures.log_axis(ax.xaxis, low, high, ticks=ticks)
            state["axis"] = axis
        rulers, errors = rulers_and_errors(N, sigma, truth)
        x, cut, at = rulers[axis], N - 1, GRID.tolist().index(P)
        path = np.column_stack([x, errors])
        for end, dot, part in zip(ends, dots, (path[: cut + 1], path[cut:])):
            end.set_segments([part])
            dot.set_data(*part.T)
        top.set_data([x[cut]], [max(errors[cut], floor)])
        here.set_data([x[at]], [max(errors[at], floor)])
        words = f"{regime(N, P)}: N = {N}, P = {P}: test error {number(errors[at])}, "
        words += (f"norm of beta {number(rulers['norm of beta'][at])}, effective parameters "
                  f"{number(rulers['effective, train'][at])} on the training points, "
                  f"{number(rulers['effective, test'][at])} on test points (medians of 30 training sets).")
        return words + f" Distance of the two branches: {apart(x, errors, cut, axis)}."

    presets = {
        "1 against P": ({}, "Up, and down again: two descents along P."),
        "2 the norm": ({"axis": "norm of beta"}, "Folded at the threshold: beyond N = P the path comes back along the "
                                                 "way that it went."),
        "3 effective, test": ({"axis": "effective, test"}, "Counted on test points the second descent is the arm of "
                                                           "the U, walked backwards."),
        "4 not always": ({"axis": "effective, test", "truth": "wave, out of reach", "sigma": 0.0},
                         "Here the misfit changes with P: one complexity, two errors. The fold is not perfect."),
    }
    controls = {
        "axis": choice("horizontal axis", RULERS),
        "N": whole_slider("N", "training examples", N, 8, 16),
        "P": listed_slider("P", "parameters", [(str(p), int(p)) for p in GRID], P),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 0.6, 0.1),
        "truth": choice("target", truths),
    }
    alt = ("Median test error of polynomial fits on log axes, up to N = P and beyond it as two branches. Against P they "
           "are a peak; against effective parameters on test points the second branch folds back onto the first.")
    return Lab(figure, [*ends, *dots, top, here], controls, update, alt, presets)


def apart(x, errors, cut, axis):
    """How far the two branches lie from one another where both have the same complexity, in words."""
    if axis in ("P", "P/N", "N/P"):
        return "they share no value of this axis, so this is no U"
    if axis == "effective, train":
        return "beyond N = P this axis stands still, and the second branch is a vertical line"
    rising, error = np.log(x[: cut + 1]), np.log(errors[: cut + 1])
    first = rising.argmin()
    both = x[cut:] >= x[first]
    gap = np.log(errors[cut:][both]) - np.interp(np.log(x[cut:][both]), rising[first:], error[first:])
    return f"a factor of {number(np.exp(np.median(np.abs(gap))))} in the test error (median along the way)"
