"""linear_curve and subset_curve against plain loops of pinv fits, and against the closed forms."""

import functools
import math

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st

from ddlib import theory
from ddlib.curves import linear_curve, subset_curve
from ddlib.curves.fast import growth
from ddlib.datasets.draws import draw_linear, draw_linear_trials


def trial_rngs(trials, seed):
    return [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(trials)]


@functools.cache
def plain_loop(grid, D, sigma, r=1.0, trials=3, seed=0, intercept=False):
    """One pinv fit for every trial and N; nothing of ddlib but the draws."""
    found = {part: np.empty((trials, len(grid))) for part in ("train", "test", "norm", "cond")}
    for t, rng in enumerate(trial_rngs(trials, seed)):
        X, y, beta = draw_linear(grid[-1], D, sigma, rng, r)
        if intercept:
            X, beta = np.column_stack([np.ones(len(X)), X]), np.append(0, beta)
        for g, N in enumerate(grid):
            fitted = np.linalg.pinv(X[:N]) @ y[:N]
            found["train"][t, g] = np.mean((y[:N] - X[:N] @ fitted) ** 2)
            found["test"][t, g] = np.sum((fitted - beta) ** 2) + sigma**2
            found["norm"][t, g] = np.linalg.norm(fitted)
            found["cond"][t, g] = np.linalg.cond(X[:N])
    return found


SETTINGS = {
    "the course": dict(grid=tuple(range(1, 91)), D=30, sigma=0.5),
    "an intercept": dict(grid=tuple(range(1, 70)), D=20, sigma=0.5, intercept=True),
    "D=1": dict(grid=tuple(range(1, 40)), D=1, sigma=0.3, trials=8),
    "D=1 with an intercept": dict(grid=tuple(range(1, 40)), D=1, sigma=0.3, trials=8, intercept=True),
    "all N below D": dict(grid=tuple(range(1, 20)), D=40, sigma=0.2),
    "up to N = D": dict(grid=(1, 5, 12), D=12, sigma=0.2),
    "one beyond": dict(grid=tuple(range(1, 14)), D=12, sigma=0.2),
    "many examples": dict(grid=(2, 8, 9, 10, 100, 301, 700), D=9, sigma=1.0, r=2.0),
    "no noise": dict(grid=tuple(range(1, 30)), D=10, sigma=0.0, r=3.0),
    "no signal": dict(grid=tuple(range(1, 30)), D=10, sigma=1.0, r=0.0),
    "a single N": dict(grid=(50,), D=30, sigma=0.5),
}
each_setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)


def curve_of(grid, D, sigma, r=1.0, trials=3, seed=0, intercept=False):
    return linear_curve(grid, D, sigma, r, trials, seed, intercept)


@each_setting
def test_the_curve_agrees_with_the_plain_loop(setting):
    loop, curve = plain_loop(**setting), curve_of(**setting)
    scale = setting["sigma"] ** 2 + setting.get("r", 1.0) ** 2
    np.testing.assert_allclose(curve.test, loop["test"], rtol=1e-6, atol=1e-20 * scale)
    np.testing.assert_allclose(curve.norm, loop["norm"], rtol=1e-6)
    np.testing.assert_allclose(curve.train, loop["train"], rtol=1e-6, atol=1e-12 * scale)
    if setting["sigma"]:
        assert np.median(np.abs(curve.test / loop["test"] - 1)) < 1e-12
    assert curve.trusted.all() and (loop["cond"] < 1e9).all()


def test_what_runs():
    curve = linear_curve([2, 5], 3, 0.1)
    assert curve.grid.tolist() == curve.N.tolist() == [2, 5] and curve.P == curve.threshold == 3
    assert linear_curve([2, 5], 3, 0.1, intercept=True).P == 4
    curve = subset_curve(4, 9, [2, 5], 0.1)
    assert curve.grid.tolist() == curve.P.tolist() == [2, 5] and curve.N == curve.threshold == 4


def ill_conditioned(power, P=12, N_max=40):
    """A trial whose first P rows have the condition number 10^power."""
    rng = np.random.default_rng(power)
    X, noise, beta = rng.normal(size=(N_max, P)), rng.normal(size=N_max), rng.normal(size=P)
    U, s, Vt = np.linalg.svd(X[:P])
    s[-1] = s[0] / 10.0**power
    X[:P] = U * s @ Vt
    return X[None], noise[None], beta[None] / np.linalg.norm(beta)


@pytest.mark.parametrize("power", [3, 5, 7, 9])
def test_an_ill_conditioned_threshold_does_not_spoil_the_rest(power):
    X, noise, beta = ill_conditioned(power)
    sizes = growth.all_sizes(X, noise, beta)
    for N in (*range(1, 12), *range(13, 41)):
        pinv = np.linalg.pinv(X[0, :N])
        spread = pinv @ noise[0, :N]
        tolerance = 1e-10 if N < 12 else 1e-15 * 10**power
        assert sizes.spread[0, N - 1] == pytest.approx(spread @ spread, rel=1e-9 + 100 * tolerance)
        assert sizes.cross[0, N - 1] == pytest.approx(beta[0] @ pinv @ X[0, :N] @ spread, abs=1e-9 + 100 * tolerance)
    exact = 1 / np.linalg.svd(X[0, :12], compute_uv=False)
    assert sizes.pinv_norm[0, 11] == pytest.approx(np.linalg.norm(exact), rel=1e-5)


def test_a_fit_beyond_double_precision_is_finite_and_marked():
    X, noise, beta = ill_conditioned(18)
    sizes = growth.all_sizes(X, noise, beta)
    assert all(np.isfinite(part).all() for part in sizes)
    assert sizes.pinv_norm[0, 11] > 1e10 > sizes.pinv_norm[0, 12]


# --- against the closed forms ----------------------------------------------------------------

TRIALS = 3000


@pytest.mark.parametrize("D, sigma, r", [(10, 0.5, 1.0), (20, 1.0, 2.0), (12, 0.0, 1.0), (6, 1.0, 0.0)])
def test_the_mean_over_training_sets_is_the_exact_risk(D, sigma, r):
    # four away from N = P the variance of the test error exists
    grid = np.array([N for N in (1, 2, D // 2, D - 5, D + 5, 2 * D, 4 * D) if N >= 1 and abs(N - D) >= 4])
    test = linear_curve(np.unique(grid), D, sigma, r, trials=TRIALS, seed=5).test
    error = test.std(axis=0) / np.sqrt(TRIALS)
    exact = theory.expected_risk(np.unique(grid), D, sigma, r) + sigma**2
    assert (np.abs(test.mean(axis=0) - exact) < 3 * error + 1e-12).all()


def test_with_an_intercept_the_mean_is_that_of_regression_on_centred_data():
    # sigma^2 (D / (N - D - 2) (1 + 1/N) + 1/N): the slopes see N - 1 examples, the constant is a mean
    N, D, sigma = np.array([15, 30, 60]), 6, 0.8
    test = linear_curve(N, D, sigma, trials=TRIALS, seed=1, intercept=True).test
    exact = sigma**2 * (1 + D / (N - D - 2) * (1 + 1 / N) + 1 / N)
    assert (np.abs(test.mean(axis=0) - exact) < 3 * test.std(axis=0) / np.sqrt(TRIALS)).all()


@pytest.mark.parametrize("P", [4, 10, 36, 60])
def test_the_mean_over_subset_fits_is_the_exact_risk(P):
    test = subset_curve(20, 60, [P], 0.3, trials=TRIALS, seed=2).test[:, 0]
    assert abs(test.mean() - theory.subset_risk(20, 60, P, 0.3) - 0.09) < 3 * test.std() / np.sqrt(TRIALS)


def test_subset_curve_agrees_with_plain_fits():
    N, D, sigma, r, grid = 15, 40, 0.3, 2.0, [1, 7, 14, 15, 16, 30, 40]
    curve = subset_curve(N, D, grid, sigma, r, trials=4, seed=3)
    beta = np.full(D, r / math.sqrt(D))
    for t, rng in enumerate(trial_rngs(4, 3)):
        X, noise, _ = draw_linear(N, D, 1.0, rng, r=0.0)
        y = X @ beta + sigma * noise
        for g, P in enumerate(grid):
            fitted = np.append(np.linalg.pinv(X[:, :P]) @ y, np.zeros(D - P))
            assert curve.test[t, g] == pytest.approx(np.sum((fitted - beta) ** 2) + sigma**2, rel=1e-8)
            assert curve.train[t, g] == pytest.approx(np.mean((y - X @ fitted) ** 2), rel=1e-8, abs=1e-12)
            assert curve.norm[t, g] == pytest.approx(np.linalg.norm(fitted), rel=1e-8)


def test_the_numbers_of_the_course():
    medians = subset_curve(40, 120, [10, 40, 120], 0.2, trials=200).quantiles("test", 0.5)
    assert medians[0] == pytest.approx(1.29, abs=0.05) and medians[2] == pytest.approx(0.73, abs=0.02)
    assert medians[1] > 10
    curve = linear_curve([10, 30, 60], 30, 0.5, trials=200)
    assert curve.quantiles("test", 0.5)[2] == pytest.approx(0.2586 + 0.25, rel=0.05)
    assert curve.quantiles("test", 0.5).argmax() == 1  # more data hurts


def test_novelty_squared_is_chi_squared():
    """Mean and variance of the squared diagonal of R, D - N + 1 and twice that."""
    D, draws = 12, 4000
    X = np.stack([draw_linear(D, D, 0.0, rng)[0] for rng in trial_rngs(draws, 8)])
    novelty2 = np.einsum("tnn->tn", np.linalg.qr(np.swapaxes(X, 1, 2), mode="r")) ** 2
    freedom = D - np.arange(D)
    assert (np.abs(novelty2.mean(axis=0) - freedom) < 4 * np.sqrt(2 * freedom / draws)).all()
    # the variance of a sample variance: (mu4 - var^2) / draws, mu4 = 12 k (k + 4)
    spread = np.sqrt((12 * freedom * (freedom + 4) - 4 * freedom**2) / draws)
    assert (np.abs(novelty2.var(axis=0) - 2 * freedom) < 4 * spread).all()


# --- draws -----------------------------------------------------------------------------------


@given(
    few=st.integers(1, 30), more=st.integers(0, 30), D=st.integers(1, 20), sigma=st.floats(0, 10), seed=st.integers(0, 2**64)
)
def test_the_first_examples_do_not_depend_on_N(few, more, D, sigma, seed):
    X, y, beta = draw_linear(few, D, sigma, np.random.default_rng(seed))
    X_more, y_more, beta_more = draw_linear(few + more, D, sigma, np.random.default_rng(seed))
    np.testing.assert_array_equal(X_more[:few], X)
    np.testing.assert_array_equal(beta_more, beta)
    np.testing.assert_allclose(y_more[:few], y, rtol=1e-12, atol=1e-12)


@given(D=st.integers(1, 20), sigma=st.floats(0, 10), r=st.floats(0, 10), seed=st.integers(0, 1000))
def test_sigma_and_r_scale_one_draw(D, sigma, r, seed):
    X, noise, _ = draw_linear(7, D, 1.0, np.random.default_rng(seed), r=0.0)
    same, y, beta = draw_linear(7, D, sigma, np.random.default_rng(seed), r)
    np.testing.assert_array_equal(same, X)
    assert np.linalg.norm(beta) == pytest.approx(r, rel=1e-14)
    np.testing.assert_allclose(y, X @ beta + sigma * noise, rtol=1e-12, atol=1e-12)


def test_rows_are_standard_normal_and_uncorrelated():
    X, noise, _ = draw_linear(20_000, 5, 1.0, np.random.default_rng(3), r=0.0)
    together = np.column_stack([X, noise])
    error = 1 / math.sqrt(len(X))
    assert (np.abs(together.mean(axis=0)) < 4 * error).all()
    assert (np.abs(together.T @ together / len(X) - np.eye(6)) < 4 * math.sqrt(2) * error).all()
    assert (np.abs((together**4).mean(axis=0) - 3) < 4 * math.sqrt(96) * error).all()


def test_draw_linear_trials_gives_the_draws_of_the_children_of_the_seed():
    X, noise, direction = draw_linear_trials(6, 4, trials=3, seed=11)
    assert X.shape == (3, 6, 4) and noise.shape == (3, 6) and direction.shape == (3, 4)
    for t, rng in enumerate(trial_rngs(3, 11)):
        X_t, y_t, beta = draw_linear(6, 4, 0.5, rng, r=2.0)
        np.testing.assert_array_equal(X[t], X_t)
        np.testing.assert_allclose(2 * direction[t], beta, rtol=1e-14)
        np.testing.assert_allclose(X[t] @ (2 * direction[t]) + 0.5 * noise[t], y_t, rtol=1e-12)


# --- whatever the setting --------------------------------------------------------------------

grids = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True).map(sorted)
levels = st.floats(0, 10)


@given(grids, st.integers(1, 25), levels, levels, st.integers(1, 4), st.integers(0, 2**70), st.booleans())
def test_what_holds_for_every_curve(grid, D, sigma, r, trials, seed, intercept):
    curve = linear_curve(grid, D, sigma, r, trials, seed, intercept)
    scale = 1 + sigma**2 + r**2
    for part in (curve.train, curve.test, curve.norm):
        assert part.shape == (trials, len(grid)) and np.isfinite(part).all() and (part >= 0).all()
    assert (curve.test >= sigma**2).all()
    assert (curve.train[:, curve.grid <= curve.P] == 0).all()
    sums = curve.train * curve.grid  # one example more never lowers the sum of squares
    assert (np.diff(sums, axis=1) >= -1e-9 * scale).all()
    one = linear_curve([grid[-1]], D, sigma, r, trials, seed, intercept)
    np.testing.assert_allclose(one.test[:, 0], curve.test[:, -1], rtol=1e-7)


@given(grids, st.integers(1, 25), levels, levels, st.integers(0, 100), st.booleans())
def test_each_point_is_the_pinv_fit(grid, D, sigma, r, seed, intercept):
    loop = plain_loop.__wrapped__(tuple(grid), D, sigma, r, 1, seed, intercept)
    curve = linear_curve(grid, D, sigma, r, 1, seed, intercept)
    clear = loop["cond"] < 1e6
    np.testing.assert_allclose(curve.test[clear], loop["test"][clear], rtol=1e-6, atol=1e-16 * (1 + r**2))


@given(levels, levels, levels)
def test_at_sigma_is_a_fresh_call(first, sigma, r):
    moved = linear_curve([2, 9, 10, 30], 10, first, r, trials=3).at_sigma(sigma)
    fresh = linear_curve([2, 9, 10, 30], 10, sigma, r, trials=3)
    assert moved.sigma == sigma
    for part in ("train", "test", "norm", "trusted"):
        np.testing.assert_array_equal(getattr(moved, part), getattr(fresh, part))
    subset = subset_curve(5, 12, [2, 5, 12], first, r, trials=3).at_sigma(sigma)
    np.testing.assert_array_equal(subset.test, subset_curve(5, 12, [2, 5, 12], sigma, r, trials=3).test)


def test_more_trials_do_not_change_the_first_ones():
    few, more = (linear_curve(range(1, 40), 12, 0.5, trials=trials, seed=4) for trials in (3, 40))
    np.testing.assert_allclose(more.test[:3], few.test, rtol=1e-7)


def test_the_largest_sigma_and_r_still_give_finite_errors():
    curve = linear_curve(range(1, 60), 20, 1e100, 1e100, trials=2)
    assert np.isfinite(curve.test).all() and np.isfinite(curve.norm).all() and np.isfinite(curve.train).all()


# --- bad input -------------------------------------------------------------------------------

no_size = st.one_of(
    st.integers(max_value=0),
    st.floats().filter(lambda v: not (v >= 1 and v % 1 == 0)),
    st.booleans(),
    st.text(max_size=3),
    st.none(),
    st.just(1j),
)
no_level = st.one_of(
    st.floats(max_value=-1e-300),
    st.sampled_from([math.nan, math.inf, 1e101]),
    st.booleans(),
    st.text(max_size=3),
    st.none(),
    st.just(1j),
)


@given(no_size)
def test_sizes(value):
    rng = np.random.default_rng(0)
    says("D must be a whole number", "got", call=lambda: linear_curve([1, 2], value, 0.1))
    says("trials must be a whole number", "got", call=lambda: linear_curve([1, 2], 3, 0.1, trials=value))
    says("N must be a whole number", "got", call=lambda: draw_linear(value, 2, 0.1, rng))
    says("D must be a whole number", "got", call=lambda: draw_linear(2, value, 0.1, rng))
    says("N must be a whole number", "got", call=lambda: subset_curve(value, 5, [1, 2], 0.1))
    for name, sizes in {"N": (value, 2, 2), "D": (2, value, 2), "trials": (2, 2, value)}.items():
        says(f"{name} must be a whole number", "got", call=lambda: draw_linear_trials(*sizes, seed=0))


@given(no_level)
def test_levels(value):
    for name in ("sigma", "r"):
        levels = {"sigma": 0.1, name: value}
        says(f"{name} must be", "got", call=lambda: linear_curve([1, 2], 3, **levels))
        says(f"{name} must be", "got", call=lambda: subset_curve(2, 3, [1, 2], **levels))
        says(f"{name} must be", "got", call=lambda: draw_linear(2, 3, rng=np.random.default_rng(0), **levels))
    says("sigma must be", "got", call=lambda: linear_curve([1, 2], 3, 0.1).at_sigma(value))


@pytest.mark.parametrize(
    "grid", [[], 3, None, "abc", [[1, 2]], [0, 1], [-3, 4], [1.5, 2], [1, math.nan], [True], [2, 1], [2, 2], [1j], {1, 2}]
)
def test_grids(grid):
    says("N must", "got", call=lambda: linear_curve(grid, 3, 0.1))
    says("P must", "got", call=lambda: subset_curve(3, 30, grid, 0.1))


def test_the_rest():
    for value in (1, 0, None, "True", [True]):
        says("intercept must be True or False", repr(value), call=lambda: linear_curve([1, 2], 3, 0.1, intercept=value))
    for seed in (-1, 0.5, "0", None, True):
        says("seed must be a whole number", seed, call=lambda: linear_curve([1, 2], 3, 0.1, seed=seed))
        says("seed must be a whole number", seed, call=lambda: draw_linear_trials(2, 2, 2, seed))
    says("rng must be a numpy.random.Generator", "got 0", call=lambda: draw_linear(2, 2, 0.1, 0))
    says("P must not exceed D = 5, got 6", call=lambda: subset_curve(3, 5, [1, 6], 0.1))
