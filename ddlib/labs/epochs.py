"""The lab of two groups of features that are learnt at two speeds."""

from functools import lru_cache

import numpy as np

from ddlib import figures
from ddlib.fit.descent import descent_filter
from ddlib.labs.descent import times
from ddlib.live.controls import listed_slider, number, real_slider, whole_slider
from ddlib.live.lab import Lab
from ddlib.theory.epochs import two_group_features, two_group_risk

__all__ = ["epochs_lab"]


def epochs_lab(ratio=10, sigma=1.2, N=100, t=200):
    """Two groups of features, learnt at two speeds: the test error falls, rises and falls in training time."""
    sizes, signals, powers = (80, 4), (1.5, 1.0), 6
    steps = np.unique(np.geomspace(1, 10**powers, 161).round().astype(int))
    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    x = np.linspace(0, 1, 601)
    waves = two_group_features(x, sizes, (1, 1))  # (601, 84): of mean square 1, slow ones first
    true = np.zeros(sum(sizes))
    true[[0, 2]] = np.sqrt(signals[1]) * np.array([-0.9, 0.19**0.5])
    true[8] = np.sqrt(signals[0])
    left.set(xlim=(-0.015, 1.015), ylim=(-6, 6), xlabel="x", ylabel="y", title="The fit after t steps")
    (points,) = left.plot(
        [],
        [],
        "o",
        color=figures.ROLES["train"]["color"],
        markersize=4,
        alpha=0.6,
        markeredgecolor="none",
        label="training data",
    )
    (fitted,) = left.plot([], [], color=figures.ROLES["test"]["color"], linewidth=1.6, label="fit")
    left.plot(x, waves @ true, label="truth", **figures.ROLES["truth"])
    figures.legend_above(left, columns=3, rows=2)
    right.set(
        ylim=(0, 3.2),
        xlabel="t, steps of gradient descent",
        ylabel="mean squared error",
        title="Expected test error, less its noise",
    )
    figures.log_axis(right.xaxis, 1, 10**powers, ticks=10.0 ** np.arange(0, powers + 1))
    (total,) = right.plot([], [], label="both groups", **figures.ROLES["test"])
    (fast,) = right.plot([], [], label=f"{sizes[0]} fast features", color="#7A5C00", linestyle="-.")
    (slow,) = right.plot([], [], label=f"{sizes[1]} slow features", color="#00607A", linestyle=(0, (4, 1.5)))
    (here,) = right.plot([], [], label="this fit", clip_on=False, zorder=5, **figures.ROLES["here"])
    figures.legend_above(right, columns=2)

    @lru_cache(maxsize=64)
    def best(N, seed):
        """Least-squares coefficients of the truth's and of the unit noise's part of y, by orthogonality."""
        at = (np.arange(N) + 0.5) / N
        X, noise = two_group_features(at, sizes, (1, 1)), np.random.default_rng(seed).normal(size=400)[:N]
        return at, X @ true, noise, X.T @ noise / N

    def update(t, ratio, sigma, N, seed):
        scales, eta = (1.0, 1 / ratio), 0.02 / N
        groups = two_group_risk(N, sizes, scales, signals, sigma, steps, eta)
        fast.set_data(steps, groups[0])
        slow.set_data(steps, groups[1])
        total.set_data(steps, groups.sum(axis=0))
        at, clean, noise, spurious = best(N, seed)
        learnt = np.repeat(descent_filter(np.sqrt(N) * np.array(scales), t, eta)[::-1], sizes[::-1])
        fit = learnt * (true + sigma * spurious)
        points.set_data(at, np.clip(clean + sigma * noise, -1e3, 1e3))
        fitted.set_data(x, waves @ fit)
        error, (first, second) = np.sum((fit - true) ** 2), two_group_risk(N, sizes, scales, signals, sigma, t, eta)
        here.set_data([t], [min(error, 3.2)])
        share = learnt[[-1, 0]]
        return (
            f"t = {number(t)}: fast features {share[0]:.0%} learnt, slow ones {share[1]:.0%}. Expected test error "
            f"less its noise {first + second:.2f} = fast {first:.2f} + slow {second:.2f}; this fit: {error:.2f}. "
            f"Lowest at t = {number(steps[groups.sum(axis=0).argmin()])}: {groups.sum(axis=0).min():.2f}."
        )

    presets = {
        "1 stop at once": ({"t": 50}, "The fast features have caught the wave and not yet the noise. Stop here?"),
        "2 the hump": ({"t": 200}, "The fast features fit the noise; the slow ones have hardly begun."),
        "3 wait": ({"t": 20_000}, "The slow features bring the trend, and the error falls below its first low."),
        "4 one clock": ({"t": 50, "ratio": 1}, "All features at one speed: one U, and a lower lowest point."),
    }
    controls = {
        "t": listed_slider("t", "steps", times(powers), t),
        "ratio": listed_slider("ratio", "fast / slow scale", [(str(r), r) for r in (1, 2, 3, 5, 10, 20, 30)], ratio),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1.5, 0.1, form=".1f"),
        "N": whole_slider("N", "training examples", N, 90, 400, 10),
    }
    alt = (
        "Left: noisy points of a trend with a wave, and the fit after t steps. Right: the expected test error "
        "against the steps falls, rises and falls again; it is the sum of an early U of the fast features and a "
        "late fall of the slow ones."
    )
    return Lab(figure, [points, fitted, total, fast, slow, here], controls, update, alt, presets, redraw=True)
