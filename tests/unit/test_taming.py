"""What notebook 8 says of its pictures: the map, the folded branches, the patients."""

import numpy as np
import pytest

from ddlib import labs
from ddlib.curves import CONDITION_LIMIT
from ddlib.curves.phases import phase_map
from ddlib.datasets.draws import bend, draw_trials
from ddlib.fit.features import monomials
from ddlib.fit.least_squares import mse, ridge
from ddlib.labs import clinic, phases
from ddlib.labs.taming import GRID, apart, penalties


def test_penalties_begin_with_none_and_rise():
    texts, values = zip(*penalties(-3, 1))
    assert values[0] == 0 and (np.diff(values) > 0).all() and values[1] == 1e-3 and values[-1] == 10
    assert [float(text) for text in texts] == list(values)


def test_the_map_has_nothing_beyond_double_precision():
    assert phase_map(phases.ROWS, phases.COLUMNS, [0.0], truth=bend).trusted.all()


def test_at_lam_001_more_data_no_longer_hurts():
    errors = phase_map(phases.ROWS, phases.COLUMNS, [0.0, 0.01], truth=bend).median(0.3)
    assert (errors[1, 1:] / errors[1, :-1]).max() < 1.04
    assert (errors[0, 1:] / errors[0, :-1]).max() > 1000


def test_the_readout_of_the_map_is_the_map():
    lab = labs.phase_lab(N=10, P=40, lam=0.001)
    wanted = phase_map([10], [40], [0.001], truth=bend).median(0.3).item()
    assert f"median test error {wanted:.3g}." in lab.readout
    lab.set(sigma=0.0, N=26, P=26, lam=0.0)
    assert "median test error below 0.001" in lab.readout


def test_the_distance_of_two_branches():
    """Up by 1, 10, 100; back three times as high, whatever the horizontal axis is called."""
    x, errors = np.array([1.0, 10, 100, 30, 3]), np.array([1.0, 10, 100, 90, 9])
    assert "a factor of 3 apart" in apart(x, errors, 2, "norm of beta")
    assert "does not fold" in apart(x, errors, 2, "P/N") and "vertical" in apart(x, errors, 2, "effective, train")


def factor(lab):
    return float(lab.readout.split("a factor of ")[1].split(" apart")[0])


def test_it_folds_where_noise_is_fitted_and_not_where_misfit_is():
    lab = labs.axis_lab()
    assert factor(lab) < 3
    lab.set(axis="norm of beta")
    assert factor(lab) < 3
    lab.set(axis="effective, test", truth="wave, out of reach", sigma=0.0)
    assert factor(lab) > 10


def test_the_sliders_of_the_axis_lab_have_N_on_the_grid():
    assert set(range(1, 41)) <= set(GRID.tolist())


def test_a_patient_is_a_loop_of_ridge_fits():
    x, noise = draw_trials(clinic.N, 30, 0)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    for basis, sigma, lam in ((monomials, 0.3, 0.0), (monomials, 0.0, 0.5)):
        test, train = clinic._fits(basis, sigma, lam)
        for P in (1, 7, 40):
            fits = [(points, bend(points) + sigma * unit) for points, unit in zip(x, noise)]
            betas = [ridge(basis(points, P), y, lam) for points, y in fits]
            wanted = [weights / 2 @ (basis(nodes, P) @ b - bend(nodes)) ** 2 + sigma**2 for b in betas]
            assert test[P - 1] == pytest.approx(np.median(wanted), rel=1e-4)
            met = [mse(y, basis(points, P) @ b) for (points, y), b in zip(fits, betas)]
            assert train[P - 1] == pytest.approx(np.median(met), rel=1e-4, abs=1e-9)


def test_the_patients_have_what_they_are_said_to_have():
    sick, beyond = clinic.patients(), clinic.GRID >= clinic.N
    healthy, met = clinic.healthy()
    assert healthy.argmax() == clinic.N - 1 and healthy.max() > 1e6 and healthy[-1] < 1 and met[beyond].max() < 1e-6
    A, B, C, D, E, F = (sick[letter] for letter in "ABCDEF")
    assert A.train.min() > 0.01 and A.test[0].max() < 1
    assert B.train[9] < 1e-6 and B.test[0][9] < 1e-3 and B.test[0][clinic.N - 1] < 1e-3
    assert C.train[beyond].max() < 1e-6 and C.test[0][beyond].min() > 1e10
    medians = np.array(clinic._runs(300, np.median))
    assert (medians.max(axis=0) / medians.min(axis=0)).max() < 5
    means = np.array(D.test)[:, -1]
    assert means.min() > 100 and means.max() / means.min() > 100
    assert E.test[0].max() < 100 and not {*range(11, 25)} & set(E.grid.tolist())
    assert len(F.test) == 3 and np.ptp(np.log10(np.array(F.test)[:, 29])) > 1


def test_the_wall_of_the_powers_is_no_rounding_error():
    x, _ = draw_trials(clinic.N, 30, 0)
    for P in (15, 20, 60):
        assert np.median([np.linalg.cond(monomials(points, P)) for points in x]) < CONDITION_LIMIT


def test_the_treatment_is_shown_only_when_asked_for():
    lab = labs.clinic_lab()
    for letter in "ABCDEF":
        lab.set(patient=letter, treat=False)
        assert "Diagnosis" not in lab.readout
        lab.set(treat=True)
        assert "Diagnosis" in lab.readout
