"""The front page in headless Chromium, from the disk and with the network off, as a visitor has it."""

import re
from pathlib import Path

import axe_playwright_python
import numpy as np
import pytest

from ddlib.curves import polynomial_curve
from ddlib.export.front import front_page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CHAPTERS = [(f"0{number}-chapter.html", f"{number} Chapter & more") for number in range(1, 9)]
SIZES = {"desk": (1280, 800), "phone": (390, 844), "phone on its side": (844, 390)}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(front_page(CHAPTERS, "00-talk.html"), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser, address):
    """A function that opens the page; afterwards nothing but it was asked for, and nothing complained."""
    contexts, asked, complaints = [], [], []

    def open_page(size="desk", **options):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert all(url == address.as_uri() or url.startswith(("data:", "blob:")) for url in asked), asked


def see_all(page):
    """Scroll through the page, so that every panel has started, and wait for its words."""
    for panel in page.locator("[data-panel]").all():
        panel.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.readout')].every(words => words.textContent.trim().length > 20)"
    )


def move(page, panel, name, value):
    """A slider of a panel, as a hand moves it."""
    page.evaluate(
        """([panel, name, value]) => {
            const label = [...document.querySelectorAll(`[data-panel=${panel}] .slider label`)]
                .find(label => label.querySelector('b').textContent === name);
            label.control.value = value;
            label.control.dispatchEvent(new Event('input', {bubbles: true}));
        }""",
        [panel, name, value],
    )


def readout(page, panel):
    return page.inner_text(f"[data-panel={panel}] .readout")


def ink(page, plot):
    """The pixels of a plot, as a fingerprint."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate("plot => document.querySelector(`[data-plot=${plot}]`).toDataURL()", plot)


def test_the_page_is_small_and_whole(address):
    text = address.read_text(encoding="utf-8")
    assert 50_000 < address.stat().st_size < 600_000
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert all(f'href="{link}"' in text for link, _ in CHAPTERS) and 'href="00-talk.html"' in text
    assert "Chapter &amp; more" in text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy


def test_without_a_talk_there_is_no_link_to_one():
    assert 'class="talk"' not in front_page(CHAPTERS)


def test_each_step_is_a_headline_eighty_words_and_one_picture(visit):
    page = visit()
    steps = page.locator("section:has([data-panel])").all()
    assert len(steps) == 5
    for step in steps:
        text = step.locator(":scope > p").all_inner_texts()
        assert len(text) == 1 and 20 <= len(text[0].split()) <= 80
        assert step.locator("h2").count() == 1 and step.locator("canvas").count() >= 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_and_no_sideways_scrolling(size, scheme, visit):
    page = visit(size, color_scheme=scheme)
    see_all(page)
    page.locator("details").first.locator("summary").click()
    page.locator("[data-question] button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    low = page.evaluate(
        """() => [...document.querySelectorAll('main input:not(.choice input), main button, .choice label, summary')]
            .filter(control => control.getBoundingClientRect().height < 43.5).map(control => control.outerHTML)"""
    )
    assert low == []
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


def test_on_a_phone_panels_stand_one_above_the_other_and_are_drawn_for_it(visit):
    page = visit("phone", device_scale_factor=3)
    see_all(page)
    fit, curve = (page.locator(f"[data-plot={plot}]").bounding_box() for plot in ("fit", "curve"))
    assert curve["y"] > fit["y"] + fit["height"] and fit["width"] > 340
    assert page.evaluate("document.querySelector('[data-plot=fit]').width") == round(3 * fit["width"])


def test_the_default_view_says_what_ddlib_says(visit):
    page = visit()
    see_all(page)
    curve = polynomial_curve(15, np.arange(1, 201))
    words = readout(page, "polynomial").replace("\xa0", " ")
    assert "interpolation threshold: N = 15, P = 15" in words
    assert f"test error {curve.test[0, 14]:.0f}" in words and f"{np.median(curve.test[:, 14]) / 1e6:.1f} × 10⁶" in words


def test_sliders_move_the_words_and_both_pictures(visit):
    page = visit()
    see_all(page)
    for name, value, changed in (("P", 60, {"fit", "curve"}), ("sigma", 0.5, {"fit", "curve"})):
        before, words = {plot: ink(page, plot) for plot in ("fit", "curve")}, readout(page, "polynomial")
        move(page, "polynomial", name, value)
        assert {plot for plot in before if ink(page, plot) != before[plot]} == changed
        assert readout(page, "polynomial") != words
    curve = polynomial_curve(15, np.arange(1, 201), 0.5)
    assert f"test error {curve.test[0, 59]:.2f}" in readout(page, "polynomial")
    move(page, "polynomial", "N", 33)
    page.wait_for_function("() => document.querySelector('[data-panel=polynomial] .readout').textContent.includes('N = 33')")
    assert "under-parameterised" not in readout(page, "polynomial")


def test_where_double_precision_ends_the_words_say_so(visit):
    page = visit()
    see_all(page)
    move(page, "polynomial", "N", 40)
    move(page, "polynomial", "P", 40)
    page.wait_for_function("() => document.querySelector('[data-panel=polynomial] .readout').textContent.includes('N = 40')")
    trusted = polynomial_curve(40, np.arange(1, 201)).trusted[:, 39]
    assert trusted[0] and trusted.mean() < 0.5 and "most of the thirty are mostly rounding" in readout(page, "polynomial")


def test_the_axis_the_redraw_and_a_finger_on_the_curve(visit):
    page = visit()
    see_all(page)
    before = ink(page, "curve")
    page.locator(".choice label", has_text="N/P").click()
    assert (turned := ink(page, "curve")) != before
    words = readout(page, "polynomial")
    for _ in range(8):
        page.get_by_role("button", name="Redraw the data").first.click()
        page.wait_for_function(
            "words => document.querySelector('[data-panel=polynomial] .readout').textContent !== words", arg=words
        )
        words = readout(page, "polynomial")
    assert ink(page, "curve") != turned
    assert page.evaluate("() => document.querySelector('.choice input:checked').value") == "N/P"
    box = page.locator("[data-plot=curve]").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 100)
    assert re.search(r"P = (19\d|200)", readout(page, "polynomial"))


def test_the_prediction_comes_before_the_result(visit):
    page = visit(reduced_motion="reduce")
    see_all(page)
    panel = page.locator("[data-panel=puzzle]")
    show = panel.locator("[data-reveal]")
    assert show.is_disabled()
    before = ink(page, "u")
    panel.get_by_role("button", name="stays high").press("Enter")
    assert ink(page, "u") != before and show.is_enabled()
    show.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-panel=puzzle] [data-reply]').textContent.includes('descent')")


def test_the_question_moves_N_and_answers(visit):
    page = visit()
    see_all(page)
    for answer, verdict in (("still at P = 15", "No"), ("at P = 25", "Yes"), ("there is none", "No")):
        page.locator("[data-question]").get_by_role("button", name=answer, exact=True).click()
        assert page.inner_text("[data-question] [data-reply]").startswith(verdict)
    page.wait_for_function(
        "() => document.querySelector('[data-panel=polynomial] .readout').textContent.includes('N = 25, P = 25')"
    )


def test_the_other_panels_follow_their_controls(visit):
    page = visit()
    see_all(page)
    assert "exact mean infinite" in readout(page, "linear") and "More data hurt" in readout(page, "linear")
    move(page, "linear", "N", 90)
    assert "More data hurt" not in readout(page, "linear")
    move(page, "linear", "D", 12)
    page.wait_for_function("() => document.querySelector('[data-panel=linear] .readout').textContent.includes('D = 12')")
    # three lines through the plane: sigma^2 trace (X'X)^-1
    turns = np.radians([0, 10, 100]) + 1.4
    X = np.column_stack([np.cos(turns), np.sin(turns)])
    for N in (2, 3):
        move(page, "why", "N", N)
        assert f"{0.25 * np.trace(np.linalg.inv(X[:N].T @ X[:N])):.2g}" in readout(page, "why").replace("16.6", "17")
    assert "never hurt" in readout(page, "ridge")
    page.locator("[data-panel=ridge]").get_by_role("button", name="none").click()
    assert "times worse" in readout(page, "ridge")


def test_all_controls_are_reached_by_keyboard(visit):
    page = visit()
    see_all(page)
    slider = page.get_by_role("slider", name="P fitted parameters")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "200" and "P = 200" in readout(page, "polynomial")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    names = page.evaluate(
        """() => [...document.querySelectorAll('input[type=range], main button:not(:disabled)')]
        .map(control => control.id || control.textContent)"""
    )
    assert set(names) <= reached


def test_the_table_has_the_numbers(visit):
    page = visit()
    see_all(page)
    page.locator("[data-panel=polynomial] summary").click()
    rows = page.locator("[data-panel=polynomial] tbody tr")
    rows.first.wait_for()
    assert rows.count() == 200
    curve = polynomial_curve(15, np.arange(1, 201)).quantiles("test", 0.5)
    assert rows.nth(99).locator("td").nth(1).inner_text() == f"{curve[99]:.2g}"


def test_without_javascript_text_and_pictures_are_there(visit):
    page = visit(java_script_enabled=False)
    stills = page.locator("img.still")
    assert stills.count() == 5
    for still in stills.all():
        box = still.bounding_box()
        assert still.is_visible() and box["width"] > 600 and len(still.get_attribute("alt").split()) >= 8
    assert not page.locator(".controls").first.is_visible()
    assert page.get_by_role("link", name="The talk").is_visible()
