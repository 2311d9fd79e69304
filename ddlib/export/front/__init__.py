"""The front page, index.html: the curve reshapes in the browser itself, with nothing installed and nothing fetched.

draws.js          ddlib's own draws, number for number
curve.js          checks, Householder's QR, quartiles
polynomial.js     the curve along P       these four are the engine, in the page and in its worker
linear.js         the curve along N, and ridge
worker.js         the engine, away from the page
plot.js           axes, lines and bands on a canvas
*_panel.js        one panel of the page each
page.js           starts the panels
page.html, page.css
picture.py        the pictures that stand in where JavaScript is off
"""

from importlib.resources import files

__all__ = ["engine"]

ENGINE = ["draws.js", "curve.js", "polynomial.js", "linear.js"]


def read(name):
    """The text of a file in this folder."""
    return files("ddlib.export.front").joinpath(name).read_text(encoding="utf-8")


def engine():
    """The engine as one classic script, which offers ddlab.polynomialCurve and ddlab.linearCurve."""
    return "\n".join(map(read, ENGINE))
