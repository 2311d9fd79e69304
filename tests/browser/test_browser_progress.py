"""A student's answers in real JupyterLab: judged in place, there again after the kernel was restarted, on one page."""

import json
import re
import shutil
from pathlib import Path

import pytest
from jupyter_page import NotebookPage, jupyterlab

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOK = "02-the-traditional-picture.ipynb"
STATUS = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status"


class Student(NotebookPage):
    """Runs single cells, each found by a word in it."""

    def place(self, word):
        return next(cell["place"] for cell in self.cells() if word in cell["source"])

    def run(self, word, old="", new=""):
        """Change a cell, run it and return what stands under it."""
        place = self.place(word)
        self.page.evaluate(
            """async ([place, old, now]) => {
            const list = jupyterapp.shell.currentWidget.content, model = list.widgets[place].model;
            if (old) model.sharedModel.setSource(model.sharedModel.getSource().replace(old, now));
            list.activeCellIndex = place;
            list.deselectAll();
            await jupyterapp.commands.execute('notebook:run-cell');
        }""",
            [place, old, new],
        )
        self.page.wait_for_function(f"{STATUS} == 'idle'")
        self.page.wait_for_timeout(300)
        return self.cell(place)

    def restart(self):
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.page.wait_for_function(f"{STATUS} == 'idle'", timeout=60_000)


@pytest.fixture
def student(browser, tmp_path, monkeypatch):
    monkeypatch.delenv("DDLIB_PROGRESS")  # as a reader has it: the file stands beside the notebooks
    folder = shutil.copytree(FOLDER, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*", "my-progress*"))
    with jupyterlab(folder, tmp_path) as address:
        student = Student(browser.new_context(viewport={"width": 1280, "height": 900}), address(NOTEBOOK))
        student.page.wait_for_function(f"{STATUS} == 'idle'", timeout=60_000)
        student.file = folder / "my-progress.json"
        yield student


def test_a_student_answers_and_comes_back(student):
    student.run("from ddlib.course import")
    assert "Not yet" in student.run('"02-parts"').inner_text()
    assert "runs over everything" in student.run('"02-parts"', "variance = ...", "variance = fits.var()").inner_text()
    wrong = student.run('"02-parts"', "fits.var()", "unknown").inner_text()
    assert "NameError: name 'unknown' is not defined" in wrong and "Traceback" not in wrong
    right = student.run('"02-parts"', "= unknown", "= fits.var(axis=0).mean()").inner_text()
    assert "✓ Right." in right
    check = student.run('"02-twice-why"')
    check.wait_for_selector("input[type=radio]")
    check.query_selector_all("input[type=radio]")[0].click()
    check.wait_for_selector("[role=status]")
    assert set(json.loads(student.file.read_text(encoding="utf-8"))["answers"]) == {"02-parts", "02-twice-why"}

    student.restart()
    student.run("from ddlib.course import")
    check = student.run('"02-twice-why"')
    assert "✓ Right." in check.wait_for_selector("[role=status]").inner_text()
    page = student.run("progress.page()")
    assert re.search(r"2 The traditional picture, and what really happens\s+0 of \d\s+0 of \d\s+1 of 5", page.inner_text())

    page.query_selector("a:has-text('1 The puzzle')").click()
    student.page.wait_for_function("jupyterapp.shell.currentWidget.context?.path == '01-the-puzzle.ipynb'")
    assert student.errors == []
