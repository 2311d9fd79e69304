"""The whole curve at once: every size, every trial.

curve             what each of them returns
polynomial        the error along P
linear            the error along N, and along a subset of the features
table             the same on a table
ridge_runs        simulated ridge fits, any penalty
phases            the error over N, P and the ridge penalty
random_features   random ReLU features on the digits
factors           where an error comes from, mode by mode
effective         how many parameters a fit really uses
fast/             how all of this is fast
"""

from ddlib.curves.curve import Curve
from ddlib.curves.effective import degrees_of_freedom, effective_parameters, polynomial_effective, smoother
from ddlib.curves.factors import CUTOFFS, STRENGTHS, Factors, ablate, attack, three_factors
from ddlib.curves.fast.sweep import CONDITION_LIMIT
from ddlib.curves.linear import linear_curve, subset_curve
from ddlib.curves.phases import PhaseMap, phase_map
from ddlib.curves.polynomial import BiasVariance, bias_variance, polynomial_curve
from ddlib.curves.random_features import FeatureCurve, draw_features, feature_curve, feature_grid
from ddlib.curves.ridge_runs import RidgeRuns, ridge_runs
from ddlib.curves.table import TableFits, prepared, table_curve, table_fits, training_rows

__all__ = [
    "Curve",
    "smoother",
    "effective_parameters",
    "degrees_of_freedom",
    "polynomial_effective",
    "Factors",
    "three_factors",
    "ablate",
    "attack",
    "CUTOFFS",
    "STRENGTHS",
    "CONDITION_LIMIT",
    "linear_curve",
    "subset_curve",
    "PhaseMap",
    "phase_map",
    "BiasVariance",
    "bias_variance",
    "polynomial_curve",
    "FeatureCurve",
    "feature_grid",
    "feature_curve",
    "draw_features",
    "RidgeRuns",
    "ridge_runs",
    "table_curve",
    "table_fits",
    "TableFits",
    "training_rows",
    "prepared",
]
