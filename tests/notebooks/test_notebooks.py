"""The stored notebooks: one clean run, short cells, the same opening and closing, nothing of one machine."""

import ast
import base64
import io
import itertools
import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
COURSE = [path for path in NOTEBOOKS if path.parent == FOLDER]
TALK = FOLDER / "00-the-lecture.ipynb"
CHAPTERS = [path for path in COURSE if path != TALK]
SOLUTIONS = [path for path in NOTEBOOKS if path.parent == FOLDER / "solutions"]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

FULL_PATH = r"(?:^|[\s'\"(=])(?:/(?:home|root|tmp|usr|opt|Users|var|mnt)/|[A-Z]:\\)"

UNWANTED = {  # what a cell must not do, and how it would be written
    "a global seed": r"random\.seed\(|set_state\(",
    "a path hack": r"sys\.path",
    "an inverse": r"linalg\.inv\(",
    "another notebook's names": r"^%run|^%load",
    "a shell": r"^!|^%%|^%(?!matplotlib)",
    "a download": r"urllib|requests\.|wget|curl |https?://",
    "a hidden output": r";\s*$",
    "a leaking output": r"\binteract\(",
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def lesson(request):
    """A chapter; a notebook of solutions has no labs, no questions and no takeaways."""
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def outputs(notebook):
    return [output for cell in code(notebook) for output in cell.outputs]


def texts(output):
    """All that an output says in words."""
    data = output.get("data", {})
    return [output.get("text", "")] + [data[kind] for kind in data if kind.startswith("text/")]


def calls(cell):
    """Names of what the last line of a cell calls: what the cell shows."""
    last = ast.parse(cell.source).body[-1]
    return ast.unparse(last.value.func) if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else ""


def is_hidden(cell):
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def test_there_are_notebooks():
    assert COURSE and SOLUTIONS and set(COURSE + SOLUTIONS) == set(NOTEBOOKS)


def test_pytest_compares_the_stored_outputs(pytestconfig):
    """Plain `pytest` runs every notebook and compares, not only those cells that ask for it."""
    assert pytestconfig.option.nbval and not pytestconfig.option.nbval_lax
    assert "notebooks" in pytestconfig.getini("testpaths")


def test_it_is_a_valid_notebook(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_every_cell_was_executed_once_and_in_order(notebook):
    assert all(cell.source.strip() for cell in notebook.cells), "an empty cell"
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_no_error_and_no_warning_is_stored(notebook):
    for output in outputs(notebook):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.text


def test_a_cell_has_at_most_fifteen_lines(notebook):
    for cell in code(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 15, cell.source


def test_a_line_has_at_most_120_characters(notebook):
    for cell in code(notebook):
        if not is_hidden(cell):
            assert max(map(len, cell.source.splitlines())) <= 120, cell.source


def test_the_source_of_a_question_is_folded_away(notebook):
    """It holds the answers; in the talk all sources are, but those that the chapters explain."""
    for cell in code(notebook):
        asks = calls(cell) in ("Check", "Predict", "Vote")
        assert is_hidden(cell) or not asks
        assert asks or not is_hidden(cell) or cell.metadata.get("slideshow", {}).get("slide_type") == "-", cell.source


def test_the_first_cell_has_all_imports(notebook):
    first, *others = code(notebook)
    assert "import " in first.source
    for cell in others:
        assert not re.search(r"^\s*(import|from) .*", cell.source, re.MULTILINE), cell.source


@pytest.mark.parametrize("what", UNWANTED)
def test_cells_leave_out(notebook, what):
    for cell in code(notebook):
        assert not re.search(UNWANTED[what], cell.source, re.MULTILINE), cell.source


def test_nothing_of_one_run_or_one_machine_is_stored(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    for cell in notebook.cells:
        assert not {"execution", "ExecuteTime", "trusted"} & set(cell.metadata)
    for output in outputs(notebook):
        assert WIDGET_VIEW not in output.get("data", {}), "a live widget ends with its kernel; tests/store_outputs.py"
        for text in texts(output):
            assert not re.search(r"\b0x[0-9a-f]{6,}", text), text
            assert not re.search(FULL_PATH, text), text


def test_every_picture_is_also_told_in_words(lesson):
    """Labs and figures store a crisp picture, and say in words what is seen in it."""
    shown = [cell for cell in code(lesson) if calls(cell).startswith("labs.") or calls(cell) == "figures.Picture"]
    assert shown
    for cell in shown:
        data = cell.outputs[-1].data
        image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert image.width >= 2 * 600, "two pixels of the picture for one on the page"
        assert len(data["text/plain"].split()) >= 8 and "<" not in data["text/plain"]
    for output in outputs(lesson):
        assert not ("image/png" in output.get("data", {}) and output.data["text/plain"].startswith("<"))


def test_the_way_to_run_it_stands_at_the_top(lesson):
    (line,) = [cell.source for cell in lesson.cells[:4] if "only-in-jupyter" in cell.metadata.get("tags", [])]
    assert "Run All Cells" in line and "Shift+Enter, cell by cell" in line


def test_every_question_can_be_read_without_running(lesson):
    asked = [cell for cell in code(lesson) if calls(cell) in ("Check", "Predict")]
    assert asked
    for cell in asked:
        data = cell.outputs[-1].data
        assert data["text/plain"] in data["text/markdown"] and data["text/markdown"].count("\n- ") >= 2


def test_names_of_questions_are_used_once():
    sources = [cell.source for path in NOTEBOOKS for cell in code(nbformat.read(path, as_version=4))]
    names = re.findall(r'(?:Check|Predict)\(\s*"([^"]+)"', "\n".join(sources))
    assert names and len(set(names)) == len(names)


def words(notebook, begins, ends):
    """The text of the markdown cells from the first that begins it to the one before it ends."""
    cells = list(itertools.dropwhile(lambda cell: not begins(cell), notebook.cells))
    return "\n\n".join(cell.source for cell in itertools.takewhile(lambda cell: not ends(cell), cells))


def test_the_opening(lesson):
    opening = words(lesson, lambda cell: True, lambda cell: cell.cell_type == "code")
    assert opening.startswith("# ")
    assert re.search(r"deepens slides? [\d, to and]+ of the talk, \[00-the-lecture\]", opening)
    for part in ("do", "learn", "need"):
        assert re.search(rf"^\*\*You( will)? {part}:?\*\*", opening, re.MULTILINE), part
    assert re.search(r"^\*\*Time:\*\* \d+ minutes", opening, re.MULTILINE)
    learn = opening.split("learn")[1].split("**You")[0]
    assert len(re.findall(r"^- ", learn, re.MULTILINE)) == 3


def test_the_closing(lesson):
    closing = words(lesson, lambda cell: cell.source.startswith("## Takeaways"), lambda cell: False)
    assert re.findall(r"^(\d)\. ", closing, re.MULTILINE) == ["1", "2", "3"]
    assert re.search(r"^\*\*Next:\*\* ", closing, re.MULTILINE)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solutions_open_with_their_notebook(path):
    opening = nbformat.read(path, as_version=4).cells[0].source
    title = nbformat.read(FOLDER / path.name, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
    assert opening.startswith(f"# Solutions to notebook {title}\n")
    assert f"(../{path.name}#Exercises)" in opening


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        file, _, heading = target.partition("#")
        there = path.parent / file if file else path
        assert there.exists(), f"{path.name} links to {target}"
        assert not heading or heading in headings(there), f"{path.name} links to {target}"


def headings(path):
    """What a link into the notebook at path may name after its #."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {re.sub(r"\s", "-", line.lstrip("# ").strip()) for line in text.splitlines() if line.startswith("#")}
