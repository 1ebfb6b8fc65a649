from __future__ import annotations

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.tasks import session_tasks
from codeedit.records import ContentEvent, EditEvent, Origin

CODE = "".join(f"def part{number}():\n    return {number}\n\n\n" for number in range(9))


def read(path, **options):
    quarantine = Quarantine()
    sessions = list(read_sessions(path, quarantine=quarantine, **options))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return sessions, quarantine


def test_commits_become_a_synthetic_session(git):
    repository = git()
    repository.write(a_py=CODE).commit()
    repository.write(a_py=CODE.replace("return 1", "return 11").replace("return 8", "return 88")).commit()
    (session,), quarantine = read(repository.folder)
    begin, *edits = session.events
    assert begin == ContentEvent(0, "a.py", CODE)
    assert [(event.inserted, event.origin) for event in edits] == [
        ("1", Origin.SYNTHETIC),
        ("8", Origin.SYNTHETIC),
    ]
    assert replay(session)["a.py"] == (repository.folder / "a.py").read_text()
    assert (session.project, session.identities) == ("shop", ("Nora Blixen", "nora@shop.example"))
    assert (quarantine.read, quarantine.records) == (2, [])


def test_places_of_a_commit_are_tasks_with_those_above_as_history(git):
    repository = git()
    repository.write(a_py=CODE).commit()
    repository.write(a_py=CODE.replace("return 1", "return 11").replace("return 8", "return 88")).commit()
    (session,), _ = read(repository.folder)
    tasks = session_tasks(session).tasks
    assert [(task.origin, len(task.history)) for task in tasks] == [
        (Origin.SYNTHETIC, 0),
        (Origin.SYNTHETIC, 1),
    ]


def test_another_author_or_a_long_rest_begins_a_session(git):
    repository = git()
    repository.write(a_py="a\n").commit()
    repository.write(a_py="b\n").commit(author="Max Frisch")
    repository.hours += 9
    repository.write(a_py="c\n").commit(author="Max Frisch")
    sessions, _ = read(repository.folder)
    assert [replay(session) for session in sessions] == [{"a.py": text} for text in ("a\n", "b\n", "c\n")]


def test_files_are_edited_in_path_order(git):
    repository = git()
    repository.write(b_py="b\n", a_py="a\n").commit()
    repository.write(b_py="bb\n", a_py="aa\n").commit()
    (session,), _ = read(repository.folder)
    assert [event.path for event in session.events if isinstance(event, EditEvent)] == ["a.py", "b.py"]


def test_renamed_file_goes_on_under_its_new_path(git):
    repository = git()
    repository.write(a_py=CODE).commit()
    repository.run("mv", "a.py", "b.py")
    repository.write(b_py=CODE.replace("return 1", "return 11")).commit()
    (session,), quarantine = read(repository.folder)
    assert replay(session) == {"b.py": CODE.replace("return 1", "return 11")}
    assert session.events[1].renamed_from == "a.py"
    assert quarantine.records == []


def test_what_is_no_text_is_counted(git):
    repository = git()
    (repository.folder / "link.py").symlink_to("a.py")
    repository.write(a_py="a\n", b_py=b"\0", c_py=b"\xff\n").write(big=b"x" * (1 << 20) + b"\n").commit()
    (session,), quarantine = read(repository.folder)
    assert replay(session) == {"a.py": "a\n"}
    assert quarantine.reasons() == {
        "link or submodule": 1,
        "binary file": 1,
        "not UTF-8": 1,
        "file that is too large or missing": 1,
    }


def test_commit_of_too_many_files_is_counted(git):
    repository = git()
    repository.write(**{f"f{number}_py": "x\n" for number in range(51)}).commit()
    assert read(repository.folder)[1].reasons() == {"commit that changes too many files": 51}


def test_merge_is_counted_and_what_it_brought_is_stated(git):
    repository = git()
    repository.write(a_py="a\n").commit()
    repository.run("checkout", "-q", "-b", "side")
    repository.write(b_py="b\n").commit()
    repository.run("checkout", "-q", "main")
    repository.write(a_py="aa\n").commit()
    repository.hours += 1
    repository.run("merge", "-q", "--no-ff", "-m", "merge", "side")
    repository.write(b_py="bb\n").commit()
    sessions, quarantine = read(repository.folder)
    assert quarantine.reasons() == {"merge commit": 1}
    assert replay(sessions[-1]) == {"b.py": "bb\n"}


def test_nothing_that_a_repository_holds_is_run(git, tmp_path):
    repository = git()
    touched = tmp_path / "touched"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {touched}\ncat\n")
    script.chmod(0o755)
    repository.write(a_py="a\n", **{".gitattributes": "*.py diff=evil filter=evil\n"}).commit()
    for name in (
        "core.fsmonitor",
        "core.pager",
        "diff.external",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "gpg.program",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ):
        repository.run("config", name, str(script))
    repository.run("config", "log.showSignature", "true")
    touched.unlink(missing_ok=True)
    sessions, _ = read(repository.folder)
    assert len(sessions) == 1
    assert not touched.exists()


def test_repository_of_logs_is_read_as_logs(git, recording):
    repository = git()
    recording.open(0, "a.py", "x").write(repository.folder / "log")
    repository.commit()
    (session,), _ = read(repository.folder)
    assert session.source == "vscode-recording"


def test_named_source_is_the_only_one_asked(git, recording):
    repository = git()
    repository.write(a_py="a\n")
    recording.open(0, "a.py", "x").write(repository.folder / "log")
    repository.commit()
    assert [session.source for session in read(repository.folder, source="vscode-recording")[0]] == [
        "vscode-recording"
    ]


def test_repositories_in_a_folder_are_logs_among_others(git, recording, tmp_path):
    git("logs/shop").write(a_py="a\n").commit()
    recording.open(0, "a.py", "x").write(tmp_path / "logs" / "log")
    sessions, _ = read(tmp_path / "logs")
    assert [session.source for session in sessions] == ["vscode-recording", "git"]


def test_bare_repository_is_read(git, tmp_path):
    repository = git()
    repository.write(a_py="a\n").commit()
    repository.run("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    assert replay(read(tmp_path / "bare.git")[0][0]) == {"a.py": "a\n"}


def test_file_alone_is_no_repository(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(InputError, match="not a log"):
        list(read_sessions(tmp_path / "a.py", source="git"))


def test_commit_that_is_damaged_is_counted(git):
    repository = git()
    first = repository.write(a_py="a\n").commit()
    repository.write(a_py="b\n").commit()
    (repository.folder / ".git" / "objects" / first[:2] / first[2:]).unlink()
    assert read(repository.folder)[1].reasons() == {"commit is not in the repository": 1}


def test_damaged_repository_raises_nothing(git, endure, tmp_path):
    repository = git()
    repository.write(a_py=CODE).commit()
    repository.write(a_py=CODE.replace("1", "2")).commit()
    objects = sorted(file for file in (repository.folder / ".git" / "objects").rglob("*") if file.is_file())
    for number, file in enumerate(objects):
        data = file.read_bytes()
        file.chmod(0o644)
        endure(data, cases=2, seed=number, name=file.relative_to(tmp_path).as_posix())
        file.write_bytes(data)
