"""A lab recorded over one of its sliders: pictures computed beforehand, for a page that has no kernel."""

import base64
import io
import itertools
import re

import ipywidgets as widgets
import numpy as np
from PIL import Image

from ddlib.live.controls import tidy

__all__ = ["record", "thin"]

DENSITY = 1.5  # pixels per CSS pixel: clean lines, and half the bytes of 2
MOST_STEPS = 48
MOST_FRAMES = 96
COLOURS = 64
PAPER = 0xFFFFFFFF
SLIDERS = (widgets.IntSlider, widgets.FloatSlider, widgets.FloatLogSlider, widgets.SelectionSlider)


def record(lab):
    """The film of a lab: a dict that JSON can hold.

    One slider is filmed: the one that the lab names in an attribute `film`, or else the one that its
    numbered buttons move to the most places. A strip is its run for one setting of the other controls;
    there is one for each setting that a numbered button makes, and for either state of a toggle that changes the picture.

    Parameters
    ----------
    lab : Lab    it is left as it was found

    Returns
    -------
    dict         label, unit: the filmed slider's words; steps: its values as text;
                 strips: one list of frames for each setting, a frame being [picture, words];
                 base: what all pictures share; start: [strip, step]; buttons: [name, strip, step];
                 toggles: words of the two-state controls, each doubling the strips; fixed: the others

    Pictures are base64 WebP and show, transparent elsewhere, where a frame differs from the base.
    """
    found, start = lab.values(), lab._start
    canvas = lab.picture.canvas(DENSITY)
    filmed = getattr(lab, "film", None) or leading_slider(lab)
    presets = {name: {**start, **values} for name, (values, _) in lab._presets.items()}
    wanted = [start, *presets.values()]
    pixels, words = [], []
    try:
        toggles = [
            name
            for name, control in lab.controls.items()
            if name in lab.offered and isinstance(control.value, bool) and makes_a_difference(name, lab, canvas)
        ]
        states = list(itertools.product([False, True], repeat=len(toggles)))
        rests = [without(values, filmed, *toggles) for values in wanted]
        settings = list({repr(rest): rest for rest in rests}.values())
        steps, texts = chosen_steps(lab, filmed, wanted, MOST_FRAMES // (len(settings) * len(states)))
        for setting, state, step in itertools.product(settings, states, steps):
            lab.set(**setting, **dict(zip(toggles, state)), **({filmed: step} if filmed else {}))
            if lab.error:
                raise lab.error
            pixels.append(lab.picture.draw(canvas).copy())
            words.append(re.sub(r'^<div role="status"[^>]*>(.*)</div>$', r"\1", lab.readout, flags=re.DOTALL))
    finally:
        lab.set(**found)

    def place(values):
        state = states.index(tuple(values[name] for name in toggles))
        return [
            settings.index(without(values, filmed, *toggles)) * len(states) + state,
            steps.index(tidy(values[filmed])) if filmed else 0,
        ]

    base = most_common(pixels)
    frames = [[overlay(frame, base), said] for frame, said in zip(pixels, words)]
    strips = [frames[first : first + len(steps)] for first in range(0, len(frames), len(steps))]
    symbol, _, meaning = lab.controls[filmed].description.partition("  ") if filmed else ("", "", "")
    return {
        "alt": lab.alt,
        "size": list(lab.picture.css_size),
        "base": webp(Image.fromarray(base).convert("RGB")),
        "strips": strips,
        "label": symbol,
        "unit": meaning,
        "steps": texts,
        "start": place(start),
        "buttons": [[name, *place(values)] for name, values in presets.items()],
        "toggles": [lab.controls[name].description for name in toggles],
        "fixed": [in_words(lab.controls[name]) for name in lab.offered if name not in (filmed, *toggles)],
    }


def thin(film):
    """The same film with half of the steps that no button needs."""
    needed = {film["start"][1], *(step for _, _, step in film["buttons"]), 0, len(film["steps"]) - 1}
    spare = [step for step in range(len(film["steps"])) if step not in needed]
    kept = sorted(needed | set(spare[1::2]))
    return {
        **film,
        "steps": [film["steps"][step] for step in kept],
        "strips": [[strip[step] for step in kept] for strip in film["strips"]],
        "start": [film["start"][0], kept.index(film["start"][1])],
        "buttons": [[name, strip, kept.index(step)] for name, strip, step in film["buttons"]],
    }


def makes_a_difference(toggle, lab, canvas):
    """Does the toggle change the picture? One that starts something, like a training, does not by itself."""
    shown = []
    for state in (True, False):
        lab.set(**{**lab._start, toggle: state})
        shown.append(lab.picture.draw(canvas).copy())
    return not np.array_equal(*shown)


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


def leading_slider(lab):
    """The name of the slider that the presets move to the most places, the first among equals; or None."""
    sliders = [name for name, control in lab.controls.items() if name in lab.offered and isinstance(control, SLIDERS)]
    moved = {name: len({repr(values[name]) for values, _ in lab._presets.values() if name in values}) for name in sliders}
    return max(sliders, key=moved.get, default=None)


def chosen_steps(lab, filmed, wanted, most):
    """Values of the filmed slider, and their texts: spread over its range, with all that are wanted."""
    if filmed is None:
        return [None], [""]
    values, texts = scale(lab.controls[filmed])
    needed = {values.index(tidy(setting[filmed])) for setting in wanted}
    last, most = len(values) - 1, int(np.clip(most, 12, MOST_STEPS))
    # a range like 1 to 200 belongs to a logarithmic axis: every value at first, then ever fewer
    wide = isinstance(values[0], (int, float)) and 0 < 30 * values[0] < values[-1]
    for count in range(4 * most if wide else most, 1, -1):
        spread = np.geomspace(1, last + 1, count) - 1 if wide else np.linspace(0, last, count)
        places = np.unique(spread.round().astype(int))
        if len(places) <= most:
            break
    places = sorted(needed | set(places.tolist()))
    return [values[place] for place in places], [texts[place] for place in places]


def scale(control):
    """Every value of a slider and how it is written."""
    if isinstance(control, widgets.SelectionSlider):
        return [value for _, value in control._options_full], [text for text, _ in control._options_full]
    count = round((control.max - control.min) / control.step) + 1
    values = [tidy(control.min + control.step * place) for place in range(count)]
    if isinstance(control, widgets.FloatLogSlider):
        values = [tidy(float(control.base**value)) for value in values]
    return values, [format(value, control.readout_format) for value in values]


def in_words(control):
    """A control that the page cannot move: what it is, and its value."""
    if isinstance(control.value, bool):
        return control.description
    if isinstance(control, SLIDERS):
        values, texts = scale(control)
        text = texts[values.index(tidy(control.value))]
    else:
        text = str(control.value)
    symbol, _, meaning = control.description.partition("  ")
    return f"{symbol} = {text}" if meaning and symbol else f"{control.description.strip()}: {text}"


def most_common(pixels):
    """The median of the frames: what stands still shows as it is."""
    return np.median(np.stack(pixels[:: max(1, len(pixels) // 15)]), axis=0).astype(np.uint8)


def overlay(frame, base):
    """The frame where it differs from the base, as base64 WebP of a few colours."""
    pixels = frame.view(np.uint32)[:, :, 0]  # one number for one pixel: red, green, blue and an opaque 255
    differs = pixels != base.view(np.uint32)[:, :, 0]
    shown = Image.fromarray(np.where(differs, pixels, 0)[:, :, None].view(np.uint8)).convert("RGB")
    few = shown.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGBA")
    few = np.array(few).view(np.uint32)[:, :, 0]
    few[pixels == PAPER] = PAPER  # it stays white
    # each pixel is either there or not, whatever lies below
    return webp(Image.fromarray(np.where(differs, few, 0)[:, :, None].view(np.uint8)))


def webp(image):
    out = io.BytesIO()
    image.save(out, format="webp", lossless=True, method=4)
    return base64.b64encode(out.getvalue()).decode("ascii")
