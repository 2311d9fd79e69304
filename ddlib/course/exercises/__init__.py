"""Exercises: a function or a number of the reader's own, judged on fresh data and answered in words."""

from dataclasses import replace

import numpy as np

from ddlib.course.exercises import descent, factors, linear, nonlinear, polynomial, puzzle, taming, tradition
from ddlib.course.exercises.grading import FillIn, Number, Verdict, Wrong
from ddlib.progress import given

__all__ = ["grade", "EXERCISES", "FillIn", "Number", "Verdict", "Wrong"]

CHAPTERS = (puzzle, tradition, polynomial, linear, factors, descent, nonlinear, taming)
EXERCISES = {exercise.name: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES}


def grade(name, answer, record=True, rng=None):
    """Judge an answer to an exercise, and remember that it was right.

    Parameters
    ----------
    name : str                       of the exercise
    answer : function or number      what the reader wrote or found
    record : bool                    False for what is not the reader's own work
    rng : numpy.random.Generator     draws the data; fresh ones unless it is given

    Returns
    -------
    Verdict                          shows itself in the notebook

    Raises
    ------
    ValueError                       if no exercise has this name; never for what the answer does

    >>> grade("01-network", None).right is None
    True
    """
    if name not in EXERCISES:
        raise ValueError(f"name must be that of an exercise, got {name!r}; there are {', '.join(EXERCISES)}")
    verdict = EXERCISES[name].judge(answer, np.random.default_rng() if rng is None else rng)
    if not record or verdict.right is None:
        return verdict
    found = {} if callable(answer) or not verdict.right else {"answer": float(answer)}
    if verdict.right or not given.get(name, {}).get("solved"):  # what was solved once stays solved
        given[name] = {"solved": verdict.right, **found}
        given.save()
    return replace(verdict, notice=given.notice)
