import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codeedit.records import HistoryEdit, Origin, Task

CODE = """import math


def area(radius):
    return math.pi * radius ** 2


def volume(radius):
    return 4 / 3 * math.pi * r ** 3
"""


@pytest.fixture(scope="session")
def make_task() -> Callable[..., Task]:
    """Make a task; its range is the line that holds ``marked``."""

    def make(code: str = CODE, marked: str = "r ** 3", edit: str | None = None, **fields: Any) -> Task:
        at = code.index(marked)
        start = code.rfind("\n", 0, at) + 1
        end = code.find("\n", at + len(marked))
        end = len(code) if end < 0 else end
        edit = code[start:end].replace(marked, "radius ** 3") if edit is None else edit
        settings: dict[str, Any] = {
            "id": "t1",
            "source": "test",
            "session": "s1",
            "project": "p1",
            "path": "src/shapes.py",
            "language": "python",
            "origin": Origin.HUMAN,
            "time_ms": 1000,
            "code": code,
            "edit_start": start,
            "edit_end": end,
            "cursor": at,
            "history": (
                HistoryEdit("src/shapes.py", "@@ -4 +4 @@\n-def area(r):\n+def area(radius):\n", 9000),
                HistoryEdit("src/shapes.py", "@@ -8 +8 @@\n-def volume(r):\n+def volume(radius):\n", 4000),
            ),
            "hint": None,
            "edit": edit,
            "no_change": edit == code[start:end],
        }
        return Task(**(settings | fields))

    return make


@pytest.fixture(scope="session")
def word_budget() -> Callable[[int], Any]:
    """A budget whose tokens are words and line ends."""
    from codeedit.pipeline.prompt_builder import Budget

    def count(texts: Any) -> list[int]:
        return [len(text.replace("\n", " \n ").split(" ")) for text in texts]

    def make(max_tokens: int, **fields: Any) -> Budget:
        return Budget(
            max_tokens, count, lambda messages: sum(count([m["content"] for m in messages])), **fields
        )

    return make


def _vocabularies() -> Any:
    spec = importlib.util.spec_from_file_location("vocabularies", Path(__file__).with_name("vocabularies.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", params=["qwen", "mistral"])
def real_tokenizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A tokenizer with a model's own vocabulary, kept in pytest's cache where it has one."""
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("vocabularies") if cache else tmp_path_factory.mktemp("vocabularies")
    return _vocabularies().load(request.param, folder)
