"""How the tests say that bad input is refused in words."""

import pytest

__all__ = ["says"]


def says(*words, call, error=ValueError):
    """call() raises exactly this error, and its message holds every word."""
    with pytest.raises(error) as caught:
        call()
    assert caught.type is error
    for word in words:
        assert str(word) in str(caught.value)
