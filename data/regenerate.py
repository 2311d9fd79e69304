"""Rebuild a table of this folder: python data/regenerate.py NAME. Without a name it lists them."""

import csv
import gzip
import os
import platform
import sys
import time
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


WIDTHS = [1, 2, 3, 4, 6, 8, 11, 16, 24, 32, 40, 48, 56, 66, 80, 96, 112, 128, 160, 192, 256, 384, 512, 768, 1024]
WIDTHS_IN_TIME = [8, 24, 66, 96, 160, 512]
STEPS = [
    1,
    2,
    3,
    5,
    7,
    10,
    14,
    20,
    28,
    40,
    56,
    80,
    112,
    160,
    224,
    320,
    450,
    640,
    900,
    1280,
    1800,
    2560,
    3600,
    5120,
    7200,
    10_000,
]
SEEDS = [0, 1, 2, 3, 4]
COLUMNS = ["width", "P", "seed", "label_noise", "step", "train_loss", "test_loss", "test_error"]


def network_width_sweep():
    """network_width_sweep.csv: networks of many widths, each trained for 2000 steps."""
    columns = [column for column in COLUMNS if column != "step"]
    write("network_width_sweep.csv", table_of(columns, sweep(WIDTHS, at=[2000])))


def network_training_sweep():
    """network_training_sweep.csv: networks of a few widths, measured along 10,000 steps."""
    write("network_training_sweep.csv", table_of(COLUMNS, sweep(WIDTHS_IN_TIME, at=STEPS)))


def sweep(widths, at):
    """Rows of all widths, seeds and both label noises; the jobs run on whatever joblib is told to run them on."""
    try:
        from joblib import Parallel, delayed
    except ImportError:
        raise SystemExit("the sweeps need joblib: pip install joblib") from None
    from ddlib.fit.networks import train_on_digits

    narrow = [width for width in widths if width <= 8]
    jobs = [(narrow, SEEDS, noise, at) for noise in (0.0, 0.2) if narrow]
    jobs += [
        ([width], [seed], noise, at)
        for width in sorted(set(widths) - set(narrow), reverse=True)
        for noise in (0.0, 0.2)
        for seed in SEEDS
    ]
    rows, started = [], time.perf_counter()
    results = Parallel(n_jobs=-1, return_as="generator_unordered")(delayed(train_on_digits)(*job) for job in jobs)
    for done, some in enumerate(results, start=1):
        rows += some
        bar = "#" * round(40 * done / len(jobs))
        print(f"\r[{bar:40}] {done} of {len(jobs)} jobs, {time.perf_counter() - started:.0f} s", end="", file=sys.stderr)
    print(f" on {os.cpu_count()} cores, {platform.machine()}", file=sys.stderr)
    return sorted(rows, key=lambda row: [row[name] for name in ("label_noise", "width", "seed", "step")])


def table_of(columns, rows):
    """A header and the values of rows (dicts), with six digits."""
    return [columns, *([f"{row[name]:.6g}" for name in columns] for row in rows)]


def write(name, rows):
    text = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    # mtime=0: the same table gives the same bytes
    (HERE / name).write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)


TABLES = {
    "digits": digits,
    "california": california,
    "diabetes": diabetes,
    "network_width_sweep": network_width_sweep,
    "network_training_sweep": network_training_sweep,
}


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
