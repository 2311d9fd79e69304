"""A figure that follows its controls: the one mechanism behind every lab.

lab        controls beside a picture
controls   sliders and choices, and how numbers are written beside them
screen     which picture is shown when: a quick one, a crisp one, the next ones ahead
picture    a figure of which each frame draws only what has changed
onpage     what labs and questions share on the page
standin    what stands where nothing is alive

What each mechanism brings: polynomial_lab's P in JupyterLab on two cores, as it is and without one of them, all on one
page (python -m tests.benchmarks.mechanisms; two runs, medians). An empty round trip takes 26 ms.

                                          step     jump    frames a second in a drag
as it is                                 28, 29   51, 45         20, 19
the whole figure drawn each time         30, 27   71, 75          6, 7
crisp at once, no quick picture          30, 26   56, 63         15, 16
quick picture as PNG, not JPEG           28, 26   61, 60         15, 17
nothing drawn ahead                      37, 44   45, 44         19, 20

Drawing ahead costs a jump what it may have to wait for. Without the server extension the empty round trip takes 3 ms
more. Two mechanisms brought less than 3 ms and are gone: what is drawn ahead as PNG of 256 colours (1 ms), and presets
that turned bold a moment later (2 ms, in attack_lab).
"""

from ddlib.live.controls import choice, listed_slider, number, one_of, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["choice", "listed_slider", "number", "one_of", "real_slider", "whole_slider", "Lab"]
