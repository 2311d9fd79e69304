"""How long from the key to the pixels in an exported page, beside a bare slider with a number: the floor of the browser.

python -m tests.benchmarks.film [NOTEBOOK ...]      exports the notebooks (default: polynomial regression) first
"""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from ddlib.export.__main__ import export
from tests.jupyter_page import chromium, find_chromium

BARE = """data:text/html,<div class=film><input type=range max=60 value=15 oninput="this.nextSibling.value = this.value"
><output>15</output></div>"""
PRESSES = 60

# from the trusted key event to the end of the frame in which its consequence is painted; one clock, the page's
CLOCK = """film => {
    const shown = () => film.querySelector('output').value + (film.querySelector('.moving')?.src ?? '');
    window.times = [];
    film.addEventListener('keydown', event => {
        const before = shown();
        const look = async () => {
            if (shown() === before) return requestAnimationFrame(look);
            await film.querySelector('.moving')?.decode().catch(() => {}); // overtaken by a newer one
            requestAnimationFrame(() => {
                const after = new MessageChannel();
                after.port1.onmessage = () => times.push(performance.now() - event.timeStamp);
                after.port2.postMessage(null);
            });
        };
        look();
    }, true);
}"""


def milliseconds(page, film):
    film.evaluate(CLOCK)
    film.query_selector("input").focus()
    for press in range(PRESSES):
        page.keyboard.press("ArrowRight" if press % 20 < 10 else "ArrowLeft")
        page.wait_for_timeout(80)
    return page.evaluate("times")


def main(paths):
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "notebooks"
        source.mkdir()
        for path in paths:
            shutil.copy(path, source)
        *pages, _ = export(source, Path(folder) / "pages")
        with chromium(playwright, find_chromium(playwright)) as browser:
            page = browser.new_page()
            page.goto(BARE)
            floor = statistics.median(milliseconds(page, page.query_selector(".film")))
            print(f"a bare slider: median {floor:.1f} ms")
            for address in pages:
                page.goto(address.as_uri())
                for place, film in enumerate(page.query_selector_all(".film"), start=1):
                    times = sorted(milliseconds(page, film))
                    print(
                        f"{address.stem}, film {place}: median {statistics.median(times):.1f} ms, "
                        f"95 % below {times[int(0.95 * len(times)) - 1]:.1f} ms, "
                        f"{statistics.median(times) / floor:.2f} times the bare slider"
                    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("notebooks", metavar="NOTEBOOK", nargs="*", type=Path)
    main(
        options.parse_args().notebooks or [Path(__file__).resolve().parents[2] / "notebooks" / "03-polynomial-regression.ipynb"]
    )
