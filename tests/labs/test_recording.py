"""Only what a reader does is recorded; commands that show the notebooks to others record nothing."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ddlib import labs
from ddlib.course.questions import Check, Predict
from ddlib.export.__main__ import run
from ddlib.lecture.__main__ import environment
from ddlib.progress import Answers, given

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02-the-traditional-picture.ipynb"


@pytest.fixture(autouse=True)
def clean():
    given.clear()


def test_a_lab_that_nobody_touched_records_nothing():
    lab = labs.drawing_lab()
    lab._repr_mimebundle_()
    assert dict(given) == {}
    lab.controls["h20"].value = 1e-2
    assert given["02-drawing"]["h20"] == 1e-2


def test_an_answer_that_is_read_back_is_not_given_again(tmp_path, monkeypatch):
    answers = Answers(tmp_path / "my-progress.json")
    monkeypatch.setattr("ddlib.course.questions.given", answers)
    answers["p"], answers["c"] = {"choice": "it falls", "revealed": True}, {"choice": "2", "right": True}
    answers.save()
    before = answers.path.stat().st_mtime_ns
    Predict("p", "What comes?", ["it falls", "it rises"], "it falls", "It falls.")
    Check("c", "1 + 1?", "2", {"2": "Yes.", "3": "One less."})
    assert answers.path.stat().st_mtime_ns == before


def test_running_a_notebook_and_touching_nothing_records_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DDLIB_PROGRESS", str(tmp_path))
    NotebookClient(
        nbformat.read(NOTEBOOK, as_version=4),
        kernel_name="python3",
        timeout=120,
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
    ).execute()
    assert [path.name for path in tmp_path.iterdir()] == []


ANSWER = 'from ddlib.progress import given\ngiven["a"] = {"choice": "1"}\ngiven.save()'


def test_an_export_leaves_the_folder_of_the_notebooks_as_it_is(tmp_path, monkeypatch):
    monkeypatch.delenv("DDLIB_PROGRESS")
    path = tmp_path / "01-answers.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ANSWER)]), path)
    (tmp_path / "my-progress.json").write_text('{"answers": {}}')
    run(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["01-answers.ipynb", "my-progress.json"]
    assert (tmp_path / "my-progress.json").read_text() == '{"answers": {}}'


def test_a_lecture_leaves_the_folder_of_the_notebooks_as_it_is(tmp_path):
    """Its kernel has what environment says."""
    usual = {name: value for name, value in os.environ.items() if name != "DDLIB_PROGRESS"}
    subprocess.run([sys.executable, "-c", ANSWER], cwd=tmp_path, env={**usual, **environment(usual)}, check=True)
    assert list(tmp_path.iterdir()) == []
    subprocess.run([sys.executable, "-c", ANSWER], cwd=tmp_path, env=usual, check=True)
    assert (tmp_path / "my-progress.json").exists()  # a reader's own kernel records it
