"""docs/prompts.md shows what is really rendered."""

import re
from pathlib import Path

import pytest

from codeedit.pipeline.prompt_builder import Prompt, build
from codeedit.records import HistoryEdit, Origin, Task

DOCS = Path(__file__).parents[3] / "docs" / "prompts.md"
NAMES = ("paper", "blocks", "brief", "zeta", "zeta2", "fim")
CODE = """import math


def area(radius):
    return math.pi * radius ** 2


def volume(radius):
    return 4 / 3 * math.pi * r ** 3
"""
BLOCK = re.compile(r"^`````(\w+)\n(.*?)\n`````$", re.MULTILINE | re.DOTALL)


def sample() -> Task:
    start = CODE.index("def volume")
    return Task(
        id="sample",
        source="vscode",
        session="s",
        project="geometry",
        path="src/shapes.py",
        language="python",
        origin=Origin.HUMAN,
        time_ms=0,
        code=CODE,
        edit_start=start,
        edit_end=len(CODE) - 1,
        cursor=CODE.index("r ** 3"),
        history=(HistoryEdit("src/shapes.py", "@@ -8 +8 @@\n-def volume(r):\n+def volume(radius):\n", 4000),),
        hint=None,
        edit=CODE[start:-1].replace("r ** 3", "radius ** 3"),
        no_change=False,
    )


def rendered(name: str) -> Prompt:
    return build(sample(), template=name)


def section(title: str) -> list[tuple[str, str]]:
    """The code blocks of a section, with the word after each fence."""
    text = DOCS.read_text(encoding="utf-8")
    start = text.index(f"\n## {title}\n")
    end = text.find("\n## ", start + 1)
    return BLOCK.findall(text[start : end if end > 0 else len(text)])


def rendered_own(folder: Path) -> Prompt:
    blocks = section("Your own")
    for kind, name in (("toml", "mine.toml"), ("jinja", "mine.jinja")):
        (folder / name).write_text(next(text for word, text in blocks if word == kind), encoding="utf-8")
    return build(sample(), template=str(folder / "mine.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_docs_show_each_templates_prompt_and_answer(name) -> None:
    prompt = rendered(name)
    assert section(f"`{name}`") == [("text", prompt.messages[-1]["content"]), ("text", prompt.answer)]


def test_the_docs_own_template_works_and_renders_what_is_shown(tmp_path) -> None:
    prompt = rendered_own(tmp_path)
    shown = [text for word, text in section("Your own") if word == "text"]
    assert shown == [prompt.messages[-1]["content"], prompt.answer]
