"""Random features: every fit of the curve against lstsq on the same draws."""

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st
from test_bad_input import bad_order, no_size

from ddlib.curves.random_features import draw_features, feature_curve, feature_grid
from ddlib.datasets.digits import one_hot
from ddlib.fit.features import relu_features


def children(seed, draws):
    return np.random.SeedSequence(seed).spawn(draws)


def by_lstsq(N, P, P_max, share, child):
    """train, test, error and guesses of one fit."""
    digits, W = draw_features(N, P_max, child)
    Z, T = relu_features(digits.X, W[:, :P]), one_hot(digits.noisy(share))
    beta = np.linalg.lstsq(Z, T, rcond=1e-11)[0]
    scores = relu_features(digits.X_new, W[:, :P]) @ beta
    guesses = scores.argmax(axis=1)
    return (
        ((Z @ beta - T) ** 2).mean(),
        ((scores - one_hot(digits.labels_new)) ** 2).mean(),
        (guesses != digits.labels_new).mean(),
        guesses,
    )


@pytest.mark.parametrize("N, seed", [(200, 0), (200, 5), (60, 1)])
def test_every_fit_against_lstsq(N, seed):
    grid = feature_grid(N)[::3] if N == 200 else feature_grid(N, 700)
    curve = feature_curve(N, grid, [0.0, 0.3], draws=1, seed=seed)
    for level, share in enumerate(curve.label_noise):
        for g, P in enumerate(grid):
            train, test, error, guesses = by_lstsq(N, P, grid[-1], share, *children(seed, 1))
            assert curve.train[level, 0, g] == pytest.approx(train, abs=1e-9)
            assert curve.test[level, 0, g] == pytest.approx(test, rel=1e-8)
            if P >= 20:  # with fewer features some digits light none up, and all their scores are equal
                assert curve.error[level, 0, g] == pytest.approx(error, abs=1.5 / len(guesses))
                assert np.mean(curve.guesses[level, 0, g] != guesses) < 2 / len(guesses)


def test_fewer_independent_features_than_it_seems():
    """Some draws hold two features that one and the same training digit lights up: singular at N = P."""
    for t, child in enumerate(children(0, 20)):
        digits, W = draw_features(200, 210, child)
        Z = relu_features(digits.X, W[:, :205])
        if np.linalg.matrix_rank(Z) < Z.any(axis=0).sum():
            break
    curve = feature_curve(200, [200, 205, 210], draws=t + 1)
    for g, P in enumerate(curve.grid):
        train, test, *_ = by_lstsq(200, P, 210, 0.0, child)
        assert curve.test[0, t, g] == pytest.approx(test, rel=1e-6) and test < 1e3
        assert curve.train[0, t, g] == pytest.approx(train, abs=1e-9)


def test_a_feature_that_no_training_digit_lights_up_gets_no_weight():
    digits, W = draw_features(40, 400, *children(3, 1))
    dead = ~relu_features(digits.X, W).any(axis=0)
    assert dead.any()
    train, test, *_ = by_lstsq(40, 400, 400, 0.0, *children(3, 1))
    curve = feature_curve(40, [400], draws=1, seed=3)
    assert curve.test[0, 0, 0] == pytest.approx(test, rel=1e-8)


def test_the_numbers_of_the_curriculum():
    """Medians of test squared error over draws, within their spread over four times five draws."""
    grid = [20, 100, 205, 400, 1600, 3200]
    test = feature_curve(200, grid, draws=20).test[0]  # (20, 6)
    low, high = test.min(axis=0), test.max(axis=0)
    for g, number in enumerate([0.058, 0.049, 25, 0.042, 0.021, 0.019]):
        assert low[g] - 0.0005 < number < high[g], grid[g]
    error = np.median(feature_curve(200, [85, 110, 3200], draws=5).error[0], axis=0)
    assert error[:2].min() == pytest.approx(0.13, abs=0.02) and error[2] == pytest.approx(0.05, abs=0.015)


def test_label_noise_makes_the_peak_higher_and_wider():
    curve = feature_curve(200, label_noise=[0, 0.2, 0.4])
    clean, some, much = np.median(curve.test, axis=1)
    far = curve.grid > 300
    assert (clean[far] < some[far]).all() and (some[far] < much[far]).all()
    # how far beyond the threshold the error is as low as it ever was before
    back = [curve.grid[(curve.grid > 250) & (level < level[curve.grid < 200].min())][0] for level in (clean, some)]
    assert back[1] > 2 * back[0]
    assert np.median(curve.error, axis=1)[1][-1] > np.median(curve.error, axis=1)[0][-1]


def test_common_random_numbers():
    curve = feature_curve(50, [10, 50, 300], [0.0, 0.4], draws=2)
    alone = feature_curve(50, [10, 50, 300, 600], 0.4, draws=3)
    np.testing.assert_allclose(curve.test[1], alone.test[0, :2, :3], rtol=1e-5)
    W, W_more = (draw_features(50, P, *children(0, 1))[1] for P in (10, 90))
    np.testing.assert_array_equal(W_more[:, :10], W)
    assert abs(W_more.std() - 1 / 8) < 4 / 8 / np.sqrt(2 * W_more.size)


def test_the_grid():
    for N in (1, 2, 7, 200, 1000):
        grid = feature_grid(N)
        assert (np.diff(grid) > 0).all() and grid[0] >= 1 and grid[-1] <= 3200 and N in grid
    assert 40 <= len(feature_grid(200)) <= 60


@given(no_size)
def test_sizes(value):
    says("N must", call=lambda: feature_curve(value, [1]))
    says("draws must", call=lambda: feature_curve(5, [1], draws=value))
    says("N must", call=lambda: feature_grid(value))
    says("P_max must", call=lambda: feature_grid(5, value))


@given(bad_order)
def test_grids(grid):
    says("P must be strictly increasing", grid, call=lambda: feature_curve(5, grid))


@pytest.mark.parametrize("share", [-0.1, 1.1, [0.5, 2], np.nan, "a", [[0.1]], [], None])
def test_label_noise(share):
    says("label_noise must", call=lambda: feature_curve(5, [1], share))


def test_other_arguments():
    says("N must be at most 1796", 1797, call=lambda: feature_curve(1797, [1]))
    for seed in (-1, 0.5, "0", None):
        says("seed must", seed, call=lambda: feature_curve(5, [1], seed=seed))


@given(N=st.integers(1, 30), P=st.integers(1, 60), share=st.floats(0, 1), seed=st.integers(0, 50))
def test_only_finite_numbers(N, P, share, seed):
    curve = feature_curve(N, [P], share, draws=1, seed=seed)
    assert np.isfinite(curve.test).all() and np.isfinite(curve.train).all() and ((0 <= curve.error) & (curve.error <= 1)).all()
