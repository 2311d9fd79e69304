"""One owner at a time of all that labs and questions touch, and one clock for what they do later.

A kernel handles a message in its main thread or, while that is busy, in a thread beside it. Both may reach the same
artists, pictures, caches and answers, of any lab: each first takes its turn, and timers wait on one loop, in a
thread of its own, so that a pause ends also while a cell runs.
"""

import asyncio
import atexit
import contextvars
import threading

__all__ = ["turn", "later", "running_loop", "waiting"]

turn = threading.RLock()  # "with turn:" around whatever draws, or changes what others draw from
waiting = set()  # what later was asked for and has not been done
_loop = None


class _Later:
    """Something that is done once, in turn, unless it is cancelled first."""

    def __init__(self, action, arguments):
        self._action, self._arguments, self._cancelled = action, arguments, False
        waiting.add(self)

    def cancel(self):
        self._cancelled = True
        waiting.discard(self)

    def _run(self):
        with turn:
            if not self._cancelled:
                try:
                    self._action(*self._arguments)
                finally:
                    waiting.discard(self)


def running_loop():
    """The event loop of this thread, or None: then this is not a notebook, and nothing waits."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def later(seconds, action, *arguments):
    """Call the action in so many seconds, in turn; what is returned can be cancelled."""
    task = _Later(action, arguments)
    try:
        loop = _clock()
    except RuntimeError:  # a kernel in a browser has no threads: its one loop is the clock
        asyncio.get_running_loop().call_later(seconds, task._run)
    else:
        context = contextvars.copy_context()  # whose message it was, so that the front end knows what caused it
        loop.call_soon_threadsafe(lambda: loop.call_later(seconds, task._run, context=context))
    return task


def _clock():
    """The loop on which everybody waits; its thread starts with the first of them."""
    global _loop
    with turn:
        if _loop is None:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, name="ddlib's clock", daemon=True)
            thread.start()
            atexit.register(_stop, loop, thread)
            _loop = loop
        return _loop


def _stop(loop, thread):
    """Before the interpreter ends: nothing draws while it is taken apart."""
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=2)
