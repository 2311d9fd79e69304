"""Sliders bound to figures: one function per lab, each returning a Lab."""

from ddlib.labs.factors import ablation_lab, attack_lab, modes_lab
from ddlib.labs.linear import linear_lab, novelty_lab, subset_lab
from ddlib.labs.live import Lab
from ddlib.labs.polynomial import basis_lab, polynomial_lab
from ddlib.labs.puzzle import map_lab, memory_lab, weight_lab
from ddlib.labs.spectrum import cloud_lab, spectrum_lab
from ddlib.labs.tradition import bias_variance_lab, drawing_lab, repeats_lab

__all__ = ["Lab", "weight_lab", "memory_lab", "map_lab", "bias_variance_lab", "drawing_lab", "repeats_lab",
           "polynomial_lab", "basis_lab", "linear_lab", "novelty_lab", "subset_lab", "modes_lab", "ablation_lab",
           "attack_lab", "cloud_lab", "spectrum_lab"]
