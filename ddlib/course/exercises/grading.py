"""Judge an answer on fresh data: right, not yet, or what is different and the thought behind it."""

import copy
import html
from dataclasses import dataclass, field
from numbers import Real

import numpy as np

from ddlib.course.exercises.running import Failure, digits, is_stub, kind, numbers, plain, run, shape, short

__all__ = ["FillIn", "Number", "Wrong", "Verdict"]


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer.

    Attributes
    ----------
    answer : function or float     what a reader may hand in
    words : str                    the thought behind it, and what it misses
    signs : function or None       signs(value, *data) -> bool recognises it where it differs from the right
                                   answer; None: it gives what `answer` gives, on every case
    """

    answer: object
    words: str
    signs: object = None


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right (None: not given yet), and what the reader is told, in HTML."""

    right: bool | None
    words: str
    notice: str = ""

    def __repr__(self):
        return plain(self._html())

    def _html(self):
        heading = {True: "✓ Right.", False: "✗ Not quite.", None: "… Not yet."}[self.right]
        return f'<div role="status" style="line-height: 1.45"><b>{heading}</b> {self.words}{self.notice}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self._html()}


@dataclass(frozen=True)
class FillIn:
    """A function that the reader completes.

    Attributes
    ----------
    name : str                             unique in the course
    draw : function(rng) -> list of (label, data)   fresh cases: data is the tuple of arguments
    reference : function                   the right answer by another route than the solution's
    right : str                            what a right answer is told
    wrong : tuple of Wrong
    parts : tuple of str                   names of what the function returns, where it returns several
    tolerance : float                      relative to the largest number wanted
    """

    name: str
    draw: object
    reference: object
    right: str
    wrong: tuple
    parts: tuple = ()
    tolerance: float = 1e-6

    def judge(self, answer, rng):
        """Run the reader's function on fresh data; whatever it does, nothing is raised here."""
        if answer is None or answer is Ellipsis:
            return Verdict(None, "Write the function, and run the cell again.")
        if not callable(answer):
            return Verdict(
                False,
                f"This is a {kind(answer)}. <code>grade</code> wants the function itself, without "
                "parentheses, so that it can run it on data of its own.",
            )
        cases = [Case(label, data, self.reference(*copy.deepcopy(data)), run(answer, data)) for label, data in self.draw(rng)]
        if any(is_stub(case.got) for case in cases):
            return Verdict(None, "Fill in the line with the dots, and run the cell again.")
        missed = [case for case in cases if not self.agrees(case.got, case.wanted)]
        if not missed:
            return Verdict(True, self.right)
        met = [case.label for case in cases if case not in missed]
        luck = f" It is right at {html.escape(', '.join(met))}." if met else ""
        return Verdict(False, f"{self.difference(missed[0])}{luck}{self.thought(cases, missed)}")

    def agrees(self, got, wanted):
        """Whether an outcome has the shape and the numbers that are wanted."""
        pairs = self.paired(got, wanted)
        return pairs is not None and all(
            part.shape == want.shape and np.abs(part - want).max(initial=0) <= self.slack(want) for part, want in pairs
        )

    def slack(self, want):
        return self.tolerance * np.abs(want).max(initial=1e-12)

    def paired(self, got, wanted):
        """Pairs of finite arrays, what was returned with what is wanted; None if that cannot be."""
        if isinstance(got, Exception):
            return None
        if self.parts and not (isinstance(got, (tuple, list)) and len(got) == len(self.parts)):
            return None
        parts = [numbers(part) for part in (got if self.parts else [got])]
        if any(part is None for part in parts):
            return None
        return list(zip(parts, [np.asarray(want, float) for want in (wanted if self.parts else [wanted])]))

    def difference(self, case):
        """What is different, in words."""
        at = f"At {html.escape(case.label)} your function"
        if isinstance(case.got, Failure):
            return f"{at} stopped with an error, {case.got}"
        pairs = self.paired(case.got, case.wanted)
        if pairs is None and self.parts:
            return f"{at} returns a {kind(case.got)}; wanted are {len(self.parts)} values: {', '.join(self.parts)}."
        if pairs is None:
            return f"{at} returns a {kind(case.got)}, which is not an array of numbers."
        for name, (part, want) in zip(self.parts or ("",), pairs):
            name = f" as {name}" if name else ""
            if part.shape != want.shape:
                return f"{at} returns{name} {shape(part)}; wanted is {shape(want)}."
            apart = ~(np.abs(part - want) <= self.slack(want))
            if apart.any():
                place = tuple(map(int, np.argwhere(apart)[0]))
                where = f" in place {list(place)}" if place else ""
                return (
                    f"{at} returns{name} <b>{digits(part[place])}</b>{where}; another way to compute it gives "
                    f"<b>{digits(want[place])}</b>."
                )
        return ""

    def thought(self, cases, missed):
        """The thought behind a typical wrong answer, if this is one."""
        for wrong in self.wrong:
            returned = [case for case in missed if not isinstance(case.got, Failure)]
            shows = wrong.signs and returned and all(seen(wrong.signs, case) for case in returned)
            if shows or all(self.same(case.got, run(wrong.answer, case.data)) for case in cases):
                return f" {wrong.words}"
        return ""

    def same(self, got, other):
        if isinstance(other, Failure):
            return isinstance(got, Failure) and type(got.error) is type(other.error)
        return self.agrees(got, other)


@dataclass(frozen=True)
class Number:
    """A number that the reader finds with a lab.

    Attributes
    ----------
    name : str
    find : function() -> (low, high)   the numbers that are accepted, computed by the engine
    right : str                        what a right answer is told
    wrong : tuple of Wrong             answer is a number; signs(value) -> bool recognises others like it
    other : str                        what any other number is told
    """

    name: str
    find: object
    right: str
    wrong: tuple
    other: str

    def judge(self, answer, rng=None):
        """Compare with what the engine finds."""
        if answer is None or answer is Ellipsis:
            return Verdict(None, "Write the number that you found in place of the dots, and run the cell again.")
        if isinstance(answer, bool) or not isinstance(answer, Real) or not abs(answer) < np.inf:
            return Verdict(False, f"A number is wanted; this is a {kind(answer)}: <code>{html.escape(short(answer))}</code>.")
        low, high = self.find()
        if low <= answer <= high:
            return Verdict(True, self.right)
        for wrong in self.wrong:
            if wrong.signs(answer) if wrong.signs else answer == wrong.answer:
                return Verdict(False, wrong.words)
        return Verdict(False, self.other)


@dataclass(frozen=True, eq=False)
class Case:
    label: str
    data: tuple
    wanted: object
    got: object = field(repr=False)


def seen(signs, case):
    """Whether a wrong answer shows its signs; one that cannot be asked about them shows none."""
    return run(signs, (case.got, *case.data)) is True
