"""What the labs of gradient descent draw, against steps that are really taken."""

import matplotlib
import numpy as np
import pytest

from ddlib import figures, labs
from ddlib.datasets.draws import bend
from ddlib.fit.descent import gradient_descent
from ddlib.fit.features import legendre
from ddlib.theory.epochs import two_group_features


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context():
        figures.use_style()
        yield


def drawn(lab, panel, label):
    """x and y of a line, by its name in the legend."""
    lines = [line for line in lab.picture.figure.axes[panel].lines if line.get_label().startswith(label)]
    assert len(lines) == 1
    return np.array(lines[0].get_data(), dtype=float)


@pytest.mark.parametrize("s, t", [(0.0, 1000), (1.0, 1000), (2.0, 5)])
def test_the_path_in_the_plane_is_gradient_descent(s, t):
    lab = labs.start_lab()
    lab.set(s=s, t=int(t))
    path = drawn(lab, 0, "the steps").T
    assert path.shape == (t + 1, 2)
    for step in (1, 3, t):
        expected = gradient_descent([[2.0, 1.0]], [2.0], step, 0.02, path[0])
        np.testing.assert_allclose(path[step], expected, atol=1e-12)
    if t == 1000:
        line = drawn(lab, 0, "train error 0").T  # two points of it
        across = np.cross(np.append(line[1] - line[0], 0), np.append(path[-1] - line[0], 0))[2]
        assert abs(across) < 1e-9


def test_the_start_costs_its_invisible_part():
    lab, ends = labs.start_lab(), []
    for s in (0.0, 1.0, 2.0):
        lab.set(s=s)
        ends.append(drawn(lab, 1, "test error")[1, -1])
        assert drawn(lab, 1, "train error")[1, -1] < 1e-3
    spread = np.sqrt(60 / 30)  # of the mean of 30 chi-squared with 30 degrees of freedom
    cost = (ends[0] - 2 * ends[1] + ends[2]) / 2  # the coefficient of s^2
    assert abs(cost - 30) < 3 * spread
    assert abs(ends[0] - 0.836) < 0.15


@pytest.mark.parametrize("P, t", [(5, 100), (15, 1000), (60, 20)])
def test_the_fit_in_time_is_gradient_descent(P, t):
    lab = labs.time_lab()
    lab.set(P=P, t=t)
    x, y = drawn(lab, 0, "training data")
    at, fit = drawn(lab, 0, "fit")
    X = legendre(x, P)
    w = gradient_descent(X, y, t, 0.1 / np.linalg.norm(X, 2) ** 2)
    np.testing.assert_allclose(fit, legendre(at, P) @ w, atol=1e-9)
    steps, errors = drawn(lab, 1 + 1, "test")
    squares = (fit - bend(at)) ** 2
    expected = np.mean((squares[1:] + squares[:-1]) / 2) + 0.3**2
    assert errors[steps == t] == pytest.approx(expected, rel=1e-3)
    assert drawn(lab, 2, "train")[1][steps == t] == pytest.approx(np.mean((X @ w - y) ** 2), rel=1e-6)


@pytest.mark.parametrize("ratio, sigma, N, t", [(10, 1.2, 100, 200), (3, 0.5, 90, 1000), (1, 1.5, 200, 20)])
def test_the_fit_of_two_groups_is_gradient_descent(ratio, sigma, N, t):
    lab = labs.epochs_lab()
    lab.set(ratio=ratio, sigma=sigma, N=N, t=t)
    x, y = drawn(lab, 0, "training data")
    at, fit = drawn(lab, 0, "fit")
    sizes, scales = (80, 4), (1.0, 1 / ratio)
    w = gradient_descent(two_group_features(x, sizes, scales), y, t, 0.02 / N)
    np.testing.assert_allclose(fit, two_group_features(at, sizes, scales) @ w, atol=1e-9)
    truth = drawn(lab, 0, "truth")[1]
    squares = (fit - truth) ** 2
    error = np.mean((squares[1:] + squares[:-1]) / 2)
    assert drawn(lab, 1, "this fit")[1][0] == pytest.approx(error, rel=1e-3)


def test_the_default_view_falls_rises_and_falls():
    steps, both = drawn(labs.epochs_lab(), 1, "both groups")
    first, hump = both[steps < 100].min(), both[(steps > 100) & (steps < 1000)].max()
    assert both[0] > 1.4 * first and hump > 1.2 * first and both[-1] < 0.8 * first
