"""Labs: sliders bound to figures."""

from ddlib.labs.live import Lab
from ddlib.labs.polynomial import polynomial_lab

__all__ = ["Lab", "polynomial_lab"]
