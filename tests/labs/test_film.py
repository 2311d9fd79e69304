"""Labs recorded for a page without a kernel: the same pictures and words as the lab's own."""

import base64
import copy
import io
import json

import ipywidgets as widgets
import matplotlib
import numpy as np
import pytest
from PIL import Image

from ddlib import figures, labs
from ddlib.export.film import leading_slider, record, scale, thin
from ddlib.live.controls import choice, listed_slider, real_slider, whole_slider
from ddlib.live.lab import Lab


@pytest.fixture(autouse=True, scope="module")
def style():
    with matplotlib.rc_context():
        figures.use_style()
        yield


def small_lab(controls=None, presets=None, fail=None):
    """A point that its controls move, on a figure of 300 x 200 px."""
    figure, ax = figures.subplots(size=(3, 2))
    ax.set(xlim=(-1, 30), ylim=(-1, 3))
    (point,) = ax.plot([], [], "o")

    def update(a=0, **others):
        if a == fail:
            raise ArithmeticError("not this one")
        point.set_data([a], [float(others.get("b", 0))])
        return f"a is {a}, others {sorted(others.items())}"

    controls = controls if controls is not None else {"a": whole_slider("a", "a number", 3, 0, 9)}
    return Lab(figure, [point], controls, update, "A point moves to the right as a grows, and up as b grows.", presets)


def pixels(webp):
    return Image.open(io.BytesIO(base64.b64decode(webp))).convert("RGBA")


def seen(film, strip, step):
    """Base and frame, one over the other, as the browser shows them."""
    both = Image.alpha_composite(pixels(film["base"]), pixels(film["strips"][strip][step][0]))
    return np.asarray(both)[:, :, :3].astype(int)


def test_each_frame_is_the_picture_of_the_lab():
    lab = labs.polynomial_lab()
    film = record(lab)
    other = labs.polynomial_lab()
    canvas = other.picture.canvas(1.5)
    for strip, sigma in ((0, 0.0), (1, 0.5)):
        for step in (0, len(film["steps"]) // 2, len(film["steps"]) - 1):
            other.set(P=int(film["steps"][step]), sigma=sigma)
            wanted = other.picture.draw(canvas)[:, :, :3].astype(int)
            shown = seen(film, strip, step)
            assert shown.shape == wanted.shape
            assert np.abs(shown - wanted).mean() < 0.5 and (np.abs(shown - wanted) > 60).mean() < 1e-3
            assert (shown[(wanted == 255).all(axis=2)] == 255).all(), "nothing of another frame shines through"
            assert film["strips"][strip][step][1] in other.readout
    assert not np.array_equal(seen(film, 0, 0), seen(film, 0, 5)) and film["steps"][0] == "1" and film["steps"][-1] == "200"


def test_the_lab_is_left_as_it_was_found():
    lab = small_lab(presets={"1 far": ({"a": 9}, "Far.")})
    lab.set(a=5)
    record(lab)
    assert lab.values() == {"a": 5}


def test_the_slider_that_the_presets_move_is_filmed():
    controls = {"b": choice("b", ["0", "1"]), "a": whole_slider("a", "", 3, 0, 9), "c": real_slider("c", "", 0, 0, 1, 0.5)}
    lab = small_lab(controls, {"1": ({"a": 1}, ""), "2": ({"c": 1.0}, ""), "3": ({"c": 0.5, "a": 1}, "")})
    assert leading_slider(lab) == "c"
    assert leading_slider(small_lab(dict(list(controls.items())))) == "a"
    lab.film = "a"
    assert record(lab)["label"] == "a"


def test_start_and_presets_are_in_the_film_as_they_are_in_the_lab():
    presets = {"1 near": ({"a": 17}, "Near."), "2 high": ({"a": 401, "b": 2.0}, "High.")}
    controls = {"a": whole_slider("a", "a number", 203, 1, 1000), "b": real_slider("b", "height", 0, 0, 2, 0.5)}
    lab = small_lab(controls, presets)
    film = record(lab)
    for name, strip, step in film["buttons"]:
        lab.set(**{**lab._start, **presets[name][0]})
        assert film["steps"][step] == str(presets[name][0]["a"])
        assert film["strips"][strip][step][1] in lab.readout and presets[name][1] in lab.readout
    strip, step = film["start"]
    assert film["steps"][step] == "203" and film["fixed"] == ["b = 0.00"]
    assert len(film["steps"]) <= 48 + 3 and film["steps"][:3] == ["1", "2", "3"], "every value at first, then ever fewer"
    assert all(len(strip) == len(film["steps"]) for strip in film["strips"])


def test_a_toggle_doubles_the_strips():
    controls = {"a": whole_slider("a", "", 3, 0, 9), "b": widgets.ToggleButton(False, description="Reveal")}
    film = record(small_lab(controls, {"1": ({"a": 4}, "")}))
    assert film["toggles"] == ["Reveal"] and len(film["strips"]) == 2 and film["start"][0] == 0
    assert not np.array_equal(seen(film, 0, 2), seen(film, 1, 2))


def test_a_toggle_that_changes_no_picture_is_not_offered():
    controls = {"a": whole_slider("a", "", 3, 0, 9), "go": widgets.ToggleButton(False, description="Train")}
    film = record(small_lab(controls))
    assert film["toggles"] == [] and len(film["strips"]) == 1 and film["fixed"] == ["Train"]


def test_a_lab_without_a_slider_is_filmed_by_its_buttons():
    film = record(small_lab({"b": choice("b", ["0", "1"])}, {"1 up": ({"b": "1"}, "")}))
    assert film["steps"] == [""] and len(film["strips"]) == 2 and film["buttons"] == [["1 up", 1, 0]]


def test_an_error_in_the_lab_is_not_filmed():
    with pytest.raises(ArithmeticError, match="not this one"):
        record(small_lab(fail=7))


def test_thinning_keeps_the_ends_the_start_and_the_presets():
    film = record(small_lab({"a": whole_slider("a", "", 6, 0, 29)}, {"1": ({"a": 12}, ""), "2": ({"a": 22}, "")}))
    fewer, before = thin(film), copy.deepcopy(film)
    assert film == before
    assert len(film["steps"]) // 2 <= len(fewer["steps"]) < len(film["steps"])
    for old, new in zip([["start", *film["start"]], *film["buttons"]], [["start", *fewer["start"]], *fewer["buttons"]]):
        assert old[:2] == new[:2] and film["steps"][old[2]] == fewer["steps"][new[2]]
        assert film["strips"][old[1]][old[2]] == fewer["strips"][new[1]][new[2]]
    assert fewer["steps"][0] == "0" and fewer["steps"][-1] == "29"
    while len(thin(fewer)["steps"]) < len(fewer["steps"]):
        fewer = thin(fewer)
    assert fewer["steps"] == ["0", "6", "12", "22", "29"]


@pytest.mark.parametrize(
    "control, first, last, count",
    [
        (whole_slider("N", "", 5, 1, 9, 2), "1", "9", 5),
        (real_slider("s", "", 0, 0, 1, 0.1), "0.00", "1.00", 11),
        (listed_slider("", "", [("one", 1), ("two", 2)], 1), "one", "two", 2),
    ],
    ids=["whole", "real", "listed"],
)
def test_the_scale_of_a_slider(control, first, last, count):
    values, texts = scale(control)
    assert (texts[0], texts[-1], len(values), len(texts)) == (first, last, count, count)
    assert first == "one" or [float(text) for text in texts] == values


def test_json_holds_a_film():
    film = record(small_lab(presets={"1": ({"a": 9}, "Far.")}))
    assert json.loads(json.dumps(film)) == film
