"""Read the tables in data/, and a reader's own."""

import csv
import gzip
import io
import math
import os
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ddlib import checks

__all__ = ["Table", "read_table"]

_HERE = Path(__file__).resolve().parent.parent
# installed, the tables lie inside the package; in a checkout beside it
DATA = _HERE / "data" if (_HERE / "data").is_dir() else _HERE.parent / "data"

# name: file, and the columns to read (None: all); the last one is the target
_TABLES = {
    "digits": ("digits.csv.gz", None),
    "imagenet_models": ("imagenet_models.csv", ("P", "N", "K", "top1_error")),
    "california": ("california.csv.gz", None),
    "diabetes": ("diabetes.csv.gz", None),
    "network_width_sweep": ("network_width_sweep.csv", None),
    "network_training_sweep": ("network_training_sweep.csv", None),
}
_LARGEST_FILE = 10**8  # bytes of text
_MISSING = ("", "na", "n/a", "nan", "null", "none", "?")


class Table(NamedTuple):
    """A table of numbers: features X (N, D), target y (N,), and the names of the D columns of X."""

    X: np.ndarray
    y: np.ndarray
    names: tuple


def read_table(name_or_path, target=None, missing="error", leave_out=()):
    """A table of the course by its name, or your own numeric CSV by its path.

    A file ends in .csv or .csv.gz, is UTF-8, separates its cells by commas, and starts with a row
    of column names; every other cell is a number. It has at most 100 MB, unpacked. Units are the file's
    own (see data/README.md).

    Parameters
    ----------
    name_or_path : str or Path   the name of a table of data/README.md, such as "digits", or a file
    target : str                 the column that becomes y; by default the last one
    missing : str                "error", or "drop" to leave out every row with a missing value in a column
                                 that is read
    leave_out : sequence of str  columns that are not read, such as names or dates

    Returns
    -------
    Table                        X (N, D), y (N,), names of the D columns

    Raises
    ------
    FileNotFoundError            if there is neither a table nor a file of this name
    ValueError                   if the file is no such table (the message names the line), or has no
                                 column called target or as in leave_out, or nothing is left to read

    >>> X, y, names = read_table("digits")
    >>> X.shape, y.shape, names[0]
    ((1797, 64), (1797,), 'pixel_0_0')
    """
    if not isinstance(name_or_path, (str, Path)):
        raise ValueError(f"name_or_path must be the name of a table or a path, got {checks.shown(name_or_path)}")
    if not isinstance(missing, str) or missing not in ("error", "drop"):
        raise ValueError(f'missing must be "error" or "drop", got {checks.shown(missing)}')
    file, columns = _TABLES.get(name_or_path, (None, None))
    path = DATA / file if file else Path(name_or_path)
    header, *rows = csv_rows(path)
    names = _names(path, *header)
    columns = _without(path, columns or names, leave_out)
    if not rows:
        raise ValueError(f"{_cell(path)} must have rows of numbers below its header, got none")
    target = columns[-1] if target is None else target
    if not isinstance(target, str) or target.strip() not in columns:
        raise ValueError(f"target must be one of the columns {_listed(columns)}; got {checks.shown(target)}")
    place = {name: j for j, name in enumerate(names)}
    which = [place[name] for name in columns]
    numbers = []
    for line, cells in rows:
        if len(cells) != len(names):
            raise ValueError(f"{_cell(path, line)} must have {len(names)} cells like the header, got {len(cells)}")
        if missing == "error" or not any(_is_missing(cells[j]) for j in which):
            numbers.append([_number(cells[j], path, line, names[j]) for j in which])
    if not numbers:
        raise ValueError(f"{_cell(path)} must have a row without missing values, got none among {len(rows)}")
    numbers, at = np.array(numbers), columns.index(target.strip())
    return Table(np.delete(numbers, at, axis=1), numbers[:, at].copy(), tuple(columns[:at]) + tuple(columns[at + 1 :]))


def _listed(columns):
    return ", ".join(columns[:20]) + ", ..." * (len(columns) > 20)


def _without(path, columns, leave_out):
    """The columns that are read, at least two of them."""
    leave_out = [leave_out] if isinstance(leave_out, str) else leave_out
    if not isinstance(leave_out, (list, tuple, set, frozenset)):
        raise ValueError(f"leave_out must be a sequence of column names, got {checks.shown(leave_out)}")
    for name in leave_out:
        if not isinstance(name, str) or name.strip() not in columns:
            raise ValueError(f"leave_out must hold columns among {_listed(columns)}; got {checks.shown(name)}")
    left = [name for name in columns if name not in {name.strip() for name in leave_out}]
    if len(columns) < 2:
        raise ValueError(f"{_cell(path)} must have at least 2 columns, separated by commas, got only {columns[0]!r}")
    if len(left) < 2:
        raise ValueError(f"leave_out must leave at least 2 of the {len(columns)} columns, got {sorted(leave_out)}")
    return left


def _cell(path, line=None, column=None):
    """Where in the file, as a message begins."""
    where = f"name_or_path '{path}'"
    where += f", line {line}" if line else ""
    return where + (f", column {column!r}" if column else "")


def csv_rows(path):
    """(line number, cells) of every row of a file that is not blank; the header is the first."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if len(cells) > 1 or "".join(cells).strip()]
    except csv.Error as error:
        raise ValueError(f"{_cell(path, reader.line_num)} cannot be read as CSV: {error}") from None
    if not rows:
        raise ValueError(f"{_cell(path)} must have a header row and rows of numbers, got an empty file")
    return rows


def _text(path):
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        raise ValueError(f"name_or_path must be a path that can be written down, got {str(path)!r}") from None
    if "\0" in str(path):
        raise ValueError(f"name_or_path must have no zero bytes in it, got {str(path)!r}")
    try:
        # a folder, or a device that never ends, is not for reading
        raw = _bytes(path) if path.is_file() or not path.exists() else None
    except (FileNotFoundError, NotADirectoryError):
        known = "" if path.suffix else f"; tables known by name: {', '.join(_TABLES)}"
        raise FileNotFoundError(f"{_cell(path)} is no file that exists{known}") from None
    except OSError as error:
        raise ValueError(f"{_cell(path)} cannot be read: {error.strerror}") from None
    if raw is None:
        raise ValueError(f"{_cell(path)} must be a file, got a folder or a device")
    try:
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(_LARGEST_FILE + 1) if path.suffix == ".gz" else raw
        if len(unpacked) > _LARGEST_FILE:
            raise ValueError(f"{_cell(path)} must have at most 100 MB, got more")
        text = unpacked.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error):
        raise ValueError(f"{_cell(path)} must be a whole gzip file, got a damaged or different one") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{_cell(path)} must be UTF-8 text, got another encoding or no text: {error}") from None
    if "\0" in text:
        raise ValueError(f"{_cell(path)} must be UTF-8 text, got a file with zero bytes in it")
    return text


def _bytes(path):
    with path.open("rb") as file:
        return file.read(_LARGEST_FILE + 1)


def _names(path, line, header):
    names = [name.strip() for name in header]
    if all(_is_number(name) for name in names):
        raise ValueError(f"{_cell(path, line)} must be a header row of column names, got {', '.join(names[:5])!r}")
    seen = set()
    for number, name in enumerate(names, start=1):
        if not name:
            raise ValueError(f"{_cell(path, line)} must name every column, got an empty name for column {number}")
        if name in seen:
            raise ValueError(f"{_cell(path, line)} must have different column names, got {name!r} twice")
        seen.add(name)
    return names


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # Python reads 1_000 as a number, a table does not


def _is_missing(text):
    return text.strip().lower() in _MISSING


def _number(text, path, line, column):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and "_" not in text:
        return value
    if _is_missing(text):
        raise ValueError(
            f'{_cell(path, line, column)} must be a number, got a missing value: {text!r}; missing="drop" leaves such rows out'
        )
    if not _is_number(text):
        raise ValueError(
            f"{_cell(path, line, column)} must be a number, got the text {text[:40]!r}; leave_out=(...) reads without a column"
        )
    raise ValueError(f"{_cell(path, line, column)} must be finite, got {text!r}")
