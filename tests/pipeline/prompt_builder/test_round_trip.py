"""Every template reads back what it renders, whatever the code holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.prompt_builder import TEMPLATES, Status, build, parse
from codeedit.pipeline.prompt_builder.markers import MARKERS

FOREIGN = [
    "<|file_sep|>",
    "<|cursor|>",
    "<|endoftext|>",
    "<|start_of_file|>",
    "<|marker_1|>",
    "<|marker_2|>",
    "<[fim-suffix]>",
    "<[end▁of▁sentence]>",
    "<filename>",
    "<|user_cursor|>",
    "<|fim_middle|>",
    "<fim_prefix>",
    "<｜fim▁hole｜>",  # noqa: RUF001
    "<PRE> ",
    " <EOT>",
    "<\\|cursor|>",
    "<\\\\|marker_1|>",
]
OTHER = [
    "```",
    "````",
    "```py",
    "<think>",
    "</think>",
    "\n",
    "\n\n",
    "\0",
    "\\",
    "<",
    "|>",
    " ",
    "}",
    "x = 1",
]
hostile = st.lists(
    st.one_of(st.sampled_from([*MARKERS, *FOREIGN, *OTHER]), st.text(max_size=8)), max_size=14
).map(lambda parts: "".join(parts).replace("\r", ""))


@pytest.mark.parametrize("name", TEMPLATES)
@given(above=hostile, original=hostile, below=hostile, edit=hostile, at=st.floats(0, 1))
def test_a_perfect_answer_is_read_as_the_edit(make_task, name, above, original, below, edit, at) -> None:
    code = f"{above}\n{original}\n{below}"
    start = len(above) + 1
    task = make_task(
        code=code,
        marked="",
        edit=edit,
        edit_start=start,
        edit_end=start + len(original),
        cursor=start + int(at * len(original)),
        no_change=edit == original,
    )
    assert task.original == original
    prompt = build(task, template=name)
    answer = parse(
        prompt.answer, original=original, template=prompt.template, above=prompt.above, below=prompt.below
    )
    assert answer.text == edit
    assert answer.no_change == task.no_change


@pytest.mark.parametrize("name", TEMPLATES)
@given(edit=hostile)
def test_line_ends_of_an_answer_become_lf(make_task, name, edit) -> None:
    prompt = build(make_task(edit=edit), template=name)
    answer = prompt.answer.replace("\n", "\r\n")
    fields = {"template": name, "above": prompt.above, "below": prompt.below}
    assert parse(answer, original=prompt.original, **fields).text == edit


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_very_long_line_is_read_back(make_task, name) -> None:
    prompt = build(make_task(edit="x" * 100_000), template=name)
    fields = {"template": name, "above": prompt.above, "below": prompt.below}
    assert parse(prompt.answer, original=prompt.original, **fields).text == "x" * 100_000


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_unchanged_range_is_no_change(make_task, name) -> None:
    task = make_task(edit="    return 4 / 3 * math.pi * r ** 3")
    prompt = build(task, template=name)
    fields = {"template": name, "above": prompt.above, "below": prompt.below}
    assert parse(prompt.answer, original=prompt.original, **fields).status is Status.NO_CHANGE
