"""Profiles of the property-based tests (HYPOTHESIS_PROFILE=nightly tries many more examples), and the browser on JupyterLab."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings
from ipywidgets.widgets import widget
from jupyter_page import chromium, find_chromium, jupyterlab
from nbformat.sign import NotebookNotary
from playwright.sync_api import sync_playwright
from small_lab import cancel_all

FOLDER = Path(__file__).parent.parent / "notebooks"

# derandomize: a run without changes gives the same answer twice; the nightly one looks for new examples
settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def widgets_let_go():
    """ipywidgets keeps every widget until it is closed, and with it the lab's figure."""
    before = set(widget._instances)
    yield
    cancel_all()
    for model_id in set(widget._instances) - before:
        if model_id in widget._instances:  # not closed with another
            widget._instances[model_id].close()


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; CI does not skip what needs one."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            reason = "no Chromium here: install Debian's chromium, or run `playwright install chromium`"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        with chromium(playwright, path) as browser:
            yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """One JupyterLab for all tests, over a copy of the notebooks that it trusts as a reader's own."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = shutil.copytree(FOLDER, home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    (home / "data").mkdir()
    notary = NotebookNotary(data_dir=str(home / "data"))
    for path in folder.glob("*.ipynb"):
        notary.sign(nbformat.read(path, as_version=4))
    notary.store.close()
    with jupyterlab(folder, home) as address:
        yield address


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()
