"""The lab of the phase map: the test error over N and P, and what a penalty does to it."""

from functools import lru_cache

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import BoundaryNorm
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ddlib import figures
from ddlib.curves.phases import phase_map
from ddlib.datasets.draws import bend, draw_curve
from ddlib.fit.features import legendre
from ddlib.fit.least_squares import ridge
from ddlib.labs.polynomial import regime
from ddlib.labs.taming import penalties
from ddlib.live.controls import listed_slider, number, real_slider
from ddlib.live.lab import Lab

__all__ = ["phase_lab"]

ROWS = np.array([2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26])
COLUMNS = np.array([*ROWS, 30, 35, 40, 50, 60, 80, 100])  # the same sizes first: N = P is a straight line
LEVELS = [0.1, 0.15, 0.2, 0.3, 0.5, 1, 3, 10, 100, 1e4, 1e6, 1e9]  # contour lines, as on a map of mountains
LOW, HIGH = 0.05, 1e11  # the axes beside the map
SMALLEST = 1e-3  # whatever is below is drawn as this
STEPS = np.log([LOW, *LEVELS, HIGH])


def phase_lab(N=16, P=16, lam=0.0, sigma=0.3):
    """The test error over N and P: one cell is one fit, a row the descent along P, a column that along N."""
    penalty = penalties(-6, 1)
    lams = [value for _, value in penalty]
    table = phase_map(ROWS, COLUMNS, lams, truth=bend)
    figure, (plane, over, beside, colours, fit_ax) = _axes()
    across, up = np.arange(len(COLUMNS)), np.arange(len(ROWS))
    shown, stroke = [1, 3, 5, 6, 8, 10, 12, 14, 17, 19, 21], [withStroke(linewidth=4, foreground="black")]
    image = plane.imshow(
        np.ones((len(ROWS), len(COLUMNS))),
        origin="lower",
        aspect="auto",
        cmap=colormaps["viridis"],
        norm=BoundaryNorm(LEVELS, 256, extend="both"),
    )
    bar = figure.colorbar(image, cax=colours, orientation="horizontal", ticks=LEVELS[::2])
    bar.ax.set_xticklabels([figures.plain_number(level) for level in LEVELS[::2]])
    plane.grid(False)
    plane.set(
        xlabel="P, fitted parameters",
        ylabel="N, training examples",
        xticks=across[shown],
        xticklabels=COLUMNS[shown],
        yticks=up[::2],
        yticklabels=ROWS[::2],
    )
    over.set(
        xlim=plane.get_xlim(),
        xticks=across[shown],
        xticklabels=[],
        ylabel="test error",
        title="Test error, median of 20 training sets",
    )
    beside.set(ylim=plane.get_ylim(), yticks=up[::2], yticklabels=[], xlabel="test error")
    _steps(over.yaxis, [0.1, 0.5, 10, 1e6])
    _steps(beside.xaxis, [0.1, 1, 1e6])
    (threshold,) = plane.plot(
        up,
        up,
        color="white",
        linestyle=(0, (2, 2)),
        linewidth=1.3,
        path_effects=[withStroke(linewidth=2.6, foreground="black")],
    )
    name = plane.text(2.6, 4.6, "N = P", color="white", ha="center", path_effects=stroke)
    (cell,) = plane.plot(
        [],
        [],
        "s",
        markersize=14,
        markerfacecolor="none",
        markeredgewidth=2.2,
        color="white",
        path_effects=[withStroke(linewidth=5, foreground="black")],
    )
    (row,), (column,) = (ax.plot([], [], **figures.ROLES["test"]) for ax in (over, beside))
    crosses = [ax.plot([], [], **figures.ROLES["threshold"])[0] for ax in (over, beside)]
    marks = [ax.plot([], [], clip_on=False, zorder=5, **figures.ROLES["here"])[0] for ax in (over, beside)]
    fit = figures.Fit(fit_ax, bend)
    fit_ax.set_title("The fit in this cell")
    figures.legend_above(fit_ax, columns=2, rows=2)
    basis = legendre(fit.x, int(COLUMNS[-1]))

    @lru_cache(maxsize=16)
    def medians(sigma):
        return np.clip(table.median(sigma), SMALLEST, 1e20)

    def update(N, P, lam, sigma):
        errors = medians(sigma)[lams.index(lam)]
        i, j = ROWS.tolist().index(N), COLUMNS.tolist().index(P)
        image.set_data(errors)
        row.set_data(across, errors[i])
        column.set_data(errors[:, j], up)
        cell.set_data([j], [i])
        at = np.clip(errors[i, j], LOW, HIGH)
        marks[0].set_data([j], [at])
        marks[1].set_data([at], [i])
        crosses[0].set_data([i, i], [LOW, HIGH])  # the threshold of row i is in column i
        crosses[1].set_data(*([[LOW, HIGH], [j, j]] if j < len(ROWS) else [[], []]))
        x, y = draw_curve(N, sigma, np.random.default_rng(np.random.SeedSequence(0).spawn(1)[0]), truth=bend)
        fit.show_data(x, y)
        fit.show(basis[:, :P] @ ridge(legendre(x, P), y, lam))
        best, worst = errors[i].argmin(), errors[i].argmax()
        return (
            f"{regime(N, P)}: N = {N}, P = {P}, lam = {lam:g}: median test error {told(errors[i, j])}. "
            f"Along this row the lowest is {told(errors[i, best])}, at P = {COLUMNS[best]}, the highest "
            f"{told(errors[i, worst])}, at P = {COLUMNS[worst]}."
        )

    presets = {
        "1 on the crest": (
            {},
            "A crest runs along N = P. Above the map: its row, model-wise descent. Beside it: its column, sample-wise.",
        ),
        "2 a whiff of lam": ({"lam": 1e-4}, "A penalty of 0.0001 has brought the crest down to about one."),
        "3 melted": (
            {"lam": 0.01},
            "At 0.01 no crest is left, and more data no longer hurts: in no column does "
            "the error rise by more than 4 % from one N to the next.",
        ),
        "4 no noise": (
            {"sigma": 0.0},
            "Without noise this target is within reach of ten parameters: for N beyond that "
            "nothing is left to be wrong about, and there is no crest.",
        ),
    }
    controls = {
        "N": listed_slider("N", "examples (up and down)", [(str(n), int(n)) for n in ROWS], N),
        "P": listed_slider("P", "parameters (left and right)", [(str(p), int(p)) for p in COLUMNS], P),
        "lam": listed_slider("lam", "ridge penalty", penalty, lam),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 0.6, 0.1),
    }
    alt = (
        "A map of the test error over parameters P and examples N: a bright crest runs along N = P. Its row and its "
        "column through the chosen cell are drawn beside it, and the fit of that cell."
    )
    moving = [image, threshold, name, cell, row, column, *crosses, *marks, *fit.artists]
    return Lab(figure, moving, controls, update, alt, presets)


def told(error):
    """The error in words."""
    return number(error) if error > SMALLEST else f"below {SMALLEST:g}"


def _steps(axis, ticks):
    """A scale on which each colour of the map takes the same room: a plain log axis would flatten the valleys."""
    scale = (
        lambda error: np.interp(np.log(np.maximum(error, 1e-300)), STEPS, np.arange(len(STEPS))),
        lambda step: np.exp(np.interp(step, np.arange(len(STEPS)), STEPS)),
    )
    getattr(axis.axes, f"set_{axis.axis_name}scale")("function", functions=scale)
    axis.axes.set(**{f"{axis.axis_name}lim": (LOW, HIGH)})
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(figures.plain_number))


def _axes():
    """The map, the row above it, the column beside it, the key to its colours, and the fit."""
    figure, ax = figures.subplots(size=(9, 4.35))
    ax.set_position([0.085, 0.13, 0.405, 0.55])
    places = ([0.085, 0.71, 0.405, 0.2], [0.505, 0.13, 0.105, 0.55], [0.705, 0.885, 0.275, 0.03], [0.695, 0.13, 0.29, 0.45])
    others = [figure.add_axes(place) for place in places]
    others[2].set_title("test error: colours and steps", fontsize="medium", fontweight="normal")
    return figure, [ax, *others]
