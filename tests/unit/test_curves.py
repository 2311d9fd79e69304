"""polynomial_curve against a plain loop of pinv fits, with the population error by quadrature."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import legendre as numpy_legendre

from ddlib.curves import CONDITION_LIMIT, Curve, bias_variance, polynomial_curve
from ddlib.datasets.draws import draw_curve, wave
from ddlib.fit import features
from ddlib.fit.least_squares import mse


@functools.cache
def plain_loop(N, grid, sigma, trials, seed, truth=wave):
    """One pinv fit for every trial and P; nothing of ddlib but the draws."""
    # exact up to degree 1199: the square of a fit of degree 300, and the cosine to rounding
    nodes, weights = numpy_legendre.leggauss(600)
    chance, Z, f = weights / 2, numpy_legendre.legvander(nodes, grid[-1])[:, 1:], truth(nodes)
    found = {part: np.empty((trials, len(grid))) for part in ("train", "test", "norm", "cond")}
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        x, y = draw_curve(N, sigma, np.random.default_rng(child), truth)
        X = numpy_legendre.legvander(x, grid[-1])[:, 1:]
        for g, P in enumerate(grid):
            beta = np.linalg.pinv(X[:, :P]) @ y
            found["train"][t, g] = mse(y, X[:, :P] @ beta)
            found["test"][t, g] = chance @ (Z[:, :P] @ beta - f) ** 2 + sigma**2
            found["norm"][t, g] = np.linalg.norm(beta)
            found["cond"][t, g] = np.linalg.cond(X[:, :P])
    return found


SETTINGS = {
    "N=1": (1, tuple(range(1, 41)), 0.5, 4),
    "N=2": (2, tuple(range(1, 31)), 0.3, 4),
    "the course": (15, tuple(range(1, 101)), 0.0, 6),
    "with noise": (15, tuple(range(1, 101)), 0.7, 4),
    "N=40": (40, tuple(range(1, 301)), 0.2, 2),
    "all P below N": (100, tuple(range(1, 60)), 0.2, 3),
    "a grid with gaps": (15, (2, 3, 15, 16, 17, 50, 199), 0.2, 5),
    "a single P": (15, (30,), 0.2, 5),
}
each_setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)


@each_setting
@pytest.mark.parametrize("limit, rel", [(1e6, 1e-6), (1e10, 1e-3)])
def test_test_error_and_norm_agree_with_the_plain_loop(setting, limit, rel):
    N, grid, sigma, trials = setting
    loop, curve = plain_loop(*setting, seed=3), polynomial_curve(N, grid, sigma, trials, seed=3)
    clear = loop["cond"] < limit
    assert clear.mean() > 0.4
    np.testing.assert_allclose(curve.test[clear], loop["test"][clear], rtol=rel)
    np.testing.assert_allclose(curve.norm[clear], loop["norm"][clear], rtol=rel)


@each_setting
def test_train_error_agrees_with_mse(setting):
    N, grid, sigma, trials = setting
    loop, curve = plain_loop(*setting, seed=3), polynomial_curve(N, grid, sigma, trials, seed=3)
    clear = loop["cond"] < 1e10
    np.testing.assert_allclose(curve.train[clear], loop["train"][clear], rtol=1e-6, atol=1e-9)


@each_setting
def test_trusted_marks_the_condition_numbers_beyond_the_limit(setting):
    N, grid, sigma, trials = setting
    cond, curve = plain_loop(*setting, seed=3)["cond"], polynomial_curve(N, grid, sigma, trials, seed=3)
    assert CONDITION_LIMIT == 1e10
    assert curve.trusted[cond < CONDITION_LIMIT / 2].all()
    assert not curve.trusted[cond > CONDITION_LIMIT * 2].any()


def test_some_points_at_N_40_are_not_trusted():
    curve = polynomial_curve(40, range(1, 301), 0.2, trials=2, seed=3)
    assert not curve.trusted.all() and curve.trusted[:, [0, -1]].all()


def test_another_truth():
    setting = (10, tuple(range(1, 41)), 0.1, 3)
    loop = plain_loop(*setting, seed=5, truth=np.exp)
    curve = polynomial_curve(*setting, seed=5, truth=np.exp)
    clear = loop["cond"] < 1e6
    np.testing.assert_allclose(curve.test[clear], loop["test"][clear], rtol=1e-6)


@pytest.mark.parametrize("N, P", [(100, 160), (60, 300), (200, 5)])
def test_everything_is_finite_where_double_precision_ends(N, P):
    curve = polynomial_curve(N, range(1, P + 1), sigma=0.3, trials=3, seed=1)
    for part in (curve.train, curve.test, curve.norm):
        assert part.shape == (3, P) and np.isfinite(part).all()


def test_an_ill_conditioned_start_does_not_spoil_the_rest():
    grid = (250, 300)
    loop, curve = plain_loop(60, grid, 0.3, 3, seed=1), polynomial_curve(60, range(1, 301), 0.3, 3, seed=1)
    assert not curve.trusted[:, 59].any()  # at P = N nothing is left of the digits
    assert (loop["cond"] < 1e6).any()
    clear = loop["cond"] < 1e6
    np.testing.assert_allclose(curve.test[:, [249, 299]][clear], loop["test"][clear], rtol=1e-6)


# --- sigma -----------------------------------------------------------------------------------

GRID = (1, 4, 14, 15, 16, 40, 90)


def test_at_sigma_is_a_fresh_call():
    start = polynomial_curve(15, GRID, 0.4, trials=5, seed=2)
    for sigma in (0.0, 0.1, 2.0):
        fresh, moved = polynomial_curve(15, GRID, sigma, trials=5, seed=2), start.at_sigma(sigma)
        assert fresh.sigma == moved.sigma == sigma
        for part in ("train", "test", "norm", "trusted"):
            np.testing.assert_array_equal(getattr(moved, part), getattr(fresh, part))


def test_errors_are_quadratic_in_sigma():
    at = [polynomial_curve(15, GRID, sigma, trials=5, seed=2) for sigma in (0.0, 1.0, 2.0, 3.0)]
    for errors in ([c.test for c in at], [c.train for c in at], [c.norm**2 for c in at]):
        # the third difference of a quadratic is zero
        third = errors[3] - 3 * errors[2] + 3 * errors[1] - errors[0]
        assert (np.abs(third) <= 1e-9 * errors[3] + 1e-13).all()


# --- common random numbers -------------------------------------------------------------------


def test_more_trials_do_not_change_the_first_ones():
    few, more = (polynomial_curve(15, GRID, 0.3, trials=trials, seed=4) for trials in (3, 9))
    np.testing.assert_allclose(more.test[:3], few.test, rtol=1e-6)
    np.testing.assert_allclose(more.norm[:3], few.norm, rtol=1e-6)


def test_another_grid_does_not_change_the_common_points():
    part, whole = polynomial_curve(15, GRID, 0.3, 4, seed=4), polynomial_curve(15, range(1, 121), 0.3, 4, seed=4)
    columns = np.array(GRID) - 1
    np.testing.assert_allclose(part.test, whole.test[:, columns], rtol=1e-6)
    np.testing.assert_allclose(part.train, whole.train[:, columns], rtol=1e-6, atol=1e-12)


def test_another_seed_changes_every_trial():
    one, other = (polynomial_curve(15, GRID, 0.3, 4, seed=seed) for seed in (4, 5))
    assert (one.test != other.test).all()


def test_the_memo_cannot_be_spoilt_through_a_curve():
    for grid in (GRID, range(1, 31)):
        curve, parts = polynomial_curve(15, grid, 0.3, 4, seed=6), ("train", "test", "norm", "trusted", "grid")
        before = [getattr(curve, part).copy() for part in parts]
        for part in parts:
            getattr(curve, part)[:] = 0
        again = polynomial_curve(15, grid, 0.3, 4, seed=6)
        for part, values in zip(parts, before):
            np.testing.assert_array_equal(getattr(again, part), values)


# --- the numbers of the course ---------------------------------------------------------------


def median_interval(values, level):
    """Order statistics around the median that hold it with this chance, whatever the distribution."""
    n, k = len(values), 0
    while 1 - 2 * sum(math.comb(n, j) for j in range(k + 2)) / 2**n >= level:
        k += 1
    ordered = np.sort(values, axis=0)
    return ordered[k], ordered[n - 1 - k]


# P: the course's median of one run of 300 repeats, and the median of 20,000 pinv fits on draws of numpy's
# own uniform generator, with a quadrature of 400 points.
MEDIANS = {
    1: (0.51, 0.513),
    5: (0.86, 0.801),
    10: (13, 16.7),
    20: (40, 32.7),
    25: (0.57, 0.557),
    30: (0.38, 0.372),
    50: (0.50, 0.485),
    200: (0.57, 0.577),
}


@pytest.mark.parametrize("seed, which", [(0, 0), (0, 1), (1, 1)])
def test_medians_are_those_of_the_course(seed, which):
    curve = polynomial_curve(15, list(MEDIANS), trials=300, seed=seed)
    low, high = median_interval(curve.test, 0.999)
    for g, (P, expected) in enumerate(MEDIANS.items()):
        assert low[g] <= expected[which] <= high[g], f"P={P}: {expected[which]} outside {low[g]:.3g}..{high[g]:.3g}"


def test_the_peak_is_of_the_height_of_the_course():
    curve = polynomial_curve(15, range(1, 101), trials=300)
    median = curve.quantiles("test", 0.5)
    assert median.argmax() == 14
    assert 3e5 < median[14] < 3e7


# --- properties ------------------------------------------------------------------------------

sizes = st.integers(1, 24)
grids = st.lists(st.integers(1, 50), min_size=1, max_size=12, unique=True).map(sorted)
sigmas = st.floats(0, 10)
seeds = st.integers(0, 2**40)
trial_counts = st.integers(1, 3)


@given(sizes, grids, sigmas, trial_counts, seeds)
def test_shapes_bounds_and_interpolation(N, grid, sigma, trials, seed):
    curve = polynomial_curve(N, grid, sigma, trials, seed)
    np.testing.assert_array_equal(curve.grid, grid)
    assert (curve.N, curve.sigma) == (N, sigma)
    for part in (curve.train, curve.test, curve.norm, curve.trusted):
        assert part.shape == (trials, len(grid))
        assert np.isfinite(part).all()
    assert (curve.train >= 0).all() and (curve.norm >= 0).all()
    assert (curve.test >= sigma**2).all()
    assert (curve.train[:, curve.grid >= N] <= 1e-20).all()
    assert (np.diff(curve.train, axis=1) <= 1e-9 * (1 + sigma**2)).all()


@given(sizes, grids, sigmas, seeds)
def test_each_point_is_the_pinv_fit(N, grid, sigma, seed):
    loop = plain_loop.__wrapped__(N, tuple(grid), sigma, 1, seed)
    curve = polynomial_curve(N, grid, sigma, 1, seed)
    clear = loop["cond"] < 1e6
    np.testing.assert_allclose(curve.test[clear], loop["test"][clear], rtol=1e-6)
    np.testing.assert_allclose(curve.train[clear], loop["train"][clear], rtol=1e-6, atol=1e-9 * (1 + sigma**2))


@given(sizes, st.integers(1, 10), sigmas, trial_counts, seeds)
def test_each_trial_sees_the_first_points_of_a_longer_draw(N, more, sigma, trials, seed):
    # at P = 1 the fit is one quotient of sums over those points
    curve = polynomial_curve(N, [1], sigma, trials, seed)
    for t, child in enumerate(np.random.SeedSequence(seed).spawn(trials)):
        x, y = draw_curve(N + more, sigma, np.random.default_rng(child))
        slope = x[:N] @ y[:N] / (x[:N] @ x[:N])
        np.testing.assert_allclose(curve.norm[t, 0], abs(slope), rtol=1e-6, atol=1e-9 * (1 + sigma))
        np.testing.assert_allclose(
            curve.train[t, 0], np.mean((y[:N] - slope * x[:N]) ** 2), rtol=1e-6, atol=1e-9 * (1 + sigma**2)
        )


@given(sizes, grids, sigmas, trial_counts, st.lists(st.floats(0, 1), min_size=2, max_size=5).map(sorted))
def test_quantiles_rise_with_q_and_end_at_the_extremes(N, grid, sigma, trials, q):
    curve = polynomial_curve(N, grid, sigma, trials)
    for part in ("train", "test", "norm"):
        values = getattr(curve, part)
        between = curve.quantiles(part, q)
        assert between.shape == (len(q), len(grid))
        assert (np.diff(between, axis=0) >= -1e-12 * np.abs(between[1:])).all()
        np.testing.assert_array_equal(curve.quantiles(part, 0), values.min(axis=0))
        np.testing.assert_array_equal(curve.quantiles(part, 1), values.max(axis=0))
        assert curve.quantiles(part, 0.5).shape == (len(grid),)


def test_bias_and_variance_add_up_to_the_mean_test_error_and_match_plain_fits():
    N, sigma, trials, grid = 20, 0.3, 40, np.arange(1, 9)
    parts = bias_variance(N, grid, sigma, trials)
    curve = polynomial_curve(N, grid, sigma, trials)
    np.testing.assert_allclose(parts.total, curve.test.mean(axis=0), rtol=1e-10)
    nodes, chance = np.polynomial.legendre.leggauss(200)
    for P in grid:
        fits = []
        for child in np.random.SeedSequence(0).spawn(trials):
            x, y = draw_curve(N, sigma, np.random.default_rng(child))
            fits.append(features.legendre(nodes, P) @ np.linalg.pinv(features.legendre(x, P)) @ y)
        mean = np.mean(fits, axis=0)
        np.testing.assert_allclose(parts.bias2[P - 1], chance @ (mean - wave(nodes)) ** 2 / 2, rtol=1e-8)
        np.testing.assert_allclose(parts.variance[P - 1], chance @ np.var(fits, axis=0) / 2, rtol=1e-8)


def test_bias_variance_refuses_more_parameters_than_examples():
    with pytest.raises(ValueError, match="P must not exceed N = 5, got 6"):
        bias_variance(5, [2, 6])
    with pytest.raises(ValueError, match="truth must be a function"):
        bias_variance(5, [2], truth=[1])


def test_N_or_P_is_what_runs():
    curve = polynomial_curve(3, [2, 5])
    assert curve.N == curve.threshold == 3 and curve.P.tolist() == curve.grid.tolist() == [2, 5]
    grid = np.array([2, 4, 9])
    given = [np.ones((1, 3))] * 4
    along_N = Curve(grid, *given, N=grid, P=4, sigma=None)
    assert along_N.threshold == 4
    with pytest.raises(ValueError, match="sigma must be left as it is.*got 1"):
        along_N.at_sigma(1)
