"""Predict, then reveal; check yourself: every wrong option answers the thought behind it."""

import base64
import io

import ipywidgets as widgets
from PIL import Image

from ddlib import figures

__all__ = ["Check", "Predict", "given"]

# What the reader has answered, by question: running a cell again, or coming back to it, loses nothing.
given = {}


class _Question:
    """A question with its choices; the stored notebook shows it as text."""

    def __init__(self, name, question, choices):
        if len(choices) < 2:
            raise ValueError(f"choices must offer at least 2 answers, got {list(choices)}")
        self.name, self.question, self.choices = name, question, list(choices)
        self._title = widgets.HTML(f'<div style="font-size:110%"><b>{question}</b></div>')
        self._reply = widgets.HTML(layout=widgets.Layout(min_height="1.6em"))

    def _remember(self, **answer):
        given[self.name] = {**given.get(self.name, {}), **answer}

    def _repr_mimebundle_(self, include=None, exclude=None):
        lines = [f"**{self.question}**", "", *(f"- {choice}" for choice in self.choices), "",
                 "*Run the notebook to answer.*"]
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
        self._radio = widgets.RadioButtons(options=self.choices, value=given.get(name, {}).get("choice"),
                                           layout=widgets.Layout(width="auto"))
        self._radio.observe(self._answer, "value")
        self.box = widgets.VBox([self._title, self._radio, self._reply])
        self._answer()

    def _answer(self, _=None):
        choice = self._radio.value
        if choice is None:
            return
        self._remember(choice=choice)
        verdict = "✓ Right." if choice == self._right else "✗ Not quite."
        self._reply.value = f'<div role="status"><b>{verdict}</b> {self._replies[choice]}</div>'


class Predict(_Question):
    """A prediction that is recorded before the result can be seen, and stays beside it afterwards.

    Parameters
    ----------
    name : str                     unique in the course
    question : str
    choices : dict or list         the answers in words; a dict adds a small curve (x, y) to each
    result : str                   what happens, in one sentence
    reveal : widget-like or None   a lab, shown with the result
    """

    def __init__(self, name, question, choices, result, reveal=None):
        super().__init__(name, question, choices)
        self._result, self._reveal = result, reveal
        self._buttons = {choice: widgets.Button(description=choice, layout=widgets.Layout(width="auto"))
                         for choice in choices}
        for choice, button in self._buttons.items():
            button.on_click(lambda _, choice=choice: self._choose(choice))
        self._sketches = {}
        if isinstance(choices, dict):
            limits = [float(min(min(y) for _, y in choices.values())), float(max(max(y) for _, y in choices.values()))]
            self._sketches = {choice: sketch(x, y, limits) for choice, (x, y) in choices.items()}
        columns = [widgets.VBox([*self._picture_of(choice), button]) for choice, button in self._buttons.items()]
        self._show = widgets.Button(description="Reveal", icon="eye", disabled=True)
        self._show.on_click(lambda _: self._open())
        self._shown = widgets.VBox()
        row = widgets.Layout(flex_flow="row wrap")
        self.box = widgets.VBox([self._title, widgets.HBox(columns, layout=row),
                                 widgets.HBox([self._show, self._reply]), self._shown])
        before = given.get(name, {})
        if before.get("choice") in self._buttons:
            self._choose(before["choice"])
            if before.get("revealed"):
                self._open()

    def _picture_of(self, choice):
        if choice not in self._sketches:
            return []
        return [widgets.Image(value=self._sketches[choice], format="png",
                              layout=widgets.Layout(width="190px", height="130px"))]

    def _choose(self, choice):
        if given.get(self.name, {}).get("revealed") and not self._show.disabled:
            return  # a prediction is made before the result
        self._remember(choice=choice)
        for other, button in self._buttons.items():
            button.icon, button.button_style = ("check", "info") if other == choice else ("", "")
        self._show.disabled = False
        self._reply.value = f'<div role="status">Your prediction: <b>{choice}</b></div>'

    def _open(self):
        self._remember(revealed=True)
        choice = given[self.name]["choice"]
        self._reply.value = (f'<div role="status">You predicted: <b>{choice}</b>.<br>'
                             f"What happens: {self._result}</div>")
        if self._reveal is not None:
            self._shown.children = [self._reveal.box]
        for button in self._buttons.values():
            button.disabled = True
        self._show.disabled = True

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = super()._repr_mimebundle_()
        if self._sketches:
            bundle["image/png"] = base64.b64encode(beside(list(self._sketches.values()))).decode()
        return bundle


def sketch(x, y, limits):
    """A small curve without numbers, as PNG bytes."""
    figure, ax = figures.subplots(size=(1.9, 1.3))
    figure.subplots_adjust(0.04, 0.06, 0.97, 0.96)
    ax.plot(x, y, **figures.ROLES["test"])
    room = 0.08 * (limits[1] - limits[0])
    ax.set(xticks=[], yticks=[], ylim=(limits[0] - room, limits[1] + room))
    return base64.b64decode(figures.png(figure))


def beside(pictures):
    """PNG bytes of several pictures in one row."""
    images = [Image.open(io.BytesIO(picture)) for picture in pictures]
    row = Image.new("RGB", (sum(image.width for image in images), images[0].height), "white")
    for k, image in enumerate(images):
        row.paste(image, (sum(other.width for other in images[:k]), 0))
    out = io.BytesIO()
    row.save(out, "png")
    return out.getvalue()
