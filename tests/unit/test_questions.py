"""Every answer gets its reply, a prediction comes before its result, and nothing that was answered is lost."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from ddlib import figures
from ddlib.course.questions import Check, Predict
from ddlib.progress import given

REPLIES = {
    "It falls": "Each new column can only lower the train error.",
    "It rises": "That is the test error at its peak.",
    "It stays": "Only if the new column is useless.",
}


@pytest.fixture(autouse=True)
def nothing_given():
    given.clear()
    figures.use_style()
    yield
    given.clear()


def check(name="falls"):
    return Check(name, "What does the train error do as P grows?", "It falls", REPLIES)


RESULT = "Many fits meet all points, and the smallest is tame."


def predict(choices):
    return Predict("beyond", "And beyond N = P?", choices, right="It falls", result=RESULT)


def curves():
    x = np.linspace(0, 1, 20)
    return {"It falls": (x, 1 - x), "It rises": (x, x)}


def click(question, choice):
    """Click as a reader can: a button that is greyed out does nothing."""
    button = question._buttons[choice]
    if not button.disabled:
        button.click()


def reveal(question):
    if not question._show.disabled:
        question._show.click()


def chosen(question):
    return [choice for choice, button in question._buttons.items() if button.icon == "check"]


def words(question):
    return question._reply.value


def test_every_option_gets_its_reply():
    question = check()
    assert question._radio.value is None and words(question) == ""
    assert list(question._radio.options) == list(REPLIES)
    for choice, reply in REPLIES.items():
        question._radio.value = choice
        assert reply in words(question)
        assert not any(other in words(question) for other in REPLIES.values() if other != reply)
        assert ("✓ Right" in words(question)) == (choice == "It falls")
        assert ("✗ Not quite" in words(question)) == (choice != "It falls")
        assert 'role="status"' in words(question)  # a screen reader hears it


def test_a_changed_mind_is_kept():
    question = check()
    question._radio.value = "It rises"
    question._radio.value = "It stays"
    again = check()
    assert again._radio.value == "It stays" and words(again) == words(question) != ""
    assert check(name="another")._radio.value is None


def test_an_answer_that_is_no_longer_offered_is_forgotten():
    given["falls"] = {"choice": "It wiggles"}
    assert check()._radio.value is None


@pytest.mark.parametrize("choices", [("It falls", "It rises"), curves()], ids=["words", "curves"])
class TestPredict:
    def test_no_result_before_a_prediction(self, choices):
        question = predict(choices)
        assert question._show.disabled
        reveal(question)
        assert words(question) == "" and question._shown.children == () and given == {}

    def test_every_choice_can_be_made_and_changed_before_the_reveal(self, choices):
        question = predict(choices)
        for choice in [*choices, *choices]:
            click(question, choice)
            assert chosen(question) == [choice] and choice in words(question)
            assert RESULT not in words(question) and question._shown.children == ()
            assert not question._show.disabled

    def test_prediction_and_result_stand_side_by_side(self, choices):
        question = predict(choices)
        click(question, "It rises")
        reveal(question)
        assert re.search(f"You predicted.*It rises.*What happens.*It falls.*{RESULT}", words(question))
        assert given["beyond"] == {"choice": "It rises", "revealed": True}
        shown = [[part.value for part in column.children] for column in question._shown.children]
        if isinstance(choices, dict):
            assert shown == [
                ["<b>You predicted</b>", question._sketches["It rises"]],
                ["<b>What happens</b>", question._sketches["It falls"]],
            ]
        else:
            assert shown == []

    def test_the_choice_is_frozen_after_the_reveal(self, choices):
        question = predict(choices)
        click(question, "It rises")
        reveal(question)
        assert question._show.disabled and all(button.disabled for button in question._buttons.values())
        for choice in choices:
            click(question, choice)
        assert chosen(question) == ["It rises"] and given["beyond"]["choice"] == "It rises"

    def test_a_second_run_of_the_cell_loses_nothing(self, choices):
        question = predict(choices)
        click(question, "It rises")
        again = predict(choices)
        assert chosen(again) == ["It rises"] and not again._show.disabled
        assert RESULT not in words(again)
        reveal(again)
        third = predict(choices)
        assert words(third) == words(again) and third._show.disabled
        assert all(button.disabled for button in third._buttons.values())

    def test_what_the_notebook_stores(self, choices):
        question = predict(choices)
        before = question._repr_mimebundle_()
        assert all(f"- {choice}" in before["text/markdown"] for choice in choices)
        assert question.question in before["text/markdown"]
        assert before["text/plain"] == question.question
        assert before["application/vnd.jupyter.widget-view+json"]["model_id"] == question.box.model_id
        click(question, "It rises")
        reveal(question)
        after = question._repr_mimebundle_()
        assert (after["text/plain"], after["text/markdown"]) == (before["text/plain"], before["text/markdown"])


def test_the_small_curves_are_pictures_of_different_curves():
    question = predict(curves())
    sketches = [np.asarray(Image.open(io.BytesIO(png)).convert("L")) for png in question._sketches.values()]
    assert sketches[0].shape == sketches[1].shape and (sketches[0] != sketches[1]).any()


def test_a_check_stores_its_choices_as_text():
    question = check()
    before = question._repr_mimebundle_()
    assert all(f"- {choice}" in before["text/markdown"] for choice in REPLIES)
    assert not any(reply in before["text/markdown"] for reply in REPLIES.values())
    question._radio.value = "It rises"
    after = question._repr_mimebundle_()
    assert before["text/plain"] == after["text/plain"] == question.question
    assert before["text/markdown"] == after["text/markdown"]


def test_a_wrong_question_is_refused():
    with pytest.raises(ValueError, match="at least 2"):
        Check("one", "Only one?", "yes", {"yes": "no"})
    with pytest.raises(ValueError, match="'maybe'"):
        Check("none", "Which?", "maybe", {"yes": "no", "no": "yes"})
    with pytest.raises(ValueError, match="at least 2"):
        Predict("one", "Only one?", ["yes"], "yes", "Yes.")
    with pytest.raises(ValueError, match="'maybe'"):
        Predict("none", "Which?", ["yes", "no"], "maybe", "Perhaps.")
