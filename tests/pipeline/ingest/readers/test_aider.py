from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.aider_history import chats
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.repository import Repository
from codeedit.pipeline.ingest.tasks import session_tasks
from codeedit.records import EditEvent, Origin

START = "# aider chat started at 2024-08-05 19:33:02\n\n"


def turn(words, *output):
    asked = "".join(f"#### {line}  \n" for line in words.split("\n"))
    return f"\n{asked}\nSome reply.\n\n" + "".join(f"> {line}  \n" for line in output)


def read(path):
    quarantine = Quarantine()
    sessions = list(read_sessions(path, quarantine=quarantine))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return sessions, quarantine


def requests(text):
    return [request for chat in chats(text.splitlines(keepends=True)) for request in chat]


@pytest.fixture
def chat(git):
    """A repository with two commits of a chat, and a function that writes the history."""
    repository = git()
    repository.write(a_py="def f():\n    return 1\n", **{".gitignore": ".aider*\n"}).commit()
    repository.write(a_py="def f():\n    return 2\n")
    first = repository.commit("feat: two")[:7]
    repository.write(a_py="def f():\n    return 3\n")
    second = repository.commit("feat: three")[:7]

    def write(text):
        (repository.folder / ".aider.chat.history.md").write_text(START + text)
        return repository.folder

    return write, first, second


def test_message_is_the_hint_and_the_commit_the_edit(chat):
    write, first, second = chat
    folder = write(
        turn("return two", "Applied edit to a.py", f"Commit {first} feat: two")
        + turn("/code return\nthree", "Applied edit to a.py", f"Commit {second} feat: three")
    )
    (session,), quarantine = read(folder)
    edits = [event for event in session.events if isinstance(event, EditEvent)]
    assert [(edit.hint, edit.origin) for edit in edits] == [
        ("return two", Origin.SYNTHETIC),
        ("return\nthree", Origin.SYNTHETIC),
    ]
    assert replay(session) == {"a.py": "def f():\n    return 3\n"}
    assert [task.hint for task in session_tasks(session).tasks] == ["return two", "return\nthree"]
    assert (quarantine.read, quarantine.records) == (2, [])


def test_history_beside_the_repository_may_be_named_itself(chat):
    write, first, _ = chat
    folder = write(turn("two", "Applied edit to a.py", f"Commit {first} feat: two"))
    assert len(read(folder / ".aider.chat.history.md")[0]) == 1


def test_commit_that_was_taken_back_is_counted(chat):
    write, first, _ = chat
    folder = write(
        turn("two", "Applied edit to a.py", f"Commit {first} feat: two")
        + turn("/undo", f"Removed: {first} feat: two")
    )
    sessions, quarantine = read(folder)
    assert (sessions, quarantine.reasons()) == ([], {"commit was undone": 1})


def test_commit_that_the_repository_does_not_have_is_counted(chat):
    write, *_ = chat
    folder = write(turn("two", "Applied edit to a.py", "Commit 0123abc feat: two"))
    assert read(folder)[1].reasons() == {"commit is not in the repository": 1}


@pytest.mark.parametrize("merge", [False, True])
def test_commit_without_changes_is_read_and_so_is_the_next(git, merge):
    repository = git()
    repository.write(a_py="x = 1\n").commit()
    if not merge:
        repository.run("commit", "-q", "--allow-empty", "-m", "nothing")
    else:
        repository.run("checkout", "-q", "-b", "side")
        repository.run("commit", "-q", "--allow-empty", "-m", "side")
        repository.run("checkout", "-q", "main")
        repository.run("merge", "-q", "--no-ff", "-m", "merge", "side")
    first = repository.run("rev-parse", "HEAD")
    second = repository.write(a_py="x = 2\n").commit()
    with Repository(repository.folder / ".git") as opened:
        assert [opened.commit(name[:7]).count for name in (first, second)] == [0, 1]


def test_commit_after_a_damaged_one_is_read(chat):
    write, first, second = chat
    git = write("") / ".git"
    with Repository(git) as opened:
        damaged = opened._object(f"{second}^{{tree}}").id
    (git / "objects" / damaged[:2] / damaged[2:]).unlink()
    with Repository(git) as opened:
        with pytest.raises(Unreadable, match="not in the repository"):
            opened.commit(second)
        assert opened.commit(first).count == 1


def test_branch_named_like_a_commit_is_not_taken_for_it(git):
    repository = git()
    repository.write(a_py="x = 1\n").commit()
    repository.run("branch", "deadbee")
    with Repository(repository.folder / ".git") as opened, pytest.raises(Unreadable):
        opened.commit("deadbee")


def test_number_of_processes_does_not_grow_with_the_number_of_commits(tmp_path, git, monkeypatch):
    started = []
    start = Repository._start
    monkeypatch.setattr(
        Repository,
        "_start",
        lambda self, *told, **more: started.append(told[0]) or start(self, *told, **more),
    )
    for count in (200, 400):
        folder = many_commits(git(f"shop-{count}"), count)
        (session,), quarantine = read(folder)
        assert replay(session) == {"a.py": f"x = {count}\n"}
        assert (quarantine.read, quarantine.records) == (count, [])
        assert sorted(started) == ["cat-file", "diff-tree"]
        started.clear()


def many_commits(repository, count):
    """Make commits through one process, and a chat that asked for each but the first."""
    stream = ""
    for number in range(count + 1):
        text = f"x = {number}\n"
        stream += f"commit refs/heads/main\nmark :{number + 1}\n"
        stream += f"committer Nora Blixen <nora@shop.example> {1_700_000_000 + number} +0000\ndata 1\nm\n"
        stream += f"M 644 inline a.py\ndata {len(text)}\n{text}\n"
    subprocess.run(
        ["git", "-C", repository.folder, "fast-import", "--quiet"], input=stream.encode(), check=True
    )
    ids = repository.run("rev-list", "--reverse", "main").split()[1:]
    turns = (
        turn(f"to {place}", "Applied edit to a.py", f"Commit {name[:12]} m") for place, name in enumerate(ids)
    )
    (repository.folder / ".aider.chat.history.md").write_text(START + "".join(turns))
    return repository.folder


def test_nothing_is_replayed_without_the_repository(tmp_path):
    text = turn("two", "Applied edit to a.py", "Commit 0123abc feat: two") + turn("why?")
    (tmp_path / "chat.md").write_text(START + text)
    sessions, quarantine = read(tmp_path)
    assert (sessions, quarantine.reasons()) == ([], {"commit without its repository": 1})
    assert quarantine.read == 2


def test_work_that_was_committed_before_the_edit_is_not_what_was_asked_for():
    text = turn(
        "do", "Commit aaaaaaa wip", "Applied edit to a.py", "Commit bbbbbbb feat", "Commit ccccccc style"
    )
    (request,) = requests(text)
    assert request.commits == ["bbbbbbb", "ccccccc"]


@pytest.mark.parametrize("words", ["/run pytest", "!ls", "# Fix any errors below, if possible.\nx", "  "])
def test_commands_and_automatic_messages_are_no_hints(words):
    (request,) = requests(turn(words))
    assert request.hint is None


def test_chats_are_told_apart():
    assert len(list(chats((turn("a") + START + turn("b") + START + START).splitlines()))) == 2


def test_damaged_history_raises_nothing(chat, endure):
    write, first, second = chat
    text = START + turn("two", "Applied edit to a.py", f"Commit {first} x")
    text += START + turn("/undo", f"Removed: {first} x")
    text += turn("é😀", "Applied edit to a.py", f"Commit {second} x")
    folder = write("")
    endure(text.encode(), cases=25, name=f"{folder.name}/.aider.chat.history.md")


def test_real_history_is_understood_and_counted(shared):
    file = shared / "data" / "aider" / "chat-history.md"
    made = requests(file.read_text("utf-8"))
    assert len(made) == 1_776
    assert sum(bool(request.commits) for request in made) == 286
    sessions, quarantine = read(Path(file))
    assert (sessions, quarantine.reasons()) == ([], {"commit without its repository": 354})
    assert quarantine.read == 1_776
