import pytest

from codeedit.errors import InputError
from codeedit.eval.sets.zeta_row import parse_row

START, END, CURSOR = "<|editable_region_start|>", "<|editable_region_end|>", "<|user_cursor_is_here|>"


def parse(row):
    return parse_row(row, 0, where="x.jsonl:1")


def test_a_row_becomes_a_task(make_zeta_row) -> None:
    task = parse(make_zeta_row()).task
    assert task.code == "import os\ndef total(x):\n    return x\nprint(1)"
    assert task.original == "def total(x):\n    return x"
    assert task.edit == "def total(x):\n    return sum(x)"
    assert task.code[task.cursor :].startswith("x\nprint")
    assert (task.path, task.language, task.source) == ("src/total.py", "python", "zeta")
    assert not task.no_change


def test_a_region_that_differs_by_the_cursor_only_is_no_change(make_zeta_row) -> None:
    row = make_zeta_row()
    assert parse(row | {"output": row["input"].replace(CURSOR, "")}).task.no_change


def test_a_missing_closing_fence_loses_no_context(make_zeta_row) -> None:
    row = make_zeta_row()
    cut = {name: row[name].removesuffix("\n```") for name in ("input", "output")}
    assert parse(row | cut).task.code == parse(row).task.code


def test_fences_inside_the_excerpt_are_code(make_zeta_row) -> None:
    text = f"```doc.md\n```sh\nls\n```\n{START}\n{CURSOR}a\n{END}\n```py\nx\n```\n```"
    task = parse(make_zeta_row(input=text, output=text.replace(CURSOR, ""))).task
    assert task.code == "```sh\nls\n```\na\n```py\nx\n```"


def test_the_start_of_file_marker_is_no_code(make_zeta_row) -> None:
    text = f"```a.rs\n<|start_of_file|>\nuse x;\n{START}\n{CURSOR}\n{END}\n```"
    task = parse(make_zeta_row(input=text, output=text.replace(CURSOR, "y"))).task
    assert task.code == "use x;\n"
    assert (task.original, task.edit) == ("", "y")


def test_an_output_without_lines_is_an_empty_edit(make_zeta_row) -> None:
    output = f"```src/total.py\nimport os\n{START}\n{END}\nprint(1)\n```"
    assert parse(make_zeta_row(output=output)).task.edit == ""


def test_crlf_line_ends_become_lf(make_zeta_row) -> None:
    row = make_zeta_row()
    assert parse({name: text.replace("\n", "\r\n") for name, text in row.items()}).task == parse(row).task


@pytest.mark.parametrize(
    ("rejected", "expected"),
    [
        (f"```a\nb\n{START}\nbad\n{END}\nc\n```", "bad"),
        (f"```a\nb\n{START}\nbad\nc\n```", "bad\nc"),
        (f"```a\nb\nbad\n{END}\nc\n```", "b\nbad"),
        (f"```a\nb\n{START}\nbad\n    {END}\nc\n```", "bad\n    "),
        (f"```a\nb\n{START}\nbad{END}\nc\n```", "bad"),
        (f"```a\n{START}\n{END}\nc\n```", ""),
        ("", None),
    ],
)
def test_rejected_answers_may_lack_markers_or_a_line_for_the_last(make_zeta_row, rejected, expected) -> None:
    assert parse(make_zeta_row(rejected=rejected)).rejected == expected


def test_a_row_without_the_other_fields_is_enough(make_zeta_row) -> None:
    row = make_zeta_row()
    assert parse({name: row[name] for name in ("events", "input", "output")}).rejected is None


@pytest.mark.parametrize(
    "change",
    [
        {"input": 3},
        {"output": "no fence"},
        {"input": "```a\nno markers\n```"},
        {"input": f"```a\n{END}\nx\n{START}\n```"},
        {"input": f"```a\n{START}\n{CURSOR}x{CURSOR}\n{END}\n```"},
    ],
)
def test_what_is_no_row_is_an_error_that_quotes_nothing(make_zeta_row, change) -> None:
    with pytest.raises(InputError, match=r"x\.jsonl:1") as caught:
        parse(make_zeta_row() | change)
    assert "no markers" not in str(caught.value)


def test_a_row_without_a_field_is_an_error() -> None:
    with pytest.raises(InputError, match="events"):
        parse({"input": "", "output": ""})
