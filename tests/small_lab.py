"""A lab of one line for the tests of the mechanism, and the pauses in which any lab draws."""

import asyncio
import functools

from ddlib import figures
from ddlib.labs import screen
from ddlib.labs.controls import real_slider, whole_slider
from ddlib.labs.live import Lab

__all__ = ["small_lab", "in_a_loop", "no_waiting", "pause"]


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


def in_a_loop(test):
    """An async test as pytest can run it: in a loop, as in a kernel."""
    @functools.wraps(test)
    def run(*args, **kwargs):
        asyncio.run(test(*args, **kwargs))
    return run


def no_waiting(monkeypatch):
    """Make a lab's pauses end at once."""
    monkeypatch.setattr(screen, "SECONDS_OF_PAUSE", 0)
    monkeypatch.setattr(screen, "SECONDS_BETWEEN", 0)


async def pause():
    """Long enough for a lab to draw its crisp picture, and then the next ones."""
    for _ in range(12):
        await asyncio.sleep(0)
