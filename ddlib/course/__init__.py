"""Questions, and exercises that are graded in place.

An exercise of one's own goes into the file of its chapter in exercises/.

questions    predict, then reveal; check yourself
vote         a question to the room, in a lecture
exercises/   a reader's function or number, judged on fresh data
"""

from ddlib.course.exercises import EXERCISES, FillIn, Number, Verdict, Wrong, grade
from ddlib.course.questions import Check, Predict
from ddlib.course.vote import Vote

__all__ = ["grade", "EXERCISES", "FillIn", "Number", "Verdict", "Wrong", "Check", "Predict", "Vote"]
