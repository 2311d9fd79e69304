"""A notebook as slides without a kernel: the slides of the lecture, the labs of the pages."""

import html
from importlib.resources import files

from ddlib.export.mathfont import math_font
from ddlib.export.page import one_cell, title_of

__all__ = ["deck"]


def deck(notebook, folder):
    """HTML of an executed notebook as slides, by each cell's slide_type; printed, it is a handout with the notes."""
    numbers, pieces = {}, []
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type") or "-"
        if kind != "skip":
            shown = cell.copy()
            shown.metadata = {**cell.metadata, "jupyter": {"source_hidden": True}}
            shown.outputs = [output for output in cell.get("outputs", []) if output.output_type != "stream"]
            pieces.append(f'<div class="piece" data-slide="{kind}">{one_cell(shown, folder, numbers)}</div>')
    body = "\n".join(pieces)
    lecture = files("ddlib.lecture").joinpath("share", "voila", "templates", "lecture")

    def text(place, *names):
        return "\n".join(place.joinpath(*name.split("/")).read_text(encoding="utf-8") for name in names)

    pages = files("ddlib.export")
    scripts = (text(lecture, "reveal/reveal.js"), text(lecture, "lecture.js"), text(pages, "page.js"))
    style = text(pages, "page.css") + text(lecture, "lecture.css")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title_of(notebook))}, the talk</title>
<link rel="icon" href="data:,">
<style media="screen">{text(lecture, "reveal/reveal.css")}</style>
<style>{math_font(body)}
{style}</style>
<noscript><style>body, #rendered_cells, #rendered_cells > div {{ overflow: auto; height: auto; }}
[data-reply][hidden] {{ display: block; }}</style></noscript>
</head>
<body>
<main id="rendered_cells"><div>
{body}
</div></main>
{"".join(f"<script>{script}</script>" for script in scripts)}
</body>
</html>
"""
