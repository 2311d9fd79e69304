"""The notebooks make no network connection: nbval runs each in a kernel that reaches its own machine and nothing else.

Here it is tested that such a kernel is refused what it asks of others, and that nbval's kernels are such kernels.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

TOP = Path(__file__).parents[2]
GUARD = TOP / "tests" / "guard"


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(GUARD), prepend=os.pathsep)
    return lambda notebook: NotebookClient(notebook, kernel_name="python3", timeout=300).execute()


def one_cell(source):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('93.184.216.34', 80), timeout=2)",
        "urllib.request.urlopen('http://example.org', timeout=2)",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('93.184.216.34', 53))",
        "socket.socket().connect_ex(('10.0.0.1', 80))",
    ],
)
def test_the_guard_works(run, attempt):
    with pytest.raises(CellExecutionError, match="Refused"):
        run(one_cell(f"import socket, urllib.request\ntry:\n    {attempt}\nexcept Exception:\n    pass"))


def test_the_guard_lets_the_machine_talk_to_itself(run):
    run(
        one_cell(
            "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(server.getsockname()).close()"
        )
    )


@pytest.mark.parametrize("host, passes", [("127.0.0.1", True), ("example.org", False)])
def test_nbval_runs_notebooks_behind_the_guard(host, passes, tmp_path):
    nbformat.write(one_cell(f"import socket\nsocket.getaddrinfo('{host}', 80) and None"), tmp_path / "asks.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval-lax", "--nbval-current-env", "asks.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(TOP)}, capture_output=True, text=True)
    assert (done.returncode == 0) == passes, done.stdout + done.stderr
    assert ("Refused" in done.stdout) != passes
