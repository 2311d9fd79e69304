"""For whatever pytest runs, tests and notebooks."""

import os
from pathlib import Path

import pytest

os.environ["DDLIB_PROGRESS"] = "off"  # neither reads nor writes the answers of a reader
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run side by side: more threads would only wait for each other

GUARD = Path(__file__).parent / "tests" / "guard"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """The kernels in which nbval runs the notebooks reach their own machine and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        if type(item).__module__.startswith("nbval"):  # the first cell of a notebook starts its kernel
            patch.setenv("PYTHONPATH", str(GUARD), prepend=os.pathsep)
        return (yield)
