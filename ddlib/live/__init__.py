"""A figure that follows its controls: the one mechanism behind every lab.

lab        controls beside a picture
controls   sliders and choices, and how numbers are written beside them
screen     which picture is shown when: a quick one, a crisp one, the next ones ahead
picture    a figure of which each frame draws only what has changed
onpage     what labs and questions share on the page
standin    what stands where nothing is alive
"""

from ddlib.live.controls import choice, listed_slider, number, one_of, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["choice", "listed_slider", "number", "one_of", "real_slider", "whole_slider", "Lab"]
