"""Every argument of a lab that a control shows is used as it was given, or refused by name."""

import re

import pytest

from ddlib import labs
from ddlib.datasets import read_table

# a value unlike the default, of each argument that a control shows
GIVEN = {
    "bias_variance_lab": {"N": 50, "P": 6, "sigma": 0.2}, "repeats_lab": {"P": 4},
    "basis_lab": {"N": 12, "P": 20, "sigma": 0.5}, "polynomial_lab": {"N": 12, "P": 20, "sigma": 0.5},
    "linear_lab": {"N": 20, "D": 20, "sigma": 0.2, "r": 2.0}, "novelty_lab": {"N": 20, "sigma": 0.2},
    "subset_lab": {"N": 30, "P": 60, "sigma": 0.5}, "ablation_lab": {"data": "Diabetes", "units": "standardised", "keep": 5},
    "attack_lab": {"data": "California"}, "modes_lab": {"N": 10, "point": 3}, "ridge_lab": {"N": 20, "sigma": 0.3},
    "clinic_lab": {"patient": "B"}, "steps_lab": {"noise": "none"}, "width_lab": {"noise": "none"},
    "train_lab": {"width": 24, "noise": "none"}, "features_lab": {"noise": 20}, "axis_lab": {"N": 10, "sigma": 0.2},
}
BAD = [-1, 10**9, 2.51, float("nan"), float("inf"), "nonsense", [1, 2], read_table("diabetes")]


@pytest.mark.parametrize("lab", GIVEN)
def test_an_argument_is_what_the_lab_begins_with(lab):
    values = getattr(labs, lab)(**GIVEN[lab]).values()
    assert {name: values[name] for name in GIVEN[lab]} == GIVEN[lab]


@pytest.mark.parametrize("lab, name", [(lab, name) for lab, given in GIVEN.items() for name in given])
def test_what_a_control_cannot_show_is_refused_by_name(lab, name):
    for bad in BAD:
        if name == "r" and bad == 2.51:
            continue  # a slider shows it
        with pytest.raises(ValueError, match=rf"\b{name}\b.* must .*, got "):
            getattr(labs, lab)(**{name: bad})


def test_a_table_of_ones_own_is_refused_by_name():
    message = re.escape("data must be one of ('Student–Teacher', 'California', 'Diabetes'), got Table(")
    with pytest.raises(ValueError, match=message):
        labs.ablation_lab(data=read_table("diabetes"))
