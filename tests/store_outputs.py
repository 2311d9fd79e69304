"""Run notebooks top to bottom, each in a fresh kernel, and store the outputs of that one clean run.

python tests/store_outputs.py [NOTEBOOK ...]      all of notebooks/ unless some are named
"""

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(path):
    """Execute the notebook at path and write it back; an error in a cell leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=300,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    clean(notebook)
    nbformat.write(notebook, path)


def clean(notebook):
    """Keep what a reader sees, drop what differs from one run or one machine to the next."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    taken = set()
    for place, cell in enumerate(notebook.cells, start=1):
        if cell.get("id") in taken or "id" not in cell:
            cell.id = f"cell-{place}"
        taken.add(cell.id)
        cell.metadata = {key: value for key, value in cell.metadata.items() if key not in ("execution", "trusted")}
        for output in cell.get("outputs", []):
            # a live widget ends with its kernel; without this the picture or text beside it is shown
            output.get("data", {}).pop(WIDGET_VIEW, None)


if __name__ == "__main__":
    os.environ["DDLIB_PROGRESS"] = "off"  # what is stored must not depend on what somebody answered here
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # beside other work two threads wait for each other, for minutes
    for path in map(Path, sys.argv[1:] or sorted(NOTEBOOKS.rglob("[!.]*.ipynb"))):
        start = time.perf_counter()
        run(path.resolve())
        print(f"{path.name}: {time.perf_counter() - start:.1f} s")
