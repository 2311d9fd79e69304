"""What a reader has set in a matplotlibrc does not show in the course's figures."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import hashlib, io
from PIL import Image
from ddlib import figures, labs
figures.use_style()
lab = labs.novelty_lab()
figure, ax = figures.subplots()
ax.plot([0, 1], [1, 2], label="a line")
ax.set(xlabel="x", title="A picture")
figures.legend_above(ax, columns=1)
import base64
stored = base64.b64decode(figures.Picture(figure, "A line.")._repr_mimebundle_()[0]["image/png"])
for png in (lab.picture.png(), stored):
    image = Image.open(io.BytesIO(png)).convert("RGB")
    print(image.size, hashlib.sha256(image.tobytes()).hexdigest())
"""
HOSTILE = """
text.usetex: True
font.family: serif
font.size: 27
mathtext.fontset: stix
figure.dpi: 33
figure.autolayout: True
figure.edgecolor: red
savefig.bbox: tight
savefig.dpi: 20
savefig.pad_inches: 2
savefig.facecolor: black
savefig.transparent: True
axes.prop_cycle: cycler("color", ["red"])
axes.titlepad: 40
axes.labelpad: 30
axes.linewidth: 9
axes.xmargin: 0.4
axes.unicode_minus: False
axes.autolimit_mode: round_numbers
legend.frameon: False
legend.shadow: True
legend.labelspacing: 3
lines.marker: *
lines.markersize: 20
lines.dash_capstyle: round
xtick.major.size: 20
xtick.direction: in
ytick.right: True
path.sketch: 3, 30, 2
path.simplify: False
text.hinting: no_hinting
text.antialiased: False
image.cmap: hot
hatch.linewidth: 5
"""


def pictures(folder, text):
    (folder / "matplotlibrc").write_text(text)
    environment = {**os.environ, "MATPLOTLIBRC": str(folder / "matplotlibrc")}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return pictures(tmp_path_factory.mktemp("usual"), "")


def test_no_key_of_a_hostile_matplotlibrc_shows(usual, tmp_path):
    assert pictures(tmp_path, HOSTILE) == usual
