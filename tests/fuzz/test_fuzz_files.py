"""Files that are no table: huge, binary, in another encoding, packed to burst, or no file at all. None is ever unpickled."""

import gzip
import io
import os
import pickle
import traceback
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddlib.datasets import read_table, tables

GOOD = "a,b,y\n1,2,3\n4,5,6\n"
unpickled = []


def catch():
    unpickled.append("caught")


class Trap:
    """Whoever unpickles it is caught."""

    def __reduce__(self):
        return catch, ()


def outcome(path):
    """The Table, or the error: one of the two documented, raised by our own words and not from inside numpy."""
    try:
        return read_table(path)
    except (ValueError, FileNotFoundError) as error:
        assert type(error) in (ValueError, FileNotFoundError), repr(error)
        assert "name_or_path" in str(error) and len(str(error)) < 2000
        innermost = traceback.extract_tb(error.__traceback__)[-1].filename
        assert Path(innermost) == Path(tables.__file__)
        return error
    finally:
        assert not unpickled


def is_a_table(result):
    X, y, names = result
    assert X.shape == (len(y), len(names)) and X.size and np.isfinite(X).all() and np.isfinite(y).all()
    return True


def refused(path, *words):
    error = outcome(path)
    assert isinstance(error, Exception), error
    assert all(word in str(error) for word in words), str(error)


def npy(array):
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def npz(array):
    out = io.BytesIO()
    np.savez(out, array)
    return out.getvalue()


PICKLES = {
    "a pickle": pickle.dumps(Trap()),
    "a pickle of letters": pickle.dumps(Trap(), protocol=0),
    "an array": npy(np.ones((3, 2))),
    "an array of objects": npy(np.array([Trap()], dtype=object)),
    "arrays": npz(np.ones(3)),
}
TEXTS = {
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 without a mark": GOOD.encode("utf-16-le"),
    "UTF-32": GOOD.encode("utf-32"),
    "Latin-1": "größe,b\n1,2\n".encode("latin-1"),
    "Shift JIS": "長さ,b\n1,2\n".encode("shift-jis"),
    "EBCDIC": GOOD.encode("cp037"),
    "half a letter": "a,b\n1,2\né".encode()[:-1],
}


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize("what", [*PICKLES, *TEXTS])
def test_no_table_of_text(tmp_path, what, name):
    raw = {**PICKLES, **TEXTS}[what]
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    refused(tmp_path / name, str(tmp_path / name))


def test_the_trap_works():
    assert pickle.loads(PICKLES["a pickle"]) is None and unpickled.pop() == "caught"


@pytest.mark.parametrize(
    "text, names, numbers",
    [
        ('"a","b"\n"1","2"\n', ("a",), [1, 2]),
        ('"a, c",b\n1,2\n', ("a, c",), [1, 2]),
        ('"a ""x""",b\r\n1,2\r\n', ('a "x"',), [1, 2]),
        ("\ufeffa,b\n1,2\n", ("a",), [1, 2]),
        ("größe,b\n1,2\n", ("größe",), [1, 2]),
        ("a,b\n\n 1 ,+2e0\n\n", ("a",), [1, 2]),
    ],
)
def test_quotes_marks_and_blanks_are_read(tmp_path, text, names, numbers):
    (tmp_path / "t.csv").write_bytes(text.encode())
    table = read_table(tmp_path / "t.csv")
    assert table.names == names and [*table.X[0], *table.y] == numbers


@pytest.mark.parametrize(
    "text, words",
    [
        ("a,a\n1,2\n", ["line 1", "'a' twice"]),
        ("a, a \n1,2\n", ["'a' twice"]),
        ("a,b\n1,Infinity\n", ["finite", "column 'b'"]),
        ("a,b\n-1e400,1\n", ["finite", "line 2"]),
        ("a,b\n1\n", ["2 cells", "got 1"]),
        ("a,b\n1,2,\n", ["2 cells", "got 3"]),
        ('a,b\n1,"2\n', ["CSV"]),
        ('a,b\n1,"2"3\n', ["CSV"]),
        ("a,b\n1,0x10\n", ["'0x10'"]),
        ("a,b\n1,1+1j\n", ["'1+1j'"]),
        ("a,b\n1,=2+2\n", ["'=2+2'"]),
        ("a\tb\n1\t2\n", ["2 columns"]),
        ("a,b\n1,1.000,5\n", ["got 3"]),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, words):
    (tmp_path / "t.csv").write_bytes(text.encode())
    refused(tmp_path / "t.csv", *words)


def test_a_row_of_a_million_cells(tmp_path):
    path, D = tmp_path / "wide.csv", 10**6
    path.write_text(",".join(f"c{d}" for d in range(D)) + "\n" + ",".join(["1"] * D) + "\n")
    assert read_table(path).X.shape == (1, D - 1)
    path.write_text("a,b\n" + ",".join(["1"] * D) + "\n")
    refused(path, "line 2", "2 cells", f"got {D}")


def test_a_hundred_thousand_rows(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 10**5)
    assert read_table(path).X.shape == (10**5, 1)


def test_a_file_too_large_for_a_table_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_LARGEST_FILE", 1000)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 249)
    assert is_a_table(outcome(path))
    path.write_text("a,b\n" + "1,2\n" * 250)
    refused(path, "at most")
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    refused(packed, "at most")


def test_a_packed_file_that_would_burst_the_memory(tmp_path):
    """Ten gigabytes of zeros in ten megabytes would be slow to make: here are 200 megabytes, above the limit of 100."""
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(b"0" * 10**6)
    refused(path, "at most 100 MB")


def test_what_is_no_file(tmp_path):
    refused(tmp_path, "folder")
    (tmp_path / "folder.csv").mkdir()
    refused(tmp_path / "folder.csv", "folder")
    refused("\ud800.csv")


@pytest.mark.skipif(os.name == "nt", reason="such files are of Unix")
def test_a_pipe_a_device_and_a_loop_of_links(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")  # to read it would wait for ever
    refused(tmp_path / "pipe.csv", "device")
    refused("/dev/zero", "device")
    (tmp_path / "round.csv").symlink_to(tmp_path / "about.csv")
    (tmp_path / "about.csv").symlink_to(tmp_path / "round.csv")
    refused(tmp_path / "round.csv")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    assert isinstance(outcome(tmp_path / "gone.csv"), FileNotFoundError)


cells = st.one_of(
    st.sampled_from(
        [
            "1",
            "-2.5",
            " 3 ",
            "1e5",
            "1E-400",
            "1e999",
            "inf",
            "nan",
            "NA",
            "?",
            "",
            '"4"',
            '"a,b"',
            '"',
            '""',
            "é",
            "\0",
            "1_0",
            "٣",
            "0x1",
            "\u2028",
            "1;2",
            "\t",
            "'1'",
        ]
    ),
    st.text(max_size=4),
    st.floats().map(repr),
    st.integers().map(str),
)
rows = st.lists(st.lists(cells, max_size=4).map(",".join), max_size=5)


@given(
    rows,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["a,b", "a,b,c", "a,a", '"a","b"', "\ufeffa,b", "", "1,2"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
    st.booleans(),
)
def test_any_text_in_any_encoding(tmp_path_factory, rows, end, header, encoding, packed):
    path = tmp_path_factory.getbasetemp() / ("any.csv.gz" if packed else "any.csv")
    raw = end.join([header, *rows]).encode(encoding, errors="replace")
    path.write_bytes(gzip.compress(raw, mtime=0) if packed else raw)
    result = outcome(path)
    assert isinstance(result, Exception) or is_a_table(result)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\x80\x04", b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"\x1f\x8b\x08", b"a,b\n1,"]),
)
def test_any_bytes(tmp_path_factory, raw, start):
    for name in ("any.csv", "any.csv.gz"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(start + raw)
        result = outcome(path)
        assert isinstance(result, Exception) or is_a_table(result)
