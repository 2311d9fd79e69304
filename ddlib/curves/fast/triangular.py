"""Stacks of triangular matrices (..., n, n)."""

import numpy as np

__all__ = ["transposed", "inverse", "divisible"]


def transposed(A):
    return np.swapaxes(A, -1, -2)


def inverse(R):
    """The inverse of upper triangular R (..., n, n), by halves: far less work than LU."""
    n = R.shape[-1]
    if n <= 8:
        return np.linalg.inv(R)
    half = n // 2
    whole = np.zeros_like(R)
    whole[..., :half, :half] = first = inverse(R[..., :half, :half])
    whole[..., half:, half:] = second = inverse(R[..., half:, half:])
    whole[..., :half, half:] = -first @ (R[..., :half, half:] @ second)
    return whole


def divisible(R):
    """R with no zero on its diagonal; what that changes is far beyond CONDITION_LIMIT."""
    diagonal = np.einsum("...ii->...i", R)  # a view
    floor = 1e-18 * np.abs(diagonal).max(axis=-1, keepdims=True, initial=1e-300)
    diagonal[...] = np.where(np.abs(diagonal) < floor, floor, diagonal)
    return R
