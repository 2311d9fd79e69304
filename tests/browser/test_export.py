"""The exported pages in headless Chromium with the network off: films move, questions answer, nothing is fetched."""

import re
from pathlib import Path

import axe_playwright_python
import nbformat
import pytest
from test_lecture import WALK

from ddlib.export import __main__ as command
from ddlib.export.hooks import FILM
from ddlib.export.page import NOT_HERE
from ddlib.export.words import markdown, mathml

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder with the pages of all notebooks, by the command that the README names."""
    target = tmp_path_factory.mktemp("pages")
    command.main([str(target), "--notebooks", str(FOLDER)])
    return target


@pytest.fixture
def offline(browser, pages):
    """A function that opens a page without a network; afterwards nothing but that page was asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_offline(True)
    asked, complaints = [], []

    def open_page(name):
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((pages / name).as_uri())
        return page

    yield open_page
    context.close()
    assert complaints == []
    within = ("data:", "blob:")  # the page itself
    assert len([address for address in asked if not address.startswith(within)]) == 1
    assert all(address.startswith((*within, "file:")) for address in asked)


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def count(path, pattern):
    return sum(bool(re.search(pattern, source, re.MULTILINE)) for source in sources(path))


each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_is_a_page_for_each_notebook_and_an_index(pages):
    assert NOTEBOOKS
    others = {"index.html", "lecture.html"}
    assert {page.name for page in pages.iterdir()} == {f"{path.stem}.html" for path in NOTEBOOKS} | others
    index = (pages / "index.html").read_text(encoding="utf-8")
    addresses = ["lecture.html", *(f"{path.stem}.html" for path in NOTEBOOKS[1:])]
    assert all(f'href="{address}"' in index for address in addresses)


@each_notebook
def test_a_page_has_at_most_five_megabytes(path, pages):
    assert 50_000 < (pages / f"{path.stem}.html").stat().st_size <= 5_000_000


@each_notebook
def test_links_lead_to_pages_that_are_there(path, pages):
    text = (pages / f"{path.stem}.html").read_text(encoding="utf-8")
    for address in re.findall(r'href="([^"]*)"', text):
        if not re.match(r"https?:|data:", address):
            file, _, name = address.partition("#")
            target = (pages / file).read_text(encoding="utf-8") if file else text
            assert not name or f'id="{name}"' in target, address


@each_notebook
def test_all_of_the_notebook_is_on_the_page(path, offline):
    page = offline(f"{path.stem}.html")
    assert page.locator(".film").count() == count(path, r"^labs\.\w+_lab\(|^Vote\(")
    assert page.locator(".check").count() == count(path, r"^Check\(")
    assert page.locator(".predict").count() == count(path, r"^(Predict|Vote)\(")
    assert page.locator(".figure img").count() == count(path, r"^figures\.Picture\(")
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert len(headings) == page.locator("h1, h2, h3").count()
    words = page.inner_text("main")
    prose = page.evaluate("""() => { const main = document.querySelector('main').cloneNode(true);
        main.querySelectorAll('pre, code, script').forEach(node => node.remove()); return main.textContent; }""")
    assert "$" not in prose and "\\" not in prose, "a formula is left as LaTeX"
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert cell.source.splitlines()[0] + "\n" not in words
        if not NOT_HERE.isdisjoint(cell.metadata.get("tags", [])):
            assert "For the lecturer" not in words
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                assert output.text.strip() in words


@each_notebook
def test_every_picture_has_a_text_alternative(path, offline):
    page = offline(f"{path.stem}.html")
    for image in page.query_selector_all("img"):
        alt = image.get_attribute("alt")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
        if image.evaluate("image => image.classList.contains('moving')"):
            assert alt == "" and image.evaluate("image => image.previousElementSibling.alt"), "part of the picture below it"
        else:
            assert len(alt.split()) >= (3 if "sketch" in (image.get_attribute("class") or "") else 8), alt
    assert page.locator(".film [role=status]").count() == page.locator(".film").count()


@each_notebook
def test_a_film_moves_by_keyboard_alone(path, offline):
    page = offline(f"{path.stem}.html")
    page.evaluate("document.querySelectorAll('.predict [data-reply]').forEach(reply => { reply.hidden = false; })")
    for film in page.query_selector_all(".film"):
        slider, words = film.query_selector("input[type=range]"), film.query_selector("[role=status]")
        if slider:
            assert film.evaluate("film => film.querySelector('input').labels[0].textContent.trim()")
            for key in ("Home", "ArrowRight", "PageUp", "End"):
                before = shown(film)
                slider.focus()
                page.keyboard.press(key)
                after = shown(film)
                assert slider.get_attribute("aria-valuetext") == film.query_selector("output").inner_text()
                if key in ("ArrowRight", "End"):
                    assert after["value"] != before["value"] and after["picture"] != before["picture"]
        for button in film.query_selector_all("[data-step]"):
            button.focus()
            page.keyboard.press("Enter")
            assert button.get_attribute("aria-pressed") == "true" and words.query_selector("i"), "it tells its story"
        for button in film.query_selector_all("[data-toggle]"):
            before, pressed = shown(film), button.get_attribute("aria-pressed")
            button.focus()
            page.keyboard.press("Space")
            assert button.get_attribute("aria-pressed") != pressed and shown(film)["picture"] != before["picture"]


@each_notebook
def test_every_root_has_its_sign(path, offline):
    room = offline(f"{path.stem}.html").evaluate("""() => [...document.querySelectorAll('msqrt')].map(root =>
        root.getBoundingClientRect().width - root.firstElementChild.getBoundingClientRect().width)""")
    assert len(room) >= (
        "sqrt" in "".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    )
    assert all(left > 4 for left in room), room


@each_notebook
def test_every_frame_of_every_film_can_be_shown(path, offline):
    sizes = offline(f"{path.stem}.html").evaluate("""async () => {
        const sizes = [];
        for (const film of document.querySelectorAll('.film'))
            for (const [picture, words] of JSON.parse(film.querySelector('script').textContent).strips.flat()) {
                const image = new Image();
                image.src = 'data:image/webp;base64,' + picture;
                await image.decode();
                sizes.push([image.naturalWidth * film.querySelector('img').naturalHeight,
                            image.naturalHeight * film.querySelector('img').naturalWidth, words.trim().length]);
            }
        return sizes;
    }""")
    assert len(sizes) >= 5 * count(path, r"^labs\.\w+_lab\(")
    assert all(wide == high and words for wide, high, words in sizes)


def shown(film):
    return film.evaluate("""film => ({picture: film.querySelector('.moving').src, value: film.querySelector('input')?.value,
                                      words: film.querySelector('[role=status]').textContent})""")


@each_notebook
def test_questions_answer(path, offline):
    page = offline(f"{path.stem}.html")
    for check in page.query_selector_all(".check"):
        replies = []
        for answer in check.query_selector_all("input"):
            answer.focus()
            page.keyboard.press("Space")
            (reply,) = [node.inner_text() for node in check.query_selector_all("[data-reply]") if node.is_visible()]
            replies.append(reply)
        assert len(set(replies)) == len(replies) >= 2
        assert [reply.startswith("✓ Right") for reply in replies].count(True) == 1
    for predict in page.query_selector_all(".predict"):
        reveal, result = predict.query_selector("button"), predict.query_selector("[data-reply]")
        assert reveal.is_disabled() and not result.is_visible()
        predict.query_selector("input").focus()
        page.keyboard.press("Space")
        reveal.focus()
        page.keyboard.press("Enter")
        assert "You predicted" in result.inner_text() and "What happens" in result.inner_text()
        assert all(choice.is_disabled() for choice in predict.query_selector_all("input"))


@pytest.mark.parametrize("name", [f"{path.stem}.html" for path in NOTEBOOKS] + ["index.html"])
def test_no_serious_violation_of_the_accessibility_rules(name, offline):
    page = offline(name)
    for reveal in page.query_selector_all(".predict"):  # what is hidden at first is looked at as well
        reveal.query_selector("input").check()
        reveal.query_selector("button").click()
    for answer in page.query_selector_all(".check"):
        answer.query_selector("input").check()
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")  # of the others one place each
    assert len(found["passes"]) >= 10, "the rules were applied"
    bad = [
        (rule["id"], rule["impact"], rule["nodes"][0]["html"])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert bad == []


@each_notebook
def test_a_narrow_window_needs_no_sideways_scrolling(path, offline):
    page = offline(f"{path.stem}.html")
    for width in (900, 400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "latex, parts",
    [
        (r"\beta = X^\top (X X^\top)^{-1} y", ["<msup>", "β"]),
        (r"\frac{\sigma^2 D}{N - D - 1}", ["<mfrac>", "σ"]),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", ["<mtable", "<mtr>"]),
        (r"\mathbb E\, y + \cos 25x", ["𝔼", '<mi>cos</mi><mspace width="0.167em"/><mn>25</mn>']),
        (r"\lVert \beta \rVert^2", ['<mo stretchy="false">‖</mo><mi>β</mi><msup><mo stretchy="false">‖</mo>']),
        (r"\left\| \beta \right\|^2", ['stretchy="true"']),
    ],
)
def test_formulas_become_mathml(latex, parts):
    drawn = mathml(latex)
    assert drawn.startswith("<math ") and all(part in drawn for part in parts)


def test_a_formula_that_is_not_understood_is_an_error():
    with pytest.raises(ValueError, match="nosuchcommand"):
        mathml(r"\nosuchcommand{x}")
    with pytest.raises(ValueError, match="nosuch"):
        mathml(r"\begin{nosuch} a &= b \end{nosuch}")


def test_links_to_notebooks_become_links_to_pages():
    drawn = markdown("[two](02-two.ipynb#2.1-One) and [out](https://example.org/a.ipynb)", FOLDER)
    assert 'href="02-two.html#2.1-One"' in drawn and 'href="https://example.org/a.ipynb"' in drawn


def test_the_room_between_two_rows_is_not_taken_for_text():
    drawn = mathml(r"\begin{cases} a & b \\[2ex] c & d \end{cases}")
    assert "2" not in drawn.replace(drawn.split('alttext="')[1].split('"')[0], "") and "<mi>c</mi>" in drawn


def test_what_is_folded_stays_folded():
    drawn = markdown("<details><summary>Solution</summary>\n\nHidden.\n\n</details>\n\nSeen.", FOLDER)
    assert drawn.index("<details>") < drawn.index("Hidden.") < drawn.index("</details>") < drawn.index("Seen.")


def film_of(steps, size):
    return {
        "alt": "A picture of nothing at all, in eight words.",
        "size": [9, 4],
        "base": "",
        "strips": [[["x" * size, str(step)] for step in range(steps)]],
        "label": "a",
        "unit": "",
        "steps": list(map(str, range(steps))),
        "start": [0, 0],
        "buttons": [],
        "toggles": [],
        "fixed": [],
    }


def notebook_with(film):
    output = nbformat.v4.new_output("display_data", data={FILM: film, "text/plain": "a lab"})
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# 1 Title"), nbformat.v4.new_code_cell("lab", outputs=[output])]
    )


def test_a_film_that_is_too_large_is_thinned():
    notebook = notebook_with(film_of(40, 200_000))  # 8 MB
    text = command.fitting(command.page, notebook, FOLDER)
    assert 2_500_000 < len(text) <= command.LIMIT
    assert len(notebook.cells[1].outputs[0].data[FILM]["steps"]) >= 20


def test_a_page_that_cannot_be_held_to_the_limit_is_an_error():
    with pytest.raises(ValueError, match="1 Title.*MB"):
        command.fitting(command.page, notebook_with(film_of(2, 4_000_000)), FOLDER)


def test_a_folder_without_notebooks_is_an_error(tmp_path, monkeypatch, capsys):
    with pytest.raises(FileNotFoundError, match="source must be a folder with notebooks"):
        command.export(tmp_path, tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        command.main([str(tmp_path)])
    assert "no notebooks in" in capsys.readouterr().err


def test_the_talk_as_slides_without_a_kernel(offline):
    """Every slide fits, every question answers with its lab, and a preset's key moves it."""
    page = offline("lecture.html")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_selector("html[data-slides]", state="attached")
    page.wait_for_timeout(500)
    found = page.evaluate(WALK)
    assert len(found) >= 24
    for slide in found:
        assert slide["shows"] and slide["bottom"] <= 1 and slide["right"] <= 1 and slide["top"] >= 0, slide
    asked = page.evaluate("document.querySelectorAll('.reveal .predict').length")
    assert asked >= 6
    for k in range(asked):
        page.evaluate(
            """k => {
                const { h, v } = Reveal.getIndices(document.querySelectorAll('.reveal .predict')[k].closest('section'));
                Reveal.slide(h, v);
            }""",
            k,
        )
        here = page.locator("section.present section.present .predict")
        here.locator("input").first.check()
        here.get_by_role("button", name="Reveal").first.click()
        page.wait_for_timeout(150)
        box = here.locator(".picture").bounding_box()
        assert box["width"] * box["height"] >= 0.4 * 1280 * 720 and box["y"] + box["height"] <= 721
    page.evaluate(
        """() => {
            const film = [...document.querySelectorAll('.film')].find(film => film.querySelectorAll('[data-step]').length > 1
                && !film.closest('.predict'));
            const { h, v } = Reveal.getIndices(film.closest('section'));
            Reveal.slide(h, v);
        }"""
    )
    page.keyboard.press("2")
    pressed = page.locator("section.present section.present .film [data-step]").nth(1)
    assert pressed.get_attribute("aria-pressed") == "true"


def test_the_talk_prints_as_a_handout_with_its_notes(offline):
    page = offline("lecture.html")
    page.wait_for_selector("html[data-slides]", state="attached")
    page.emulate_media(media="print")
    boxes = page.evaluate(
        """[...document.querySelectorAll('section section')].map(slide => {
            const { top, bottom, width } = slide.getBoundingClientRect();
            return [top, bottom, width, [...slide.querySelectorAll('.notes')].every(node => node.offsetHeight > 20)];
        })"""
    )
    assert len(boxes) >= 24 and all(notes and width > 200 for _, _, width, notes in boxes)
    assert all(before[1] <= after[0] + 1 for before, after in zip(boxes, boxes[1:])), "one below the other"
    page.pdf(prefer_css_page_size=True)
