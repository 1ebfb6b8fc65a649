"""Self-made sets: rows in zeta's form and tasks of our own, and an engine that says what it is told."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from codeedit.eval.engines import Generation, ModelSource, Work
from codeedit.pipeline.prompt_builder import Budget
from codeedit.records import HistoryEdit, Origin, Task

START, END, CURSOR = "<|editable_region_start|>", "<|editable_region_end|>", "<|user_cursor_is_here|>"


def excerpt(
    region: str, path: str = "src/total.py", before: str = "import os\n", after: str = "\nprint(1)"
) -> str:
    return f"```{path}\n{before}{START}\n{region}\n{END}{after}\n```"


def zeta_row(**fields: str) -> dict[str, str]:
    row = {
        "events": 'User edited "src/total.py":\n```diff\n@@ -1,1 +1,1 @@\n-a\n+b\n\n```',
        "input": excerpt(f"def total(x):\n    return {CURSOR}x"),
        "output": excerpt("def total(x):\n    return sum(x)"),
        "rejected": "",
        "assertions": "",
    }
    return row | fields


@pytest.fixture
def make_zeta_row() -> Callable[..., dict[str, str]]:
    return zeta_row


@pytest.fixture
def zeta_folder(tmp_path: Path) -> Path:
    """A folder with a dpo.jsonl of four rows, two of which need no change."""
    same = excerpt("x = 1")
    rows = [
        zeta_row(),
        zeta_row(input=excerpt(f"{CURSOR}x = 1"), output=same, rejected=excerpt("x = 3")),
        zeta_row(input=excerpt(f"y = 1\n{CURSOR}"), output=excerpt("y = 2\n"), rejected=excerpt("y = 3\n")),
        zeta_row(events="", input=excerpt(f"z{CURSOR}", path="a.go"), output=excerpt("z", path="a.go")),
    ]
    folder = tmp_path / "zeta"
    folder.mkdir()
    (folder / "dpo.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def make_task(number: int, **changes: object) -> Task:
    code = f"import os\n\ndef f{number}(x):\n    return x\n\nprint(f{number}(1))\n"
    start = code.index("    return x")
    fields: dict[str, object] = {
        "id": f"task{number}",
        "source": "vscode",
        "session": "session-1",
        "project": "project-1",
        "path": f"src/f{number}.py",
        "language": "python",
        "origin": Origin.HUMAN,
        "time_ms": 1_000,
        "code": code,
        "edit_start": start,
        "edit_end": start + len("    return x"),
        "cursor": start + 4,
        "history": (HistoryEdit(f"src/f{number}.py", "@@ -1,1 +1,1 @@\n-import so\n+import os\n", 900),),
        "hint": None,
        "edit": f"    return x + {number}",
        "no_change": False,
    }
    return Task(**(fields | changes))


@pytest.fixture
def tasks() -> list[Task]:
    """Four tasks; the last needs no change."""
    changed = [make_task(number) for number in range(3)]
    return [*changed, make_task(3, edit="    return x", no_change=True, language="go")]


class ScriptedEngine:
    """Answers each row and trial with what a function says, and remembers what it was asked."""

    context = 10_000
    tokenizer = None
    work = Work()

    def __init__(self, answer: Callable[[int, int], str], stop_after: int | None = None) -> None:
        self.answer, self.stop_after = answer, stop_after
        self.asked: list[tuple[int, int]] = []

    def served(self, _name: str | None) -> None:
        """As if a file."""

    def open(self, _source: ModelSource) -> "ScriptedEngine":
        return self

    def budget(self, max_tokens: int) -> Budget:
        def count(texts):
            return [len(text.split()) for text in texts]

        return Budget(max_tokens, count, lambda messages: sum(count([m["content"] for m in messages])))

    def describe(self) -> dict[str, object]:
        return {"engine": "scripted"}

    def generate(self, prompts: Mapping, pairs, sampling) -> Iterator[Generation]:
        assert all(at in prompts for at, _ in pairs)
        assert sampling.max_tokens > 0
        for at, trial in pairs:
            if self.stop_after is not None and len(self.asked) >= self.stop_after:
                raise KeyboardInterrupt
            self.asked.append((at, trial))
            yield Generation(at, trial, self.answer(at, trial), truncated=False)


@pytest.fixture
def scripted() -> type[ScriptedEngine]:
    return ScriptedEngine
