"""A real JupyterLab and a headless Chromium, for the tests that look at a notebook as a reader does."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

PAGE = {  # no question about news, and no search for extensions that could be built in, by node, at each start
    "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True},
    "buildCheck": False,
}


def find_chromium(playwright):
    """The path of a Chromium, or None if this machine has none."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    found = [shutil.which(name) for name in names] + [playwright.chromium.executable_path]
    return next((path for path in found if path and Path(path).exists()), None)


@contextmanager
def chromium(playwright, path):
    """A headless browser."""
    # a container has no user namespaces for the sandbox, and a small /dev/shm
    browser = playwright.chromium.launch(
        executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def jupyterlab(folder, home, python=sys.executable, options=()):
    """JupyterLab over folder on a free loopback port, its settings in home and not the reader's own.

    python is the interpreter of the server's environment.

    Yields a function from a notebook's name to its address, each in a workspace of its own: JupyterLab opens
    again what an earlier page of the same workspace had open.
    """
    config = home / "config" / "labconfig"
    config.mkdir(parents=True)
    (config / "page_config.json").write_text(json.dumps(PAGE))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    places = {f"JUPYTER_{name.upper()}_DIR": str(home / name) for name in ("config", "data", "runtime")}
    command = [
        python,
        "-m",
        "jupyterlab",
        *options,
        "--allow-root",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
    ]
    log = home / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **places, "IPYTHONDIR": str(home / "ipython"), "JUPYTER_TOKEN": token},
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield lambda name: f"http://127.0.0.1:{port}/lab/workspaces/{Path(name).stem}/tree/{name}?token={token}"
    finally:
        stop(server)


def stop(server):
    """Ask a server to end, and see that it does."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:  # its loop has ended, but now and then a waiting thread of anyio keeps it
        server.kill()
        server.wait()


def wait_for(address, server, log, seconds=120):
    """Wait until the server answers; if it ended instead, say why."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


class NotebookPage:
    """One notebook open in the browser."""

    def __init__(self, context, address):
        self.page, self.errors = context.new_page(), []
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        self.page.wait_for_function(
            """() => {
            const panel = window.jupyterapp?.shell.currentWidget;
            return panel?.context?.isReady && panel.content.widgets?.some(cell => cell.node.isConnected);
        }""",
            timeout=90_000,
        )

    def cells(self):
        """The code cells: place in the notebook, source, execution count, kinds of output."""
        return self.page.evaluate("""() => [...jupyterapp.shell.currentWidget.content.model.cells]
            .map((cell, place) => ({place, kind: cell.type, source: cell.sharedModel.getSource(),
                count: cell.executionCount, outputs: cell.type == 'code' ? cell.outputs.toJSON() : []}))
            .filter(cell => cell.kind == 'code')""")

    def run_all(self, seconds=120):
        """Run all cells through the menu and wait for the last."""
        self.page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status == 'idle'", timeout=60_000
        )
        # the counts that are stored in the file must not be taken for those of this run
        self.page.evaluate("""jupyterapp.shell.currentWidget.content.widgets.forEach(
            cell => { if (cell.model.type == 'code') cell.model.executionCount = null; })""")
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator(".lm-Menu").get_by_text("Run All Cells", exact=True).click()
        self.page.wait_for_function(
            """() => {
            const panel = jupyterapp.shell.currentWidget;
            const code = [...panel.content.model.cells].filter(cell => cell.type == 'code');
            const failed = code.some(cell => cell.outputs.toJSON().some(output => output.output_type == 'error'));
            const numbered = code.every(cell => cell.executionCount || !cell.sharedModel.getSource().trim());
            return failed || (numbered && panel.sessionContext.session.kernel.status == 'idle');
        }""",
            timeout=1000 * seconds,
        )

    def cell(self, place):
        """The cell at a place, scrolled into view; JupyterLab may attach it only then."""
        node = self.page.evaluate_handle(
            """async place => {
            const list = jupyterapp.shell.currentWidget.content;
            for (let tries = 0; tries < 300; tries++) {
                list.scrollToItem(place, 'center');
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                const node = list.widgets[place].node, box = node.getBoundingClientRect();
                if (node.isConnected && box.height && box.bottom > 0 && box.top < innerHeight) return node;
            }
        }""",
            place,
        )
        return node.as_element()
