"""Features, and one fit at a time.

A basis of one's own goes into features.py.

features        turn inputs into the P columns of X
least_squares   solve for beta
descent         gradient descent, in steps and all at once
networks        two-layer networks, trained
"""

from ddlib.fit.descent import gradient_descent, descended, descent_filter, ridge_filter
from ddlib.fit.features import legendre, legendre_orthonormal, chebyshev, monomials, BASES, relu_features
from ddlib.fit.least_squares import min_norm, ridge, mse
from ddlib.fit.networks import count, start, scores, loss_and_slopes, train, Trained, train_on_digits, centred

__all__ = ["gradient_descent", "descended", "descent_filter", "ridge_filter", "legendre", "legendre_orthonormal",
           "chebyshev", "monomials", "BASES", "relu_features", "min_norm", "ridge", "mse", "count", "start", "scores",
           "loss_and_slopes", "train", "Trained", "train_on_digits", "centred"]
