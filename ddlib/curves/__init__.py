"""The whole curve at once: every size, every trial."""

from ddlib.curves.curve import Curve
from ddlib.curves.linear import linear_curve, subset_curve
from ddlib.curves.polynomial import BiasVariance, bias_variance, polynomial_curve
from ddlib.curves.table import TableFits, table_curve, table_fits
from ddlib.sweep import CONDITION_LIMIT

__all__ = ["Curve", "polynomial_curve", "linear_curve", "subset_curve", "table_curve", "table_fits", "TableFits",
           "BiasVariance", "bias_variance", "CONDITION_LIMIT"]
