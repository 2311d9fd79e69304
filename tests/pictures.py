"""Whether two pictures show the same."""

import base64
import io

import numpy as np
from PIL import Image

__all__ = ["same_picture"]


def pixels(image):
    """Of image bytes, or of a data URL (bytes or str): (height, width, 3)."""
    image = image.encode() if isinstance(image, str) else bytes(image)
    image = base64.b64decode(image.split(b",")[1]) if image.startswith(b"data:") else image
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB")).astype(int)


def same_picture(one, other):
    """The last digits of a curve may differ from one process to another, and shade an edge; a moved marker is 600 pixels."""
    one, other = pixels(one), pixels(other)
    return one.shape == other.shape and np.count_nonzero(np.abs(one - other).max(axis=2) > 60) < 30
