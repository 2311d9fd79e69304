"""What a lecture adds to labs: a lab on a slide, and a vote."""

import os
import re

import ipywidgets as widgets
import pytest

from ddlib import labs
from ddlib.course import Vote
from ddlib.live import lab as live
from ddlib.progress import given


@pytest.fixture
def lab():
    lab = labs.polynomial_lab()
    yield lab
    lab.close()


def shown(widget_list):
    return [widget for widget in widget_list if widget.layout.display != "none"]


def test_a_slide_keeps_the_named_controls_and_the_first_presets(lab):
    before = lab.picture.css_size
    assert lab.on_slide("P", "sigma", presets=2) is lab
    assert shown(lab.controls.values()) == [lab.controls["P"], lab.controls["sigma"]]
    assert [button.description for button in shown(lab._buttons)] == ["1 too few", "2 the threshold"]
    assert lab._readout.layout.display == "none" and lab.picture.css_size == before


def test_a_slides_controls_still_move_the_picture(lab):
    lab.on_slide("P")
    before = lab._screen.front.value
    lab.controls["P"].value = 40
    assert lab._screen.front.value != before and "P = 40" in lab.readout or "N/P" in lab.readout


def test_a_setting_that_fails_is_told_on_a_slide(lab, monkeypatch):
    lab.on_slide("P")

    def fails(**values):
        raise ValueError("no such fit")

    monkeypatch.setattr(lab._screen, "_update", fails)
    lab.set(P=41)
    assert lab._readout.layout.display != "none" and "no such fit" in lab.readout


@pytest.mark.parametrize(
    "names, presets, words",
    [(["Q"], 0, "no control is called 'Q'"), (["P"], 5, "presets must be .* got 5"), (["P"], -1, "presets must be .* got -1")],
)
def test_what_a_slide_cannot_keep_is_refused(lab, names, presets, words):
    with pytest.raises(ValueError, match=words):
        lab.on_slide(*names, presets=presets)


def test_a_lab_on_a_slide_begins_with_nobodys_answer_and_leaves_none(monkeypatch):
    answers = {"02-drawing": {"h17": 1.0, "reveal": True}}
    monkeypatch.setattr(live, "given", answers)
    lab = labs.drawing_lab().on_slide("reveal", presets=3)
    assert lab.values()["reveal"] is False and lab.values()["h17"] != 1.0
    lab._preset_buttons["3 it falls"].click()
    lab.controls["reveal"].value = True
    assert answers == {"02-drawing": {"h17": 1.0, "reveal": True}}
    lab.close()


@pytest.fixture
def vote(lab):
    return Vote("What?", ["up", "down", "stays"], right="down", result="Because.", shows=lab.on_slide("P"))


def add_button(vote, choice):
    place = vote.choices.index(choice)
    row = vote.box.children[1].children[place]
    return next(widget for widget in row.children[0].children if isinstance(widget, widgets.Button))


def test_votes_are_clicked_and_typed(vote):
    for _ in range(3):
        add_button(vote, "up").click()
    vote._counts["down"].value = 12
    assert vote.votes == {"up": 3, "down": 12, "stays": 0}
    assert shown(vote._bars.values()) == [], "no bar before the reveal: nobody follows the others"


def test_the_reveal_shows_the_votes_beside_what_happens(vote):
    vote._counts["up"].value, vote._counts["down"].value = 3, 12
    vote.reveal()
    assert [float(re.search(r"width: ([\d.]+)%", bar.value)[1]) for bar in vote._bars.values()] == [25.0, 100.0, 0.0]
    assert "down" in vote._result.value and "Because." in vote._result.value
    assert vote._room.children == (vote.shows.box,) and vote._room.layout.display is None
    vote._counts["stays"].value = 24  # a hand that was late
    assert "width: 50.0%" in vote._bars["down"].value


def test_a_room_without_hands_sees_what_happens(vote):
    vote.reveal()
    assert all("width: 0.0%" in bar.value for bar in vote._bars.values())


def test_votes_are_nobodys_answers(vote):
    before = dict(given)
    add_button(vote, "up").click()
    vote.reveal()
    assert dict(given) == before


def test_a_vote_can_be_read_without_running(vote):
    data = vote._repr_mimebundle_()
    assert data["text/plain"] == "What?"
    assert data["text/markdown"].count("\n- ") == 3 and "<details>" in data["text/markdown"]


@pytest.mark.parametrize(
    "given_, words",
    [
        (dict(choices=["one"], right="one"), "choices must offer 2 to 6"),
        (dict(choices=list("abcdefg"), right="a"), "choices must offer 2 to 6"),
        (dict(choices=["a", "b"], right="c"), "right must be one of the choices, got 'c'"),
        (dict(choices=["a", "b"], right="a", shows="lab"), "shows must be a lab, got 'lab'"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(given_, words):
    with pytest.raises(ValueError, match=words):
        Vote("What?", result="", **given_)


def test_a_lecture_makes_no_picture_that_nobody_stores(lab, monkeypatch):
    assert "image/png" in lab._repr_mimebundle_()[0]
    monkeypatch.setitem(os.environ, "DDLIB_LECTURE", "1")
    assert "image/png" not in lab._repr_mimebundle_()[0]
