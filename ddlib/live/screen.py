"""The picture beside a lab's controls: a quick one at once, a crisp one in the pause, the next ones ahead."""

import base64
import contextlib
import time

import ipywidgets as widgets
import traitlets

from ddlib.figures.turns import later, running_loop
from ddlib.live.picture import LivePicture

__all__ = ["Screen"]

SECONDS_OF_PAUSE = 0.15
SECONDS_BETWEEN = 0.01  # pictures that nobody has asked for yet, so that a change waits for one of them at most
SHEETS = 4  # the one shown, a step to either side, and the one before; 20 to 140 kB each


def data_url(jpeg):
    """A picture as its own address: a browser shows it some 10 ms sooner than a blob, asked from another process."""
    return b"data:image/jpeg;base64," + base64.b64encode(jpeg)


class _Sheet(widgets.Image):
    """A picture that the browser has, the values that it shows, and the words that go with them."""

    # the front end writes a tooltip (the picture's alt text) only for widgets that have a description
    description = traitlets.Unicode("").tag(sync=True)

    def __init__(self, css_width, alt, visibility):
        super().__init__(
            format="url",
            tooltip=alt,
            layout=widgets.Layout(
                width=f"{css_width}px",
                height="auto",
                max_width="calc(100% - 4px)",
                align_self="flex-start",
                grid_area="pile",
                order="0",
                visibility=visibility,
            ),
        )
        self.values, self.words, self.loaded = None, None, 0

    def hold(self, picture, values, words):
        self.value, self.values, self.words = data_url(picture), values, words


class Screen:
    """A figure whose moving artists follow values by way of update(**values), which returns words; see Lab.

    The widget is a pile of sheets, of which only the one in front is seen. In each pause the other ones are given
    what the values would show that may well come next: who then asks for them waits no longer than for a bare word
    of the kernel, which lays that sheet on top.

    Whoever calls it holds ddlib.turns.turn: the artists have one owner at a time.
    """

    def __init__(self, figure, moving, update, alt):
        self._picture, self._update, self._alt, self._pause = LivePicture(figure, moving), update, alt, None
        self._shown = self._drawn = None  # the values of the sheet in front, and of the artists
        self.widget = widgets.GridBox(
            layout=widgets.Layout(grid_template_areas='"pile"', grid_template_columns="minmax(0, 1fr)")
        )
        self.sheets = []  # the one that was last of use is the last
        self.front = self._new_sheet("visible")

    @property
    def picture(self):
        """The live picture, its artists as they are shown."""
        self._restore()
        return self._picture

    def show(self, values, next_ones=()):
        """Show the picture of the values; returns update's words. An error in update leaves the last picture."""
        if running_loop():
            if sheet := self._sheet_of(values):
                self._bring_forward(sheet)
            else:
                words = self._set_artists(values)
                self.front.hold(self._picture.quick_frame(), values, words)
            self._after(SECONDS_OF_PAUSE, self._sharpen, next_ones)
        else:
            words = self._set_artists(values)
            self.front.hold(self._picture.frame(), values, words)
        self._of_use(self.front)
        self._shown = values
        return self.front.words

    def forget(self):
        """Show nothing that was drawn before: something besides the values has changed."""
        for sheet in self.sheets:
            sheet.values = None

    def close(self):
        if self._pause:
            self._pause.cancel()

    def _after(self, seconds, action, *arguments):
        if self._pause:
            self._pause.cancel()
        self._pause = later(seconds, action, *arguments)

    def _set_artists(self, values):
        self._drawn = None  # an update that fails may have moved some of them
        words = self._update(**values)
        self._drawn = values
        return words

    def _restore(self):
        if self._shown is not None and self._drawn != self._shown:
            self._set_artists(self._shown)

    def _new_sheet(self, visibility="hidden"):
        sheet = _Sheet(self._picture.css_size[0], self._alt, visibility)
        self.sheets.append(sheet)
        self.widget.children += (sheet,)
        return sheet

    def _sheet_of(self, values):
        """The sheet that shows the values in the browser by now, or None."""
        now = time.monotonic()
        return next((sheet for sheet in self.sheets if sheet.values == values and sheet.loaded <= now), None)

    def _of_use(self, sheet):
        self.sheets.remove(sheet)
        self.sheets.append(sheet)

    def _bring_forward(self, sheet):
        if sheet is not self.front:
            with sheet.layout.hold_sync():  # one message
                sheet.layout.order = str(int(self.front.layout.order) + 1)
                sheet.layout.visibility = "visible"
            self.front = sheet  # the other one stays below until the pause, so that there always is a picture

    def _sharpen(self, next_ones):
        for sheet in self.sheets:
            if sheet is not self.front:
                sheet.layout.visibility = "hidden"
        self.front.value = data_url(self.picture.frame())
        self._after(SECONDS_BETWEEN, self._draw_ahead, next_ones)

    def _draw_ahead(self, next_ones):
        if not next_ones:
            return self._restore()
        with contextlib.suppress(Exception):  # of values that nobody asked for; who does is told
            self._prepare(next_ones[0])
        self._after(SECONDS_BETWEEN, self._draw_ahead, next_ones[1:])

    def _prepare(self, values):
        sheet = self._sheet_of(values)
        if not sheet:
            words, picture = self._set_artists(values), self._picture.quick_frame()
            sheet = self._new_sheet() if len(self.sheets) < SHEETS else self.sheets[0]
            sheet.hold(picture, values, words)
            sheet.loaded = time.monotonic() + SECONDS_BETWEEN
        self._of_use(sheet)
