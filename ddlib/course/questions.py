"""Predict, then reveal; check yourself: every wrong option answers the thought behind it."""

import base64

import ipywidgets as widgets

from ddlib import figures
from ddlib.live.onpage import on_page
from ddlib.live.standin import COMMAND, MISSING, RUN
from ddlib.progress import given

__all__ = ["Check", "Predict"]


class _Question:
    """A question with its choices; the stored notebook shows it as text."""

    def __init__(self, name, question, choices):
        if len(choices) < 2:
            raise ValueError(f"choices must offer at least 2 answers, got {list(choices)}")
        self.name, self.question, self.choices = name, question, list(choices)
        self._title = widgets.HTML(f'<div style="font-size:110%"><b>{question}</b></div>')
        self._reply = widgets.HTML(layout=widgets.Layout(min_height="1.6em"))

    def _remember(self, **answer):
        known = given.get(self.name, {})
        if known != {**known, **answer}:  # an answer that was read back is not given again
            given[self.name] = {**known, **answer}
            given.save()

    def _say(self, words):
        self._reply.value = f'<div role="status">{words}{given.notice}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        lines = [
            f"**{self.question}**",
            "",
            *(f"- {choice}" for choice in self.choices),
            "",
            f"*To answer: {RUN}. {MISSING}*".replace(COMMAND, f"`{COMMAND}`"),
        ]
        return {**self.box._repr_mimebundle_(), "text/plain": self.question, "text/markdown": "\n".join(lines)}


class Check(_Question):
    """A self-check: pick an answer and read a reply to it; change your mind as often as you like.

    Parameters
    ----------
    name : str                       unique in the course
    question : str
    right : str                      the right answer
    replies : dict of answer -> str  what each answer is told: why it holds, or what it mistakes
    """

    def __init__(self, name, question, right, replies):
        super().__init__(name, question, replies)
        if right not in replies:
            raise ValueError(f"right must be one of the answers, got {right!r}")
        self._right, self._replies = right, replies
        before = given.get(name, {}).get("choice")
        self._radio = widgets.RadioButtons(
            options=self.choices, value=before if before in self.choices else None, layout=widgets.Layout(width="auto")
        )
        self._radio.observe(self._answer, "value")
        self.box = on_page([self._title, self._radio, self._reply])
        self._answer()

    def _answer(self, _=None):
        choice = self._radio.value
        if choice is None:
            return
        right = choice == self._right
        self._remember(choice=choice, right=right)
        self._say(f"<b>{'✓ Right.' if right else '✗ Not quite.'}</b> {self._replies[choice]}")


class Predict(_Question):
    """A prediction that is recorded before the result can be seen, and stands beside it afterwards.

    Parameters
    ----------
    name : str               unique in the course
    question : str
    choices : list or dict   the answers in words; a dict gives each a small curve (x, y)
    right : str              the choice that comes true
    result : str             what happens, and why, in a sentence
    """

    def __init__(self, name, question, choices, right, result):
        super().__init__(name, question, choices)
        if right not in self.choices:
            raise ValueError(f"right must be one of the choices, got {right!r}")
        self._right, self._result, self._sketches = right, result, {}
        if isinstance(choices, dict):
            heights = [height for _, y in choices.values() for height in y]
            self._sketches = {choice: sketch(x, y, min(heights), max(heights)) for choice, (x, y) in choices.items()}
        self._buttons = {
            choice: widgets.Button(description=choice, layout=widgets.Layout(width="auto")) for choice in self.choices
        }
        for choice, button in self._buttons.items():
            button.on_click(lambda _, choice=choice: self._choose(choice))
        self._show = widgets.Button(description="Reveal", icon="eye", disabled=True)
        self._show.on_click(lambda _: self._open())
        self._shown = widgets.HBox(layout=widgets.Layout(flex_flow="row wrap"))
        columns = [widgets.VBox([*self._picture_of(choice), button]) for choice, button in self._buttons.items()]
        row = widgets.Layout(flex_flow="row wrap")
        self.box = on_page([self._title, widgets.HBox(columns, layout=row), self._show, self._reply, self._shown])
        before = given.get(name, {})
        if before.get("choice") in self.choices:
            self._choose(before["choice"])
            if before.get("revealed"):
                self._open()

    def _picture_of(self, choice):
        if choice not in self._sketches:
            return []
        return [widgets.Image(value=self._sketches[choice], format="png", layout=widgets.Layout(width="190px", height="130px"))]

    def _choose(self, choice):
        self._remember(choice=choice)
        for other, button in self._buttons.items():
            button.icon, button.button_style = ("check", "info") if other == choice else ("", "")
        self._show.disabled = False
        self._say(f"Your prediction: <b>{choice}</b>. Now press Reveal.")

    def _open(self):
        """Show the result; from here on the prediction stands as it was made."""
        self._remember(revealed=True)
        choice = given[self.name]["choice"]
        self._say(f"You predicted: <b>{choice}</b>.<br>What happens: <b>{self._right}</b>. {self._result}")
        self._shown.children = [
            widgets.VBox([widgets.HTML(f"<b>{heading}</b>"), picture])
            for heading, which in (("You predicted", choice), ("What happens", self._right))
            for picture in self._picture_of(which)
        ]
        for button in (*self._buttons.values(), self._show):
            button.disabled = True


def sketch(x, y, low, high):
    """A small curve without numbers, as PNG bytes; low and high are the limits it shares with others."""
    figure, ax = figures.subplots(size=(1.9, 1.3))
    figure.subplots_adjust(0.04, 0.06, 0.97, 0.96)
    ax.plot(x, y, **figures.ROLES["test"])
    room = 0.08 * (high - low)
    ax.set(xticks=[], yticks=[], ylim=(low - room, high + room))
    return base64.b64decode(figures.png(figure))
