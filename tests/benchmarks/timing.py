"""What the benchmarks of the curves share: all sides in turns, medians of their times, and the machine."""

import platform
import sys
import time

import numpy as np
from threadpoolctl import threadpool_info

__all__ = ["print_ratios", "print_machine", "SMALL"]

SMALL = "--small" in sys.argv[1:]  # the smallest size, once: whether the benchmark runs at all
REPEATS = 1 if SMALL else 7


def seconds(call, times):
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def print_ratios(title, sides):
    """How many times faster than the first side each of the others is.

    sides: name -> (what is timed, how often in a row, what is done before and not timed or None).
    """
    for call, _, _ in sides.values():
        call()  # once to warm up
    times = {name: [] for name in sides}
    for _ in range(REPEATS):
        for name, (call, in_a_row, before) in sides.items():
            if before:
                before()
            times[name].append(seconds(call, in_a_row))
    (first, reference), *others = [(name, np.median(taken)) for name, taken in times.items()]
    print(f"{title}; {first} {1e3 * reference:.1f} ms")
    for name, median in others:
        print(f"  {name:22}{1e3 * median:9.3f} ms {reference / median:9.1f} times faster")


def print_machine():
    libraries = ", ".join(
        f"{one['internal_api']} {one['version']}, {one['num_threads']} thread"
        for one in threadpool_info()
        if one["user_api"] == "blas"
    )
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {libraries}, {platform.machine()}")
