"""Labs of the polynomial notebooks."""

import numpy as np

from ddlib import figures
from ddlib.curves import polynomial_curve
from ddlib.datasets import draw_curve, wave
from ddlib.features import legendre
from ddlib.fit import min_norm
from ddlib.labs.live import Lab, choice, real_slider, whole_slider

__all__ = ["polynomial_lab"]


def regime(N, P):
    """Where P stands to N, in words."""
    if P == N:
        return "<b>interpolation threshold</b>"
    return "<b>under-parameterised</b>" if P < N else "<b>over-parameterised</b>"


def polynomial_lab(N=15, P=15, sigma=0.0):
    """One Legendre fit and the whole error curve, linked: sliders N, P and sigma."""
    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    fit, errors = figures.Fit(left, wave), figures.ErrorCurve(right)
    grid = np.arange(1, 201)
    columns = legendre(fit.x, 200)

    def update(N, P, sigma, axis, seed):
        curve = polynomial_curve(N, grid, sigma, seed=seed)
        x, y = draw_curve(N, sigma, np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0]))
        beta = min_norm(legendre(x, P), y)
        fit.show(x, y, columns[:, :P] @ beta)
        errors.set_axis(axis)
        errors.show(curve, P, curve.test[0, P - 1])
        words = (f"{regime(N, P)}: N/P = {N / P:.2f}. This fit: train error {number(curve.train[0, P - 1])}, "
                 f"test error {number(curve.test[0, P - 1])}. Median test error of 30 training sets: "
                 f"{number(np.median(curve.test[:, P - 1]))}.")
        if not curve.trusted[0, P - 1]:
            words += " <b>Beyond double precision:</b> this fit is mostly rounding error, do not believe its value."
        return words

    presets = {
        "1 too few": ({"P": 4}, "Four polynomials cannot follow the wave: train and test error are both high."),
        "2 the threshold": ({"P": 15}, "As many parameters as examples: the fit meets every point and goes wild between."),
        "3 far beyond": ({"P": 100}, "Twice past the peak it still meets every point, and is tame again."),
        "4 with noise": ({"P": 40, "sigma": 0.5}, "Noise lifts the whole curve and the peak; the second descent stays."),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 5, 40),
        "P": whole_slider("P", "parameters", P, 1, 200),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
        "axis": choice("", "horizontal axis", figures.AXES),
    }
    alt = ("Left: a polynomial fitted to noisy points of a wave. Right: test error against the number of "
           "parameters on log axes; it falls, peaks where N = P, and falls again.")
    return Lab(figure, fit.artists + errors.artists, controls, update, alt, presets, redraw=True)


def number(value):
    """Three digits, or a power of ten where that says more."""
    if value == 0:
        return "0"
    return f"{value:.3g}" if 1e-3 <= value < 1e4 else f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")
