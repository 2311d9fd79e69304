"""The part of a mathematical font that a page needs: a system often has none, and brackets then do not grow."""

import base64
import io
import re
from html import unescape
from importlib.resources import files

from fontTools import subset

__all__ = ["math_font"]

ITALIC = {  # MathML draws a single letter in the italic of mathematics, which has characters of its own
    **{chr(ord("A") + k): chr(0x1D434 + k) for k in range(26)},
    **{chr(ord("a") + k): chr(0x1D44E + k) for k in range(26)},
    "h": "\u210e",
    **{chr(ord("Α") + k): chr(0x1D6E2 + k) for k in range(25)},
    **{chr(ord("α") + k): chr(0x1D6FC + k) for k in range(25)},
}


def math_font(page):
    """A CSS @font-face with the characters of all MathML in the page; nothing where it has none."""
    formulas = "".join(re.findall(r"<math .*?</math>", page, re.DOTALL))
    text = set(unescape(re.sub("<[^>]*>", "", formulas)))
    if re.search("<msqrt|<mroot", formulas):
        text.add("√")  # the browser draws it; it stands nowhere in the text
    if not text:
        return ""
    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True)
    # STIX Two Math, SIL Open Font Licence 1.1, as ziamath carries it
    with files("ziamath.fonts").joinpath("STIXTwoMath-Regular.ttf").open("rb") as file:
        font = subset.load_font(file, options)
        part = subset.Subsetter(options)
        part.populate(text="".join(text | {ITALIC[letter] for letter in text & set(ITALIC)}))
        part.subset(font)
        out = io.BytesIO()
        subset.save_font(font, out, options)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f'@font-face {{ font-family: "Course Math"; src: url(data:font/woff;base64,{data}) format("woff"); }}'
