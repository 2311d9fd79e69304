"""From a slider to the changed picture, beside the peers: python -m tests.benchmarks.latency

Real JupyterLab in headless Chromium. On one page stand an empty kernel round trip (a slider that sets a label), the
picture of polynomial_lab by ipywidgets' interact and by mpl-interactions, and each lab. They are measured in turns, on
the page's own clock: isolated changes, from the key press on the slider's handle to the animation frame after the
new picture is there; then a drag of three seconds with the mouse. The peers draw each picture crisp, a lab first draws
a quick one. Prints medians and their ratios; age is how old the value is that the picture shows, final how long the
picture of the last value takes. Nothing passes or fails here.

It needs tests/benchmarks/requirements.txt and half a minute for each slider; --changes 10 makes that 15 seconds.
"""

import argparse
import os
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from ddlib.labs.screen import SECONDS_OF_PAUSE
from tests.benchmarks.drags import Drag, median, p95, path
from tests.benchmarks.peers import SETUP, lab_cases, peers
from tests.browser import NotebookPage, chromium, find_chromium, jupyterlab

ROUNDS = 5
SECONDS_OF_REST = SECONDS_OF_PAUSE + 0.05
EVENTS_A_SECOND = 60
SECONDS_OF_DRAG = 3
TOOLS = ("jupyterlab", "ipykernel", "ipywidgets", "matplotlib", "numpy", "ipympl", "mpl-interactions", "playwright")


def notebook(path, cases):
    """One cell for each source; returns the place of each."""
    sources = [SETUP, *dict.fromkeys(case.source for case in cases)]
    cells = [nbformat.v4.new_code_cell(source, metadata={"jupyter": {"source_hidden": True}}) for source in sources]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, path)
    return {source: place for place, source in enumerate(sources)}


class Bench:
    """The cases on an open page, and what was measured of each."""

    def __init__(self, book, cases, places):
        self.book, self.page, self.cases, self.places = book, book.page, cases, places
        self.times, self.lost = {case: [] for case in cases}, dict.fromkeys(cases, 0)
        self.drags, self.wrong, self.key = {}, {}, dict.fromkeys(cases, "ArrowRight")

    def handle(self, case):
        """The handle of the case's slider; the page now watches its cell."""
        node = self.book.cell(self.places[case.source])
        node.wait_for_selector(".noUi-handle")
        self.page.evaluate("node => bench.watch(node)", node)
        handle = node.query_selector_all(".noUi-handle")[case.handle]
        handle.scroll_into_view_if_needed()
        self.rest()
        return handle

    def rest(self):
        """Until the page has had nothing to do for longer than a lab waits before it sends its crisp picture."""
        while (still := self.page.evaluate("bench.still()") / 1000) < SECONDS_OF_REST:
            time.sleep(SECONDS_OF_REST - still + 0.005)  # the page is left in peace meanwhile

    def press(self, case, handle):
        """One step of the slider; back and forth between its ends."""
        low, here, high = (float(handle.get_attribute(f"aria-value{which}")) for which in ("min", "now", "max"))
        if here in (low, high):
            self.key[case] = "ArrowRight" if here == low else "ArrowLeft"
        self.page.evaluate("bench.clear()")
        self.page.keyboard.press(self.key[case])

    def isolated(self, case, changes):
        handle = self.handle(case)
        handle.focus()
        for change in range(-1, changes):  # the first only finds the focus
            self.press(case, handle)
            taken = self.page.evaluate("bench.latency(5)")
            if change >= 0 and taken is None:
                self.lost[case] += 1
            elif change >= 0:
                self.times[case].append(taken)
            self.rest()

    def drag(self, case):
        handle = self.handle(case)
        track = handle.evaluate_handle("handle => handle.closest('.noUi-base')").as_element().bounding_box()
        knob = handle.bounding_box()
        x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
        upright = track["height"] > track["width"]
        length = max(track["width"], track["height"])
        start = track["y"] + length - y if upright else x - track["x"]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.rest()
        self.page.evaluate("bench.clear(); bench.drag(true)")
        places = path(start, case.steps, length, SECONDS_OF_DRAG * EVENTS_A_SECOND)
        begin, event = time.monotonic(), 0
        while event < len(places):
            place = places[event] - start
            self.page.mouse.move(*((x, y - place) if upright else (x + place, y)))
            # a page that is too busy to take an event in time gets fewer of them, as from a hand
            event = max(event + 1, int((time.monotonic() - begin) * EVENTS_A_SECOND))
            time.sleep(max(0, begin + event / EVENTS_A_SECOND - time.monotonic()))
        self.page.mouse.up()
        self.rest()
        recorded = self.page.evaluate("bench.drag(false); [bench.inputs, bench.frames, bench.ticks, bench.last]")
        self.drags[case] = Drag.of(*recorded)
        self.wrong[case] = not self.final_is_right(case, handle)

    def final_is_right(self, case, handle):
        """Whether the picture after a drag is the one that an isolated change to the same value gives."""
        self.page.evaluate("bench.keep()")
        handle.focus()
        for _ in range(2):  # a step away, and back
            self.press(case, handle)
            self.page.evaluate("bench.latency(5)")
            self.rest()
            self.key[case] = {"ArrowLeft": "ArrowRight", "ArrowRight": "ArrowLeft"}[self.key[case]]
        return self.page.evaluate("bench.same()")

    def run(self, changes):
        for _ in range(ROUNDS):  # in turns, so that a drift of the machine meets all of them
            for case in self.cases:
                self.isolated(case, -(-changes // ROUNDS))
        for case in self.cases:
            self.drag(case)


def report(bench):
    middle = {case: median(times) for case, times in bench.times.items()}
    empty, *others = [middle[case] for case in bench.cases if case.kind == "peer"]
    print(f"\n{'':32}{'isolated, ms':>21}{'times':>9}{'times faster than':>24}{'drag: a second':>18}{'drag: ms':>16}\n"
          f"{'':32}{'median':>11}{'p95':>10}{'(a)':>9}{'(b)':>8}{'(b*)':>8}{'(c)':>8}{'events':>10}{'frames':>8}"
          f"{'age':>8}{'final':>8}")
    for case in bench.cases:
        drag = bench.drags[case]
        faster = "".join(f"{other / middle[case]:8.1f}" for other in others)
        final = "never" if drag.lag is None else f"{drag.lag:.0f}"
        notes = (f"  {bench.lost[case]} key presses without a picture" * bool(bench.lost[case])
                 + "  WRONG FINAL PICTURE" * bench.wrong[case])
        print(f"{case.name:32}{middle[case]:11.1f}{p95(bench.times[case]):10.1f}{middle[case] / empty:9.2f}{faster}"
              f"{drag.events:10.0f}{drag.frames:8.0f}{drag.age:8.0f}{final:>8}{notes}")
    print()
    for kind, limits in (("cheap", (1.2, 9, None, 3.5)), ("recompute", (2.5, None, None, None))):
        cases = [case for case in bench.cases if case.kind == kind]
        measures = [("times (a), at most", [middle[case] / empty for case in cases], 1),
                    *((f"times faster than ({letter}), at least", [other / middle[case] for case in cases], -1)
                      for letter, other in zip(("b", "b*", "c"), others))]
        for (words, ratios, sign), limit in zip(measures, limits):
            if limit and cases:
                miss = [case.name for case, ratio in zip(cases, ratios) if sign * ratio > sign * limit]
                worst = max(ratios, key=lambda ratio: sign * ratio)
                print(f"{kind} sliders: {words} {limit}: median {median(ratios):.2f}, worst {worst:.2f}; "
                      f"missed by {len(miss)} of {len(cases)} {'(' + '; '.join(miss) + ')' if miss else ''}")
    print(f"wrong final pictures: {sum(bench.wrong.values())} of {len(bench.cases)} drags")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=50, help="isolated changes of each slider")
    options.add_argument("--labs", nargs="+", default=(), help="only these labs")
    options = options.parse_args()
    cases = peers() + lab_cases(options.labs)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        (folder / "books").mkdir()
        places = notebook(folder / "books" / "latency.ipynb", cases)
        executable = find_chromium(playwright)
        with jupyterlab(folder / "books", folder) as address, chromium(playwright, executable) as browser:
            context = browser.new_context(viewport={"width": 1280, "height": 1100}, device_scale_factor=2)
            context.add_init_script(path=Path(__file__).with_suffix(".js"))
            book = NotebookPage(context, address("latency.ipynb"))
            book.run_all()
            failed = [output for cell in book.cells() for output in cell["outputs"] if output["output_type"] == "error"]
            assert not failed, failed
            bench = Bench(book, cases, places)
            bench.run(options.changes)
            print(f"Python {platform.python_version()}, Chromium {browser.version}, "
                  + ", ".join(f"{tool} {version(tool)}" for tool in TOOLS)
                  + f"; {os.cpu_count()} processors, {platform.machine()}; {options.changes} changes each")
    report(bench)


if __name__ == "__main__":
    main()
