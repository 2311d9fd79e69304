"""How fast the front page is: a change of N in its worker, and frames a second in a drag of P and of sigma.

python -m tests.benchmarks.front_page      beside a page that draws nothing, and polynomial_curve in Python
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from ddlib.curves import polynomial_curve
from ddlib.curves.polynomial import _fit_all
from ddlib.export.front import front_page
from tests.jupyter_page import chromium, find_chromium

# ms from the question to the answer, in a worker of its own, a new seed each time; the first warms it up
WORKER = """async ([N, seeds]) => {
    const background = new ddlab.Background(1), times = [];
    for (let seed = 0; seed <= seeds; seed++) {
        const start = performance.now();
        await new Promise(done => background.ask('polynomialFits', [N, 1000 + seed], done));
        times.push(performance.now() - start);
    }
    return times.slice(1);
}"""

# A drag: one step of the slider in every frame; the times between frames. name null: nothing moves, the browser's own.
DRAG = """([name, seconds]) => new Promise(done => {
    const label = [...document.querySelectorAll('[data-panel=polynomial] .slider label')]
        .find(label => label.querySelector('b').textContent === name);
    const frames = [], start = performance.now();
    const step = now => {
        frames.push(now);
        if (now - start > 1000 * seconds) return done(frames.slice(1).map((at, k) => at - frames[k]));
        if (label) {
            const slider = label.control, low = +slider.min, span = slider.max - low, place = frames.length / 100 % 2;
            slider.value = low + span * (place < 1 ? place : 2 - place);
            slider.dispatchEvent(new Event('input', {bubbles: true}));
        }
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
})"""


def in_python(N):
    times = []
    for seed in range(1000, 1008):
        _fit_all.cache_clear()
        start = time.perf_counter()
        polynomial_curve(N, np.arange(1, 201), seed=seed)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_text(front_page([]), encoding="utf-8")
        with chromium(playwright, find_chromium(playwright)) as browser:
            for name, width, height, density in (("1280 x 800", 1280, 800, 1), ("390 x 844, density 3", 390, 844, 3)):
                page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=density)
                page.goto(path.as_uri())
                page.locator("[data-panel=polynomial] .plots").scroll_into_view_if_needed()
                page.wait_for_function(
                    "() => document.querySelector('[data-panel=polynomial] .readout').textContent.length > 20"
                )
                page.wait_for_timeout(1000)
                idle = page.evaluate(DRAG, [None, 3])
                print(f"{name}: nothing moves, {1000 / statistics.mean(idle):.1f} frames a second")
                for slider in ("P", "sigma"):
                    frames = sorted(page.evaluate(DRAG, [slider, 4]))
                    print(
                        f"  a drag of {slider}: {1000 / statistics.mean(frames):.1f} frames a second, "
                        f"95 % within {frames[int(0.95 * len(frames))]:.1f} ms, ratio to nothing "
                        f"{statistics.mean(frames) / statistics.mean(idle):.2f}"
                    )
                if density == 1:
                    for N in (5, 15, 25, 40):
                        here, python = statistics.median(page.evaluate(WORKER, [N, 8])), in_python(N)
                        print(
                            f"  another N = {N} in the worker: {here:.0f} ms; polynomial_curve {python:.0f} ms; "
                            f"ratio {here / python:.1f}"
                        )
                page.close()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    main()
