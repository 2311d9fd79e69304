"""A file imports only from files above it; maths knows nothing of pictures. And the doctests run."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ddlib"
MATHS = ["checks", "tables", "models", "datasets", "digits", "features", "descent", "fit", "triangular", "sweep", "growth",
         "curves", "phases", "effective", "ridge_runs", "feature_sweep", "random_features", "networks", "factors",
         "theory", "epochs", "ridge_theory"]
ORDER = MATHS + ["turns", "progress", "figures", "standin", "onpage", "questions", "exercises", "labs", "export", "lecture", "server"]
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


def test_every_file_has_a_place_in_the_order():
    assert {layer(path) for path in FILES} <= set(ORDER)
    assert {layer(path) for path in FILES} >= {"checks", "datasets", "digits", "features", "fit", "curves"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_from_files_above_it(path):
    here = layer(path)
    for other in imports(path):
        inside = here == other and path.parent != PACKAGE  # files of one folder
        assert inside or ORDER.index(other) < ORDER.index(here), f"{here} imports {other}"


@pytest.mark.parametrize("name", [name for name in MATHS if name in map(layer, FILES)])
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
    for name in ("tables", "datasets", "features", "fit", "curves"):
        assert sum(count for path, count in counts.items() if layer(path) == name), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_all_names_what_exists(path):
    module = importlib.import_module(dotted(path))
    assert all(hasattr(module, name) for name in getattr(module, "__all__", []))
