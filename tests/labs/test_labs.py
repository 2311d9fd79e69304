"""Every lab, driven as a reader drives it: to both ends of every slider, and through 200 moves at random."""

import base64
import io
import re
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image
from small_lab import in_a_loop, no_waiting, pause, run, small_lab

from ddlib import figures, labs
from ddlib.datasets import read_table
from ddlib.live import lab as live
from ddlib.live import standin
from ddlib.live.controls import choice, number, steps_from, tidy
from ddlib.live.onpage import within
from ddlib.live.picture import LivePicture
from ddlib.live.screen import data_url
from ddlib.progress import given

NAMES = [name for name in labs.__all__ if name.endswith("_lab")]


@pytest.fixture(autouse=True)
def clean():
    given.clear()
    with matplotlib.rc_context():
        figures.use_style()
        yield
    given.clear()


def make(name):
    if name != "weight_lab":
        return getattr(labs, name)()
    table, rng = read_table("digits"), np.random.default_rng(0)
    X = np.column_stack([table.X / 16, np.ones(len(table.X))])  # (N, 65)
    theta = np.concatenate([rng.normal(0, 0.2, 65 * 16), rng.normal(0, 0.3, 16 * 10)])

    def scores(theta, X):
        return np.maximum(X @ theta[:1040].reshape(65, 16), 0) @ theta[1040:].reshape(16, 10)

    return labs.weight_lab(scores, theta, X, table.y)


@pytest.fixture(params=NAMES, scope="module")
def kept(request):
    """One lab for all the tests that move it: pytest runs them one after the other, and it takes long to make."""
    with matplotlib.rc_context():
        figures.use_style()
        lab = make(request.param)
    yield lab
    lab.close()


@pytest.fixture
def lab(kept):
    """A lab as it was made."""
    kept.set(**kept._start)
    return kept


def ends(control):
    """Both ends of a slider, or all there is to choose from."""
    if hasattr(control, "options"):
        return [value for _, value in control._options_full]
    if isinstance(control.value, bool):
        return [True, False]
    return [control.base**end if hasattr(control, "base") else end for end in (control.min, control.max)]


def anywhere(control, rng):
    """A value of the control drawn at random."""
    if hasattr(control, "options") or isinstance(control.value, bool):
        options = ends(control)
        return options[rng.integers(len(options))]
    value = control.min + control.step * rng.integers(round((control.max - control.min) / control.step) + 1)
    return control.base**value if hasattr(control, "base") else type(control.value)(value)


def buttons(widget):
    """All buttons within a widget, by their words."""
    found = {widget.description: widget} if type(widget).__name__ == "Button" else {}
    for child in getattr(widget, "children", ()):
        found |= buttons(child)
    return found


def drawn_numbers(artist):
    """All coordinates and values that an artist draws, as one float array."""
    if isinstance(artist, Line2D):
        parts = artist.get_data(orig=False)
    elif isinstance(artist, Collection):
        parts = [path.vertices for path in artist.get_paths()]
    elif isinstance(artist, Text):
        parts = [artist.get_position()]
    elif isinstance(artist, Rectangle):
        parts = [artist.get_bbox().get_points()]
    elif isinstance(artist, AxesImage):
        parts = [artist.get_array()]
    else:
        raise TypeError(f"no test knows what a {type(artist).__name__} draws")
    return np.concatenate([np.ma.filled(np.ma.asarray(part, float), np.nan).ravel() for part in parts] or [[]])


def is_well(lab, densities=(figures.PIXELS_PER_CSS_PIXEL,)):
    """No error, only finite numbers in the picture and in the words, and a picture of the right size."""
    assert lab.error is None, f"{lab.values()}: {lab.error!r}"
    for artist in lab.picture.moving:
        assert np.isfinite(drawn_numbers(artist)).all(), f"{artist} at {lab.values()}"
    assert not re.search(r"\b(nan|inf|infinity)\b", lab.readout, re.IGNORECASE), lab.readout
    assert re.sub("<[^>]*>", "", lab.readout).strip()
    image = sent(lab)
    assert image.format == "JPEG" and image.width / lab.picture.css_size[0] in densities
    assert image.width / image.height == lab.picture.css_size[0] / lab.picture.css_size[1]


def sent(lab):
    """The picture that the browser is given."""
    kind, data = bytes(lab._screen.front.value).split(b",")
    assert kind == b"data:image/jpeg;base64" and lab._screen.front.format == "url"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def twice(size):
    return 2 * size[0], 2 * size[1]


def limits(lab):
    return [
        (axis.get_view_interval().tolist(), axis.get_scale()) for ax in lab.picture.figure.axes for axis in (ax.xaxis, ax.yaxis)
    ]


def drawn(picture, density="crisp"):
    """The pixels of a picture, brought up to date."""
    return picture.draw(getattr(picture, density))[:, :, :3].astype(int)


def test_every_control_moves_to_both_ends(lab):
    is_well(lab)
    for control in lab.controls.values():
        start = control.value
        for value in [*ends(control), start]:
            control.value = value
            is_well(lab)


def test_all_corners_of_the_sliders(lab):
    """Every control at its low end and at its high end, together."""
    for end in (0, -1):
        lab.set(**{name: ends(control)[end] for name, control in lab.controls.items()})
        is_well(lab)


def test_presets_redraw_and_reset(lab):
    start = lab.values()
    for button in buttons(lab.box).values():
        button.click()
        is_well(lab)
    buttons(lab.box)["Reset"].click()
    assert lab.values() == start
    if "seed" in start:
        before = lab._screen.front.value
        buttons(lab.box)["Redraw: new data"].click()
        is_well(lab)
        assert lab.values() == {**start, "seed": start["seed"] + 1} and lab._screen.front.value != before


@in_a_loop
async def test_a_random_walk_of_200_moves(lab):
    """Without a pause: each new picture is a quick one."""
    rng = np.random.default_rng(200)
    moves = list(lab.controls.values()) * 3 + list(buttons(lab.box).values())
    for _ in range(200):
        move = moves[rng.integers(len(moves))]
        before = limits(lab)
        if hasattr(move, "click"):
            move.click()
        else:
            move.value = anywhere(move, rng)
        is_well(lab, densities=(1, figures.PIXELS_PER_CSS_PIXEL))
        if "axis" not in lab.controls:
            assert limits(lab) == before, f"the axes jumped at {lab.values()}"


def test_only_the_switch_of_the_horizontal_axis_moves_limits():
    lab = labs.polynomial_lab()
    rng, seen = np.random.default_rng(1), {}
    for axis in [*figures.AXES] * 2:
        lab.controls["axis"].value = axis
        for name in ("N", "P", "sigma"):
            lab.controls[name].value = anywhere(lab.controls[name], rng)
            assert seen.setdefault(axis, limits(lab)) == limits(lab)
    assert seen["P"] != seen["P/N"] != seen["N/P"]
    assert all(each[3] == seen["P"][3] for each in seen.values())  # the error axis stays in any case


def test_every_control_but_a_reveal_changes_the_picture(lab):
    for name, control in lab.controls.items():
        pictures = set()
        for value in ends(control):
            control.value = value
            pictures.add(lab._screen.front.value)
        assert len(pictures) > 1, f"{name} changes nothing"


def test_a_preset_is_one_picture(lab, monkeypatch):
    frames, shown = [], []
    frame = lab.picture.frame
    monkeypatch.setattr(lab.picture, "frame", lambda: frames.append(lab.values()) or frame())
    lab._screen.front.observe(lambda change: shown.append(change.new), "value")
    for name, (values, _) in lab._presets.items():
        others = [{key: ends(control)[end] for key, control in lab.controls.items()} for end in (0, -1)]
        lab.set(**next(other for other in others if other != {**lab._start, **values}))
        frames.clear()
        shown.clear()
        lab._preset_buttons[name].click()
        assert frames == [lab.values()] and len(shown) == 1
        assert lab.values() == {key: tidy(value) for key, value in {**lab._start, **values}.items()}


@pytest.mark.parametrize("name", NAMES)
def test_presets_tell_a_story(name):
    lab = make(name)
    assert 2 <= len(lab._presets) <= 4
    stories = [story for _, story in lab._presets.values()]
    assert len(set(stories)) == len(stories)
    for preset, (_, story) in lab._presets.items():
        buttons(lab.box)[preset].click()
        assert story in lab.readout
        bold = [other for other, button in lab._preset_buttons.items() if button.style.font_weight == "bold"]
        assert bold == [preset]


def test_names_and_values_are_visible_text(lab):
    for name, control in lab.controls.items():
        shown = control.description or " ".join(getattr(control, "_options_labels", ()))
        assert shown.strip(), name
        assert getattr(control, "readout", True)


def test_alt_text(lab):
    assert len(lab.alt.split()) >= 10 and lab.alt.endswith(".")
    assert lab._screen.front.tooltip == lab.alt


def test_what_the_notebook_stores(lab):
    for moved in (False, True):
        if moved:
            lab.set(**{name: ends(control)[-1] for name, control in lab.controls.items()})
        data, metadata = lab._repr_mimebundle_()
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == lab.box.model_id
        assert data["text/plain"] == lab.alt
        image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        width, height = lab.picture.css_size
        assert image.format == "PNG" and image.size == twice((width, height + standin.HEIGHT))
        shown = metadata["image/png"]
        assert (shown["width"], shown["height"]) == (width, height + standin.HEIGHT)
        assert (
            shown["alt"].startswith(lab.alt)
            and "Run All Cells" in shown["alt"]
            and "pip install jupyterlab_widgets" in shown["alt"]
        )


def test_the_stored_picture_is_the_one_that_is_shown(lab):
    png = np.asarray(Image.open(io.BytesIO(base64.b64decode(lab._repr_mimebundle_()[0]["image/png"]))).convert("RGB"))
    jpeg = np.asarray(sent(lab).convert("RGB"))
    png = png[len(png) - len(jpeg) :]  # below the note
    assert np.abs(png.astype(int) - jpeg).mean() < 1.5


def test_a_frame_equals_a_picture_drawn_from_nothing(lab):
    """What is copied from an earlier frame must be what would be drawn now."""
    rng = np.random.default_rng(3)
    for _ in range(6):
        lab.set(**{name: anywhere(control, rng) for name, control in lab.controls.items()})
        for density in ("quick", "crisp"):
            kept = drawn(lab.picture, density)
            lab.picture.figure.set_dpi(lab.picture.quick.dpi)
            fresh = drawn(LivePicture(lab.picture.figure, lab.picture.moving), density)
            assert np.abs(kept - fresh).max() <= 2, (density, lab.values())


def test_a_frame_equals_what_matplotlib_draws(lab):
    """But for the order of crossing curves: of those that move, all lie over those that stay."""
    kept = drawn(lab.picture)
    whole = saved(lab.picture.figure)  # animated artists too
    assert (np.abs(kept - whole).max(axis=2) > 40).mean() < 0.003


def saved(figure):
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=figure.dpi)
    return np.asarray(Image.open(out).convert("RGB")).astype(int)


def test_what_was_drawn_ahead_is_what_would_be_drawn_now(lab, monkeypatch):
    """Step by step with a pause after each: all that is shown equals what the values alone make the lab draw."""
    no_waiting(monkeypatch)
    drawn_now, found = [], []
    update = lab._screen._update
    monkeypatch.setattr(lab._screen, "_update", lambda **values: drawn_now.append(values) or update(**values))

    async def reader():
        for name, control in lab.controls.items():
            if name == "train":  # what it starts goes on
                continue
            before = control.value
            for k in range(3):  # to the side, further where there is more, and back
                await pause()
                drawn_now.clear()
                step_aside(control, -(k < 2))
                assert lab.error is None and (k == 0 or not drawn_now), f"{lab.values()} was not drawn ahead"
                quick, words = bytes(lab._screen.front.value), lab.readout
                await pause()
                found.append(({key: each.value for key, each in lab.controls.items()}, quick, words, lab._screen.front.value))
            control.value = before

    run(reader)
    for values, quick, words, crisp in found:
        lab.set(**values)
        assert lab.readout == words and lab._screen.front.value == crisp, values
        assert quick in (data_url(lab.picture.quick_frame()), crisp), values  # crisp where it was left a step ago


def step_aside(control, which):
    """Move a control by one step, as a key does: to the first or to the last of the values beside it."""
    aside = steps_from(control)[which]
    options = dict((tidy(value), value) for value in ends(control)) if hasattr(control, "options") else {}
    control.value = options.get(aside, aside)


def test_spines_and_legend_lie_over_the_data():
    figure, ax = figures.subplots(size=(4, 3))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    (line,) = ax.plot([0, 0, 1], [0.02, 0.9, 0.9], color="red", linewidth=18, clip_on=False)
    ax.legend(handles=[Line2D([], [], label="moves")], loc="upper right", framealpha=0.85)
    picture = LivePicture(figure, [line])
    blitted = drawn(picture)
    apart = np.abs(blitted - saved(figure))
    assert apart.max() <= 32 and apart.mean() < 0.02  # the edges of letters are rounded twice
    left = round(ax.get_window_extent().x0)
    row = blitted[blitted.shape[0] // 2]
    assert row[left - 8].tolist() == [255, 0, 0]  # the line is there, and the spine runs over it
    assert row[left - 1 : left + 2].sum(axis=1).min() < 255


def test_the_background_is_taken_anew_when_the_axis_is_switched():
    lab = labs.polynomial_lab()
    taken, capture = [], lab.picture.crisp._capture
    lab.picture.crisp._capture = lambda: taken.append(1) or capture()
    lab.controls["P"].value = 20
    assert not taken
    for times, axis in enumerate(["P/N", "N/P", "P"], start=1):
        lab.controls["axis"].value = axis
        lab.controls["P"].value += 1
        assert len(taken) == times


@pytest.mark.parametrize("lecture", [False, True], ids=["screen", "lecture"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_at_the_edge(name, lecture):
    figures.use_style(lecture=lecture)
    lab = make(name)
    for axis in ends(lab.controls["axis"]) if "axis" in lab.controls else [None]:
        if axis:
            lab.controls["axis"].value = axis
        canvas = lab.picture.crisp.agg
        width, height = canvas.get_width_height(physical=True)
        for text in lab.picture.figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible()):
            if text.get_text() and (text.axes is None or text.axes.axison) and not in_view_only_ticks(text):
                box = text.get_window_extent(canvas.get_renderer())
                assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text


def in_view_only_ticks(text):
    """Whether this is the label of a tick that lies outside the limits, which matplotlib does not draw."""
    for ax in text.figure.axes:
        for axis, at in ((ax.xaxis, 0), (ax.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.majorTicks, *axis.minorTicks]:
                if text in (tick.label1, tick.label2):
                    return text is tick.label2 or not low <= tick.get_loc() <= high
    return False


def test_a_lecture_shows_the_same_picture_larger():
    small = labs.map_lab()
    figures.use_style(lecture=True)
    large = labs.map_lab()
    assert large.picture.css_size[0] / small.picture.css_size[0] == pytest.approx(figures.LECTURE_ZOOM, rel=0.01)
    is_well(large)
    resized = sent(large).resize(twice(small.picture.css_size))
    apart = np.asarray(resized).astype(int) - np.asarray(sent(small))
    assert np.abs(apart).mean() < 6


def test_labs_stay_out_of_pyplot():
    before = pyplot.get_fignums()
    for name in NAMES:
        make(name)._repr_mimebundle_()
    assert pyplot.get_fignums() == before


def test_the_same_lab_twice():
    first, second = labs.polynomial_lab(), labs.polynomial_lab()
    before = second._screen.front.value
    first.controls["P"].value = 3
    assert second._screen.front.value == before and second.values()["P"] == 15


def test_a_lab_makes_way_for_the_next_of_its_cell(monkeypatch):
    cell = {"metadata": {"cellId": "one"}}
    monkeypatch.setattr(live, "shown", {})
    monkeypatch.setattr(live, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: cell))
    first = small_lab()
    widgets_of_first = within(first.box)
    first._repr_mimebundle_()
    first._repr_mimebundle_()  # shown twice by one cell: it stays
    assert first.box.comm and first.picture
    cell["metadata"]["cellId"] = "two"
    other = small_lab()
    other._repr_mimebundle_()
    assert first.box.comm and other.box.comm
    cell["metadata"]["cellId"] = "one"
    second = small_lab()
    second._repr_mimebundle_()
    assert not any(widget.comm for widget in widgets_of_first) and other.box.comm
    assert first._repr_mimebundle_()[0] == {"text/plain": first.alt} and "made way" in first.alt
    second.controls["a"].value = 7
    assert second.error is None and "a is 7" in second.readout


def test_the_drawing_survives_a_second_run_of_its_cell():
    lab = labs.drawing_lab()
    lab.controls["h20"].value = 1e-2
    lab.controls["reveal"].value = True
    again = labs.drawing_lab()
    assert again.values() == lab.values()
    buttons(again.box)["Reset"].click()
    assert again.values() == labs.drawing_lab().values() != lab.values()


def test_what_cannot_be_restored_is_passed_over():
    """An edited file: names that the lab does not have, values that its controls refuse."""
    start = small_lab().values()
    given["small"] = {"a": "three", "b": 7.5, "c": 1, "d": None}
    assert small_lab(remember="small").values() == {**start, "b": 7.5}
    for damaged in ([1, 2], "text", None, {"a": None, "b": [1]}):
        given["small"] = damaged
        lab = small_lab(remember="small")
        assert lab.values() == start and lab.error is None
    given["small"] = {"a": 99}  # a slider keeps to its ends
    assert small_lab(remember="small").values() == {**start, "a": 9}


def test_an_exception_is_told_and_the_picture_stays():
    lab = small_lab(fails={5, 6})
    before = lab._screen.front.value
    for bad in (5, 6):
        lab.controls["a"].value = bad
        assert isinstance(lab.error, ArithmeticError)
        assert f"ArithmeticError: {bad} &lt; 9 &amp; more" in lab.readout
        assert f"a = {bad}" in lab.readout and "b = 4.0" in lab.readout
        assert lab._screen.front.value == before
    lab.controls["a"].value = 7
    assert lab.error is None and "a is 7" in lab.readout and "failed" not in lab.readout
    assert lab._screen.front.value != before


def test_a_preset_that_fails_is_told_and_reset_recovers():
    lab = small_lab(fails={5}, presets={"1 bad": ({"a": 5}, "It fails."), "2 good": ({"a": 6}, "It works.")})
    before = lab._screen.front.value
    buttons(lab.box)["1 bad"].click()
    assert "ArithmeticError" in lab.readout and lab._screen.front.value == before
    buttons(lab.box)["Reset"].click()
    assert lab.error is None and "a is 3" in lab.readout


def test_an_exception_while_drawing_is_told_too():
    lab = small_lab()
    frame = lab.picture.frame
    lab.picture.frame = lambda: 1 / 0
    lab.controls["a"].value = 8
    assert "ZeroDivisionError" in lab.readout
    lab.picture.frame = frame
    lab.controls["a"].value = 9
    assert lab.error is None and "a is 9" in lab.readout


def test_an_unknown_name_is_refused():
    lab = small_lab()
    with pytest.raises(ValueError, match="no control is called 'c'.*'a', 'b'"):
        lab.set(a=1, c=2)
    assert lab.values() == {"a": 3, "b": 4.0}
    with pytest.raises(ValueError, match="seed"):
        lab.set(seed=1)


def test_set_is_one_change():
    lab = small_lab(redraw=True)
    shown = []
    lab._screen.front.observe(lambda change: shown.append(change.new), "value")
    lab.set(a=1, b=2.0, seed=5)
    assert len(shown) == 1 and lab.values() == {"a": 1, "b": 2.0, "seed": 5}


def test_a_slider_of_the_browser_meets_the_value_of_a_preset():
    """Its steps add up to 0.30000000000000004."""
    lab = small_lab(presets={"1 here": ({"b": 0.3}, "It is here."), "2 there": ({"b": 2.0}, "It is there.")})
    lab.controls["b"].value = 0.1 + 0.2
    assert lab.controls["b"].value != 0.3
    assert lab.values()["b"] == 0.3 and "It is here." in lab.readout


def test_controls_below_the_picture():
    lab = small_lab(below=["b"])
    rows = list(lab.box.children)
    where = {
        name: next(k for k, row in enumerate(rows) if control in getattr(row, "children", ()))
        for name, control in lab.controls.items()
    }
    assert where["a"] < rows.index(lab._screen.widget) < where["b"]


def test_a_choice_starts_with_its_first_option():
    assert choice("axis", ["P", "N"]).value == "P"
    assert choice("axis", {"one": 1, "two": 2}).value == "one"


@pytest.mark.parametrize(
    "value, words",
    [
        (0, "0"),
        (0.12345, "0.123"),
        (15, "15"),
        (1234.5, "1234"),
        (999.7, "1000"),
        (3.2e7, "3e7"),
        (2e-5, "2e-5"),
        (4e-31, "4e-31"),
        (1e12, "1e12"),
    ],
)
def test_numbers_in_words(value, words):
    assert number(value) == words
