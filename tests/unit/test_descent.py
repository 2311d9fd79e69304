"""Gradient descent: the steps against the closed form, both against pinv; the filters; bad input."""

import math

import numpy as np
import pytest
from assertions import says
from hypothesis import given, settings
from hypothesis import strategies as st

from ddlib import fit
from ddlib.fit.descent import descended, descent_filter, gradient_descent, ridge_filter

SHAPES = [(30, 6), (6, 30), (10, 10), (1, 2), (2, 1)]


def problem(N, P, K=None, seed=0):
    rng = np.random.default_rng(seed)
    X, several = rng.normal(size=(N, P)), () if K is None else (K,)
    return X, rng.normal(size=(N, *several)), rng.normal(size=(P, *several)), 1 / np.linalg.norm(X, 2) ** 2


def by_hand(X, y, steps, eta, w):
    """Gradient descent written with the gradient of each single example."""
    for _ in range(steps):
        w = w - eta * sum(np.multiply.outer(x, x @ w - target) for x, target in zip(X, y))
    return w


@pytest.mark.parametrize("N, P", SHAPES)
@pytest.mark.parametrize("K", [None, 1, 3])
@pytest.mark.parametrize("steps", [0, 1, 2, 57])
@pytest.mark.parametrize("share", [0.05, 1.0, 1.9])
def test_steps_and_closed_form_are_gradient_descent(N, P, K, steps, share):
    X, y, w0, eta = problem(N, P, K)
    expected = by_hand(X, y, steps, share * eta, w0)
    np.testing.assert_allclose(gradient_descent(X, y, steps, share * eta, w0), expected, atol=1e-10)
    np.testing.assert_allclose(descended(X, y, steps, share * eta, w0), expected, atol=1e-10)


@pytest.mark.parametrize("N, P", SHAPES)
@pytest.mark.parametrize("K", [None, 2])
def test_it_ends_at_the_minimum_norm_plus_what_X_cannot_see(N, P, K):
    X, y, w0, eta = problem(N, P, K)
    pinv = np.linalg.pinv(X)
    end = pinv @ y + w0 - pinv @ (X @ w0)
    np.testing.assert_allclose(descended(X, y, 10**12, eta, w0), end, atol=1e-8)
    np.testing.assert_allclose(descended(X, y, 10**12, eta), pinv @ y, atol=1e-8)
    if min(N, P) < max(N, P):  # square ones take many steps for their smallest mode
        np.testing.assert_allclose(gradient_descent(X, y, 5000, eta, w0), end, atol=1e-8)
        np.testing.assert_allclose(gradient_descent(X, y, 5000, eta), pinv @ y, atol=1e-8)


def test_equal_columns_and_rows_of_zeros():
    X, y, w0, _ = problem(6, 3)
    X = np.column_stack([X, X[:, 0], np.zeros(6)])  # rank 3 of 5
    w0, eta = np.append(w0, [2.0, 5.0]), 1 / np.linalg.norm(X, 2) ** 2
    np.testing.assert_allclose(descended(X, y, 40, eta, w0), by_hand(X, y, 40, eta, w0), atol=1e-12)
    end = descended(X, y, 10**15, eta, w0)
    np.testing.assert_allclose(end, np.linalg.pinv(X) @ y + w0 - np.linalg.pinv(X) @ (X @ w0), atol=1e-8)
    assert end[4] == 5.0
    nothing = np.zeros((3, 2))
    assert descended(nothing, [1.0, 2.0, 3.0], 9, 0.1, [1.0, 2.0]).tolist() == [1.0, 2.0]
    assert gradient_descent(nothing, [1.0, 2.0, 3.0], 9, 0.1, [1.0, 2.0]).tolist() == [1.0, 2.0]


def test_many_times_at_once():
    X, y, w0, eta = problem(6, 9, K=2)
    times = [0, 3, 100]
    path = descended(X, y, times, eta, w0)
    assert path.shape == (3, 9, 2) and descended(X, y[:, 0], times, eta, w0[:, 0]).shape == (3, 9)
    for t, w in zip(times, path):
        np.testing.assert_allclose(w, descended(X, y, t, eta, w0), rtol=1e-12)
        np.testing.assert_allclose(w[:, 1], descended(X, y[:, 1], t, eta, w0[:, 1]), rtol=1e-12)


def test_the_arguments_are_left_as_they_were():
    X, y, w0, eta = problem(4, 6)
    before = X.copy(), y.copy(), w0.copy()
    gradient_descent(X, y, 5, eta, w0), descended(X, y, 5, eta, w0)
    for now, then in zip((X, y, w0), before):
        np.testing.assert_array_equal(now, then)


def test_the_filter_is_its_formula_and_keeps_its_digits():
    s = np.array([1.3, 1.0, 0.5, 0.1])
    for t in (0, 1, 2, 7, 50):
        np.testing.assert_allclose(descent_filter(s, t, 1.0), 1 - (1 - s**2) ** t, rtol=1e-11, atol=1e-15)
    # 1 - (1 - 1e-24)^(10^6) is 1e-18 to first order; subtracting from 1 would give 0
    assert descent_filter([1.0, 1e-12], 10**6, 1.0)[1] == pytest.approx(1e-18, rel=1e-9)
    assert descent_filter([1.0, 1e-12], [10**30], 0.5)[0].tolist() == [1.0, 1.0]


@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=6),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    st.floats(0.001, 0.999),
)
def test_the_filter_rises_from_0_to_1_in_time_and_large_modes_first(s, times, share):
    s, times = np.array(s), np.sort(times)
    learnt = descent_filter(s, times, share / max(s.max(), 1e-3) ** 2)
    assert learnt.shape == (len(times), len(s)) and (learnt >= 0).all() and (learnt <= 1).all()
    assert (np.diff(learnt, axis=0) >= -1e-12).all()
    assert (np.diff(learnt[:, s.argsort()], axis=1) >= -1e-12).all()


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 60), st.floats(0.01, 1.99), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_steps_and_closed_form_agree_on_any_problem(N, P, steps, share, seed):
    X, y, w0, eta = problem(N, P, seed=seed)
    np.testing.assert_allclose(
        gradient_descent(X, y, steps, share * eta, w0), descended(X, y, steps, share * eta, w0), rtol=1e-8, atol=1e-8
    )


numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=4), st.data())
@settings(deadline=None)
def test_any_features_give_finite_coefficients(rows, data):
    """Columns of zeros, equal rows, scales a million times apart."""
    X, y = np.array(rows), np.array(data.draw(st.lists(numbers, min_size=len(rows), max_size=len(rows))))
    largest = np.linalg.norm(X, 2)
    eta = 1 / largest**2 if largest else 1.0
    times = data.draw(st.lists(st.integers(0, 10**15), min_size=1, max_size=3))
    path = descended(X, y, times, eta, [1.0, -2.0, 3.0])
    assert path.shape == (len(times), 3) and np.isfinite(path).all()
    # the residual never grows
    start = np.linalg.norm(y - X @ [1.0, -2.0, 3.0])
    assert (np.linalg.norm(y - path @ X.T, axis=1) <= start + 1e-9 * (1 + np.abs(X).max() + np.abs(y).max())).all()


def test_extreme_scales():
    for scale in (1e-45, 1e45):
        w = descended([[scale]], [scale], 10**6, 1 / scale**2)
        np.testing.assert_allclose(w, [1.0])
    says("eta must", "2 / sigma_max^2 = ", call=lambda: descended([[1e99]], [1.0], 1, 1e99))


@pytest.mark.parametrize("N, P", [(30, 6), (6, 30)])
def test_ridge_filter_is_ridge(N, P):
    X, y, _, _ = problem(N, P)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    for lam, shares in zip((0.01, 3.0), ridge_filter(s, [0.01, 3.0], N)):
        np.testing.assert_allclose(Vt.T @ (shares / s * (U.T @ y)), fit.ridge(X, y, lam), rtol=1e-9, atol=1e-12)


def test_early_stopping_is_near_ridge():
    """At N lam = 1 / (eta t), and for small steps, they are 1 - exp(-z) and z / (1 + z) of z = eta t s^2."""
    s, N, t = np.geomspace(1e-3, 1, 500), 10, 1000
    gap = descent_filter(s, t, 1e-2) - ridge_filter(s, 1 / (1e-2 * t * N), N)
    assert (gap >= -1e-12).all() and gap.max() < 0.21
    z = np.linspace(0, 50, 10**6)
    assert gap.max() == pytest.approx((1 - np.exp(-z) - z / (1 + z)).max(), abs=0.005)


# --- bad input -------------------------------------------------------------------------------

X, y, w0, ETA = problem(4, 3)
RUNS = [
    lambda **k: gradient_descent(**{"X": X, "y": y, "steps": 3, "eta": ETA, **k}),
    lambda **k: descended(**{"X": X, "y": y, "t": 3, "eta": ETA, **k}),
]


@pytest.mark.parametrize("run", RUNS)
def test_a_step_that_is_too_large_is_named_with_the_largest_allowed(run):
    limit = 2 / np.linalg.norm(X, 2) ** 2
    run(eta=0.999 * limit)
    for eta in (1.001 * limit, 5.0, 1e90):
        says("eta must be above 0 and below 2 / sigma_max^2", f"{limit:.3g}", f"{eta:g}", call=lambda: run(eta=eta))


@pytest.mark.parametrize("run", RUNS)
@given(
    eta=st.one_of(
        st.floats(max_value=0),
        st.sampled_from([math.nan, math.inf]),
        st.booleans(),
        st.text(max_size=3),
        st.none(),
        st.just(1j),
        st.just(10**400),
        st.lists(st.floats(0, 1), max_size=2),
    )
)
def test_eta(run, eta):
    says("eta must", "got", call=lambda: run(eta=eta))
    says("eta must", "got", call=lambda: descent_filter([1.0], 1, eta))


@given(
    st.one_of(
        st.floats(max_value=-1e-300),
        st.floats(0, 9).filter(lambda t: t % 1),
        st.integers(max_value=-1),
        st.sampled_from([math.nan, math.inf]),
        st.booleans(),
        st.text(max_size=3),
        st.none(),
        st.just(1j),
    )
)
def test_steps_and_times(value):
    says("steps must be a whole number", call=lambda: RUNS[0](steps=value))
    for bad in (value, [value], [], [[1]]):
        says("t must", "got", call=lambda: RUNS[1](t=bad))
        says("t must", "got", call=lambda: descent_filter([1.0], bad, 0.5))


@pytest.mark.parametrize("run", RUNS)
def test_shapes_and_values(run):
    for bad in (np.ones(4), 1.0, None, "w", [1, 2, math.nan], np.ones((3, 1)), []):
        says("w0 must", "got", call=lambda: run(w0=bad) if bad is not None else run(w0=[]))
    says("w0 must have the shape of the coefficients, (3, 2)", "(3,)", call=lambda: run(y=np.ones((4, 2)), w0=w0))
    says("y must have one row per row of X", "(4, 3)", "(5,)", call=lambda: run(y=np.ones(5)))
    for bad in (None, 1.0, [], "y", [math.inf] * 4):
        says("y must", "got", call=lambda: run(y=bad))
    for bad in (None, 1.0, y, [["a"]], [[math.nan] * 3] * 4, np.ones((0, 3))):
        says("X must", "got", call=lambda: run(X=bad))


def test_filters():
    for bad in ([-1.0], [], 1.0, None, [[1.0]], [math.nan], "s"):
        says("s must", "got", call=lambda: descent_filter(bad, 1, 0.1))
        says("s must", "got", call=lambda: ridge_filter(bad, 1.0, 1))
    for bad in (0, -1.0, [1.0, 0.0], [[1.0]], [], math.nan, None, "lam", math.inf):
        says("lam must", "got", call=lambda: ridge_filter([1.0], bad, 1))
    for bad in (0, 1.5, True, None):
        says("N must be a whole number", call=lambda: ridge_filter([1.0], 1.0, bad))


def test_fit_offers_them():
    assert fit.gradient_descent is gradient_descent and fit.descended is descended
