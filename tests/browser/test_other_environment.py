"""A kernel in another environment than JupyterLab: what stands in for the labs says what is missing there."""

import json
import sys
import sysconfig
import venv
from pathlib import Path

import matplotlib
import nbformat
import pytest
from jupyter_page import NotebookPage, jupyterlab
from pictures import same_picture

from ddlib import figures, labs
from ddlib.live.standin import COMMAND, RUN, with_note

CELLS = [
    "from ddlib import figures, labs\nfigures.use_style()\nfrom ddlib.course import Check",
    "labs.novelty_lab()",
    'Check("1-and-1", "What is 1 + 1?", "2", {"2": "Yes.", "3": "One less."})',
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """An environment that has JupyterLab, but neither ddlib's server side nor jupyterlab_widgets; the kernel has all."""
    home = tmp_path_factory.mktemp("hub")
    venv.create(home / "environment", with_pip=False)
    (site,) = (home / "environment").rglob("site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"))  # importable; what lies in share/ and etc/ is not there
    kernel = home / "data" / "kernels" / "course"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Course",
                "language": "python",
            }
        )
    )
    (home / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    metadata = {"kernelspec": {"display_name": "Course", "language": "python", "name": "course"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), home / "notebooks" / "small.ipynb")
    python = home / "environment" / "bin" / "python"
    application = Path(sys.prefix) / "share" / "jupyter" / "lab"
    with jupyterlab(home / "notebooks", home, str(python), [f"--app-dir={application}"]) as address:
        yield address


def test_what_stands_in_says_what_is_missing(server, context):
    notebook = NotebookPage(context, server("small.ipynb"))
    notebook.run_all()
    assert notebook.page.query_selector(".noUi-handle") is None, "this server shows widgets"
    lab, question = notebook.cell(1), notebook.cell(2)
    picture = lab.wait_for_selector("img[src^='data:image/png']")
    assert picture.bounding_box()["width"] >= 600
    shown = picture.evaluate("image => image.src")
    with matplotlib.rc_context():
        figures.use_style()
        alone = labs.novelty_lab().picture.png()
    assert same_picture(shown, with_note(alone)), "the two lines stand above the picture"
    text = question.wait_for_selector(".jp-RenderedMarkdown").inner_text()
    assert "What is 1 + 1?" in text and RUN in text and COMMAND in text
