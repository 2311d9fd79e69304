"""Every argument of a lab that a control shows is used as it was given, or refused by name."""

import inspect
import re

import pytest

from ddlib import labs
from ddlib.datasets import read_table

# a value unlike the default, of each argument that a control shows
GIVEN = {
    "bias_variance_lab": {"N": 50, "P": 6, "sigma": 0.2},
    "repeats_lab": {"P": 4},
    "basis_lab": {"N": 12, "P": 20, "sigma": 0.5},
    "polynomial_lab": {"N": 12, "P": 20, "sigma": 0.5},
    "linear_lab": {"N": 20, "D": 20, "sigma": 0.2, "r": 2.0},
    "novelty_lab": {"N": 20, "sigma": 0.2},
    "subset_lab": {"N": 30, "P": 60, "sigma": 0.5},
    "ablation_lab": {"data": "Diabetes", "units": "standardised", "keep": 5},
    "attack_lab": {"data": "California"},
    "modes_lab": {"N": 10, "point": 3},
    "ridge_lab": {"N": 20, "sigma": 0.3},
    "clinic_lab": {"patient": "B"},
    "steps_lab": {"width": 512, "noise": "none"},
    "width_lab": {"width": 8, "noise": "none"},
    "train_lab": {"width": 24, "noise": "none"},
    "features_lab": {"P": 50, "noise": 20},
    "axis_lab": {"N": 10, "sigma": 0.2},
    "cloud_lab": {"N": 50, "azimuth": 30, "elevation": 40},
    "spectrum_lab": {"gamma": 0.5},
    "epochs_lab": {"sigma": 0.5, "N": 200},
    "start_lab": {"s": 0.5},
    "time_lab": {"P": 30, "sigma": 0.5},
    "phase_lab": {"N": 8, "P": 4, "sigma": 0.1},
}
# those that no control shows, each with what it must not be
BEHIND = {
    "memory_lab": {"N": [17, 1001, 20.5, None], "seed": [-1, 1.5, None]},
    "spectrum_lab": {"N": [9, 1001, 20.5, None]},
    "drawing_lab": {"N": [0, 17, 2.5, None], "sigma": [-1, 2, None]},
    "repeats_lab": {"N": [0, 41, 2.5, None], "sigma": [-1, 2]},
    "novelty_lab": {"D": [1, 101, 2.5, None]},
    "train_lab": {"N": [0, 1797, 2.5, None], "seed": [-1, 1.5, None]},
    "start_lab": {"t": [-1, 2.5]},
    "time_lab": {"t": [-1, 2.5]},
    "epochs_lab": {"t": [-1, 2.5], "ratio": [-1, 2.5]},
    "ridge_lab": {"lam": [-1, 2.51]},
    "phase_lab": {"lam": [-1, 2.51]},
    "axis_lab": {"P": [-1, 2.5]},
}
SHOWN = {("linear_lab", "r"), ("cloud_lab", "azimuth"), ("cloud_lab", "elevation")}  # some of the bad values are theirs
BAD = [-1, 10**9, 2.51, float("nan"), float("inf"), "nonsense", [1, 2], read_table("diabetes")]


@pytest.mark.parametrize("lab", GIVEN)
def test_an_argument_is_what_the_lab_begins_with(lab):
    values = getattr(labs, lab)(**GIVEN[lab]).values()
    assert {name: values[name] for name in GIVEN[lab]} == GIVEN[lab]


@pytest.mark.parametrize("lab, name", [(lab, name) for lab, given in GIVEN.items() for name in given])
def test_what_a_control_cannot_show_is_refused_by_name(lab, name):
    for bad in BAD:
        if (lab, name) in SHOWN and bad in (-1, 2.51):
            continue
        with pytest.raises(ValueError, match=rf"\b{name}\b.* must .*, got "):
            getattr(labs, lab)(**{name: bad})


@pytest.mark.parametrize("lab, name", [(lab, name) for lab, given in BEHIND.items() for name in given])
def test_what_no_control_shows_is_refused_by_name(lab, name):
    for bad in BEHIND[lab][name]:
        with pytest.raises(ValueError, match=rf"\b{name}\b.* must .*, got "):
            getattr(labs, lab)(**{name: bad})


def test_every_argument_is_tried():
    for name in filter(lambda name: name.endswith("_lab"), labs.__all__):
        arguments = set() if name == "weight_lab" else set(inspect.signature(getattr(labs, name)).parameters)
        assert arguments == set(GIVEN.get(name, {})) | set(BEHIND.get(name, {})), name


def test_a_table_of_ones_own_is_refused_by_name():
    message = re.escape("data must be one of ('Student–Teacher', 'California', 'Diabetes'), got Table(")
    with pytest.raises(ValueError, match=message):
        labs.ablation_lab(data=read_table("diabetes"))
