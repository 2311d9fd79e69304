"""The cells of latency.py: what is compared, and which of its controls is moved."""

import inspect
from dataclasses import dataclass

from ddlib import figures, labs
from ddlib.live.onpage import within

__all__ = ["Case", "SETUP", "peers", "lab_cases"]

RECOMPUTE = ("N", "D", "trials")  # controls that change the curve itself
CHEAP = ("P", "sigma")  # of the others, these first

# The picture of polynomial_lab for the peers, with what a change of P leaves alone computed beforehand.
SETUP = """%matplotlib ipympl
import ipywidgets as widgets
import numpy as np
from IPython.core.pylabtools import print_figure
from IPython.display import Image, display
from matplotlib import pyplot as plt
from mpl_interactions import ipyplot as iplt
from ddlib import figures, labs
from ddlib.curves import polynomial_curve
from ddlib.datasets.draws import draw_curve, wave
from ddlib.fit.features import legendre
from ddlib.fit.least_squares import min_norm
figures.use_style()
plt.rcParams["figure.max_open_warning"] = 0
curve = polynomial_curve(15, np.arange(1, 201))
x, y = draw_curve(15, 0.0, np.random.default_rng(np.random.SeedSequence(0).spawn(1)[0]))
X, at = legendre(x, 200), np.linspace(-1, 1, 1001)
columns = legendre(at, 200)

def fitted(P):
    return np.clip(columns[:, :P] @ min_norm(X[:, :P], y), -1e3, 1e3)

def still(left, right):
    fit, errors = figures.Fit(left, wave), figures.ErrorCurve(right, "Median error of 30 training sets", one_fit=True)
    fit.show_data(x, y)
    errors.show(curve)
    return fit, errors"""

EMPTY = """slider, label = widgets.IntSlider(0, 0, 100), widgets.Label("0")
slider.observe(lambda change: setattr(label, "value", str(change.new)), "value")
widgets.VBox([slider, label])"""

NEW_FIGURE = """def new_figure(P):
    figure, axes = figures.subplots(2, widths=[1, 1.25])
    fit, errors = still(*axes)
    fit.show(fitted(P))
    errors.mark(P, curve.test[0, P - 1])
    {show}
widgets.interact(new_figure, P=widgets.IntSlider(15, 1, 200, layout=widgets.Layout(width="430px")))
None"""

MPL_INTERACTIONS = """figure, (left, right) = plt.subplots(1, 2, width_ratios=[1, 1.25])
still(left, right)
as_it_is = lambda ax: dict(ax=ax, xlim=ax.get_xlim(), ylim=ax.get_ylim())
controls = iplt.plot(at, lambda x, P: fitted(P), P=np.arange(1, 201), linewidth=2, color="#D55E00", **as_it_is(left))
iplt.plot(lambda P: np.array([P]), lambda x, P: curve.test[0, [P - 1]], controls=controls, clip_on=False,
          **figures.ROLES["here"], **as_it_is(right))"""


@dataclass(frozen=True)
class Case:
    """A slider of a cell, with steps + 1 places, or a toggle: the place-th of the cell's sliders or toggles."""

    name: str
    source: str
    place: int = 0
    steps: int = 199
    kind: str = "peer"  # or "cheap", "recompute", "toggle"


def peers():
    """(a) an empty round trip; (b), (b*), (c) the picture of polynomial_lab by other means, crisp in each frame."""
    return [
        Case("(a) empty round trip", EMPTY, steps=100),
        # what the inline backend does for a high-density screen; then without its search for white margins
        Case(
            "(b) interact, inline figure",
            NEW_FIGURE.format(show="display(Image(print_figure(figure, dpi=2 * figure.dpi), retina=True))"),
        ),
        Case("(b*) interact, figure saved once", NEW_FIGURE.format(show='display(figures.Picture(figure, ""))')),
        Case("(c) mpl-interactions, ipympl", MPL_INTERACTIONS),
    ]


def lab_cases(only=()):
    """Of each lab that needs no arguments a cheap slider, one that recomputes the curve, and a toggle, if it has them."""
    figures.use_style()
    cases = []
    for name in labs.__all__:
        make = getattr(labs, name)
        if name == "Lab" or (only and name not in only) or needs_arguments(make):
            continue
        lab = make()
        sliders = {key: control for key, control in lab.controls.items() if hasattr(control, "readout")}
        toggles = {key: control for key, control in lab.controls.items() if key not in sliders and key != "train"}
        found = {**chosen(list(sliders)), **{"toggle": key for key in list(toggles)[:1]}}
        for kind, key in found.items():
            alike = (toggles if kind == "toggle" else sliders).values()
            place = [widget for widget in within(lab.box) if widget in alike].index(lab.controls[key])
            cases.append(Case(f"{name}, {key}", f"labs.{name}()", place, steps(lab.controls[key]), kind))
    return cases


def chosen(names):
    """The slider of each kind: {'cheap': name, 'recompute': name}, without those that do not exist."""
    cheap = [name for name in CHEAP if name in names] + [name for name in names if name not in RECOMPUTE]
    recompute = [name for name in names if name in RECOMPUTE]
    return {kind: found[0] for kind, found in (("cheap", cheap), ("recompute", recompute)) if found}


def steps(slider):
    """How many steps there are from one end of a slider, or of a toggle, to the other."""
    if hasattr(slider, "options"):
        return len(slider.options) - 1
    if not hasattr(slider, "step"):
        return 1
    return round((slider.max - slider.min) / slider.step)


def needs_arguments(function):
    return any(argument.default is argument.empty for argument in inspect.signature(function).parameters.values())
