"""The front page, index.html: the curve reshapes in the browser itself, with nothing installed and nothing fetched.

draws.js          ddlib's own draws, number for number
curve.js          checks, Householder's QR, quartiles
fine.js           QR with twice the digits
polynomial.js     the curve along P       these five are the engine, in the page and in its worker
linear.js         the curve along N, and ridge
worker.js         the engine, away from the page
plot.js           axes, lines and bands on a canvas
controls.js       sliders, choices and tables
*_panel.js        one idea each
page.js           starts the panels
page.html, page.css, without_script.css
picture.py        the pictures that stand in where JavaScript is off
"""

import base64
import hashlib
import html
from importlib.resources import files

from ddlib.export.front.picture import stills

__all__ = ["engine", "front_page"]

ENGINE = ["draws.js", "curve.js", "fine.js", "polynomial.js", "linear.js"]
PANELS = [
    "worker.js",
    "plot.js",
    "controls.js",
    "puzzle_panel.js",
    "polynomial_panel.js",
    "linear_panel.js",
    "why_panel.js",
    "page.js",
]


def _read(*names):
    return "\n".join(files("ddlib.export.front").joinpath(name).read_text(encoding="utf-8") for name in names)


def engine():
    """The engine as one classic script, which offers ddlab.polynomialCurve and ddlab.linearCurve."""
    return _read(*ENGINE)


def front_page(chapters, talk=None):
    """HTML of the front page: all it shows is inside, and its policy lets nothing else run.

    Parameters
    ----------
    chapters : list of (address, title)      where to go on
    talk : str                               address of the talk, or None

    Returns
    -------
    str
    """
    parts = {
        "style": _read("page.css"),
        "style-without-script": _read("without_script.css"),
        "engine": engine(),
        "panels": _read(*PANELS),
    }
    scripts, styles = (
        " ".join(_sha256(parts[name]) for name in names) for names in (["engine", "panels"], ["style", "style-without-script"])
    )
    parts["policy"] = (
        f"default-src 'none'; script-src {scripts}; worker-src blob:; style-src {styles}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    parts["ways"] = _ways(chapters, talk)
    parts |= {f"picture-{panel}": still for panel, still in stills().items()}
    text = _read("page.html")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text


def _sha256(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _ways(chapters, talk):
    rows = "".join(f'<li><a href="{html.escape(address)}">{html.escape(title)}</a></li>' for address, title in chapters)
    first = (
        f'<a class="talk" href="{html.escape(talk)}">The talk<span>45 minutes, with votes and live labs</span></a>\n'
        if talk
        else ""
    )
    return f'{first}<ol class="chapters">{rows}</ol>'
