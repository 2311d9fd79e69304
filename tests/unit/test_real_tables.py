"""California, Diabetes, a reader's own table, and the student and the teacher."""

import gzip
import hashlib
import importlib.util
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes

from ddlib.datasets import read_table, student_teacher

DATA = Path(__file__).parents[2] / "data"
WHO = Path(__file__).parents[3] / "shared" / "data" / "who_life_expectancy.csv"
WHO_WORDS = ("Country", "Year", "Status", "Income composition of resources")


# --- the tables of the course ------------------------------------------------------------------


def test_california_is_the_table_that_the_literature_uses():
    X, y, names = read_table("california")
    assert X.shape == (20640, 8) and names[0] == "MedInc" and names[-1] == "Longitude"
    # the first row and the ranges of scikit-learn's description of the table
    np.testing.assert_allclose(X[0], [8.3252, 41, 6.98412698, 1.02380952, 322, 2.55555556, 37.88, -122.23])
    assert y[0] == 4.526 and y.min() == 0.14999 and y.max() == 5.00001
    assert (X[:, 1].min(), X[:, 1].max(), X[:, 4].max()) == (1, 52, 35682)
    assert round(y.mean(), 4) == 2.0686 and round(y.std(), 4) == 1.1539


def test_california_kept_its_digits():
    """The ratios were computed from whole numbers, so each gives a whole number of households back, to rounding."""
    X = read_table("california").X
    households = X[:, 4] / X[:, 5]
    assert np.abs(households - households.round()).max() < 1e-10
    rooms = X[:, 2] * households.round()
    assert np.abs(rooms - rooms.round()).max() < 1e-10


def test_diabetes_is_scikit_learns_default():
    X, y, names = read_table("diabetes")
    table = load_diabetes()
    assert names == tuple(table.feature_names)
    np.testing.assert_allclose(X, table.data, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(y, table.target)
    np.testing.assert_allclose((X**2).sum(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize("name", ["california", "diabetes"])
def test_a_table_says_what_it_is(name):
    text = (DATA / "README.md").read_text(encoding="utf-8")
    section = re.split(r"\n## ", text[text.index(f"## {name}.csv.gz") :])[0]
    for word in ("Source:", "Licence:", "Columns:", *(f"`{column}`" for column in read_table(name).names[:4])):
        assert word in section


def regenerate(folder):
    shutil.copy(DATA / "regenerate.py", folder)
    spec = importlib.util.spec_from_file_location("regenerate", folder / "regenerate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digest(path):
    return hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()


def test_diabetes_is_what_the_program_makes(tmp_path):
    regenerate(tmp_path).main(["diabetes"])
    made, kept = read_table(tmp_path / "diabetes.csv.gz"), read_table("diabetes")
    np.testing.assert_allclose(made.X, kept.X, rtol=1e-12, atol=1e-15)  # another version may round otherwise
    np.testing.assert_array_equal(made.y, kept.y)


def test_california_is_what_the_program_makes(tmp_path):
    if importlib.util.find_spec("shapiq") is None:
        pytest.skip("the package shapiq, which holds the table, is not installed")
    regenerate(tmp_path).main(["california"])
    assert digest(tmp_path / "california.csv.gz") == digest(DATA / "california.csv.gz")


def test_california_without_its_package(tmp_path, monkeypatch):
    module = regenerate(tmp_path)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="pip install --no-deps shapiq"):
        module.main(["california"])


# --- a reader's own table ------------------------------------------------------------------------

OWN = "name, a ,b,y\nx,1,,2\ny,3,4,5\nz,NA,7,8\nw,9,1,0\n"


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(OWN)
    return path


def test_missing_rows_are_dropped_and_columns_left_out(own):
    X, y, names = read_table(own, missing="drop", leave_out=["name"])
    assert X.tolist() == [[3, 4], [9, 1]] and y.tolist() == [5, 0] and names == ("a", "b")


def test_a_gap_in_a_column_that_is_left_out_drops_no_row(own):
    X, y, names = read_table(own, missing="drop", leave_out=("name", "a"))
    assert X.tolist() == [[4], [7], [1]] and names == ("b",)
    assert read_table(own, "a", "drop", ("name", "b")).y.tolist() == [1, 3, 9]


def test_spaces_around_names_do_not_matter(own):
    assert read_table(own, " a ", "drop", "name ").names == ("b", "y")


def test_own_table_errors(own, tmp_path):
    says("line 2", "'name'", "leave_out", call=lambda: read_table(own))
    says("line 2", "'b'", "missing", 'missing="drop"', call=lambda: read_table(own, leave_out="name"))
    says("missing must be", "'no'", call=lambda: read_table(own, missing="no"))
    says("missing must be", "None", call=lambda: read_table(own, missing=None))
    says("leave_out must hold columns among", "name, a, b, y", "'z'", call=lambda: read_table(own, leave_out=["z"]))
    says("leave_out must", "3", call=lambda: read_table(own, leave_out=3))
    says("leave_out must", "3", call=lambda: read_table(own, leave_out=[3]))
    says("leave_out must leave at least 2", call=lambda: read_table(own, leave_out=["name", "a", "b"]))
    says("target must be one of", "a, b, y", call=lambda: read_table(own, "name", leave_out=["name"]))
    gaps = tmp_path / "gaps.csv"
    gaps.write_text("a,b\n1,\n,2\n")
    says("name_or_path", "without missing values", "2", call=lambda: read_table(gaps, missing="drop"))


def test_the_tables_of_the_course_can_leave_columns_out():
    assert read_table("california", leave_out=("Latitude", "Longitude")).X.shape == (20640, 6)


@pytest.mark.skipif(not WHO.exists(), reason=f"{WHO.name} is not beside the repository; it may not be shipped")
def test_life_expectancy():
    says("line 2", "'Country'", "'Afghanistan'", call=lambda: read_table(WHO))
    says("missing", call=lambda: read_table(WHO, "Life expectancy", leave_out=WHO_WORDS))
    X, y, names = read_table(WHO, "Life expectancy ", missing="drop", leave_out=WHO_WORDS)
    assert X.shape == (1649, 17) and names[0] == "Adult Mortality" and names[-1] == "Schooling"
    assert 40 < y.min() < y.max() < 90
    assert np.linalg.cond(X) == pytest.approx(5.9e7, rel=0.02)


# --- the student and the teacher -----------------------------------------------------------------


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32))
def test_the_teacher_is_linear_and_has_the_stated_norms(N, D, seen, seed):
    D, seen = max(D, seen), min(D, seen)
    X, y = student_teacher(np.random.default_rng(seed), N, D, seen)
    assert X.shape == (N, seen) and y.shape == (N,)
    rng = np.random.default_rng(seed)
    whole, beta = rng.standard_normal((N, D)), rng.standard_normal(D)
    np.testing.assert_array_equal(X, whole[:, :seen])
    beta[:seen] *= np.sqrt(13 / np.sum(beta[:seen] ** 2))
    if seen < D:
        beta[seen:] *= np.sqrt(12 / np.sum(beta[seen:] ** 2))
    np.testing.assert_allclose(y, whole @ beta, atol=1e-11)


def test_a_student_who_sees_everything_is_exact():
    X, y = student_teacher(np.random.default_rng(1), N=50, D=8, seen=8)
    beta, residual, *_ = np.linalg.lstsq(X, y, rcond=None)
    assert residual[0] < 1e-20 and beta @ beta == pytest.approx(13)


@given(st.one_of(st.integers(max_value=0), st.floats(0.1, 0.9), st.text(max_size=3), st.none(), st.booleans()))
def test_bad_sizes_of_the_student_and_the_teacher(value):
    rng = np.random.default_rng(0)
    for name in ("N", "D", "seen"):
        says(f"{name} must be a whole number", call=lambda: student_teacher(rng, **{name: value}))


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0)])
def test_a_generator_is_needed(rng):
    says("rng must be", call=lambda: student_teacher(rng))


def test_a_student_sees_at_most_everything():
    says("seen must not exceed D = 30", "31", call=lambda: student_teacher(np.random.default_rng(0), seen=31))
