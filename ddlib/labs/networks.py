"""Labs of the nonlinear models: random features, and the stored sweeps of trained networks."""

from functools import lru_cache

import numpy as np

from ddlib import figures
from ddlib.curves.random_features import draw_features, feature_curve
from ddlib.datasets import read_table
from ddlib.live.controls import choice, listed_slider, number
from ddlib.live.lab import Lab

__all__ = ["features_lab", "width_lab", "steps_lab", "sweep_rows"]

NOISES = {"none": 0.0, "20 % of labels random": 0.2}
NK = 500 * 10  # training digits times classes in the stored sweeps
WIDTH_AXES = {  # label, value of (width, P), limits, ticks, and where P = N K stands
    "P / (N K)": (
        "P / (N K), parameters per training target",
        lambda width, P: P / NK,
        (0.014, 20),
        [0.02, 0.1, 0.5, 1, 2, 5, 10],
        1,
    ),
    "P": ("P, parameters", lambda width, P: P, (70, 1e5), [100, 1000, 10_000, 100_000], NK),
    "width": ("width, hidden units", lambda width, P: width, (0.9, 1300), [1, 10, 66, 300, 1000], (NK - 10) / 75),
}


@lru_cache(maxsize=1)
def _curve():
    return feature_curve(N=200, label_noise=np.arange(6) / 10)


def mosaic_axes(ax, rows, columns, title, height=12):
    """An image of small 8 x 8 images, and a text under each."""
    image = ax.imshow(np.zeros((rows * height, columns * 9)), cmap="gray_r", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    tags = [
        ax.text(9 * (k % columns) + 3.5, height * (k // columns) + 9.6, "", ha="center", va="center", fontsize=12)
        for k in range(rows * columns)
    ]
    return image, tags


def mosaic(pixels, rows, columns, height=12):
    """Pixels (up to rows * columns, 64) as one image."""
    whole = np.zeros((rows * height, columns * 9))
    for k, one in enumerate(pixels):
        row, column = divmod(k, columns)
        whole[height * row : height * row + 8, 9 * column : 9 * column + 8] = one.reshape(8, 8)
    return whole


def features_lab(P=3200, noise=0):
    """Random ReLU features on 200 real digits: both errors along P, and what the model reads."""
    curve, N = _curve(), 200
    # every P to 2 N, and beyond it as many as there are pixels
    drawn = np.union1d(np.r_[1 : 2 * N, np.geomspace(2 * N, curve.grid[-1], 120).astype(int)], curve.grid)
    child = np.random.SeedSequence(0).spawn(1)[0]
    new = draw_features(N, 1, child)[0]
    figure, (left, middle, right) = figures.subplots(3, widths=[0.72, 1, 1])
    figure.subplots_adjust(left=0.015, wspace=0.3)
    image, tags = mosaic_axes(left, 4, 4, "New digits, as read")
    image.set_data(mosaic(new.X_new[:16, :64], 4, 4))
    lines = []
    for ax, label, title in ((middle, "squared error", "Squared error"), (right, "digits read wrongly, %", "Wrongly read")):
        ax.set(xlabel="P, random features", ylabel=label, title=title)
        figures.log_axis(ax.xaxis, 8, 4200, ticks=[10, 50, 200, 800, 3200])
        ax.axvline(N, **figures.ROLES["threshold"])
        ax.text(N, 0.96, " N = P", transform=ax.get_xaxis_transform(), color="#555555", va="top")
    figures.log_axis(middle.yaxis, 1e-2, 1e2, ticks=10.0 ** np.arange(-2, 3))
    right.set(ylim=(0, 100))
    role = figures.ROLES["test"]
    bands = [ax.fill_between([], [], [], color=role["color"], alpha=0.22, linewidth=0) for ax in (middle, right)]
    lines = [ax.plot([], [], label="new digits, median", **role)[0] for ax in (middle, right)]
    (train,) = middle.plot([], [], label="training", **figures.ROLES["train"])
    heres = [ax.plot([], [], label="here", zorder=5, **figures.ROLES["here"])[0] for ax in (middle, right)]
    for ax in (middle, right):
        figures.legend_above(ax, columns=2, rows=2)

    def update(P, noise):
        level = curve.label_noise.tolist().index(noise / 100)
        at = curve.grid.tolist().index(P)
        squared, read = curve.every_test[level][:, drawn - 1], 100 * curve.error[level]
        for line, band, here, places, errors in zip(lines, bands, heres, (drawn, curve.grid), (squared, read)):
            low, median, high = errors.min(axis=0), np.median(errors, axis=0), errors.max(axis=0)
            line.set_data(places, median)
            band.set_verts([figures.outline(places, low, high)])
            here.set_data([P], median[places == P])
        fitted = np.round(np.median(curve.train[level], axis=0), 12)  # what rounding leaves is no error
        train.set_data(curve.grid, np.maximum(fitted, 1e-3))  # zero has no place on a log axis: below the frame
        guesses = curve.guesses[level, 0, at, :16]
        for tag, guess, label in zip(tags, guesses, new.labels_new):
            tag.set_text(f"{guess}" + (" ✗" if guess != label else ""))
            tag.set_color(role["color"] if guess != label else "#222222")
        return (
            f"P = {P}, N/P = {N / P:.2f}, {noise} % of the training labels drawn at random: squared error "
            f"{number(np.median(curve.test[level, :, at]))} on new digits, {number(fitted[at])} on the training digits; "
            f"{100 * np.median(curve.error[level, :, at]):.0f} % of the new digits read wrongly."
        )

    presets = {
        "1 a hundred": ({"P": 108}, "Half as many features as examples: the best the traditional range has to offer."),
        "2 the threshold": ({"P": 210}, "No longer any freedom: what the model reads is close to guessing."),
        "3 far beyond": ({}, "Sixteen features per example: fewer mistakes than anywhere before the threshold."),
        "4 noisy labels": (
            {"P": 652, "noise": 20},
            "A fifth of the labels drawn at random: the peak widens and the fall takes longer.",
        ),
    }
    controls = {
        "P": listed_slider("P", "random features", [(str(P), int(P)) for P in curve.grid if P >= 10], P),
        "noise": listed_slider("label noise", "share drawn at random", [(f"{n} %", n) for n in range(0, 60, 10)], noise),
    }
    alt = (
        "Left: new handwritten digits and what the model takes them for. Middle and right: squared error and share of "
        "new digits read wrongly against the number of random features; both peak at N = P and fall lowest far beyond."
    )
    return Lab(figure, [image, *tags, *bands, *lines, train, *heres], controls, update, alt, presets)


@lru_cache(maxsize=2)
def sweep_rows(name):
    """A stored sweep as a dict of columns (rows,)."""
    table = read_table(name)
    return dict(zip(table.names, table.X.T)) | {"test_error": table.y}


def by_seed(rows, along, where):
    """The values of `along` (G,) and train_loss, test_loss, test_error (5, G) of the rows where `where` is true."""
    grid = np.unique(rows[along][where])
    order = np.lexsort((rows[along][where], rows["seed"][where]))
    return grid, [rows[name][where][order].reshape(-1, len(grid)) for name in ("train_loss", "test_loss", "test_error")]


class SweepPanels:
    """Loss and classification error side by side: five runs, thin, and their median."""

    def __init__(self):
        self.figure, (self.left, self.right) = figures.subplots(2)
        self.left.set(ylabel="squared error, summed over classes", title="Loss")
        self.right.set(ylabel="new digits read wrongly, %", title="Wrongly read", ylim=(0, 100))
        test, train = figures.ROLES["test"], figures.ROLES["train"]
        axes = (self.left, self.right)
        self.runs = [[ax.plot([], [], color=test["color"], linewidth=0.8, alpha=0.5)[0] for _ in range(5)] for ax in axes]
        (self.train,) = self.left.plot([], [], label="training digits, as labelled", **train)
        self.test = [ax.plot([], [], label="new digits, median of 5", **test)[0] for ax in axes]
        self.heres = [ax.plot([], [], label="here", zorder=5, **figures.ROLES["here"])[0] for ax in axes]
        for ax in axes:
            figures.legend_above(ax, columns=2, rows=2)

    @property
    def artists(self):
        return [*self.runs[0], *self.runs[1], self.train, *self.test, *self.heres]

    def show(self, x, train, test, error, at):
        self.train.set_data(x, np.maximum(np.median(train, axis=0), 1e-5))  # zero has no place on a log axis
        for runs, line, here, values in zip(self.runs, self.test, self.heres, (test, 100 * error)):
            for run, each in zip(runs, values):
                run.set_data(x, each)
            line.set_data(x, np.median(values, axis=0))
            here.set_data([x[at]], [np.median(values, axis=0)[at]])


def width_lab(width=96, noise="20 % of labels random"):
    """Two-layer networks of every width, trained to the end, from the stored sweep."""
    rows = sweep_rows("network_width_sweep")
    panels = SweepPanels()
    panels.left.set_ylim(0, 1.5)
    marks = [
        ax.plot([], [], transform=ax.get_xaxis_transform(), **figures.ROLES["threshold"])[0]
        for ax in (panels.left, panels.right)
    ]
    names = [
        ax.text(1, 0.98, " P = N K", transform=ax.get_xaxis_transform(), color="#555555", va="top")
        for ax in (panels.left, panels.right)
    ]
    widths = np.unique(rows["width"]).astype(int)

    def update(width, noise, axis):
        grid, (train, test, error) = by_seed(rows, "width", rows["label_noise"] == NOISES[noise])
        label, value, limits, ticks, threshold = WIDTH_AXES[axis]
        for ax, mark, name in zip((panels.left, panels.right), marks, names):
            if ax.get_xlabel() != label:
                ax.set_xlabel(label)
                figures.log_axis(ax.xaxis, *limits, ticks=ticks)
            mark.set_data([threshold, threshold], [0, 1])
            name.set_x(threshold)
        at = widths.tolist().index(width)
        panels.show(value(grid, 75 * grid + 10), train, test, error, at)
        P = 75 * width + 10
        return (
            f"{width} hidden unit{'s' * (width > 1)}, P = {P}, P/N = {P / 500:.1f}, P/(N K) = {P / NK:.2f}. Medians of five networks: loss "
            f"{number(np.median(train[:, at]))} on the training digits, {number(np.median(test[:, at]))} on new ones, "
            f"of which {100 * np.median(error[:, at]):.0f} % are read wrongly."
        )

    presets = {
        "1 narrow": ({"width": 16}, "Sixteen hidden units: too few parameters to fit noisy labels, and good for it."),
        "2 at P = N K": ({"width": 80}, "Just enough parameters to fit every target: the worst place."),
        "3 wide": ({"width": 1024}, "Fifteen parameters for every target: better than any network before the peak."),
        "4 true labels": ({"width": 80, "noise": "none"}, "Without label noise hardly anything is left of the peak."),
    }
    controls = {
        "width": listed_slider("width", "hidden units", [(str(w), int(w)) for w in widths], width),
        "noise": choice("label noise", list(NOISES)[::-1], noise),
        "axis": choice("horizontal axis", WIDTH_AXES),
    }
    alt = (
        "Loss and classification error of trained networks against their number of parameters: with noisy labels the "
        "test error falls, rises to a peak near P = N K, and falls again to its lowest value."
    )
    return Lab(panels.figure, [*panels.artists, *marks, *names], controls, update, alt, presets)


def steps_lab(width=96, noise="20 % of labels random"):
    """One width along training time, from the stored sweep."""
    rows = sweep_rows("network_training_sweep")
    panels = SweepPanels()
    figures.log_axis(panels.left.yaxis, 5e-3, 5, ticks=[0.01, 0.1, 1])
    for ax in (panels.left, panels.right):
        ax.set_xlabel("training steps")
        figures.log_axis(ax.xaxis, 0.9, 12_000, ticks=[1, 10, 100, 1000, 10_000])
    widths, steps = (np.unique(rows[name]).astype(int) for name in ("width", "step"))

    def update(width, step, noise):
        grid, (train, test, error) = by_seed(rows, "step", (rows["label_noise"] == NOISES[noise]) & (rows["width"] == width))
        at = steps.tolist().index(step)
        panels.show(grid, train, test, error, at)
        median, best = np.median(error, axis=0), int(np.median(error, axis=0).argmin())
        return (
            f"{width} hidden units, P/(N K) = {(75 * width + 10) / NK:.2f}, step {step}: loss "
            f"{number(np.median(train[:, at]))} on the training digits, {number(np.median(test[:, at]))} on new ones, "
            f"of which {100 * median[at]:.0f} % are read wrongly. The best step for that was {steps[best]} "
            f"({100 * median[best]:.0f} %)."
        )

    presets = {
        "1 at P = N K": ({"width": 66}, "It learns the digits first, then the wrong labels, and new digits pay for it."),
        "2 stop early": ({"width": 66, "step": 160}, "Stopped in time, there is no peak to tame."),
        "3 wide": ({"width": 512}, "The wide network learns the wrong labels too; it pays much less."),
    }
    controls = {
        "width": listed_slider("width", "hidden units", [(str(w), int(w)) for w in widths], width),
        "step": listed_slider("step", "training steps", [(str(s), int(s)) for s in steps], int(steps[-1])),
        "noise": choice("label noise", list(NOISES)[::-1], noise),
    }
    alt = (
        "Loss and classification error of trained networks against training steps, on a log axis: the training loss "
        "falls all the way, the error on new digits falls and then rises when the labels are noisy."
    )
    return Lab(panels.figure, panels.artists, controls, update, alt, presets)
