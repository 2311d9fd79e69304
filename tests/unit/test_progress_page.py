"""The page of a reader's progress: what is done, what is open, and links that lead there."""

import json
import re
from pathlib import Path

import pytest

from ddlib import progress
from ddlib.course.exercises import EXERCISES
from ddlib.progress import Answers
from ddlib.progress.page import read_course

FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "my-progress.json"


def rows(page):
    """The table of the page, as text."""
    table = re.findall(r"<tr>(.*?)</tr>", page.page)
    return [[re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)] for row in table]


def where(page):
    return re.search(r"<p>((?:Begin|Go on|<b>All done).*?)</p>", page.page)[1]


def test_the_page_of_a_beginner(path):
    page = progress.page(FOLDER, Answers(path))
    assert rows(page)[0] == ["notebook", "predictions made", "checks right", "exercises solved"]
    assert rows(page)[1] == ["1 The puzzle", "0 of 3", "0 of 3", "0 of 5"]
    assert "Begin with" in where(page) and '01-the-puzzle.ipynb#1.2-Count-the-parameters"' in where(page)
    assert not path.exists()


def test_the_page_follows_the_reader(path):
    answers = Answers(path)
    answers["01-count"] = {"choice": "…", "right": True}
    answers["01-weight"] = {"choice": "…"}
    page = progress.page(FOLDER, answers)
    assert rows(page)[1] == ["1 The puzzle", "0 of 3", "1 of 3", "0 of 5"]
    assert "Go on" in where(page) and "1.3" in where(page)
    answers["01-weight"] = {"choice": "…", "revealed": True}
    for name in ("01-nonsense", "01-nonsense-why"):
        answers[name] = {"choice": "…", "right": True, "revealed": True}
    page = progress.page(FOLDER, answers)
    assert rows(page)[1] == ["1 The puzzle", "1 of 3", "1 of 3", "1 of 5"]
    assert "Exercise 1.4" in where(page) and "left open before it" in where(page)


def test_the_page_of_a_finished_course(path):
    answers = Answers(path)
    for _, items in read_course(FOLDER).values():
        for name in (name for item in items for _, name in item.asked):
            answers[name] = {"right": True, "revealed": True, "solved": True}
    page = progress.page(FOLDER, answers)
    assert where(page) == "<b>All done.</b>"
    assert all(cell.endswith("✓") or cell == "–" for row in rows(page)[1:] for cell in row[1:])


def test_every_link_of_the_page_leads_somewhere():
    for name, (title, items) in read_course(FOLDER).items():
        source = "\n".join(
            "".join(cell["source"])
            for cell in json.loads((FOLDER / name).read_text())["cells"]
            if cell["cell_type"] == "markdown"
        )
        assert title in source and items
        assert all(f"# {item.heading}" in source for item in items)


def test_the_page_knows_every_question_and_every_exercise():
    """Counted in another way: in the text of the notebooks."""
    found = [name for _, items in read_course(FOLDER).values() for item in items for _, name in item.asked]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.ipynb")))
    assert len(found) == len(set(found))
    assert set(found) >= set(EXERCISES)
    assert len(found) == len(re.findall(r'"(?:Check|Predict)\(', text)) + len(re.findall(r'"grade\(', text))


def test_copies_and_broken_notebooks_do_not_disturb_the_page(tmp_path, path):
    for name in ("01-the-puzzle.ipynb", "02-the-traditional-picture.ipynb"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "01-the-puzzle-Copy1.ipynb").write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "03-half.ipynb").write_text('{"cells": [')
    (tmp_path / "04-other.ipynb").write_text('{"cells": 3}')
    assert [row[0][:1] for row in rows(progress.page(tmp_path, Answers(path)))[1:]] == ["1", "2"]
    assert "run this beside them" in repr(progress.page(tmp_path / "empty", Answers(path)))


def test_the_words_that_are_stored_never_depend_on_the_answers(path):
    """Text, and all that a notebook stores where progress is off."""
    answers = Answers(path)
    before = progress.page(FOLDER, answers)._repr_mimebundle_()["text/plain"]
    answers["01-count"] = {"choice": "…", "right": True}
    assert progress.page(FOLDER, answers)._repr_mimebundle_()["text/plain"] == before
    off = progress.page(FOLDER, Answers(None))._repr_mimebundle_()
    assert off["text/plain"] == before and "<table" not in off["text/html"]
