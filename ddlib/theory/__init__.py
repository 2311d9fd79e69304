"""What the curve should be, exactly.

linear   the risk of least squares on Gaussian rows, and the Marchenko-Pastur law
ridge    what a ridge penalty does to it
epochs   the error in training time
"""

from ddlib.theory.epochs import filtered_risk, two_group_features, two_group_risk
from ddlib.theory.linear import (
    asymptotic_risk,
    expected_risk,
    marchenko_pastur_density,
    marchenko_pastur_edges,
    over_parameterised_minimum,
    subset_risk,
)
from ddlib.theory.ridge import optimal_lam, optimal_ridge_risk, ridge_risk, stieltjes

__all__ = [
    "filtered_risk",
    "two_group_risk",
    "two_group_features",
    "expected_risk",
    "asymptotic_risk",
    "over_parameterised_minimum",
    "subset_risk",
    "marchenko_pastur_edges",
    "marchenko_pastur_density",
    "stieltjes",
    "ridge_risk",
    "optimal_lam",
    "optimal_ridge_risk",
]
