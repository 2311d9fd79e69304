"""What the reader has answered: kept in a small file beside the notebooks, shown on a page, begun anew on request."""

from ddlib.progress.page import page, reset
from ddlib.progress.store import Answers, given

__all__ = ["given", "page", "reset", "Answers"]
