"""Quick sequences over several controls of a lab in JupyterLab: it settles on the crisp picture of its values.

A few labs in CI; HYPOTHESIS_PROFILE=nightly takes all of them, 2,000 sequences. Alone, for other numbers:
python -m pytest tests/browser/test_sequences.py -n 0 -s, with SEQUENCES=80 for each lab and LABS=ridge_lab,phase_lab.
"""

import json
import os
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from jupyter_page import NotebookPage, jupyterlab
from pictures import same_picture
from test_labs import NAMES, make

from ddlib import figures

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SOME = "ridge_lab,polynomial_lab,phase_lab,ablation_lab"
LABS = os.environ.get("LABS", ",".join(NAMES) if NIGHTLY else SOME).split(",")
# for each lab: idle, while short cells run, while a long one does
SEQUENCES = int(os.environ.get("SEQUENCES", 75 if NIGHTLY else 3))
KEYS = ["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End"]
DENSITY = figures.PIXELS_PER_CSS_PIXEL
FRONT = """lab => {
    const image = [...lab.querySelectorAll('.widget-image')].filter(image => image.style.visibility == 'visible')
        .sort((a, b) => a.style.order - b.style.order).at(-1);
    return [image.src, image.complete && image.naturalWidth == DENSITY * parseFloat(image.style.width)];
}""".replace("DENSITY", str(DENSITY))

STATE = "state(labs[%r])"
START = f"""
import sys, json, threading, time
sys.path[:0] = {[str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "labs")]!r}
from ddlib import figures
from ddlib.live.screen import Screen
from test_labs import make
figures.use_style()
labs, threads, show = {{}}, [], Screen.show
def counted(*arguments):
    threads.append(threading.current_thread() is threading.main_thread())
    return show(*arguments)
Screen.show = counted
def state(lab):
    found = {{name: control.index if hasattr(control, "options") else control.value for name, control in lab.controls.items()}}
    return found if lab._seed is None else {{**found, "seed": lab._seed}}
"""


@pytest.fixture(scope="module")
def page_of_labs(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("sequences")
    (home / "notebooks").mkdir()
    sources = [START, *(f"labs[{name!r}] = make({name!r})\nlabs[{name!r}]" for name in LABS)]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), home / "notebooks" / "labs.ipynb")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with jupyterlab(home / "notebooks", home) as address:
        notebook = NotebookPage(context, address("labs.ipynb"))
        notebook.run_all(seconds=300)
        yield notebook
        assert notebook.errors == []
        context.close()


def told(notebook, expression):
    """What the kernel says, as soon as it is free."""
    text = notebook.page.evaluate(
        """async code => {
        const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        const reply = await kernel.requestExecute({code: '', user_expressions: {it: code}}).done;
        return reply.content.user_expressions.it.data['text/plain'];
    }""",
        f"json.dumps({expression})",
    )
    return json.loads(text[1:-1].replace("\\\\", "\\").replace("\\'", "'"))


def act(notebook, lab, rng):
    """Several controls, one shortly after the other."""
    done = []
    sliders = lab.query_selector_all(".noUi-handle")
    buttons = [
        button
        for button in lab.query_selector_all(".ddlib-live button")
        if button.inner_text().strip() not in ("Train", "Stop")
    ]
    for _ in range(rng.integers(2, 7)):
        if rng.random() < 0.7 or not buttons:
            handle, key = sliders[rng.integers(len(sliders))], str(rng.choice(KEYS, p=[0.3, 0.3, 0.15, 0.15, 0.05, 0.05]))
            handle.focus()
            notebook.page.keyboard.press(key)
            done.append(key)
        else:
            button = buttons[rng.integers(len(buttons))]
            button.evaluate("button => button.click()")
            done.append(button.inner_text().strip())
        notebook.page.wait_for_timeout(float(rng.choice([0, 0, 20, 60, 150, 300])))
    return done


def settled(notebook, lab, seconds=8):
    """The picture that no longer changes, and whether it is the crisp one."""
    seen, same = None, 0
    for _ in range(int(seconds / 0.1)):
        notebook.page.wait_for_timeout(100)
        before, seen = seen, lab.evaluate(FRONT)
        same = same + 1 if seen == before else 0
        if same >= 4 and seen[1] or same >= 20:
            break
    return seen


def run(notebook, *cells):
    """Ask the kernel to run cells, and do not wait for them."""
    notebook.page.evaluate(
        """cells => {
        const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        for (const code of cells) kernel.requestExecute({code});
    }""",
        cells,
    )


def short_cells(rng):
    """The kernel is busy and free in turn, so that it takes messages in two threads; and cells draw as well."""
    return [
        f"time.sleep({rng.uniform(0.02, 0.25):.3f})"
        if rng.random() < 0.7
        else "drawn = make('novelty_lab'); drawn._repr_mimebundle_(); drawn.close()"
        for _ in range(12)
    ]


@pytest.mark.parametrize("name", LABS)
def test_sequences_settle_on_the_picture_of_their_values(page_of_labs, name):
    notebook, rng = page_of_labs, np.random.default_rng(LABS.index(name))
    lab = notebook.cell(1 + LABS.index(name))
    lab.wait_for_selector(".widget-image:visible")
    wrong, blurred, late = [], [], []
    with matplotlib.rc_context():
        figures.use_style()
        alone = make(name)
        for sequence in range(SEQUENCES):
            if sequence % 3 == 1:
                run(notebook, *short_cells(rng))
            if working := sequence % 3 == 2:
                run(notebook, "time.sleep(3.5)")
            done = act(notebook, lab, rng)
            picture, crisp = settled(notebook, lab)
            if working and not told_free(notebook) and not crisp:
                late.append(done)
            values, before = told(notebook, STATE % name), None
            while values != before:  # the last message may still be under way
                picture, crisp = settled(notebook, lab)
                before, values = values, told(notebook, STATE % name)
            put(alone, values)
            if not crisp:
                blurred.append((done, values))
            elif not same_picture(picture, alone.picture.frame()):
                wrong.append((done, values))
    main = told(notebook, "[threads.count(True), threads.count(False)]")
    print(
        f"{name}: {SEQUENCES} sequences, {len(wrong)} wrong, {len(blurred)} left blurred; pictures so far in the main "
        f"thread {main[0]}, beside it {main[1]}"
    )
    assert not wrong and not blurred
    assert not late, "a cell that runs keeps the crisp picture waiting"


def put(lab, values):
    """Set a lab's controls as another's were told to be."""
    for name, value in values.items():
        if name == "seed":
            lab.set(seed=value)
        elif hasattr(lab.controls[name], "options"):
            lab.controls[name].index = value
        else:
            lab.controls[name].value = value
    assert lab.error is None


def told_free(notebook):
    return notebook.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status") == "idle"
