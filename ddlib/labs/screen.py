"""The image beside a lab's controls: a quick picture at once, a crisp one in the pause, the next ones ahead."""

import asyncio
import base64
import contextlib

import ipywidgets as widgets
import traitlets

from ddlib.labs.picture import LivePicture

__all__ = ["Screen", "running_loop"]

SECONDS_OF_PAUSE = 0.15
SECONDS_BETWEEN = 0.01  # pictures that nobody has asked for yet, so that a change waits for one of them at most
FRAMES_KEPT = 4         # the one shown, a step to either side, and the one before; 20 to 140 kB each


def running_loop():
    """The event loop that there is time to wait in, or None: then this is not a notebook."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def data_url(image):
    """A picture as its own address: a browser shows it some 10 ms sooner than a blob, asked from another process."""
    kind = b"png" if image.startswith(b"\x89PNG") else b"jpeg"
    return b"data:image/" + kind + b";base64," + base64.b64encode(image)


class _Image(widgets.Image):
    # the front end writes a tooltip (the picture's alt text) only for widgets that have a description
    description = traitlets.Unicode("").tag(sync=True)


class Screen:
    """A figure whose moving artists follow values by way of update(**values), which returns words; see Lab.

    In each pause it draws what the values would show that may well come next: who asks for them need not wait.
    """

    def __init__(self, figure, moving, update, alt):
        self._picture, self._update, self._pause = LivePicture(figure, moving), update, None
        self._frames = {}                  # values -> (picture, words)
        self._shown = self._drawn = None   # the values of the picture in the widget, and of the artists
        width, _ = self._picture.css_size
        self.widget = _Image(format="url", tooltip=alt, layout=widgets.Layout(
            width=f"{width}px", height="auto", max_width="calc(100% - 4px)", align_self="flex-start"))

    @property
    def picture(self):
        """The live picture, its artists as they are shown."""
        self._restore()
        return self._picture

    def show(self, values, next_ones=()):
        """Show the picture of the values; returns update's words. An error in update leaves the last picture."""
        if running_loop():
            self.widget.value, words = self._frame(values, self._picture.quick_frame)
            self._after(SECONDS_OF_PAUSE, self._sharpen, next_ones)
        else:
            words = self._set_artists(values)
            self.widget.value = data_url(self._picture.frame())
        self._shown = values
        return words

    def forget(self):
        """Draw nothing from memory: something besides the values has changed."""
        self._frames.clear()

    def close(self):
        if self._pause:
            self._pause.cancel()

    def _after(self, seconds, action, *arguments):
        if self._pause:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(seconds, action, *arguments)

    def _set_artists(self, values):
        self._drawn = None  # an update that fails may have moved some of them
        words = self._update(**values)
        self._drawn = values
        return words

    def _restore(self):
        if self._drawn != self._shown:
            self._set_artists(self._shown)

    def _frame(self, values, encoded):
        """The picture of the values and its words, from memory if it has been drawn."""
        key = tuple(values.items())
        frame = self._frames.pop(key, None)
        if frame is None:
            words = self._set_artists(values)
            frame = data_url(encoded()), words
        self._frames[key] = frame
        if len(self._frames) > FRAMES_KEPT:
            del self._frames[next(iter(self._frames))]  # of longest ago
        return frame

    def _sharpen(self, next_ones):
        self.widget.value = data_url(self.picture.frame())
        self._after(SECONDS_BETWEEN, self._draw_ahead, next_ones)

    def _draw_ahead(self, next_ones):
        if not next_ones:
            return self._restore()
        with contextlib.suppress(Exception):  # of values that nobody asked for; who does is told
            self._frame(next_ones[0], self._picture.small_frame)
        self._after(SECONDS_BETWEEN, self._draw_ahead, next_ones[1:])
