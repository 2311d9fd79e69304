"""How labs and questions stand on the page: in particular, what is said once their kernel is gone."""

import ipywidgets as widgets

__all__ = ["on_page"]

# JupyterLab gives this class to what no kernel answers for any more, and leaves it on the page.
_STYLE = """<style>
.ddlib-live.jupyter-widgets-disconnected::before { display: none; }
.ddlib-live.jupyter-widgets-disconnected::after {
    content: "Not connected: this is how it was left. Run the notebook (menu Run, Run All Cells) to bring it back to life.";
    order: -1; padding: 4px 8px; border-left: 4px solid #D55E00; font-size: var(--jp-ui-font-size1, 13px);
    color: var(--jp-ui-font-color1, #222222); background: var(--jp-layout-color2, #eeeeee);
}
.ddlib-live.jupyter-widgets-disconnected > * { pointer-events: none; }
.ddlib-live.jupyter-widgets-disconnected > :not(.widget-gridbox) { opacity: 0.7; }
.ddlib-live .jupyter-widgets-disconnected::before { display: none; }
.ddlib-live .widget-button { max-width: calc(100% - 4px); height: auto; min-height: 28px; white-space: normal; }
@media (max-width: 700px) {
    .ddlib-live .widget-inline-hbox > .widget-label { flex-shrink: 1; min-width: min-content; height: auto; white-space: normal; }
    .ddlib-live .widget-inline-hbox > .widget-readout { height: auto; overflow: visible; white-space: normal; }
}
</style>"""


def on_page(children):
    """A column of widgets that says so when it is only a picture of what it was."""
    box = widgets.VBox([*children, widgets.HTML(_STYLE, layout=widgets.Layout(display="none"))])
    box.add_class("ddlib-live")
    return box
