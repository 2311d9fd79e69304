"""Draw X and y; tables, digits and published models.

A data set of one's own goes here: a function that draws it in draws.py, or a table in tables.py.

draws    functions that draw training sets
tables   the tables in data/, or a reader's own CSV
digits   training and new digits, with noisy labels
models   published image and language models
"""

from ddlib.datasets.digits import Digits, draw_digits, one_hot
from ddlib.datasets.draws import bend, draw_curve, draw_linear, draw_linear_trials, draw_trials, student_teacher, wave
from ddlib.datasets.models import Model, read_models
from ddlib.datasets.tables import Table, read_table

__all__ = [
    "Digits",
    "draw_digits",
    "one_hot",
    "wave",
    "bend",
    "draw_curve",
    "draw_trials",
    "draw_linear",
    "draw_linear_trials",
    "student_teacher",
    "Model",
    "read_models",
    "Table",
    "read_table",
]
