"""The figures of latency.py from what the page recorded; times in milliseconds on the page's clock."""

import statistics
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["Drag", "median", "p95", "path"]


@dataclass(frozen=True)
class Drag:
    """How a picture followed a drag."""

    events: float  # inputs a second
    frames: float  # new pictures a second while inputs came
    age: float  # ms since the value shown was set: mean over the page's animation frames
    lag: float | None  # ms from the last input to the picture of its value; None if that never came

    @classmethod
    def of(cls, inputs, frames, ticks, last):
        """The figures of one drag.

        inputs: when each value was set; frames: [(when, number of the input shown)]; ticks: animation frames;
        last: number of the last input that changed the value.
        """
        frames = [(time, shown) for time, shown in frames if shown is not None]
        seconds = (inputs[-1] - inputs[0]) / 1000
        times = [time for time, _ in frames]
        ages = []
        for tick in ticks:
            latest = bisect_right(times, tick) - 1
            if latest >= 0 and tick <= inputs[-1]:
                ages.append(tick - inputs[frames[latest][1]])
        final = next((time for time, shown in frames if shown == last), None)
        return cls(
            events=(len(inputs) - 1) / seconds,
            frames=sum(time <= inputs[-1] for time in times) / seconds,
            age=statistics.mean(ages) if ages else float("nan"),
            lag=None if final is None else final - inputs[last],
        )


def median(times):
    return statistics.median(times) if times else float("nan")


def p95(times):
    """The time that at most one in twenty exceeds."""
    return sorted(times)[-(-95 * len(times) // 100) - 1] if times else float("nan")


def path(start, steps, length, events):
    """Where a handle is dragged to, in pixels from one end: at least a step an event, turning at the ends.

    start: where it is; steps: how many the slider has over its length in pixels.
    """
    stride = max(length / steps, 1.0)
    places, place, direction = [], start, 1
    for _ in range(events):
        if not 0 <= place + direction * stride <= length + 1e-6:
            direction = -direction
        place += direction * stride
        places.append(place)
    return places
