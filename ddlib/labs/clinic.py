"""The clinic: six attempts at double descent that show none, or something odd, each from a real computation."""

from dataclasses import dataclass
from functools import cache

import ipywidgets as widgets
import numpy as np

from ddlib import figures
from ddlib.curves import polynomial_curve
from ddlib.datasets.draws import bend, draw_trials
from ddlib.fit.features import legendre, monomials
from ddlib.live.controls import listed_slider
from ddlib.live.lab import Lab

__all__ = ["clinic_lab", "ward"]

N, SIGMA = 15, 0.3
GRID = np.arange(1, 61)
SPARSE = np.array([1, 2, 5, 10, 25, 40, 60])
FRAME = 1e-3, 1e13


def _fits(basis, sigma, lam, trials=30):
    """Median test and train error (G,) of ridge fits along GRID, in any basis."""
    x, noise = draw_trials(N, trials, 0)
    y = bend(x) + sigma * noise
    nodes, weights = np.polynomial.legendre.leggauss(200)
    X = basis(x.ravel(), int(GRID[-1])).reshape(trials, N, -1)
    test, train, new = [], [], basis(nodes, int(GRID[-1]))
    for P in GRID:
        U, s, Vt = np.linalg.svd(X[:, :, :P], full_matrices=False)
        amounts = s / (s**2 + N * lam) * (np.swapaxes(U, 1, 2) @ y[:, :, None])[:, :, 0]
        beta = (amounts[:, None] @ Vt)[:, 0]  # (trials, P)
        test.append((beta @ new[:, :P].T - bend(nodes)) ** 2 @ weights / 2 + sigma**2)
        train.append(np.mean((y - (X[:, :, :P] @ beta[:, :, None])[:, :, 0]) ** 2, axis=1))
    return np.median(test, axis=1), np.median(train, axis=1)


def _runs(trials, summary):
    """The test error of three runs with other seeds (3, G)."""
    return [summary(polynomial_curve(N, GRID, SIGMA, trials, seed, truth=bend).test, axis=0) for seed in (1, 2, 3)]


@cache
def healthy():
    """Median test and train error (G,) of 300 training sets."""
    curve = polynomial_curve(N, GRID, SIGMA, trials=300, truth=bend)
    return curve.quantiles("test", 0.5), curve.quantiles("train", 0.5)


@dataclass(frozen=True)
class Patient:
    """grid (G,), the test errors of one or more runs (R, G), train error (G,) or None; what is said of it."""

    grid: np.ndarray
    test: list
    train: np.ndarray
    complaint: str
    diagnosis: str


@cache
def patients():
    """The six patients by their letter."""

    def one(basis, sigma, lam, *words):
        test, train = _fits(basis, sigma, lam)
        return Patient(GRID, [test], train, *words)

    test, train = (errors[SPARSE - 1] for errors in healthy())
    return {
        "A": one(
            legendre,
            SIGMA,
            1 / N,
            "“There is no peak, and no second descent. I used a library.”",
            "<b>a penalty is on</b> (lam = 1/15, the default of a well-known Ridge class). The train error never "
            "reaches zero: the fit does not meet its examples. Set lam = 0.",
        ),
        "B": one(
            legendre,
            0.0,
            0.0,
            "“The test error goes down to nothing, and I see no peak at N = P.”",
            "<b>no residual</b>: no noise, and a target that ten polynomials reproduce. Train and test error both "
            "vanish before N = P; nothing is left to be wrong about. Add noise, or a target out of reach.",
        ),
        "C": one(
            monomials,
            SIGMA,
            0.0,
            "“It goes up at N = P and never comes down again.”",
            "<b>the wrong basis</b>: plain powers of x. Train error zero from N = P on, so it is the minimum norm "
            "that fails: small in the powers is not tame between the points. Use Legendre polynomials.",
        ),
        "D": Patient(
            GRID,
            _runs(300, np.mean),
            None,
            "“300 training sets a run, and still no two runs agree.”",
            "<b>means instead of medians</b>: where all points are met the mean does not exist, and "
            "one training set in 300 draws the curve. Take the median of the very same runs.",
        ),
        "E": Patient(
            SPARSE,
            [test],
            train,
            "“It is always a bit worse in the middle, but where is the peak?”",
            "<b>the grid steps over N = P</b>: no fit was made between P = 10 and P = 25. Put every P around N on the grid.",
        ),
        "F": Patient(
            GRID,
            _runs(1, np.mean),
            None,
            "“Each time I run it the curve looks different, and ragged.”",
            "<b>too few repeats</b>: one training set per run. The peak is there in each, but its height and "
            "what is beside it are luck. Take the median of at least 30.",
        ),
    }


def _draw(ax):
    """Frame of one patient's curve, and the lines to be filled."""
    figures.log_axis(ax.yaxis, *FRAME, ticks=10.0 ** np.arange(-2, 13, 4))
    figures.log_axis(ax.xaxis, 1, 60, ticks=[1, 2, 5, 10, 20, 50])
    ax.axvline(N, **figures.ROLES["threshold"])
    test = [ax.plot([], [], label="_" * bool(k) + "test error", alpha=0.9, **figures.ROLES["test"])[0] for k in range(3)]
    (train,) = ax.plot([], [], label="train error", **figures.ROLES["train"])
    return test, train


def _fill(lines, train, patient):
    floor = FRAME[0] / 10  # zero has no place on a log axis: below the frame
    for k, line in enumerate(lines):
        line.set_data(*([patient.grid, np.clip(patient.test[k], floor, 1e30)] if k < len(patient.test) else [[], []]))
        line.set_linewidth(2.2 if len(patient.test) == 1 else 1.3)
        line.set_marker("o" if patient.grid is SPARSE else "")
    train.set_data(*([patient.grid, np.maximum(patient.train, floor)] if patient.train is not None else [[], []]))


def ward():
    """A figure of all six patients."""
    figure, axes = figures.subplots(size=(9, 5.6))
    axes.remove()
    axes = figure.subplots(2, 3, sharex=True, sharey=True)
    figure.subplots_adjust(0.08, 0.1, 0.985, 0.86, 0.08, 0.2)
    for ax, (letter, patient) in zip(axes.flat, patients().items()):
        lines, train = _draw(ax)
        _fill(lines, train, patient)
        ax.set_title(f"Patient {letter}")
    axes[0, 0].text(N, 1.5e-3, " N = P", color="#555555")
    figure.legend(
        handles=axes[0, 0].get_lines()[1:2] + axes[0, 0].get_lines()[-1:],
        loc="upper left",
        ncols=2,
        bbox_to_anchor=(0.07, 0.995),
        frameon=False,
    )
    for ax in axes[1]:
        ax.set_xlabel("P, fitted parameters")
    for ax in axes[:, 0]:
        ax.set_ylabel("error")
    return figure


def clinic_lab(patient="A"):
    """One patient at a time, before and after the treatment."""
    figure, ax = figures.subplots()
    ax.set(xlabel="P, fitted parameters", ylabel="mean squared error", title="Before and after")
    lines, train = _draw(ax)
    ax.text(N, 1.5e-3, " N = P", color="#555555")
    (cured,) = ax.plot(
        [],
        [],
        color=figures.ROLES["here"]["color"],
        linewidth=3.2,
        alpha=0.85,
        label="after the treatment: median test error of 300 sets",
    )
    figures.legend_above(ax, columns=3)

    def update(patient, treat):
        case = patients()[patient]
        _fill(lines, train, case)
        cured.set_data(*([GRID, healthy()[0]] if treat else [[], []]))
        words = f"Patient {patient}: {case.complaint} "
        return words + (f"Diagnosis: {case.diagnosis}" if treat else "Press <b>Treat</b> for diagnosis and cure.")

    presets = {
        "1 patient A": ({}, "The same experiment without the penalty: there is the peak, and the second descent."),
        "2 patient C": ({"patient": "C"}, "The same experiment with Legendre polynomials: the second descent is back."),
        "3 patient D": ({"patient": "D"}, "The same experiment, another summary."),
        "4 untreated": ({"treat": False}, "No peak. The train error tells: it never reaches zero."),
    }
    controls = {
        "patient": listed_slider("", "patient", [(letter, letter) for letter in patients()], patient),
        "treat": widgets.ToggleButton(True, description="Treat", icon="medkit"),
    }
    alt = (
        "Train and test error against the number of parameters of an experiment that went wrong, and after the "
        "treatment the double descent curve that it should have shown."
    )
    return Lab(figure, [*lines, train, cured], controls, update, alt, presets)
