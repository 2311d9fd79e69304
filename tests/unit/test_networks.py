"""Trained networks: slopes against differences, Adam against scikit-learn's, the stored sweeps against new runs."""

import asyncio
import csv
import importlib.util
import warnings
from pathlib import Path

import joblib
import numpy as np
import pytest
from assertions import says
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from small_lab import no_waiting, pause
from test_bad_input import no_size

from ddlib import labs
from ddlib.datasets.digits import draw_digits, one_hot
from ddlib.figures import turns
from ddlib.fit.networks import count, loss_and_slopes, scores, start, train, train_on_digits
from ddlib.labs import training
from ddlib.labs.networks import sweep_rows

DATA = Path(__file__).parents[2] / "data"
NK = 500 * 10


def rng(seed=0):
    return np.random.default_rng(seed)


# --- digits ----------------------------------------------------------------------------------


def test_all_digits_are_used_once():
    digits = draw_digits(500, rng(3))
    assert digits.X.shape == (500, 65) and digits.X_new.shape == (1297, 65)
    together = np.concatenate([digits.X, digits.X_new])
    assert np.unique(together[:, :64] * 16, axis=0).shape[0] == 1797  # no two of the table are equal
    assert (together[:, 64] == 1).all() and together.min() == 0 and together.max() == 1
    few = draw_digits(40, rng(3))
    np.testing.assert_array_equal(few.X, digits.X[:40])
    np.testing.assert_array_equal(few.labels, digits.labels[:40])


@given(low=st.floats(0, 1), high=st.floats(0, 1), seed=st.integers(0, 99))
def test_label_noise_is_nested_and_of_its_share(low, high, seed):
    low, high = sorted([low, high])
    digits = draw_digits(200, rng(seed))
    wrong = [digits.noisy(share) != digits.labels for share in (low, high)]
    assert not (wrong[0] & ~wrong[1]).any()  # once noisy, always noisy
    assert 200 * high - 1e-9 <= (digits.turn < high).sum() <= 200 * high + 1
    np.testing.assert_array_equal(digits.noisy(high)[wrong[0]], digits.noisy(low)[wrong[0]])


def test_nine_in_ten_noisy_labels_are_wrong():
    wrong = [np.mean(digits.noisy(1.0) != digits.labels) for digits in (draw_digits(1000, rng(s)) for s in range(20))]
    assert abs(np.mean(wrong) - 0.9) < 4 * np.sqrt(0.09 / 20_000)
    assert (draw_digits(50, rng()).noisy(0) == draw_digits(50, rng()).labels).all()


# --- slopes and steps ------------------------------------------------------------------------


@given(seed=st.integers(0, 200), N=st.integers(1, 6), H=st.integers(1, 5), D=st.integers(1, 4), K=st.integers(1, 3))
def test_slopes_against_differences(seed, N, H, D, K):
    draw = rng(seed)
    A, B = start(H, draw, D, K)
    A[-1], B[-1] = draw.normal(size=H), draw.normal(size=K)
    X, T = np.column_stack([draw.normal(size=(N, D)), np.ones(N)]), draw.normal(size=(N, K))
    if np.abs(X @ A).min() < 1e-3:
        return  # at a kink a difference has no slope to agree with
    loss, dA, dB = loss_and_slopes(A, B, X, T)
    assert loss == pytest.approx(((np.maximum(X @ A, 0) @ B[:-1] + B[-1] - T) ** 2).sum() / N)
    for theta, slope in ((A, dA), (B, dB)):
        for at in np.ndindex(theta.shape):
            keep, losses = theta[at], []
            for step in (1e-5, -1e-5):
                theta[at] = keep + step
                losses.append(loss_and_slopes(A, B, X, T)[0])
            theta[at] = keep
            assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(slope[at], abs=1e-6, rel=1e-6)


def test_training_agrees_with_scikit_learn():
    """Full batches, no penalty, and the same start; its loss is ours over 2 K, which Adam does not notice."""
    digits, H, steps = draw_digits(120, rng()), 9, 60
    T = one_hot(digits.noisy(0.2))
    A, B = start(H, rng(1))
    theirs = MLPRegressor(
        hidden_layer_sizes=(H,),
        alpha=0,
        batch_size=120,
        shuffle=False,
        learning_rate_init=3e-3,
        max_iter=1,
        warm_start=True,
        tol=0,
        n_iter_no_change=10**6,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(digits.X[:, :64], T)
        theirs.coefs_, theirs.intercepts_ = [A[:-1].copy(), B[:-1].copy()], [A[-1].copy(), B[-1].copy()]
        theirs.set_params(max_iter=steps).fit(digits.X[:, :64], T)
    ((_, A, B),) = train(A, B, digits.X, T, at=[steps])
    np.testing.assert_allclose(scores(A, B, digits.X_new), theirs.predict(digits.X_new[:, :64]), atol=1e-4)


def test_a_stack_is_trained_as_each_alone():
    together = train_on_digits([2, 5], [0, 3], 0.2, at=[1, 30], N=60)
    alone = [row for width in (2, 5) for seed in (0, 3) for row in train_on_digits([width], [seed], 0.2, [1, 30], N=60)]
    assert [row["step"] for row in together] == [1, 30] * 4
    for one, other in zip(together, alone):
        assert one == pytest.approx(other, rel=1e-9)


def test_the_start_is_shared_between_widths():
    (A, B), (A_wide, B_wide) = start(3, rng(7)), start(12, rng(7))
    np.testing.assert_array_equal(A_wide[:, :3], A)
    np.testing.assert_allclose(B_wide[:3] * np.sqrt(12), B[:3] * np.sqrt(3))
    A, B = start(4000, rng())
    assert abs(A[:-1].var() / (2 / 64) - 1) < 4 * np.sqrt(2 / A[:-1].size)
    assert abs(B[:-1].var() * 4000 - 1) < 4 * np.sqrt(2 / B[:-1].size)
    assert A.size + B.size == count(4000) == 75 * 4000 + 10


# --- the stored sweeps -----------------------------------------------------------------------


def stored(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def agree(row, again, loose=1e-4):
    """The step doubles what rounding began at most every few hundred steps: four digits are left after thousands."""
    for name in ("train_loss", "test_loss"):
        assert float(row[name]) == pytest.approx(again[name], rel=loose)
    assert float(row["test_error"]) == pytest.approx(again["test_error"], abs=2.5 / 1297)  # two digits near a tie


@pytest.mark.parametrize("width, seed, noise", [(1, 4, 0.0), (3, 2, 0.2), (8, 0, 0.2)])
def test_rows_of_the_width_sweep_can_be_made_again(width, seed, noise):
    (row,) = [
        row
        for row in stored("network_width_sweep")
        if (int(row["width"]), int(row["seed"]), float(row["label_noise"])) == (width, seed, noise)
    ]
    (again,) = train_on_digits([width], [seed], noise, at=[2000])
    assert int(row["P"]) == again["P"] == 75 * width + 10
    agree(row, again, loose=1e-3)


@pytest.mark.parametrize("width, seed, noise, last", [(8, 1, 0.2, 2560), (66, 3, 0.0, 112), (512, 0, 0.2, 20)])
def test_rows_of_the_training_sweep_can_be_made_again(width, seed, noise, last):
    rows = [
        row
        for row in stored("network_training_sweep")
        if int(row["step"]) <= last and (int(row["width"]), int(row["seed"]), float(row["label_noise"])) == (width, seed, noise)
    ]
    again = train_on_digits([width], [seed], noise, at=[int(row["step"]) for row in rows])
    assert len(rows) == len(again) > 5
    for row, one in zip(rows, again):
        agree(row, one, loose=1e-5 if one["step"] <= 112 else 1e-3)


def test_the_width_sweep_is_whole():
    rows = stored("network_width_sweep")
    assert list(rows[0]) == ["width", "P", "seed", "label_noise", "train_loss", "test_loss", "test_error"]
    keys = {(int(row["width"]), int(row["seed"]), float(row["label_noise"])) for row in rows}
    widths = sorted({width for width, _, _ in keys})
    assert len(keys) == len(rows) == len(widths) * 5 * 2 and len(widths) >= 16
    assert widths[0] == 1 and 75 * widths[-1] + 10 > 3 * 4 * NK
    assert {seed for _, seed, _ in keys} == {0, 1, 2, 3, 4} and {noise for *_, noise in keys} == {0.0, 0.2}
    assert all(0 <= float(row["test_error"]) <= 1 for row in rows)


@pytest.mark.parametrize("column", ["test_loss", "test_error"])
def test_the_error_falls_rises_and_falls_across_P_equal_N_K(column):
    rows = sweep_rows("network_width_sweep")
    noisy = rows["label_noise"] == 0.2
    P = np.unique(rows["P"])
    error = np.array([np.median(rows[column][noisy & (rows["P"] == p)]) for p in P])
    before, peak, after = P < 0.5 * NK, (P > 0.5 * NK) & (P < 2 * NK), P > 4 * NK
    assert error[0] > 1.5 * error[before].min()
    assert error[peak].max() > 1.4 * error[before].min() and error[peak].argmax() not in (0, peak.sum() - 1)
    assert error[after].max() < 0.6 * error[peak].max()
    assert error[-1] < error[before].min() and (np.diff(error[after]) < 0).all()


def test_without_label_noise_hardly_any_peak():
    rows = sweep_rows("network_width_sweep")
    clean = rows["label_noise"] == 0
    P = np.unique(rows["P"])
    loss, error = (
        np.array([np.median(rows[name][clean & (rows["P"] == p)]) for p in P]) for name in ("test_loss", "test_error")
    )
    middle = (P > 0.5 * NK) & (P < 2 * NK)
    assert loss[middle].max() < 1.25 * loss[P < 0.5 * NK].min()
    assert error[middle].max() < error[P < 0.5 * NK].min()


# --- bad input -------------------------------------------------------------------------------


@given(no_size)
def test_sizes(value):
    says("N must", call=lambda: draw_digits(value, rng()))
    says("width must", call=lambda: start(value, rng()))
    says("widths must", call=lambda: train_on_digits([value], [0], 0.0, [1]))


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan, "a", None, True])
def test_label_noise(share):
    says("label_noise must", share, call=lambda: draw_digits(20, rng()).noisy(share))
    says("label_noise must", share, call=lambda: train_on_digits([1], [0], share, [1]))


def test_other_arguments():
    A, B = start(2, rng())
    X, T = np.ones((3, 65)), np.ones((3, 10))
    for at in ([], [0, 1], [3, 2], [1.5], "ab", None):
        says("at must", call=lambda: next(train(A, B, X, T, at)))
    for rate in (0, -1.0, np.nan, np.inf, "fast", None):
        says("rate must", rate, call=lambda: next(train(A, B, X, T, [1], rate)))
    for no_rng in (0, None, np.random):
        says("rng must", call=lambda: draw_digits(3, no_rng))
        says("rng must", call=lambda: start(3, no_rng))
    says("N must be at most 1796", "1797", call=lambda: draw_digits(1797, rng()))
    says("seeds must", -1, call=lambda: train_on_digits([1], [-1], 0.0, [1]))
    says("widths and seeds must not be empty", call=lambda: train_on_digits([], [0], 0.0, [1]))


# --- the lab that trains ---------------------------------------------------------------------


def test_training_leaves_the_kernel_free_and_stops_when_told(monkeypatch):
    monkeypatch.setattr(training, "SECONDS_OF_WORK", 0.01)

    async def reader():
        lab, beats = labs.train_lab(), 0
        lab.controls["train"].value = True
        words = lab.readout
        for _ in range(40):  # the loop goes on turning while the network trains
            await asyncio.sleep(0.01)
            beats += 1
        assert lab.readout != words and lab.controls["train"].value and lab.error is None
        lab.controls["train"].value = False
        await asyncio.sleep(0.1)
        stopped = lab.readout
        await asyncio.sleep(0.2)
        assert lab.readout == stopped and beats == 40
        lab.controls["train"].value = True
        await asyncio.sleep(0.2)
        assert lab.readout != stopped
        lab._reset()  # Reset stops it, too
        await asyncio.sleep(0.1)
        stopped = lab.readout
        await asyncio.sleep(0.1)
        assert lab.readout == stopped and not lab.controls["train"].value

    asyncio.run(reader())


def test_training_ends_with_its_lab():
    """Its cell is run again: nobody sees the network any more."""

    async def reader():
        lab = labs.train_lab()
        lab.controls["train"].value = True
        await asyncio.sleep(0.1)
        assert turns.waiting
        lab.close()
        await pause(5)  # nothing goes on

    asyncio.run(reader())


def test_no_picture_from_before_the_training_comes_back(monkeypatch):
    no_waiting(monkeypatch)

    async def reader():
        lab = labs.train_lab()
        control = lab.controls["width"]
        control.index += 1
        await pause()
        control.index -= 1
        await pause()  # both widths are remembered, untrained
        lab.controls["train"].value = True
        await asyncio.sleep(0.2)
        lab.controls["train"].value = False
        trained = lab.readout
        assert "After 20 of" not in trained
        for step in (1, -1):
            control.index += step
            await pause()
        assert lab.readout == trained

    asyncio.run(reader())


def test_training_ends_by_itself(monkeypatch):
    monkeypatch.setattr(training, "STEPS", 60)

    async def reader():
        lab = labs.train_lab()
        lab.controls["train"].value = True
        for _ in range(200):
            await asyncio.sleep(0.02)
            if not lab.controls["train"].value:
                break
        assert "After 60 of 60 steps" in lab.readout and not lab.controls["train"].value and lab.error is None
        lab.controls["train"].value = True  # nothing is left to do
        await asyncio.sleep(0.1)
        assert "After 60 of 60 steps" in lab.readout and lab.error is None

    asyncio.run(reader())


# --- the program that makes the tables -------------------------------------------------------


def test_the_program_makes_the_same_rows(tmp_path, monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("regenerate", DATA / "regenerate.py")
    regenerate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    monkeypatch.setattr(regenerate, "HERE", tmp_path)
    monkeypatch.setattr(regenerate, "WIDTHS", [1, 3])
    monkeypatch.setattr(regenerate, "WIDTHS_IN_TIME", [8])
    monkeypatch.setattr(regenerate, "STEPS", regenerate.STEPS[:10])
    with joblib.parallel_config(backend="sequential"):
        regenerate.main(["network_width_sweep", "network_training_sweep"])
    assert "jobs" in capsys.readouterr().err  # the progress bar
    for name, columns in (("network_width_sweep", 7), ("network_training_sweep", 8)):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8") as file:
            again = list(csv.DictReader(file))
        kept = [
            row for row in stored(name) if row["width"] in {row["width"] for row in again} and int(row.get("step", 0)) <= 40
        ]
        assert len(again) == len(kept) and len(again[0]) == columns
        for row, one in zip(kept, again):
            assert [row[key] for key in ("width", "P", "seed", "label_noise")] == [
                one[key] for key in ("width", "P", "seed", "label_noise")
            ]
            agree(row, {key: float(value) for key, value in one.items()}, loose=1e-3)
