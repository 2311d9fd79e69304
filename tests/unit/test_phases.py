"""The phase map against scikit-learn's Ridge, against the curve of the engine, and in its limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import legendre as numpy_legendre
from sklearn.linear_model import Ridge

from ddlib.curves import polynomial_curve
from ddlib.curves.phases import phase_map
from ddlib.datasets.draws import bend, draw_curve, wave

NODES, WEIGHTS = numpy_legendre.leggauss(600)


def plain_error(N, P, lam, sigma, truth, trial, seed):
    """The test error of one fit of scikit-learn, its mean over x by quadrature."""
    child = np.random.SeedSequence(seed).spawn(trial + 1)[trial]
    x, y = draw_curve(N, sigma, np.random.default_rng(child), truth)
    model = Ridge(alpha=N * lam, fit_intercept=False, solver="svd").fit(numpy_legendre.legvander(x, P)[:, 1:], y)
    fitted = numpy_legendre.legvander(NODES, P)[:, 1:] @ model.coef_
    return WEIGHTS / 2 @ (fitted - truth(NODES)) ** 2 + sigma**2


@pytest.mark.parametrize("truth", [wave, bend])
@pytest.mark.parametrize("sigma", [0.0, 0.4])
def test_every_cell_is_a_ridge_fit(truth, sigma):
    grid_N, grid_P, lams = [3, 8, 15], [2, 8, 15, 60], [1e-6, 1e-3, 0.1]
    errors = phase_map(grid_N, grid_P, lams, trials=3, seed=4, truth=truth).errors(sigma)
    assert errors.shape == (3, 3, 4, 3)
    for i, lam in enumerate(lams):
        for j, N in enumerate(grid_N):
            for k, P in enumerate(grid_P):
                for trial in range(3):
                    wanted = plain_error(N, P, lam, sigma, truth, trial, seed=4)
                    assert errors[i, j, k, trial] == pytest.approx(wanted, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("N", [5, 15, 24])
def test_without_a_penalty_a_row_is_the_curve(N):
    grid = np.array([1, 4, 5, 12, 15, 16, 24, 40, 100])
    row = phase_map([N], grid, [0.0], trials=10, seed=2, truth=bend)
    curve = polynomial_curve(N, grid, 0.3, trials=10, seed=2, truth=bend)
    clear = curve.trusted.all(axis=0)
    assert clear.sum() >= 7
    np.testing.assert_allclose(row.errors(0.3)[0, 0][clear], curve.test.T[clear], rtol=1e-3)
    assert (row.trusted[0] == (np.mean(curve.trusted, axis=0) > 0.5)).all()


def test_the_map_of_the_course_can_be_trusted_and_has_its_ridge_where_N_is_P():
    sizes = np.array([4, 8, 12, 16, 20, 24, 26])
    found = phase_map(sizes, sizes, [0.0, 0.01], truth=bend)
    assert found.trusted.all()
    plain, tamed = found.median(0.3)
    assert plain[3:, 3:].argmax(axis=0).tolist() == plain[3:, 3:].argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert np.diagonal(plain)[3:].min() > 1e4 and np.diagonal(tamed)[3:].max() < 1


def test_a_cell_beyond_double_precision_is_marked():
    assert phase_map([40], [40, 200], [0.0]).trusted.tolist() == [[False, True]]


@given(st.floats(0, 3), st.integers(0, 3))
def test_a_large_penalty_leaves_the_null_predictor(sigma, seed):
    found = phase_map([2, 9], [3, 20], [1e12], trials=4, seed=seed, truth=bend).errors(sigma)
    null = WEIGHTS / 2 @ bend(NODES) ** 2 + sigma**2
    np.testing.assert_allclose(found, null, rtol=1e-6)


@given(st.floats(0, 2), st.lists(st.floats(0, 10), min_size=1, max_size=3))
def test_errors_are_finite_and_never_below_the_noise(sigma, lam):
    found = phase_map([1, 5, 12], [1, 5, 30], lam, trials=3).errors(sigma)
    assert np.isfinite(found).all() and (found >= sigma**2).all()


def test_the_arrays_of_the_cache_are_read_only():
    found = phase_map([4], [4], [0.1])
    with pytest.raises(ValueError):
        found.trusted[0, 0] = False
    assert phase_map([4], [4], [0.1]) is found


@pytest.mark.parametrize(
    "change, words",
    [
        ({"N": [0, 2]}, "N must hold whole numbers of at least 1"),
        ({"N": [3, 2]}, "N must be strictly increasing"),
        ({"N": []}, "N must"),
        ({"P": [1.5]}, "P must hold whole numbers"),
        ({"P": [301]}, "P must be at most 300, got 301"),
        ({"P": "abc"}, "P must"),
        ({"lam": [-0.1]}, "lam must be at least 0, got -0.1"),
        ({"lam": 0.1}, "lam must have 1"),
        ({"lam": [math.nan]}, "lam must hold finite"),
        ({"lam": []}, "lam must"),
        ({"trials": 0}, "trials must"),
        ({"seed": -1}, "seed must"),
        ({"truth": 3}, "truth must"),
        ({"truth": lambda x: x * math.nan}, "truth must"),
    ],
)
def test_bad_input_is_named(change, words):
    arguments = {"N": [2, 3], "P": [1, 2], "lam": [0.0], "trials": 2, **change}
    with pytest.raises(ValueError, match=words):
        phase_map(**arguments)


@pytest.mark.parametrize("sigma", [-1, math.inf, "a", None])
def test_bad_noise_is_named(sigma):
    with pytest.raises(ValueError, match="sigma must"):
        phase_map([2], [2], [0.0]).median(sigma)
