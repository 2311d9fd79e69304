"""From a key press on a slider to the changed picture: python -m tests.benchmarks.latency

Real JupyterLab in headless Chromium. An empty kernel round trip (a slider that sets a label) and the polynomial
lab's sliders stand on one page and are measured in turns, on the page's own clock: from the key press to the
animation frame after the new picture is there. Prints medians and their ratio to the empty round trip. Nothing
passes or fails here.
"""

import statistics
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from tests.browser import NotebookPage, chromium, find_chromium, jupyterlab

CHANGES = 30
CELLS = [
    "import ipywidgets as widgets\nfrom ddlib import figures, labs\nfigures.use_style()",
    'slider, label = widgets.IntSlider(0, 0, 100), widgets.Label("0")\n'
    'slider.observe(lambda change: setattr(label, "value", str(change.new)), "value")\n'
    "widgets.VBox([slider, label])",
    "labs.polynomial_lab()",
]
CLOCK = """(seen) => {  // resolves to the milliseconds from the next key press to the frame after the change
  const [kind, element] = seen.matches('img') ? ['load', seen] : ['text', seen];
  window.latency = new Promise(resolve => {
    let start;
    addEventListener('keydown', () => { start = performance.now(); }, {capture: true, once: true});
    const done = () => requestAnimationFrame(() => resolve(performance.now() - start));
    if (kind === 'load') element.addEventListener('load', done, {once: true});
    else {
      const watch = new MutationObserver(() => { watch.disconnect(); done(); });
      watch.observe(element, {childList: true, characterData: true, subtree: true});
    }
  });
}"""


def notebook(path):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, path)


def measure(page):
    label = page.locator(".widget-vbox > .widget-label").first
    picture = page.locator("img.widget-image")
    handles = page.locator(".noUi-handle")
    cases = {  # what is moved, and where the change is seen
        "empty round trip": (handles.nth(0), label),
        "polynomial lab, P": (handles.nth(2), picture),
        "polynomial lab, sigma": (handles.nth(3), picture),
        "polynomial lab, N": (handles.nth(1), picture),
    }
    times = {name: [] for name in cases}
    for handle, _ in cases.values():  # off the settings of a preset: entering or leaving one changes its button as well
        for _ in range(3):
            handle.press("ArrowRight")
            page.wait_for_timeout(300)
    for change in range(-5, CHANGES):
        for name, (handle, seen) in cases.items():
            seen.evaluate(CLOCK)
            handle.press("ArrowRight" if change % 2 else "ArrowLeft")
            taken = page.evaluate("latency")
            if change >= 0:  # the first few warm up
                times[name].append(taken)
            page.wait_for_timeout(450)  # isolated changes: the crisp frame has come, the kernel is idle
    return times


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        (folder / "books").mkdir()
        notebook(folder / "books" / "latency.ipynb")
        path = find_chromium(playwright)
        with jupyterlab(folder / "books", folder) as address, chromium(playwright, path) as browser:
            context = browser.new_context(viewport={"width": 1280, "height": 1100}, device_scale_factor=2)
            book = NotebookPage(context, address("latency.ipynb"))
            book.run_all()
            book.page.locator("img.widget-image").wait_for()
            book.page.wait_for_timeout(2000)
            times = measure(book.page)
    empty = statistics.median(times["empty round trip"])
    print(f"{'':24}{'median ms':>10}{'p95 ms':>10}{'ratio':>8}")
    for name, taken in times.items():
        middle, late = statistics.median(taken), sorted(taken)[int(0.95 * len(taken))]
        print(f"{name:24}{middle:10.1f}{late:10.1f}{middle / empty:8.2f}")


if __name__ == "__main__":
    main()
