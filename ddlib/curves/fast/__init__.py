"""How a whole curve is fast: every size from one pass over the data, for all training sets at once.

A plain loop solves each size anew: N P^2 operations a fit. Neighbouring sizes differ by one column or one row, so
that each file keeps something from one size to the next.

sweep           every P. Up to P = N one factorisation X = QR has all the fits: beta_P is a running sum of the columns
                of R^-1, each times what y has along its new direction. Beyond, rows of X' are taken into R, in blocks
                of some 20; what lies before a block enters the test error through two small matrices, Q'WQ and
                Q'W target, so that the cost of a column does not grow with P.
growth          every N. Up to N = P the same with X' = QR: each example moves beta along one new direction.
feature_sweep   every P of any matrix, for the predictions on given examples, in one pass of Gram-Schmidt.
triangular      inverses of stacks of triangular matrices: numpy has no solver for these.

The noise. The targets are truth + sigma * noise, and a fit is linear in them: truth and unit noise are fitted side
by side, every error is a quadratic in sigma, and a new sigma refits nothing.

Digits. At N = P a condition number of 1e8 and more is usual, and XX' has its square. So XX' is used only where
that leaves ten digits (WELL_CONDITIONED). Elsewhere R is carried on by orthogonal transformations, which forget an
ill-conditioned start: after some more columns R belongs to a well-conditioned X, and is as exact as that is. Within
a block that starts badly the columns are taken away from its good end, instead of added to its bad start.

Measured against a loop of pinv on two cores, 30 training sets (python -m tests.benchmarks.polynomial): 26 times
at N = 15, P = 1..100; 51 times at N = 40, P = 1..200; largest relative difference 3e-8 where the condition number
is below 1e6, and 1e-5 where it is below 1e10. Along N (tests.benchmarks.linear) 51 to 67 times.
"""
