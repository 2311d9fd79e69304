"""Rebuild a table of this folder: python data/regenerate.py NAME. Without a name it lists them."""

import csv
import gzip
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent


def digits():
    """digits.csv.gz, from the copy that comes with scikit-learn."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise SystemExit("digits needs scikit-learn: pip install scikit-learn") from None
    table = load_digits()
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)] + ["digit"]
    rows = [[*image.astype(int), digit] for image, digit in zip(table.data, table.target)]
    write("digits.csv.gz", [names, *rows])


def california():
    """california.csv.gz, from the file inside the package shapiq; the package itself need not be importable."""
    package = find_spec("shapiq")
    if package is None:
        raise SystemExit("california needs the file in shapiq: pip install --no-deps shapiq")
    path = Path(package.submodule_search_locations[0]) / "datasets" / "data" / "california_housing.csv"
    with path.open(newline="", encoding="utf-8") as file:
        # 41.0 and 41 are one number
        write("california.csv.gz", [[cell.removesuffix(".0") for cell in row] for row in csv.reader(file)])


def diabetes():
    """diabetes.csv.gz, from the copy that comes with scikit-learn, scaled as it comes by default."""
    try:
        from sklearn.datasets import load_diabetes
    except ImportError:
        raise SystemExit("diabetes needs scikit-learn: pip install scikit-learn") from None
    table = load_diabetes()
    # repr of a float: as many digits as it takes to read the same number back
    rows = [[*map(repr, map(float, row)), int(y)] for row, y in zip(table.data, table.target)]
    write("diabetes.csv.gz", [[*table.feature_names, "progression"], *rows])


def write(name, rows):
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    # mtime=0: the same table gives the same bytes
    (HERE / name).write_bytes(gzip.compress(text.encode(), mtime=0))


TABLES = {"digits": digits, "california": california, "diabetes": diabetes}


def main(arguments):
    names = ", ".join(TABLES)
    if not arguments:
        print(f"usage: python data/regenerate.py NAME, where NAME is one of: {names}")
        return
    for name in arguments:
        if name not in TABLES:
            raise SystemExit(f"NAME must be one of: {names}; got {name!r}")
        TABLES[name]()
        print(f"{name}: done")


if __name__ == "__main__":
    main(sys.argv[1:])
