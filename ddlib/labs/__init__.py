"""Sliders bound to figures: one function per lab, each returning a Lab."""

from ddlib.labs.live import Lab
from ddlib.labs.networks import features_lab, steps_lab, width_lab
from ddlib.labs.polynomial import basis_lab, polynomial_lab
from ddlib.labs.puzzle import map_lab, memory_lab, weight_lab
from ddlib.labs.tradition import bias_variance_lab, drawing_lab, repeats_lab
from ddlib.labs.training import train_lab

__all__ = ["Lab", "weight_lab", "memory_lab", "map_lab", "bias_variance_lab", "drawing_lab", "repeats_lab",
           "polynomial_lab", "basis_lab", "features_lab", "width_lab", "steps_lab", "train_lab"]
