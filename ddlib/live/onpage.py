"""How labs and questions stand on the page: in particular, what is said once their kernel is gone."""

import ipywidgets as widgets

from ddlib.figures.turns import turn
from ddlib.live.standin import RUN

__all__ = ["on_page", "within"]

# JupyterLab gives this class to what no kernel answers for any more, and leaves it on the page.
_STYLE = """<style>
.ddlib-live.jupyter-widgets-disconnected::before { display: none; }
.ddlib-live.jupyter-widgets-disconnected::after {
    content: "Not connected: this is how it was left. To bring it back to life: %s.";
    order: -1; padding: 4px 8px; border-left: 4px solid #D55E00; font-size: var(--jp-ui-font-size1, 13px);
    color: var(--jp-ui-font-color1, #222222); background: var(--jp-layout-color2, #eeeeee);
}
.ddlib-live.jupyter-widgets-disconnected > * { pointer-events: none; }
.ddlib-live.jupyter-widgets-disconnected > :not(.widget-gridbox) { opacity: 0.7; }
.ddlib-live .jupyter-widgets-disconnected::before { display: none; }
.ddlib-live .widget-toggle-buttons > .widget-label { margin-right: 8px; }
.ddlib-live .widget-button { max-width: calc(100% - 4px); height: auto; min-height: 28px; white-space: normal; }
@media (max-width: 700px) {
    .ddlib-live .widget-inline-hbox > .widget-label { flex-shrink: 1; min-width: min-content; height: auto; white-space: normal; }
    .ddlib-live .widget-inline-hbox > .widget-readout { height: auto; overflow: visible; white-space: normal; }
}
</style>""".replace("%s", RUN)


def within(widget):
    """A widget and all that it contains."""
    return [widget, *(part for child in getattr(widget, "children", ()) for part in within(child))]


def on_page(children):
    """A column of widgets that says so when it is only a picture of what it was, and whose messages take turns."""
    box = widgets.VBox([*children, widgets.HTML(_STYLE, layout=widgets.Layout(display="none"))])
    box.add_class("ddlib-live")
    for widget in within(box):
        _take_turns(widget)
    return box


def _take_turns(widget):
    """Let the widget take in each of its messages, and do all that follows, while no other thread draws."""
    handle = widget._handle_msg  # what ipywidgets itself gives to the comm

    def handle_in_turn(message):
        with turn:
            if widget.comm:  # it may have been closed while the message waited
                handle(message)

    widget.comm.on_msg(handle_in_turn)
