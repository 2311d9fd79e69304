"""A lab of one line for the tests of the mechanism, and the pauses in which any lab draws."""

import asyncio
import functools
import time

from ddlib import figures
from ddlib.figures import turns
from ddlib.live import screen
from ddlib.live.controls import real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["small_lab", "run", "cancel_all", "in_a_loop", "no_waiting", "pause"]


def small_lab(fails=(), seen=None, **more):
    """A line from (0, a) to (10, b). The update fails at any a in fails, and notes each a in the list seen."""
    figure, ax = figures.subplots(size=(3, 2))
    ax.set(xlim=(0, 10), ylim=(0, 10))
    (line,) = ax.plot([], [])

    def update(a, b, **_):
        if seen is not None:
            seen.append(a)
        line.set_data([0, 10], [a, b])
        if a in fails:
            raise ArithmeticError(f"{a} < 9 & more")
        return f"a is {a}"

    controls = {"a": whole_slider("a", "left", 3, 0, 9), "b": real_slider("b", "right", 4, 0, 9, 0.5)}
    return Lab(figure, [line], controls, update, "A line.", **more)


def run(test, *args, **kwargs):
    """Run an async test in a loop, as in a kernel; what a lab does later is done in its pauses alone."""
    with turns.turn:
        try:
            asyncio.run(test(*args, **kwargs))
        finally:
            cancel_all()


def cancel_all():
    """Do nothing of what waits: a lab that outlives its test begins the next one at rest."""
    with turns.turn:
        for task in list(turns.waiting):
            task.cancel()


def in_a_loop(test):
    """An async test as pytest can run it."""
    return functools.wraps(test)(functools.partial(run, test))


def no_waiting(monkeypatch):
    """Make a lab's pauses end at once."""
    monkeypatch.setattr(screen, "SECONDS_OF_PAUSE", 0)
    monkeypatch.setattr(screen, "SECONDS_BETWEEN", 0)


async def pause(seconds=20):
    """Let labs draw the crisp picture, and then the next ones, until nothing is left to be done."""
    held, end = turns.turn._is_owned(), time.monotonic() + seconds
    if held:
        turns.turn.release()
    try:
        while turns.waiting:
            assert time.monotonic() < end, f"still waiting: {turns.waiting}"
            await asyncio.sleep(0.001)
    finally:
        if held:
            turns.turn.acquire()
