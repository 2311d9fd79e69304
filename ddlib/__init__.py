"""The helper module behind the double descent notebooks; each file imports only from files above it.

checks      errors at the public door                        numpy
tables      read the tables in data/, or your own CSV        numpy
datasets    draw X and y                                     numpy
features    turn inputs into the P columns of X              numpy
fit         solve for beta, one fit at a time                numpy
sweep       every P at once, the fast way                    numpy
curves      the whole curve: every P, every trial            numpy
theory      what the curve should be, exactly              numpy
figures     draw on an Axes that is given                    matplotlib
questions   predict, then reveal; check yourself             ipywidgets
labs        sliders bound to figures                         ipywidgets
export      HTML pages with labs that move, no kernel        nbconvert, latex2mathml
lecture     a notebook as slides with live labs              voila
"""
