"""The lab of the modes: three factors and their product for one error, mode by mode."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ddlib import checks, figures
from ddlib.curves.factors import three_factors
from ddlib.curves.table import training_rows
from ddlib.labs.factors import DATA, GRID, UNITS, study
from ddlib.live.controls import choice, number, whole_slider
from ddlib.live.lab import Lab

__all__ = ["modes_lab"]

WEAKEST, OTHERS = "#222222", "#7FA8CC"  # the mode of the smallest singular value
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
