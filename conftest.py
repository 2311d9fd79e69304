"""For whatever pytest runs, tests and notebooks."""

import os

os.environ["DDLIB_PROGRESS"] = "off"  # neither reads nor writes the answers of a reader
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run side by side: more threads would only wait for each other
