"""Excerpts of other open files in prompts: where they stand, and what they give way to."""

import dataclasses

import pytest

from codeedit.pipeline.prompt_builder import TEMPLATES, build
from codeedit.pipeline.prompt_builder.templates.files import read_template
from codeedit.records import HistoryEdit, RelatedFile

RELATED = (RelatedFile("src/last.py", "last_seen = 1"), RelatedFile("src/first.py", "first_seen = 1"))
WITH_PLACE = [name for name in TEMPLATES if TEMPLATES[name].render_related(RELATED[0])]


def text(prompt):
    return "\n".join(message["content"] for message in prompt.messages)


@pytest.mark.parametrize("name", WITH_PLACE)
def test_files_stand_before_the_code_the_one_seen_last_nearest(make_task, name) -> None:
    task = make_task(related=RELATED)
    prompt = build(task, template=name)
    at = [text(prompt).index(part) for part in ("first_seen", "last_seen", "radius ** 2")]
    # zeta2 has what is below the range first
    assert at == sorted(at) or name == "zeta2"
    assert at[0] < at[1]
    assert prompt.left_out.related_files == 0


def test_zeta_has_no_place_for_them_and_says_so(make_task) -> None:
    task = make_task(related=RELATED)
    prompt = build(task, template="zeta")
    assert text(prompt) == text(build(dataclasses.replace(task, related=()), template="zeta"))
    assert prompt.as_row()["extra_info"]["left_out_related_files"] == 2


@pytest.mark.parametrize("name", WITH_PLACE)
def test_they_give_way_to_history_and_come_before_far_lines(make_task, word_budget, name) -> None:
    far = "".join(f"far_line = {n}\n" for n in range(400))
    code = far + "r ** 3\n" + far
    history = (HistoryEdit("other.py", "@@ -1 +1 @@\n-old\n+new\n", 0),)
    related = (RelatedFile("src/a.py", "\n".join(f"open_line = {n}" for n in range(40))),)
    task = make_task(code=code, history=history, related=related)
    least = build(task, template=name, budget=word_budget(360))
    assert (least.left_out.history_edits, least.left_out.related_files) == (0, 1)
    more = build(task, template=name, budget=word_budget(700))
    assert (more.left_out.history_edits, more.left_out.related_files) == (0, 0)
    assert more.left_out.code_lines > 600


@pytest.mark.parametrize("name", WITH_PLACE)
def test_markers_in_them_are_escaped(make_task, name) -> None:
    marker = {"paper": "<|no_change|>", "zeta2": "<[fim-middle]>"}.get(name, "")
    marker = marker or TEMPLATES[name].stops[0].strip()
    prompt = build(make_task(related=(RelatedFile("a.py", f"x = '{marker}'"),)), template=name)
    assert f"x = '{marker}'" not in text(prompt)


def test_a_template_of_ones_own_gets_them_where_it_names_them(make_task, tmp_path) -> None:
    (tmp_path / "t.toml").write_text('prompt = "t.jinja"\n')
    body = "{{ hint }}{{ above }}{{ region }}{{ below }}"
    (tmp_path / "t.jinja").write_text(
        "{% for file in related %}{{ file.path }}: {{ file.code }}\n{% endfor %}" + body
    )
    shown = build(make_task(related=RELATED), template=read_template(tmp_path / "t.toml"))
    assert "src/last.py: last_seen = 1" in text(shown)
    (tmp_path / "u.toml").write_text('prompt = "u.jinja"\n')
    (tmp_path / "u.jinja").write_text(body)
    assert build(make_task(related=RELATED), template=str(tmp_path / "u.toml")).left_out.related_files == 2


@pytest.mark.parametrize("name", WITH_PLACE)
def test_they_are_shown_whole_or_not_at_all(make_task, word_budget, name) -> None:
    code = "\n".join(f"open_line = {n}" for n in range(30))
    related = tuple(RelatedFile(f"src/{n}.py", code) for n in range(3))
    task = make_task(code="x = 1\n" * 300 + "r ** 3\n" + "y = 2\n" * 300, history=(), related=related)
    seen = set()
    for limit in range(250, 900, 50):
        prompt = build(task, template=name, budget=word_budget(limit))
        shown = 3 - prompt.left_out.related_files
        assert text(prompt).count(code) == shown == text(prompt).count("open_line = 29")
        assert text(prompt).count("open_line") == 30 * shown
        seen.add(shown)
    assert seen == {0, 1, 2, 3}
