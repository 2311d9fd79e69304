"""Exercises of notebook 01: count a network, score it, make it memorise."""

from functools import lru_cache

import numpy as np

from ddlib.course.exercises.grading import FillIn, Number, Wrong
from ddlib.datasets import read_table
from ddlib.fit.features import relu_features

__all__ = ["EXERCISES"]


def draw_networks(rng):
    """Sizes of three networks; one layer of one output, which hides a slip, among them."""
    deep = rng.integers(2, 50, 5).tolist()
    sizes = [[int(rng.integers(3, 90)), 1], rng.integers(2, 60, 3).tolist(), deep]
    return [(f"sizes = {each}", (each,)) for each in sizes]


def count_one_by_one(sizes):
    """Each weight and each constant of every output, counted singly."""
    return sum(1 for m, n in zip(sizes, sizes[1:]) for _ in range(n) for _ in range(m + 1))


network = FillIn(
    name="01-network",
    draw=draw_networks,
    reference=count_one_by_one,
    right="Each output has m weights and one constant. Try it on the small network of section 1.3: it had no "
    "constants of its own, so your number is a little above 1200.",
    wrong=(
        Wrong(
            lambda sizes: sum(m * n for m, n in zip(sizes, sizes[1:])),
            "You counted the weights and left out the constants: each output has one.",
        ),
        Wrong(
            lambda sizes: sum(m * n + 1 for m, n in zip(sizes, sizes[1:])),
            "You counted one constant for each layer. Each <i>output</i> has its own: with one output that is the "
            "same, with more it is not.",
        ),
        Wrong(
            lambda sizes: sum((n + 1) * m for m, n in zip(sizes, sizes[1:])),
            "You gave the constants to the inputs. They belong to the outputs: n (m + 1).",
        ),
    ),
)


def draw_scores(rng):
    """Scores and labels; one example, and N = K, which hide slips, among them."""
    cases = []
    for N, K in ((1, 4), (7, 7), (40, 10), (200, 3)):
        S, labels = rng.normal(size=(N, K)), rng.integers(0, K, N)
        S[np.arange(N), labels] += rng.random(N) < 0.6  # right more often than not
        cases.append((f"N = {N}, K = {K}", (S, labels)))
    return cases


def share_one_by_one(S, labels):
    """One example after the other, without argmax."""
    return sum(all(row[label] >= score for score in row) for row, label in zip(S, labels)) / len(labels)


accuracy = FillIn(
    name="01-accuracy",
    draw=draw_scores,
    reference=share_one_by_one,
    right="The largest score of each <i>row</i> is the answer to that example.",
    wrong=(
        Wrong(
            lambda S, labels: np.mean(S.argmax(axis=0) == labels),
            "<code>axis=0</code> looks for the best example of each class. You want the best class of each example, "
            "along a row: <code>axis=1</code>.",
        ),
        Wrong(
            lambda S, labels: np.sum(S.argmax(axis=1) == labels), "That is how many are right. The share is that number over N."
        ),
        Wrong(
            lambda S, labels: np.mean(S.argmax(axis=1) != labels), "That is the share of errors; the accuracy is what is left."
        ),
    ),
)


@lru_cache(maxsize=1)
def memory_threshold():
    """The smallest P of the lab at which its model has all of 200 random labels."""
    rng, table = np.random.default_rng(0), read_table("digits")
    X = np.column_stack([table.X / 16, np.ones(len(table.X))])[rng.permutation(len(table.y))[:200]]  # (200, 65)
    T = np.eye(10)[rng.integers(0, 10, 200)]
    for P in (10, 20, 50, 100, 150, 200, 250, 400, 800, 1600, 3200):
        Z = relu_features(X, rng.normal(0, 1 / 8, (65, P)))
        beta = np.linalg.lstsq(Z, T, rcond=None)[0]
        if ((Z @ beta).argmax(axis=1) == T.argmax(axis=1)).all():
            return P, P
    raise AssertionError("3200 features fit any 200 labels")


threshold = Number(
    name="01-threshold",
    find=memory_threshold,
    right="P = 200 = N. From there on any numbers can be met at all 200 digits, so any labels can.",
    wrong=(
        Wrong(
            100,
            "At P = 100 the model has all the <i>true</i> labels. They follow the picture, so they come "
            "cheaper. "
            "Is the slider <b>labels</b> at 100 %?",
        ),
        Wrong(
            150,
            "Very near: at P = 150 a few of the random labels are still missed. Look at the training digits in "
            "the words under the picture: all 100 % are asked for.",
        ),
        Wrong(3200, "There it has them all, but not for the first time. Make P smaller.", signs=lambda P: P > 200),
    ),
    other="Set <b>labels</b> to 100 % and move P: where do the training digits reach 100 % for the first time?",
)


def draw_readings(rng):
    """Features of clustered classes and new examples; too few features, just enough and many."""
    cases = []
    for N, P, K in ((30, 8, 3), (12, 12, 4), (20, 90, 5)):
        centres = rng.normal(size=(K, P)) * 1.5
        labels = np.concatenate([np.arange(K), rng.integers(0, K, N - K)])
        Z = centres[labels] + rng.normal(size=(N, P))
        new = centres[rng.integers(0, K, 60)] + rng.normal(size=(60, P))
        cases.append((f"N = {N}, P = {P}, K = {K}", (Z, labels, new)))
    return cases


def read_by_lstsq(Z, labels, Z_new):
    """One least-squares problem for each class, by another solver."""
    scores = [Z_new @ np.linalg.lstsq(Z, (labels == k).astype(float), rcond=None)[0] for k in range(labels.max() + 1)]
    return np.argmax(scores, axis=0)


def one_hot(labels):
    return np.eye(labels.max() + 1)[labels]


reader = FillIn(
    name="01-reader",
    draw=draw_readings,
    reference=read_by_lstsq,
    right="This is the whole model of section 1.4, in your own words.",
    wrong=(
        Wrong(
            lambda Z, labels, Z_new: np.clip(np.rint(Z_new @ (np.linalg.pinv(Z) @ labels)), 0, labels.max()),
            "You fitted the label as a number. Then a 2 lies between a 1 and a 3, and a doubt between 0 and 8 is "
            "read as a 4. Each class needs a score of its own: a column that is one for its examples, else zero.",
            signs=lambda got, Z, labels, Z_new: bool(
                np.mean(np.rint(got) == np.clip(np.rint(Z_new @ np.linalg.pinv(Z) @ labels), 0, labels.max())) > 0.9
                or np.allclose(got, Z_new @ np.linalg.pinv(Z) @ labels)
            ),
        ),
        Wrong(
            lambda Z, labels, Z_new: (Z @ (np.linalg.pinv(Z) @ one_hot(labels))).argmax(axis=1),
            "You answered for the training examples. <code>Z_new</code> holds the new ones.",
        ),
        Wrong(
            lambda Z, labels, Z_new: Z_new @ (np.linalg.pinv(Z) @ one_hot(labels)),
            "These are the scores. The answer to each example is the class of its largest score.",
        ),
        Wrong(
            lambda Z, labels, Z_new: (Z_new @ (np.linalg.pinv(Z) @ one_hot(labels))).argmax(axis=0),
            "<code>axis=0</code> looks for the best example of each class; the best class of each example is along "
            "<code>axis=1</code>.",
        ),
    ),
)

EXERCISES = (network, accuracy, threshold, reader)
