import pytest

from codeedit.eval.sets.events import parse_events

DIFF = "@@ -1,2 +1,2 @@\n-old\n+new\n"


def fenced(diff: str) -> str:
    return f"```diff\n{diff}\n```"


@pytest.mark.parametrize(
    "header",
    [
        'User edited "a/b.rs":\n',
        'User edited file: "a/b.rs":\n\n',
        "User edited a/b.rs:\n",
        'User opened file: "a/b.rs"\n\n',
        'User renamed "old.rs" to "a/b.rs"\n\nUser edited "a/b.rs":\n',
    ],
)
def test_headers_of_all_forms_name_the_path(header: str) -> None:
    (edit,) = parse_events(header + fenced(DIFF), path="other.rs")
    assert edit.path == "a/b.rs"
    assert edit.diff == DIFF


def test_a_fence_without_header_belongs_to_the_rows_file() -> None:
    (edit,) = parse_events(fenced(DIFF), path="this.rs")
    assert edit.path == "this.rs"


def test_edits_keep_their_order() -> None:
    text = "\n\n\n".join(f'User edited "{name}":\n{fenced(DIFF)}' for name in "abc")
    assert [edit.path for edit in parse_events(text, path="")] == ["a", "b", "c"]


def test_an_opened_file_is_no_edit() -> None:
    assert parse_events('User opened file: "a.go"', path="a.go") == ()


def test_no_events_are_no_history() -> None:
    assert parse_events("", path="a.go") == ()


def test_a_bare_fence_inside_a_diff_does_not_end_it() -> None:
    diff = "@@ -1,2 +1,2 @@\n text\n```\n+more\n"
    (edit,) = parse_events(f'User edited "a.md":\n{fenced(diff)}', path="")
    assert edit.diff == diff


def test_a_header_quoted_in_a_diff_is_code() -> None:
    diff = '@@ -1,1 +1,2 @@\n x\n+User edited "b":\n'
    (edit,) = parse_events(f'User edited "a":\n{fenced(diff)}', path="")
    assert edit.path == "a"
    assert edit.diff == diff


def test_a_missing_closing_fence_ends_with_the_text() -> None:
    (edit,) = parse_events(f'User edited "a":\n```diff\n{DIFF}', path="")
    assert edit.diff == DIFF


def test_all_real_diffs_are_found(shared) -> None:
    from codeedit.eval.sets import Sources, load_set

    found = {
        name: sum(len(row.task.history) for row in load_set(name, Sources(zeta=shared / "data/zeta")).rows)
        for name in ("zeta-train", "zeta-eval", "zeta-dpo")
    }
    assert found == {"zeta-train": 564, "zeta-eval": 137, "zeta-dpo": 346}
