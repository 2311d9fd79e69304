"""A room imports only from rooms above it; maths knows nothing of pictures. And the doctests run."""

import ast
import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ddlib"
MATHS = ["checks", "datasets", "fit", "curves", "theory"]
ORDER = MATHS + ["figures", "progress", "live", "labs", "course", "lecture", "export", "server"]
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def layer(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path):
    """The modules of ddlib that a file imports, as the names of their layers."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides where a name comes from"
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [module.split(".")[1] for module in modules if module.startswith("ddlib.")]
    return found


def test_every_room_has_a_place_in_the_order_and_a_line_in_the_map():
    rooms = {layer(path) for path in FILES}
    assert rooms == set(ORDER) and len(ORDER) <= 13
    entries = {path.name for path in PACKAGE.iterdir() if path.name not in ("__init__.py", "__pycache__", "data")}
    assert {entry.removesuffix(".py") for entry in entries} == set(ORDER), "nothing lies beside the rooms"
    lines = (PACKAGE / "__init__.py").read_text(encoding="utf-8").splitlines()
    told = [re.match(r"([a-z]+)(/|\.py) +\w", line) for line in lines]
    assert [found[1] for found in told if found] == ORDER


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_from_rooms_above_it(path):
    here = layer(path)
    for other in imports(path):
        assert ORDER.index(other) < ORDER.index(here) or other == here, f"{here} imports {other}"


def test_what_is_fast_knows_nothing_of_the_curves():
    for path in (PACKAGE / "curves" / "fast").glob("*.py"):
        found = re.findall(r"^from (ddlib\S*) import", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert all(module.startswith("ddlib.curves.fast") for module in found), path.name


def test_notebooks_and_readme_import_from_rooms_only():
    top = PACKAGE.parent
    for path in [*(top / "notebooks").rglob("*.ipynb"), top / "README.md", top / ".github" / "CONTRIBUTING.md"]:
        for module in re.findall(r"(?:from|import) ddlib\.([\w.]+)", path.read_text(encoding="utf-8")):
            assert module in ORDER, f"{path.name} imports from ddlib.{module}"


@pytest.mark.parametrize("name", MATHS)
def test_maths_loads_no_pictures_and_no_sliders(name):
    program = f"import sys, ddlib.{name}; print(*sorted({{module.split('.')[0] for module in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "ddlib" in loaded and "numpy" in loaded
    assert not {"matplotlib", "ipywidgets", "PIL", "scipy", "sklearn"} & set(loaded)


def dotted(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", [dotted(path) for path in [PACKAGE / "__init__.py", *FILES]])
def test_the_examples_of_the_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_the_maths_has_examples():
    counts = {path: doctest.testmod(importlib.import_module(dotted(path))).attempted for path in FILES}
    for name in MATHS[1:]:
        assert sum(count for path, count in counts.items() if layer(path) == name), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_all_names_what_exists(path):
    module = importlib.import_module(dotted(path))
    assert all(hasattr(module, name) for name in getattr(module, "__all__", []))
