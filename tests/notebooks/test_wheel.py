"""Reading anywhere: ddlib is a pure wheel, whole, and needs no compiled package that pyodide lacks."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
# compiled packages of ours and of our dependencies that pyodide has (its list of packages, 0.26 and later)
IN_PYODIDE = {"numpy", "matplotlib", "PIL", "contourpy", "kiwisolver", "fontTools"}

PROGRAM = """
import importlib, pkgutil, sys, sysconfig
from pathlib import Path
import ddlib
for module in pkgutil.walk_packages(ddlib.__path__, "ddlib."):
    if not module.name.startswith(("ddlib.export", "ddlib.lecture", "ddlib.data")):
        importlib.import_module(module.name)
standard, compiled = Path(sysconfig.get_paths()["stdlib"]), set()
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    if file.endswith((".so", ".pyd")) and "site-packages" in file:
        compiled.add(name.partition(".")[0])
from ddlib import figures, labs
from ddlib.datasets import read_table
figures.use_style()
X, y, names = read_table("digits")
lab = labs.polynomial_lab()
lab.set(P=40)
print(Path(ddlib.__file__).parent)
print(X.shape, lab.error, len(lab.picture.png()) > 10000)
print(*sorted(compiled))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, HOME], check=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_is_pure(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_all_of_ddlib_and_its_tables(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(HOME))
        for path in (HOME / "ddlib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    wanted |= {f"ddlib/data/{path.name}" for path in (HOME / "data").glob("*.csv*")}
    assert len(wanted) > 20 and "ddlib/figures/course.mplstyle" in wanted and "ddlib/data/digits.csv.gz" in wanted
    assert wanted <= held, sorted(wanted - held)


def test_it_works_from_the_wheel_alone(wheel, tmp_path):
    """In a clean environment, with what the wheel says it needs and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "clean"], check=True)
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = tmp_path / "clean" / folder / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    printed = subprocess.run([python, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True)
    assert printed.returncode == 0, printed.stderr
    place, worked, compiled = printed.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert worked == "(1797, 64) None True"
    assert {"numpy", "matplotlib"} <= set(compiled.split()) <= IN_PYODIDE


def test_what_the_wheel_needs_is_what_pyodide_has(wheel):
    file = zipfile.ZipFile(wheel)
    (metadata,) = [name for name in file.namelist() if name.endswith(".dist-info/METADATA")]
    needs = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", file.read(metadata).decode(), re.MULTILINE)
    assert sorted(needs) == ["ipywidgets", "matplotlib", "numpy", "pillow"]


def test_binder_installs_what_the_readme_installs():
    lines = (HOME / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r ../requirements.txt"]
    assert (HOME / ".binder" / "../requirements.txt").resolve() == HOME / "requirements.txt"
    version = tuple(map(int, re.fullmatch(r"python-(\d+)\.(\d+)\s*", (HOME / ".binder/runtime.txt").read_text()).groups()))
    assert version >= (3, 10)
