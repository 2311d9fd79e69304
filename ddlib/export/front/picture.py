"""The pictures of the front page for who has JavaScript switched off: the labs as they begin."""

import html
import io

from PIL import Image

from ddlib import labs
from ddlib.export.film import webp

__all__ = ["stills"]


def stills():
    """HTML of one picture a panel: panel -> <noscript> with the lab of the same idea."""
    chosen = {
        "puzzle": labs.map_lab(),
        "polynomial": labs.polynomial_lab(),
        "linear": labs.linear_lab(),
        "why": labs.novelty_lab(),
        "ridge": labs.ridge_lab(lam=0.2),
    }
    return {panel: _still(lab) for panel, lab in chosen.items()}


def _still(lab):
    image = Image.open(io.BytesIO(lab.picture.png())).convert("RGB")
    image = image.resize((1100, round(1100 * image.height / image.width)), Image.Resampling.LANCZOS)
    alt = html.escape(lab.alt, quote=True)
    return (
        f'<noscript><img class="still" src="data:image/webp;base64,{webp(image)}" width="{image.width}" '
        f'height="{image.height}" alt="{alt}"></noscript>'
    )
