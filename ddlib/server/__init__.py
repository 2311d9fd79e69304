"""A Jupyter server extension: what a kernel sends reaches the browser at once.

By default small websocket messages wait in the network stack until earlier ones are acknowledged (Nagle's
algorithm), and a dragged slider waits with them. Installing ddlib beside JupyterLab switches this on.
"""

__all__ = ["undelayed"]


def undelayed(connection_class):
    """The class of a kernel's websocket connections, with TCP_NODELAY set on each."""

    class Undelayed(connection_class):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Undelayed


def _jupyter_server_extension_points():
    return [{"module": "ddlib.server"}]


def _load_jupyter_server_extension(server):
    # whichever class the server is set up with, a remote gateway's for one, is kept
    settings, name = server.web_app.settings, "kernel_websocket_connection_class"
    settings[name] = undelayed(settings[name])
