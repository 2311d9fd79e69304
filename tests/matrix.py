"""Do the stored outputs hold elsewhere? nbval, strict, over all notebooks: other versions, other processors, other threads.

python tests/matrix.py [WORD ...]     all rows, or those whose name contains one of the words

Each Python gets an environment of its own in FOLDER (default: matrix/ in the system's folder for temporary files),
which is kept for the next time. Rows of processors and threads use the newest versions on the Python that runs this.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("FOLDER") or Path(tempfile.gettempdir()) / "matrix")
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def oldest():
    """The lower ends of the ranges in pyproject.toml and requirements.txt, as constraints for pip."""
    text = (ROOT / "pyproject.toml").read_text() + (ROOT / "requirements.txt").read_text()
    found = re.findall(r'^\s*"?(numpy|matplotlib|ipywidgets|pillow|jupyterlab)>=([\d.]+)', text, re.MULTILINE)
    assert len(found) == 5, found
    return "\n".join(f"{name}=={version}" for name, version in found)


def find(python):
    """An interpreter of this version, from the PATH or pyenv; None if there is none."""
    versions = sorted(Path.home().glob(f".pyenv/versions/{python}.*/bin/python"))
    return next((path for path in [*versions, shutil.which(f"python{python}")] if path), None)


def environment(name, python, constraints=""):
    """The interpreter of an environment with the tests' requirements; made if need be."""
    folder = FOLDER / name
    made = folder / "bin" / "python"
    if not (folder / "done").exists():
        subprocess.run([find(python), "-m", "venv", "--clear", folder], check=True)
        (folder / "constraints.txt").write_text(constraints)
        subprocess.run(
            [
                made,
                "-m",
                "pip",
                "install",
                "--quiet",
                "-r",
                ROOT / "tests" / "requirements.txt",
                "-c",
                folder / "constraints.txt",
            ],
            check=True,
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        (folder / "done").touch()
    # it may have been made for another checkout
    subprocess.run([made, "-m", "pip", "install", "--quiet", "--no-deps", "-e", ROOT], check=True, stderr=subprocess.DEVNULL)
    return made


def versions(python):
    program = (
        "import numpy, matplotlib, ipywidgets, PIL, jupyterlab, platform; print('Python', platform.python_version(), "
        "*(f'{m.__name__} {m.__version__}' for m in (numpy, matplotlib, ipywidgets, PIL, jupyterlab)), sep=', ')"
    )
    return subprocess.run([python, "-c", program], text=True, capture_output=True).stdout.strip().replace("Python, ", "Python ")


def start(python, **variables):
    notebooks = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    notebooks = [path for path in notebooks if ".ipynb_checkpoints" not in path.parts]
    return subprocess.Popen(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *notebooks],
        cwd=ROOT,
        text=True,
        env={**os.environ, "MPLCONFIGDIR": str(Path(python).parent.parent / "matplotlib"), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def told(name, processes, began):
    outputs = [process.communicate()[0] for process in processes]
    results = "; ".join(output.strip().splitlines()[-1].strip("= ") for output in outputs)
    well = all(process.returncode == 0 for process in processes)
    print(f"{name:<28} {'well' if well else 'FAILED':<7} {time.perf_counter() - began:4.0f} s  {results}", flush=True)
    if not well:
        failures = re.findall(r"^FAILED.*$", "\n".join(outputs), re.MULTILINE)
        print(*failures[:20], *["..."] * (len(failures) > 20), sep="\n", flush=True)


def rows():
    """Name of each row, and a function that starts its processes."""
    here = lambda: environment(f"newest-{HERE}", HERE)  # noqa: E731
    yield "oldest, Python 3.10", lambda: [start(environment("oldest", "3.10", oldest()))]
    for python in PYTHONS:
        if find(python):
            yield f"newest, Python {python}", lambda python=python: [start(environment(f"newest-{python}", python))]
        else:
            print(f"newest, Python {python:<13} not on this machine")
    for threads in "12":
        yield f"BLAS threads {threads}", lambda threads=threads: [start(here(), OPENBLAS_NUM_THREADS=threads)]
    for core in ("Nehalem", "Haswell", "SkylakeX", "Zen"):
        yield f"core type {core}", lambda core=core: [start(here(), OPENBLAS_CORETYPE=core)]
    for turn in "123":
        yield f"run {turn} in a row", lambda: [start(here())]
    yield "two workers at once", lambda: [start(here()), start(here())]


if __name__ == "__main__":
    for name, begin in rows():
        if not sys.argv[1:] or any(word in name for word in sys.argv[1:]):
            began = time.perf_counter()
            try:
                told(name, begin(), began)
            except subprocess.CalledProcessError as error:
                print(f"{name:<28} does not install: {error}", flush=True)
