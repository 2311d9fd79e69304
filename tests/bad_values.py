"""What a reader may hand to any function by mistake, and good arguments of every name that the course uses.

One letter has one meaning in the whole course, so an argument's name says what it may be. A function that
takes a name in a sense of its own has an entry "module.function.argument".
"""

import math
from collections import namedtuple
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ddlib import datasets
from ddlib.curves import table_fits

World = namedtuple("World", "N P D K T wild")

# All arguments of one call are drawn for one world, so that most of them fit together.
worlds = st.builds(
    World,
    N=st.integers(1, 12),
    P=st.integers(1, 30),
    D=st.integers(1, 12),
    K=st.integers(1, 3),
    T=st.integers(1, 4),
    wild=st.booleans(),
)


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no words for it")


def masked():
    return np.ma.array([1.0, 2.0], mask=[False, True])


def endless():
    inner = []
    inner.append(inner)
    return inner


# Made anew each time, so that one call cannot spoil what the next is given.
THINGS = [
    lambda: None,
    lambda: True,
    lambda: False,
    lambda: np.True_,
    lambda: 1j,
    lambda: complex(1, 0),
    lambda: Ellipsis,
    lambda: "",
    lambda: "3",
    lambda: "1e3",
    lambda: "nan",
    lambda: "inf",
    lambda: "\ud800",
    lambda: "a\0b",
    lambda: b"3",
    lambda: bytearray(b"3"),
    lambda: memoryview(b"ab"),
    lambda: np.str_("3"),
    lambda: np.bytes_(b"3"),
    lambda: object(),
    Unprintable,
    lambda: [Unprintable()],
    lambda: Fraction(1, 3),
    lambda: Decimal(3),
    lambda: Path("x"),
    lambda: datetime(2020, 1, 1),
    lambda: {},
    lambda: {"N": 3},
    lambda: {1, 2},
    lambda: iter([1, 2]),
    lambda: range(3),
    lambda: len,
    lambda: lambda x: x,
    lambda: str,
    lambda: math,
    lambda: np.random.default_rng(0),
    lambda: np.random.RandomState(0),
    lambda: np.float32(0.5),
    lambda: np.float16(3),
    lambda: np.int8(-3),
    lambda: np.uint64(2**64 - 1),
    lambda: np.longdouble("1e4000"),
    lambda: np.datetime64("2020"),
    lambda: np.timedelta64(3),
    lambda: -1,
    lambda: 0,
    lambda: 10**12,
    lambda: -(10**12),
    lambda: 2**63,
    lambda: 2**64,
    lambda: 10**400,
    lambda: -(10**400),
    lambda: 10**5000,
    lambda: math.nan,
    lambda: math.inf,
    lambda: -math.inf,
    lambda: 1e300,
    lambda: -1e300,
    lambda: 1e100,
    lambda: 5e-324,
    lambda: 0.5,
    lambda: -0.0,
    lambda: [],
    lambda: [[]],
    lambda: [[], []],
    lambda: [[1], [1, 2]],
    lambda: [1, [2]],
    lambda: [None],
    lambda: [1, None],
    lambda: ["1"],
    lambda: [1, "a"],
    lambda: [1j],
    lambda: [True, False],
    lambda: [10**400],
    lambda: [math.nan, 1],
    lambda: [1, math.inf],
    lambda: [1e300, -1e300],
    lambda: [5e-324],
    lambda: (1, 2),
    lambda: [2, 1],
    lambda: [1, 1],
    lambda: [0, 1],
    lambda: [1, 10**12],
    lambda: [0.5, 1.5],
    lambda: [b"1"],
    lambda: [{}],
    lambda: [[[1.0]]],
    endless,
    masked,
    lambda: np.ma.array([1.0, 2.0]),
    lambda: np.ma.masked,
    lambda: np.zeros(0),
    lambda: np.zeros((0, 3)),
    lambda: np.zeros((3, 0)),
    lambda: np.array(1.0),
    lambda: np.ones((2, 2, 2)),
    lambda: np.zeros((3, 3)),
    lambda: np.array([True, False]),
    lambda: np.array([1, 2], dtype=np.int8),
    lambda: np.array([1], dtype=np.longdouble),
    lambda: np.array([np.longdouble("1e4000")]),
    lambda: np.array([1j]),
    lambda: np.array(["1", "2"]),
    lambda: np.array(["1"], dtype=object),
    lambda: np.array([None], dtype=object),
    lambda: np.array([Fraction(1, 2)], dtype=object),
    lambda: np.array([Decimal(1)], dtype=object),
    lambda: np.array([Unprintable()], dtype=object),
    lambda: np.array(["2020"], dtype="M8[Y]"),
    lambda: np.zeros(2, dtype=[("a", float)]),
    lambda: np.array([math.nan, 1]),
    lambda: np.array([[math.inf]]),
    lambda: np.full((2, 2), 1e300),
    lambda: np.full(3, 5e-324),
    lambda: np.ones((2, 3))[::-1, ::-1].T,
]


def no_large_whole_number(value):
    """Sizes that fit into memory but take a while are no test of the messages; far larger ones are above."""
    return not (50 < abs(value) < 1e10)


hostile = st.one_of(
    st.sampled_from(THINGS).map(lambda make: make()),
    st.integers(-50, 12),
    st.floats(width=64).filter(no_large_whole_number),
    st.text(max_size=4),
    st.binary(max_size=4),
    st.lists(st.one_of(st.integers(-2, 12), st.floats(-2, 2), st.none(), st.text(max_size=1)), max_size=4),
    arrays(
        st.sampled_from([float, np.float32, np.int16, bool, complex]),
        st.sampled_from([(), (0,), (1,), (2,), (2, 2), (1, 2, 1)]),
    ),
)

# Numbers as they come, and some at which products and squares leave the range of floats.
tame_numbers = st.one_of(st.floats(-3, 3), st.integers(-3, 3).map(float), st.just(0.0))
wild_numbers = st.one_of(
    tame_numbers, st.sampled_from([1e100, -1e100, 1e80, 1e-80, 1e-160, -1e-160, 1e-300, 5e-324, 1 + 2**-52, 1e-16, 2e8])
)
levels = st.one_of(st.floats(0, 2), st.sampled_from([0, 0.0, 1, 1e-8, 1e-160, 5e-324, 1e50, 1e100]))


def of_shape(*shape, least=None):
    """An array of this shape; some are handed over as nested lists, or as whole numbers."""

    def make(w):
        numbers = wild_numbers if w.wild else tame_numbers
        if least is not None:
            numbers = numbers.map(lambda v: max(abs(v), least))
        sizes = tuple(getattr(w, size) if isinstance(size, str) else size for size in shape)
        made = arrays(float, sizes, elements=numbers)
        return st.one_of(
            made,
            made,
            made.map(lambda a: a.tolist()),
            made.map(np.asfortranarray),
            made.map(lambda a: np.trunc(np.clip(a, 1 if least else -9, 9)).astype(int)),
        )

    return make


def size(name):
    """The world's size of this name, as any kind of whole number."""
    return lambda w: st.sampled_from([int, float, np.int64, np.int16, np.float32, Fraction]).map(
        lambda kind: kind(getattr(w, name))
    )


def grid(most):
    """Increasing whole numbers."""
    return lambda w: (
        st.sets(st.integers(1, getattr(w, most) if isinstance(most, str) else most), min_size=1, max_size=4)
        .map(sorted)
        .flatmap(lambda g: st.sampled_from([g, tuple(g), np.array(g), np.array(g, float)]))
    )


def normal(*shape):
    """An array of this shape that no arithmetic minds, for the engine: of full rank."""
    return lambda w: st.integers(0, 99).map(
        lambda seed: np.random.default_rng(seed).uniform(
            -1, 1, [getattr(w, size) if isinstance(size, str) else size(w) if callable(size) else size for size in shape]
        )
    )


def rows(seed):
    """A table of random numbers."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(9, 3)), rng.normal(size=9)


def always(strategy):
    return lambda w: strategy


def one_or_more(strategy):
    return lambda w: st.one_of(strategy, st.lists(strategy, min_size=1, max_size=4))


truths = st.sampled_from(
    [
        datasets.wave,
        datasets.bend,
        np.sin,
        np.abs,
        np.polynomial.Polynomial([0, 2, 1]),
        np.poly1d([1.0, 0.0]),
        lambda x: 0 * x,
        lambda x: (x > 0).astype(int),
    ]
)

ARGUMENTS = {
    "N": size("N"),
    "P": size("P"),
    "D": size("D"),
    "K": size("K"),
    "trials": always(st.integers(1, 3)),
    "draws": always(st.integers(1, 2)),
    "seed": always(st.one_of(st.integers(0, 3), st.just(2**70))),
    "rng": always(st.builds(np.random.default_rng, st.integers(0, 9))),
    "sigma": always(levels),
    "r": always(levels),
    "lam": always(levels),
    "label_noise": always(st.floats(0, 1)),
    "gamma": always(st.one_of(st.floats(0.05, 4), st.sampled_from([1, 1.0, 1 + 2**-52, 1e-300, 1e100]))),
    "x": of_shape("N"),
    "X": of_shape("N", "P"),
    "W": of_shape("P", "K"),
    "y": lambda w: st.one_of(of_shape("N")(w), of_shape("N", "K")(w)),
    "y_hat": of_shape("N"),
    "beta": of_shape("P"),
    "truth": always(truths),
    "w0": lambda w: st.one_of(st.none(), of_shape("P")(w), of_shape("P", "K")(w)),
    "eta": always(st.floats(1e-6, 0.5)),
    "steps": always(st.integers(0, 20)),
    "t": one_or_more(st.one_of(st.integers(0, 20), st.sampled_from([10**9, 10**15]))),
    "q": one_or_more(st.floats(0, 1)),
    "part": always(st.sampled_from(["train", "test", "norm"])),
    "s": of_shape("N", least=0.0),
    "intercept": always(st.booleans()),
    "standardise": always(st.booleans()),
    # how checks are called
    "name": always(st.just("name")),
    "value": always(hostile),
    "function": always(truths),
    "at_least": always(st.just(1)),
    "at_most": always(st.just(9)),
    # two groups of features
    "sizes": lambda w: st.tuples(st.integers(1, w.N), st.integers(1, w.N)),
    "scales": always(st.tuples(st.floats(0.01, 2), st.floats(0.01, 2))),
    "signals": always(st.tuples(levels, levels)),
    "filters": lambda w: arrays(float, st.sampled_from([(min(w.N, w.P),), (w.T, min(w.N, w.P))]), elements=st.floats(0, 1)),
    "variances": lambda w: st.one_of(st.none(), of_shape("P", least=0.0)(w)),
    # tables
    "missing": always(st.sampled_from(["error", "drop"])),
    "leave_out": always(st.sampled_from([(), ["P"], "N", ("P", "N"), ["z"]])),
    "table": lambda w: st.one_of(
        st.sampled_from(["diabetes", Path("none.csv"), "no_such_table"]), st.tuples(of_shape("N", "D")(w), of_shape("N")(w))
    ),
    "T": size("N"),
    "fits": lambda w: st.builds(lambda seed: table_fits(rows(seed), [2, 4], trials=2), st.integers(0, 3)),
    "cutoff": always(st.floats(0, 3)),
    "keep": always(st.one_of(st.none(), st.integers(1, 5))),
    "residual": always(st.booleans()),
    "test": always(st.floats(-30, 30)),
    "train": always(st.floats(-30, 30)),
    # smoothers and networks
    "X_new": of_shape("T", "P"),
    "S": of_shape("N", "T"),
    "width": size("P"),
    "widths": always(st.lists(st.integers(1, 5), min_size=1, max_size=2)),
    "seeds": always(st.lists(st.integers(0, 2), min_size=1, max_size=1)),
    "at": always(st.sampled_from([[1], [1, 3], (2,)])),
    "rate": always(st.floats(1e-4, 0.1)),
    "P_max": always(st.integers(1, 4000)),
    "N_max": size("N"),
    "seen": size("K"),
    "name_or_path": always(st.sampled_from(["imagenet_models", "no_such_table", "no/such/file.csv", Path("none.csv")])),
    "target": always(st.sampled_from([None, "P", "N", "top1_error", "z"])),
}

OF_ONE_FUNCTION = {
    "checks.array.value": always(hostile),
    "checks.values.x": lambda w: arrays(float, w.N, elements=st.floats(-1, 1)),
    "curves.polynomial_curve.P": grid(30),
    "curves.bias_variance.P": grid("N"),
    "datasets.wave.x": lambda w: st.one_of(st.floats(-3, 3), of_shape("N")(w), of_shape("N", "P")(w)),
    "datasets.bend.x": lambda w: st.one_of(st.floats(-3, 3), of_shape("N")(w)),
    "fit.mse.y": of_shape("N"),
    "fit.ridge_filter.lam": one_or_more(st.floats(1e-6, 2)),
    "theory.two_group_risk.N": lambda w: st.just(2 * w.N),
    "theory.two_group_risk.eta": always(st.floats(1e-6, 0.01)),
    "datasets.read_models.name": always(st.sampled_from(["imagenet_models", "language_models"])),
    "theory.expected_risk.N": one_or_more(st.integers(1, 30)),
    "theory.subset_risk.D": always(st.just(30)),
    "theory.subset_risk.P": one_or_more(st.integers(1, 30)),
    "theory.asymptotic_risk.gamma": one_or_more(st.floats(0.05, 4)),
    "curves.all_fits.X": normal("T", "N", "P"),
    "curves.all_fits.y": normal("T", "N", 2),
    "curves.all_fits.weight": lambda w: arrays(float, w.P, elements=st.floats(0.01, 1)),
    "curves.all_fits.target": normal("P"),
    "curves.linear_curve.N": grid(30),
    "curves.subset_curve.P": grid("D"),
    "curves.table_curve.N": grid("N"),
    "curves.table_fits.N": grid("N"),
    "curves.subset_curve.N": size("N"),
    "curves.phase_map.N": grid("N"),
    "curves.phase_map.P": grid("P"),
    "curves.phase_map.lam": lambda w: st.lists(levels, min_size=1, max_size=3),
    "curves.polynomial_effective.P": grid(30),
    "curves.feature_curve.P": grid(30),
    "curves.feature_curve.N": size("N"),
    "fit.train_on_digits.N": always(st.integers(1, 9)),
    "curves.three_factors.y": of_shape("N"),
    "curves.three_factors.beta": of_shape("P"),
    "curves.three_factors.x": lambda w: st.one_of(of_shape("P")(w), of_shape("T", "P")(w)),
    "datasets.one_hot.labels": lambda w: arrays(int, w.N, elements=st.integers(0, w.K - 1)),
    "datasets.one_hot.K": lambda w: st.just(w.K),
    "curves.all_sizes.X": normal("T", "N", "D"),
    "curves.all_sizes.noise": normal("T", "N"),
    "curves.all_sizes.beta": lambda w: normal("T", "D")(w).map(lambda b: b / np.linalg.norm(b, axis=1, keepdims=True)),
    "curves.transposed.A": normal("T", "N", "D"),
    "curves.inverse.R": lambda w: normal("T", "N", "N")(w).map(lambda A: np.triu(A, 1) + 2 * np.eye(w.N)),
    "curves.divisible.R": normal("T", "N", "N"),
    "fit.start.D": size("D"),
    "curves.draw_features.child": lambda w: st.builds(np.random.SeedSequence, st.integers(0, 9)),
    "curves.draw_features.N": lambda w: st.just(w.N),
    "curves.draw_features.P": lambda w: st.just(w.P),
    **{
        f"fit.{function}.{name}": normal(*shape)
        for function in ("scores", "loss_and_slopes", "train")
        for name, shape in (("A", ("D", "P")), ("B", (lambda w: w.P + 1, "K")), ("X", ("N", "D")), ("T", ("N", "K")))
    },
    "curves.sweep_features.Z": normal("N", "P"),
    "curves.sweep_features.T": normal("N", "K"),
    "curves.sweep_features.T_new": normal("K", "T"),
    "curves.sweep_features.visit": always(st.none()),
    "curves.sweep_features.new": lambda w: normal("P", "T")(w).map(lambda new: new.__getitem__),
    "curves.sweep_features.wanted": always(st.just(())),
    "fit.centred.X": normal("N", "D"),
    "fit.centred.X_train": normal("T", "D"),
    "curves.RidgeRuns.only.N": always(st.integers(1, 5)),
    **{
        f"theory.{function}.{name}": one_or_more(
            st.one_of(st.floats(0.01, 4), st.sampled_from([1.0, 1e-300, 1e-8, 1e50, 1e100]))
        )
        for function in ("stieltjes", "ridge_risk", "optimal_lam", "optimal_ridge_risk")
        for name in ("gamma", "lam")
    },
    "curves.under_beta.X": normal("T", "N", lambda w: min(w.N, w.P)),
    "curves.under_beta.y": normal("T", "N", 2),
}

# What the course itself passes to its checks; a reader never does.
NEVER_SPOILT = {"checks.values.x"} | {
    f"checks.{check}.{argument}"
    for argument in ("name", "at_least", "at_most")
    for check in ("whole", "real", "array", "vector", "matrix", "targets", "increasing", "values")
}

# Arguments that set how much is computed: an absurd one must be refused before the memory is asked for.
SIZES = {"N", "P", "D", "K", "trials", "draws", "steps", "t", "sizes", "seen", "N_max", "P_max", "width", "widths", "at"}


def strategy(function, argument):
    """The good values of an argument: a function from a World to a strategy, or None if nobody has said."""
    return OF_ONE_FUNCTION.get(f"{function}.{argument}", ARGUMENTS.get(argument))
