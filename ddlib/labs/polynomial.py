"""Labs of the polynomial notebooks."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection

from ddlib import figures
from ddlib.curves import CONDITION_LIMIT, polynomial_curve
from ddlib.datasets.draws import draw_curve, wave
from ddlib.fit.features import BASES, legendre
from ddlib.fit.least_squares import min_norm
from ddlib.live.controls import choice, number, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["polynomial_lab", "basis_lab"]


def regime(N, P):
    """Where P stands to N, in words."""
    if P == N:
        return "<b>interpolation threshold</b>"
    return "<b>under-parameterised</b>" if P < N else "<b>over-parameterised</b>"


def polynomial_lab(N=15, P=15, sigma=0.0):
    """One Legendre fit and the whole error curve, linked: sliders N, P and sigma."""
    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    fit, errors = figures.Fit(left, wave), figures.ErrorCurve(right, "Median error of 30 training sets", one_fit=True)
    grid = np.arange(1, 201)
    columns = legendre(fit.x, 200)

    @lru_cache(maxsize=1)  # what a change of P leaves as it is
    def show_data(N, sigma, axis, seed):
        curve = polynomial_curve(N, grid, sigma, seed=seed)
        errors.set_axis(axis)
        errors.show(curve)
        x, y = draw_curve(N, sigma, np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0]))
        fit.show_data(x, y)
        return curve, legendre(x, 200), y

    def update(N, P, sigma, axis, seed):
        curve, X, y = show_data(N, sigma, axis, seed)
        fit.show(columns[:, :P] @ min_norm(X[:, :P], y))
        errors.mark(P, curve.test[0, P - 1])
        words = (
            f"{regime(N, P)}: N/P = {N / P:.2f}. This fit: train error {number(curve.train[0, P - 1])}, "
            f"test error {number(curve.test[0, P - 1])}. Median test error of 30 training sets: "
            f"{number(np.median(curve.test[:, P - 1]))}."
        )
        if not curve.trusted[0, P - 1]:
            words += " <b>Beyond double precision:</b> this fit is mostly rounding error, do not believe its value."
        return words

    presets = {
        "1 too few": ({"P": 4}, "Four polynomials cannot follow the wave: train and test error are both high."),
        "2 the threshold": ({"P": 15}, "As many parameters as examples: the fit meets every point and goes wild between."),
        "3 far beyond": ({"P": 100}, "Far past the peak it still meets every point, and is tame again."),
        "4 with noise": ({"P": 40, "sigma": 0.5}, "Noise lifts the whole curve and the peak; the second descent stays."),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 5, 40),
        "P": whole_slider("P", "parameters", P, 1, 200),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
        "axis": choice("horizontal axis", figures.AXES),
    }
    alt = (
        "Left: a polynomial fitted to points of a wave. Right: median test error of 30 training sets against "
        "the number of parameters, on log axes; it peaks where N = P and falls again beyond."
    )
    return Lab(figure, fit.artists + errors.artists, controls, update, alt, presets, redraw=True)


STYLES = {  # one colour, line and marker per basis: they lie on each other up to N = P
    "Legendre": dict(color="#D55E00", linestyle="-", marker="o"),
    "orthonormal Legendre": dict(color="#0072B2", linestyle="--", marker="s"),
    "Chebyshev": dict(color="#00805C", linestyle="-.", marker="^"),
    "monomials": dict(color="#5A4FCF", linestyle=":", marker="v"),
}


def with_constant(features, x, P):
    """A column of ones and the first P - 1 features (N, P)."""
    return np.column_stack([np.ones_like(x), features(x, P)])[:, :P]


def basis_lab(N=15, P=40, sigma=0.0):
    """The same points and the same P in four polynomial bases: one fit up to N = P, different ones beyond.

    Each basis gets a constant, so that the first P columns of all four span the same polynomials.
    """
    P_max, x = 60, np.linspace(-1, 1, 601)
    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    left.set(xlim=(-1.03, 1.03), ylim=(-4.2, 4.2), xlabel="x", ylabel="y", title="One training set, four bases")
    left.plot(x, wave(x), label="truth", **figures.ROLES["truth"])
    (points,) = left.plot([], [], "o", color="#222222", markersize=6, label="training data")
    figures.legend_above(left, columns=2, rows=2)
    right.set(title="Test error of these fits", ylabel="mean squared error", xlabel="P, fitted parameters")
    figures.log_axis(right.xaxis, 1, P_max, ticks=[1, 2, 5, 10, 20, 50])
    figures.log_axis(right.yaxis, 1e-1, 1e8, ticks=10.0 ** np.arange(-2, 9, 2))
    (threshold,) = right.plot([], [], transform=right.get_xaxis_transform(), **figures.ROLES["threshold"])
    name = right.text(0, 0.03, " N = P", transform=right.get_xaxis_transform(), color="#555555")
    fits, curves, heres = {}, {}, {}
    for basis, style in STYLES.items():
        (fits[basis],) = left.plot([], [], color=style["color"], linestyle=style["linestyle"])
        curves[basis] = right.add_collection(
            LineCollection([], color=style["color"], linestyle=style["linestyle"], linewidth=2.2), autolim=False
        )
        (heres[basis],) = right.plot([], [], label=basis, markersize=9, markeredgecolor="white", clip_on=False, **style)
    figures.legend_above(right, columns=2)
    nodes, chance = np.polynomial.legendre.leggauss(400)
    at_x = {basis: with_constant(features, x, P_max) for basis, features in BASES.items()}
    at_nodes = {basis: with_constant(features, nodes, P_max) for basis, features in BASES.items()}

    @lru_cache(maxsize=8)
    def all_fits(N, seed):
        """Every basis and P for one training set; y, and with it beta, is a part of the truth and one of the noise.

        Returns x (N,), y's parts (N, 2); by basis a list of beta's parts (P, 2), the test errors less sigma squared
        as a + 2 b sigma + c sigma^2 (3, P_max), and whether to trust them (P_max,).
        """
        at, clean = draw_curve(N, 0.0, np.random.default_rng(seed))
        y = np.column_stack([clean, draw_curve(N, 1.0, np.random.default_rng(seed))[1] - clean])
        betas, errors, trusted = {}, {}, {}
        for basis, features in BASES.items():
            X = with_constant(features, at, P_max)
            betas[basis] = [min_norm(X[:, :P], y) for P in range(1, P_max + 1)]
            a, b = np.array([at_nodes[basis][:, : len(beta)] @ beta for beta in betas[basis]]).T  # (400, P_max) each
            a = a - wave(nodes)[:, None]
            errors[basis] = np.array([chance @ (a * a), chance @ (a * b), chance @ (b * b)]) / 2
            trusted[basis] = np.array([np.linalg.cond(X[:, :P]) for P in range(1, P_max + 1)]) < CONDITION_LIMIT
        return at, y, betas, errors, trusted

    @lru_cache(maxsize=1)  # what a change of P leaves as it is
    def show_data(N, sigma, seed):
        at, y, betas, errors, trusted = all_fits(N, seed)
        points.set_data(at, y @ [1, sigma])
        threshold.set_data([N, N], [0, 1])
        name.set_x(N)
        errors = {basis: [1, 2 * sigma, sigma**2] @ errors[basis] + sigma**2 for basis in BASES}
        for basis in BASES:
            curve = np.column_stack([np.arange(1, P_max + 1), errors[basis]])
            curves[basis].set_segments([curve[run] for run in figures.runs(trusted[basis])])
        return betas, errors, trusted

    def update(N, P, sigma, seed):
        betas, errors, trusted = show_data(N, sigma, seed)
        for basis in BASES:
            fits[basis].set_data(x, np.clip(at_x[basis][:, :P] @ (betas[basis][P - 1] @ [1, sigma]), -1e3, 1e3))
            heres[basis].set_data([P], [np.clip(errors[basis][P - 1], 1e-1, 1e8)])
        apart = [
            f"{basis} {number(errors[basis][P - 1])}{'' if trusted[basis][P - 1] else ' (rounding error)'}" for basis in BASES
        ]
        return f"{regime(N, P)}: test error {'; '.join(apart)}."

    presets = {
        "1 below": ({"P": 8}, "Four bases of one space: least squares finds the same polynomial in each."),
        "2 the threshold": ({"P": 15}, "One polynomial meets all points, so all four are that one."),
        "3 beyond": (
            {"P": 40},
            "Many polynomials meet all points. Each basis has its own idea of the smallest; for the powers it is a wild one.",
        ),
    }
    controls = {
        "N": whole_slider("N", "training examples", N, 5, 20),
        "P": whole_slider("P", "parameters", P, 1, P_max),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
    }
    moving = [points, threshold, name, *fits.values(), *curves.values(), *heres.values()]
    alt = (
        "Left: fits of one training set in four polynomial bases. Right: their test errors against the number "
        "of parameters; up to N = P they are one curve, beyond it they part, and that of the monomials never falls."
    )
    return Lab(figure, moving, controls, update, alt, presets, redraw=True)
