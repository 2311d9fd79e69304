"""The helper module behind the double descent notebooks; each file imports only from files above it.

checks      errors at the public door                        numpy
datasets    draw X and y; read the tables in data/           numpy
features    turn inputs into the P columns of X              numpy
fit         solve for beta, one fit at a time                numpy
curves      the whole curve: every P, every trial            numpy
figures     draw on an Axes that is given                    matplotlib
labs        sliders bound to figures                         ipywidgets
questions   predict, then reveal; check yourself             ipywidgets
"""
