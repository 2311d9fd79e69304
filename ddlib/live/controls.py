"""The controls of a lab, and how numbers are written beside them."""

from numbers import Number

import ipywidgets as widgets

from ddlib import checks

__all__ = ["whole_slider", "real_slider", "listed_slider", "choice", "one_of", "number", "tidy", "steps_from"]


def whole_slider(symbol, meaning, value, low, high, step=1):
    """A slider over whole numbers, its symbol and meaning beside it; a value that it cannot show is refused."""
    value = checks.whole(symbol, value, low, high)
    return widgets.IntSlider(value, low, high, step, **_look(symbol, meaning))


def real_slider(symbol, meaning, value, low, high, step, form=".2f"):
    """A slider over real numbers; form is how its value is written. A value beyond its ends is refused."""
    value = checks.real(symbol, value, low, high)
    return widgets.FloatSlider(value, min=low, max=high, step=step, readout_format=form, **_look(symbol, meaning))


def listed_slider(symbol, meaning, options, value):
    """A slider over a list of (text, value) pairs; another value is refused."""
    one_of(symbol or meaning, value, [each for _, each in options])
    return widgets.SelectionSlider(options=options, value=value, **_look(symbol, meaning))


def choice(meaning, options, value=None):
    """One of a few names, all of them visible; the first is chosen unless a value is given."""
    options = list(options)
    value = options[0] if value is None else one_of(meaning, value, options)
    return widgets.ToggleButtons(
        options=options,
        value=value,
        description=meaning,
        style={"description_width": "initial", "button_width": "auto"},
        layout=widgets.Layout(
            display="flex", flex_flow="row wrap", align_items="center", width="auto", max_width="100%", flex="1 1 auto"
        ),
    )


def one_of(name, value, options):
    """Return the value, or raise ValueError if it is none of the options."""
    if not any(value is each or isinstance(value, (str, Number)) and value == each for each in options):
        raise ValueError(f"{name} must be one of {options}, got {checks.shown(value)}")
    return value


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


def steps_from(control):
    """The values that one step of a control leads to, tidy."""
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        return [tidy(values[index]) for index in (control.index - 1, control.index + 1) if 0 <= index < len(values)]
    if hasattr(control, "base"):  # its ends and its step are exponents
        steps = [control.value * control.base**step for step in (-control.step, control.step)]
        low, high = control.base**control.min, control.base**control.max
    elif hasattr(control, "step"):
        steps = [control.value - control.step, control.value + control.step]
        low, high = control.min, control.max
    else:
        return [not control.value]
    return [tidy(value) for value in steps if tidy(low) <= tidy(value) <= tidy(high)]


def _look(symbol, meaning):
    return dict(
        description=f"{symbol}  {meaning}".strip(),
        style={"description_width": "initial"},
        layout=widgets.Layout(width="auto", min_width="min(300px, 100% - 4px)", max_width="430px", flex="1 1 360px"),
    )
