"""The server extension is switched on by installing ddlib, and kernel messages then leave at once."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tornado.testing import AsyncHTTPTestCase, gen_test
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from ddlib.server import _load_jupyter_server_extension


class Connection:
    """As little of a kernel's websocket connection as there is to it."""

    def __init__(self, websocket_handler):
        self.websocket_handler, self.connected = websocket_handler, False

    def connect(self):
        self.connected = True
        return "the answer of the class below"


class Handler(WebSocketHandler):
    def open(self):
        connection = self.settings["kernel_websocket_connection_class"](self)
        answer = connection.connect()
        delayed = not self.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        self.write_message(json.dumps([answer, connection.connected, delayed]))


class TestOverARealSocket(AsyncHTTPTestCase):
    def get_app(self):
        self.app = Application([("/", Handler)], kernel_websocket_connection_class=Connection)
        return self.app

    async def seen(self):
        client = await websocket_connect(f"ws://127.0.0.1:{self.get_http_port()}/")
        return json.loads(await client.read_message())

    @gen_test
    async def test_messages_wait_without_the_extension_and_leave_at_once_with_it(self):
        assert await self.seen() == ["the answer of the class below", True, True]
        _load_jupyter_server_extension(SimpleNamespace(web_app=self.app))
        assert await self.seen() == ["the answer of the class below", True, False]
        assert issubclass(self.app.settings["kernel_websocket_connection_class"], Connection)


def test_installing_ddlib_switches_it_on():
    found = Path(sys.prefix) / "etc" / "jupyter" / "jupyter_server_config.d" / "ddlib.json"
    assert json.loads(found.read_text())["ServerApp"]["jpserver_extensions"] == {"ddlib.server": True}
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"], capture_output=True, text=True, check=True
    )
    assert "ddlib.server" in listed.stdout + listed.stderr
    assert "ddlib.server is" not in listed.stdout + listed.stderr  # "... is not importable", and the like
