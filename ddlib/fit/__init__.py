"""Features, and one fit at a time.

A basis of one's own goes into features.py.

features        turn inputs into the P columns of X
least_squares   solve for beta
descent         gradient descent, in steps and all at once
networks        two-layer networks, trained
"""

from ddlib.fit.descent import descended, descent_filter, gradient_descent, ridge_filter
from ddlib.fit.features import BASES, chebyshev, legendre, legendre_orthonormal, monomials, relu_features
from ddlib.fit.least_squares import min_norm, mse, ridge
from ddlib.fit.networks import Trained, centred, count, loss_and_slopes, scores, start, train, train_on_digits

__all__ = [
    "gradient_descent",
    "descended",
    "descent_filter",
    "ridge_filter",
    "legendre",
    "legendre_orthonormal",
    "chebyshev",
    "monomials",
    "BASES",
    "relu_features",
    "min_norm",
    "ridge",
    "mse",
    "count",
    "start",
    "scores",
    "loss_and_slopes",
    "train",
    "Trained",
    "train_on_digits",
    "centred",
]
