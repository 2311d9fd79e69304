"""Every exercise has a solution that its check accepts; the stub and typical wrong answers are told what they are."""

import ast
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

import ddlib.course
from ddlib.course.exercises import EXERCISES, FillIn, Number, grade
from ddlib.course.questions import Check, Predict
from ddlib.progress import Answers

FOLDER = Path(__file__).parents[2] / "notebooks"
COURSE = sorted(FOLDER.glob("[0-9]*.ipynb"))
FILL_INS = [exercise for exercise in EXERCISES.values() if isinstance(exercise, FillIn)]
NUMBERS = [exercise for exercise in EXERCISES.values() if isinstance(exercise, Number)]
WRONG = [
    pytest.param(exercise, wrong, id=f"{exercise.name}-{place}")
    for exercise in EXERCISES.values()
    for place, wrong in enumerate(exercise.wrong, 1)
]


@pytest.fixture(autouse=True)
def answers(monkeypatch, tmp_path):
    """Answers of a reader of our own."""
    answers = Answers(tmp_path / "my-progress.json")
    monkeypatch.setattr("ddlib.course.exercises.given", answers)
    monkeypatch.setattr("ddlib.course.questions.given", answers)
    return answers


def sections(path):
    """The cells of a notebook under each of its exercises' headings."""
    found, heading = {}, None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            name = re.search(r"^### (Exercise .+)$", cell.source, re.MULTILINE)
            heading = name[1] if name else heading if not re.search(r"^##", cell.source, re.MULTILINE) else None
        if heading:
            found.setdefault(heading, []).append(cell)
    return found


def calls(cell, *names):
    """The calls of these names in a cell, as syntax trees."""
    if cell.cell_type != "code":
        return []
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def graded(cells):
    """Names of what `grade` grades in cells."""
    return [call.args[0].value for cell in cells for call in calls(cell, "grade")]


def asked(cells, *kinds):
    """The questions in cells, as a reader has them."""
    return [eval(ast.unparse(call), {"Check": Check, "Predict": Predict}) for cell in cells for call in calls(cell, *kinds)]


def with_exercises():
    return [path for path in COURSE if sections(path)]


def plain(html):
    return re.sub("<[^>]*>", "", html)


def test_there_are_exercises():
    assert {path.name[:2] for path in with_exercises()} >= {f"{number:02}" for number in range(1, 9)}
    assert FILL_INS and NUMBERS


@pytest.mark.parametrize("path", with_exercises(), ids=lambda path: path.stem)
class TestNotebooks:
    def test_three_to_five_of_them_before_the_takeaways(self, path):
        cells = nbformat.read(path, as_version=4).cells
        parts = [
            cell.source.splitlines()[0] for cell in cells if cell.cell_type == "markdown" and cell.source.startswith("## ")
        ]
        assert parts[-2:] == ["## Exercises", "## Takeaways"]
        assert 3 <= len(sections(path)) <= 5
        assert [name.split()[1] for name in sections(path)] == [
            f"{int(path.name[:2])}.{count}" for count in range(1, len(sections(path)) + 1)
        ]
        end = next(place for place, cell in enumerate(cells) if cell.source == "## Takeaways")
        assert cells[end - 1].source == "progress.page()"

    def test_they_fade_and_are_of_every_kind(self, path):
        cells = [cell for part in sections(path).values() for cell in part]
        kinds = {type(EXERCISES[name]) for name in graded(cells)}
        assert kinds == {FillIn, Number} and asked(cells, "Predict") and asked(cells, "Check")
        given_lines = [
            len(cell.source.splitlines())
            for cell in cells
            if calls(cell, "grade") and isinstance(EXERCISES[graded([cell])[0]], FillIn)
        ]
        assert given_lines[0] > given_lines[-1]

    def test_each_is_graded_and_has_a_solution(self, path):
        exercises, solutions = sections(path), sections(FOLDER / "solutions" / path.name)
        assert list(exercises) == list(solutions)
        for heading, cells in exercises.items():
            assert graded(cells) or asked(cells, "Check"), heading
            assert graded(cells) == graded(solutions[heading])
            told = "\n".join(cell.source for cell in solutions[heading] if cell.cell_type == "markdown")
            for question in asked(cells, "Predict", "Check"):
                assert f"**{question._right}" in told, heading

    def test_a_stub_runs_and_is_not_yet_an_answer(self, path, answers):
        for cells in sections(path).values():
            for cell in cells:
                if calls(cell, "grade"):
                    assert run(cell).right is None
        assert len(answers) == 0

    def test_a_solution_does_not_count_as_the_readers(self, path, answers):
        for cells in sections(FOLDER / "solutions" / path.name).values():
            for call in (call for cell in cells for call in calls(cell, "grade")):
                assert [ast.unparse(option) for option in call.keywords] == ["record=False"]

    def test_a_choice_has_one_right_answer_and_two_misconceptions(self, path):
        for cells in sections(path).values():
            for question in asked(cells, "Check"):
                verdicts = {}
                for choice in question.choices:
                    question._radio.value = choice
                    verdicts[choice] = plain(question._reply.value)
                assert [choice for choice in verdicts if verdicts[choice].startswith("✓")] == [question._right]
                assert len(set(verdicts.values())) >= 3
            for question in asked(cells, "Predict"):
                assert len(question.choices) >= 3


def run(cell, rng=None):
    """Run a cell that ends in grade, after what it imports, and return the verdict."""
    names = {"np": np, "grade": partial(grade, rng=rng)}
    exec("from ddlib.fit import *", names)
    *body, last = ast.parse(cell.source).body
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def solved():
    """Every name with the cell that solves it, and with those before it, whose functions it may use."""
    return {
        name: [cell for part in list(sections(path).values()) for cell in part if graded([cell])]
        for path in sorted((FOLDER / "solutions").glob("*.ipynb"))
        for part in sections(path).values()
        for name in graded(part)
    }


@pytest.mark.parametrize("name", EXERCISES)
def test_the_check_accepts_the_solution_on_any_data(name):
    cells = solved()[name]
    end = [graded([cell])[0] for cell in cells].index(name) + 1
    together = nbformat.v4.new_code_cell("\n".join(cell.source for cell in cells[:end]))
    for seed in range(25):
        verdict = run(together, np.random.default_rng(seed))
        assert verdict.right is True, repr(verdict)


@pytest.mark.parametrize("exercise, wrong", WRONG)
def test_a_typical_wrong_answer_is_recognised_on_any_data(exercise, wrong):
    for seed in range(25):
        verdict = grade(exercise.name, wrong.answer, rng=np.random.default_rng(seed))
        assert verdict.right is False
        assert wrong.words in verdict.words, f"seed {seed}: {verdict!r}"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_there_are_two_wrong_answers_with_different_words(exercise):
    assert len({wrong.words for wrong in exercise.wrong}) >= 2


@pytest.mark.parametrize("exercise", FILL_INS, ids=lambda exercise: exercise.name)
class TestFillIns:
    def test_fresh_data_in_several_sizes(self, exercise):
        first, second = (exercise.draw(np.random.default_rng(seed)) for seed in (0, 1))
        assert len(first) >= 3
        flat = [
            np.concatenate([np.ravel(part).astype(float) for part in data if not isinstance(part, list)] or [np.ravel(data[0])])
            for _, data in (first[-1], second[-1])
        ]
        assert flat[0].shape != flat[1].shape or (flat[0] != flat[1]).any()

    def test_the_readers_data_are_its_own(self, exercise):
        """A function that writes into its arguments does not spoil the reference."""

        def greedy(*data):
            result = exercise.reference(*data)
            for part in data:
                if isinstance(part, np.ndarray):
                    part[:] = 0
            return result

        assert grade(exercise.name, greedy, rng=np.random.default_rng(0)).right is True

    def test_an_error_is_told_kindly(self, exercise):
        def divides(*data):
            return 1 / 0

        verdict = grade(exercise.name, divides)
        assert verdict.right is False
        assert "stopped with an error" in repr(verdict) and "ZeroDivisionError: division by zero" in repr(verdict)
        assert "return 1 / 0" in repr(verdict)

    @pytest.mark.parametrize(
        "answer",
        [
            lambda *data: "a string",
            lambda *data: np.zeros((3, 3, 3)),
            lambda *data: np.full(5, np.nan),
            lambda *data: (1, 2, 3),
            lambda *data: [[1], [2, 3]],
            lambda *data: {"a": 1},
            lambda *data: object(),
            lambda: 0,
            lambda *data: data,
            lambda *data: exec("raise SystemError"),
            3,
            "text",
            [1],
            np.zeros(3),
            lambda *data: np.array([]),
            lambda *data: 1j,
            lambda *data: np.inf,
            int,
            print,
        ],
        ids=[f"answer-{k}" for k in range(19)],
    )
    def test_nothing_is_raised(self, exercise, answer):
        verdict = grade(exercise.name, answer)
        assert verdict.right is not True and len(repr(verdict)) > 20


@pytest.mark.parametrize(
    "name",
    [
        "01-network",
        "01-accuracy",
        "02-parts",
        "02-test-error",
        "02-median-error",
        "03-smallest-fit",
        "03-exact-error",
        "04-ruler",
        "04-step",
        "04-enough",
        "05-factors",
        "05-cutoff",
        "05-smallest-value",
        "06-loop",
        "06-ends",
        "06-risks",
        "07-forward",
        "07-slope",
        "07-tangent",
        "08-rows",
        "08-expected",
        "08-count-them",
    ],
)
def test_a_case_that_hides_a_slip_is_among_them(name):
    """Some typical wrong answer is right at some of the data, and is found out by the others."""
    verdicts = [repr(grade(name, wrong.answer, rng=np.random.default_rng(0))) for wrong in EXERCISES[name].wrong]
    assert all("✗" in verdict for verdict in verdicts)
    assert any("It is right at" in verdict for verdict in verdicts)


def test_a_function_that_calls_itself_for_ever():
    def again(sizes):
        return again(sizes)

    assert "RecursionError" in repr(grade("01-network", again))


def test_what_differs_is_said():
    assert "an array of shape (2,); wanted is a single number" in repr(grade("01-network", lambda sizes: [1, 2]))
    assert "returns a str, which is not an array of numbers" in repr(grade("01-network", lambda sizes: "x"))
    assert "wanted are 2 values: bias², variance" in repr(grade("02-parts", lambda fits, truth: 1.0))
    assert "without parentheses" in repr(grade("01-network", 1200))
    lucky = repr(grade("01-network", lambda sizes: sum(m * n + 1 for m, n in zip(sizes, sizes[1:]))))
    assert "It is right at sizes = [" in lucky and ", 1]" in lucky


def test_words_of_the_readers_are_escaped():
    def evil(*data):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in grade("01-network", evil).words
    assert "<script>" not in grade("01-threshold", "<script>").words


@pytest.mark.parametrize("exercise", NUMBERS, ids=lambda exercise: exercise.name)
class TestNumbers:
    def test_both_ends_are_accepted_and_what_lies_beyond_is_not(self, exercise):
        low, high = exercise.find()
        assert grade(exercise.name, low).right and grade(exercise.name, high).right
        assert not grade(exercise.name, low - 1).right and not grade(exercise.name, high + 1).right

    @drawn(
        answer=st.one_of(
            st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.complex_numbers(), st.lists(st.integers())
        )
    )
    def test_anything_gets_an_answer(self, exercise, answer):
        low, high = exercise.find()
        verdict = exercise.judge(answer)
        is_number = isinstance(answer, (int, float)) and not isinstance(answer, bool)
        assert verdict.right == (None if answer is None else is_number and low <= answer <= high)
        assert verdict.words


def test_what_is_remembered(answers):
    grade("01-network", lambda sizes: 0)
    assert answers["01-network"] == {"solved": False}
    grade("01-network", EXERCISES["01-network"].reference)
    assert answers["01-network"] == {"solved": True}
    grade("01-network", lambda sizes: 0)
    assert answers["01-network"] == {"solved": True}
    grade("01-threshold", 200)
    assert answers["01-threshold"] == {"solved": True, "answer": 200.0}
    grade("03-norms", EXERCISES["03-norms"].reference, record=False)
    assert "03-norms" not in answers
    assert dict(Answers(answers.path)) == dict(answers)


def test_exercises_and_progress_know_nothing_of_pictures_and_sliders():
    program = "import sys, ddlib.progress; print(*sorted({module.split('.')[0] for module in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "ddlib" in loaded and not {"matplotlib", "ipywidgets", "PIL"} & set(loaded)
    folder = Path(ddlib.course.exercises.__file__).parent
    used = {
        module
        for path in folder.glob("*.py")
        for module in re.findall(r"^(?:from|import) (\w+(?:\.\w+)?)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert "ddlib.fit" in used and not {"matplotlib", "ipywidgets", "ddlib.figures", "ddlib.live", "ddlib.labs"} & used


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="'01-nothing'.*01-network"):
        grade("01-nothing", 1)


def test_the_lab_finds_the_same_threshold():
    """With the random labels and features of the lab itself."""
    from ddlib import labs

    lab = labs.memory_lab()
    reached = []
    for P in (100, 150, 200):
        lab.set(shuffled=100, P=P)
        reached.append("100 % of the 200 training digits as labelled" in lab.readout)
    assert reached == [False, False, True]
    assert grade("01-threshold", 200).right


def test_the_bias_variance_lab_finds_the_same_number():
    from ddlib import labs

    lab = labs.bias_variance_lab(P=11, sigma=0.4)
    for seed in (0, 1):
        for N in range(40, 70):
            lab.set(N=N, seed=seed)
            if float(re.search(r"test error ([\d.]+) =", lab.readout)[1]) < 0.3:
                break
        assert grade("02-examples", N).right, N


def test_the_polynomial_lab_finds_the_same_number():
    from ddlib import labs

    lab = labs.polynomial_lab()

    def median(P):
        lab.set(P=P)
        return float(re.search(r"30 training sets: ([\de.]+)\.", lab.readout)[1])

    alone = median(1)
    assert grade("03-descent", next(P for P in range(16, 60) if median(P) < alone)).right


def test_the_linear_lab_finds_the_same_number():
    from ddlib import labs

    lab = labs.linear_lab(sigma=0.2)
    for seed in (0, 1):
        lab.set(N=30, seed=seed)
        assert grade("04-turn", int(re.search(r"the first (\d+) of these", lab.readout)[1])).right


def test_the_ablation_lab_finds_the_same_number():
    from ddlib import labs

    lab, below = labs.ablation_lab(), []
    for k in range(1, 21):
        lab.set(cutoff=0.0, keep=k)
        if float(re.search(r"now ([\d.e]+); at N = 39", lab.readout)[1]) < 2:
            below.append(k)
    assert grade("05-modes", max(below)).right


def test_the_epochs_lab_finds_the_same_number():
    from ddlib import labs

    lab = labs.epochs_lab(sigma=1.5)
    lowest = {}
    for N in range(90, 201, 10):
        lab.set(N=N)
        lowest[N] = float(re.search(r"Lowest at t = ([\de.]+):", lab.readout)[1])
    assert 30 < lowest[100] < 60  # the early low
    assert grade("06-wait", next(N for N in lowest if lowest[N] > 1000)).right


def test_the_lab_of_rulers_finds_the_same_number():
    from ddlib import labs

    lab, counts = labs.axis_lab(), {}
    for _, P in lab.controls["P"].options:
        lab.set(P=P)
        counts[P] = float(re.search(r"([\de.]+) on test points", lab.readout)[1])
    assert counts[7] == 25.2
    assert grade("08-twin", min((P for P in counts if P > 15), key=lambda P: abs(np.log(counts[P] / 25.2)))).right


def test_the_features_lab_finds_the_same_number():
    from ddlib import labs

    lab, spoilt = labs.features_lab(), []

    def misread(P):
        lab.set(P=P)
        return int(re.search(r"(\d+) % of the new digits read wrongly", lab.readout)[1])

    grid = [P for _, P in lab.controls["P"].options]
    for noise in range(0, 60, 10):
        lab.set(noise=noise)
        if min(misread(P) for P in grid if P < 200) < misread(grid[-1]):
            spoilt.append(noise)
    assert spoilt == [30, 40, 50] and grade("07-noise", spoilt[0]).right
