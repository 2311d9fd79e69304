"""Labs of the linear regression notebook: along N, one example at a time, and P of D features."""

from functools import lru_cache

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection

from ddlib import checks, figures, theory
from ddlib.curves import linear_curve, subset_curve
from ddlib.datasets.draws import draw_linear
from ddlib.labs.polynomial import regime
from ddlib.live.controls import choice, number, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["linear_lab", "novelty_lab", "subset_lab"]


class TheoryAndNull:
    """The exact mean and the null predictor's error, over an ErrorCurve."""

    def __init__(self, errors, columns):
        ax = self.ax = errors.ax
        self.errors = errors
        errors.here.set_label("here")
        errors.threshold_name.set_y(0.82)  # clear of the curves
        self.theory = ax.add_collection(
            LineCollection([], label="exact mean (theory)", linewidth=2, zorder=3, **figures.ROLES["theory"]), autolim=False
        )
        (self.null,) = ax.plot(
            [], [], transform=ax.get_yaxis_transform(), linewidth=1.6, label="null predictor", **figures.ROLES["truth"]
        )
        self.names = [
            ax.text(0, 0.955, words, transform=ax.get_xaxis_transform(), color="#555555", va="top")
            for words in ("over-parameterised", "under-parameterised")
        ]
        self.artists = [self.theory, self.null, *self.names]
        figures.legend_above(ax, columns, order=[errors.test, errors.train, self.theory, self.null, errors.here])

    def show(self, curve, mean, null):
        """mean (G,), with no line where it is infinite; null, the error of predicting 0 always."""
        value = self.errors.axes[self.errors.axis][1]
        x = value(curve.N, curve.P)
        low, high = self.ax.get_ylim()
        pieces = figures.runs(np.isfinite(mean))
        self.theory.set_segments([np.column_stack([x, np.clip(mean, low / 10, 10 * high)])[piece] for piece in pieces])
        self.null.set_data([0, 1], [null, null])
        at = value(curve.threshold, curve.threshold)
        over_is_left = self.errors.axis in ("N", "N/P") and self.errors.along == "N"
        for name, left in zip(self.names, (over_is_left, not over_is_left)):
            name.set(x=at / 1.06 if left else at * 1.06, ha="right" if left else "left")


def linear_lab(N=30, D=30, sigma=0.5, r=1.0):
    """The error of linear regression along N: simulation, exact theory and the null predictor."""
    figure, ax = figures.subplots(size=(9, 4.05))
    figure.subplots_adjust(top=0.86, bottom=0.175)
    errors = figures.ErrorCurve(
        ax,
        "Test error of linear regression, 50 training sets",
        one_fit=True,
        limits=(1e-2, 1e3),
        along="N",
        largest=100,
        largest_ratio=20,
    )
    lines, grid = TheoryAndNull(errors, columns=5), np.arange(1, 101)

    @lru_cache(maxsize=1)  # what a change of N leaves as it is
    def show_data(D, sigma, r, intercept, axis, seed):
        curve = linear_curve(grid, D, sigma, r, seed=seed, intercept=intercept)
        mean = np.full(100, np.inf) if intercept else theory.expected_risk(grid, D, sigma, r) + sigma**2
        null = r**2 + sigma**2
        errors.set_axis(axis)
        errors.show(curve)
        lines.show(curve, mean, null)
        return curve, *curve.quantiles("test", [0.25, 0.5, 0.75]), mean, null

    def update(N, D, sigma, r, intercept, axis, seed):
        curve, low, medians, high, mean, null = show_data(D, sigma, r, intercept, axis, seed)
        errors.mark(N, medians[N - 1])
        words = (
            f"{regime(N, curve.P)}: N = {N}, P = {curve.P}, N/P = {N / curve.P:.2f}. Test error: median "
            f"{number(medians[N - 1])}, middle half {number(low[N - 1])} to {number(high[N - 1])}; "
        )
        if intercept:
            words += "the formula for the mean has no intercept and is not drawn; "
        else:
            words += f"mean {number(mean[N - 1]) if mean[N - 1] < np.inf else 'infinite'}; "
        words += f"null predictor {number(null)}."
        best = medians[:N].argmin()
        if medians[best] < 0.99 * medians[N - 1]:
            words += (
                f" <b>More data hurt:</b> the first {best + 1 if best else 'one'} of these examples gave "
                f"{number(medians[best])}."
            )
        return words

    presets = {
        "1 few examples": ({"N": 8}, "Eight examples for thirty parameters: little better than always saying 0."),
        "2 the threshold": ({"N": 30}, "Thirty examples: each of them is met, at any price. Far worse than no model."),
        "3 enough examples": ({"N": 90}, "Three examples per parameter: the noise averages out."),
        "4 no noise": (
            {"sigma": 0.0, "N": 30},
            "A linear truth and no noise: nothing to be wrong about, so no peak. At N = P the error is zero.",
        ),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 1, 100),
        "D": whole_slider("D", "features", D, 5, 40),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
        "r": real_slider("r", "norm of beta", r, 0, 3, 0.1),
        "intercept": widgets.ToggleButton(
            False, description="fit an intercept: P = D + 1", layout=widgets.Layout(width="auto")
        ),
        "axis": choice("horizontal axis", figures.AXES_ALONG_N),
    }
    alt = (
        "Test error of linear regression against the number of training examples, on log axes: it stays near the "
        "null predictor's, rises to a peak where N = P, and falls below; the exact mean follows the simulation."
    )
    return Lab(figure, errors.artists + lines.artists, controls, update, alt, presets, redraw=True)


def novelty_lab(N=30, D=30, sigma=0.5):
    """One example at a time: how surprising and how new it is, and how far the fit moves."""
    checks.whole("D", D, at_least=2, at_most=100)
    figure, (left, right) = figures.subplots(2)
    count = np.arange(1, D + 1)
    for ax, title in ((left, "Each new example"), (right, "What it does to the fit")):
        ax.set(xlim=(0, D + 1), xlabel="N, examples so far", title=title)
        ax.axvline(D, **figures.ROLES["threshold"])
        ax.text(D, 0.92, "N = P ", transform=ax.get_xaxis_transform(), color="#555555", ha="right")
    figures.log_axis(left.yaxis, 1e-2, 1e2, ticks=10.0 ** np.arange(-2, 3))
    figures.log_axis(right.yaxis, 1e-4, 1e5, ticks=10.0 ** np.arange(-4, 6, 2))
    left.plot(count, np.sqrt(D - count + 1), label="sqrt(D − N + 1)", **figures.ROLES["theory"])
    right.set_ylabel("squared length")
    (new,) = left.plot([], [], "o", color=figures.ROLES["train"]["color"], markersize=6, label="novelty")
    (odd,) = left.plot([], [], "^", color=figures.ROLES["prediction"]["color"], markersize=6, label="surprise (size)")
    (moved,) = right.plot(
        [], [], "s", color=figures.ROLES["prediction"]["color"], markersize=5, label="step: (surprise / novelty)²"
    )
    (test,) = right.plot([], [], label="test error", **figures.ROLES["test"])
    for ax in (left, right):
        figures.legend_above(ax, columns=2, rows=2)

    def update(N, sigma, seed):
        X, y, beta = draw_linear(D, D, sigma, np.random.default_rng(np.random.SeedSequence(seed).spawn(10)[9]))
        fit, surprise, novelty, error = np.zeros(D), np.empty(D), np.empty(D), np.empty(D)
        Q, R = np.linalg.qr(X.T)
        for n in range(D):
            surprise[n], novelty[n] = y[n] - X[n] @ fit, R[n, n]
            fit = fit + Q[:, n] * surprise[n] / novelty[n]
            error[n] = (fit - beta) @ (fit - beta) + sigma**2
        step2 = (surprise / novelty) ** 2
        for ax, line, values in (
            (left, new, np.abs(novelty)),
            (left, odd, np.abs(surprise)),
            (right, moved, step2),
            (right, test, error),
        ):
            line.set_data(count[:N], np.clip(values, *ax.get_ylim())[:N])  # what leaves the frame stays on its edge
        return (
            f"Example {N} of {D}: surprise {number(abs(surprise[N - 1]))}, novelty {number(abs(novelty[N - 1]))}, "
            f"so the fit moves by {number(step2[N - 1] ** 0.5)}, at right angles to all steps before. "
            f"Test error now {number(error[N - 1])}."
        )

    presets = {
        "1 the first": ({"N": 1}, "All of it is new, and it moves the fit a little."),
        "2 half-way": ({"N": 15}, "Half of the directions are taken. Steps are still small."),
        "3 the last": ({"N": D}, "Hardly anything of it is new: an ordinary surprise, divided by almost nothing."),
        "4 no noise": (
            {"N": D, "sigma": 0.0},
            "Now the last surprise is as small as the last novelty: a step of ordinary length, to the truth.",
        ),
    }
    controls = {
        "N": whole_slider("N", "examples so far", N, 1, D),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
    }
    alt = (
        "Left: the novelty of each new example shrinks like the square root of the directions that are left, its "
        "surprise does not. Right: so the last steps are the longest, and with them the test error shoots up."
    )
    return Lab(figure, [new, odd, moved, test], controls, update, alt, presets, redraw=True)


def subset_lab(N=40, P=120, sigma=0.2):
    """Fitting the first P of 120 features: the error along P, and where its two minima lie."""
    D = 120
    figure, ax = figures.subplots(size=(9, 4.3))
    errors = figures.ErrorCurve(
        ax, "Test error of fits on P of 120 features, 50 training sets", one_fit=True, limits=(0.1, 1e3), largest=D
    )
    lines, grid = TheoryAndNull(errors, columns=3), np.arange(1, D + 1)

    @lru_cache(maxsize=1)  # what a change of P leaves as it is
    def show_data(N, sigma, seed):
        curve = subset_curve(N, D, grid, sigma, seed=seed)
        mean = theory.subset_risk(N, D, grid, sigma) + sigma**2
        errors.show(curve)
        lines.show(curve, mean, 1 + sigma**2)
        return curve.quantiles("test", 0.5), mean

    def update(N, P, sigma, seed):
        medians, mean = show_data(N, sigma, seed)
        errors.mark(P, medians[P - 1])
        below, beyond = mean[: N - 1].argmin(), N + mean[N:].argmin()
        at = number(mean[P - 1]) if mean[P - 1] < np.inf else "infinite"
        return (
            f"{regime(N, P)}: N = {N}, P = {P}. Test error: median {number(medians[P - 1])}, mean {at}; null "
            f"predictor {number(1 + sigma**2)}. Lowest mean below N = P: {number(mean[below])} at P = {below + 1}; "
            f"beyond: {number(mean[beyond])} at P = {beyond + 1}."
        )

    presets = {
        "1 few features": ({"P": 10}, "Ten features of 120: what is left out acts as noise. Worse than the null predictor."),
        "2 the threshold": ({"P": 40}, "As many features as examples: the peak."),
        "3 all features": ({"P": 120}, "Three parameters per example, and the best of the whole curve."),
        "4 much noise": (
            {"P": 120, "sigma": 1.0},
            "With as much noise as signal no fit is worth more than the null predictor.",
        ),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 20, 80),
        "P": whole_slider("P", "fitted features", P, 1, D),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
    }
    alt = (
        "Test error against the number of fitted features on log axes: above the null predictor and rising to a peak "
        "at N = P, then falling below everything before it when all 120 features are fitted."
    )
    return Lab(figure, errors.artists + lines.artists, controls, update, alt, presets, redraw=True)
