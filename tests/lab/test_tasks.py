"""Made-up tasks: right, decided by what the user did, and the same for the same seed."""

import re
from itertools import pairwise

import pytest

from codeedit.eval.sets.tasks import from_path
from codeedit.lab.tasks import IN_DOMAIN, KINDS, SHIFTED, TaskSizes, make_task, make_task_sets
from codeedit.models import limits, load_prompt_tokenizer
from codeedit.pipeline.prompt_builder import Budget, build, parse
from codeedit.pipeline.syntax import parse as parse_code
from codeedit.pipeline.task_table import read_tasks

STYLES = {"in domain": IN_DOMAIN, "shifted": SHIFTED}
TASKS = {name: [make_task(style, "test", number) for number in range(150)] for name, style in STYLES.items()}
ALL = [task for tasks in TASKS.values() for task in tasks]
SMALL = TaskSizes(warm=30, train=20, validation=10, test=15)


def of_kind(kind):
    return [task for task in ALL if task.source == f"lab-{kind}"]


def edited(task):
    return task.code[: task.edit_start] + task.edit + task.code[task.edit_end :]


def parts(diff):
    """The lines before and after an edit, its context included."""
    lines = [line for line in diff.split("\n") if not line.startswith("@@")]
    return [[line[1:] for line in lines if line[:1] in (" ", sign)] for sign in "-+"]


def test_all_kinds_occur():
    assert {task.source for task in ALL} == {f"lab-{kind}" for kind in KINDS}


def test_the_newest_edit_leads_to_the_code_that_is_seen():
    for task in ALL:
        _, after = parts(task.history[-1].diff)
        assert "\n".join(after) in task.code


def test_an_earlier_edit_leads_to_the_code_before_the_newest():
    for task in ALL:
        for earlier, newest in pairwise(task.history):
            assert parts(earlier.diff)[1][0] in "\n".join([*parts(newest.diff)[0], task.code])
            assert earlier.age_ms >= newest.age_ms


def test_the_history_does_not_show_what_comes_next():
    for task in ALL:
        new = [line for line in task.edit.split("\n") if line not in task.original.split("\n")]
        for line in new:
            assert all(f"+{line}" not in edit.diff.split("\n") for edit in task.history)


def test_a_rename_leaves_no_old_name_and_changes_nothing_else():
    for task in of_kind("rename"):
        (gone, come) = (
            next(line for line in task.history[-1].diff.split("\n") if line.startswith(sign)) for sign in "-+"
        )
        old, new = (
            (set(re.findall(r"\w+", one[1:])) - set(re.findall(r"\w+", other[1:]))).pop()
            for one, other in ((gone, come), (come, gone))
        )
        assert not re.search(rf"\b{old}\b", task.edit)
        assert re.sub(rf"\b{old}\b", new, task.original) == task.edit


def test_a_repeated_edit_adds_the_same_to_every_line_of_the_form():
    for task in of_kind("repeat"):
        gone, come = (
            next(line for line in task.history[-1].diff.split("\n") if line.startswith(sign))[1:]
            for sign in "-+"
        )
        added = re.sub(r".*?((,|\+)\w+).*", r"\1", come) if come != gone else ""
        changed = [
            (old, new)
            for old, new in zip(task.original.split("\n"), task.edit.split("\n"), strict=True)
            if old != new
        ]
        assert changed
        assert all(new.replace(added, "", 1) == old for old, new in changed)


def test_a_finished_call_has_the_arguments_of_the_one_before():
    for task in of_kind("call"):
        calls = re.findall(r"=(\w+\(.*?\))", task.edit)
        assert len(calls) == 2
        assert calls[0] == calls[1]
        assert task.cursor == task.code.index("(\n", task.edit_start) + 1


@pytest.mark.parametrize("kind", ["keep", "done"])
def test_where_nothing_depends_on_the_edit_nothing_changes(kind):
    for task in of_kind(kind):
        assert task.no_change
        assert task.edit == task.original


@pytest.mark.parametrize("kind", ["rename", "repeat", "call"])
def test_where_something_depends_on_it_the_range_changes(kind):
    assert not any(task.no_change for task in of_kind(kind))


def test_code_parses_before_and_after_but_for_the_call_that_is_begun():
    for task in ALL:
        texts = [edited(task)] if task.source == "lab-call" else [task.code, edited(task)]
        for text in texts:
            tree = parse_code(text, task.language)
            assert tree is not None
            assert not tree.root_node.has_error, text


def test_the_cursor_is_in_the_range():
    assert all(task.edit_start <= task.cursor <= task.edit_end for task in ALL)


def test_the_shifted_style_shares_no_name_and_no_language():
    words = [
        {word for task in tasks for word in re.findall(r"[a-z]{3,}", task.original)}
        for tasks in TASKS.values()
    ]
    assert words[0] & words[1] <= {"let"}
    assert not {task.language for task in TASKS["in domain"]} & {task.language for task in TASKS["shifted"]}


def test_names_are_single_tokens_of_tiny():
    tokenizer = load_prompt_tokenizer("tiny")
    for style in STYLES.values():
        for name in (*style.names, *style.places):
            assert len(tokenizer(name)["input_ids"]) == 1, name


def test_a_perfect_answer_fits_the_limits_of_tiny_and_is_read_as_the_truth():
    tokenizer = load_prompt_tokenizer("tiny")
    budget = Budget.for_tokenizer(tokenizer, limits("tiny").prompt)
    for task in ALL:
        prompt = build(task, template="brief", budget=budget)
        assert len(tokenizer(prompt.answer)["input_ids"]) < 64
        assert parse(prompt.answer, original=task.original, template="brief").text == task.edit


def test_the_same_seed_gives_the_same_tasks():
    assert make_task(IN_DOMAIN, "a", 7) == make_task(IN_DOMAIN, "a", 7)
    assert make_task(IN_DOMAIN, "a", 7) != make_task(IN_DOMAIN, "b", 7)


@pytest.fixture
def sets(tmp_path):
    make_task_sets(tmp_path, SMALL, seed=1)
    return tmp_path


def test_sets_are_data_folders_of_the_sizes_asked_for(sets):
    sizes = {
        (folder.name, split): len(list(read_tasks(folder, split)))
        for folder in sets.iterdir()
        for split in ("train", "test")
        if (folder / f"{split}-00000.parquet").is_file()
    }
    assert sizes == {
        ("warm", "train"): 30,
        ("warm", "test"): 10,
        ("id", "train"): 20,
        ("id", "test"): 10,
        ("id-test", "test"): 15,
        ("shifted", "test"): 15,
    }
    assert len(from_path(sets / "shifted").rows) == 15


def test_no_task_is_in_two_sets(sets):
    ids = [
        task.id
        for file in sets.rglob("*.parquet")
        for task in read_tasks(file.parent, file.name.split("-")[0])
    ]
    assert len(ids) == len(set(ids))


def test_a_set_that_was_lost_is_made_again_as_it_was(sets):
    before = list(read_tasks(sets / "id", "train"))
    for file in (sets / "id").iterdir():
        file.unlink()
    (sets / "id").rmdir()
    make_task_sets(sets, SMALL, seed=1)
    assert list(read_tasks(sets / "id", "train")) == before
