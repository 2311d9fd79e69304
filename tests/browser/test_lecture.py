"""A lecture in headless Chromium at 1280 x 720, with no way out: slides, live labs, keys, speaker notes."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import nbformat
import pytest
from jupyter_page import stop
from test_browser import PICTURE

from ddlib import figures
from ddlib.lecture.__main__ import arguments_of_voila, environment

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
NOTES = "speaker-notes"


@contextmanager
def lecture(path, log):
    """The command of the README on a free port; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ddlib.lecture", str(path), "--no-browser", f"--port={port}"]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_as_a_lecture(path, browser, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.route("**/*", here_only)
    with lecture(path, tmp_path / "log") as address:
        try:
            page = context.new_page()
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address, timeout=180_000)
            page.wait_for_selector("html[data-slides]", state="attached", timeout=180_000)
            each_slide_fits(page, path)
            keys_turn_the_slides(page)
            a_focused_slider_keeps_its_keys(page)
            the_notes_follow(context, page, path)
            assert complaints == []
        finally:
            context.close()  # before the server goes
    assert all(re.match(r"(http|ws)://(localhost|127\.0\.0\.1)[:/]|data:|blob:|about:", url) for url in asked)


def place(page):
    return int(page.inner_text(".bar .place").split("/")[0])


def each_slide_fits(page, path):
    """Every slide shows something, and all of it; the slides together show every lab, question and heading."""
    slides = int(page.get_attribute("html", "data-slides"))
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    sections = sum(bool(re.search(r"^## ", source, re.MULTILINE)) for source in sources)
    assert slides > sections >= 3
    seen, leading = {"labs": 0, "questions": 0}, False
    for slide in range(1, slides + 1):
        assert place(page) == slide
        page.wait_for_timeout(60)
        shown = page.evaluate("""() => {
            const main = document.querySelector('#rendered_cells > div');
            const units = [...document.querySelectorAll('.unit')].filter(unit => unit.offsetHeight);
            const boxes = units.flatMap(unit => [unit, ...unit.querySelectorAll('img')]).map(node => node.getBoundingClientRect());
            return {scroll: main.scrollHeight - main.clientHeight, top: Math.min(...boxes.map(box => box.top)),
                    bottom: Math.max(...boxes.map(box => box.bottom)), right: Math.max(...boxes.map(box => box.right)),
                    left: Math.min(...boxes.map(box => box.left)), words: main.innerText,
                    cut: units.flatMap(unit => [...unit.querySelectorAll('.widget-slider .widget-label, .widget-readout, button')])
                        .filter(node => node.offsetHeight && (node.scrollHeight > node.clientHeight + 3
                            || node.scrollWidth > node.clientWidth + 3
                            || node.getBoundingClientRect().bottom > node.parentElement.getBoundingClientRect().bottom + 3
                            || node.getBoundingClientRect().top < node.parentElement.getBoundingClientRect().top - 3))
                        .map(node => node.textContent),
                    type: parseFloat(getComputedStyle(main).fontSize),
                    labs: units.filter(unit => unit.classList.contains('lab')).length,
                    lead: [...units].reverse().map(unit => unit.tagName == 'P' ? unit.textContent.trim() : '')[0].endsWith(':'),
                    asked: units.map(unit => Boolean(unit.querySelector('.jupyter-widgets') && !unit.classList.contains('lab'))),
                    questions: units.filter(unit => unit.querySelector('.jupyter-widgets') && !unit.classList.contains('lab')).length,
                    code: units.filter(unit => unit.closest('.jp-CodeCell') && unit.querySelector('.highlight')).length};
        }""")
        assert shown["scroll"] <= 1 and shown["top"] >= 30 and shown["bottom"] <= 690, (slide, shown)
        assert shown["cut"] == []
        assert shown["left"] >= 0 and shown["right"] <= 1280, (slide, shown)
        assert shown["type"] >= 22 and shown["code"] == 0
        assert "For the lecturer" not in shown["words"]
        assert shown["asked"] == sorted(shown["asked"]), "nothing stands below a question that could answer it"
        assert not leading or shown["labs"], "what a line leads to stands with it, unless that is a lab"
        leading = shown["lead"]
        seen["labs"] += shown["labs"]
        seen["questions"] += shown["questions"]
        page.keyboard.press("n")
    assert place(page) == slides, "there is nothing after the last"
    assert seen["labs"] == sum(bool(re.search(r"^labs\.\w+_lab\(", source, re.MULTILINE)) for source in sources)
    asked = sum(bool(re.search(r"^(Check|Predict)\(", source, re.MULTILINE)) for source in sources)
    assert seen["questions"] >= asked


def keys_turn_the_slides(page):
    page.keyboard.press("Home")
    assert place(page) == 1
    for key, wanted in [("PageDown", 2), ("ArrowRight", 3), ("n", 4), ("p", 3), ("PageUp", 2), ("ArrowLeft", 1), ("p", 1)]:
        page.keyboard.press(key)
        assert place(page) == wanted, key
    page.click("#next")
    page.click("#next")
    page.click("#previous")
    assert place(page) == 2
    page.keyboard.press("PageDown")
    assert place(page) == 3, "a button that turns slides does not hold the keys"


def a_focused_slider_keeps_its_keys(page):
    """On the first slide with a lab: the keys move the slider, the picture follows, and n still goes on."""
    page.keyboard.press("Home")
    while not page.evaluate("Boolean(document.querySelector('.unit.lab.shown'))"):
        page.keyboard.press("n")
    here, lab = place(page), page.query_selector(".unit.lab.shown")
    handle = lab.query_selector("[role=slider]")
    for key in ("PageUp", "ArrowRight", "PageDown", "End"):
        handle.focus()
        page.keyboard.press(key)
        assert place(page) == here
    before = lab.evaluate(PICTURE)
    handle.focus()
    page.keyboard.press("Home")
    for _ in range(100):
        page.wait_for_timeout(50)
        if lab.evaluate(PICTURE) != before:
            break
    assert lab.evaluate(PICTURE) != before, "the picture follows the slider"
    handle.focus()
    page.keyboard.press("n")
    assert place(page) == here + 1


def the_notes_follow(context, page, path):
    notes = [cell.source for cell in nbformat.read(path, as_version=4).cells if NOTES in cell.metadata.get("tags", [])]
    page.keyboard.press("Home")
    with context.expect_page() as opened:
        page.keyboard.press("s")
    window, found = opened.value, set()
    for _ in range(int(page.get_attribute("html", "data-slides"))):
        assert window.inner_text("h1").startswith(page.inner_text(".bar .place"))
        found |= {item.inner_text() for item in window.query_selector_all("li")}
        page.keyboard.press("n")
    assert len(found) == sum(len(re.findall(r"^- ", source, re.MULTILINE)) for source in notes)
    end = place(page)
    window.keyboard.press("PageUp")
    assert place(page) == end - 1, "the second window turns the slides as well"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_speaker_notes_are_folded_in_the_notebook(path):
    """JupyterLab and every other reader of notebooks shows them as one closed line."""
    for cell in nbformat.read(path, as_version=4).cells:
        if NOTES in cell.metadata.get("tags", []):
            assert cell.cell_type == "markdown"
            assert cell.source.startswith("<details><summary>For the lecturer</summary>\n\n")
            assert cell.source.endswith("\n\n</details>")


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
    assert arguments_of_voila([str(notebook), "--port", "9000"]) == [str(notebook), "--template=lecture", "--port=9000"]
    for wrong in (str(tmp_path / "none.ipynb"), str(tmp_path), __file__):
        with pytest.raises(SystemExit):
            arguments_of_voila([wrong])
        assert "NOTEBOOK must be a notebook" in capsys.readouterr().err
    assert environment({"JUPYTER_PATH": "/mine"})["JUPYTER_PATH"].split(os.pathsep)[1:] == ["/mine"]
    assert (Path(environment({})["JUPYTER_PATH"]) / "voila" / "templates" / "lecture" / "index.html.j2").is_file()
