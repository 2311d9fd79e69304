"""The helper module behind the double descent notebooks; each file imports only from files above it.

checks           errors at the public door                        numpy
tables           read the tables in data/, or your own CSV        numpy
datasets         draw X and y                                     numpy
digits           training and new digits, noisy labels            numpy
features         turn inputs into the P columns of X              numpy
descent          gradient descent, in steps and all at once       numpy
fit              solve for beta, one fit at a time                numpy
triangular       inverses of stacks of triangular matrices        numpy
sweep            every P at once, the fast way                    numpy
growth           every N at once, the fast way                    numpy
curves           the whole curve: every P or N, every trial       numpy
phases           the test error over N, P and the ridge penalty   numpy
effective        how many parameters a fit really uses            numpy
ridge_runs       simulated ridge fits, any penalty                numpy
feature_sweep    errors at every P, any matrix, from one pass     numpy
random_features  random ReLU features on the digits               numpy
networks         two-layer networks, trained                      numpy
factors          where an error comes from, mode by mode          numpy
theory           what the curve should be, exactly                numpy
epochs           the error in training time, exactly              numpy
ridge_theory     what ridge does to it, exactly                   numpy
turns            one owner at a time, one clock                    threads
progress         keep the reader's answers, and show them         files
figures          draw on an Axes that is given                    matplotlib
standin          what stands where nothing is alive                pillow
onpage           what labs and questions share on the page        ipywidgets
questions        predict, then reveal; check yourself             ipywidgets
exercises        judge a reader's function on fresh data          numpy
labs             sliders bound to figures                         ipywidgets
export           HTML pages with labs that move, no kernel        nbconvert, latex2mathml
lecture          a notebook as slides with live labs              voila
server           kernel messages sent at once                     Jupyter's server
"""
