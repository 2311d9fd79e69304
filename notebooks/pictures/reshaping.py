"""The moving picture of the README: python notebooks/pictures/reshaping.py writes reshaping.gif beside this file.

N goes from 8 to 25 and back, then the noise from 0 to 0.5 and back: the peak follows N, and noise lifts the curve.
"""

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ddlib import figures
from ddlib.curves import polynomial_curve

SECONDS_A_FRAME = 0.09
SETTINGS = [(N, 0.0) for N in [*range(8, 26), *range(24, 14, -1)]]
SETTINGS += [(15, sigma / 20) for sigma in [*range(1, 11), *range(9, -1, -1)]] + [(N, 0.0) for N in range(14, 8, -1)]


def frames():
    """One picture for each setting."""
    figures.use_style()
    figure, ax = figures.subplots(size=(8, 3.4))
    figure.set_dpi(100)
    figure.subplots_adjust(top=0.78, bottom=0.17, left=0.1)
    curve = figures.ErrorCurve(ax, "")
    canvas = FigureCanvasAgg(figure)
    for N, sigma in SETTINGS:
        curve.show(polynomial_curve(N, np.arange(1, 201), sigma))
        ax.set_title(f"N = {N} examples, noise {sigma:.2f}", pad=42)
        canvas.draw()
        yield Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def write(path):
    """The frames as a GIF that runs for ever; few colours keep it small."""
    first, *others = [frame.quantize(48, dither=Image.Dither.NONE) for frame in frames()]
    first.save(path, save_all=True, append_images=others, duration=round(1000 * SECONDS_A_FRAME), loop=0, optimize=True)


if __name__ == "__main__":
    write(Path(__file__).with_suffix(".gif"))
