"""The draws and the tables."""

import gzip
import importlib.util
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from ddlib.datasets import Model, Table, draw_curve, draw_trials, read_models, read_table, wave

DATA = Path(__file__).parents[2] / "data"


def draw(N, sigma=0.0, seed=0, **truth):
    return draw_curve(N, sigma, np.random.default_rng(seed), **truth)


# --- draws -----------------------------------------------------------------------------------


def test_wave():
    assert wave(0.0) == 1.0
    np.testing.assert_allclose(wave([0.1, -1]), [0.2 + math.cos(2.5), -2 + math.cos(25)], rtol=1e-14)


@given(few=st.integers(1, 50), more=st.integers(0, 50), sigma=st.floats(0, 10), seed=st.integers(0, 2**64))
def test_the_first_points_do_not_depend_on_N(few, more, sigma, seed):
    x, y = draw(few, sigma, seed)
    x_more, y_more = draw(few + more, sigma, seed)
    np.testing.assert_array_equal(x_more[:few], x)
    np.testing.assert_array_equal(y_more[:few], y)


def test_x_and_the_unit_noise_are_the_same_for_every_sigma():
    zero = {"truth": np.zeros_like}
    x, noise = draw(40, 1.0, **zero)
    for sigma in (0.0, 0.25, 3.0):
        same_x, y = draw(40, sigma, **zero)
        np.testing.assert_array_equal(same_x, x)
        np.testing.assert_allclose(y, sigma * noise, rtol=1e-14)


def test_y_is_truth_plus_noise():
    x, y = draw(40, 0.5)
    same_x, noise = draw(40, 0.5, truth=np.zeros_like)
    np.testing.assert_array_equal(x, same_x)
    np.testing.assert_allclose(y, 2 * x + np.cos(25 * x) + noise, rtol=1e-14)


def test_x_is_uniform_and_the_noise_standard_normal():
    N = 40_000
    x, noise = draw(N, 1.0, seed=7, truth=np.zeros_like)
    assert x.min() >= -1 and x.max() <= 1
    # within 4 standard errors: means 0, variances 1/3 and 1 (fourth moments 1/5 and 3)
    assert abs(x.mean()) < 4 * np.sqrt(1 / 3 / N)
    assert abs(x.var() - 1 / 3) < 4 * np.sqrt((1 / 5 - 1 / 9) / N)
    assert abs(noise.mean()) < 4 / np.sqrt(N)
    assert abs(noise.var() - 1) < 4 * np.sqrt(2 / N)
    assert abs(np.corrcoef(x, noise)[0, 1]) < 4 / np.sqrt(N)
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 4 / np.sqrt(N)
    # the largest gap between the two distribution functions (Kolmogorov): 1.95 / sqrt(N) is its 0.1 % point
    rank = (np.arange(N) + 0.5) / N
    assert np.abs((np.sort(x) + 1) / 2 - rank).max() < 1.95 / np.sqrt(N)
    normal = np.array([(1 + math.erf(z / math.sqrt(2))) / 2 for z in np.sort(noise)])
    assert np.abs(normal - rank).max() < 1.95 / np.sqrt(N)


def test_draw_trials_gives_the_draws_of_the_children_of_the_seed():
    x, noise = draw_trials(6, trials=4, seed=11)
    assert x.shape == noise.shape == (4, 6)
    for t, child in enumerate(np.random.SeedSequence(11).spawn(4)):
        x_t, y_t = draw_curve(6, 0.5, np.random.default_rng(child))
        np.testing.assert_array_equal(x[t], x_t)
        np.testing.assert_allclose(wave(x[t]) + 0.5 * noise[t], y_t, rtol=1e-14)


# --- tables ----------------------------------------------------------------------------------


def test_digits_are_scikit_learns():
    table, reference = read_table("digits"), load_digits()
    assert isinstance(table, Table) and table._fields == ("X", "y", "names")
    np.testing.assert_array_equal(table.X, reference.data)
    np.testing.assert_array_equal(table.y, reference.target)
    assert table.names == tuple(reference.feature_names)
    assert table.X.dtype == table.y.dtype == float


def test_digits_can_be_rebuilt(tmp_path):
    shutil.copy(DATA / "regenerate.py", tmp_path)
    spec = importlib.util.spec_from_file_location("regenerate", tmp_path / "regenerate.py")
    regenerate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    regenerate.main(["digits"])
    # the compressed bytes depend on the zlib at hand, what they hold does not
    assert gzip.decompress((tmp_path / "digits.csv.gz").read_bytes()) == gzip.decompress((DATA / "digits.csv.gz").read_bytes())
    with pytest.raises(SystemExit, match="digit.*'figits'"):
        regenerate.main(["figits"])


def test_regenerate_lists_its_names(capsys):
    spec = importlib.util.spec_from_file_location("regenerate", DATA / "regenerate.py")
    regenerate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    regenerate.main([])
    assert "digits" in capsys.readouterr().out


def test_imagenet_models_as_a_table():
    X, y, names = read_table("imagenet_models")
    assert names == ("P", "N", "K") and X.shape == (6, 3) and y.shape == (6,)
    np.testing.assert_array_equal(X[0], [60965224, 1.2e6, 1000])
    assert y[0] == 37.5 and y.min() == 11.45
    assert read_table("imagenet_models", target="P").names == ("N", "K", "top1_error")


def test_the_stories_of_the_model_tables_hold():
    images = {model.name: model for model in read_models("imagenet_models")}
    assert list(images)[0] == "AlexNet" and len(images) == 6
    assert all(isinstance(model, Model) and model.K == 1000 and model.source for model in images.values())
    assert all(model.P / model.N > 1 for model in images.values())
    assert all(model.P / (model.N * model.K) < 1 for model in images.values())
    texts = read_models("language_models")
    assert [model.year for model in texts] == [2022, 2020, 2021, 2022, 2022, 2024]
    assert all(model.K is None and model.top1_error is None and model.source for model in texts)
    assert texts[-1].P / texts[-1].N < 1e-3
    with pytest.raises(AttributeError):  # frozen
        texts[0].P = 1


def test_alexnets_parameters_from_its_layers():
    # (inputs of one unit, units); the second, fourth and fifth convolution see half the channels each
    layers = [
        (11 * 11 * 3, 96),
        (5 * 5 * 48, 256),
        (3 * 3 * 256, 384),
        (3 * 3 * 192, 384),
        (3 * 3 * 192, 256),
        (6 * 6 * 256, 4096),
        (4096, 4096),
        (4096, 1000),
    ]
    assert sum((inputs + 1) * units for inputs, units in layers) == read_models("imagenet_models")[0].P


def write(folder, text, name="mine.csv", encoding="utf-8"):
    path = folder / name
    raw = text.encode(encoding)
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


@pytest.mark.parametrize("name", ["mine.csv", "mine.csv.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_readers_own_file(tmp_path, name, encoding, end):
    lines = ['länge , "b,c",price', "1, 2.5,3e2", "", '"4",-5 ,.5', ""]
    path = write(tmp_path, end.join(lines).replace(' "b', '"b'), name, encoding)
    for given_path in (path, str(path)):
        X, y, names = read_table(given_path)
        assert names == ("länge", "b,c")
        np.testing.assert_array_equal(X, [[1, 2.5], [4, -5]])
        np.testing.assert_array_equal(y, [300, 0.5])
    X, y, names = read_table(path, target="länge")
    assert names == ("b,c", "price")
    np.testing.assert_array_equal(X, [[2.5, 300], [-5, 0.5]])
    np.testing.assert_array_equal(y, [1, 4])


def test_a_file_called_like_a_table_needs_a_suffix_or_a_folder(tmp_path, monkeypatch):
    write(tmp_path, "a,b\n1,2\n", name="digits")
    monkeypatch.chdir(tmp_path)
    assert read_table("digits").X.shape == (1797, 64)
    assert read_table("./digits").X.shape == (1, 1)


@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 3), min_size=1, max_size=20))
def test_every_finite_number_survives_the_file(tmp_path_factory, rows):
    text = "a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows)
    X, y, _ = read_table(write(tmp_path_factory.getbasetemp(), text))
    np.testing.assert_array_equal(np.column_stack([X, y]), rows)
