"""python -m ddlib.export FOLDER: run all notebooks and write one HTML page for each into FOLDER."""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from ddlib.export.deck import deck
from ddlib.export.film import thin
from ddlib.export.front import front_page
from ddlib.export.hooks import FILM
from ddlib.export.page import page, title_of

LIMIT = 5_000_000  # bytes of one page
TALK = "00"  # this notebook is also written as slides
HOOK = "from ddlib.export import hooks\nhooks.install(get_ipython())"


def run(path):
    """The notebook at path, executed, with its labs as films and its questions as words."""
    os.environ["DDLIB_PROGRESS"] = "off"  # a page is not a reader: it neither reads answers nor writes them
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(HOOK))
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=900,
        coalesce_streams=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    del notebook.cells[0]
    return notebook


def films(notebook):
    """The outputs that hold a film."""
    return [output for cell in notebook.cells for output in cell.get("outputs", []) if FILM in output.get("data", {})]


def fitting(page, notebook, folder, **neighbours):
    """The page (or deck), its longest films thinned until it keeps to the limit."""
    while len((text := page(notebook, folder, **neighbours)).encode()) > LIMIT:
        data = max((output.data for output in films(notebook)), key=lambda data: len(str(data[FILM])), default={})
        if not data or len((fewer := thin(data[FILM]))["steps"]) == len(data[FILM]["steps"]):
            raise ValueError(f"{title_of(notebook)}: the page has {len(text) / 1e6:.1f} MB, its films cannot be shorter")
        data[FILM] = fewer
    return text


def export(source, target):
    """Run every notebook in the folder source and write its page, and the front page, into the folder target.

    Returns
    -------
    list of Path    the pages, in order; the last is index.html

    Raises
    ------
    FileNotFoundError          if source holds no notebook
    CellExecutionError         if a cell fails (from nbclient)
    ValueError                 if a page cannot be held to 5 MB
    """
    paths = sorted(Path(source).glob("*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"source must be a folder with notebooks, got {str(source)!r}")
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    written, talk = [], None
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(paths))) as pool:
        titles = [title_of(nbformat.read(path, as_version=4)) for path in paths]
        links = [None, *((f"{path.stem}.html", title) for path, title in zip(paths, titles)), None]
        for place, notebook in enumerate(pool.map(run, [path.resolve() for path in paths])):
            text = fitting(page, notebook, paths[place].parent, before=links[place], after=links[place + 2])
            written.append(target / f"{paths[place].stem}.html")
            written[-1].write_text(text, encoding="utf-8")
            print(f"{written[-1]}: {len(text.encode()) / 1e6:.1f} MB", flush=True)
            if paths[place].stem.startswith(TALK):
                talk = "lecture.html"
                written.append(target / talk)
                written[-1].write_text(deck(notebook, paths[place].parent), encoding="utf-8")
                print(f"{written[-1]}: {written[-1].stat().st_size / 1e6:.1f} MB", flush=True)
    written.append(target / "index.html")
    written[-1].write_text(front_page([link for link in links[1:-1] if not link[0].startswith(TALK)], talk), encoding="utf-8")
    return written


def main(arguments):
    """Read the command line: FOLDER, and --notebooks SOURCE."""
    parser = argparse.ArgumentParser(prog="python -m ddlib.export", description=__doc__.partition(": ")[2])
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where the pages go; it is made if it is missing")
    parser.add_argument(
        "--notebooks",
        metavar="SOURCE",
        type=Path,
        help="the folder of the notebooks (default: FOLDER if it holds some, or else ./notebooks)",
    )
    given = parser.parse_args(arguments)
    source = given.notebooks or (given.folder if any(given.folder.glob("*.ipynb")) else Path("notebooks"))
    if not any(source.glob("*.ipynb")):
        parser.error(f"no notebooks in {source}")
    export(source, given.folder)


if __name__ == "__main__":
    main(sys.argv[1:])
