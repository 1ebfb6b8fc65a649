import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.prompt_builder import Status, parse, render_answer
from codeedit.pipeline.prompt_builder.markers import (
    CURSOR,
    MARKERS,
    NO_CHANGE,
    REGION_END,
    REGION_START,
    escape,
    unescape,
)

EDIT = "    return radius ** 2\n\n    # twice"
ORIGINAL = "    return r ** 2\n\n    # twice"
MARKDOWN = "```python\nprint(1)\n```"


@pytest.mark.parametrize(
    "answer",
    [
        EDIT,
        EDIT.replace("\n", "\r\n"),
        f"```\n{EDIT}\n```",
        f"```python\n{EDIT}\n```\n",
        f"````python\n{EDIT}\n````",
        f"Here is the new text:\n\n```python\n{EDIT}\n```\n\nI renamed the variable.",
        f"{REGION_START}\n{EDIT}\n{REGION_END}",
        f"```src/a.py\nbefore\n{REGION_START}\n{EDIT}\n{REGION_END}\nafter\n```",
        f"{EDIT}\n{REGION_END}",
        f"{REGION_START}\n{EDIT}",
        f"<think>\nLet me see: ```x```\n</think>\n\n{EDIT}",
        f"The thought was opened in the prompt.\n</think>\n\n```\n{EDIT}\n```",
        EDIT.replace("radius", f"radius{CURSOR}"),
    ],
)
def test_every_style_of_answer_gives_the_edit(answer: str) -> None:
    parsed = parse(answer, original=ORIGINAL)
    assert parsed.text == EDIT
    assert parsed.status is Status.EDIT


@pytest.mark.parametrize(
    "answer", [NO_CHANGE, f" {NO_CHANGE}\n", f"```\n{NO_CHANGE}\n```", ORIGINAL, f"```\n{ORIGINAL}\n```"]
)
def test_the_token_and_the_unchanged_range_both_mean_no_change(answer: str) -> None:
    parsed = parse(answer, original=ORIGINAL)
    assert parsed.no_change
    assert parsed.text == ORIGINAL


@pytest.mark.parametrize(
    "answer",
    [
        "<think>it never ends",
        f"{REGION_START}\n{REGION_START}\n{EDIT}",
        f"{EDIT}\n{NO_CHANGE}",
    ],
)
def test_an_answer_that_contradicts_itself_cannot_be_read(answer: str) -> None:
    assert parse(answer, original=ORIGINAL).status is Status.UNPARSABLE


def test_an_empty_answer_empties_the_range() -> None:
    assert parse("", original=ORIGINAL).text == ""


def test_a_range_that_is_a_fenced_block_keeps_its_fence() -> None:
    new = MARKDOWN.replace("1", "2")
    assert parse(new, original=MARKDOWN).text == new
    assert parse(f"````\n{new}\n````", original=MARKDOWN).text == new


def test_a_fence_that_the_edit_adds_below_kept_text_is_not_the_answers_own() -> None:
    new = "Run it:\n\n```sh\nmake\n```"
    assert parse(new, original="Run it:").text == new


def test_a_thought_in_the_code_is_not_the_models() -> None:
    original = 'END = "</think>"'
    assert parse('STOP = "</think>"', original=original).text == 'STOP = "</think>"'


hostile = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *MARKERS,
                "```",
                "````",
                "```py",
                "<think>",
                "</think>",
                "\n",
                "\0",
                "\\",
                "<\\|no_change|>",
                " ",
                "x = 1",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=8,
).map("".join)


@given(hostile)
def test_escaping_is_reversible_and_leaves_no_marker(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not any(marker in escaped for marker in MARKERS)


@given(original=hostile, edit=hostile)
def test_a_rendered_answer_is_read_back_as_the_edit(make_task, original: str, edit: str) -> None:
    original, edit = original.replace("\r", ""), edit.replace("\r", "")
    code = f"first\n{original}\nlast"
    task = make_task(
        code=code,
        marked="first",
        edit=edit,
        edit_start=6,
        edit_end=6 + len(original),
        cursor=None,
        no_change=edit == original,
    )
    assert task.original == original
    assert parse(render_answer(task), original=original).text == edit
