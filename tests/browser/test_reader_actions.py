"""A student's hands, in real JupyterLab: cells out of order, a busy kernel, a restart, a reload, two views, two notebooks.

On the smallest notebook; HYPOTHESIS_PROFILE=nightly takes every notebook.
"""

import os
import re

import nbformat
import pytest
from jupyter_page import NotebookPage
from test_browser import IMAGE, NOTEBOOKS, PICTURE, SHOWN, inward, words

from ddlib import figures

CRISP = f"image => image.naturalWidth == {figures.PIXELS_PER_CSS_PIXEL} * parseFloat(image.style.width)"
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
NOT_CONNECTED = "lab => getComputedStyle(lab.querySelector('.ddlib-live'), '::after').content"


def plain_labs(path):
    """Places of the cells that only make a lab, and need no cell before them but the imports."""
    cells = nbformat.read(path, as_version=4).cells
    return [place for place, cell in enumerate(cells) if re.fullmatch(r"labs\.\w+_lab\(\)", cell.source.strip())]


def questions(path):
    cells = nbformat.read(path, as_version=4).cells
    return [place for place, cell in enumerate(cells) if re.search(r"^(Check|Predict)\(", cell.source, re.MULTILINE)]


SMALLEST, OTHER, *_ = sorted(NOTEBOOKS, key=lambda path: path.stat().st_size)
TRIED = NOTEBOOKS if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else [SMALLEST]


def imports(path):
    return next(place for place, cell in enumerate(nbformat.read(path, as_version=4).cells) if cell.cell_type == "code")


class Hands(NotebookPage):
    """A notebook of which single cells are run, as with Shift-Enter."""

    def __init__(self, context, address, path):
        super().__init__(context, address(path.name))
        self.path = path
        self.is_free()

    def is_free(self, seconds=60):
        self.page.wait_for_function(f"{KERNEL}?.status == 'idle'", timeout=1000 * seconds)

    def run(self, place):
        self.page.evaluate(
            """place => { const cell = jupyterapp.shell.currentWidget.content.widgets[place];
                              cell.model.executionCount = null; cell.model.clearExecution?.(); }""",
            place,
        )
        self.page.evaluate(
            "place => { jupyterapp.shell.currentWidget.content.activeCellIndex = place; "
            "jupyterapp.commands.execute('notebook:run-cell'); }",
            place,
        )
        self.page.wait_for_function(
            """place => {
            const panel = jupyterapp.shell.currentWidget, cell = panel.content.widgets[place].model;
            return cell.executionCount && panel.sessionContext.session.kernel.status == 'idle';
        }""",
            arg=place,
            timeout=60_000,
        )

    def outputs(self, place):
        return self.page.evaluate(
            "place => [...jupyterapp.shell.currentWidget.content.model.cells][place].outputs.toJSON()", place
        )

    def lab(self, place):
        cell = self.cell(place)
        cell.wait_for_selector(IMAGE)
        return cell

    def busy(self, seconds):
        self.page.evaluate(f"code => {{ {KERNEL}.requestExecute({{code}}); }}", f"import time; time.sleep({seconds})")
        self.page.wait_for_function(f"{KERNEL}.status == 'busy'")

    def settled(self, lab):
        """The picture, once it is the crisp one of the pause and no longer changes."""
        seen = None
        for _ in range(60):
            self.page.wait_for_timeout(250)
            before, seen = seen, lab.evaluate(PICTURE)
            if seen == before and lab.query_selector(IMAGE).evaluate(CRISP):
                return seen
        raise AssertionError("the picture never settles")


def slider(lab):
    """The handle of the first slider."""
    return lab.wait_for_selector(".noUi-handle")


def press(page, lab, key, times=1):
    """Move the first slider, and tell what value it shows."""
    handle = slider(lab)
    handle.focus()
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    return handle.evaluate(SHOWN)


def follows(hands, lab):
    """A move of the first slider changes the picture, and back again brings the same picture back."""
    before = hands.settled(lab)
    there = inward(slider(lab))
    press(hands.page, lab, there)
    assert hands.settled(lab) != before
    press(hands.page, lab, "ArrowLeft" if there == "ArrowRight" else "ArrowRight")
    assert hands.settled(lab) == before


@pytest.fixture(params=TRIED, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def hands(address, context, path):
    hands = Hands(context, address, path)
    hands.run(imports(path))
    yield hands
    assert hands.errors == []
    hands.page.evaluate("jupyterapp.shell.currentWidget.context.revert()")
    hands.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def test_cells_out_of_order_and_twice(address, context, path):
    hands = Hands(context, address, path)
    first, *_, last = plain_labs(path)[:1] + plain_labs(path)
    hands.run(last)
    (error,) = hands.outputs(last)
    assert error["ename"] == "NameError"  # Python's own word: the cell with the imports was left out
    hands.run(imports(path))
    for place in (last, first, last):
        hands.run(place)
        follows(hands, hands.lab(place))
    assert len(hands.lab(last).query_selector_all(IMAGE)) == 1
    assert hands.errors == []
    hands.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def test_a_slider_dragged_while_the_kernel_is_busy(hands):
    place = plain_labs(hands.path)[0]
    hands.run(place)
    lab = hands.lab(place)
    before = hands.settled(lab)
    hands.busy(2)
    value = press(hands.page, lab, inward(slider(lab)), times=6)
    assert lab.evaluate(PICTURE) == before
    hands.is_free()
    hands.page.wait_for_timeout(1000)
    caught_up = hands.settled(lab)
    assert caught_up != before and slider(lab).evaluate(SHOWN) == value
    follows(hands, lab)  # there and back again: it was the picture of the last value


def test_a_restart_is_told_and_mended_by_running_again(hands):
    path = hands.path
    place, asked = plain_labs(path)[0], questions(path)[0]
    for each in (asked, place):
        hands.run(each)
    lab = hands.lab(place)
    follows(hands, lab)
    assert lab.evaluate(NOT_CONNECTED) == "none"
    picture = hands.settled(lab)
    hands.page.evaluate(f"{KERNEL}.restart()")
    hands.page.wait_for_timeout(1000)
    hands.is_free()
    for each in (asked, place):
        cell = hands.cell(each)
        cell.wait_for_selector(".ddlib-live.jupyter-widgets-disconnected")
        assert "Not connected" in cell.evaluate(NOT_CONNECTED)
    lab = hands.lab(place)
    assert hands.settled(lab) == picture  # it can still be looked at, but no longer be dragged
    assert lab.evaluate("""lab => { const box = lab.querySelector('.noUi-handle').getBoundingClientRect();
        return !document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest('.noUi-handle'); }""")
    for each in (imports(path), place):
        hands.run(each)
    lab = hands.lab(place)
    assert lab.evaluate(NOT_CONNECTED) == "none"
    follows(hands, lab)


def test_reload(hands, address):
    """The lab is live again while its kernel lives; afterwards its picture stays, and says what it is."""
    place = plain_labs(hands.path)[0]
    hands.run(place)
    lab = hands.lab(place)
    value = press(hands.page, lab, inward(slider(lab)), times=3)
    picture = hands.settled(lab)
    hands.page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    hands.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    reopen(hands, address)
    lab = hands.lab(place)
    assert hands.settled(lab) == picture and slider(lab).evaluate(SHOWN) == value
    follows(hands, lab)

    hands.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    reopen(hands, address)
    lab = hands.lab(place)
    assert "Not connected" in lab.evaluate(NOT_CONNECTED)
    assert lab.evaluate(PICTURE) == picture
    assert words(lab)
    hands.is_free()


def reopen(hands, address):
    hands.page.goto("about:blank")
    hands.page.goto(address(hands.path.name))
    hands.page.wait_for_function(
        """() => { const panel = window.jupyterapp?.shell.currentWidget;
        return panel?.context?.isReady && panel.content.widgets?.some(cell => cell.node.isConnected); }""",
        timeout=90_000,
    )


def test_two_views_of_one_lab_move_together(hands):
    place = plain_labs(hands.path)[0]
    hands.run(place)
    hands.lab(place)
    hands.page.evaluate("jupyterapp.commands.execute('notebook:create-output-view')")
    hands.page.wait_for_function("document.querySelectorAll('.jp-LinkedOutputView .widget-image').length == 1")
    hands.page.wait_for_timeout(500)
    view, lab = (
        hands.page.query_selector(".jp-LinkedOutputView"),
        hands.page.query_selector(".jp-Cell:not(.jp-LinkedOutputView *):has(.widget-image)"),
    )
    before = hands.settled(view)
    value = press(hands.page, view, inward(slider(view)))
    after = hands.settled(view)
    assert after != before
    assert lab is None or lab.evaluate(PICTURE) == after
    assert slider(view).evaluate(SHOWN) == value
    hands.page.evaluate("jupyterapp.shell.currentWidget.close()")
    hands.page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext")


def test_two_notebooks_at_once(hands, address, context):
    another = OTHER if hands.path != OTHER else SMALLEST
    place, there = plain_labs(hands.path)[0], plain_labs(another)[0]
    hands.run(place)
    others = Hands(context, address, another)
    for each in (imports(another), there):
        others.run(each)
    lab, other = hands.lab(place), others.lab(there)
    before = hands.settled(lab)
    follows(others, other)
    assert hands.settled(lab) == before
    follows(hands, lab)
    assert others.errors == []
    others.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
