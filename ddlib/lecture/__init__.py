"""A notebook as a lecture: slides with live labs, code hidden, large type, offline: python -m ddlib.lecture NOTEBOOK.

__main__   the command; it starts voila with the template below
share/     the template: index.html.j2, lecture.css, lecture.js
"""
