"""When a lab draws which picture: at once, in the pause, and ahead of the reader's next step."""

import base64
import io
import time

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image
from small_lab import in_a_loop, no_waiting, pause, small_lab

from ddlib.live import screen
from ddlib.live.controls import choice, listed_slider, real_slider, steps_from, whole_slider
from ddlib.progress import given


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    given.clear()
    no_waiting(monkeypatch)


def size(lab):
    """The pixels of the picture that is shown; a quick one has one for each CSS pixel."""
    return Image.open(io.BytesIO(base64.b64decode(bytes(lab._screen.front.value).split(b",")[1]))).size


def as_shown(lab):
    """The left and right end of the line, as lab.picture has it."""
    (line,) = lab.picture.moving
    return list(line.get_ydata())


@in_a_loop
async def test_a_quick_picture_at_once_and_a_crisp_one_in_the_pause():
    lab = small_lab()
    width, height = lab.picture.css_size
    for value in (5, 6, 9):
        lab.controls["a"].value = value
        assert size(lab) == (width, height)
        await pause()
        assert size(lab) == (2 * width, 2 * height)
        assert lab._screen.front.value == screen.data_url(lab.picture.frame())


@in_a_loop
async def test_the_next_step_has_been_drawn():
    seen = []
    lab = small_lab(seen=seen)
    lab.controls["a"].value = 4
    await pause()
    assert seen == [3, 4, 3, 5, 4]  # the start, the step, those beside it, and the artists as they were
    seen.clear()
    lab.controls["a"].value = 5
    assert seen == [] and "a is 5" in lab.readout
    await pause()
    assert seen == [5, 6, 5]  # for the crisp picture, the next one, as they were; 4 is remembered
    assert as_shown(lab) == [5, 4]


@in_a_loop
async def test_of_the_other_control_nothing_has_been_drawn():
    seen = []
    lab = small_lab(seen=seen)
    lab.controls["a"].value = 4
    await pause()
    seen.clear()
    lab.controls["b"].value = 4.5
    assert seen == [4]


@in_a_loop
async def test_redraw_has_drawn_the_next_data():
    lab = small_lab(redraw=True)
    lab._new_seed()
    await pause()
    assert [sheet.values["seed"] for sheet in lab._screen.sheets] == [1, 2]


@in_a_loop
async def test_a_change_stops_what_is_drawn_ahead():
    seen = []
    lab = small_lab(seen=seen)
    for value in (4, 5, 6, 7):
        lab.controls["a"].value = value
    assert seen == [3, 4, 5, 6, 7]
    await pause()
    assert seen == [3, 4, 5, 6, 7, 6, 8, 7]


@in_a_loop
async def test_the_sheet_in_front_lies_on_top_and_in_the_pause_alone():
    lab = small_lab()

    def visible():
        """From the lowest to the one on top."""
        return sorted(
            (sheet for sheet in lab._screen.sheets if sheet.layout.visibility == "visible"),
            key=lambda sheet: int(sheet.layout.order),
        )

    for value, foreseen in ((4, False), (5, True), (6, True), (5, True), (8, False)):
        before = lab._screen.front
        lab.controls["a"].value = value
        assert visible() == ([before, lab._screen.front] if foreseen else [before])
        assert (lab._screen.front is not before) == foreseen
        await pause()
        assert visible() == [lab._screen.front]


@in_a_loop
async def test_what_the_browser_has_not_loaded_yet_is_not_brought_forward():
    seen = []
    lab = small_lab(seen=seen)
    lab.controls["a"].value = 4
    await pause()
    front = lab._screen.front
    for sheet in lab._screen.sheets:
        sheet.loaded = time.monotonic() + 60
    seen.clear()
    lab.controls["a"].value = 5
    assert lab._screen.front is front and seen == [5]


@in_a_loop
async def test_a_failure_ahead_is_told_when_it_is_reached():
    lab = small_lab(fails={5})
    lab.controls["a"].value = 4
    await pause()
    picture = lab._screen.front.value
    assert lab.error is None and "a is 4" in lab.readout and as_shown(lab) == [4, 4]
    lab.controls["a"].value = 5
    assert isinstance(lab.error, ArithmeticError) and "5 &lt; 9" in lab.readout
    assert lab._screen.front.value == picture and as_shown(lab) == [4, 4]
    lab.controls["a"].value = 6
    assert lab.error is None and as_shown(lab) == [6, 4]


@in_a_loop
async def test_a_failure_before_the_pause_leaves_the_last_good_picture():
    """The update that fails has moved the line already."""
    lab, other = small_lab(fails={5}), small_lab()
    for each in (lab, other):
        each.controls["a"].value = 4
    lab.controls["a"].value = 5
    for _ in range(2):
        await pause()
        assert lab._screen.front.value == other._screen.front.value and as_shown(lab) == [4, 4]
    assert isinstance(lab.error, ArithmeticError)


@in_a_loop
async def test_few_pictures_are_kept():
    lab = small_lab()
    for value in [*range(10), *range(9, 0, -1)]:
        lab.controls["a"].value = value
        await pause()
        kept = {sheet.values["a"] for sheet in lab._screen.sheets}
        assert len(lab._screen.sheets) <= screen.SHEETS
        assert kept >= {max(value - 1, 0), value, min(value + 1, 9)}


@in_a_loop
async def test_renew_draws_what_has_changed_beside_the_values():
    lab, words = small_lab(), ["before"]
    update = lab._screen._update
    lab._screen._update = lambda **values: update(**values) + words[0]
    for value in (4, 5, 4):  # all of them are remembered
        lab.controls["a"].value = value
        await pause()
    words[0] = "after"
    lab.controls["a"].value = 5
    assert "a is 5before" in lab.readout
    lab.renew()
    assert "a is 5after" in lab.readout
    lab.controls["a"].value = 4
    assert "a is 4after" in lab.readout


@in_a_loop
async def test_a_closed_lab_draws_no_more():
    seen = []
    lab = small_lab(seen=seen)
    lab.controls["a"].value = 4
    lab.close()
    seen.clear()
    await pause()
    assert seen == []


def test_a_preset_that_is_set_turns_bold():
    lab = small_lab(presets={"low": ({"a": 1}, "It is low."), "high": ({"a": 8}, "It is high.")})
    buttons = lab._preset_buttons
    for name, other in (("high", "low"), ("low", "high")):
        buttons[name].click()
        assert f"It is {name}." in lab.readout
        assert (buttons[name].style.font_weight, buttons[other].style.font_weight) == ("bold", "normal")
    lab.close()


def test_without_a_loop_each_picture_is_crisp():
    lab = small_lab()
    lab.controls["a"].value = 4
    assert size(lab) == tuple(2 * np.array(lab.picture.css_size)) and lab._screen.sheets == [lab._screen.front]


@pytest.mark.parametrize(
    "control, steps",
    [
        (whole_slider("a", "", 3, 0, 9), [2, 4]),
        (whole_slider("a", "", 0, 0, 9, 3), [3]),
        (whole_slider("a", "", 9, 0, 9, 3), [6]),
        (real_slider("b", "", 0.2, 0, 1, 0.1), [0.1, 0.3]),
        (real_slider("b", "", 1.0, 0, 1, 0.1), [0.9]),
        (listed_slider("c", "", [("one", 1), ("ten", 10), ("many", 99)], 10), [1, 99]),
        (listed_slider("c", "", [("one", 1), ("ten", 10)], 1), [10]),
        (listed_slider("c", "", [("0.1", 0.1), ("0.3", 0.1 * 10**0.5)], 0.1), [0.316227766]),
        (widgets.FloatLogSlider(10.0, base=10, min=-1, max=3, step=0.5), [3.16227766, 31.6227766]),
        (widgets.FloatLogSlider(1000.0, base=10, min=-1, max=3, step=0.5), [316.227766]),
        (widgets.ToggleButton(False), [True]),
        (choice("d", ["P", "P/N", "N/P"]), ["P/N"]),
        (choice("d", ["P"]), []),
    ],
    ids=str,
)
def test_the_steps_of_a_control(control, steps):
    assert steps_from(control) == steps
