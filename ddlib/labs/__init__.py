"""Sliders bound to figures: one function per lab, each returning a Lab."""

from ddlib.labs.clinic import clinic_lab, ward
from ddlib.labs.descent import start_lab, time_lab
from ddlib.labs.epochs import epochs_lab
from ddlib.labs.factors import ablation_lab, attack_lab
from ddlib.labs.linear import linear_lab, novelty_lab, subset_lab
from ddlib.labs.modes import modes_lab
from ddlib.labs.networks import features_lab, steps_lab, width_lab
from ddlib.labs.phases import phase_lab
from ddlib.labs.polynomial import basis_lab, polynomial_lab
from ddlib.labs.puzzle import map_lab, memory_lab, weight_lab
from ddlib.labs.spectrum import cloud_lab, spectrum_lab
from ddlib.labs.taming import axis_lab, ridge_lab
from ddlib.labs.tradition import bias_variance_lab, drawing_lab, repeats_lab
from ddlib.labs.training import train_lab
from ddlib.live.lab import Lab

__all__ = [
    "Lab",
    "map_lab",
    "memory_lab",
    "weight_lab",
    "bias_variance_lab",
    "drawing_lab",
    "repeats_lab",
    "basis_lab",
    "polynomial_lab",
    "linear_lab",
    "novelty_lab",
    "subset_lab",
    "ablation_lab",
    "attack_lab",
    "modes_lab",
    "cloud_lab",
    "spectrum_lab",
    "epochs_lab",
    "start_lab",
    "time_lab",
    "features_lab",
    "steps_lab",
    "width_lab",
    "train_lab",
    "axis_lab",
    "ridge_lab",
    "phase_lab",
    "clinic_lab",
    "ward",
]
