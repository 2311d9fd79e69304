"""Labs of gradient descent: where it starts, and how long it runs."""

from functools import lru_cache

import numpy as np

from ddlib import figures
from ddlib.datasets.draws import bend, draw_curve
from ddlib.fit.descent import descended, descent_filter
from ddlib.fit.features import legendre
from ddlib.live.controls import listed_slider, number, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["start_lab", "time_lab"]


def times(powers):
    """Steps to choose from: 1, 2, 5, 10, ... up to 10^powers, as (text, value) pairs."""
    steps = [digit * 10**power for power in range(powers) for digit in (1, 2, 5)] + [10**powers]
    return [(number(step), step) for step in steps]


def start_lab(s=1.0, t=1000):
    """Gradient descent from w0 = s z, in a plane that can be seen and in a problem of 40 parameters."""
    N, D, sigma, sets = 10, 40, 0.5, 30
    steps = np.unique(np.geomspace(1, 1000, 60).round().astype(int))
    figure, (plane, curve) = figures.subplots(2, widths=[1, 1.3])
    x, target, z = np.array([2.0, 1.0]), 2.0, np.array([-0.7, 1.05])
    ends = np.array([-3.0, 4.0])
    plane.set(
        xlim=(-2.5, 2.5), ylim=(-1.2, 2.95), aspect="equal", xlabel="w₁", ylabel="w₂", title="One example, two parameters"
    )
    plane.plot(ends, target - 2 * ends, color="#777777", linewidth=1.6, label="train error 0")
    (path,) = plane.plot([], [], "o-", color=figures.ROLES["train"]["color"], markersize=4, linewidth=1.2, label="the steps")
    plane.plot(0, 0, "+", color="#222222", markersize=10)
    plane.plot(
        *(x * target / 5),
        "*",
        color=figures.ROLES["theory"]["color"],
        markersize=15,
        markeredgecolor="white",
        label="smallest norm",
    )
    (now,) = plane.plot([], [], **figures.ROLES["here"])
    figures.legend_above(plane, columns=2, rows=2)
    curve.set(
        xlabel="t, steps of gradient descent",
        ylabel="mean squared error",
        title=f"N = {N}, P = {D}: mean of {sets} training sets",
    )
    figures.log_axis(curve.xaxis, 1, 1000, ticks=[1, 10, 100, 1000])
    figures.log_axis(curve.yaxis, 1e-3, 1e3, ticks=10.0 ** np.arange(-3, 4))
    (train,) = curve.plot([], [], label="train error", **figures.ROLES["train"])
    (test,) = curve.plot([], [], label="test error less its noise", **figures.ROLES["test"])
    (here,) = curve.plot([], [], label="here", clip_on=False, zorder=5, **figures.ROLES["here"])
    lowest = curve.axhline(1, label="smallest norm", **figures.ROLES["theory"])
    figures.legend_above(curve, columns=2)
    plane_path = {step: descended([x], [target], np.arange(step + 1), 0.02) for step in steps}

    @lru_cache(maxsize=4)
    def squares(seed):
        """Train and test error of all steps, each as a + 2 b s + c s^2: w is linear in the start s z."""
        rng, total = np.random.default_rng(seed), np.zeros((2, 3, len(steps)))
        for _ in range(sets):
            X, beta, noise = rng.normal(size=(N, D)), rng.normal(size=D), rng.normal(size=N)
            beta, z = beta / np.linalg.norm(beta), rng.normal(size=D)
            y, eta = X @ beta + sigma * noise, 0.1 / np.linalg.norm(X, 2) ** 2
            fixed = descended(X, y, steps, eta)
            moved = descended(X, y, steps, eta, z) - fixed
            for k, (a, b) in enumerate(((fixed @ X.T - y, moved @ X.T), (fixed - beta, moved))):
                total[k] += np.array([(a * a).sum(1), (a * b).sum(1), (b * b).sum(1)]) / (N if k == 0 else 1)
        return total / sets

    def update(s, t, seed):
        errors = np.array([1, 2 * s, s**2]) @ squares(seed)  # (2, T)
        train.set_data(steps, np.maximum(errors[0], 1e-4))
        test.set_data(steps, errors[1])
        lowest.set_ydata([squares(seed)[1, 0, -1]] * 2)
        at = np.flatnonzero(steps == t)[0]
        here.set_data([t], errors[1:, at])
        start = s * z
        # the start's share along x shrinks with every step as the fit's grows; the rest of it stays
        taken = plane_path[t] + start - np.outer(1 - (1 - 0.1) ** np.arange(t + 1), x) * (x @ start) / 5
        path.set_data(*taken.T)
        now.set_data(*taken[-1:].T)
        exact = np.round(errors[0, at], 12)
        return (
            f"From w0 = {s:.1f} z, after t = {t} steps: train error {number(exact)}, test error less its noise "
            f"{number(errors[1, at])}; that of the smallest norm is {number(squares(seed)[1, 0, -1])}."
        )

    presets = {
        "1 from zero": (
            {"s": 0.0},
            "From the origin the steps go straight at the line, and meet it at its nearest point: the smallest norm.",
        ),
        "2 from elsewhere": (
            {"s": 1.0},
            "The train error goes to zero as well, but another fit is reached, and the test error stays high.",
        ),
        "3 from far away": ({"s": 2.0}, "Twice the start, about four times the error: nothing in the data can move this part."),
    }
    controls = {
        "s": real_slider("s", "size of the start, w0 = s z", s, 0, 2, 0.1, form=".1f"),
        "t": listed_slider("t", "steps", [(str(step), int(step)) for step in steps], t),
    }
    alt = (
        "Left: the plane of two parameters, the line of all fits with no train error, and the steps of gradient "
        "descent that reach it at right angles. Right: train and test error against the steps; from a start that "
        "is not zero the train error vanishes all the same and the test error stays high."
    )
    return Lab(figure, [path, now, train, test, lowest, here], controls, update, alt, presets, redraw=True)


def time_lab(P=15, sigma=0.3, t=100):
    """One fit while it is trained: the curve, each mode's share, and the errors against the steps, linked."""
    N, powers = 15, 12
    offered = times(powers)
    steps = np.union1d(np.geomspace(1, 10**powers, 121).round().astype(int), [step for _, step in offered])
    figure, (left, middle, right) = figures.subplots(3, widths=[1.1, 0.8, 1.1])
    figure.subplots_adjust(wspace=0.36)
    fit = figures.Fit(left, bend)
    left.set_title("The fit after t steps")
    figures.legend_above(left, columns=2)
    middle.set(xlim=(0.3, N + 0.7), ylim=(0, 1.02), xticks=[1, 5, 10, 15], xlabel="mode r, strongest first", title="Its modes")
    bars = middle.bar(np.arange(1, N + 1), np.zeros(N), color="#8fb8d6", edgecolor="#0072B2", label="share learnt")
    figures.legend_above(middle, columns=1, rows=2)
    right.set(xlabel="t, steps", ylabel="mean squared error", title="Its errors")
    figures.log_axis(right.xaxis, 1, 10**powers, ticks=10.0 ** np.arange(0, powers + 1, 4))
    figures.log_axis(right.yaxis, 1e-3, 1e6, ticks=10.0 ** np.arange(-2, 7, 2))
    (train,) = right.plot([], [], label="train", **figures.ROLES["train"])
    (test,) = right.plot([], [], label="test", **figures.ROLES["test"])
    (here,) = right.plot([], [], clip_on=False, zorder=5, **figures.ROLES["here"])
    figures.legend_above(right, columns=2, rows=2)
    nodes, chance = np.polynomial.legendre.leggauss(128)
    columns, at_nodes = legendre(fit.x, 60), legendre(nodes, 60)

    @lru_cache(maxsize=64)
    def fits(P, sigma, seed):
        """Data, singular values and step size; coefficients, train and test error at every step."""
        x, y = draw_curve(N, sigma, np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0]), truth=bend)
        X = legendre(x, P)
        singular = np.linalg.svd(X, compute_uv=False)
        eta = 0.1 / singular[0] ** 2
        w = descended(X, y, steps, eta)  # (T, P)
        train_error = ((w @ X.T - y) ** 2).mean(axis=1)
        test_error = (w @ at_nodes[:, :P].T - bend(nodes)) ** 2 @ chance / 2 + sigma**2
        return x, y, singular, eta, w, train_error, test_error

    def update(t, P, sigma, seed):
        x, y, singular, eta, w, train_error, test_error = fits(P, sigma, seed)
        at = steps.searchsorted(t)
        fit.show_data(x, y)
        fit.show(columns[:, :P] @ w[at])
        shares = descent_filter(singular, t, eta)
        for bar, height in zip(bars, np.append(shares, np.zeros(N - len(shares)))):
            bar.set_height(height)
        train.set_data(steps, np.maximum(train_error, 1e-4))
        test.set_data(steps, np.minimum(test_error, 1e12))
        here.set_data([t], [np.clip(test_error[at], 1e-3, 1e6)])
        best, exact = steps[test_error.argmin()], np.round(train_error[at], 12)
        return (
            f"P = {P}, t = {number(t)}: {np.sum(shares > 0.5)} of {len(shares)} modes more than half learnt. Train "
            f"error {number(exact)}, test error {number(np.round(test_error[at], 12))}; the lowest is "
            f"{number(np.round(test_error.min(), 12))}, near t = {number(best)}."
        )

    presets = {
        "1 stopped early": (
            {"P": 15, "t": 100},
            "At the threshold, but stopped early: the weak modes are not learnt yet, and the fit is tame.",
        ),
        "2 never stopped": (
            {"P": 15, "t": 10**8},
            "The weak modes wake up one after the other, and each makes it wilder: this is the peak.",
        ),
        "3 far beyond": (
            {"P": 60, "t": 10**8},
            "With 60 parameters there is no very weak mode, and little harm in training for ever.",
        ),
    }
    controls = {
        "t": listed_slider("t", "steps", offered, t),
        "P": whole_slider("P", "parameters", P, 2, 60),
        "sigma": real_slider("sigma", "noise sd", sigma, 0, 1, 0.05),
    }
    alt = (
        "Left: a polynomial fit after t steps of gradient descent. Middle: the share of each mode that it has "
        "learnt, the strong ones first. Right: the train error falls with the steps; the test error falls, then "
        "rises as weak modes are learnt."
    )
    return Lab(figure, [*fit.artists, *bars, train, test, here], controls, update, alt, presets, redraw=True)
