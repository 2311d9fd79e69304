"""One notebook as one HTML page that holds all it shows."""

import base64
import html
import io
import json
import re
from importlib.resources import files

from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ddlib.export.film import webp
from ddlib.export.hooks import FILM, QUESTION
from ddlib.export.mathfont import math_font
from ddlib.export.words import markdown

__all__ = ["page", "frame_page", "NOT_HERE"]

NOT_HERE = {"speaker-notes", "only-in-jupyter"}  # tags of cells for the lecturer alone, or for who can run them


def page(notebook, folder, before=None, after=None):
    """HTML of an executed notebook; before and after: (address, title) of its neighbours."""
    numbers = {}
    cells = [one_cell(cell, folder, numbers) for cell in notebook.cells if NOT_HERE.isdisjoint(cell.metadata.get("tags", []))]
    links = [
        f'<a rel="{rel}" href="{address}">{arrow.format(html.escape(title))}</a>'
        for rel, arrow, link in (("prev", "← {}", before), ("next", "{} →", after))
        if link
        for address, title in [link]
    ]
    foot = f'<nav class="neighbours" aria-label="Notebooks">{" ".join(links)}</nav>'
    return frame_page(title_of(notebook), "\n".join(filter(None, cells)) + foot)


def title_of(notebook):
    """The first heading."""
    return next(
        re.findall(r"^# +(.+)$", cell.source, re.MULTILINE)[0]
        for cell in notebook.cells
        if cell.cell_type == "markdown" and re.search(r"^# ", cell.source, re.MULTILINE)
    )


def frame_page(title, body):
    """A whole page round its body: style and script inside, nothing to fetch."""
    style, script = (files("ddlib.export").joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)} – Double descent, by hand</title>
<link rel="icon" href="data:,">
<style>{math_font(body)}
{style}</style>
<noscript><style>[data-reply][hidden] {{ display: block; }}</style></noscript>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header><nav aria-label="Course"><a href="index.html">Double descent, by hand</a></nav></header>
<main id="content">
{body}
</main>
<script>{script}</script>
</body>
</html>
"""


def one_cell(cell, folder, numbers):
    if cell.cell_type == "markdown":
        return markdown(cell.source, folder, cell.get("attachments"))
    if cell.cell_type != "code":
        return ""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    source = "" if hidden or not cell.source.strip() else code(cell.source)
    return source + "".join(one_output(output, folder, numbers) for output in cell.outputs)


def code(source):
    return f'<div class="code">{highlight(source, PythonLexer(), HtmlFormatter())}</div>'


def one_output(output, folder, numbers):
    """The richest form of an output that a page without a kernel can show."""
    if output.output_type == "stream":
        return f'<pre class="printed">{html.escape(output.text)}</pre>'
    data, about = output.get("data", {}), output.get("metadata", {})
    if FILM in data:
        numbers["film"] = numbers.get("film", 0) + 1
        return film(data[FILM], f"film-{numbers['film']}")
    if QUESTION in data:
        asked = data[QUESTION]
        if asked.get("film"):
            numbers["film"] = numbers.get("film", 0) + 1
        return question(asked, f"film-{numbers.get('film', 0)}")
    if "image/png" in data:
        told = about.get("image/png", {})
        return still(data["image/png"], told.get("alt", data.get("text/plain", "")), told.get("width"))
    if "text/html" in data:
        return f'<div class="shown">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return f'<div class="shown">{markdown(data["text/markdown"], folder)}</div>'
    return f'<pre class="printed">{html.escape(data["text/plain"])}</pre>' if "text/plain" in data else ""


def still(png, alt, width=None):
    """A figure; WebP holds the same pixels in half the bytes."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    width = width or image.width // 2
    height = round(image.height * width / image.width)
    return (
        f'<p class="figure"><img src="data:image/webp;base64,{webp(image)}" width="{width}" height="{height}" '
        f'alt="{html.escape(alt, quote=True)}"></p>'
    )


def film(film, name):
    """A film: its buttons, its slider, its picture, its words, and the frames for the script."""
    (strip, step), last = film["start"], len(film["steps"]) - 1
    picture, words = film["strips"][strip][step]
    buttons = [
        f'<button type="button" data-strip="{s}" data-step="{t}" '
        f'aria-pressed="{str([s, t] == film["start"]).lower()}">{html.escape(text)}</button>'
        for text, s, t in film["buttons"]
    ]
    buttons += [
        f'<button type="button" data-toggle="{bit}" '
        f'aria-pressed="{str(bool(strip >> bit & 1)).lower()}">{html.escape(text)}</button>'
        for bit, text in enumerate(reversed(film["toggles"]))
    ]
    tries = f'<div class="tries">{"<b>Try</b>" * bool(film["buttons"])} {" ".join(buttons)}</div>' if buttons else ""
    label = html.escape(" ".join(filter(None, (film["label"], film["unit"]))))
    slider = (
        (
            f'<div class="slide"><label for="{name}">{label}</label> <input type="range" id="{name}" min="0" '
            f'max="{last}" step="1" value="{step}" aria-valuetext="{html.escape(film["steps"][step])}"> '
            f'<output for="{name}">{html.escape(film["steps"][step])}</output></div>'
        )
        if last
        else ""
    )
    width, height = film["size"]
    frames = json.dumps({key: film[key] for key in ("steps", "strips", "toggles")}).replace("</", "<\\/")
    stay = "; ".join(film["fixed"])
    fixed = f'<p class="fixed">Run the notebook to move more than this: {html.escape(stay)}.</p>' if stay else ""
    shape, alt = f'width="{width}" height="{height}"', html.escape(film["alt"], quote=True)
    return f"""<figure class="film" role="group" aria-label="Lab, without a kernel: {label or "buttons"}"
data-strip="{strip}">
{tries}{slider}
<div class="picture" style="aspect-ratio: {width} / {height}; max-width: {width}px">
<img src="data:image/webp;base64,{film["base"]}" {shape} alt="{alt}">
<img class="moving" src="data:image/webp;base64,{picture}" {shape} alt="" decoding="sync">
</div>
<div class="words" role="status">{words}</div>
{fixed}<script type="application/json">{frames}</script>
</figure>"""


def question(asked, name):
    if asked["kind"] == "check":
        return check(asked)
    shown = predict(asked)
    if asked.get("film"):  # it belongs to the reply
        shown = shown.replace("</div></fieldset>", film(asked["film"], name) + "</div></fieldset>")
    return shown


def check(asked):
    """A self-check: each answer shows its reply."""
    name, rows = html.escape(asked["name"], quote=True), []
    for place, (answer, reply) in enumerate(asked["replies"].items()):
        verdict = "✓ Right." if answer == asked["right"] else "✗ Not quite."
        rows.append(
            f'<div><label><input type="radio" name="{name}" value="{place}"> {answer}</label>'
            f'<p data-reply="{place}" hidden><b>{verdict}</b> {reply}</p></div>'
        )
    return f'<fieldset class="check"><legend>{asked["question"]}</legend>{"".join(rows)}</fieldset>'


def predict(asked):
    """A prediction: the result can be seen only after a choice, and stands beside it."""
    name, rows = html.escape(asked["name"], quote=True), []
    for place, choice in enumerate(asked["choices"]):
        rows.append(
            f'<label><input type="radio" name="{name}" value="{place}"> <span>{choice}</span>{sketch(asked, choice)}</label>'
        )
    right = asked["right"]
    return f"""<fieldset class="predict"><legend>{asked["question"]}</legend><div class="choices">{"".join(rows)}</div>
<button type="button" disabled>Reveal</button> <span class="hint">Choose first: what do you expect?</span>
<div data-reply hidden><div class="beside"><p class="mine"></p>
<p>What happens: <b>{right}</b>.{sketch(asked, right)}</p></div><p>{asked["result"]}</p></div></fieldset>"""


def sketch(asked, choice):
    if choice not in asked["sketches"]:
        return ""
    alt = html.escape(f"a small curve: {choice}", quote=True)
    data = asked["sketches"][choice]
    return f'<img class="sketch" width="190" height="130" src="data:image/png;base64,{data}" alt="{alt}">'
