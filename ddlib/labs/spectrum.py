"""Labs of the singular values: a cloud of points that can be turned, and the law of all eigenvalues."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ddlib import checks, figures
from ddlib.labs.modes import OTHERS, WEAKEST
from ddlib.live.controls import listed_slider, number, whole_slider
from ddlib.live.lab import Lab
from ddlib.theory.linear import marchenko_pastur_density, marchenko_pastur_edges

__all__ = ["cloud_lab", "spectrum_lab"]

COVARIANCE = np.array([[23.0, 9, 4], [9, 6, 2], [4, 2, 5]])
HALF = 10  # half the edge of the box
SIGNS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
EDGES = np.array([(a, b) for a in SIGNS for b in SIGNS if (a < b).sum() == 1 and (a != b).sum() == 1])  # (12, 2, 3)
NAMES = 1.16 * HALF * np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])  # where x1, x2, x3 are written


def camera(azimuth, elevation):
    """Unit vectors to the right, up, and towards the eye, (3, 3), from two angles in degrees."""
    a, e = np.radians([azimuth, elevation])
    right = [-np.sin(a), np.cos(a), 0]
    eye = [np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)]
    return np.array([right, np.cross(eye, right), eye])


def clouds(seed, sets=200, N=100):
    """Points (sets, N, 3) with the covariance; the first N are the same for every larger N."""
    return np.random.default_rng(seed).standard_normal((sets, N, 3)) @ np.linalg.cholesky(COVARIANCE).T


def smallest(X):
    """The smallest non-zero singular value of the first n rows (G, 3), for n = 1..G."""
    return np.array([np.linalg.svd(X[:n], compute_uv=False)[-1] for n in range(1, len(X) + 1)])


def cloud_lab(N=3, azimuth=-60, elevation=20):
    """Points in three dimensions that can be turned, the directions they reveal, and the weakest of these along N."""
    checks.whole("azimuth", azimuth, at_least=-180, at_most=175)
    checks.whole("elevation", elevation, at_least=-90, at_most=90)
    figure, (left, right) = figures.subplots(2, size=(9, 4.35))
    figure.subplots_adjust(top=0.85, bottom=0.135)
    left.set_position([0.01, 0.01, 0.47, 0.83])
    width, height = left.get_position().size * figure.get_size_inches()
    wide = 17.5 * width / height  # one unit is as long in both directions
    left.set(xlim=(-wide, wide), ylim=(-17.5, 17.5), xticks=[], yticks=[])
    left.set_title("The points, and what they show", pad=9 + 1.5 * 10.5)
    left.axis("off")
    box = left.add_collection(LineCollection([], color="#bbbbbb", linewidth=0.9), autolim=False)
    blue = figures.ROLES["train"]["color"]
    points = left.scatter([], [], s=[], color=blue, edgecolor="white", linewidth=0.6, zorder=3, clip_on=False)
    rays = left.add_collection(LineCollection([], color=blue, linewidth=0.8, alpha=0.5), autolim=False)
    strong = left.add_collection(LineCollection([], color=OTHERS, linewidth=4, zorder=4), autolim=False)
    weak = left.add_collection(LineCollection([], color=WEAKEST, linewidth=6, zorder=5), autolim=False)
    names = [left.text(0, 0, f"x{k}", color="#555555", ha="center", va="center") for k in (1, 2, 3)]
    right.set(xlabel="N, points", ylabel="smallest non-zero σ", title="The weakest direction")
    figures.log_axis(right.xaxis, 1, 100, ticks=[1, 2, 3, 5, 10, 20, 50, 100])
    figures.log_axis(right.yaxis, 0.05, 100, ticks=[0.1, 1, 10, 100])
    right.axvline(3, **figures.ROLES["threshold"])
    right.text(3, 0.06, " N = D = 3", color="#555555")
    sizes = np.arange(1, 101)
    middle = np.median([smallest(X) for X in clouds(0, sets=50)], axis=0)
    right.plot(sizes, middle, color="#999999", linewidth=1.6, linestyle="--", label="median of 50 clouds")
    (along,) = right.plot([], [], color=WEAKEST, label="this cloud")
    (here,) = right.plot([], [], clip_on=False, zorder=5, **figures.ROLES["here"])
    figures.legend_above(right, columns=2)

    @lru_cache(maxsize=8)
    def cloud(seed):
        X = clouds(seed + 22, sets=1)[0]
        return X, smallest(X)

    def update(N, azimuth, elevation, seed):
        X, weakest = cloud(seed)
        to_screen = camera(azimuth, elevation)
        _, s, Vt = np.linalg.svd(X[:N], full_matrices=False)
        seen = X[:N] @ to_screen.T  # (N, 3): right, up, towards the eye
        points.set_offsets(seen[:, :2])
        points.set_sizes(70 * 1.03 ** seen[:, 2])  # nearer is larger
        rays.set_segments([[(0, 0), point] for point in seen[:, :2]])
        box.set_segments((HALF * EDGES @ to_screen.T)[:, :, :2])
        spread = 2 * s[:, None] / np.sqrt(N) * Vt @ to_screen.T  # two standard deviations either way
        lines = [[-end[:2], end[:2]] for end in spread]
        strong.set_segments(lines[:-1])
        weak.set_segments(lines[-1:])
        for name, place in zip(names, NAMES):
            name.set_position(np.clip(place @ to_screen[:2].T, -16.6, 16.6))
        along.set_data(sizes, np.clip(weakest, 1e-3, 1e3))
        here.set_data([N], [np.clip(weakest[N - 1], 0.05, 100)])
        shown = min(N, 3)
        what = ("one direction", "two directions, a plane", "all three directions")[shown - 1]
        return (
            f"N = {N}: the points show {what}. Spread (σ / √N) along each: "
            f"{', '.join(number(value) for value in s / np.sqrt(N))}. "
            f"The smallest non-zero singular value is {number(s[-1])}; over all N it is smallest at N = "
            f"{weakest.argmin() + 1}."
        )

    presets = {
        "1 one point": ({"N": 1}, "One point shows one direction, mostly a long one: nothing weak yet."),
        "2 two points": ({"N": 2}, "Two points show a plane. The third direction is not weak, it is unseen."),
        "3 three points": (
            {"N": 3},
            "The third point has to show the last direction alone, and hardly leaves their plane: "
            "this direction looks far thinner than it is.",
        ),
        "4 a hundred": ({"N": 100}, "Many points show the true width of the cloud in every direction."),
    }
    controls = {
        "N": whole_slider("N", "points", N, 1, 100),
        "azimuth": whole_slider("turn", "degrees", azimuth, -180, 175, 5),
        "elevation": whole_slider("tilt", "degrees", elevation, -90, 90, 5),
    }
    alt = (
        "Left: points in a box in three dimensions, with the directions in which they spread. Right: the smallest "
        "non-zero singular value against the number of points, on log axes; it is smallest at three points."
    )
    return Lab(figure, [box, rays, points, strong, weak, *names, along, here], controls, update, alt, presets, redraw=True)


GAMMAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


def spectrum_lab(gamma=1.0, N=200):
    """The eigenvalues of X'X / N of one Gaussian X, under the law of Marchenko and Pastur."""
    checks.whole("N", N, at_least=10, at_most=1000)
    figure, (left, right) = figures.subplots(2, widths=[1.35, 1])
    figure.subplots_adjust(top=0.84, bottom=0.14)
    bins = np.linspace(0, 7.6, 39)
    left.set(
        xlim=(-0.25, 7.6), ylim=(0, 1.5), xlabel="eigenvalue of X'X / N", ylabel="density", title="All eigenvalues of one X"
    )
    bars = left.add_collection(
        PolyCollection([], facecolor="#8fb8d6", edgecolor="white", linewidth=0.5, label="histogram"), autolim=False
    )
    zeros = left.add_collection(PolyCollection([], facecolor="#444444", label="zeros"), autolim=False)
    (law,) = left.plot([], [], label="Marchenko–Pastur", **figures.ROLES["theory"])
    share = left.text(0.12, 1.4, "", color="#444444", va="center")
    figures.legend_above(left, columns=3)
    right.set(xlabel="gamma = D / N", ylabel="smallest non-zero eigenvalue", title="The lower edge")
    figures.log_axis(right.xaxis, 0.045, 3.4, ticks=[0.05, 0.1, 0.2, 0.5, 1, 2, 3])
    right.set(ylim=(-0.03, 0.7))
    many = np.geomspace(0.045, 3.4, 400)
    right.plot(many, [marchenko_pastur_edges(g)[0] for g in many], label="(1 − √gamma)²", **figures.ROLES["theory"])
    right.axvline(1, **figures.ROLES["threshold"])
    right.text(1.05, 0.67, "N = D", color="#555555", va="top")
    (here,) = right.plot([], [], label="this X", **figures.ROLES["here"])
    figures.legend_above(right, columns=2)

    @lru_cache(maxsize=64)
    def eigenvalues(gamma, seed):
        D = round(gamma * N)
        X = np.random.default_rng(seed).standard_normal((D, N))  # rows are features: those of less gamma stay
        return np.linalg.eigvalsh(X @ X.T / N if D <= N else X.T @ X / N)

    def update(gamma, seed):
        found, D = eigenvalues(gamma, seed), round(gamma * N)
        heights = np.histogram(found, bins)[0] / (D * np.diff(bins))  # the zeros are counted apart
        bars.set_verts([[(a, 0), (a, h), (b, h), (b, 0)] for a, b, h in zip(bins, bins[1:], np.minimum(heights, 2))])
        zero = max(1 - 1 / gamma, 0)
        zeros.set_verts([[(-0.2, 0), (-0.2, zero), (-0.05, zero), (-0.05, 0)]])
        share.set_text(f"{zero:.0%} of the eigenvalues are 0" if zero else "")
        low, high = marchenko_pastur_edges(gamma)
        s = np.linspace(max(low, 1e-3), high, 1000)
        law.set_data(s, np.minimum(marchenko_pastur_density(s, gamma), 2))
        here.set_data([gamma], [found[0]])
        return (
            f"N = {N}, D = {D}, gamma = {gamma:g}: non-zero eigenvalues from {number(found[0])} to {number(found[-1])}; "
            f"the law says {number(low)} to {number(high)}. Smallest non-zero singular value: "
            f"{number(np.sqrt(N * found[0]))}."
        )

    presets = {
        "1 many examples": ({"gamma": 0.1}, "Ten examples per feature: all eigenvalues lie around 1, the true variance."),
        "2 the threshold": ({"gamma": 1.0}, "N = D: the lower edge touches 0. Here is the 1/sigma of the peak."),
        "3 beyond": (
            {"gamma": 3.0},
            "Three features per example: two thirds are exactly 0 and are left out, the others are far from 0 again.",
        ),
    }
    controls = {"gamma": listed_slider("gamma", "features per example", [(f"{g:g}", g) for g in GAMMAS], gamma)}
    alt = (
        "Left: a histogram of eigenvalues, filled by the curve of Marchenko and Pastur. Right: the smallest non-zero "
        "eigenvalue against gamma, which touches 0 at gamma = 1."
    )
    return Lab(figure, [bars, zeros, law, share, here], controls, update, alt, presets, redraw=True)
