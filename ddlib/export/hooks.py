"""What a kernel shows while it runs for a page: labs as films, questions as their words."""

import base64

from ddlib.course import Check, Predict, Vote
from ddlib.export.film import record
from ddlib.labs import Lab

__all__ = ["install", "FILM", "QUESTION"]

FILM, QUESTION = "application/vnd.ddlib.film+json", "application/vnd.ddlib.question+json"


def install(shell):
    """Make the IPython shell show labs and questions as data for a page, beside their pictures and texts."""
    bundles = shell.display_formatter.mimebundle_formatter
    for kind, name, data in (
        (Lab, FILM, record),
        (Check, QUESTION, check),
        (Predict, QUESTION, predict),
        (Vote, QUESTION, vote),
    ):
        bundles.for_type(kind, with_data(name, data))


def with_data(name, data):
    def bundle(shown, include=None, exclude=None):
        plain = shown._repr_mimebundle_()
        known, about = plain if isinstance(plain, tuple) else (plain, {})
        return {**known, name: data(shown)}, about

    return bundle


def check(question):
    """A Check in words: what each answer is told, and which is right."""
    return {
        "kind": "check",
        "name": question.name,
        "question": question.question,
        "right": question._right,
        "replies": question._replies,
    }


def predict(question):
    """A Predict in words, and the small curves of its choices as base64 PNG."""
    sketches = {choice: base64.b64encode(png).decode("ascii") for choice, png in question._sketches.items()}
    return {
        "kind": "predict",
        "name": question.name,
        "question": question.question,
        "right": question._right,
        "choices": question.choices,
        "sketches": sketches,
        "result": question._result,
    }


def vote(question):
    """A Vote as a question to one reader, with the film of what it shows."""
    return {
        "kind": "vote",
        "name": question.question,
        "question": question.question,
        "right": question.right,
        "choices": question.choices,
        "sketches": {},
        "result": question.result,
        "film": record(question.shows) if question.shows else None,
    }
