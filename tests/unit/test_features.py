"""The bases against numpy.polynomial, and their orthogonality by Gauss quadrature."""

import numpy as np
import pytest
from numpy.polynomial import chebyshev as numpy_chebyshev
from numpy.polynomial import legendre as numpy_legendre

from ddlib.fit import features

X_POINTS = np.concatenate([[-1.0, 0.0, 1.0], np.random.default_rng(1).uniform(-1, 1, 40)])


@pytest.mark.parametrize("P", [1, 2, 7, 300])
def test_legendre_is_numpys_without_the_constant(P):
    expected = numpy_legendre.legvander(X_POINTS, P)[:, 1:]
    np.testing.assert_allclose(features.legendre(X_POINTS, P), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("P", [1, 2, 7, 300])
def test_chebyshev_is_numpys_without_the_constant(P):
    expected = numpy_chebyshev.chebvander(X_POINTS, P)[:, 1:]
    np.testing.assert_allclose(features.chebyshev(X_POINTS, P), expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("P", [1, 2, 7, 60])
def test_monomials_are_powers(P):
    expected = np.stack([X_POINTS**k for k in range(1, P + 1)], axis=1)
    np.testing.assert_allclose(features.monomials(X_POINTS, P), expected, rtol=1e-13, atol=0)


def test_legendre_is_orthogonal_with_mean_square_1_over_2k_plus_1():
    P = 60
    nodes, weights = numpy_legendre.leggauss(P + 1)  # exact up to degree 2P + 1
    Z = features.legendre(nodes, P)
    gram = Z.T @ (weights[:, None] / 2 * Z)
    np.testing.assert_allclose(gram, np.diag(1 / (2 * np.arange(1, P + 1) + 1)), atol=1e-13)


def test_orthonormal_legendre_has_mean_square_1():
    P = 60
    nodes, weights = numpy_legendre.leggauss(P + 1)
    Z = features.legendre_orthonormal(nodes, P)
    np.testing.assert_allclose(Z.T @ (weights[:, None] / 2 * Z), np.eye(P), atol=1e-12)


@pytest.mark.parametrize("name", features.BASES)
def test_every_basis_spans_the_same_polynomials_and_nests(name):
    P = 8
    Z = features.BASES[name](X_POINTS, P)
    assert Z.shape == (len(X_POINTS), P)
    # with the constant, degrees 1..P span what the powers span
    both = np.column_stack([np.ones(len(X_POINTS)), Z, features.monomials(X_POINTS, P)])
    assert np.linalg.matrix_rank(both, tol=1e-10) == P + 1
    np.testing.assert_array_equal(features.BASES[name](X_POINTS, 3), Z[:, :3])


def test_relu_features():
    rng = np.random.default_rng(2)
    X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 4))
    expected = [[max(0.0, sum(X[n, d] * W[d, p] for d in range(3))) for p in range(4)] for n in range(5)]
    np.testing.assert_allclose(features.relu_features(X, W), expected, rtol=1e-12)
