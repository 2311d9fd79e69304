"""Labs of the puzzle: one weight of a network, memorised labels, and the map of P against N."""

from functools import lru_cache

import numpy as np

from ddlib import checks, figures
from ddlib.datasets import read_models, read_table
from ddlib.fit.features import relu_features
from ddlib.fit.least_squares import min_norm
from ddlib.live.controls import listed_slider, number, real_slider, whole_slider
from ddlib.live.lab import Lab

__all__ = ["weight_lab", "memory_lab", "map_lab"]


def weight_lab(scores, theta, X, y, index=343):
    """One weight of a trained digit classifier under a slider.

    Parameters
    ----------
    scores : function(theta, X) -> (N, 10)   the classifier
    theta : (P,) float                       its trained weights
    X : (N, 64), y : (N,)                    test digits, and what they are
    index : int                              the weight to begin with
    """
    figure, (picture, bars, line) = figures.subplots(3, widths=[0.5, 1, 1.25])
    image = picture.imshow(np.zeros((8, 8)), cmap="gray_r", vmin=0, vmax=1)
    picture.set(xticks=[], yticks=[], title="A test digit")
    bars.set(ylim=(-0.5, 1.5), xticks=range(10), xlabel="class", title="Its scores (▼: answer)")
    bars.axhline(0, color="#444444", linewidth=0.8)
    columns = bars.bar(range(10), np.zeros(10), color="#8fb8d6", edgecolor="#0072B2")
    (answer,) = bars.plot([], [], "v", color=figures.ROLES["here"]["color"], markersize=9)
    line.set(
        xlim=(-1.05, 1.05), ylim=(0, 100), ylabel="test digits right, %", xlabel="value of the weight", title="All test digits"
    )
    which = line.text(0.97, 0.05, "", transform=line.transAxes, ha="right", fontweight="bold")
    (accuracy,) = line.plot([], [], label="accuracy", **figures.ROLES["test"])
    (trained,) = line.plot([], [], transform=line.get_xaxis_transform(), label="trained value", **figures.ROLES["threshold"])
    (here,) = line.plot([], [], label="here", **figures.ROLES["here"])
    picture.grid(False)
    picture.spines[:].set_visible(False)
    figure.subplots_adjust(top=0.86, left=0.02, wspace=0.34)
    line.legend(loc="lower left")
    values = np.linspace(-1, 1, 41)

    def with_weight(index, value):
        changed = theta.copy()
        changed[index] = value
        return changed

    @lru_cache(maxsize=64)
    def accuracies(index):
        right = [np.mean(scores(with_weight(index, value), X).argmax(axis=1) == y) for value in values]
        return 100 * np.array(right)

    def update(value, index, digit):
        curve = accuracies(index)
        now = scores(with_weight(index, value), X[[digit]])[0]
        image.set_data(X[digit, :64].reshape(8, 8))
        for column, height in zip(columns, now):
            column.set_height(height)
        answer.set_data([now.argmax()], [min(now.max() + 0.1, 1.4)])
        which.set_text(f"weight {index}")
        accuracy.set_data(values, curve)
        trained.set_data([theta[index]] * 2, [0, 1])
        here.set_data([value], [np.interp(value, values, curve)])
        return (
            f"theta_{index} = {value:.2f} (trained: {theta[index]:.2f}). This {y[digit]:.0f} is read as "
            f"<b>{now.argmax()}</b>. Over its whole range this one weight moves the accuracy between "
            f"{curve.min():.1f} and {curve.max():.1f} %."
        )

    start = round(20 * float(theta[index])) / 20
    presets = {
        "1 as trained": ({}, "The network as it was trained. What is this weight for?"),
        "2 pushed up": ({"value": 1.0}, "Far above its trained value. Does the picture tell you what the weight did?"),
        "3 another weight": ({"index": 1100, "value": 1.0}, "A weight near the output shifts one class; no more is told."),
    }
    controls = {
        "value": real_slider("theta", "value of the weight", start, -1, 1, 0.05),
        "index": whole_slider("index", "which weight", index, 0, len(theta) - 1),
        "digit": whole_slider("digit", "which test digit", 0, 0, len(X) - 1),
    }
    alt = (
        "A handwritten digit, the network's score for each class, and the share of all test digits that are "
        "right as one weight varies."
    )
    return Lab(figure, [image, *columns, answer, which, accuracy, trained, here], controls, update, alt, presets)


def memory_lab(N=200, seed=0):
    """Random ReLU features on real digits: any labels can be fitted; only true ones carry over to new digits."""
    N, seed = checks.whole("N", N, at_least=18, at_most=1000), checks.seed(seed)  # 18 of them are shown
    sizes = np.array([10, 20, 50, 100, 150, 200, 250, 400, 800, 1600, 3200])
    table, rng = read_table("digits"), np.random.default_rng(seed)
    order, drawn = rng.permutation(len(table.y)), rng.integers(0, 10, N)
    X, labels = np.column_stack([table.X / 16, np.ones(len(table.X))])[order], table.y[order].astype(int)
    features = relu_features(X, rng.normal(0, 1 / 8, (65, sizes[-1])))
    # the fit is linear in the labels: one matrix per size serves every way to shuffle them
    to_scores = [features[:, :P] @ min_norm(features[:N, :P], np.eye(N)) for P in sizes]
    turn = 100 * rng.permutation(N) / N  # the share at which an example's label becomes a random one
    shown = np.arange(18)

    figure, (left, right) = figures.subplots(2, widths=[1, 1.25])
    mosaic = np.zeros((3 * 12, 6 * 9))
    for k, example in enumerate(shown):
        row, column = divmod(k, 6)
        mosaic[12 * row : 12 * row + 8, 9 * column : 9 * column + 8] = X[example, :64].reshape(8, 8)
    left.imshow(mosaic, cmap="gray_r", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[], title="Training digits, as labelled")
    left.grid(False)
    left.spines[:].set_visible(False)
    tags = [
        left.text(9 * (k % 6) + 3.5, 12 * (k // 6) + 9.6, "", ha="center", va="center", fontsize=12) for k in range(len(shown))
    ]
    right.set(ylim=(-3, 103), xlabel="P, random features", ylabel="digits right, %", title="What it learns")
    figures.log_axis(right.xaxis, 9, 3600, ticks=[10, 50, 200, 800, 3200])
    right.axvline(N, **figures.ROLES["threshold"])
    right.text(N, 2, " N = P", color="#555555")
    right.axhline(10, color="#999999", linewidth=1)
    right.text(3500, 11, "guessing", color="#666666", ha="right")
    (train,) = right.plot([], [], marker="o", label="training digits", **figures.ROLES["train"])
    (test,) = right.plot([], [], marker="o", label="new digits", **figures.ROLES["test"])
    (here,) = right.plot([], [], label="here", **figures.ROLES["here"])
    figures.legend_above(right, columns=3)

    @lru_cache(maxsize=1)  # what a change of P leaves as it is
    def show_labels(shuffled):
        given_labels = np.where(turn < shuffled, drawn, labels[:N])
        guesses = [(matrix @ np.eye(10)[given_labels]).argmax(axis=1) for matrix in to_scores]
        right_train = np.array([100 * np.mean(guess[:N] == given_labels) for guess in guesses])
        right_test = np.array([100 * np.mean(guess[N:] == labels[N:]) for guess in guesses])
        for tag, example in zip(tags, shown):
            wrong = given_labels[example] != labels[example]
            words = f"{given_labels[example]}" + (" ✗" if wrong else "")
            if words != tag.get_text():  # a tag left alone is not drawn again
                tag.set(text=words, color=figures.ROLES["test"]["color"] if wrong else "#222222")
        train.set_data(sizes, right_train)
        test.set_data(sizes, right_test)
        return right_train, right_test

    def update(shuffled, P):
        right_train, right_test = show_labels(shuffled)
        at = sizes.tolist().index(P)
        here.set_data([P, P], [right_train[at], right_test[at]])
        return (
            f"P = {P}, {shuffled} % of the labels drawn at random: {right_train[at]:.0f} % of the {N} training digits "
            f"as labelled, {right_test[at]:.0f} % of {len(labels) - N} new digits right."
        )

    presets = {
        "1 true labels": ({}, "Sixteen parameters per example: every training digit fitted, and new digits read well."),
        "2 random labels": (
            {"shuffled": 100},
            "The same model fits labels that mean nothing just as perfectly. It could memorise.",
        ),
        "3 a fifth random": ({"shuffled": 20}, "It fits the wrong labels too, and still reads most new digits."),
        "4 at N = P": ({"P": 200, "shuffled": 20}, "With just as many parameters as examples, new digits go wrong."),
    }
    controls = {
        "shuffled": whole_slider("labels", "drawn at random, %", 0, 0, 100, 5),
        "P": listed_slider("P", "random features", [(str(P), int(P)) for P in sizes], 3200),
    }
    alt = (
        "Left: handwritten digits with the labels that the model is given. Right: the share of training and of new "
        "digits that it gets right against the number of random features."
    )
    return Lab(figure, [*tags, train, test, here], controls, update, alt, presets)


def in_words(count):
    """A large number as it is spoken."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if count >= size:
            return f"{count / size:.3g} {word}"
    return f"{count:.3g}"


def map_lab():
    """Parameters against training examples for known models, with the lines N = P and N K = P."""
    images, language = read_models("imagenet_models"), read_models("language_models")
    models = sorted(images + language, key=lambda model: model.year)
    figure, ax = figures.subplots(size=(9, 4.3))
    ax.set(
        xlabel="N, training examples (images or tokens)", ylabel="P, parameters", title="Known models on the map of P against N"
    )
    figures.log_axis(ax.xaxis, 3e5, 1e14, ticks=10.0 ** np.arange(6, 15, 2))
    figures.log_axis(ax.yaxis, 1e6, 3e12, ticks=10.0 ** np.arange(6, 13, 2))
    ends = np.array([1e5, 1e15])
    ax.plot(ends, ends, label="N = P", **figures.ROLES["threshold"])
    ax.plot(ends, 1000 * ends, label="N K = P for K = 1000 classes", color="#444444", linestyle="-.", linewidth=1.6)
    for group, marker, role, label in (
        (images, "o", "train", "image classifiers"),
        (language, "s", "test", "language models (N in tokens)"),
    ):
        ax.plot(
            [model.N for model in group],
            [model.P for model in group],
            marker,
            markersize=8,
            color=figures.ROLES[role]["color"],
            markeredgecolor="white",
            label=label,
        )
    for model in images + language:
        if model.name in ("GPT-3 175B", "Chinchilla 70B", "Llama-3 8B"):
            ax.text(model.N, model.P / 2, model.name, color="#555555", ha="center", va="top")
    ax.text(2e8, 7e8, "ViT-H/14", color="#555555", ha="right", va="center")
    ax.text(3e6, 1.8e9, "AlexNet, VGG, ResNet, EfficientNet", color="#555555", va="center")
    ax.text(3e9, 8e6, "fewer parameters than examples", color="#666666", va="center")
    ax.text(8e8, 3e10, "more parameters than examples", color="#666666", ha="center", va="center")
    (ring,) = ax.plot(
        [], [], "o", markersize=19, markerfacecolor="none", markeredgewidth=2.4, color=figures.ROLES["here"]["color"]
    )
    name = ax.text(0, 0, "", fontweight="bold", ha="center", va="bottom", color=figures.ROLES["here"]["color"])
    figures.legend_above(ax, columns=2)

    def update(model):
        ring.set_data([model.N], [model.P])
        name.set_position((max(model.N, 1.2e6), 2.6 * model.P))
        name.set_text(model.name)
        words = (
            f"<b>{model.name}</b> ({model.year}): {in_words(model.P)} parameters, {in_words(model.N)} "
            f"{'images' if model.K else 'tokens'}, P/N = {number(model.P / model.N)}"
        )
        if model.K:
            words += f", P/(N K) = {number(model.P / model.N / model.K)}, top-1 error {model.top1_error:g} %"
        return f"{words}.<br>Source: {model.source}."

    names = [(f"{model.name} ({model.year})", model) for model in models]
    controls = {"model": listed_slider("", "model", names, models[0])}
    by_name = {model.name: model for model in models}
    presets = {
        "1 AlexNet": ({"model": by_name["AlexNet"]}, "Fifty parameters per image, but a twentieth of one per image and class."),
        "2 GPT-3": (
            {"model": by_name["GPT-3 175B"]},
            "A thousand times larger, and yet fewer parameters than training tokens.",
        ),
        "3 Llama-3": (
            {"model": by_name["Llama-3 8B"]},
            "Today's small models sit far below the line: counting parameters is not the story.",
        ),
    }
    alt = (
        "Models on log axes of parameters against training examples: image classifiers lie above the line N = P and "
        "below N K = P, language models near or below N = P."
    )
    return Lab(figure, [ring, name], controls, update, alt, presets)
