"""Every benchmark starts in the same way; those of the curves run at their smallest size."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
CURVES = ["features", "linear", "phase_map", "polynomial", "table"]
BROWSER = ["film", "front_page"]  # latency, too, needs packages of its own: tests/benchmarks/requirements.txt


def start(name, *arguments):
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_are_tried():
    found = {
        path.stem
        for path in (TOP / "tests" / "benchmarks").glob("*.py")
        if re.search(r"^if __name__", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {*CURVES, *BROWSER, "latency", "mechanisms"}


@pytest.mark.parametrize("name", CURVES)
def test_a_benchmark_prints_a_ratio_at_its_smallest_size(name):
    words = start(name, "--small")
    assert "times faster" in words or "ratio" in words


@pytest.mark.parametrize("name", [*BROWSER, "latency", "mechanisms"])
def test_a_benchmark_of_the_browser_says_how_it_is_started(name):
    assert "usage:" in start(name, "--help")
