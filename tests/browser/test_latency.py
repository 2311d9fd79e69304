"""The figures of the latency benchmark, from records of drags that are short enough to work out by hand."""

import ipywidgets as widgets
import pytest

from ddlib import labs
from ddlib.live.onpage import within
from tests.benchmarks.drags import Drag, median, p95, path
from tests.benchmarks.peers import chosen, lab_cases, steps


def test_a_drag():
    """Inputs every 10 ms; a picture of the first after 25 ms, of the third after 35, of the last after 100."""
    inputs = [100, 110, 120, 130, 140]
    frames = [(125, 0), (155, 2), (240, 4)]
    drag = Drag.of(inputs, frames, ticks=[90, 110, 126, 140, 156], last=4)
    assert drag.events == 100  # five inputs bound four intervals
    assert drag.frames == 25  # of the three only one is there before the drag ends
    assert drag.age == pytest.approx(((126 - 100) + (140 - 100)) / 2)  # nothing is shown yet at 90 and 110
    assert drag.lag == 240 - 140


def test_age_follows_the_picture_that_is_shown():
    drag = Drag.of([0, 10, 1000], [(20, 0), (40, 1)], ticks=[30, 50], last=2)
    assert drag.age == pytest.approx(((30 - 0) + (50 - 10)) / 2)


def test_the_last_picture_never_came():
    assert Drag.of([0, 10], [(5, 0)], ticks=[], last=1).lag is None


def test_inputs_that_no_longer_change_the_value():
    """The slider is at its end: the picture of the last change is final."""
    assert Drag.of([0, 10, 20], [(15, 1)], ticks=[], last=1).lag == 5


def test_pictures_of_unknown_values_do_not_count():
    drag = Drag.of([0, 100], [(10, None), (50, 0)], ticks=[60], last=1)
    assert drag.frames == 10 and drag.age == 60


def test_medians_and_95_of_100():
    assert median([3, 1, 2]) == 2 and p95(range(1, 101)) == 95 and p95([7]) == 7
    assert p95(range(1, 21)) == 19
    assert str(median([])) == str(p95([])) == "nan"


def test_the_handle_turns_at_the_ends():
    assert path(10, steps=4, length=40, events=6) == [20, 30, 40, 30, 20, 10]
    places = path(100, steps=1000, length=200, events=500)  # steps finer than a pixel
    assert all(0 <= place <= 200 for place in places) and min(places) == 0 and max(places) == 200
    assert {abs(b - a) for a, b in zip(places, places[1:])} == {1}


def test_which_sliders_are_measured():
    assert chosen(["N", "P", "sigma"]) == {"cheap": "P", "recompute": "N"}
    assert chosen(["lam", "D"]) == {"cheap": "lam", "recompute": "D"}
    assert chosen(["N"]) == {"recompute": "N"}
    assert steps(widgets.FloatSlider(min=0, max=1, step=0.05)) == 20
    assert steps(widgets.SelectionSlider(options=[1, 2, 5])) == 2
    assert steps(widgets.FloatLogSlider(min=-2, max=10, step=0.5)) == 24


def test_a_case_names_the_right_handle():
    cases = {case.name: case for case in lab_cases(only=["polynomial_lab"])}
    assert list(cases) == ["polynomial_lab, P", "polynomial_lab, N", "polynomial_lab, axis"]
    lab = labs.polynomial_lab()
    sliders = [name for name in lab.controls if name != "axis"]
    assert [sliders[cases[f"polynomial_lab, {name}"].place] for name in ("P", "N")] == ["P", "N"]
    assert [case.steps for case in cases.values()] == [199, 35, 2] and cases["polynomial_lab, axis"].place == 0
    assert [case.kind for case in cases.values()] == ["cheap", "recompute", "toggle"]


def test_training_is_no_toggle_to_measure():
    cases = {case.name: case.kind for case in lab_cases(only=["train_lab", "drawing_lab"])}
    assert cases["drawing_lab, reveal"] == cases["train_lab, noise"] == "toggle" and "train_lab, train" not in cases


def test_sliders_under_the_picture_come_last():
    inner = widgets.IntSlider(), widgets.Label(), widgets.FloatSlider()
    box = widgets.VBox([widgets.HBox(inner[:2]), inner[2]])
    assert [widget for widget in within(box) if widget in inner] == list(inner)
