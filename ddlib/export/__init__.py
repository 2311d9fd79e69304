"""HTML pages of the notebooks, with labs that move and without a kernel: python -m ddlib.export FOLDER.

hooks      what a kernel shows while it runs for a page
film       a lab recorded over one of its sliders
words      markdown and maths as HTML
mathfont   the part of a mathematical font that a page needs
page       one notebook as one page
deck       the talk as slides
front      the front page, whose labs are computed in the browser
__main__   the command
"""
