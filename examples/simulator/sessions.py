"""Sessions take place: from a plan and the sample sources to a log, the same one every time."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from pathlib import Path

from simulator.desk import Desk
from simulator.editor import Editor, Entry
from simulator.person import Person
from simulator.plans import Plan
from simulator.themes import pick_theme

_START_MS = 1_735_808_400_000  # 2 January 2025, 9:00 UTC
_DAY_MS = 86_400_000


@dataclass(slots=True)
class Outcome:
    """One session as it took place."""

    plan: Plan
    first: Entry  # header or meta
    entries: list[Entry]
    texts: dict[str, str]  # final text by path, as in the editor
    following: Entry | None = None
    bursts: int = 0
    pauses: int = 0


def simulate(plan: Plan, sources: Path) -> Outcome:
    """Let a session take place on the sample sources."""
    rng = random.Random(f"codeedit sample {plan.name}")
    files = {name: (sources / name).read_text(encoding="utf-8") for name in plan.language.files}
    theme = pick_theme(rng, list(files.values()))
    project = f"{theme['store']}-{theme['report']}"
    editor = Editor(_START_MS + plan.day * _DAY_MS + rng.randrange(3_600_000))
    root = f"file:///home/{plan.owner.account}/code/{project}"
    if plan.windows:
        root = f"file:///c%3A/Users/{plan.owner.account}/source/{project}"
    session = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    first: Entry = {"kind": "header", "documentType": "workspaceRecording@1.0", "repoRootUri": root}
    first |= {"time": editor.clock_ms, "uuid": session}
    editor.log("applicationStart")
    desk = Desk(plan, Person(editor, rng), theme)
    for name, text in files.items():
        desk.open(name, text)
    desk.work()
    following = desk.next_edit() if plan.cut else None
    if plan.cut:
        data = {"kind": "log-origin", "uuid": session, "repoRootUri": root}
        data |= {"opStart": 1, "opEndEx": len(editor.entries) + 1}
        first = {"kind": "meta", "data": data}
    texts = {document.path: document.text for document in editor.documents}
    person = desk.person
    return Outcome(plan, first, editor.entries, texts, following, person.bursts, person.pauses)
