"""One writer at a time, also across kernels."""

import os
import time
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    try:
        import msvcrt
    except ImportError:
        msvcrt = None

__all__ = ["locked"]


@contextmanager
def locked(path, seconds=2.0):
    """Hold the lock of a file while writing it.

    The system lets go of it when its holder ends, however it ends. Where there are no locks (some network
    drives, a browser), or the holder does not let go for some seconds, the writing goes on without.

    Raises OSError where the folder cannot be written.
    """
    with open(path.with_name(f".{path.name}.lock"), "a") as file:
        end = time.monotonic() + seconds
        while not _take(file.fileno()) and time.monotonic() < end:
            time.sleep(0.01)
        yield  # closing the file lets go


def _take(handle):
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):  # somebody else holds it
        return False
    except OSError:  # no locks here
        return True
    return True
