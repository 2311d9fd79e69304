"""What stands where a lab or a question is not alive: how to bring it to life, and what may be missing."""

import io
from functools import lru_cache
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

__all__ = ["RUN", "COMMAND", "MISSING", "HEIGHT", "with_note"]

RUN = "menu Run, Run All Cells; or Shift+Enter, cell by cell"
COMMAND = "python -m pip install jupyterlab_widgets"
MISSING = f"It has run and nothing moves? JupyterLab lacks a package: where it is installed, {COMMAND}; then reload."
PIXELS = 2  # for a CSS pixel, as crisp as the picture
HEIGHT = 44  # of the note, in CSS pixels


@lru_cache(maxsize=2)
def _font(name):
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, 13 * PIXELS)


def with_note(png):
    """The picture of a lab as PNG bytes, below two lines that say how to bring it to life."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    whole = Image.new("RGB", (picture.width, picture.height + PIXELS * HEIGHT), "white")
    whole.paste(picture, (0, PIXELS * HEIGHT))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, 0, whole.width, PIXELS * (HEIGHT - 4)), fill="#eeeeee")
    draw.rectangle((0, 0, PIXELS * 4, PIXELS * (HEIGHT - 4)), fill="#D55E00")
    for line, (words, font) in enumerate(
        [(f"A picture of this lab. To move it: {RUN}.", "DejaVuSans-Bold.ttf"), (MISSING, "DejaVuSans.ttf")]
    ):
        draw.text((PIXELS * 12, PIXELS * (3 + 18 * line)), words, fill="#222222", font=_font(font))
    out = io.BytesIO()
    whole.save(out, format="png")
    return out.getvalue()
