"""Labs of the traditional picture: bias and variance, the drawn prediction, mean against median."""

from functools import lru_cache

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection

from ddlib import checks, figures
from ddlib.curves import bias_variance, polynomial_curve
from ddlib.datasets.draws import bend, draw_trials
from ddlib.fit.features import legendre
from ddlib.live.controls import number, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["bias_variance_lab", "drawing_lab", "repeats_lab"]


def bias_variance_lab(N=40, P=4, sigma=0.4):
    """Fits to many training sets of one size, and the error that they add up to."""
    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    grid, x = np.arange(1, 13), np.linspace(-1, 1, 201)
    left.set(xlim=(-1, 1), ylim=(-4, 4), xlabel="x", ylabel="y", title="25 training sets, 25 fits")
    many = left.add_collection(
        LineCollection([], color=figures.ROLES["test"]["color"], alpha=0.35, linewidth=1, label="fits"), autolim=False
    )
    (mean,) = left.plot([], [], color=figures.ROLES["test"]["color"], label="mean of 200 fits")
    left.plot(x, bend(x), label="truth", **figures.ROLES["truth"])
    figures.legend_above(left, columns=3, rows=2)
    right.set(
        xlim=(0.7, 12.3),
        ylim=(0, 1.5),
        xticks=grid,
        xlabel="P, fitted parameters",
        ylabel="mean squared error",
        title="Expected test error, in parts",
    )
    (total,) = right.plot([], [], label="test error", **figures.ROLES["test"])
    (bias2,) = right.plot([], [], "s--", color=figures.ROLES["truth"]["color"], markersize=5, label="bias²")
    (variance,) = right.plot([], [], "o-.", color=figures.ROLES["theory"]["color"], markersize=5, label="variance")
    (floor,) = right.plot([], [], label="noise sigma²", **figures.ROLES["threshold"])
    (here,) = right.plot([], [], label="here", **figures.ROLES["here"])
    figures.legend_above(right, columns=3)
    columns = legendre(x, 12)

    @lru_cache(maxsize=8)
    def fits_of_all_P(N, seed):
        """The first 25 of 200 fits and the mean of all at x, of the truth and of the unit noise (2, P, 26, 201)."""
        xs, unit = draw_trials(N, 200, seed)
        Q, R = np.linalg.qr(legendre(xs.ravel(), 12).reshape(*xs.shape, 12))
        # column P of Q adds its own share to every fit of P and more parameters
        along = np.swapaxes(columns @ np.linalg.inv(R), 1, 2)  # (200, 12, 201)
        shares = [(np.swapaxes(Q, 1, 2) @ y[:, :, None]) * along for y in (bend(xs), unit)]
        return np.cumsum([[*share[:25], share.mean(axis=0)] for share in shares], axis=2).swapaxes(1, 2)

    @lru_cache(maxsize=1)  # what a change of P leaves as it is
    def show_errors(N, sigma, seed):
        parts = bias_variance(N, grid, sigma, seed=seed, truth=bend)
        for line, values in ((total, parts.total), (bias2, parts.bias2), (variance, parts.variance)):
            line.set_data(grid, np.minimum(values, 1e6))
        floor.set_data([0, 13], [sigma**2] * 2)
        return parts

    def update(N, P, sigma, seed):
        parts = show_errors(N, sigma, seed)
        truth, noise = fits_of_all_P(N, seed)[:, P - 1]
        *fits, average = np.clip(truth + sigma * noise, -100, 100)
        many.set_segments([np.column_stack([x, fit]) for fit in fits])
        mean.set_data(x, average)
        at = parts.total[P - 1]
        here.set_data([P], [min(at, 1.5)])
        best = grid[parts.total.argmin()]
        return (
            f"P = {P}: test error {number(at)} = bias² {number(parts.bias2[P - 1])} + variance "
            f"{number(parts.variance[P - 1])} + noise {number(sigma**2)}. The bottom of the U is at P = {best}."
        )

    presets = {
        "1 too stiff": ({"P": 2}, "All fits agree with each other and miss the truth: bias."),
        "2 about right": ({"P": 6}, "The fits follow the truth and still agree with each other."),
        "3 too free": ({"P": 11}, "On average right, one by one all over the place: variance."),
        "4 more data": ({"P": 11, "N": 100}, "The same model with more examples: the variance shrinks, the U opens."),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 30, 100),  # the mean fit exists while P < (N + 1) / 2
        "P": whole_slider("P", "parameters", P, 1, 12),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 0.6, 0.05),
    }
    alt = (
        "Left: 25 polynomial fits to 25 training sets, with their mean and the truth. Right: bias squared falls "
        "with the number of parameters, variance rises, and their sum with the noise is a U."
    )
    return Lab(figure, [many, mean, total, bias2, variance, floor, here], controls, update, alt, presets, redraw=True)


def drawing_lab(N=15, sigma=0.2):
    """Draw what the test error does beyond N = P with sliders for handles, then see what it does."""
    checks.whole("N", N, at_most=16)  # the handles begin at 17
    checks.real("sigma", sigma, 0, 1)
    figure, ax = figures.subplots(size=(9, 3.45))
    figure.subplots_adjust(top=0.85, bottom=0.18)
    grid, handles = np.arange(1, 201), np.array([17, 20, 30, 50, 100, 200])
    curve = polynomial_curve(N, grid, sigma, trials=300, truth=bend)
    middle = curve.quantiles("test", 0.5)
    ax.set(xlabel="P, fitted parameters", ylabel="mean squared error", title="What happens beyond N = P?")
    figures.log_axis(ax.xaxis, 1, 210, ticks=[1, 2, 5, 10, 15, 20, 30, 50, 100, 200])
    figures.log_axis(ax.yaxis, 1e-2, 1e10, ticks=10.0 ** np.arange(-2, 11, 2))
    ax.axvline(N, **figures.ROLES["threshold"])
    ax.text(N, 0.02, " N = P", color="#555555")
    ax.plot(grid[:N], middle[:N], label="test error up to N = P, median", **figures.ROLES["test"])
    (drawn,) = ax.plot([], [], marker="o", markersize=7, label="your drawing", **figures.ROLES["prediction"])
    (truth,) = ax.plot([], [], label="what happens (after the reveal)", **figures.ROLES["test"])
    truth.set_linewidth(1.7 * truth.get_linewidth())
    figures.legend_above(ax, columns=3)

    def update(reveal, **heights):
        y = np.array([heights[f"h{P}"] for P in handles])
        drawn.set_data([N, *handles], [middle[N - 1], *y])
        truth.set_data(*([grid[N - 1 :], middle[N - 1 :]] if reveal else [[], []]))
        if not reveal:
            return (
                "Set each handle to the test error that you expect for that many parameters, then press "
                "<b>Reveal</b>. The model now has more parameters than examples and meets every point."
            )
        result = "; ".join(
            f"P = {P}: {number(value)}, you drew {number(mine)}" for P, value, mine in zip(handles, middle[handles - 1], y)
        )
        return f"<b>It falls again.</b> {result}. The lowest test error beyond N = P is {number(middle[N:].min())}."

    def line(start, end):
        """Handles on a straight line (of the log axes) from the first to the last."""
        return {
            f"h{P}": float(10 ** (round(2 * height) / 2))
            for P, height in zip(handles, np.interp(np.log(handles), np.log(handles[[0, -1]]), np.log10([start, end])))
        }

    presets = {
        "1 it keeps rising": (line(1e8, 1e10), "As the arm of the U does. Is this what you expect?"),
        "2 it stays": (line(1e7, 1e7), "Every point is met already, so more parameters change nothing?"),
        "3 it falls": (line(1e6, 1e2), "More parameters than examples, and better for it?"),
    }
    controls = {
        f"h{P}": widgets.FloatLogSlider(
            1e7,
            base=10,
            min=-2,
            max=10,
            step=0.5,
            orientation="vertical",
            description=f"P = {P}",
            readout_format=".0e",
            layout=widgets.Layout(height="150px", width="100px"),
        )
        for P in handles
    }
    controls["reveal"] = widgets.ToggleButton(False, description="Reveal", icon="eye")
    alt = (
        "Test error up to N = P on log axes, and beyond it a line that the reader draws; after the reveal the "
        "true curve lies beside it and falls again."
    )
    return Lab(figure, [truth, drawn], controls, update, alt, presets, remember="02-drawing", below=list(controls))


def repeats_lab(N=15, P=15, sigma=0.2):
    """The running mean and the running median of the test error over repeats, five times over."""
    checks.whole("N", N, at_most=40)
    checks.real("sigma", sigma, 0, 1)
    figure, ax = figures.subplots()
    repeats = np.unique(np.geomspace(1, 1000, 60).astype(int))
    test = np.stack(
        [polynomial_curve(N, np.arange(1, 41), sigma, trials=1000, seed=seed, truth=bend).test for seed in range(5)]
    )  # (5, 1000, P)
    means = (np.cumsum(test, axis=1) / np.arange(1, 1001)[:, None])[:, repeats - 1]
    medians = np.stack([np.median(test[:, :n], axis=1) for n in repeats], axis=1)
    ax.set(
        xlabel="number of training sets so far",
        ylabel="test error so far",
        title="Five runs of the same experiment: which summary settles?",
    )
    figures.log_axis(ax.xaxis, 1, 1000, ticks=[1, 3, 10, 30, 100, 300, 1000])
    figures.log_axis(ax.yaxis, 1e-2, 1e22, ticks=10.0 ** np.arange(-2, 23, 4))
    lines = [
        ax.add_collection(
            LineCollection(
                [], linewidth=1.6, label=label, color=figures.ROLES[role]["color"], linestyle=figures.ROLES[role]["linestyle"]
            ),
            autolim=False,
        )
        for role, label in (("prediction", "mean so far"), ("test", "median so far"))
    ]
    figures.legend_above(ax, columns=2)

    def update(P):
        for line, values in zip(lines, (means, medians)):
            line.set_segments([np.column_stack([repeats, run]) for run in values[:, :, P - 1]])
        spread = [values[:, -1, P - 1].max() / values[:, -1, P - 1].min() for values in (means, medians)]
        return (
            f"P = {P}, after 1000 training sets: the five means differ by a factor of {number(spread[0])}, "
            f"the five medians by a factor of {number(spread[1])}."
        )

    presets = {
        "1 few parameters": ({"P": 4}, "Far from the threshold mean and median both settle."),
        "2 the threshold": ({"P": 15}, "The mean jumps whenever a worse training set turns up; it has no value to settle on."),
        "3 beyond": ({"P": 40}, "Past the threshold the jumps become rare; they have not gone."),
    }
    alt = (
        "Running means and running medians of the test error over 1000 training sets, five runs each: at the "
        "threshold the means keep jumping upwards and disagree, the medians settle on one value."
    )
    return Lab(figure, lines, {"P": whole_slider("P", "parameters", P, 1, 40)}, update, alt, presets)
