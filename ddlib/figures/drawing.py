"""Draw on an Axes that is given: one look, one colour per role, one alt text per figure."""

import base64
import io
import os

import matplotlib
import numpy as np
from matplotlib import style
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ddlib.figures.turns import turn

__all__ = ["use_style", "subplots", "css_size", "Picture", "ROLES", "AXES", "AXES_ALONG_N", "ErrorCurve", "Fit"]

# Okabe and Ito's colour-blind-safe set; a role never rests on its colour alone.
ROLES = {
    "train": dict(color="#0072B2", linestyle="--"),
    "test": dict(color="#D55E00", linestyle="-"),
    "truth": dict(color="#444444", linestyle=":"),
    "theory": dict(color="#9B4F8A", linestyle="-."),
    "threshold": dict(color="#777777", linestyle=(0, (2, 2))),
    "here": dict(color="#00805C", marker="D", markersize=9, markeredgecolor="white", linestyle="none"),
    "prediction": dict(color="#5A4FCF", linestyle=(0, (5, 1))),
}

LECTURE_ZOOM = 1.3
PIXELS_PER_CSS_PIXEL = 2  # crisp on a high-density screen


def use_style(lecture=False):
    """Set the course's matplotlib style; lecture=True makes pictures readable from the back of a hall.

    It starts from matplotlib's own defaults: what a reader's matplotlibrc says does not show.
    """
    style.use(["default", "ddlib.figures.course"])
    if lecture or os.environ.get("DDLIB_LECTURE"):  # the same picture, larger: nothing moves, nothing is cut off
        matplotlib.rcParams["figure.dpi"] *= LECTURE_ZOOM


def subplots(columns=1, widths=None, size=None):
    """A Figure outside pyplot, and its one Axes or row of Axes; size in inches of 100 CSS pixels."""
    figure = Figure(figsize=size)
    axes = figure.subplots(1, columns, width_ratios=widths)
    return figure, axes


def css_size(figure):
    """Width and height on the page, in CSS pixels."""
    return tuple((figure.get_size_inches() * figure.dpi).round().astype(int).tolist())


class Picture:
    """A finished figure: a crisp PNG, and in words what is seen in it."""

    def __init__(self, figure, alt):
        self.figure, self.alt = figure, alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        width, height = css_size(self.figure)
        data = {"image/png": png(self.figure), "text/plain": self.alt}
        return data, {"image/png": {"width": width, "height": height, "alt": self.alt}}


def png(figure):
    """The figure as base64 PNG."""
    out = io.BytesIO()
    with turn:
        figure.savefig(out, format="png", dpi=PIXELS_PER_CSS_PIXEL * figure.dpi)
    return base64.b64encode(out.getvalue()).decode("ascii")


# What the horizontal axis of an error curve may show: label, values, limits, ticks.
AXES = {
    "P": ("P, fitted parameters", lambda N, P: P),
    "P/N": ("P / N, parameters per example", lambda N, P: P / N),
    "N/P": ("N / P, examples per parameter", lambda N, P: N / P),
}
AXES_ALONG_N = {"N": ("N, training examples", lambda N, P: N), "N/P": AXES["N/P"], "P/N": AXES["P/N"]}


def log_axis(axis, low, high, ticks):
    """Fixed limits and plain-number ticks on a log axis."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log", f"{axis.axis_name}lim": (low, high)})
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(plain_number))


def legend_above(ax, columns, order=None, rows=None):
    """The legend between the title and the frame, where no curve can pass under it."""
    legend = ax.legend(
        handles=order,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1),
        ncols=columns,
        frameon=False,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=1.7,
        handletextpad=0.5,
    )
    rows = rows or -(-len(legend.get_texts()) // columns)  # more, to level the titles of neighbours
    ax.set_title(ax.get_title(loc="left"), pad=9 + rows * 1.5 * legend.get_texts()[0].get_fontsize())


def plain_number(value, _=None):
    """A tick label: 0.01 to 9999 in digits, beyond that a power of ten."""
    return f"{value:g}" if 0.009 < value < 9999 else f"$10^{{{np.log10(value):.0f}}}$"


class Fit:
    """The fitted function beside its training data and the truth, on -1 <= x <= 1."""

    def __init__(self, ax, truth, limits=(-4.2, 4.2)):
        self.x = np.linspace(-1, 1, 1001)
        ax.set(xlim=(-1.03, 1.03), ylim=limits, xlabel="x", ylabel="y", title="One fit")
        ax.plot(self.x, truth(self.x), label="truth", **ROLES["truth"])
        (self.fit,) = ax.plot([], [], color=ROLES["test"]["color"], linewidth=2, label="fit")
        (self.points,) = ax.plot(
            [], [], "o", color=ROLES["train"]["color"], markersize=6.5, markeredgecolor="white", label="training data"
        )
        legend_above(ax, columns=3, rows=2)
        self.artists = [self.fit, self.points]

    def show_data(self, x, y):
        """x, y (N,): the training data."""
        self.points.set_data(x, y)

    def show(self, fitted):
        """fitted (1001,): the fit at self.x."""
        self.fit.set_data(self.x, np.clip(fitted, -1e3, 1e3))  # keeps the path within the renderer's range


class ErrorCurve:
    """Train and test error along P or N: medians, the test error's quartile band, N = P, and where one fit stands.

    The axis of what runs ends at `largest`, those of the ratios at 1 / largest_ratio and largest_ratio.
    """

    def __init__(self, ax, title, one_fit=False, limits=(1e-4, 1e8), along="P", largest=200, largest_ratio=40):
        self.ax, self.axis, self.along = ax, None, along
        self.axes = AXES if along == "P" else AXES_ALONG_N
        self.ends = {along: (1, largest), "P/N": (1 / largest_ratio, largest_ratio)}
        self.ends["N/P"] = self.ends["P/N"][::-1] if along == "P" else self.ends["P/N"]
        ax.set_title(title)
        ax.set_ylabel("mean squared error")
        decades = 2 if limits[1] / limits[0] > 1e6 else 1
        log_axis(ax.yaxis, *limits, ticks=10.0 ** np.arange(-8, 17, decades))
        across = ax.get_xaxis_transform()
        self.doubt = ax.add_collection(
            PolyCollection(
                [], transform=across, facecolor="#dddddd", edgecolor="#aaaaaa", hatch="///", linewidth=0, label="rounding error"
            ),
            autolim=False,
        )
        self.band = ax.add_collection(
            PolyCollection([], facecolor=ROLES["test"]["color"], alpha=0.22, linewidth=0), autolim=False
        )
        (self.threshold,) = ax.plot([], [], transform=across, linewidth=1.6, **ROLES["threshold"])
        self.threshold_name = ax.text(0, 0.03, " N = P", transform=across, color="#555555", va="bottom")
        (self.train,) = ax.plot([], [], label="train error", **ROLES["train"])
        self.test = ax.add_collection(
            LineCollection(
                [], label="test error (band: quartiles)", linewidth=matplotlib.rcParams["lines.linewidth"], **ROLES["test"]
            ),
            autolim=False,
        )
        (self.here,) = ax.plot([], [], label="the one fit", zorder=5, clip_on=False, **ROLES["here"])
        self.artists = [self.doubt, self.band, self.threshold, self.threshold_name, self.train, self.test, self.here]
        self.set_axis(along)
        legend_above(ax, columns=2, order=[self.test, self.train] + [self.here] * one_fit + [self.doubt])

    def set_axis(self, axis):
        """Put another quantity on the horizontal axis.

        Along P more parameters are always further right; along N each axis grows to the right.
        """
        if axis == self.axis:
            return
        self.axis = axis
        self.ax.set_xlabel(self.axes[axis][0])
        log_axis(self.ax.xaxis, *self.ends[axis], ticks=np.outer(10.0 ** np.arange(-2, 4), [1, 2, 5]).ravel())

    def show(self, curve):
        """Draw a Curve."""
        value = self.axes[self.axis][1]
        x = value(curve.N, curve.P)
        floor = self.ax.get_ylim()[0] / 10  # zero has no place on a log axis: below the frame
        low, middle, high = np.maximum(curve.quantiles("test", [0.25, 0.5, 0.75]), floor)
        pieces = runs(curve.trusted.mean(axis=0) > 0.5)
        self.test.set_segments([np.column_stack([x, middle])[piece] for piece in pieces])
        self.band.set_verts([outline(x[piece], low[piece], high[piece]) for piece in pieces])
        gaps = runs(curve.trusted.mean(axis=0) <= 0.5)
        self.doubt.set_verts([outline(x[gap], 0, 1) for gap in gaps])
        self.train.set_data(x, np.maximum(curve.quantiles("train", 0.5), floor))
        self.threshold.set_data([value(curve.threshold, curve.threshold)] * 2, [0, 1])
        self.threshold_name.set_x(value(curve.threshold, curve.threshold))
        self.curve = curve

    def mark(self, at, error):
        """Mark the fit that stands at `at` on the curve's grid and has the given test error."""
        value = self.axes[self.axis][1]
        here = value(self.curve.N, at) if self.along == "P" else value(at, self.curve.P)
        self.here.set_data([here], [np.clip(error, *self.ax.get_ylim())])


def runs(mask):
    """Slices of the stretches where mask (G,) is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [slice(*pair) for pair in edges.reshape(-1, 2)]


def outline(x, low, high):
    """The polygon (2 G, 2) between two curves."""
    low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
    return np.concatenate([np.column_stack([x, low]), np.column_stack([x, high])[::-1]])
