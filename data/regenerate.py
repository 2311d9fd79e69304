"""Rebuild a table of this folder: python data/regenerate.py NAME. Without a name it lists them."""

import csv
import gzip
import os
import platform
import sys
import time
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


WIDTHS = [1, 2, 3, 4, 6, 8, 11, 16, 24, 32, 40, 48, 56, 66, 80, 96, 112, 128, 160, 192, 256, 384, 512, 768, 1024]
WIDTHS_IN_TIME = [8, 24, 66, 96, 160, 512]
STEPS = [1, 2, 3, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 640, 900, 1280, 1800, 2560, 3600, 5120, 7200,
         10_000]
SEEDS = [0, 1, 2, 3, 4]
COLUMNS = ["width", "P", "seed", "label_noise", "step", "train_loss", "test_loss", "test_error"]


def network_width_sweep():
    """network_width_sweep.csv: networks of many widths, each trained for 2000 steps."""
    columns = [column for column in COLUMNS if column != "step"]
    write("network_width_sweep.csv", columns, sweep(WIDTHS, at=[2000]))


def network_training_sweep():
    """network_training_sweep.csv: networks of a few widths, measured along 10,000 steps."""
    write("network_training_sweep.csv", COLUMNS, sweep(WIDTHS_IN_TIME, at=STEPS))


def sweep(widths, at):
    """Rows of all widths, seeds and both label noises; the jobs run on whatever joblib is told to run them on."""
    try:
        from joblib import Parallel, delayed
    except ImportError:
        raise SystemExit("the sweeps need joblib: pip install joblib") from None
    from ddlib.networks import train_on_digits

    narrow = [width for width in widths if width <= 8]
    jobs = [(narrow, SEEDS, noise, at) for noise in (0.0, 0.2) if narrow]
    jobs += [([width], [seed], noise, at) for width in sorted(set(widths) - set(narrow), reverse=True)
             for noise in (0.0, 0.2) for seed in SEEDS]
    rows, started = [], time.perf_counter()
    results = Parallel(n_jobs=-1, return_as="generator_unordered")(delayed(train_on_digits)(*job) for job in jobs)
    for done, some in enumerate(results, start=1):
        rows += some
        bar = "#" * round(40 * done / len(jobs))
        print(f"\r[{bar:40}] {done} of {len(jobs)} jobs, {time.perf_counter() - started:.0f} s", end="", file=sys.stderr)
    print(f" on {os.cpu_count()} cores, {platform.machine()}", file=sys.stderr)
    return sorted(rows, key=lambda row: [row[name] for name in ("label_noise", "width", "seed", "step")])


def write(file, columns, rows):
    with (HERE / file).open("w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)


TABLES = {"digits": digits, "network_width_sweep": network_width_sweep,
          "network_training_sweep": network_training_sweep}


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
