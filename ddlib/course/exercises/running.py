"""Run a reader's function, and say in words what came of it; nothing that it does is raised."""

import copy
import html
import linecache
import re
import traceback
import warnings

import numpy as np

__all__ = ["Failure", "run", "is_stub", "numbers", "shape", "digits", "kind", "short", "plain"]


class Failure(Exception):
    """An error in the reader's function, told kindly."""

    def __init__(self, error, function):
        self.error = error
        code = getattr(function, "__code__", None)
        lines = [
            (frame.lineno, linecache.getline(frame.filename, frame.lineno).strip())
            for frame in traceback.extract_tb(error.__traceback__)
            if code and frame.filename == code.co_filename
        ]
        number, line = lines[-1] if lines else (0, "")
        line = re.split(r"\s{2,}#", line)[0]  # without the comment beside it
        where = f", in the line <code>{html.escape(line)}</code>" if line else f", in line {number}" * bool(number)
        super().__init__(f"<code>{type(error).__name__}: {html.escape(short(error, str))}</code>{where}.")


def run(function, data):
    """What the function returns for data of its own, or the Failure that it ends in."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*copy.deepcopy(data))
    except Exception as error:  # whatever it is, the reader is told
        return Failure(error, function)


def is_stub(got):
    parts = got if isinstance(got, (tuple, list)) else [got]
    return any(part is None or part is Ellipsis for part in parts)


def numbers(value):
    """A float array, or None."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except Exception:  # ragged lists, or an object of the reader's own with a mind of its own
        return None


def shape(array):
    """A shape in words."""
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def digits(value):
    return f"{value:.4g}" if np.isfinite(value) else str(value)


def kind(value):
    return html.escape(type(value).__name__)


def short(value, form=repr):
    """The first 200 characters of how a value is written."""
    try:
        text = form(value)
    except Exception:  # a __repr__ of the reader's own
        return type(value).__name__
    return text if len(text) <= 200 else f"{text[:200]}…"


def plain(text):
    """HTML as plain text."""
    return html.unescape(re.sub("<[^>]*>", "", text.replace("<br>", "\n")))
