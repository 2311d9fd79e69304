"""Whatever pytest runs, tests and notebooks, neither reads nor writes the answers of a reader."""

import os

os.environ["DDLIB_PROGRESS"] = "off"
