"""A long walk through all labs: the kernel's memory stays where it is, and no figure is left open.

Memory is the resident set of the process, which holds what tracemalloc cannot see: the pixels of Agg's canvases, and
what BLAS and the image encoder keep. It is measured after a first walk, in which the caches of the labs fill up (they
are bounded, but not by a megabyte), the allocator takes what it takes at most, and every code path is met once. A short
walk fills no cache of 64 pictures: there the same moves are made a second time. What the allocator holds free is given
back first, where it can be. As in a notebook a loop runs, and in some pauses the labs draw ahead.
"""

import asyncio
import ctypes
import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

MOVES = int(os.environ.get("WALK_MOVES") or (2000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 200))
STATUS = Path("/proc/self/status")


def resident_megabytes():
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
    if trim:
        trim(0)
    (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


async def walk(moves, labs, rng):
    """One control of one lab after the other, to a value at random; now and then a preset, a new seed or a new lab."""
    from small_lab import pause
    from test_labs import anywhere, buttons, make

    for _ in range(moves):
        name = sorted(labs)[rng.integers(len(labs))]
        kind = rng.integers(30)
        if kind == 0:  # its cell is run again
            labs[name].close()
            labs[name] = make(name)
        elif kind < 4:
            shown = buttons(labs[name].box)
            shown[sorted(shown)[rng.integers(len(shown))]].click()
        else:
            controls = list(labs[name].controls.values())
            control = controls[rng.integers(len(controls))]
            control.value = anywhere(control, rng)
        if kind % 4 == 0:
            await pause()
        assert labs[name].error is None, (name, labs[name].error)


def figures_alive():
    from matplotlib.figure import Figure

    gc.collect()
    return sum(isinstance(thing, Figure) for thing in gc.get_objects())


async def main():
    import numpy as np
    from matplotlib import pyplot
    from test_labs import NAMES, make

    from ddlib import figures
    from ddlib.live import screen

    screen.SECONDS_OF_PAUSE = screen.SECONDS_BETWEEN = 0
    figures.use_style()
    labs = {name: make(name) for name in NAMES}
    await walk(MOVES, labs, np.random.default_rng(0))
    alive, before = figures_alive(), resident_megabytes()
    await walk(MOVES, labs, np.random.default_rng(1 if MOVES >= 2000 else 0))
    grown = resident_megabytes() - before
    print(
        f"{MOVES} moves over {len(labs)} labs: {before:.0f} MB, grown by {grown:.1f} MB; {figures_alive() - alive} more figures"
    )
    assert pyplot.get_fignums() == []
    assert figures_alive() <= alive
    assert grown < 20


@pytest.mark.skipif(not STATUS.exists(), reason="reads the memory from Linux's /proc")
def test_a_walk_leaves_nothing_behind():
    """In a process of its own: what other tests leave behind is not counted."""
    environment = {
        **os.environ,
        "WALK_MOVES": str(MOVES),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    done = subprocess.run([sys.executable, __file__], env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    asyncio.run(main())
