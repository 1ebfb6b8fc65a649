"""No prompt knows its own future: looked for from outside, in sessions cut off or continued in other ways.

What a task is made of must be known when its burst of edits is over; a session that ends there gives the same
task, whatever came later in the longer one.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest import read_sessions
from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.session import anonymize_session
from codeedit.pipeline.ingest.bursts import Burst, bursts
from codeedit.pipeline.ingest.replay import Replay
from codeedit.pipeline.ingest.tasks import session_tasks
from codeedit.pipeline.prompt_builder import build
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Origin, Session, Task

LOGS = Path(__file__).resolve().parents[3] / "examples" / "logs"
LINES = ("total = 0\n", "for item in items:\n", "    total += item\n", "print(total)\n", "\n", "x = [1, 2]\n")
LATER = "wxqz"  # stands in no log


def ends_of_bursts(session: Session) -> dict[int, int]:
    """Return when each burst of the session's own events began, and how many events there were at its end."""
    at = {id(event): number for number, event in enumerate(session.events, 1)}
    whole = dataclasses.replace(session, following=())
    made = [burst for burst in bursts(whole) if isinstance(burst, Burst)]
    return {burst.began_ms: max(at[id(edit)] for edit in burst.edits) for burst in made}


def shown(task: Task) -> tuple[object, ...]:
    """Return all that a prompt may be made of, and the prompt."""
    fields = {name: getattr(task, name) for name in Task.__dataclass_fields__}
    for unknown in ("id", "edit", "no_change", "redactions"):
        del fields[unknown]
    return (*fields.values(), build(task).messages)


def cut(session: Session, count: int) -> Session:
    return dataclasses.replace(session, events=session.events[:count], following=())


def with_another_future(session: Session, count: int, chance: random.Random) -> Session:
    """Return the session's first events, a rest of a minute, and events that nobody made."""
    state = Replay()
    for event in session.events[:count]:
        state.apply(event)
    time = session.events[count - 1].time_ms + 60_000
    future: list[ContentEvent | EditEvent | CursorEvent] = []
    for step in range(20):
        path = chance.choice(sorted(state.documents))
        document = state.documents[path]
        at = chance.randrange(len(document) + 1)
        deleted = min(chance.choice((0, 0, 3)), len(document) - at)
        time += chance.choice((90, 700, 15_000))
        made = chance.choice((EditEvent, EditEvent, CursorEvent, ContentEvent))
        if made is EditEvent:
            origin = chance.choice((Origin.HUMAN, Origin.AGENT))
            future.append(EditEvent(time, path, at, deleted, f"{LATER} {step}\n", origin, hint=LATER))
        elif made is CursorEvent:
            future.append(CursorEvent(time, path, at, at))
        else:
            future.append(ContentEvent(time, f"{LATER}.py", LATER))
        state.apply(future[-1])
    return dataclasses.replace(session, events=(*session.events[:count], *future), following=())


def check(session: Session, chance: random.Random, tries: int) -> int:
    """Cut the session where bursts end, and continue it otherwise; return how many prompts were compared."""
    tasks = {task.time_ms: task for task in session_tasks(cut(session, len(session.events))).tasks}
    ends = ends_of_bursts(session)
    times = sorted(time_ms for time_ms, task in tasks.items() if not task.no_change)
    compared = 0
    for time_ms in chance.sample(times, min(tries, len(times))):
        count = ends[time_ms]
        short = {task.time_ms: task for task in session_tasks(cut(session, count)).tasks}
        assert short[time_ms] == tasks[time_ms]  # what comes after the burst is not in the task at all
        other = session_tasks(with_another_future(session, count, chance)).tasks
        for task in other:
            if task.time_ms in short and not task.no_change and task.time_ms <= time_ms:
                assert shown(task) == shown(short[task.time_ms])
                assert LATER not in str(shown(task))
                compared += 1
    return compared


def cut_anywhere(session: Session, chance: random.Random, tries: int) -> int:
    """Cut the session at any event, in the middle of bursts too; return how many prompts were compared."""
    session = cut(session, len(session.events))
    whole = {(task.path, task.time_ms): shown(task) for task in session_tasks(session).tasks}
    compared = 0
    places = [at for at, event in enumerate(session.events) if not getattr(event, "joined", False)]
    for count in chance.sample(places, min(tries, len(places))):
        for task in session_tasks(cut(session, count)).tasks:
            if (task.path, task.time_ms) in whole:
                assert shown(task) == whole[task.path, task.time_ms]
                compared += 1
    return compared


# --- sessions ---------------------------------------------------------------


def made_session(seed: int) -> Session:
    """A person who writes and takes back whole lines in two documents, rests and looks around."""
    chance = random.Random(seed)
    texts = {name: "".join(chance.choices(LINES[3:], k=40)) for name in ("a.py", "b.py")}
    events: list[ContentEvent | EditEvent | CursorEvent] = [
        ContentEvent(0, name, text) for name, text in texts.items()
    ]
    time, name = 0, "a.py"
    for _ in range(chance.randrange(5, 40)):
        time += chance.choice((80, 400, 2_000, 11_000, 40_000))
        name = chance.choice((name, name, name, "a.py", "b.py"))
        starts = [0, *(at + 1 for at, char in enumerate(texts[name]) if char == "\n")]
        at = chance.choice(starts)
        if chance.random() < 0.3:
            events.append(CursorEvent(time, name, at, at))
            continue
        end = texts[name].find("\n", at) + 1 if chance.random() < 0.3 else at
        deleted, inserted = max(0, end - at), chance.choice(LINES[3:])
        origin = chance.choice([Origin.HUMAN] * 8 + [Origin.AGENT])
        events.append(EditEvent(time, name, at, deleted, inserted, origin))
        texts[name] = texts[name][:at] + inserted + texts[name][at + deleted :]
    return Session("s", "test", "p", tuple(events))


def real_sessions(shared: Path) -> Iterator[Session]:
    for file in sorted((shared / "data" / "recordings").rglob("*.json")):
        yield from read_sessions(file)


# --- tests ------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 100_000))
def test_made_sessions_cut_at_the_end_of_a_burst_give_the_same_task(seed):
    check(made_session(seed), random.Random(seed), tries=3)


@settings(max_examples=40)
@given(st.integers(0, 100_000))
def test_made_sessions_cut_anywhere_give_the_same_prompts(seed):
    cut_anywhere(made_session(seed), random.Random(seed), tries=3)


@pytest.mark.parametrize("name", ["c-2", "go-1", "kotlin-3", "python-1", "typescript-2"])
def test_sample_sessions_give_prompts_without_their_future(name):
    (file,) = LOGS.glob(f"{name}.*")
    (session,) = read_sessions(file)
    chance = random.Random(name)
    assert check(session, chance, tries=3) > 0
    assert cut_anywhere(session, chance, tries=3) > 0


def test_real_sessions_give_prompts_without_their_future(shared):
    chance = random.Random(5)
    compared = sum(
        check(session, chance, tries=4) + cut_anywhere(session, chance, tries=2)
        for session in real_sessions(shared)
    )
    assert compared > 100


@pytest.mark.parametrize("name", ["java-1", "rust-2"])
def test_anonymized_sessions_give_prompts_without_their_future(name):
    """Anonymizing sees the whole session; what it writes into a prompt does not hang on what comes later."""
    (file,) = LOGS.glob(f"{name}.*")
    (session,) = read_sessions(file)
    chance, anonymizer = random.Random(name), Anonymizer(b"k" * 32)
    clean = anonymize_session(session, anonymizer).session
    whole = {task.time_ms: task for task in session_tasks(clean).tasks}
    ends = ends_of_bursts(session)
    for time_ms in chance.sample(sorted(whole.keys() & ends.keys()), 3):
        for short in (cut(session, ends[time_ms]), with_another_future(session, ends[time_ms], chance)):
            tasks = session_tasks(anonymize_session(short, anonymizer).session).tasks
            (same,) = (task for task in tasks if task.time_ms == time_ms)
            assert shown(same) == shown(whole[time_ms])
