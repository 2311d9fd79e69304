"""Labs of the three factors: the modes of one error, the peak without a factor, and an opponent's data."""

from functools import lru_cache
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ddlib import checks, figures
from ddlib.curves import table_fits
from ddlib.curves.factors import CUTOFFS, STRENGTHS, ablate, attack, three_factors
from ddlib.curves.table import prepared, training_rows
from ddlib.datasets import read_table, student_teacher
from ddlib.fit.least_squares import min_norm
from ddlib.live.controls import choice, listed_slider, number, one_of, whole_slider
from ddlib.live.lab import Lab

__all__ = ["modes_lab", "ablation_lab", "attack_lab"]

GRID = np.arange(1, 40)  # as Schaeffer et al. (2023)
TRIALS = 50
DATA = ("Student–Teacher", "California", "Diabetes")
UNITS = ("raw", "standardised")
WEAKEST, OTHERS = "#222222", "#7FA8CC"  # the mode of the smallest singular value


@lru_cache(maxsize=8)
def study(data, units):
    """A data set of the course as the labs use it: X, y with mean square 1, and the best fit."""
    table = student_teacher(np.random.default_rng(0)) if data == DATA[0] else read_table(data.lower())
    X, y = prepared(table, standardise=units == "standardised")
    null = np.mean(y**2)
    y = y / np.sqrt(null)
    return SimpleNamespace(X=X, y=y, null=null, best=min_norm(X, y), D=X.shape[1])


@lru_cache(maxsize=8)
def fits_of(data, units):
    found = study(data, units)
    return table_fits((found.X, found.y), GRID, TRIALS)


class Comparison:
    """The error curve of a data set beside a ghost of what it was, in units of the error of predicting 0."""

    def __init__(self, title, limits):
        self.figure, ax = figures.subplots(size=(9, 4.05))
        self.figure.subplots_adjust(top=0.86, bottom=0.135)
        self.errors = figures.ErrorCurve(ax, title, limits=limits, along="N", largest=GRID[-1])
        ax.set_xscale("linear")  # the threshold is not crowded into the end
        ax.set(xlim=(0.5, 39.5), xticks=[1, 5, 8, 10, 15, 20, 25, 30, 35, 39], ylabel="error relative to predicting 0")
        self.errors.threshold_name.set_y(0.91)
        (self.ghost,) = ax.plot(
            [], [], color="#999999", linewidth=4.5, alpha=0.7, solid_capstyle="butt", zorder=0.8, label="test error as it was"
        )
        null = ax.axhline(1, color="#444444", linewidth=1, zorder=0.5, label="predicting 0")
        figures.legend_above(ax, columns=4, order=[self.ghost, self.errors.test, self.errors.train, null])
        self.artists = [self.ghost, *self.errors.artists]

    def show(self, before, after):
        """Draw both curves; the medians (G,) of both test errors."""
        was, now = before.quantiles("test", 0.5), after.quantiles("test", 0.5)
        self.ghost.set_data(before.grid, was)
        self.errors.show(after)
        return was, now


@lru_cache(maxsize=8)
def untouched(data, units):
    return ablate(fits_of(data, units))


def factor_slider(symbol, meaning, values, zero):
    """A slider over zero, which is named, and some positive numbers."""
    return listed_slider(symbol, meaning, [(zero, 0.0)] + [(f"{value:.3g}", float(value)) for value in values], 0.0)


def ablation_lab(data=DATA[0], units=UNITS[0], keep=20):
    """Take the factors away one by one and see the peak go."""
    one_of("data", data, DATA)
    one_of("units", units, UNITS)
    checks.whole("keep", keep, at_most=20)
    view = Comparison("Median test error of 50 training sets: what kills the peak?", limits=(0.03, 1e3))

    def update(data, units, cutoff, keep, residual, lam):
        found, before = study(data, units), untouched(data, units)
        after = ablate(fits_of(data, units), cutoff, keep, not residual, lam)
        was, now = view.show(before, after)
        at, D = found.D - 1, found.D
        taken = [
            words
            for words, is_taken in (
                (f"F1: modes below {cutoff:.3g} left out", cutoff),
                (f"F2: {keep} modes of x kept", keep < min(D, 20)),
                ("F3: no residuals", residual),
                (f"ridge: lam = {lam:.3g}", lam),
            )
            if is_taken
        ]
        return (
            f"<b>{data}, {units}</b>: {' and '.join(taken) or 'nothing taken away'}. At N = P = {D}: test error "
            f"{relative(was[at])}, now {relative(now[at])}; at N = 39: {relative(was[-1])}, now "
            f"{relative(now[-1])} (1 is the error of predicting 0, {number(found.null)})."
        )

    presets = {
        "1 no small sigma": ({"cutoff": 1.0}, "F1: without the modes of small singular values there is no peak."),
        "2 tame test data": (
            {"cutoff": 0.0, "keep": 10},
            "F2: the fit is as wild as before, but no test row reaches into its wild modes.",
        ),
        "3 no residuals": (
            {"cutoff": 0.0, "residual": True},
            "F3: targets that a linear fit meets exactly. There is nothing to amplify, and from N = P "
            "on the error is 0, below the frame.",
        ),
        "4 ridge": (
            {"cutoff": 0.0, "lam": 0.1},
            "A small penalty holds 1/sigma down, in the weak modes most of all. The peak goes.",
        ),
    }
    controls = {
        "cutoff": factor_slider("F1", "cutoff of sigma", CUTOFFS[1:], "none"),
        "keep": whole_slider("F2", "modes of x kept", keep, 1, 20),
        "lam": factor_slider("lam", "ridge", [1e-6, 1e-4, 1e-3, 0.01, 0.1, 1, 10], "0"),
        "data": choice("data", DATA, data),
        "residual": widgets.ToggleButton(False, description="F3: no residuals", layout=widgets.Layout(width="auto")),
        "units": choice("units", UNITS, units),
    }
    controls["cutoff"].value = 1.0
    alt = (
        "Median test error against the number of training examples, with a peak where N = P, and over it the curve "
        "with one of the three factors taken away, which has no peak."
    )
    return Lab(view.figure, view.artists, controls, update, alt, presets)


def relative(value):
    """An error in words, where rounding is all there is of it."""
    return number(value) if value > 1e-12 else "0"


def attack_lab(data=DATA[0]):
    """An opponent who knows the weakest mode of each fit, and adds to it."""
    one_of("data", data, DATA)
    view = Comparison("Median test error of 50 training sets under attack", limits=(0.03, 1e10))

    def update(data, test, train):
        found, before = study(data, UNITS[1]), untouched(data, UNITS[1])
        after = attack(fits_of(data, UNITS[1]), test, train)
        was, now = view.show(before, after)
        at = found.D - 1
        change = np.abs(after.train - before.train).max()
        return (
            f"<b>{data}</b>: test rows moved by {test:.3g} v_last, training targets by {train:.3g} u_last. At "
            f"N = P = {found.D}: test error {number(was[at])}, now {number(now[at])}; at N = 39: {number(was[-1])}, "
            f"now {number(now[-1])}. Largest change of a training error: {'0' if change < 1e-9 else number(change)}."
        )

    presets = {
        "1 test rows": (
            {"test": 10.0, "train": 0.0},
            "Moved along the weakest mode, test rows reach where the fit is wild; most of all at N = P.",
        ),
        "2 training targets": (
            {"train": 10.0, "test": 0.0},
            "The fit follows its targets, so the training error is the same. The test error is not.",
        ),
        "3 Diabetes": (
            {"data": DATA[2], "test": 1.0, "train": 1.0},
            "On a real table a move of one standard deviation along the weakest mode is enough.",
        ),
    }
    controls = {
        "test": factor_slider("a", "test x + a v_last", STRENGTHS[1:], "0"),
        "train": factor_slider("b", "training y + b u_last", STRENGTHS[1:], "0"),
        "data": choice("data", DATA, data),
    }
    controls["test"].value = 10.0
    alt = (
        "Median test error against the number of training examples before and after an attack along the weakest "
        "mode: it rises most where N = P; the training error stays as it was."
    )
    return Lab(view.figure, view.artists, controls, update, alt, presets)


FACTORS = ("1 / σ", "|x · v|", "|u · E|", "their product")


def modes_lab(N=20, point=0):
    """Three factors and their product for every mode of one fit at one test point, and its error along N."""
    checks.whole("point", point, at_least=0, at_most=49)
    figure = Figure(figsize=(9, 4.35))
    grid = figure.add_gridspec(2, 4, height_ratios=[1, 0.85], hspace=0.8, wspace=0.12, top=0.94, bottom=0.115)
    bars = []  # from 1 up or down on one log axis: so the heights of three factors add up to that of their product
    for k, name in enumerate(FACTORS):
        ax = figure.add_subplot(grid[0, k])
        ax.set(title=("", "× ", "× ", "= ")[k] + name, xlim=(0.2, 20.8), xlabel="mode r", xticks=[1, 5, 10, 15, 20])
        figures.log_axis(ax.yaxis, 1e-3, 1e3, ticks=10.0 ** np.arange(-3, 4))
        ax.tick_params(labelleft=k == 0)
        ax.axhline(1, color="#444444", linewidth=1)
        bars.append(
            [
                ax.add_collection(LineCollection([], color=color, linewidth=5, capstyle="butt"), autolim=False)
                for color in (OTHERS, WEAKEST)
            ]
        )
    ax = figure.add_subplot(grid[1, :])
    ax.set(
        title="Size of the error at this point, |x · beta_hat − x · beta|",
        xlim=(0.5, 39.5),
        xlabel="N, training examples",
        ylabel="in units of y",
    )
    figures.log_axis(ax.yaxis, 1e-3, 1e3, ticks=10.0 ** np.arange(-3, 4, 2))
    across = ax.get_xaxis_transform()
    (threshold,) = ax.plot([], [], transform=across, **figures.ROLES["threshold"])
    threshold_name = ax.text(0, 0.86, " N = P", transform=across, color="#555555")
    (typical,) = ax.plot([], [], label="median of 50 points", color="#bbbbbb", linewidth=5, solid_capstyle="butt")
    (error,) = ax.plot([], [], label="this point", **figures.ROLES["test"])
    (last,) = ax.plot([], [], label="its weakest mode", color=WEAKEST, linewidth=1.4, linestyle="--")
    (bias,) = ax.plot([], [], "s:", label="its bias", color="#666666", markersize=3.5, linewidth=1)
    (here,) = ax.plot([], [], clip_on=False, zorder=5, **figures.ROLES["here"])
    figures.legend_above(ax, columns=4)

    @lru_cache(maxsize=16)
    def sequence(data, seed):
        """The factors of nested training sets at the last fifty rows, which none of them trains on."""
        found = study(data, UNITS[1])
        rows = training_rows(len(found.y), 1, seed)[0]
        return [three_factors(found.X[rows[:N]], found.y[rows[:N]], found.X[rows[-50:]], found.best) for N in GRID]

    def update(data, N, point, seed):
        found = sequence(data, seed)
        now, D = found[N - 1], study(data, UNITS[1]).D
        values = [now.inverse, now.test[point], now.residual, now.product[point]]
        r = np.arange(1, len(now.inverse) + 1)
        for heights, (some, weakest) in zip(values, bars):
            lines = [[(x, 1), (x, y)] for x, y in zip(r, np.clip(np.abs(heights), 1e-4, 1e4))]
            some.set_segments(lines[:-1])
            weakest.set_segments(lines[-1:])
        total, left = np.array([each.error for each in found]), np.array([each.bias for each in found])[:, point]
        reach = [each.product[point, -1] for each in found]
        for line, heights in (
            (error, total[:, point]),
            (last, reach),
            (bias, left),
            (typical, np.median(np.abs(total), axis=1)),
        ):
            line.set_data(GRID, np.clip(np.abs(heights), 1e-5, 1e5))
        total = total[:, point]
        threshold.set_data([D, D], [0, 1])
        threshold_name.set_x(D)
        here.set_data([N], [np.clip(abs(total[N - 1]), 1e-3, 1e3)])
        factors = " × ".join(number(abs(part[-1])) for part in values[:3])
        return (
            f"<b>{data}</b>, N = {N}, P = {D}. Weakest mode: {factors} = {number(abs(values[3][-1]))}. All modes "
            f"add up to {signed(now.product[point].sum())}, the bias is {signed(left[N - 1])}, the error "
            f"{signed(total[N - 1])} (in units of the standard deviation of y)."
        )

    presets = {
        "1 the threshold": ({"N": 20}, "The weakest mode has a huge 1/sigma, and its product is nearly the whole error."),
        "2 few examples": ({"N": 6}, "Six modes, none weak. Most of the error is bias: directions that no example showed."),
        "3 many examples": ({"N": 39}, "No mode is weak any more, and nothing is left of the bias."),
        "4 a real table": ({"data": DATA[2], "N": 10}, "Ten columns, ten patients: again the last mode."),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 1, 39),
        "point": whole_slider("x", "which test point", point, 0, 49),
        "data": choice("data", DATA),
    }
    alt = (
        "Above: one bar per mode for each of the three factors and for their product, which is largest in the last "
        "mode. Below: the error at the test point against N, largest around N = P."
    )
    moving = [*sum(bars, []), threshold, threshold_name, typical, error, last, bias, here]
    return Lab(figure, moving, controls, update, alt, presets, redraw=True)


def signed(value):
    """A number with its sign, where rounding is not all there is of it."""
    return "0" if abs(value) < 1e-9 else ("−" if value < 0 else "") + number(abs(value))
