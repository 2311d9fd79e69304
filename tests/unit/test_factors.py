"""The three factors, the ablations and the attacks against plain numpy, one fit at a time."""

import math

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from ddlib.curves import table_curve, table_fits
from ddlib.curves.factors import CUTOFFS, STRENGTHS, ablate, attack, three_factors
from ddlib.curves.table import training_rows
from ddlib.datasets import read_table, student_teacher
from ddlib.fit.least_squares import min_norm, ridge

GRID, TRIALS = [1, 4, 10, 11, 25], 6


# --- three factors -------------------------------------------------------------------------------


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4), st.integers(0, 2**40), st.booleans())
def test_the_product_sums_to_the_error(N, P, M, seed, deficient):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, P))
    if deficient:
        X[-1] = X[0]
    y, x, beta = rng.standard_normal(N), rng.standard_normal((M, P)), rng.standard_normal(P)
    found = three_factors(X, y, x, beta)
    beta_hat = min_norm(X, y)
    size = np.abs(found.product).sum() + 1
    np.testing.assert_allclose(found.error, x @ (beta_hat - beta), atol=1e-8 * size)
    projection = np.linalg.pinv(X) @ X
    np.testing.assert_allclose(found.bias, -x @ (np.eye(P) - projection) @ beta, atol=1e-8)
    if N >= P and not deficient:
        np.testing.assert_allclose(found.bias, 0, atol=1e-9)
    one = three_factors(X, y, x[0], beta)
    np.testing.assert_allclose(one.product, found.product[0], atol=1e-10 * size)
    assert (
        isinstance(one.error, float)
        and isinstance(one.bias, float)
        and one.error == pytest.approx(found.error[0], abs=1e-10 * size)
    )


def test_each_factor_is_what_its_name_says():
    rng = np.random.default_rng(2)
    X, y, x, beta = rng.standard_normal((5, 9)), rng.standard_normal(5), rng.standard_normal(9), rng.standard_normal(9)
    found = three_factors(X, y, x, beta)
    value, vectors = np.linalg.eigh(X.T @ X)
    np.testing.assert_allclose(found.inverse, value[::-1][:5] ** -0.5)
    np.testing.assert_allclose(np.abs(found.test), np.abs(x @ vectors[:, ::-1][:, :5]))
    left = np.linalg.eigh(X @ X.T)[1][:, ::-1]
    np.testing.assert_allclose(np.abs(found.residual), np.abs(left.T @ (y - X @ beta)))


def test_a_mode_that_is_not_there_adds_nothing():
    X = np.array([[1.0, 0.0], [1.0, 0.0]])
    found = three_factors(X, [1.0, 3.0], [5.0, 7.0], [0.0, 2.0])
    assert found.inverse[1] == 0 and found.bias == pytest.approx(-14) and found.error == pytest.approx(10 - 14)


def test_no_residual_no_product():
    rng = np.random.default_rng(0)
    X, beta = rng.standard_normal((4, 4)), rng.standard_normal(4)
    assert np.abs(three_factors(X, X @ beta, rng.standard_normal(4), beta).product).max() < 1e-10


@pytest.mark.parametrize(
    "name, value, word",
    [
        ("X", [1.0, 2.0], "X"),
        ("X", [[np.nan, 1], [1, 2]], "finite"),
        ("y", [1.0], "y"),
        ("y", [[1.0], [2.0]], "y"),
        ("y", ["a", "b"], "y"),
        ("x", [1.0], "x"),
        ("x", [[1.0, 2, 3]], "x"),
        ("x", [np.inf, 1], "x"),
        ("x", 3.0, "x"),
        ("x", [[[1.0, 2]]], "x"),
        ("beta", [1.0, 2, 3], "beta"),
        ("beta", None, "beta"),
        ("beta", [], "beta"),
    ],
)
def test_bad_factors(name, value, word):
    good = dict(X=[[1.0, 2.0], [3.0, 4.0]], y=[1.0, 2.0], x=[1.0, 0.0], beta=[0.0, 1.0])
    says(word, call=lambda: three_factors(**{**good, name: value}))


# --- what is taken away, and made worse -----------------------------------------------------------

SETTINGS = {
    "diabetes": (lambda: read_table("diabetes"), False),
    "diabetes, standardised": (lambda: read_table("diabetes"), True),
    "student": (lambda: student_teacher(np.random.default_rng(5)), False),
}


@pytest.fixture(scope="module", params=SETTINGS)
def setting(request):
    """X and y, the fits, and the rows of each trial."""
    table, standardise = SETTINGS[request.param][0](), SETTINGS[request.param][1]
    X, y = table[0], table[1]
    if standardise:
        X, y = (X - X.mean(axis=0)) / X.std(axis=0), y - y.mean()
    return X, y, table_fits(table, GRID, TRIALS, standardise=standardise), training_rows(len(X), TRIALS)


def check(setting, curve, one, rel=1e-7):
    """curve against one(X_train, y_train, X_test, y_test) -> train error, test error, for every trial and N."""
    X, y, _, rows = setting
    for t in range(TRIALS):
        for g, N in enumerate(GRID):
            some, others = rows[t, :N], rows[t, N:]
            train, test = one(X[some], y[some], X[others], y[others])
            assert curve.train[t, g] == pytest.approx(train, rel=rel, abs=1e-12 * np.mean(y**2))
            assert curve.test[t, g] == pytest.approx(test, rel=rel, abs=1e-12 * np.mean(y**2))


def errors(X, y, X_test, y_test, beta):
    return np.mean((X @ beta - y) ** 2), np.mean((X_test @ beta - y_test) ** 2)


def test_with_nothing_taken_away_it_is_table_curve(setting):
    X, y, fits, _ = setting
    whole = table_curve((X, y), GRID, TRIALS)
    for curve in (ablate(fits), attack(fits), ablate(fits, keep=1000), ablate(fits, cutoff=1e-300)):
        np.testing.assert_allclose(curve.test, whole.test, rtol=1e-9)
        np.testing.assert_allclose(curve.norm, whole.norm, rtol=1e-9)
        assert curve.trusted.all() and curve.P == X.shape[1]


@pytest.mark.parametrize("cutoff", [*CUTOFFS[::3], 3.7])
def test_small_singular_values_left_out(setting, cutoff):
    def one(X, y, X_test, y_test):
        U, s, Vt = np.linalg.svd(X, full_matrices=False)
        large = s >= cutoff
        return errors(X, y, X_test, y_test, Vt[large].T @ ((U.T @ y)[large] / s[large]))

    check(setting, ablate(setting[2], cutoff=cutoff), one)


@pytest.mark.parametrize("keep", [1, 5, 10])
def test_test_rows_projected_on_the_leading_modes(setting, keep):
    def one(X, y, X_test, y_test):
        V = np.linalg.svd(X, full_matrices=False)[2][:keep].T
        beta = np.linalg.pinv(X) @ y
        return np.mean((X @ beta - y) ** 2), np.mean((X_test @ V @ V.T @ beta - y_test) ** 2)

    check(setting, ablate(setting[2], keep=keep), one)


def test_no_residual(setting):
    X_all, y_all, fits, _ = setting
    best = np.linalg.solve(X_all.T @ X_all, X_all.T @ y_all)

    def one(X, y, X_test, y_test):
        return errors(X, X @ best, X_test, X_test @ best, np.linalg.pinv(X) @ X @ best)

    curve = ablate(fits, residual=False)
    check(setting, curve, one, rel=1e-6)
    beyond = np.array(GRID) >= X_all.shape[1]
    assert curve.test[:, beyond].size == 0 or curve.test[:, beyond].max() < 1e-12 * np.mean(y_all**2)


@pytest.mark.parametrize("lam", [1e-4, 0.3])
def test_ridge_agrees_with_scikit_learn_and_with_ddlib(setting, lam):
    def one(X, y, X_test, y_test):
        beta = Ridge(alpha=lam * len(X), fit_intercept=False, solver="svd").fit(X, y).coef_
        np.testing.assert_allclose(beta, ridge(X, y, lam), rtol=1e-6, atol=1e-9 * np.abs(beta).max())
        return errors(X, y, X_test, y_test, beta)

    check(setting, ablate(setting[2], lam=lam), one)


def test_all_at_once(setting):
    X_all, y_all, fits, _ = setting
    best = np.linalg.lstsq(X_all, y_all, rcond=None)[0]

    def one(X, y, X_test, y_test):
        U, s, Vt = np.linalg.svd(X, full_matrices=False)
        weight = np.where(s >= 0.5, s / (s**2 + len(X) * 0.01), 0)
        beta = Vt.T @ (weight * (U.T @ X @ best))
        seen = X_test @ Vt[:3].T @ Vt[:3]
        return np.mean((X @ beta - X @ best) ** 2), np.mean((seen @ beta - X_test @ best) ** 2)

    check(setting, ablate(fits, cutoff=0.5, keep=3, residual=False, lam=0.01), one, rel=1e-6)


def weakest_mode(X, y, best):
    """u_last and v_last, with u_last . (y - X best) >= 0."""
    U, _, Vt = np.linalg.svd(X, full_matrices=False)
    sign = -1 if U[:, -1] @ (y - X @ best) < 0 else 1
    return sign * U[:, -1], sign * Vt[-1]


@pytest.mark.parametrize("strength", STRENGTHS[1::2])
def test_test_rows_moved_along_the_weakest_mode(setting, strength):
    X_all, y_all, fits, _ = setting
    best = np.linalg.lstsq(X_all, y_all, rcond=None)[0]

    def one(X, y, X_test, y_test):
        beta, v = np.linalg.pinv(X) @ y, weakest_mode(X, y, best)[1]
        return np.mean((X @ beta - y) ** 2), np.mean(((X_test + strength * v) @ beta - y_test) ** 2)

    check(setting, attack(fits, test=strength), one)


@pytest.mark.parametrize("strength", STRENGTHS[1::2])
def test_targets_moved_along_the_weakest_mode_leave_the_training_loss(setting, strength):
    X_all, y_all, fits, _ = setting
    best = np.linalg.lstsq(X_all, y_all, rcond=None)[0]

    def one(X, y, X_test, y_test):
        residual = y - X @ best + strength * weakest_mode(X, y, best)[0]
        moved = X @ best + residual
        return errors(X, moved, X_test, y_test, np.linalg.pinv(X) @ moved)

    curve = attack(fits, train=strength)
    check(setting, curve, one)
    np.testing.assert_allclose(curve.train, attack(fits).train, rtol=1e-9, atol=1e-12 * np.mean(y_all**2))


@given(st.floats(0, 1e3), st.integers(1, 12), st.booleans(), st.floats(0, 1e3), st.floats(-1e3, 1e3))
def test_always_finite(cutoff, keep, residual, lam, strength):
    X = np.repeat([[1.0, 2.0, 0], [3.0, -1.0, 1], [0.5, 1.0, 1]], 4, axis=0)
    fits = table_fits((X, np.arange(12.0)), [1, 3, 7], trials=4)
    for curve in (ablate(fits, cutoff, keep, residual, lam), attack(fits, strength, -strength)):
        for part in (curve.train, curve.test, curve.norm):
            assert np.isfinite(part).all() and (part >= 0).all()


def test_each_factor_alone_kills_the_peak_of_the_student():
    """The claim of the source: without any one of the three there is no peak."""
    fits = table_fits(student_teacher(np.random.default_rng(0)), np.arange(1, 40), trials=50)
    peak = table_curve(student_teacher(np.random.default_rng(0)), [20], trials=50).quantiles("test", 0.5)[0]
    null = 25
    for curve in (ablate(fits, cutoff=1), ablate(fits, keep=10), ablate(fits, residual=False), ablate(fits, lam=1)):
        assert curve.quantiles("test", 0.5).max() < 6 * null < peak / 2


fits_of = {}


def small():
    if not fits_of:
        rng = np.random.default_rng(0)
        fits_of["small"] = table_fits((rng.standard_normal((12, 3)), rng.standard_normal(12)), [2, 5], trials=2)
    return fits_of["small"]


@given(
    st.one_of(
        st.floats(max_value=-1e-300),
        st.just(math.nan),
        st.just(math.inf),
        st.text(max_size=3),
        st.none(),
        st.booleans(),
        st.just(1j),
    )
)
def test_bad_strengths(value):
    says("cutoff must be", call=lambda: ablate(small(), cutoff=value))
    says("lam must be", call=lambda: ablate(small(), lam=value))
    if not isinstance(value, float) or not math.isfinite(value):
        says("test must be", call=lambda: attack(small(), test=value))
        says("train must be", call=lambda: attack(small(), train=value))


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", True, math.nan])
def test_bad_keep(value):
    says("keep must be a whole number", call=lambda: ablate(small(), keep=value))


@pytest.mark.parametrize("value", [0, 1, None, "no"])
def test_bad_residual(value):
    says("residual must be True or False", repr(value), call=lambda: ablate(small(), residual=value))


@pytest.mark.parametrize("value", [None, 3, (1, 2), [], (1, 2, 3), "ab"])
def test_no_fits(value):
    says("fits must come from table_fits", call=lambda: ablate(value))
    says("fits must come from table_fits", call=lambda: attack(value))
