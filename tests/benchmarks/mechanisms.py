"""What each mechanism of the live picture brings: python -m tests.benchmarks.mechanisms

polynomial_lab in JupyterLab, as it is and with one mechanism taken away at a time, measured in turns on one page by
the clock of latency.py: steps and jumps of P, in milliseconds at the median, and a drag. The server extension is taken
away by a second server, beside which the lab as it is is measured again. Nothing passes or fails here.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks import latency
from tests.benchmarks.drags import median
from tests.benchmarks.peers import EMPTY, Case
from tests.jupyter_page import NotebookPage, chromium, find_chromium, jupyterlab

SETUP = """import ipywidgets as widgets
from ddlib import figures, labs
from ddlib.live import picture
figures.use_style()

class Plain(picture._Canvas):
    "Draws the whole figure each time."
    def draw(self):
        self._state = None
        super().draw()

def without(change):
    lab = labs.polynomial_lab()
    change(lab, lab._screen._picture)
    return lab

def whole_figure(lab, picture):
    for canvas in picture._canvases:
        canvas.__class__ = Plain

def crisp_at_once(lab, picture):
    picture.quick_frame = picture.frame

def png_at_once(lab, picture):
    picture.quick_frame = lambda: picture._encoded(picture.quick, "png")

def nothing_ahead(lab, picture):
    lab._steps = lambda values: []"""
VARIANTS = {
    "as it is": "labs.polynomial_lab()",
    "the whole figure drawn each time": "without(whole_figure)",
    "crisp at once, no quick picture": "without(crisp_at_once)",
    "quick picture as PNG, not JPEG": "without(png_at_once)",
    "nothing drawn ahead": "without(nothing_ahead)",
}


def measure(playwright, variants, changes, options=()):
    cases = [Case("(a) empty round trip", EMPTY, steps=100)]
    cases += [Case(name, source, place=1, kind="cheap") for name, source in variants.items()]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        folder = Path(folder)
        (folder / "books").mkdir()
        latency.SETUP = SETUP
        places = latency.notebook(folder / "books" / "mechanisms.ipynb", cases)
        address = stack.enter_context(jupyterlab(folder / "books", folder, options=options))
        browser = stack.enter_context(chromium(playwright, find_chromium(playwright)))
        context = browser.new_context(viewport={"width": 1280, "height": 1100}, device_scale_factor=2)
        context.add_init_script(path=Path(latency.__file__).with_suffix(".js"))
        book = NotebookPage(context, address("mechanisms.ipynb"))
        book.run_all()
        failed = [output for cell in book.cells() for output in cell["outputs"] if output["output_type"] == "error"]
        assert not failed, failed
        bench = latency.Bench(book, cases, places)
        bench.run(changes)
        for case in cases:
            print(f"{case.name:46}{median(bench.times['step'][case]):8.1f}", end="")
            if drag := bench.drags.get(case):
                print(f"{median(bench.times['jump'][case]):8.1f}{drag.frames:8.1f}{drag.age:8.0f}", end="")
            print(flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=50, help="steps of each variant, and half as many jumps")
    options = options.parse_args()
    with sync_playwright() as playwright:
        print(f"{'':46}{'step':>8}{'jump':>8}{'frames':>8}{'age':>8}\n{'':46}{'ms':>8}{'ms':>8}{'a s':>8}{'ms':>8}")
        measure(playwright, VARIANTS, options.changes)
        print("\nwithout the server extension")
        off = "--ServerApp.jpserver_extensions={'ddlib.server': False}"
        measure(playwright, {"as it is": VARIANTS["as it is"]}, options.changes, [off])


if __name__ == "__main__":
    main()
