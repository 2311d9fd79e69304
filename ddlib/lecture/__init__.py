"""A notebook as a lecture: slides with live labs, code hidden, large type, offline: python -m ddlib.lecture.

__main__   the command; it starts voila with the template below
share/     the template: index.html.j2, lecture.css, lecture.js, and reveal.js (reveal/), which shows the slides

A cell's slide_type says what it is: slide, subslide, fragment, notes, skip; the property inspector of JupyterLab sets it.
reveal.js does the rest but two things. Its own scaling is off, so that pictures and sliders stay crisp; each slide's
picture takes the room that the rest leaves. And its speaker's window is ours: reveal's loads the slides twice more,
which would start two more kernels.
"""
