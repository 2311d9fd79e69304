"""Labs of the three factors: the peak without a factor, and an opponent's data."""

from functools import lru_cache
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np

from ddlib import checks, figures
from ddlib.curves import table_fits
from ddlib.curves.factors import CUTOFFS, STRENGTHS, ablate, attack
from ddlib.curves.table import prepared
from ddlib.datasets import read_table, student_teacher
from ddlib.fit.least_squares import min_norm
from ddlib.live.controls import choice, listed_slider, number, one_of, whole_slider
from ddlib.live.lab import Lab

__all__ = ["ablation_lab", "attack_lab"]

GRID = np.arange(1, 40)  # as Schaeffer et al. (2023)
TRIALS = 50
DATA = ("Student–Teacher", "California", "Diabetes")
UNITS = ("raw", "standardised")


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
