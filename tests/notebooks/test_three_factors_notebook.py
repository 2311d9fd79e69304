"""What notebook 5 says in words about data and about the paper, computed again."""

from pathlib import Path

import numpy as np
import pytest

from ddlib.curves import table_curve, table_fits
from ddlib.curves.factors import ablate
from ddlib.curves.table import training_rows
from ddlib.datasets import read_table, student_teacher
from ddlib.labs.factors import fits_of, untouched

WHO = Path(__file__).parents[3] / "shared" / "data" / "who_life_expectancy.csv"
GRID = np.arange(1, 40)


def medians(curve):
    return curve.quantiles("test", 0.5)


def test_the_mean_of_the_bias_squared_is_far_below_the_mean_of_the_squared_bias():
    X, y = student_teacher(np.random.default_rng(0))
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    coded, right = [], []
    for rows in training_rows(1000, trials=50):
        bias = X[rows[1:]] @ (np.linalg.pinv(X[rows[:1]]) @ (X[rows[:1]] @ best) - best)
        coded.append(np.mean(bias) ** 2)
        right.append(np.mean(bias**2))
    assert np.mean(coded) < 0.05 < 12 < np.mean(right) < 13.5
    F3 = ablate(table_fits((X, y), [1]), residual=False).test.mean()
    assert np.mean(right) == pytest.approx(F3, rel=1e-10) and round(F3, 1) == 12.7


def test_means_at_the_peak_do_not_settle_and_medians_do():
    table = read_table("california")
    at_peak = np.array([table_curve(table, [8], seed=seed).test[:, 0] for seed in range(8)])
    means, middle = at_peak.mean(axis=1), np.median(at_peak, axis=1)
    assert means.max() / means.min() > 1000 and middle.max() / middle.min() < 10
    assert 1e4 < means[0] < 4e4


def test_what_the_ablation_lab_shows():
    null = 1  # the labs scale y
    student = fits_of("Student–Teacher", "raw")
    assert medians(untouched("Student–Teacher", "raw")).max() > 15
    for taken in (dict(cutoff=1.0), dict(keep=10), dict(residual=False), dict(lam=0.1)):
        assert medians(ablate(student, **taken)).max() < 1.6 * null
    raw = medians(ablate(fits_of("California", "raw"), cutoff=1.0))
    assert raw[7] < 2 and (raw[14:] > 2.5).all() and (raw[14:] < 5).all()
    standardised = medians(ablate(fits_of("California", "standardised"), cutoff=1.0))
    assert np.mean(standardised < 1) > 0.9
    whole, sets = fits_of("Diabetes", "raw")
    assert max(some.singular[np.isfinite(some.singular)].max() for some in sets) < 1
    np.testing.assert_allclose(medians(ablate((whole, sets), cutoff=1.0)), 1, atol=0.02)


def test_the_small_N_end_is_that_of_predicting_nothing():
    for table, at_one in (
        (student_teacher(np.random.default_rng(0)), 1.0),
        (read_table("diabetes"), 1.11),
        (read_table("california"), 0.64),
    ):
        relative = medians(table_curve(table, GRID)) / np.mean(table[1] ** 2)
        assert relative[0] == pytest.approx(at_one, abs=0.006) and relative[-1] > 0.9


@pytest.mark.skipif(not WHO.exists(), reason=f"{WHO.name} is not beside the repository; it may not be shipped")
def test_life_expectancy_and_its_units():
    who = read_table(WHO, "Life expectancy", "drop", ("Country", "Year", "Status", "Income composition of resources"))
    assert np.linalg.cond(who.X) == pytest.approx(5.9e7, rel=0.02)
    raw, standardised = medians(table_curve(who, GRID)), medians(table_curve(who, GRID, standardise=True))
    assert 3e7 < raw[0] < 5e7 and 5e4 < raw[16] < 7e4 and raw[12] < 5e3 and raw[20] < 5e3
    assert round(standardised[0]) == 51 and round(who.y.var()) == 77
    assert standardised.argmax() == 16 and standardised[16] > 3000
