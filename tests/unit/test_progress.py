"""The reader's answers: whole after a kill, merged between kernels, set aside when damaged, never lost."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from ddlib import progress
from ddlib.course.exercises import EXERCISES, grade
from ddlib.course.questions import Check, Predict
from ddlib.progress import Answers

FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "my-progress.json"


def stored(path):
    return json.loads(path.read_text(encoding="utf-8"))["answers"]


def beside(path):
    return sorted(other.name for other in path.parent.iterdir() if not other.name.startswith("."))


def python(program, path, **options):
    """Start a Python of its own over the same file."""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DDLIB_PROGRESS": str(path)},
        **options,
    )


def test_another_kernel_finds_the_answers(path):
    answers = Answers(path)
    answers["01-count"] = {"choice": "Large on both", "right": False}
    answers["02-drawing"] = {"h17": 1e7, "reveal": False}
    again = Answers(path)
    assert dict(again) == {"01-count": {"choice": "Large on both", "right": False}, "02-drawing": {"h17": 1e7, "reveal": False}}
    assert again.notice == "" and len(again) == 2 and "01-count" in again and "01-other" not in again


def test_the_file_can_be_read_by_a_human(path):
    answers = Answers(path)
    answers["02-parts"] = {"choice": "bias² falls – 偏差² ✓ 🎲"}
    text = path.read_text(encoding="utf-8")
    assert "bias² falls – 偏差² ✓ 🎲" in text and "progress.reset()" in text and text.count("\n") > 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(
    name=st.text(st.characters()),
    answer=st.dictionaries(
        st.text(),
        st.one_of(
            st.text(st.characters()),
            st.integers(),
            st.booleans(),
            st.none(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.lists(st.text()),
        ),
    ),
)
def test_any_text_and_number_comes_back(tmp_path, name, answer):
    path = tmp_path / "my-progress.json"
    answers = Answers(path)
    answers[name] = answer
    assert Answers(path)[name] == answer and answers.notice == ""


def test_half_of_a_surrogate_pair_comes_back(path):
    Answers(path)["a"] = {"choice": "\ud83d"}
    assert Answers(path)["a"] == {"choice": "\ud83d"}


@pytest.mark.parametrize("answer", [{"x": object()}, {"x": {1, 2}}, {"x": float("nan")}])
def test_what_json_cannot_hold_is_refused(path, answer):
    answers = Answers(path)
    answers["kept"] = {"choice": "yes"}
    with pytest.raises(ValueError):
        answers["bad"] = answer
    assert dict(answers) == {"kept": {"choice": "yes"}} == stored(path)


def test_two_kernels_keep_each_others_answers(path):
    one, two = Answers(path), Answers(path)
    one["a"] = {"choice": "1"}
    two["b"] = {"choice": "2"}
    one["c"] = {"choice": "3"}
    assert stored(path) == {"a": {"choice": "1"}, "b": {"choice": "2"}, "c": {"choice": "3"}}
    assert dict(one) == dict(two) == stored(path)
    two["a"] = {"choice": "4"}
    assert one["a"] == {"choice": "4"}


def test_many_writers_at_once_lose_nothing(path):
    program = """
import sys
from ddlib.progress import given
for i in range(25):
    given[f"{sys.argv[1]}-{i}"] = {"choice": sys.argv[1]}
    assert given.notice == "", given.notice
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(writer)], env={**os.environ, "DDLIB_PROGRESS": str(path)})
        for writer in range(4)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4
    assert stored(path) == {f"{writer}-{i}": {"choice": str(writer)} for writer in range(4) for i in range(25)}
    assert beside(path) == [path.name]


@pytest.mark.parametrize("where", ["os.replace", "os.fsync"])
def test_killed_while_writing_the_old_answers_are_whole(path, where):
    """Killed between writing the new file and putting it in its place, and before it is all on the disk."""
    Answers(path)["old"] = {"choice": "kept"}
    program = f"""
import os, signal
from ddlib.progress import given
{where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
given["new"] = {{"choice": "lost"}}
"""
    killed = python(program, path)
    assert killed.wait(timeout=60) == -signal.SIGKILL
    assert stored(path) == {"old": {"choice": "kept"}}
    assert list(path.parent.glob(".*.new"))
    after = Answers(path)
    after["next"] = {"choice": "written"}  # its lock was let go, and what it left is tidied
    assert stored(path) == {"old": {"choice": "kept"}, "next": {"choice": "written"}}
    assert not list(path.parent.glob(".*.new"))


def test_killed_at_any_moment_the_file_is_whole(path):
    program = """
from ddlib.progress import given
print("ready", flush=True)
for i in range(10**6):
    given["count"] = {"choice": "x" * 5000, "i": i}
"""
    for _ in range(5):
        writer = python(program, path)
        assert writer.stdout.readline() == "ready\n"
        while not path.exists():
            pass
        writer.kill()
        writer.wait()
        assert len(stored(path)["count"]["choice"]) == 5000
    assert beside(path) == [path.name]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"answers": []}',
        b'{"answers": {"a": 3}}',
        b"\xff\xfe",
        b'{"answers": {"a": {"choice": "1"',
        b"[" * 100_000,
        b"\x00" * 50,
    ],
)
def test_a_damaged_file_is_set_aside(path, text):
    path.write_bytes(text)
    answers = Answers(path)
    assert dict(answers) == {}
    (aside,) = path.parent.glob("my-progress.damaged-*.json")
    assert aside.read_bytes() == text
    assert f"kept as {aside.name}" in answers.notice
    answers["a"] = {"choice": "1"}
    assert stored(path) == {"a": {"choice": "1"}} and aside.read_bytes() == text
    path.write_bytes(text)  # once more, in the same second
    answers["b"] = {"choice": "2"}
    assert [other.read_bytes() for other in path.parent.glob("my-progress.damaged-*.json")] == [text, text]
    assert stored(path)["b"] == {"choice": "2"}


def test_the_word_of_a_damaged_file_reaches_the_reader(path, monkeypatch):
    path.write_text("not JSON")
    answers = Answers(path)
    monkeypatch.setattr("ddlib.course.questions.given", answers)
    question = Check("a", "Which?", "yes", {"yes": "Yes.", "no": "No."})
    question._radio.value = "yes"
    assert "✓ Right" in question._reply.value
    assert "was damaged. It is kept as my-progress.damaged-" in question._reply.value
    assert "was damaged" in progress.page(FOLDER, answers).page


def no_place(tmp_path, kind):
    """A path where nothing can be written, also for root."""
    if kind == "the folder is missing":
        return tmp_path / "nowhere" / "my-progress.json"
    if kind == "the folder is a file":
        (tmp_path / "file").write_text("")
        return tmp_path / "file" / "my-progress.json"
    if kind == "a folder has the name":
        (tmp_path / "my-progress.json").mkdir()
        return tmp_path / "my-progress.json"
    if os.geteuid() == 0:
        return Path("/proc/my-progress.json")  # root may write everywhere but there
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(stat.S_IRUSR | stat.S_IXUSR)
    return tmp_path / "locked" / "my-progress.json"


@pytest.mark.parametrize("kind", ["the folder is missing", "the folder is a file", "a folder has the name", "read-only"])
def test_where_nothing_can_be_written_the_notebook_works(tmp_path, monkeypatch, kind):
    answers = Answers(no_place(tmp_path, kind))
    for module in ("questions", "exercises"):
        monkeypatch.setattr(f"ddlib.course.{module}.given", answers)
    question = Check("a", "Which?", "yes", {"yes": "Yes.", "no": "No."})
    question._radio.value = "no"
    assert "✗ Not quite" in question._reply.value and "lasts only until the notebook is closed" in question._reply.value
    guess = Predict("b", "Which?", ["yes", "no"], "yes", "Yes.")
    guess._buttons["no"].click()
    guess._show.click()
    assert "What happens" in guess._reply.value and "cannot be written" in guess._reply.value
    verdict = grade("01-network", EXERCISES["01-network"].reference)
    assert verdict.right and "cannot be written" in repr(verdict)
    assert answers["a"] == {"choice": "no", "right": False} and answers["01-network"] == {"solved": True}
    assert "1 of" in progress.page(FOLDER, answers).page
    assert "changed" in repr(progress.reset(answers)) or len(answers) == 0


def test_a_read_only_folder_as_an_error_of_the_system(path, monkeypatch):
    """What a read-only folder does, also where the tests run as root."""
    answers = Answers(path)
    answers["a"] = {"choice": "kept"}

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        answers["b"] = {"choice": "in memory"}
        assert "Permission denied" in answers.notice
        assert dict(answers) == {"a": {"choice": "kept"}, "b": {"choice": "in memory"}}
        assert "nothing has changed" in repr(progress.reset(answers))
        assert stored(path) == {"a": {"choice": "kept"}}
    answers["c"] = {"choice": "later"}  # it can be written again: all of it is
    assert answers.notice == "" and set(stored(path)) == {"a", "b", "c"}


def test_a_notebook_waits_for_a_pause_to_write(path):
    async def drag():
        answers = Answers(path)
        for height in range(100):
            answers["02-drawing"] = {"h17": height}
        assert not path.exists() and answers["02-drawing"] == {"h17": 99}
        await asyncio.sleep(0.5)
        assert stored(path) == {"02-drawing": {"h17": 99}}
        answers["02-drawing"] = {"h17": 7}
        answers.save()
        assert stored(path) == {"02-drawing": {"h17": 7}}

    asyncio.run(drag())


def test_what_waits_is_written_when_the_kernel_ends(path):
    program = """
import asyncio
from ddlib.progress import given
async def answer():
    given["a"] = {"choice": "at the last moment"}
asyncio.run(answer())
"""
    assert python(program, path).wait(timeout=60) == 0
    assert stored(path) == {"a": {"choice": "at the last moment"}}


def test_reset_keeps_a_backup(path):
    answers, other = Answers(path), Answers(path)
    answers["a"] = {"choice": "old"}
    assert other["a"] == {"choice": "old"}
    words = repr(progress.reset(answers))
    (backup,) = path.parent.glob("my-progress.backup-*.json")
    assert backup.name in words and stored(backup) == {"a": {"choice": "old"}}
    assert dict(answers) == dict(other) == {}
    other["b"] = {"choice": "new"}  # another open notebook does not bring the old answers back
    assert stored(path) == {"b": {"choice": "new"}}
    assert "All answers are cleared." in repr(progress.reset(Answers(path.parent / "none.json")))
    assert len(list(path.parent.glob("*.json"))) == 2


@pytest.mark.parametrize(
    "setting, expected",
    [("off", None), ("OFF ", None), ("", "my-progress.json"), ("answers.json", "answers.json"), (".", "my-progress.json")],
)
def test_where_the_answers_live(tmp_path, setting, expected):
    program = "from ddlib.progress import given; print(given.path)"
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "DDLIB_PROGRESS": setting},
    ).stdout.strip()
    assert found == str(None if expected is None else tmp_path.resolve() / expected)
    assert list(tmp_path.iterdir()) == []  # reading leaves nothing behind


def test_the_tests_use_no_readers_file():
    assert progress.given.path is None
