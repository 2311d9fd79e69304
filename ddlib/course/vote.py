"""A question to the room: hands are counted, then what happens is shown beside the votes."""

import html

import ipywidgets as widgets

from ddlib import checks
from ddlib.live.lab import Lab
from ddlib.live.onpage import on_page

__all__ = ["Vote"]

LETTERS = "ABCDEF"


class Vote:
    """A show of hands: each choice has a counter; Reveal shows the votes as bars, and what happens.

    Nothing is kept: neither from one lecture to the next, nor in anybody's answers.

    Parameters
    ----------
    question : str
    choices : list of str   2 to 6 answers, in words
    right : str             the choice that comes true
    result : str            what happens, in a sentence
    shows : Lab             what makes it happen, shown with the result; None: the result is words alone

    Raises
    ------
    ValueError              if there are too few or too many choices, or right is none of them
    """

    def __init__(self, question, choices, right, result, shows=None):
        if not 2 <= len(choices) <= len(LETTERS):
            raise ValueError(f"choices must offer 2 to {len(LETTERS)} answers, got {list(choices)}")
        if right not in choices:
            raise ValueError(f"right must be one of the choices, got {checks.shown(right)}")
        if shows is not None and not isinstance(shows, Lab):
            raise ValueError(f"shows must be a lab, got {checks.shown(shows)}")
        self.question, self.choices, self.right, self.result, self.shows = question, list(choices), right, result, shows
        self._counts, self._bars, rows = {}, {}, []
        for letter, choice in zip(LETTERS, self.choices):
            add = widgets.Button(description=f"{letter}  {choice}", tooltip=f"One more hand for {letter}")
            add.layout = widgets.Layout(width="auto", flex="1 1 auto")
            count = widgets.BoundedIntText(0, 0, 9999, layout=widgets.Layout(width="80px"), tooltip=f"Hands for {letter}")
            add.on_click(lambda _, count=count: setattr(count, "value", count.value + 1))
            count.observe(lambda _: self._draw_bars(), "value")
            bar = widgets.HTML(layout=widgets.Layout(display="none"))
            self._counts[choice], self._bars[choice] = count, bar
            rows.append(widgets.VBox([widgets.HBox([add, count]), bar]))
            rows[-1].add_class("ddlib-choice")
        self._show = widgets.Button(description="Reveal", icon="eye", layout=widgets.Layout(width="auto"))
        self._show.on_click(lambda _: self.reveal())
        self._result = widgets.HTML(layout=widgets.Layout(display="none"))
        self._room = widgets.VBox(layout=widgets.Layout(display="none"))
        self._title = widgets.HTML(f'<div class="ddlib-question" style="font-size:110%"><b>{question}</b></div>')
        rows_box = widgets.VBox(rows)
        rows_box.add_class("ddlib-choices")
        self.box = on_page([self._title, rows_box, self._show, self._result, self._room])
        self.box.add_class("ddlib-vote")

    @property
    def votes(self):
        """Hands for each choice: dict of choice -> int."""
        return {choice: count.value for choice, count in self._counts.items()}

    def reveal(self):
        """Show the votes as bars, which choice comes true, and what makes it so."""
        self._result.value = f'<div role="status">What happens: <b>{self.right}</b>. {self.result}</div>'
        self._show.layout.display = "none"
        self._result.layout.display = None
        for bar in self._bars.values():
            bar.layout.display = None
        self._draw_bars()
        if self.shows:
            self._room.children, self._room.layout.display = [self.shows.box], None
        self.box.add_class("revealed")

    def _draw_bars(self):
        votes = self.votes
        most = max(*votes.values(), 1)
        for choice, bar in self._bars.items():
            share, right = 100 * votes[choice] / most, choice == self.right
            bar.value = (
                f'<div role="img" aria-label="{votes[choice]} votes{", comes true" * right}" class="ddlib-bar" '
                f'style="width: {share:.1f}%; min-width: 2px; height: 0.9em; background: {"#00805C" if right else "#8a8f98"}">'
                f"</div>"
            )

    def _repr_mimebundle_(self, include=None, exclude=None):
        lines = [f"**{html.escape(self.question, quote=False)}**", "", *(f"- {choice}" for choice in self.choices)]
        lines += ["", f"<details><summary>What happens</summary>\n\n**{self.right}**. {self.result}\n\n</details>"]
        return {**self.box._repr_mimebundle_(), "text/plain": self.question, "text/markdown": "\n".join(lines)}
