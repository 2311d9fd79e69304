"""Several threads reach for the labs at once, as a kernel's main thread and its subshells do: one draws at a time."""

import asyncio
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image
from small_lab import small_lab

from ddlib import labs
from ddlib.figures import turns
from ddlib.live.screen import data_url
from ddlib.progress import given

SECONDS = 2.0


@pytest.fixture(autouse=True)
def clean():
    given.clear()


def message(control, value):
    """What the front end sends when a control was moved: the slider's own state, or an index into its options."""
    state = {"index": list(control.options).index(value)} if hasattr(control, "options") else {"value": value}
    return {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}


def send(control, value):
    """Hand the message to the control, as its comm does."""
    control.comm._msg_callback(message(control, value))


def in_threads(*actions):
    """Run each action(rng) again and again for some seconds, each in a loop and a thread of its own."""
    errors, end = [], time.monotonic() + SECONDS

    def work(action, seed):
        async def many():
            rng = np.random.default_rng(seed)
            while time.monotonic() < end:
                action(rng)
                await asyncio.sleep(rng.choice([0, 0.002, 0.2], p=[0.6, 0.35, 0.05]))

        try:
            asyncio.run(many())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(action, seed)) for seed, action in enumerate(actions)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # the threads take over from each other in the midst of a drawing
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not errors, errors
    end = time.monotonic() + 20
    while turns.waiting:
        assert time.monotonic() < end
        time.sleep(0.01)


def alone(make, values):
    """The crisp picture and the words of a lab that nobody else touches."""
    lab = make()
    lab.set(**values)
    assert lab.error is None
    return data_url(lab.picture.frame()), lab.readout


def settled_rightly(make, lab):
    picture, words = alone(make, lab.values())
    assert lab.error is None and lab.readout == words
    assert lab._screen.front.value == picture, "it settled on a picture that is wrong, or blurred"


def sigma(lab):
    return lambda rng: send(lab.controls["sigma"], float(rng.integers(0, 11)) / 10)


def whole(lab, name, low, high):
    return lambda rng: send(lab.controls[name], int(rng.integers(low, high + 1)))


@pytest.mark.parametrize(
    "make, controls",
    [(small_lab, [("a", 0, 9), ("a", 0, 9), ("b", 0, 9)]), (labs.polynomial_lab, [("P", 1, 60), ("N", 10, 20), ("P", 1, 60)])],
    ids=["small_lab", "polynomial_lab"],
)
def test_threads_on_one_lab(make, controls):
    lab = make()
    in_threads(*(whole(lab, *control) for control in controls))
    settled_rightly(make, lab)


def test_threads_on_two_labs_and_a_cell_that_draws():
    """Text and its caches are matplotlib's: they are shared by all figures."""
    first, second = labs.polynomial_lab(), labs.ridge_lab()
    drawn = []

    def cell(rng):
        lab = labs.novelty_lab()
        drawn.append(lab._repr_mimebundle_()[0]["image/png"])
        lab.close()

    in_threads(
        whole(first, "P", 1, 60),
        sigma(first),
        sigma(second),
        whole(second, "N", 20, 60) if "N" in second.controls else sigma(second),
        cell,
    )
    settled_rightly(labs.polynomial_lab, first)
    settled_rightly(labs.ridge_lab, second)
    assert len(drawn) > 1 and set(drawn) == {drawn[0]}


def test_a_preset_in_one_thread_and_a_slider_in_another():
    def make():
        return small_lab(presets={"low": ({"a": 1, "b": 1.0}, "Low."), "high": ({"a": 8, "b": 8.0}, "High.")})

    lab = make()
    pressed = {"content": {"data": {"method": "custom", "content": {"event": "click"}}}, "buffers": []}

    def press(rng):
        button = lab._preset_buttons[rng.choice(["low", "high"])]
        button.comm._msg_callback(pressed)

    in_threads(press, whole(lab, "a", 0, 9), whole(lab, "b", 0, 9))
    settled_rightly(make, lab)


def test_the_pause_ends_while_a_cell_runs():
    """The loop of the thread that took the message is busy: the crisp picture comes all the same."""
    lab = small_lab()

    async def busy():
        send(lab.controls["a"], 7)
        blurred = lab._screen.front.value
        time.sleep(1)  # a cell
        assert lab._screen.front.value == alone(small_lab, lab.values())[0] != blurred

    asyncio.run(busy())


def test_a_lab_answers_while_another_thread_computes():
    lab, done = small_lab(), threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    send(lab.controls["a"], 7)
    done.set()
    thread.join()
    assert "a is 7" in lab.readout


def test_what_is_cancelled_is_not_done():
    done = []
    with turns.turn:
        first, second = turns.later(0, done.append, 1), turns.later(0, done.append, 2)
        time.sleep(0.1)  # both are due, and wait for their turn
        first.cancel()
    end = time.monotonic() + 20
    while turns.waiting and time.monotonic() < end:
        time.sleep(0.01)
    assert done == [2] and second


def test_what_fails_later_leaves_the_clock_going(caplog):
    done = []
    turns.later(0, lambda: 1 / 0)
    turns.later(0.05, done.append, 1)
    end = time.monotonic() + 20
    while turns.waiting and time.monotonic() < end:
        time.sleep(0.01)
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text


def test_a_picture_is_encoded_before_another_thread_draws_into_its_pixels(monkeypatch):
    lab = small_lab()
    right, encode, others = lab.picture.png(), Image.frombuffer, []

    def slowly(*arguments):
        if not others:
            others.append(threading.Thread(target=lab.set, kwargs={"a": 9}))
            others[0].start()
            others[0].join(timeout=0.5)
        return encode(*arguments)

    monkeypatch.setattr(Image, "frombuffer", slowly)
    assert lab.picture.png() == right
    others[0].join()
    assert lab.picture.png() != right
