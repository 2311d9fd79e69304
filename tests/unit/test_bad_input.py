"""Bad input meets a ValueError or FileNotFoundError that names the argument and its value."""

import gzip
import math

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st

from ddlib import fit
from ddlib.curves import polynomial_curve
from ddlib.datasets import draw_curve, draw_trials, read_models, read_table
from ddlib.fit import features


def rng():
    return np.random.default_rng(0)


no_size = st.one_of(
    st.integers(max_value=0),
    st.floats(allow_nan=True, allow_infinity=True).filter(lambda v: not (v >= 1 and v % 1 == 0)),
    st.booleans(),
    st.text(max_size=5),
    st.none(),
    st.binary(max_size=3),
    st.lists(st.integers(1, 9), max_size=3),
    st.just(1j),
    st.floats(max_value=0.5).map(np.float64),
)
no_level = st.one_of(
    st.floats(max_value=-1e-300),
    st.integers(max_value=-1),
    st.sampled_from([math.nan, math.inf, np.float32("inf")]),
    st.booleans(),
    st.text(max_size=5),
    st.none(),
    st.just(1j),
    st.just(10**400),
    st.lists(st.floats(0, 1), max_size=2),
)


@pytest.mark.filterwarnings("error")
@given(no_size)
def test_sizes(value):
    for name, call in {
        "N": lambda: polynomial_curve(value, [1, 2]),
        "trials": lambda: polynomial_curve(3, [1, 2], trials=value),
        "P": lambda: features.legendre([0.5], value),
        "N ": lambda: draw_curve(value, 0.0, rng()),
        "N must": lambda: draw_trials(value, 2, 0),
        "trials must": lambda: draw_trials(2, value, 0),
    }.items():
        says(name, "whole number", repr(value) if isinstance(value, str) else "got", call=call)
    for basis in features.BASES.values():
        says("P must", call=lambda: basis([0.5], value))


@given(no_level)
def test_sigma_and_lam(value):
    curve = polynomial_curve(3, [1, 2])
    says("sigma must", "got", call=lambda: polynomial_curve(3, [1, 2], sigma=value))
    says("sigma must", "got", call=lambda: curve.at_sigma(value))
    says("sigma must", "got", call=lambda: draw_curve(3, value, rng()))
    says("lam must", "got", call=lambda: fit.ridge([[1.0]], [1.0], value))


def test_the_largest_sigma_still_gives_finite_errors():
    curve = polynomial_curve(40, range(1, 60), sigma=1e100, trials=2)
    assert np.isfinite(curve.test).all() and np.isfinite(curve.train).all() and np.isfinite(curve.norm).all()
    says("sigma must be at most 1e+100", "1e+200", call=lambda: curve.at_sigma(1e200))


bad_order = st.lists(st.integers(1, 40), min_size=2, max_size=6).filter(lambda g: any(np.diff(g) <= 0))


@given(bad_order)
def test_unsorted_grids(grid):
    says("P must be strictly increasing", grid, call=lambda: polynomial_curve(3, grid))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "grid",
    [
        [],
        3,
        None,
        "abc",
        ["1", "2"],
        [[1, 2]],
        [0, 1],
        [-3, 4],
        [1.5, 2],
        [1, math.nan],
        [1, math.inf],
        [True],
        [1, [2]],
        [1j],
        [1e300],
        [10**400],
        {1, 2},
        np.array(["2020"], dtype="M8[Y]"),
    ],
)
def test_other_grids(grid):
    says("P must", "got", call=lambda: polynomial_curve(3, grid))


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, True, math.nan, [1]])
def test_seeds(seed):
    says("seed must be a whole number", seed, call=lambda: polynomial_curve(3, [1, 2], seed=seed))
    says("seed must be a whole number", seed, call=lambda: draw_trials(3, 2, seed))


@pytest.mark.parametrize("no_rng", [0, None, np.random, np.random.RandomState(0)])
def test_rng(no_rng):
    says("rng must be a numpy.random.Generator", "got", call=lambda: draw_curve(3, 0.0, no_rng))


@pytest.mark.parametrize("truth", [3, None, "wave", lambda x: 1.0, lambda x: x[:2], lambda x: x * math.nan, lambda x: "a"])
def test_truth(truth):
    says("truth must", call=lambda: draw_curve(5, 0.0, rng(), truth))
    says("truth must", call=lambda: polynomial_curve(5, [1, 2], truth=truth))


def test_quantiles():
    curve = polynomial_curve(3, [1, 2])
    for part in ("tests", "", None, 1):
        says("part must", repr(part), call=lambda: curve.quantiles(part, 0.5))
    for q in (-0.1, 1.1, math.nan, [0.5, 2], "half", None):
        says("q must", call=lambda: curve.quantiles("test", q))


def test_mismatched_shapes():
    X, y = np.ones((3, 2)), np.ones(3)
    for solve in (fit.min_norm, lambda X, y: fit.ridge(X, y, 0.1)):
        says("y must have one row per row of X", "(3, 2)", "(4,)", call=lambda: solve(X, np.ones(4)))
        for bad in (
            np.ones(3).reshape(3, 1, 1),
            1.0,
            [],
            np.ones((3, 0)),
            "abc",
            ["1", "2", "3"],
            [1, 2, None],
            [1, 2, math.nan],
            [1, 2, math.inf],
            [1, 2, 1j],
            None,
        ):
            says("y must", call=lambda: solve(X, bad))
        for bad in (y, 1.0, [], np.ones((0, 2)), np.ones((3, 0)), [[1, 2], [3]], [["a"]], [[math.inf]], None):
            says("X must", call=lambda: solve(bad, y))
    for a, b in ((y, np.ones(4)), (y, y[:, None]), ([], []), (y, 1.0)):
        says("y and y_hat must", call=lambda: fit.mse(a, b))
    says("y_hat must", "'a'", call=lambda: fit.mse([1.0], ["a"]))
    says("W must", "(3, 2)", "(3, 5)", call=lambda: features.relu_features(X, np.ones((3, 5))))
    for x in ([], 0.5, [[0.5]], ["a"], [math.nan], [1j]):
        says("x must", call=lambda: features.legendre(x, 3))


# --- files -----------------------------------------------------------------------------------

GOOD = "a,b,y\n1,2,3\n4,5,6\n"
BAD_FILES = {
    "text": ("a,b\n1,2\n3,red\n", "line 3", "column 'b'", "'red'"),
    "a date": ("a,b\n1,2024-01-01\n", "line 2", "column 'b'", "2024-01-01"),
    "underscores": ("a,b\n1,1_000\n", "line 2", "1_000"),
    "text after a quoted line break": ('"a\nz",b\n1,2\n3,x\n', "line 4", "column 'b'", "'x'"),
    "a missing value": ("a,b\n1,\n", "line 2", "column 'b'", "missing"),
    "a blank cell": ("a,b\n  ,1\n", "line 2", "column 'a'", "missing"),
    "NA": ("a,b\n1,NA\n", "line 2", "missing", "NA"),
    "nan": ("a,b\n1,nan\n", "line 2", "missing", "nan"),
    "infinity": ("a,b\n1,-inf\n", "line 2", "finite", "-inf"),
    "too large": ("a,b\n1,1e999\n", "line 2", "finite", "1e999"),
    "one column": ("a\n1\n2\n", "at least 2 columns", "'a'"),
    "semicolons": ("a;b\n1;2\n", "at least 2 columns", "commas", "a;b"),
    "no rows": ("a,b\n", "rows of numbers"),
    "empty": ("", "empty"),
    "blank lines": ("\n\n  \n", "empty"),
    "a short row": ("a,b,c\n1,2,3\n4,5\n", "line 3", "3 cells", "got 2"),
    "a long row": ("a,b\n1,2\n4,5,6\n", "line 3", "2 cells", "got 3"),
    "the same name twice": ("a,b, a\n1,2,3\n", "line 1", "'a' twice"),
    "a name missing": ("a,,c\n1,2,3\n", "line 1", "empty name", "column 2"),
    "no header": ("1,2\n3,4\n", "line 1", "header", "1, 2"),
    "an open quote": ('a,b\n"1,2\n', "CSV"),
    "a huge cell": ("a,b\n1," + "9" * 200_000 + "\n", "CSV", "line"),
    "a zero byte": ("a,b\n1,\0\n", "zero bytes"),
    "not UTF-8": ("länge,b\n1,2\n".encode("latin-1"), "UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-8"),
    "binary": (bytes(range(256)) * 20, "UTF-8"),
    "gzip under another name": (gzip.compress(GOOD.encode()), "UTF-8"),
}


@pytest.mark.parametrize("content, words", [(c, w) for c, *w in BAD_FILES.values()], ids=BAD_FILES)
@pytest.mark.parametrize("name", ["bad.csv", "bad.csv.gz"])
def test_bad_files(tmp_path, content, words, name):
    raw, path = content if isinstance(content, bytes) else content.encode(), tmp_path / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    says("name_or_path", path, *words, call=lambda: read_table(path))


def test_a_wide_row_is_read(tmp_path):
    path = tmp_path / "wide.csv"
    D = 20_000
    path.write_text(",".join(f"c{d}" for d in range(D)) + "\n" + ",".join(["1"] * D) + "\n")
    assert read_table(path).X.shape == (1, D - 1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-9],
        lambda raw: raw[:12],
        lambda raw: b"",
        lambda raw: b"a,b\n1,2\n",
        lambda raw: raw[:10] + b"\xff\xff" + raw[12:],
    ],
)
def test_damaged_gzip(tmp_path, spoil):
    path = tmp_path / "bad.csv.gz"
    path.write_bytes(spoil(gzip.compress(GOOD.encode())))
    says("name_or_path", path, call=lambda: read_table(path))


def test_missing_files(tmp_path):
    missing = tmp_path / "missing.csv"
    says("name_or_path", missing, error=FileNotFoundError, call=lambda: read_table(missing))
    says("name_or_path", missing, error=FileNotFoundError, call=lambda: read_table(str(missing)))
    says("name_or_path", "'digit'", "digits, imagenet_models", error=FileNotFoundError, call=lambda: read_table("digit"))
    (tmp_path / "file").write_text(GOOD)
    says("name_or_path", error=FileNotFoundError, call=lambda: read_table(tmp_path / "file" / "inside.csv"))


@pytest.mark.parametrize("value", [None, 0, 3, True, b"digits", 1.5, ["digits"], {"digits"}])
def test_no_path(value):
    says("name_or_path", repr(value), call=lambda: read_table(value))


@pytest.mark.parametrize("value", ["", "a\0b", "a" * 5000])
def test_impossible_paths(value):
    says("name_or_path", call=lambda: read_table(value))


def test_a_folder(tmp_path):
    says("name_or_path", tmp_path, "folder", call=lambda: read_table(tmp_path))


@pytest.mark.parametrize("target", ["z", "", "A", 0, True, ["a"], b"a"])
def test_unknown_target(tmp_path, target):
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    says("target must be one of", "a, b, y", repr(target), call=lambda: read_table(path, target))


@pytest.mark.parametrize("name", ["digits", "models", "", None, 3, ["imagenet_models"]])
def test_unknown_models(name):
    says("name must be one of", "language_models", repr(name), call=lambda: read_models(name))


def reads_or_refuses(path):
    try:
        X, y, names = read_table(path)
    except (ValueError, FileNotFoundError) as error:
        assert type(error) in (ValueError, FileNotFoundError) and "name_or_path" in str(error)
    else:
        assert X.shape == (len(y), len(names)) and X.size and np.isfinite(X).all() and np.isfinite(y).all()


cells = st.sampled_from(["1", "-2.5", " 3 ", "1e5", "", "x", "nan", "inf", "1e999", '"4"', '"', '"a,b"', "é", "\0", "1_0"])
lines = st.lists(cells, max_size=4).map(",".join)


@given(st.lists(lines, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["a,b\n", "a,b,c\n", ""]))
def test_any_text_is_read_or_refused(tmp_path_factory, rows, end, header):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes((header + end.join(rows)).encode())
    reads_or_refuses(path)


@given(st.binary(max_size=200), st.sampled_from(["any.csv", "any.csv.gz"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    reads_or_refuses(path)


@given(st.integers(0, 60), st.integers(0, 255))
def test_any_damage_of_a_gzip_file_is_read_or_refused(tmp_path_factory, at, byte):
    raw = bytearray(gzip.compress(GOOD.encode(), mtime=0))
    raw[at % len(raw)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.csv.gz"
    path.write_bytes(bytes(raw))
    reads_or_refuses(path)
