"""The error in training time: closed forms against simulation, and against gradient descent itself."""

import math

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st

from ddlib import theory
from ddlib.fit.descent import descended, descent_filter, gradient_descent, ridge_filter
from ddlib.fit.least_squares import ridge
from ddlib.theory.epochs import filtered_risk, two_group_features, two_group_risk

TRIALS = 4000
SIZES, SCALES, SIGNALS, SIGMA, N = (80, 4), (1.0, 0.1), (1.5, 0.7), 1.2, 100
ETA = 0.1 / N
TIMES = np.array([0, 3, 15, 100, 1000, 10_000])


def near(samples, expected):
    """The mean over trials (TRIALS, ...) within 3 standard errors of what it should be, everywhere."""
    error = samples.std(axis=0) / np.sqrt(len(samples))
    np.testing.assert_array_less(np.abs(samples.mean(axis=0) - expected), 3 * error + 1e-12)


@pytest.mark.parametrize("shape", [(20, 8), (8, 20), (12, 12)])
@pytest.mark.parametrize("start", [0.0, 1.0])
def test_filtered_risk_is_the_mean_over_the_noise(shape, start):
    rng = np.random.default_rng(3)
    X, beta, w0 = rng.normal(size=shape), rng.normal(size=shape[1]), start * rng.normal(size=shape[1])
    variances, sigma, times = rng.uniform(0.2, 2, shape[1]), 0.7, [0, 1, 10, 200]
    eta, s = 1 / np.linalg.norm(X, 2) ** 2, np.linalg.svd(X, compute_uv=False)
    Y = (X @ beta)[:, None] + sigma * rng.normal(size=(shape[0], TRIALS))
    fits = descended(X, Y, times, eta, np.repeat(w0[:, None], TRIALS, axis=1))  # (T, P, TRIALS)
    errors = np.einsum("p,tpk->kt", variances, (fits - beta[:, None]) ** 2)
    near(errors, filtered_risk(X, beta, sigma, descent_filter(s, times, eta), w0, variances))


def test_filtered_risk_of_ridge_and_of_the_minimum_norm():
    rng = np.random.default_rng(4)
    X, beta, sigma = rng.normal(size=(10, 25)), rng.normal(size=25), 0.5
    s = np.linalg.svd(X, compute_uv=False)
    for lam in (0.02, 1.0):
        # ridge is a matrix times y: bias and variance straight from it
        A = ridge(X, np.eye(10), lam)
        expected = np.sum((A @ X @ beta - beta) ** 2) + sigma**2 * np.sum(A**2)
        assert filtered_risk(X, beta, sigma, ridge_filter(s, lam, 10)) == pytest.approx(expected)
    pinv = np.linalg.pinv(X)
    expected = np.sum((pinv @ X @ beta - beta) ** 2) + sigma**2 * np.sum(pinv**2)
    assert filtered_risk(X, beta, sigma, np.ones(10)) == pytest.approx(expected)


def test_the_start_costs_what_X_cannot_see_of_it():
    """The numbers of notebook 6: N=10, D=40, sigma=0.5, from zero and from a standard normal start."""
    rng, risks = np.random.default_rng(5), []
    for _ in range(1000):
        X, beta, w0 = rng.normal(size=(10, 40)), np.full(40, 40**-0.5), rng.normal(size=40)
        risks.append([filtered_risk(X, beta, 0.5, np.ones(10), start) for start in (None, w0)])
    expected = theory.expected_risk(10, 40, 0.5)
    near(np.array(risks), [expected, expected + 30])
    assert expected == pytest.approx(0.84, abs=0.005)


def test_rank_deficient_features():
    X = np.column_stack([np.eye(3), np.eye(3)[:, :1]])  # columns 0 and 3 are equal
    filters = np.ones(3)
    assert filtered_risk(X, [1.0, 0, 0, 0], 0.0, filters) == pytest.approx(0.5)  # half of it each
    assert filtered_risk(np.zeros((3, 2)), [1.0, 2.0], 1.0, np.ones(2)) == 5.0


def places():
    return (np.arange(N) + 0.5) / N


def truth_of(signals=SIGNALS, sizes=SIZES, scales=SCALES):
    """Coefficients (P,) with the given mean square for each group, unevenly spread over its features."""
    parts = []
    for size, scale, signal in zip(sizes[::-1], scales[::-1], signals[::-1]):
        spread = np.linspace(1, 0, size, endpoint=False)
        parts.append(np.sqrt(signal) * spread / np.linalg.norm(spread) / scale)
    return np.concatenate(parts)


def test_the_features_are_orthogonal_on_the_places_and_on_the_whole_line():
    X = two_group_features(places(), SIZES, SCALES)
    squares = np.repeat(SCALES[::-1], SIZES[::-1]) ** 2
    np.testing.assert_allclose(X.T @ X / N, np.diag(squares), atol=1e-12)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    Z = two_group_features((nodes + 1) / 2, SIZES, SCALES)
    np.testing.assert_allclose(Z.T @ (weights[:, None] / 2 * Z), np.diag(squares), atol=1e-10)


def test_two_group_risk_is_the_general_one_on_such_features():
    X, beta = two_group_features(places(), SIZES, SCALES), truth_of()
    s = np.linalg.svd(X, compute_uv=False)
    squares = np.repeat(SCALES[::-1], SIZES[::-1]) ** 2
    general = filtered_risk(X, beta, SIGMA, descent_filter(s, TIMES, ETA), variances=squares)
    groups = two_group_risk(N, SIZES, SCALES, SIGNALS, SIGMA, TIMES, ETA)
    np.testing.assert_allclose(groups.sum(axis=0), general, rtol=1e-10)
    single = two_group_risk(N, SIZES, SCALES, SIGNALS, SIGMA, 15, ETA)
    np.testing.assert_allclose(single, groups[:, 2])


def test_two_group_risk_is_what_gradient_descent_does():
    """Steps really taken, on many noisy copies side by side."""
    rng, X, beta = np.random.default_rng(6), two_group_features(places(), SIZES, SCALES), truth_of()
    squares = np.repeat(SCALES[::-1], SIZES[::-1]) ** 2
    Y = (X @ beta)[:, None] + SIGMA * rng.normal(size=(N, 400))
    fits, errors, before = np.zeros((84, 400)), [], 0
    for t in TIMES[:-1]:
        fits, before = gradient_descent(X, Y, t - before, ETA, fits), t
        errors.append(squares @ (fits - beta[:, None]) ** 2)
    near(np.array(errors).T, two_group_risk(N, SIZES, SCALES, SIGNALS, SIGMA, TIMES[:-1], ETA).sum(axis=0))


def test_two_group_risk_is_the_limit_of_random_features():
    """Gaussian features of two scales, as in Heckel and Yilmaz, with far more examples than features."""
    rng, many, sizes = np.random.default_rng(8), 200_000, (6, 3)
    scale = np.repeat(SCALES[::-1], sizes[::-1])
    X, beta = scale * rng.normal(size=(many, 9)), truth_of(sizes=sizes)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    sigma, eta = 400.0, 0.1 / many  # loud, or the variance would vanish among so many
    exact = filtered_risk(X, beta, sigma, descent_filter(s, TIMES, eta), variances=scale**2)
    limit = two_group_risk(many, sizes, SCALES, SIGNALS, sigma, TIMES, eta).sum(axis=0)
    np.testing.assert_allclose(exact, limit, rtol=0.02)


def turns(curve):
    """Falls and rises of a curve, as signs: [-1, 1, -1] falls, rises, falls."""
    signs = np.sign(np.diff(curve))
    return signs[np.append(True, np.diff(signs) != 0)].tolist()


def test_the_error_falls_rises_and_falls():
    t = np.arange(0, 20_000, 2)

    def total(N=N, scales=SCALES, sigma=SIGMA):
        return two_group_risk(N, SIZES, scales, SIGNALS, sigma, t, ETA * 100 / N).sum(axis=0)

    curve = total()
    assert turns(np.round(curve, 10))[:3] == [-1, 1, -1]
    first, peak = curve[:30].min(), curve[30:200].max()
    assert curve[0] > 1.25 * first and peak > 1.3 * first and curve.min() < 0.9 * first
    assert turns(np.round(total(scales=(1.0, 1.0)), 10))[:3] == [-1, 1, 0]  # one clock: one U
    assert set(turns(np.round(total(sigma=0.0), 10))) <= {-1.0, 0.0}  # no noise: down for ever


@given(st.floats(0, 3), st.floats(0, 3), st.floats(0, 3), st.integers(84, 500))
def test_ends_of_the_curve(first, second, sigma, N):
    start, end = two_group_risk(N, SIZES, SCALES, (first, second), sigma, [0, 10**7], 0.1 / N).T
    np.testing.assert_allclose(start, [first, second])
    np.testing.assert_allclose(end, np.array(SIZES) * sigma**2 / N, atol=1e-9)


# --- bad input -------------------------------------------------------------------------------


def risk(**changed):
    return two_group_risk(
        **{"N": N, "sizes": SIZES, "scales": SCALES, "signals": SIGNALS, "sigma": 1.0, "t": 3, "eta": ETA, **changed}
    )


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"N": 0}, "N must be a whole number of at least 1, got 0"),
        ({"N": 83}, "sizes must not add up to more than N = 83, got (80, 4)"),
        ({"sizes": (80,)}, "sizes must hold 2 values"),
        ({"sizes": (80.5, 4)}, "sizes must be a whole number, got 80.5"),
        ({"sizes": (0, 4)}, "sizes must be a whole number of at least 1, got 0"),
        ({"scales": (1, 0)}, "scales must be above 0, got 0"),
        ({"scales": 1.0}, "scales must"),
        ({"signals": (1, -2)}, "signals must be at least 0, got -2"),
        ({"signals": "ab"}, "signals must"),
        ({"signals": (1, math.nan)}, "signals must hold finite numbers"),
        ({"t": -1}, "t must"),
        ({"t": [0.5]}, "t must"),
        ({"eta": 0.03}, "eta must be above 0 and below 2 / sigma_max^2 = 0.02"),
        ({"eta": 0}, "eta must"),
    ],
)
def test_bad_groups(changed, words):
    says(words, call=lambda: risk(**changed))


@given(
    st.one_of(
        st.floats(max_value=-1e-300),
        st.sampled_from([math.nan, math.inf]),
        st.booleans(),
        st.text(max_size=3),
        st.none(),
        st.just(1j),
    )
)
def test_bad_sigma(value):
    says("sigma must", "got", call=lambda: risk(sigma=value))
    says("sigma must", "got", call=lambda: filtered_risk(np.eye(2), [1, 1], value, [1, 1]))


def test_bad_features():
    for name, bad in (("x", [[0.5]]), ("x", [math.nan]), ("sizes", (1, 2, 3)), ("scales", None), ("scales", (1, "a"))):
        changed = {"x": [0.5], "sizes": (2, 1), "scales": (1, 1), name: bad}
        says(f"{name} must", call=lambda: two_group_features(**changed))


@pytest.mark.parametrize(
    "name, bad",
    [
        ("X", [1.0]),
        ("X", [[math.inf, 0], [0, 1]]),
        ("beta", [1.0]),
        ("beta", [1, math.nan]),
        ("w0", [1.0, 2, 3]),
        ("filters", [1.0]),
        ("filters", [[[1.0, 1.0]]]),
        ("filters", [1, math.nan]),
        ("filters", None),
        ("filters", 1.0),
        ("variances", [1.0]),
        ("variances", [1.0, -1.0]),
    ],
)
def test_bad_risks(name, bad):
    good = {"X": np.eye(2), "beta": [1.0, 1.0], "sigma": 1.0, "filters": [1.0, 1.0]}
    says(f"{name} must", "got", call=lambda: filtered_risk(**{**good, name: bad}))
