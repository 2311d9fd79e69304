"""Rebuild a table of this folder: python data/regenerate.py NAME. Without a name it lists them."""

import gzip
import sys
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
    text = "".join(",".join(map(str, row)) + "\n" for row in [names, *rows])
    # mtime=0: the same table gives the same bytes
    (HERE / "digits.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


TABLES = {"digits": digits}


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
