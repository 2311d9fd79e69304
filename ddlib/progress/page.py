"""The page of a reader's progress: what is done in each notebook, and where to go on."""

import html
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from ddlib.progress.lock import locked
from ddlib.progress.store import given

__all__ = ["page", "reset"]

TEXT = "Run this cell to see what you have done in each notebook, and where to go on."
ASKED = re.compile(r'^(Check|Predict|grade)\(\s*"(\d\d-[^"]+)"', re.MULTILINE)
KINDS = {"Predict": "predictions made", "Check": "checks right", "Exercise": "exercises solved"}
DONE = {"Predict": "revealed", "Check": "right", "grade": "solved"}


class Words:
    """A few words for the reader: HTML where it can be shown, plain text elsewhere."""

    def __init__(self, text, page=None):
        self.text, self.page = text, page

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text, "text/html": self.page or f"<p>{html.escape(self.text)}</p>"}


@dataclass
class Item:
    """A question, or an exercise with all that it asks; link leads to its heading."""

    kind: str
    heading: str
    link: str
    asked: list

    def done(self, answers):
        return all(answers.get(name, {}).get(DONE[how]) for how, name in self.asked)

    def begun(self, answers):
        return any(name in answers for _, name in self.asked)


def page(folder=None, answers=given):
    """What the reader has done, notebook by notebook, and a link to where to go on.

    Parameters
    ----------
    folder : path              where the notebooks are; the one that is running stands there, too
    answers : Answers          given, unless another is asked for
    """
    if answers.path is None:
        return Words(TEXT)
    course = read_course(Path(folder or "."))
    if not course:
        return Words(f"No notebooks of the course in {Path(folder or '.').absolute()}: run this beside them.")
    rows, everything = [], []
    for name, (title, items) in course.items():
        cells = [tally([item for item in items if item.kind == kind], answers) for kind in KINDS]
        rows.append(
            f'<tr><th scope="row" style="text-align: left"><a href="{name}">{html.escape(title)}</a></th>'
            + "".join(f'<td style="text-align: left">{cell}</td>' for cell in cells)
            + "</tr>"
        )
        everything += items
    heads = "".join(f'<th scope="col" style="text-align: left">{words}</th>' for words in KINDS.values())
    table = f'<table><thead><tr><th scope="col" style="text-align: left">notebook</th>{heads}</tr></thead>'
    where = f"<code>{html.escape(answers.path.name)}</code> beside the notebooks"
    if answers.path.parent != Path(folder or ".").absolute():
        where = f"<code>{html.escape(str(answers.path))}</code>"
    kept = (
        f"Kept in {where}. On Binder or Colab download this file before you leave, and upload it next time. "
        "<code>progress.reset()</code> begins anew."
    )
    return Words(
        TEXT,
        f"{table}<tbody>{''.join(rows)}</tbody></table>"
        f"<p>{where_to_go_on(everything, answers)}</p><p><small>{kept}</small>{answers.notice}</p>",
    )


def tally(items, answers):
    """How many of the items are done, in words; a link to the first that is not."""
    still_open = [item for item in items if not item.done(answers)]
    words = f"{len(items) - len(still_open)} of {len(items)}"
    return "–" if not items else linked(still_open[0], words) if still_open else f"{words} ✓"


def where_to_go_on(items, answers):
    """The first open item after the last one that was touched; failing that, the first open one."""
    still_open = [place for place, item in enumerate(items) if not item.done(answers)]
    if not still_open:
        return "<b>All done.</b>"
    last = max((place for place, item in enumerate(items) if item.begun(answers)), default=-1)
    ahead = [place for place in still_open if place >= last] or still_open
    skipped = len([place for place in still_open if place < last])
    before = f" (and {skipped} left open before it)" if skipped and ahead[0] > last else ""
    verb = "Begin" if last < 0 else "Go on"
    return f"{verb} with <b>{linked(items[ahead[0]])}</b>{before}."


def linked(item, words=None):
    return f'<a href="{item.link}" title="{html.escape(item.heading)}">{html.escape(words or item.heading)}</a>'


def read_course(folder):
    """Title and items of each notebook in a folder, by its file name."""
    course = {}
    for path in sorted(folder.glob("[0-9][0-9]-*.ipynb")):
        if re.search(r"-Copy\d*$", path.stem):
            continue
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            title, items = read_notebook(path.name, cells)
        except (OSError, ValueError, KeyError, TypeError):  # half written, or no notebook: it will be there next time
            continue
        if items:  # the talk asks a room, and nobody alone
            course[path.name] = title, items
    return course


def read_notebook(name, cells):
    """The title, and the items in their order."""
    title, heading, exercises, items = name, "", False, []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for level, words in re.findall(r"^(#{1,3}) (.+)", source, re.MULTILINE):
                title = words if level == "#" else title
                exercises = words == "Exercises" if level == "##" else exercises
                heading = words
            continue
        for how, question in ASKED.findall(source):
            link = f"{urllib.parse.quote(name)}#{urllib.parse.quote(re.sub(r'[ ]', '-', heading))}"
            if exercises and items and items[-1].link == link:
                items[-1].asked.append((how, question))
            else:
                items.append(Item("Exercise" if exercises else how, heading, link, [(how, question)]))
    return title, items


def reset(answers=given):
    """Begin anew; the file with the old answers is kept under another name."""
    other = None
    try:
        if answers.path is not None and answers.path.exists():
            answers.save()
            with locked(answers.path):
                other = answers.set_aside("backup")
    except OSError as error:
        return Words(f"{answers.path} could not be set aside ({error.strerror or error}); nothing has changed.")
    answers.clear()
    kept = f" The old answers are kept as {other.name}." if other else ""
    return Words(f"All answers are cleared.{kept} Run the notebooks again to answer anew.")
