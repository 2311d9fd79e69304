"""Every fit of the sweep against lstsq, also where features depend on one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddlib.curves.fast.feature_sweep import sweep_features
from ddlib.curves.random_features import draw_features, feature_curve
from ddlib.datasets.digits import one_hot
from ddlib.fit.features import relu_features


def by_lstsq(Z, T, Z_new, T_new, P):
    """Summed squared errors on training and new examples (k,), and the scores (k, M)."""
    beta = np.linalg.lstsq(Z[:, :P], T, rcond=1e-10)[0]
    scores = Z_new[:, :P] @ beta
    return ((Z[:, :P] @ beta - T) ** 2).sum(axis=0), ((scores - T_new) ** 2).sum(axis=0), scores.T


def all_of(Z, T, Z_new, T_new, wanted=()):
    seen = {}
    train, test = sweep_features(Z, T, lambda columns: Z_new.T[columns], T_new.T, wanted, seen.__setitem__)
    return train, test, seen


def digits_and_features(child, share, P_max=3200):
    digits, W = draw_features(200, P_max, child)
    return (
        relu_features(digits.X, W),
        one_hot(digits.noisy(share)),
        relu_features(digits.X_new, W),
        one_hot(digits.labels_new),
    )


@pytest.mark.parametrize("t", [0, 1])
def test_the_digits_at_every_P_around_the_threshold_and_at_many_others(t):
    child, shares = np.random.SeedSequence(0).spawn(2)[t], [0.0, 0.3]
    curve = feature_curve(200, [3200], shares, draws=t + 1)
    many = np.random.default_rng(t).choice(np.arange(261, 3201), 55, replace=False)
    for level, share in enumerate(shares):
        case = digits_and_features(child, share)
        for P in [1, 2, 20, 90, 3200, *range(150, 261), *many][level :: len(shares)]:
            train, test, _ = by_lstsq(*case, P)
            assert curve.every_test[level, t, P - 1] == pytest.approx(test.mean() / 1597, rel=1e-8), P
            assert curve.every_train[level, t, P - 1] == pytest.approx(train.mean() / 200, abs=1e-12), P


@given(
    N=st.integers(1, 12), P=st.integers(1, 40), copies=st.floats(0, 1), repeats=st.integers(0, 6), seed=st.integers(0, 10**6)
)
def test_dependent_columns_and_rows(N, P, copies, repeats, seed):
    """Columns that are zero, multiples or sums of earlier ones, anywhere; rows that are there twice."""
    rng = np.random.default_rng(seed)
    both = rng.normal(size=(N + 5, P))
    for column in np.flatnonzero(rng.random(P) < copies):
        both[:N, column] = both[:N, :column] @ rng.integers(-1, 2, column)  # the new examples stay as they are
    for _ in range(repeats):
        both[rng.integers(N)] = both[rng.integers(N)]
    T, T_new = rng.normal(size=(N, 2)), rng.normal(size=(5, 2))
    Z, Z_new = both[:N], both[N:]
    train, test, seen = all_of(Z, T, Z_new, T_new, range(P + 1))
    assert list(seen) == list(range(P + 1))
    assert (train[:, 0] == (T**2).sum(axis=0)).all() and (test[:, 0] == (T_new**2).sum(axis=0)).all()
    for count in range(1, P + 1):
        size = np.linalg.svd(Z[:, :count], compute_uv=False)
        large = size[size > 1e-9 * size[0]]
        condition = size[0] / large[-1] if len(large) else 1
        if condition > 1e5:  # of a matrix that is all but singular both sides lose digits
            continue
        train_one, test_one, scores = by_lstsq(Z, T, Z_new, T_new, count)
        np.testing.assert_allclose(test[:, count], test_one, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(train[:, count], train_one, atol=1e-8)
        np.testing.assert_allclose(seen[count], scores, rtol=1e-6, atol=1e-6 * (1 + np.abs(scores).max()))


def test_a_closed_form():
    """One example: beta = y z / |z|^2, so the error on a new one is (y z.z_new / |z|^2 - y_new)^2."""
    z, z_new, y, y_new = np.array([[1.0, 2, 0, -1]]), np.array([[3.0, 1, 5, 2]]), 2.0, 0.5
    train, test, _ = all_of(z, np.array([[y]]), z_new, np.array([[y_new]]))
    expected = (y * np.cumsum(z * z_new) / np.cumsum(z**2) - y_new) ** 2
    np.testing.assert_allclose(test[0], [y_new**2, *expected])
    np.testing.assert_allclose(train[0], [y**2, 0, 0, 0, 0], atol=1e-15)


def test_right_after_a_fit_that_is_all_but_singular():
    """At N = P the error is enormous, a column later it is small: nothing of it may stay."""
    rng = np.random.default_rng(0)
    Z, Z_new, T, T_new = (rng.normal(size=shape) for shape in ((30, 90), (40, 90), (30, 3), (40, 3)))
    Z[:, 29] = Z[:, :29] @ rng.normal(size=29) + 1e-7 * rng.normal(size=30)
    _, test, _ = all_of(Z, T, Z_new, T_new)
    assert test[:, 30].min() > 1e12
    for P in range(31, 91):
        np.testing.assert_allclose(test[:, P], by_lstsq(Z, T, Z_new, T_new, P)[1], rtol=1e-5)
