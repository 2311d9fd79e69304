"""python -m ddlib.lecture [NOTEBOOK]: show the talk, or a chapter, as slides in the browser, their labs live."""

import argparse
import os
import sys
from pathlib import Path

__all__ = ["TALK", "arguments_of_voila", "environment", "main"]

TALK = Path(__file__).resolve().parents[2] / "notebooks" / "00-the-lecture.ipynb"
SHARE = Path(__file__).resolve().parent / "share"


def environment(given):
    """What voila and the kernel need beside the given variables: the template, and pictures for a hall.

    What a room answers ends with the lecture: it is nobody's progress.
    """
    paths = [str(SHARE), *filter(None, [given.get("JUPYTER_PATH")])]
    return {"JUPYTER_PATH": os.pathsep.join(paths), "DDLIB_LECTURE": "1", "DDLIB_PROGRESS": "off"}


def arguments_of_voila(arguments):
    """Read our command line and write voila's."""
    parser = argparse.ArgumentParser(prog="python -m ddlib.lecture", description=__doc__.partition(": ")[2])
    parser.add_argument(
        "notebook", metavar="NOTEBOOK", type=Path, nargs="?", default=TALK, help="a chapter (default: the talk of 45 minutes)"
    )
    parser.add_argument("--port", type=int, default=8866)
    parser.add_argument("--no-browser", action="store_true", help="only say the address")
    given = parser.parse_args(arguments)
    if not given.notebook.is_file() or given.notebook.suffix != ".ipynb":
        parser.error(f"NOTEBOOK must be a notebook (a file that ends in .ipynb), got {str(given.notebook)!r}")
    return [
        str(given.notebook),
        "--progressive_rendering=True",
        "--template=lecture",
        f"--port={given.port}",
        *["--no-browser"] * given.no_browser,
    ]


def main(arguments):
    command = arguments_of_voila(arguments)
    try:
        from voila.app import Voila  # here: everything else of the course works without it
    except ImportError:
        sys.exit("A lecture needs voila: python -m pip install -e '.[lecture]'")
    os.environ.update(environment(os.environ))
    print("Slides: PageDown and PageUp turn them, 1 to 4 press a lab's buttons, s opens the speaker notes, f fills the screen.")
    Voila.launch_instance(command)


if __name__ == "__main__":
    main(sys.argv[1:])
