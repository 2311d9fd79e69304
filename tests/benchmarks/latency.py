"""From a control to the changed picture, beside the peers: python -m tests.benchmarks.latency

Real JupyterLab in headless Chromium. On one page stand an empty kernel round trip (a slider that sets a label), the
picture of polynomial_lab by ipywidgets' interact and by mpl-interactions, and each lab. They are measured in turns, on
the page's own clock: isolated changes, from the key press on the slider's handle (or the click on a toggle) to the
animation frame after the new picture is there; then a drag of three seconds with the mouse. The peers draw each
picture crisp, a lab first draws a quick one, and in each pause those that one more step would show. So steps (arrow
keys) are told from jumps (Page Up: five steps at once; where a slider has few places, a jump too may lead to a picture
that is remembered). Prints medians and their ratios; age is how old the value is that the picture shows, final how
long the picture of the last value takes. Nothing passes or fails here.

It needs tests/benchmarks/requirements.txt and a minute for each control; --changes 20 makes that half.
"""

import argparse
import os
import platform
import random
import tempfile
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from ddlib.live.screen import SECONDS_OF_PAUSE
from tests.benchmarks.drags import Drag, median, p95, path
from tests.benchmarks.peers import SETUP, lab_cases, peers
from tests.jupyter_page import NotebookPage, chromium, find_chromium, jupyterlab

ROUNDS = 5
SECONDS_OF_REST = SECONDS_OF_PAUSE + 0.05
KEYS = {"step": ("ArrowRight", "ArrowLeft"), "jump": ("PageUp", "PageDown")}
TOGGLES = ".widget-toggle-buttons, .widget-inline-vbox > .widget-toggle-button, .widget-hbox > .widget-toggle-button"
EVENTS_A_SECOND = 60
SECONDS_OF_DRAG = 3
SECONDS_OF_FRAME = 1 / 60
# the labs draw anew what they had drawn
FORGET = """jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code:
    'from ddlib.live.lab import shown\\nfor lab in shown.values(): lab._screen.forget()'}).done.then(() => 1)"""
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
        self.times = {how: {case: [] for case in cases} for how in KEYS}
        self.chance = random.Random(0)
        self.lost, self.drags, self.wrong, self.forth = dict.fromkeys(cases, 0), {}, {}, dict.fromkeys(cases, True)

    def node(self, case, selector):
        """The part of the case's cell that is moved; the page now watches the cell."""
        cell = self.book.cell(self.places[case.source])
        cell.wait_for_selector(selector)
        self.page.evaluate("node => bench.watch(node)", cell)
        node = cell.query_selector_all(selector)[case.place]
        node.scroll_into_view_if_needed()
        self.rest()
        return node

    def handle(self, case):
        return self.node(case, ".noUi-handle")

    def rest(self):
        """Until the page has had nothing to do for longer than a lab waits before it sends its crisp picture."""
        while (still := self.page.evaluate("bench.still()") / 1000) < SECONDS_OF_REST:
            time.sleep(SECONDS_OF_REST - still + 0.005)  # the page is left in peace meanwhile
        # a hand meets the screen at any moment between two of its frames, not always at the same
        time.sleep(self.chance.uniform(0, SECONDS_OF_FRAME))

    def press(self, case, handle, how="step"):
        """One step or jump of the slider; back and forth between its ends."""
        low, here, high = (float(handle.get_attribute(f"aria-value{which}")) for which in ("min", "now", "max"))
        if here in (low, high):
            self.forth[case] = here == low
        self.page.evaluate("bench.clear()")
        self.page.keyboard.press(KEYS[how][not self.forth[case]])

    def click(self, toggle):
        """A click on the toggle, or on the first or second of several: the one that is not pressed."""
        button = toggle.query_selector("button:not(.mod-active)") or toggle
        box = button.bounding_box()
        self.page.evaluate("bench.clear()")
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def isolated(self, case, changes, how="step"):
        if case.kind == "toggle":
            toggle = self.node(case, TOGGLES)
            change = partial(self.click, toggle)
        else:
            handle = self.handle(case)
            handle.focus()
            change = partial(self.press, case, handle, how)
        for count in range(-1, changes):  # the first only finds the focus
            change()
            taken = self.page.evaluate("bench.latency(5)")
            if count >= 0 and taken is None:
                self.lost[case] += 1
            elif count >= 0:
                self.times[how][case].append(taken)
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
        self.page.evaluate(FORGET)
        handle.focus()
        for _ in range(2):  # a step away, and back
            self.press(case, handle)
            self.page.evaluate("bench.latency(5)")
            self.rest()
            self.forth[case] = not self.forth[case]
        return self.page.evaluate("bench.same()")

    def run(self, changes):
        sliders = [case for case in self.cases if case.kind != "toggle"]
        for _ in range(ROUNDS):  # in turns, so that a drift of the machine meets all of them
            for case in self.cases:
                times = 4 if case == self.cases[0] else 1  # all the others are told as multiples of the empty one
                self.isolated(case, times * -(-changes // ROUNDS))
            for case in sliders:
                self.isolated(case, -(-changes // (2 * ROUNDS)), "jump")
        for case in sliders:
            self.drag(case)


def report(bench):
    step, jump = ({case: median(times) for case, times in each.items()} for each in bench.times.values())
    empty, *others = [case for case in bench.cases if case.kind == "peer"]
    print(
        f"\n{'':32}{'steps, ms':>20}{'times':>9}{'times faster than':>24}{'jumps:':>10}{'times':>7}{'drag: a second':>19}"
        f"{'drag: ms':>15}\n{'':32}{'median':>10}{'p95':>10}{'(a)':>9}{'(b)':>8}{'(b*)':>8}{'(c)':>8}{'ms':>10}{'(a)':>7}"
        f"{'events':>11}{'frames':>8}{'age':>7}{'final':>8}"
    )
    for case in bench.cases:
        print(
            f"{case.name:32}{step[case]:10.1f}{p95(bench.times['step'][case]):10.1f}{step[case] / step[empty]:9.2f}"
            + "".join(f"{step[other] / step[case]:8.1f}" for other in others),
            end="",
        )
        if drag := bench.drags.get(case):
            final = "never" if drag.lag is None else f"{drag.lag:.0f}"
            print(
                f"{jump[case]:10.1f}{jump[case] / jump[empty]:7.2f}{drag.events:11.0f}{drag.frames:8.0f}{drag.age:7.0f}"
                f"{final:>8}",
                end="",
            )
        print(
            f"  {bench.lost[case]} changes without a picture" * bool(bench.lost[case])
            + "  WRONG FINAL PICTURE" * bench.wrong.get(case, False)
        )
    print()
    for kinds, limits in ((("cheap", "toggle"), (1.2, 9, None, 3.5)), (("recompute",), (2.5, None, None, None))):
        cases = [case for case in bench.cases if case.kind in kinds]
        measures = [
            ("times (a), at most", [step[case] / step[empty] for case in cases], 1),
            *(
                (f"times faster than ({letter}), at least", [step[other] / step[case] for case in cases], -1)
                for letter, other in zip(("b", "b*", "c"), others)
            ),
        ]
        for (words, ratios, sign), limit in zip(measures, limits):
            if limit and cases:
                miss = [case.name for case, ratio in zip(cases, ratios) if sign * ratio > sign * limit]
                worst = max(ratios, key=lambda ratio: sign * ratio)
                print(
                    f"{' and '.join(kinds)}, steps: {words} {limit}: median {median(ratios):.2f}, worst {worst:.2f}; "
                    f"missed by {len(miss)} of {len(cases)} {'(' + '; '.join(miss) + ')' if miss else ''}"
                )
        ratios = [jump[case] / jump[empty] for case in cases if case in bench.drags]
        print(f"{' and '.join(kinds)}, jumps: times (a): median {median(ratios):.2f}, worst {max(ratios, default=0):.2f}")
    print(f"wrong final pictures: {sum(bench.wrong.values())} of {len(bench.drags)} drags")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=50, help="steps of each control, and half as many jumps")
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
            print(
                f"Python {platform.python_version()}, Chromium {browser.version}, "
                + ", ".join(f"{tool} {version(tool)}" for tool in TOOLS)
                + f"; {os.cpu_count()} processors, {platform.machine()}; {options.changes} changes each"
            )
    report(bench)


if __name__ == "__main__":
    main()
