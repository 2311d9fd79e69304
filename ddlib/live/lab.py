"""Controls beside a picture that follows them: the one mechanism behind every lab."""

import base64
import html
import os
from functools import partial

import ipywidgets as widgets
import traitlets
from IPython import get_ipython

from ddlib import checks
from ddlib.figures.turns import turn
from ddlib.live.controls import steps_from, tidy
from ddlib.live.onpage import on_page, within
from ddlib.live.screen import Screen
from ddlib.live.standin import HEIGHT, MISSING, RUN, with_note
from ddlib.progress import given

__all__ = ["Lab"]

# The lab that each cell shows. A lab takes some 10 MB, and ipywidgets keeps every widget until it is closed.
shown = {}


class Lab:
    """A figure, the artists that move, the controls, and a function from their values to the artists.

    Parameters
    ----------
    figure : Figure                    9 x 4 inches shows as 900 x 400 px
    moving : list of artists           all that update changes; the rest is drawn once
    controls : dict of name -> widget  those of ddlib.labs.controls
    update : function(**values) -> str sets the artists' data and says in words what is seen
    alt : str                          what the picture shows, for those who do not see it
    presets : dict of name -> (values, story)
    redraw : bool                      True adds the value `seed` and a button that changes it
    below : names of the controls that stand under the picture
    remember : str                     a name under which the values survive a second run of the cell

    An error in update is shown in the lab, above the last good picture. In each pause the lab draws what one more
    step of the same control would show: who goes on step by step need not wait for it. So update does nothing
    but set the artists, from nothing but the values; where it reads more, call renew when that has changed.
    """

    def __init__(self, figure, moving, controls, update, alt, presets=None, redraw=False, below=(), remember=None):
        self._screen = Screen(figure, moving, update, alt)
        self.controls, self.alt, self.error, self._moved = controls, alt, None, None
        self._presets, self._seed, self._held = presets or {}, 0 if redraw else None, False
        self.offered = tuple(controls)  # what a reader can move
        self._start, self._remember = self.values(), remember
        self._recall(given.get(remember, {}))
        width, _ = self.picture.css_size
        self._readout = widgets.HTML(layout=widgets.Layout(min_height="4.2em", max_width=f"{width}px"))
        self._preset_buttons = {name: self._button(name, values=values) for name, (values, _) in self._presets.items()}
        self._buttons = [widgets.HTML("<b>Try</b>")] * bool(presets) + list(self._preset_buttons.values())
        if redraw:
            self._buttons.append(self._button("Redraw: new data", icon="refresh", action=self._new_seed))
        self._buttons.append(self._button("Reset", icon="undo", action=self._reset))
        row = widgets.Layout(flex_flow="row wrap", align_items="center", max_width=f"{width}px")
        above = [control for name, control in controls.items() if name not in below]
        rows = [self._buttons, above, self._screen.widget, [controls[name] for name in below], self._readout]
        self.box = on_page([widgets.HBox(part, layout=row) if isinstance(part, list) else part for part in rows if part != []])
        for name, control in controls.items():
            control.observe(partial(self._changed, name), "value")
        with turn:
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
        with turn:
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

    def on_slide(self, *names, presets=0):
        """Keep what one slide of a lecture has room for: the picture, the named controls, the first few presets.

        Returns the lab. What is hidden stays as it is; a setting that fails is told all the same.
        """
        unknown = set(names) - set(self.controls)
        if unknown:
            raise ValueError(f"no control is called {sorted(unknown)[0]!r}; there are {sorted(self.controls)}")
        presets = checks.whole("presets", presets, 0, len(self._presets))
        self._remember = None  # it is the room that moves it: nobody's answer, and it begins with nobody's
        self.set(**self._start)
        self._presets, self.offered = dict(list(self._presets.items())[:presets]), names
        kept = [*(self._preset_buttons[name] for name in self._presets), *(self.controls[name] for name in names)]
        for widget in [*self._buttons, *self.controls.values(), self._readout]:
            if widget not in kept:
                widget.layout.display = "none"
        self.box.add_class("on-slide")
        return self

    def renew(self):
        """Draw the same values anew."""
        with turn:
            self._screen.forget()
            self._refresh()

    @property
    def picture(self):
        """The figure, its artists as they are shown."""
        with turn:
            return self._screen.picture

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

        def pressed(_):
            with turn:
                action() if action else self.set(**{**self._start, **values})
                self._record()

        button.on_click(pressed)
        return button

    def _new_seed(self):
        self._moved = "seed"
        self.set(seed=self._seed + 1)

    def _reset(self):
        self.set(**self._start)

    def _changed(self, name, _):
        with turn:
            if not self._held:
                self._moved = name
                self._refresh()
                self._record()

    def _record(self):
        """Remember what the reader has done; what a lab begins with is nobody's answer."""
        if self._remember:
            given[self._remember] = {name: control.value for name, control in self.controls.items()}

    def _steps(self, values):
        """The values that one more step leads to, of whatever was moved last."""
        name = self._moved
        steps = [] if name is None else [values[name] + 1] if name == "seed" else steps_from(self.controls[name])
        return [{**values, name: value} for value in steps]

    def _refresh(self):
        values = self.values()
        try:
            words = self._screen.show(values, self._steps(values))
            self.error = None
        except Exception as error:  # whatever it is, the reader is told: a callback's traceback is never seen
            self.error, self._readout.layout.display = error, None
            asked = ", ".join(f"{name} = {value}" for name, value in values.items())
            words = (
                f"<b>This setting failed</b> ({html.escape(asked)}): "
                f"{type(error).__name__}: {html.escape(str(error))}. "
                + "The picture still shows the setting before it."
                * bool(self._screen.front.value)
            )
        story, active = "", set()
        for name, (preset, text) in self._presets.items():
            wanted = {**self._start, **preset}
            if all(values[key] == tidy(value) for key, value in wanted.items() if key != "seed"):
                story = f"<i>{text}</i><br>"
                active.add(name)
        self._readout.value = f'<div role="status" style="line-height: 1.45">{story}{words}</div>'
        for name, button in self._preset_buttons.items():
            button.style.font_weight = "bold" if name in active else "normal"

    def close(self):
        """Let go of all that the lab holds; it is of no use afterwards."""
        with turn:
            self._screen.close()
            for widget in within(self.box):
                for part in (getattr(widget, "style", None), widget.layout, widget):
                    if isinstance(part, widgets.Widget):
                        part.close()
            vars(self).clear()  # IPython's Out keeps the lab itself
            self.alt = "This lab made way for the one that its cell shows now."

    def _repr_mimebundle_(self, include=None, exclude=None):
        with turn:
            if "_screen" not in vars(self):
                return {"text/plain": self.alt}, {}
            self._make_way()
            bundle = self.box._repr_mimebundle_()
            if not self._screen.front.value:  # its first drawing failed: the readout says why, and so does the text
                return {**bundle, "text/plain": f"{self.alt}\nIt could not be drawn: {self.error!r}"}, {}
            if os.environ.get("DDLIB_LECTURE"):  # nothing is stored, and the room waits
                return {**bundle, "text/plain": self.alt}, {}
            width, height = self.picture.css_size
            picture = base64.b64encode(with_note(self.picture.png())).decode()
            data = {**bundle, "text/plain": self.alt, "image/png": picture}
            about = {"width": width, "height": height + HEIGHT, "alt": f"{self.alt} To move it: {RUN}. {MISSING}"}
            return data, {"image/png": about}

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
