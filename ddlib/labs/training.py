"""A lab in which a network trains while the reader watches, and stops when told to."""

import time

import ipywidgets as widgets
import numpy as np

from ddlib import checks, figures
from ddlib.datasets.digits import draw_digits, one_hot
from ddlib.figures.turns import later, running_loop
from ddlib.fit.networks import centred, count, scores, start, train
from ddlib.labs.networks import NOISES, by_seed, mosaic, mosaic_axes, sweep_rows
from ddlib.live.controls import choice, listed_slider, number
from ddlib.live.lab import Lab

__all__ = ["train_lab"]

STEPS = 2000
SECONDS_OF_WORK, SECONDS_OF_REST = 0.06, 0.03  # a slice of training, and a pause for sliders and buttons
FIRST = [1, 2, 3, 5, 7, 10, 14, 20]


class Run:
    """One network and what has become of it so far."""

    def __init__(self, width, label_noise, N, seed):
        digits = draw_digits(N, np.random.default_rng(seed))
        self.X, self.X_new = centred(digits.X, digits.X), centred(digits.X_new, digits.X)
        self.labels_new, self.T, self.T_new = digits.labels_new, one_hot(digits.noisy(label_noise)), one_hot(digits.labels_new)
        A, B = start(width, np.random.default_rng([seed, 1]))
        # every step near the beginning is seen, later every tenth
        self._steps = train(A, B, self.X, self.T, at=FIRST + list(range(30, STEPS + 1, 10)))
        self.history = []
        self._measure(0, A, B)
        while self.step < FIRST[-1]:
            self.go_on()

    def go_on(self):
        """Train to the next measurement; False if there is none."""
        now = next(self._steps, None)
        if now:
            self._measure(*now)
        return now is not None

    def _measure(self, step, A, B):
        new = scores(A, B, self.X_new)
        losses = [((s - T) ** 2).sum(axis=1).mean() for s, T in ((scores(A, B, self.X), self.T), (new, self.T_new))]
        self.history.append((step, *losses, 100 * np.mean(new.argmax(axis=1) != self.labels_new)))
        self.step, self.A = step, A


def train_lab(N=500, width=66, noise="20 % of labels random", seed=5):
    """Press Train: a network of your choice is trained in slices, so that the sliders stay alive, until you press again."""
    checks.whole("N", N, at_most=1796)
    checks.seed(seed)
    figure, (left, middle, right) = figures.subplots(3, widths=[0.72, 1, 1])
    figure.subplots_adjust(left=0.015, wspace=0.3)
    image, _ = mosaic_axes(left, 4, 4, "Hidden weights", height=9)
    image.set(cmap="RdBu_r", clim=(-1, 1))
    for ax, label, title in ((middle, "squared error", "Loss"), (right, "new digits read wrongly, %", "Wrongly read")):
        ax.set(xlabel="training steps", ylabel=label, title=title)
        figures.log_axis(ax.xaxis, 0.9, 2400, ticks=[1, 10, 100, 1000])
    figures.log_axis(middle.yaxis, 5e-3, 5, ticks=[0.01, 0.1, 1])
    right.set(ylim=(0, 100))
    stored = sweep_rows("network_training_sweep")
    medians = [
        ax.plot([], [], label=label, color="#999999", linewidth=1.4)[0]
        for ax, label in ((middle, "stored runs"), (middle, None), (right, "stored runs"))
    ]
    (fitted,) = middle.plot([], [], label="training", **figures.ROLES["train"])
    lines = [ax.plot([], [], label="new digits", **figures.ROLES["test"])[0] for ax in (middle, right)]
    heres = [ax.plot([], [], zorder=5, label="now", **figures.ROLES["here"])[0] for ax in (middle, right)]
    state = right.text(0.97, 0.95, "", transform=right.transAxes, ha="right", va="top", fontweight="bold")
    figures.legend_above(middle, columns=2, rows=2)
    figures.legend_above(right, columns=2, rows=2)
    runs, task = {}, None

    def run_of(width, noise):
        if (width, noise) not in runs:
            runs[width, noise] = Run(width, NOISES[noise], N, seed)
        return runs[width, noise]

    def keep_training():
        """Train for a moment, and go on after a rest."""
        nonlocal task
        task = None
        if not (lab_train.value and lab_train.comm):  # a lab that was closed has none
            return
        values = lab.values()
        run, until = run_of(values["width"], values["noise"]), time.perf_counter() + SECONDS_OF_WORK
        while time.perf_counter() < until and run.go_on():
            pass
        lab.renew()
        if run.step >= STEPS:
            lab_train.value = False
        else:
            task = later(SECONDS_OF_REST, keep_training)
        beside()

    def beside(_=None):
        """What stands beside the picture, the bar and the button; and the training that the button starts."""
        nonlocal task
        values = lab.values()
        run = run_of(values["width"], values["noise"])
        running = values["train"] and run.step < STEPS
        bar.value, bar.description = run.step, f"step {run.step} of {STEPS}"
        lab_train.description, lab_train.icon = ("Stop", "stop") if running else ("Train", "play")
        if running and running_loop() and task is None:
            task = later(0, keep_training)

    def update(width, noise, train):
        run = run_of(width, noise)
        step, loss, loss_new, wrong = np.array(run.history).T
        x = np.maximum(step, 0.9)  # the start stands at the left end of the log axis
        fitted.set_data(x, np.maximum(loss, 1e-5))
        for line, here, values in zip(lines, heres, (loss_new, wrong)):
            line.set_data(x, values)
            here.set_data([x[-1]], [values[-1]])
        where = (stored["width"] == width) & (stored["label_noise"] == NOISES[noise]) & (stored["step"] <= STEPS)
        grid, values = by_seed(stored, "step", where)
        for line, each in zip(medians, (*values[:2], 100 * values[2])):
            line.set_data(grid, np.maximum(np.median(each, axis=0), 1e-5))
        image.set_data(mosaic(run.A[:-1, :16].T, 4, 4, height=9))
        state.set_text("finished" if run.step >= STEPS else "training" if train else "paused")
        return (
            f"{width} hidden units, P = {count(width)}, P/(N K) = {count(width) / N / 10:.2f}. After {run.step} of {STEPS} "
            f"steps: loss {number(loss[-1])} on the training digits, {number(loss_new[-1])} on new ones, of which "
            f"{wrong[-1]:.0f} % are read wrongly (fewest so far: {wrong.min():.0f} %, at step {step[wrong.argmin()]:.0f})."
        )

    presets = {
        "1 at P = N K": ({}, "Press <b>Train</b>. It learns the digits first, and then the wrong labels."),
        "2 wide": ({"width": 512}, "Eight parameters for every target. Press <b>Train</b> and compare."),
        "3 true labels": ({"noise": "none"}, "The same network, given only true labels. Press <b>Train</b>."),
    }
    lab_train = widgets.ToggleButton(False, description="Train", icon="play")
    bar = widgets.IntProgress(
        0, 0, STEPS, description="step", style={"description_width": "initial"}, layout=widgets.Layout(width="380px")
    )
    controls = {
        "width": listed_slider("width", "hidden units", [(str(w), w) for w in (8, 24, 66, 96, 160, 512)], width),
        "noise": choice("label noise", list(NOISES)[::-1], noise),
        "train": lab_train,
    }
    alt = (
        "Left: the weights from the pixels to sixteen hidden units. Middle and right: loss and share of new digits read "
        "wrongly, against training steps so far; the Train button lets them grow towards the medians of five stored runs."
    )
    lab = Lab(figure, [image, *medians, fitted, *lines, *heres, state], controls, update, alt, presets)
    lab.box.children = (*lab.box.children[:2], bar, *lab.box.children[2:])
    for control in controls.values():
        control.observe(beside, "value")
    beside()
    return lab
