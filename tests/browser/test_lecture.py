"""Lectures in headless Chromium, with no way out: slides, live labs, votes, keys, speaker notes, a kernel that dies."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import nbformat
import psutil
import pytest
from jupyter_page import stop

from ddlib import figures
from ddlib.lecture.__main__ import TALK, arguments_of_voila, environment

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SIZES = [(1024, 768), (1280, 720), (1920, 1080)]
SMALLEST_TYPE = 18  # px at 1280 x 720
SMALLEST_IN_PICTURES = 10.5 / 72 * 100  # px at 900: what course.mplstyle gives to ticks and legends

# What each slide shows, its lines all there.
WALK = r"""async () => {
    const found = [];
    for (const slide of Reveal.getSlides()) {
        const { h, v } = Reveal.getIndices(slide);
        Reveal.slide(h, v, 99);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        const seen = node => node.offsetParent && getComputedStyle(node).visibility != 'hidden' && !node.closest('.notes');
        const nodes = [...slide.querySelectorAll('*')].filter(seen);
        const boxes = nodes.filter(node => !node.closest('.noUi-target, svg, mjx-assistive-mml') && node.offsetHeight)
            .map(node => node.getBoundingClientRect());
        const texts = nodes.filter(node => !node.closest('mjx-container, .MathJax')
            && [...node.childNodes].some(child => child.nodeType == 3 && child.textContent.trim()) && node.offsetHeight);
        const pictures = [...slide.querySelectorAll('.widget-gridbox img, .jp-RenderedImage img')].filter(seen)
            .map(node => node.getBoundingClientRect());
        const words = slide.cloneNode(true);
        words.querySelectorAll('.notes, .jupyter-widgets, style, script, mjx-assistive-mml, .anchor-link').forEach(node => node.remove());
        const inner = slide.getBoundingClientRect();
        found.push({
            title: slide.querySelector('h1, h2, h3')?.textContent.replace('¶', '') ?? '',
            words: words.textContent.trim().split(/\s+/).length,
            notes: slide.querySelectorAll('.notes').length,
            shows: nodes.some(node => node.matches('p, li, td, img, mjx-math, .jupyter-widgets, fieldset')),
            right: Math.max(...boxes.map(box => box.right)) - inner.right, left: Math.min(...boxes.map(box => box.left)),
            bottom: Math.max(...boxes.map(box => box.bottom)) - inner.bottom, top: Math.min(...boxes.map(box => box.top)),
            type: Math.min(...texts.map(node => parseFloat(getComputedStyle(node).fontSize))),
            code: nodes.filter(node => node.matches('.highlight, .jp-RenderedText')).length,
            cut: nodes.filter(node => node.matches('button, .widget-readout, .widget-slider .widget-label')
                && (node.scrollHeight > node.clientHeight + 3 || node.scrollWidth > node.clientWidth + 3)).map(node => node.textContent),
            picture: pictures.length ? [pictures[0].width, pictures[0].height] : null,
            lab: Boolean(slide.querySelector('.widget-gridbox')), vote: Boolean(slide.querySelector('.ddlib-vote')),
            formula: Boolean(slide.querySelector('mjx-math')),
        });
    }
    Reveal.slide(0);
    return found;
}"""


@contextmanager
def lecture(path, log, **environment):
    """The command of the README on a free port; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ddlib.lecture", str(path), "--no-browser", f"--port={port}"]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environment})
    try:
        end = time.monotonic() + 120
        while server.poll() is None and time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/voila/static/voila.js").close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.2)
        assert server.poll() is None, log.read_text()
        yield f"http://localhost:{port}/"
    finally:
        stop(server)


def here_only(route):
    """Let a request pass to this machine; whatever wants out fails the test."""
    if re.match(r"(http|ws)://(localhost|127\.0\.0\.1)[:/]|data:|blob:", route.request.url):
        route.continue_()
    else:
        route.abort()


def leaves(line):
    """Voila's goodbye to its kernel when the page is reloaded, which its own server refuses: the kernel ends with the lecture."""
    return "/voila/api/shutdown/" in line.location.get("url", "")


@contextmanager
def slides(path, browser, tmp_path, size=(1280, 720)):
    """The lecture of a notebook, all of it computed; no error and no request beyond this machine passes."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.route("**/*", here_only)
    with lecture(path, tmp_path / "log") as address:
        try:
            page = context.new_page()
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" and not leaves(line) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address, timeout=180_000)
            page.wait_for_selector("html[data-slides]", state="attached", timeout=180_000)
            page.wait_for_function("!document.querySelector('.voila-skeleton-container')", timeout=180_000)
            page.wait_for_function("[...document.images].every(image => image.complete)")
            yield page
            assert complaints == []
        finally:
            context.close()  # before the server goes
    assert all(re.match(r"(http|ws)://(localhost|127\.0\.0\.1)[:/]|data:|blob:|about:", url) for url in asked)


def settled(page):
    """Formulas and pictures have their sizes."""
    page.wait_for_timeout(300)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_slide_of_every_notebook_fits(path, browser, tmp_path):
    with slides(path, browser, tmp_path) as page:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            found, scale = page.evaluate(WALK), min(width / 1280, height / 720)
            assert 24 <= len(found) <= 32 if path == TALK else 12 <= len(found) <= 20
            for number, slide in enumerate(found, 1):
                where = (number, width, slide)
                assert slide["title"] and slide["shows"], where
                assert slide["left"] >= 0 and slide["right"] <= 1 and slide["top"] >= 0 and slide["bottom"] <= 1, where
                assert slide["type"] >= 0.999 * SMALLEST_TYPE * scale, where
                assert slide["code"] == 0 and slide["cut"] == [], where
                assert "xercise" not in slide["title"]


@pytest.fixture(scope="module")
def talk(browser, tmp_path_factory):
    with slides(TALK, browser, tmp_path_factory.mktemp("talk")) as page:
        settled(page)
        yield page


def test_a_slide_of_the_talk_says_one_thing(talk):
    found = talk.evaluate(WALK)
    words = [slide["words"] for slide in found]
    assert max(words) <= 60 and statistics.median(words) <= 30
    assert all(slide["notes"] for slide in found)
    for slide in found[1:-2]:  # the title, what to take home, where to go on: words alone
        assert slide["picture"] or slide["formula"] or slide["vote"], slide
        if slide["picture"]:
            width, height = slide["picture"]
            assert width * height >= 0.5 * 1280 * 720, slide
            assert width / 900 * SMALLEST_IN_PICTURES >= 17.9, slide
    assert sum(slide["vote"] for slide in found) >= 6


def go_to(page, title):
    """The slide whose headline begins so."""
    assert page.evaluate(
        """title => {
            const slide = Reveal.getSlides().find(slide => slide.querySelector('h1, h2, h3').textContent.startsWith(title));
            const { h, v } = Reveal.getIndices(slide);
            Reveal.slide(h, v);
            return true;
        }""",
        title,
    )
    page.wait_for_timeout(100)


NOW = "section.present section.present "
SLIDER = NOW + "[role=slider]:visible"


def number(page):
    return page.evaluate("Reveal.getSlidePastCount()")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_vote_is_counted_and_revealed(talk):
    votes = talk.evaluate("[...document.querySelectorAll('.ddlib-vote')].length")
    for k in range(votes):
        talk.evaluate(
            """k => {
                const { h, v } = Reveal.getIndices(document.querySelectorAll('.ddlib-vote')[k].closest('section'));
                Reveal.slide(h, v);
            }""",
            k,
        )
        assert talk.locator(NOW + ".ddlib-bar:visible").count() == 0, "no votes of an earlier room"
        choices = talk.query_selector_all(NOW + ".ddlib-choice")
        for _ in range(3):
            choices[0].query_selector("button").click()
        choices[1].query_selector("input").fill("7")
        choices[1].query_selector("input").press("Tab")
        talk.wait_for_timeout(200)
        talk.locator(NOW + "button", has_text="Reveal").first.click()
        talk.wait_for_selector(NOW + ".ddlib-bar", state="visible")
        talk.wait_for_selector(NOW + ".widget-gridbox img", state="visible")
        talk.wait_for_timeout(400)
        bars = [bar.bounding_box()["width"] for bar in talk.query_selector_all(NOW + ".ddlib-bar")]
        assert bars[0] / bars[1] == pytest.approx(3 / 7, rel=0.02) and bars[2] <= 3
        picture = [box for image in talk.query_selector_all(NOW + ".widget-gridbox img") if (box := image.bounding_box())][0]
        assert picture["width"] * picture["height"] >= 0.5 * 1280 * 720
        assert picture["width"] / 900 * SMALLEST_IN_PICTURES >= 17.9
        assert picture["y"] + picture["height"] <= 720
        assert "What happens" in talk.inner_text("section.present section.present")


def test_a_vote_by_keys_alone(talk):
    """Digits count hands, and what a clicker sends reveals before it goes on."""
    talk.reload()
    talk.wait_for_selector("html[data-slides]", state="attached", timeout=180_000)
    talk.wait_for_function("!document.querySelector('.voila-skeleton-container')", timeout=180_000)
    go_to(talk, "P reaches N")
    here = number(talk)
    press(talk, "1", "3", "3")
    talk.wait_for_timeout(300)
    press(talk, "PageDown")
    talk.wait_for_selector(NOW + ".widget-gridbox img", state="visible")
    assert number(talk) == here
    counts = [node.input_value() for node in talk.query_selector_all(NOW + ".ddlib-choice input")]
    assert counts == ["1", "0", "2"]
    toggle = talk.locator(NOW + ".widget-toggle-button", has_text="Reveal")
    toggle.wait_for(state="visible")
    press(talk, "PageDown")  # the lab's own curve
    talk.wait_for_selector(NOW + ".widget-toggle-button.mod-active")
    assert number(talk) == here
    press(talk, "PageDown")
    assert number(talk) == here + 1


def test_keys_of_a_clicker_turn_the_slides_wherever_the_focus_is(talk):
    go_to(talk, "At N = P the fit")
    here, handle = number(talk), talk.query_selector(SLIDER)
    before = handle.get_attribute("aria-valuenow")
    handle.focus()
    press(talk, "PageDown")
    assert number(talk) == here + 1
    press(talk, "PageUp")
    assert number(talk) == here and handle.get_attribute("aria-valuenow") == before
    handle.focus()
    press(talk, "b")
    assert talk.evaluate("Reveal.isPaused()")
    press(talk, "b")
    assert not talk.evaluate("Reveal.isPaused()")


def test_a_focused_slider_keeps_its_arrows_and_a_slide_keeps_its_lab(talk):
    go_to(talk, "At N = P the fit")
    here, handle = number(talk), talk.query_selector(SLIDER)
    picture = "[...document.querySelectorAll('section.present section.present .widget-gridbox img')].map(i => i.src).join()"
    before, shown = handle.get_attribute("aria-valuenow"), talk.evaluate(picture)
    handle.focus()
    press(talk, "ArrowRight", "ArrowRight")
    assert number(talk) == here and float(handle.get_attribute("aria-valuenow")) == float(before) + 2
    talk.wait_for_function(f"before => {picture} != before", arg=shown)
    press(talk, "PageDown", "PageUp")
    assert float(handle.get_attribute("aria-valuenow")) == float(before) + 2
    talk.evaluate("document.activeElement.blur()")
    press(talk, "ArrowRight")
    assert number(talk) == here + 1


def test_digits_press_the_presets(talk):
    go_to(talk, "At N = P the fit")
    for digit, P in (("1", 4), ("3", 100), ("2", 15)):
        press(talk, digit)
        talk.wait_for_function(
            "P => [...document.querySelectorAll('section.present section.present [role=slider]')]"
            ".find(node => node.offsetParent).getAttribute('aria-valuenow') == P",
            arg=P,
        )


def test_lines_appear_one_by_one(talk):
    go_to(talk, "The smallest solution")
    shown = "document.querySelectorAll('section.present section.present .fragment.visible').length"
    for wanted in (0, 1, 2, 3, 4):
        assert talk.evaluate(shown) == wanted
        press(talk, "PageDown")
    assert talk.evaluate("Reveal.getCurrentSlide().textContent").count("surprise")


def test_the_lecturers_window_follows(talk):
    go_to(talk, "Double descent, by hand")
    with talk.context.expect_page() as opened:
        press(talk, "s")
    window = opened.value
    for _ in range(4):
        title = talk.evaluate("Reveal.getCurrentSlide().querySelector('h1, h2').textContent.replace('¶', '')")
        assert window.inner_text("h1") == title and "inute" in window.inner_text("main")
        press(talk, "PageDown")
    here = number(talk)
    press(window, "PageUp")
    assert number(talk) == here - 1
    assert re.fullmatch(r"\d+:\d\d", window.inner_text("time"))
    window.close()


def test_a_kernel_that_dies_is_told(browser, tmp_path):
    chapter = next(path for path in NOTEBOOKS if path.stem.startswith("03"))
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    with lecture(chapter, tmp_path / "log") as address:
        try:
            page = context.new_page()
            page.goto(address, timeout=180_000)
            page.wait_for_selector("html[data-slides]", state="attached", timeout=180_000)
            page.wait_for_function("!document.querySelector('.voila-skeleton-container')", timeout=180_000)
            server = next(
                process
                for process in psutil.process_iter(["cmdline"])
                if f"--port={address.split(':')[-1][:-1]}" in (process.info["cmdline"] or [])
            )
            kernels = [
                child for child in server.children(recursive=True) if any("ipykernel" in word for word in child.cmdline())
            ]
            kernels[0].send_signal(signal.SIGKILL)
            page.wait_for_selector(".lost", state="visible", timeout=30_000)
            assert "The kernel has died" in page.inner_text(".lost") and "F5" in page.inner_text(".lost")
        finally:
            context.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_says_what_it_is_on_the_slides(path):
    cells = nbformat.read(path, as_version=4).cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    assert kinds[0] == "slide" and set(kinds) <= {"slide", "subslide", "fragment", "notes", "skip", "-"}


def test_speaker_notes_are_folded_in_the_chapters():
    """JupyterLab and every other reader of notebooks shows them as one closed line."""
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if "speaker-notes" in cell.metadata.get("tags", []):
                assert cell.source.startswith("<details><summary>For the lecturer</summary>\n\n")
                assert cell.source.endswith("\n\n</details>") and cell.metadata["slideshow"]["slide_type"] == "notes"


def test_pictures_grow_in_a_lecture(monkeypatch):
    with matplotlib.rc_context():
        figures.use_style()
        usual = matplotlib.rcParams["figure.dpi"]
        monkeypatch.setenv("DDLIB_LECTURE", "1")
        figures.use_style()
        assert matplotlib.rcParams["figure.dpi"] == pytest.approx(usual * figures.LECTURE_ZOOM)


def test_the_command_line(tmp_path, capsys):
    notebook = tmp_path / "a.ipynb"
    notebook.touch()
    assert arguments_of_voila([str(notebook), "--port", "9000"])[0] == str(notebook)
    assert "--port=9000" in arguments_of_voila([str(notebook), "--port", "9000"])
    assert arguments_of_voila([])[0] == str(TALK) and TALK.is_file()
    for wrong in (str(tmp_path / "none.ipynb"), str(tmp_path), __file__):
        with pytest.raises(SystemExit):
            arguments_of_voila([wrong])
        assert "NOTEBOOK must be a notebook" in capsys.readouterr().err
    assert environment({"JUPYTER_PATH": "/mine"})["JUPYTER_PATH"].split(os.pathsep)[1:] == ["/mine"]
    assert (Path(environment({})["JUPYTER_PATH"]) / "voila" / "templates" / "lecture" / "index.html.j2").is_file()
