"""Each notebook in real JupyterLab: run all cells, move every slider by keyboard, and see the picture follow."""

import re
from pathlib import Path

import legibility as looks_of
import pytest
from jupyter_page import NotebookPage

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

# The picture in front of a lab's pile.
IMAGE = ".widget-image:visible"

# A number that changes with it. A new picture may arrive, and the old one go, while it is read.
PICTURE = """async lab => {
    for (let tries = 0; tries < 50; tries++) {
        try {
            const image = [...lab.querySelectorAll('.widget-image')]
                .filter(image => image.style.visibility == 'visible').sort((a, b) => a.style.order - b.style.order).at(-1);
            await image.decode();
            const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
            return bytes.reduce((hash, byte) => (31 * hash + byte) | 0, bytes.length);
        } catch (error) { await new Promise(done => setTimeout(done, 40)); }
    }
    throw new Error('the picture cannot be read');
}"""
SHOWN = "handle => handle.closest('.widget-slider').querySelector('.widget-readout').textContent"


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_in_jupyterlab(path, address, context):
    notebook = NotebookPage(context, address(path.name))
    stored = notebook.cells()
    for cell in stored:
        shows_its_stored_picture(notebook, cell)
    assert notebook.errors == []

    notebook.run_all()
    cells = notebook.cells()
    failures = [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert failures == []
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        node = notebook.cell(cell["place"])
        if is_lab(cell):
            follows_its_controls(notebook.page, node)
        elif is_a(cell, "Check"):
            replies(notebook.page, node)
        elif is_a(cell, "Predict"):
            reveals(notebook.page, node)
    assert notebook.page.query_selector(".jupyter-widgets-error-widget") is None
    fit_a_laptop(notebook, [cell for cell in cells if is_lab(cell)])
    can_be_read_everywhere(notebook, [cell for cell in cells if is_lab(cell) or is_a(cell, "Check") or is_a(cell, "Predict")])
    assert notebook.errors == []


def can_be_read_everywhere(notebook, cells):
    """In both themes; in a narrow window; at a zoom of 200 %, which halves the pixels of a page of 1280 by 900."""
    page = notebook.page
    looks = [(looks_of.DARK, 1280, 900), (looks_of.LIGHT, 1280, 900), (looks_of.LIGHT, 900, 900), (looks_of.LIGHT, 640, 450)]
    for theme, width, height in looks:
        looks_of.theme(page, theme)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        for cell in cells:
            looks_of.can_be_read(notebook.cell(cell["place"]))


def fit_a_laptop(notebook, labs):
    """Slider and peak are seen at once: with the file browser open, 1366 x 768 leaves some 620 px for the notebook."""
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    notebook.page.wait_for_timeout(300)
    for cell in labs:
        assert notebook.cell(cell["place"]).query_selector(".ddlib-live").bounding_box()["height"] <= 600, cell["source"]


def is_lab(cell):
    return re.search(r"^labs\.\w+_lab\(", cell["source"], re.MULTILINE)


def is_a(cell, question):
    return re.search(rf"^{question}\(", cell["source"], re.MULTILINE)


def shows_its_stored_picture(notebook, cell):
    """Before anything is run, and whether or not the notebook is trusted."""
    if not is_lab(cell):
        return
    image = notebook.cell(cell["place"]).wait_for_selector("img[src^='data:image/png']")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") >= 1000
    assert image.bounding_box()["width"] >= 600


def follows_its_controls(page, lab):
    image = lab.wait_for_selector(IMAGE)
    assert len(image.get_attribute("title").split()) >= 10
    shape, natural = image.bounding_box(), image.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert shape["width"] >= 600
    assert shape["width"] / shape["height"] == pytest.approx(natural[0] / natural[1], rel=0.02)
    handles = [handle for handle in lab.query_selector_all(".noUi-handle") if handle.is_visible()]
    on_slide = lab.query_selector(".on-slide")  # with fewer controls, and no words
    assert handles or on_slide
    for handle in handles:
        moves_by_keyboard(page, handle, lab)
    for button in lab.query_selector_all("button"):
        if re.match(r"\d ", button.inner_text()) and not on_slide:
            tells_its_story(page, lab, button)


def moves_by_keyboard(page, handle, lab):
    """One press of an arrow key changes the value that is shown, and the pixels."""
    value, picture = handle.evaluate(SHOWN), lab.evaluate(PICTURE)
    handle.focus()
    page.keyboard.press(inward(handle))
    for _ in range(50):
        page.wait_for_timeout(40)
        if handle.evaluate(SHOWN) != value and lab.evaluate(PICTURE) != picture:
            return
    raise AssertionError(
        f"{handle.evaluate('handle => handle.closest(`.widget-slider`).innerText')!r} does not move "
        f"the picture: from {value} to {handle.evaluate(SHOWN)}"
    )


def inward(handle):
    """An arrow key that moves the handle: one at the end of its slider can only go back."""
    return (
        "ArrowRight"
        if float(handle.get_attribute("aria-valuenow")) < float(handle.get_attribute("aria-valuemax"))
        else "ArrowLeft"
    )


def tells_its_story(page, lab, button):
    """A numbered button sets the lab and says what there is to see."""
    before = words(lab)
    button.click()
    for _ in range(100):
        page.wait_for_timeout(40)
        bold = button.evaluate("button => getComputedStyle(button).fontWeight >= 600")
        if bold and words(lab) != before and lab.query_selector("[role=status] i"):
            break
    assert bold and words(lab) != before and len(lab.query_selector("[role=status] i").inner_text().split()) >= 3
    assert "failed" not in words(lab)


def replies(page, check):
    """Every answer gets a reply, and one of them is right."""
    answers = check.wait_for_selector("input[type=radio]") and check.query_selector_all("input[type=radio]")
    assert len(answers) >= 2
    seen = set()
    for answer in answers:
        answer.click()
        seen.add(reply(page, check, unlike=seen))
    assert len(seen) == len(answers)
    assert [verdict[:7] for verdict in seen].count("✓ Right") == 1


def reveals(page, predict):
    """A prediction is asked for first; the result stands beside it."""
    predict.wait_for_selector("button:has-text('Reveal')")
    *choices, show = predict.query_selector_all(".widget-button")
    assert show.is_disabled() and len(choices) >= 2
    choice = choices[0].inner_text().strip()
    choices[0].click()
    first = reply(page, predict)
    assert choice in first and "What happens" not in first
    show.click()
    second = reply(page, predict, unlike={first})
    assert choice in second and "What happens" in second
    for button in (*choices, show):
        button.wait_for_element_state("disabled", timeout=5000)  # one message each, after that of the reply


def reply(page, question, unlike=()):
    """The words under a question, once they are there and other than those seen before."""
    for _ in range(100):
        if words(question) and words(question) not in unlike:
            return words(question)
        page.wait_for_timeout(40)
    raise AssertionError(f"no reply to {question.inner_text()!r}")


def words(cell):
    """What a lab or a question says now."""
    status = cell.query_selector("[role=status]")
    return status.inner_text() if status else ""
