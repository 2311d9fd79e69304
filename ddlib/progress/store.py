"""A reader's answers in a small JSON file: read when asked for, merged when written, never lost."""

import asyncio
import atexit
import html
import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ddlib.progress.lock import locked

__all__ = ["Answers", "given"]

VARIABLE = "DDLIB_PROGRESS"  # another file or folder for the answers, or "off": then they end with the kernel
FILE = "my-progress.json"  # visible, since on Binder it has to be downloaded to be kept
ABOUT = "Answers given in the double descent notebooks. To begin anew, run progress.reset() in a notebook."
SECONDS_OF_PAUSE = 0.3  # a dragged handle changes an answer sixty times a second


class Answers(Mapping):
    """Answers by the name of their question; each is a dict of what JSON can hold.

    Several kernels may share one file: each writes only the answers that it was given, over what the file
    holds at that moment. Whatever goes wrong with the file, the answers are kept in memory and `notice` says so.

    Parameters
    ----------
    path : path or None      the file; None keeps the answers in memory alone

    Raises
    ------
    ValueError               on setting an answer that JSON cannot hold

    >>> answers = Answers(None)
    >>> answers["01-count"] = {"choice": "Large on both"}
    >>> answers["01-count"]["choice"]
    'Large on both'
    """

    def __init__(self, path):
        self.path = None if path is None else Path(path).expanduser().absolute()
        self._read, self._mine = {}, {}  # what the file held; what it does not hold yet
        self._stamp = self._pause = None
        self._damaged = self._unsaved = self._unread = ""
        self._turn = threading.RLock()  # a kernel answers messages in more than one thread
        if self.path:
            atexit.register(self.save)

    def __getitem__(self, name):
        self._look()
        return self._mine[name] if name in self._mine else self._read[name]

    def __iter__(self):
        self._look()
        return iter({**self._read, **self._mine})

    def __len__(self):
        self._look()
        return len({**self._read, **self._mine})

    def __setitem__(self, name, answer):
        try:
            kept = json.loads(json.dumps(answer, allow_nan=False))
        except TypeError:
            raise ValueError(f"answer must be something that JSON can hold, got {answer!r}") from None
        with self._turn:
            self._mine[name] = kept
            self._save_soon()

    def clear(self):
        """Forget all answers in memory; the file stays as it is."""
        self._read, self._mine = {}, {}

    @property
    def notice(self):
        """A word to the reader, in HTML, where the file could not be read or written; else empty."""
        words = [html.escape(word) for word in (self._damaged, self._unread, self._unsaved) if word]
        return "".join(f"<br><small>Note: {word}</small>" for word in words)

    def save(self):
        """Write now what is not in the file yet."""
        with self._turn:
            self._save()

    def _save(self):
        if self._pause:
            self._pause.cancel()
            self._pause = None
        if self.path is None or not self._mine:
            return
        try:
            with locked(self.path):
                answers = {**self._load(), **self._mine}
                write(self.path, answers)
                self._stamp = stamp(self.path)
        except OSError as error:
            self._unsaved = (
                f"this answer lasts only until the notebook is closed, since {self.path.name} cannot be "
                f"written in {self.path.parent} ({error.strerror or error})."
            )
        else:
            self._read, self._mine, self._unsaved = answers, {}, ""

    def set_aside(self, why):
        """Give the file another name, which it returns; None if there is no file. Raises OSError."""
        if self.path is None or not self.path.exists():
            return None
        name = f"{self.path.stem}.{why}-{time.strftime('%Y-%m-%d-%H%M%S')}"
        other, count = self.path.with_name(f"{name}{self.path.suffix}"), 1
        while other.exists():
            other, count = self.path.with_name(f"{name}-{count}{self.path.suffix}"), count + 1
        os.replace(self.path, other)
        return other

    def _save_soon(self):
        try:
            asyncio.get_running_loop()
            if self.path and not self._pause:
                self._pause = threading.Timer(SECONDS_OF_PAUSE, self.save)
                self._pause.daemon = True
                self._pause.start()
        except RuntimeError:  # this is not a notebook; or one in a browser, which has no threads
            self._pause = None
            self.save()

    def _look(self):
        """Read the file if another kernel, or a hand, has changed it."""
        if self.path is None:
            return
        with self._turn:
            self._read_anew()

    def _read_anew(self):
        try:
            now = stamp(self.path)
            if now != self._stamp:
                self._read, self._stamp, self._unread = self._load(), now, ""
        except OSError as error:
            self._unread = f"{self.path} cannot be read ({error.strerror or error})."

    def _load(self):
        """The answers in the file; one that is damaged is set aside under a new name."""
        try:
            answers = json.loads(self.path.read_text(encoding="utf-8"))["answers"]
            if not all(isinstance(answer, dict) for answer in answers.values()):
                raise ValueError("an answer that is no dict")
            return answers
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            other = self.set_aside("damaged")
            if other:
                self._damaged = f"{self.path.name} was damaged. It is kept as {other.name}, and a new one was begun."
            return {}


def stamp(path):
    """What changes when the file does; None without a file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def write(path, answers):
    """Write all of the file or nothing: whoever reads it, and whenever this is killed, the file is whole."""
    text = json.dumps({"about": ABOUT, "answers": answers}, ensure_ascii=False, indent=1)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    # half of a surrogate pair has no UTF-8, but its backslash escape is the one of JSON
    with new.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    for left in path.parent.glob(f".{path.name}.*.new"):  # of a kernel that was killed here
        left.unlink(missing_ok=True)


def place():
    """Where the answers live: beside the notebook that is running, unless the environment says otherwise."""
    asked = os.environ.get(VARIABLE, "").strip()
    if asked.lower() == "off":
        return None
    path = Path(asked or FILE).expanduser()
    return path / FILE if os.path.isdir(path) else path  # the method raises where a folder is closed


given = Answers(place())
