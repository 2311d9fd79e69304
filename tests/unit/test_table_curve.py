"""table_curve against plain loops of pinv fits, scikit-learn, and the numbers of the source."""

import math
import warnings

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from ddlib.curves import CONDITION_LIMIT, table_curve, table_fits
from ddlib.curves.table import prepared, training_rows
from ddlib.datasets import Table, read_table, student_teacher

GRID = np.arange(1, 40)  # of the source


def plain_loop(X, y, grid, trials, seed=0):
    """One pinv fit for every trial and N: train and test mean squared error, norm, condition number."""
    found = np.empty((4, trials, len(grid)))
    for t, rows in enumerate(training_rows(len(X), trials, seed)):
        for g, N in enumerate(grid):
            train, test = rows[:N], rows[N:]
            beta = np.linalg.pinv(X[train]) @ y[train]
            found[:, t, g] = (
                np.mean((X[train] @ beta - y[train]) ** 2),
                np.mean((X[test] @ beta - y[test]) ** 2),
                np.linalg.norm(beta),
                np.linalg.cond(X[train]),
            )
    return found


def agree(curve, loop, scale, rel=1e-9):
    train, test, norm, cond = loop
    clear = cond < 1e6
    assert clear.mean() > 0.3
    np.testing.assert_allclose(curve.test[clear], test[clear], rtol=rel, atol=rel * scale)
    np.testing.assert_allclose(curve.train[clear], train[clear], rtol=rel, atol=rel * scale)
    np.testing.assert_allclose(curve.norm[clear], norm[clear], rtol=rel)
    assert curve.trusted[cond < CONDITION_LIMIT / 2].all()


TABLES = {
    "california": (lambda: read_table("california"), 4),
    "diabetes": (lambda: read_table("diabetes"), 20),
    "student and teacher": (lambda: student_teacher(np.random.default_rng(3)), 20),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("seed", [0, 7])
def test_errors_agree_with_the_plain_loop(name, seed):
    (X, y, *_), trials = TABLES[name][0](), TABLES[name][1]
    curve = table_curve((X, y), GRID, trials, seed)
    assert curve.test.shape == (trials, len(GRID)) and curve.grid.tolist() == GRID.tolist()
    assert curve.P == curve.threshold == X.shape[1] and curve.N.tolist() == GRID.tolist()
    agree(curve, plain_loop(X, y, GRID, trials, seed), scale=1e-6 * np.mean(y**2))


@pytest.mark.parametrize("name", ["california", "diabetes"])
def test_standardised_agrees_with_scikit_learn(name):
    table = read_table(name)
    X, y = StandardScaler().fit_transform(table.X), table.y - table.y.mean()
    curve = table_curve(table, [3, 12, 39], trials=5, standardise=True)
    for t in range(5):
        for g, N in enumerate(curve.grid):
            train, test, aim, other = train_test_split(X, y, random_state=t, test_size=len(X) - N)
            fit = LinearRegression(fit_intercept=False).fit(train, aim)
            assert curve.test[t, g] == pytest.approx(mean_squared_error(other, fit.predict(test)), rel=1e-8)


def test_the_rows_are_those_of_the_source():
    for T, N, t in [(442, 10, 0), (442, 39, 7), (20, 19, 3)]:
        train, test = train_test_split(np.arange(T), random_state=t, test_size=T - N)
        rows = training_rows(T, trials=t + 1)[t]
        assert set(rows[:N]) == set(train) and set(rows[N:]) == set(test)


def test_the_numbers_of_the_source():
    """Means of 50 repeats at N = 1..39, read from the figures of the source; the peak's mean does not settle."""
    for name, peak, right in (("california", 2e4, 10), ("diabetes", 4e7, 3.5e4)):
        table = read_table(name)
        mean = table_curve(table, GRID, trials=50).test.mean(axis=0)
        assert GRID[mean.argmax()] == table.X.shape[1]
        assert peak / 3 < mean.max() < 3 * peak and right / 3 < mean[-1] < 3 * right


def test_student_and_teacher_have_the_numbers_of_the_source():
    """Their mean over five teachers and 200 repeats, from (13 (1 - N/20) + 12 (1 + N/(19 - N)) and 12 (1 + 20/(N - 21))"""
    grid = [5, 10, 15, 20, 25, 39]
    curves = [table_curve(student_teacher(np.random.default_rng(seed)), grid, trials=200).test for seed in range(5)]
    test = np.concatenate(curves)
    expected = [13 * (1 - N / 20) + 12 * (1 + N / (19 - N)) for N in (5, 10)]
    np.testing.assert_allclose(test.mean(axis=0)[:2], expected, rtol=0.06)
    np.testing.assert_allclose(test.mean(axis=0)[-1], 12 * (1 + 20 / 18), rtol=0.06)
    # a single teacher of the source: means 25.0, 31.2, 53, 1.7e4, 78, 25.5, medians 25.0, 30.1, 44, 889, 56, 24.7
    medians = np.median(test, axis=0)
    for found, source, rel in zip(medians, [25.0, 30.1, 44, 889, 56, 24.7], [0.15, 0.15, 0.25, 0.9, 0.25, 0.15]):
        assert found == pytest.approx(source, rel=rel)
    assert test.mean(axis=0)[3] > 1000


@given(st.integers(3, 25), st.integers(1, 6), st.integers(0, 2**40), st.booleans())
def test_any_small_table(T, D, seed, standardise):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((T, D)) * 10.0 ** rng.integers(-3, 4, D), rng.standard_normal(T) + 3
    grid = np.unique(rng.integers(1, T, 4))
    curve = table_curve((X, y), grid, trials=3, seed=seed % 5, standardise=standardise)
    assert all(np.isfinite(part).all() for part in (curve.train, curve.test, curve.norm))
    X, y = prepared((X, y), standardise)
    train, test, norm, cond = plain_loop(X, y, grid, 3, seed % 5)
    clear = cond < 1e8
    np.testing.assert_allclose(curve.test[clear], test[clear], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(curve.train[clear], train[clear], rtol=1e-6, atol=1e-9)


def test_a_trial_does_not_depend_on_the_others_or_on_the_grid():
    table = read_table("diabetes")
    whole = table_curve(table, GRID, trials=6, seed=4)
    some = table_curve(table, [2, 17], trials=2, seed=4)
    np.testing.assert_allclose(some.test, whole.test[:2, [1, 16]], rtol=1e-10)
    assert not np.array_equal(table_curve(table, [17], trials=2, seed=5).test, some.test[:, 1:])


def test_equal_rows_stay_finite():
    """Copies of a row leave a training set with fewer modes than rows."""
    X = np.repeat([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]], 4, axis=0)
    y = np.arange(12.0)
    curve = table_curve((X, y), range(1, 12), trials=10)
    train, test, norm, _ = plain_loop(X, y, range(1, 12), 10)
    np.testing.assert_allclose(curve.test, test, rtol=1e-9)
    np.testing.assert_allclose(curve.train, train, rtol=1e-9, atol=1e-12)
    assert curve.trusted.all()


def test_what_double_precision_cannot_tell_is_marked():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 3)) * [1, 1, 1e-12]
    curve = table_curve((X, rng.standard_normal(60)), [1, 3, 20], trials=8)
    assert np.isfinite(curve.test).all() and not curve.trusted[:, 1:].any() and curve.trusted[:, 0].all()


def test_a_table_with_fewer_rows_than_columns():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((9, 20)), rng.standard_normal(9)
    curve = table_curve((X, y), range(1, 9), trials=4)
    agree(curve, plain_loop(X, y, range(1, 9), 4), scale=1e-6)


def test_the_fits_are_those_of_the_curve():
    table = read_table("diabetes")
    whole, sets = table_fits(table, [5, 10, 30], trials=3)
    assert [some.N for some in sets] == [5, 10, 30] and (whole.T, whole.D) == table.X.shape
    rows = training_rows(442, 3)
    for some in sets:
        for t in range(3):
            s = np.linalg.svd(table.X[rows[t, : some.N]], compute_uv=False)
            np.testing.assert_allclose(some.singular[t], s, rtol=1e-9)


def test_a_table_by_its_name_or_path(tmp_path):
    table = read_table("diabetes")
    np.testing.assert_array_equal(table_curve("diabetes", [4, 10]).test, table_curve(table, [4, 10]).test)
    own = tmp_path / "own.csv"
    own.write_text("a,b,y\n1,2,3\n4,5,9\n0,1,1\n")
    assert table_curve(own, [1, 2], trials=3).test.shape == table_curve(str(own), [1, 2], trials=3).test.shape == (3, 2)
    with pytest.raises(FileNotFoundError, match="california"):
        table_curve("californa", [1])


# --- bad input -----------------------------------------------------------------------------------


def good(T=12, D=3):
    rng = np.random.default_rng(0)
    return Table(rng.standard_normal((T, D)), rng.standard_normal(T), tuple("abcdefgh"[:D]))


def test_fewer_rows_than_asked_for():
    says("N", "12 rows", "12", call=lambda: table_curve(good(), [3, 12]))
    says("N", "442 rows", "500", call=lambda: table_curve(read_table("diabetes"), [500]))


def test_columns_that_cannot_be_told_apart():
    X, y, names = good()
    says("table", "zeros", "'b'", call=lambda: table_curve(Table(X * [1, 0, 1], y, names), [2]))
    collinear = np.column_stack([X[:, 0], X[:, 1], 2 * X[:, 0] - 7 * X[:, 1]])
    says("table", "combination", "'c'", call=lambda: table_curve(Table(collinear, y, names), [2]))
    says("table", "combination", "'column 1'", call=lambda: table_curve((X[:, [0, 0, 1]], y), [2]))
    says("table", "zeros", "'pixel_0_0'", call=lambda: table_curve(read_table("digits"), [2]))


def test_a_constant_column_acts_as_an_intercept_but_cannot_be_standardised():
    X, y, names = good()
    X[:, 1] = 0.1
    curve = table_curve(Table(X, y, names), [2, 6], trials=2)
    agree(curve, plain_loop(X, y, [2, 6], 2), scale=1e-3)
    says("table", "constant", "'b'", call=lambda: table_curve(Table(X, y, names), [2], standardise=True))


def test_equal_scales_do_not_decide_what_is_a_combination():
    X, y, names = good()
    assert np.isfinite(table_curve(Table(X * [1e-9, 1, 1e9], y, names), [2, 6]).test).all()


@pytest.mark.parametrize("table", [None, 3, b"diabetes", [[1, 2]], (1,), (1, 2, 3, 4)])
def test_no_table(table):
    says("table must be a Table, (X, y) or a name", call=lambda: table_curve(table, [1]))


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda X, y: (X[:-1], y), "one y per row"),
        (lambda X, y: (X, y[:, None]), "table's y"),
        (lambda X, y: (X[:, 0], y), "table's X"),
        (lambda X, y: (X * np.nan, y), "finite"),
        (lambda X, y: (X, y * np.inf), "finite"),
        (lambda X, y: (X[:0], y[:0]), "non-empty"),
        (lambda X, y: (X * 1e200, y), "within"),
        (lambda X, y: (X, y * 1e200), "within"),
        (lambda X, y: (X.astype(str), y), "numbers"),
    ],
)
def test_tables_that_are_none(spoil, words):
    X, y, _ = good()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        says("table", words, call=lambda: table_curve(spoil(X, y), [2]))


@given(
    st.one_of(
        st.integers(max_value=0),
        st.floats(0.1, 0.9),
        st.text(max_size=3),
        st.none(),
        st.booleans(),
        st.just(math.nan),
        st.lists(st.integers(1, 3), max_size=2),
    )
)
def test_bad_counts(value):
    says("trials must be", call=lambda: table_curve(good(), [2], trials=value))
    if value != 0 or isinstance(value, bool):
        says("seed must be", call=lambda: table_curve(good(), [2], seed=value))


@pytest.mark.parametrize("grid", [[], [0, 1], [2, 2], [3, 1], [1.5], "12", [[1, 2]], [math.nan], None, 3])
def test_bad_grids(grid):
    says("N must", call=lambda: table_curve(good(), grid))


@pytest.mark.parametrize("value", [None, 0, 1, "table", "yes"])
def test_bad_standardise(value):
    says("standardise must be True or False", repr(value), call=lambda: table_curve(good(), [2], standardise=value))
