"""The notebooks make no network connection: each runs in a kernel that can reach its own machine and nothing else."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)

# Python runs this before anything else in a kernel that has its folder on PYTHONPATH. The kernel itself talks to the
# test over loopback. Lookups of names count as well: they leave the machine before any connection is made.
GUARD = '''
import socket

class Refused(BaseException):
    """Not an Exception: no `except Exception` may hide that a connection was tried."""

def is_here(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")

def guarded(name):
    real = getattr(socket.socket, name)
    def method(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(args[-1]):
            raise Refused(f"{name} to {args[-1]}")
        return real(self, *args)
    setattr(socket.socket, name, method)

for name in ("connect", "connect_ex", "sendto"):
    guarded(name)
look_up = socket.getaddrinfo
def getaddrinfo(host, *args, **named):
    if host not in (None, "", "127.0.0.1", "::1", "localhost"):
        raise Refused(f"a look-up of {host}")
    return look_up(host, *args, **named)
socket.getaddrinfo = getaddrinfo
'''


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))

    def execute(notebook):
        NotebookClient(notebook, kernel_name="python3", timeout=300,
                       resources={"metadata": {"path": str(FOLDER)}}).execute()
        return notebook

    return execute


def one_cell(source):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])


@pytest.mark.parametrize("attempt", [
    "socket.create_connection(('93.184.216.34', 80), timeout=2)",
    "urllib.request.urlopen('http://example.org', timeout=2)",
    "socket.getaddrinfo('example.org', 80)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('93.184.216.34', 53))",
    "socket.socket().connect_ex(('10.0.0.1', 80))",
])
def test_the_guard_works(run, attempt):
    with pytest.raises(CellExecutionError, match="Refused"):
        run(one_cell(f"import socket, urllib.request\ntry:\n    {attempt}\nexcept Exception:\n    pass"))


def test_the_guard_lets_the_machine_talk_to_itself(run):
    run(one_cell("import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
                 "socket.create_connection(server.getsockname()).close()"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
def test_a_notebook_reaches_for_no_network(run, path):
    run(nbformat.read(path, as_version=4))
