"""The helper module behind the double descent notebooks; each room imports only from rooms above it.

checks.py   errors at the public door
datasets/   draw X and y; tables, digits, published models      numpy
fit/        features, and one fit at a time                     numpy
curves/     the whole curve: every P or N, every trial          numpy      (fast/: how that is fast)
theory/     what the curve should be, exactly                   numpy
figures/    draw on an Axes that is given                       matplotlib
progress/   keep the reader's answers, and show them            files
live/       a figure that follows its controls                  ipywidgets
labs/       the labs, a file or two for each notebook           ipywidgets
course/     questions, and exercises that are graded            ipywidgets
lecture/    a notebook as slides with live labs                 voila
export/     HTML pages with labs that move, no kernel           nbconvert, latex2mathml
server/     kernel messages sent at once                        Jupyter's server
"""
