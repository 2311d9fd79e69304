"""The moving picture of the README comes from its program, and is small."""

import runpy
from pathlib import Path

import numpy as np
from PIL import Image

PICTURE = Path(__file__).parents[2] / "notebooks" / "pictures" / "reshaping.gif"


def test_it_is_what_its_program_draws():
    program = runpy.run_path(str(PICTURE.with_suffix(".py")))
    stored = Image.open(PICTURE)
    assert stored.n_frames == len(program["SETTINGS"]) and PICTURE.stat().st_size < 1_500_000
    assert stored.info["loop"] == 0
    for place, frame in enumerate(program["frames"]()):
        if place in (0, 17, 40):
            stored.seek(place)
            there, drawn = (np.asarray(image.convert("RGB")).astype(int) for image in (stored, frame))
            assert there.shape == drawn.shape and np.abs(there - drawn).mean() < 3
    stored.seek(0)
    moved = np.abs(np.asarray(stored.convert("RGB")).astype(int) - there)
    assert moved.mean() > 0.5
