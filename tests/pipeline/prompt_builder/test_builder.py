import pytest

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder import PromptTooLongError, build
from codeedit.pipeline.prompt_builder.markers import CURSOR, REGION_END, REGION_START
from codeedit.records import HistoryEdit


def text(prompt) -> str:
    return "\n".join(message["content"] for message in prompt.messages)


def test_the_parts_stand_in_the_papers_order(make_task) -> None:
    user = build(make_task(hint="use the argument")).messages[1]["content"]
    places = [user.index(part) for part in ("# Current code", "# Recent edits", "# Edit range", "# Request")]
    assert places == sorted(places)


def test_the_cursor_stands_where_the_task_says(make_task) -> None:
    assert f"math.pi * {CURSOR}r ** 3\n{REGION_END}" in text(build(make_task()))


def test_without_a_cursor_there_is_no_marker(make_task) -> None:
    assert CURSOR not in build(make_task(cursor=None)).messages[1]["content"]


def test_history_is_shown_oldest_first(make_task) -> None:
    shown = text(build(make_task()))
    assert shown.index("+def area(radius)") < shown.index("+def volume(radius)")


def test_the_edit_is_not_in_the_prompt(make_task) -> None:
    task = make_task()
    assert task.edit.strip() not in text(build(task))


def test_markers_in_the_code_are_escaped(make_task) -> None:
    code = f'MARK = "{REGION_START}"\nr ** 3\n'
    user = build(make_task(code=code)).messages[1]["content"]
    assert user.count(REGION_START) == 1


def test_code_with_fences_gets_a_longer_fence(make_task) -> None:
    assert "````python\n" in text(build(make_task(code="```\nr ** 3\n```\n")))


def test_everything_fits_without_a_budget(make_task) -> None:
    prompt = build(make_task())
    assert not prompt.left_out
    assert prompt.tokens is None


@pytest.mark.parametrize("limit", [150, 160, 180, 220, 300])
def test_no_prompt_exceeds_its_budget(make_task, word_budget, limit: int) -> None:
    code = "\n".join(f"line {number} of many" for number in range(400)) + "\nr ** 3\n" + "more\n" * 400
    prompt = build(make_task(code=code), budget=word_budget(limit))
    assert prompt.tokens is not None
    assert prompt.tokens <= limit
    assert prompt.left_out.code_lines > 0


def test_the_lines_next_to_the_range_come_before_history_and_history_before_far_lines(
    make_task, word_budget
) -> None:
    code = "\n".join(f"line{number}" for number in range(300)) + "\nr ** 3\n"
    long_edit = HistoryEdit("a.py", "@@ -1 +1 @@\n+" + "word " * 60 + "\n", 10)
    prompt = build(make_task(code=code, history=(long_edit,)), budget=word_budget(270))
    assert "line299" in text(prompt)
    assert "word word" in text(prompt)
    assert "line200\n" not in text(prompt)


def test_the_newest_edits_survive(make_task, word_budget) -> None:
    history = tuple(HistoryEdit("a.py", f"@@ -1 +1 @@\n+edit{n}\n" + "+x\n" * 30, 10) for n in range(9))
    shown = text(build(make_task(history=history), budget=word_budget(330)))
    assert "edit8" in shown
    assert "edit0" not in shown


def test_a_range_that_cannot_fit_is_an_error(make_task, word_budget) -> None:
    with pytest.raises(PromptTooLongError):
        build(make_task(), budget=word_budget(40))


def test_a_template_without_system_role_gets_one_message(make_task, word_budget) -> None:
    prompt = build(make_task(), budget=word_budget(5000, system_role=False))
    assert [message["role"] for message in prompt.messages] == ["user"]
    assert "# Current code" in prompt.messages[0]["content"]


def test_an_unknown_template_lists_the_known_ones(make_task) -> None:
    with pytest.raises(InputError, match="paper"):
        build(make_task(), template="papre")


def test_the_row_has_what_verl_reads(make_task) -> None:
    row = build(make_task()).as_row()
    assert row["reward_model"]["ground_truth"] == row["edit"]
    assert row["extra_info"]["original"].endswith("r ** 3")
    assert row["prompt"][0]["role"] == "system"
