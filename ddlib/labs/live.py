"""Controls beside a picture that follows them: the one mechanism behind every lab."""

import asyncio
import base64
import html

import ipywidgets as widgets
import traitlets
from IPython import get_ipython

from ddlib.labs.picture import LivePicture
from ddlib.onpage import on_page
from ddlib.questions import given

__all__ = ["Lab", "whole_slider", "real_slider", "listed_slider", "choice", "number"]

SECONDS_OF_PAUSE = 0.15

# The lab that each cell shows. A lab takes some 10 MB, and ipywidgets keeps every widget until it is closed.
shown = {}


def whole_slider(symbol, meaning, value, low, high, step=1):
    """A slider over whole numbers, its symbol and meaning beside it."""
    return widgets.IntSlider(value, low, high, step, **_look(symbol, meaning))


def real_slider(symbol, meaning, value, low, high, step, form=".2f"):
    """A slider over real numbers; form is how its value is written."""
    return widgets.FloatSlider(value, min=low, max=high, step=step, readout_format=form, **_look(symbol, meaning))


def listed_slider(symbol, meaning, options, value):
    """A slider over a list of (text, value) pairs."""
    return widgets.SelectionSlider(options=options, value=value, **_look(symbol, meaning))


def choice(meaning, options):
    """One of a few names, all of them visible; the first is chosen."""
    return widgets.ToggleButtons(options=list(options), description=meaning,
                                 style={"description_width": "initial", "button_width": "auto"})


def number(value):
    """Three digits, or a power of ten where that says more."""
    if value == 0:
        return "0"
    if 1e-3 <= value < 1e4:
        return f"{value:.3g}" if value < 999.5 else f"{value:.0f}"
    digits, power = f"{value:.0e}".split("e")
    return f"{digits}e{int(power)}"


def tidy(value):
    """The value without its last digits: a slider in the browser steps to 0.30000000000000004."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _look(symbol, meaning):
    return dict(description=f"{symbol}  {meaning}".strip(), style={"description_width": "initial"},
                layout=widgets.Layout(width="auto", min_width="min(300px, 100% - 4px)", max_width="430px",
                                      flex="1 1 360px"))


def data_url(jpeg):
    """A JPEG as its own address: a browser shows it about 10 ms sooner than a blob, which it asks another process for."""
    return b"data:image/jpeg;base64," + base64.b64encode(jpeg)


def within(widget):
    """A widget and all that it contains."""
    return [widget, *(part for child in getattr(widget, "children", ()) for part in within(child))]


class _Image(widgets.Image):
    # the front end writes a tooltip (the picture's alt text) only for widgets that have a description
    description = traitlets.Unicode("").tag(sync=True)


class Lab:
    """A figure, the artists that move, the controls, and a function from their values to the artists.

    Parameters
    ----------
    figure : Figure                    9 x 4 inches shows as 900 x 400 px
    moving : list of artists           all that update changes; the rest is drawn once
    controls : dict of name -> widget  whole_slider, real_slider, listed_slider, choice
    update : function(**values) -> str sets the artists' data and says in words what is seen
    alt : str                          what the picture shows, for those who do not see it
    presets : dict of name -> (values, story)
    redraw : bool                      True adds the value `seed` and a button that changes it
    below : names of the controls that stand under the picture
    remember : str                     a name under which the values survive a second run of the cell

    An error in update is shown in the lab, above the last good picture.
    """

    def __init__(self, figure, moving, controls, update, alt, presets=None, redraw=False, below=(),
                 remember=None):
        self.picture = LivePicture(figure, moving)
        self.controls, self.alt, self.error, self._pause = controls, alt, None, None
        self._update, self._presets, self._seed, self._held = update, presets or {}, 0 if redraw else None, False
        self._start, self._remember = self.values(), remember
        self._recall(given.get(remember, {}))
        width, _ = self.picture.css_size
        self._image = _Image(format="url", tooltip=alt, layout=widgets.Layout(
            width=f"{width}px", height="auto", max_width="calc(100% - 4px)", align_self="flex-start"))
        self._readout = widgets.HTML(layout=widgets.Layout(min_height="4.2em", max_width=f"{width}px"))
        self._preset_buttons = {name: self._button(name, values=values) for name, (values, _) in self._presets.items()}
        buttons = [widgets.HTML("<b>Try</b>")] * bool(presets) + list(self._preset_buttons.values())
        if redraw:
            buttons.append(self._button("Redraw: new data", icon="refresh", action=self._new_seed))
        buttons.append(self._button("Reset", icon="undo", action=self._reset))
        row = widgets.Layout(flex_flow="row wrap", align_items="center", max_width=f"{width}px")
        above = [control for name, control in controls.items() if name not in below]
        rows = [buttons, above, self._image, [controls[name] for name in below], self._readout]
        self.box = on_page([widgets.HBox(part, layout=row) if isinstance(part, list) else part
                            for part in rows if part != []])
        for control in controls.values():
            control.observe(self._changed, "value")
        self._refresh()

    def values(self):
        """The controls' values by name, and the seed where the lab can redraw."""
        values = {name: tidy(control.value) for name, control in self.controls.items()}
        return values if self._seed is None else {**values, "seed": self._seed}

    def set(self, **values):
        """Set several controls, and the seed, as one change: one new picture."""
        unknown = set(values) - set(self.values())
        if unknown:
            raise ValueError(f"no control is called {sorted(unknown)[0]!r}; there are {sorted(self.values())}")
        self._held = True
        try:
            for name, value in values.items():
                if name == "seed":
                    self._seed = value
                else:
                    self.controls[name].value = value
        finally:
            self._held = False
            self._refresh()

    @property
    def readout(self):
        """What the lab says in words about its picture."""
        return self._readout.value

    def _recall(self, remembered):
        """Set the controls as they were; what an edited file or an earlier version left there is passed over."""
        for name, value in remembered.items() if isinstance(remembered, dict) else ():
            if name in self.controls:
                try:
                    self.controls[name].value = value
                except traitlets.TraitError:  # the control's own check
                    continue

    def _button(self, name, icon="", values=None, action=None):
        button = widgets.Button(description=name, icon=icon, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: action() if action else self.set(**{**self._start, **values}))
        return button

    def _new_seed(self):
        self.set(seed=self._seed + 1)

    def _reset(self):
        self.set(**self._start)

    def _changed(self, _):
        if not self._held:
            self._refresh()

    def _refresh(self):
        values = self.values()
        try:
            words = self._update(**values)
            self._show()
            self.error = None
        except Exception as error:  # whatever it is, the reader is told: a callback's traceback is never seen
            self.error = error
            asked = ", ".join(f"{name} = {value}" for name, value in values.items())
            words = (f"<b>This setting failed</b> ({html.escape(asked)}): "
                     f"{type(error).__name__}: {html.escape(str(error))}. "
                     + "The picture still shows the setting before it." * bool(self._image.value))
        story = ""
        for name, (preset, text) in self._presets.items():
            wanted = {**self._start, **preset}
            active = all(values[key] == tidy(value) for key, value in wanted.items() if key != "seed")
            self._preset_buttons[name].style.font_weight = "bold" if active else "normal"
            story = f"<i>{text}</i><br>" if active else story
        if self._remember:
            given[self._remember] = {name: values[name] for name in self.controls}
        self._readout.value = f'<div role="status" style="line-height: 1.45">{story}{words}</div>'

    def _show(self):
        """Send at once a frame that is quick to draw, to send and to decode, and a crisp one in the next pause."""
        if self._pause:
            self._pause.cancel()
        try:
            self._pause = asyncio.get_running_loop().call_later(SECONDS_OF_PAUSE, self._sharpen)
        except RuntimeError:  # no loop to wait in: this is not a notebook
            self._sharpen()
        else:
            self._image.value = data_url(self.picture.quick_frame())

    def _sharpen(self):
        self._image.value = data_url(self.picture.frame())

    def close(self):
        """Let go of all that the lab holds; it is of no use afterwards."""
        if self._pause:
            self._pause.cancel()
        for widget in within(self.box):
            for part in (getattr(widget, "style", None), widget.layout, widget):
                if isinstance(part, widgets.Widget):
                    part.close()
        vars(self).clear()  # IPython's Out keeps the lab itself
        self.alt = "This lab made way for the one that its cell shows now."

    def _repr_mimebundle_(self, include=None, exclude=None):
        if "picture" not in vars(self):
            return {"text/plain": self.alt}, {}
        self._make_way()
        bundle = self.box._repr_mimebundle_()
        width, height = self.picture.css_size
        data = {**bundle, "text/plain": self.alt, "image/png": base64.b64encode(self.picture.png()).decode()}
        return data, {"image/png": {"width": width, "height": height, "alt": self.alt}}

    def _make_way(self):
        """Close the lab that this cell showed when it was last run."""
        kernel = get_ipython()
        message = kernel.get_parent() if hasattr(kernel, "get_parent") else {}
        cell = message.get("metadata", {}).get("cellId")
        before = shown.get(cell)
        if cell and before is not self:
            if before:
                before.close()
            shown[cell] = self
