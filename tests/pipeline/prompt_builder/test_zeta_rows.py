"""The template ``zeta`` against the data set that its makers publish.

A task does not keep: whether an excerpt began with its file, headers of the data set's older form
(``User edited file:``), and empty lines around a diff.
"""

import dataclasses
import json
import re

import pytest

from codeedit.eval.sets.zeta import read_rows
from codeedit.pipeline.prompt_builder import TEMPLATES, Budget, PromptTooLongError, build, parse

ONE_OF_EACH = ["paper", "blocks", "zeta", "zeta2", "fim"]
SPLITS = ("dpo", "eval", "train")
SAME_EVENTS = {"dpo": 123, "eval": 15, "train": 275}  # of 132, 33 and 418 rows


@pytest.fixture(scope="module")
def rows(shared):
    """Each split's published rows, with the tasks made of them."""

    def read(split: str):
        path = shared / "data" / "zeta" / f"{split}.jsonl"
        published = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return list(zip(published, (row.task for row in read_rows(path)), strict=True))

    return {split: read(split) for split in SPLITS}


def parts(task) -> tuple[str, str]:
    """The events and the excerpt of a prompt."""
    text = build(task, template="zeta").messages[0]["content"]
    head, excerpt = text.split("\n\n### User Excerpt:\n\n", 1)
    return head.split("\n\n### User Edits:\n\n", 1)[1], excerpt.removesuffix("\n\n### Response:\n")


@pytest.mark.parametrize("split", SPLITS)
def test_every_excerpt_equals_the_published_one(rows, split) -> None:
    for published, task in rows[split]:
        text = published["input"].replace("<|start_of_file|>\n", "", 1)
        closed = text if text.endswith("\n```") else f"{text}\n```"  # one row lacks its last fence
        assert parts(task)[1] == closed


@pytest.mark.parametrize("split", SPLITS)
def test_events_of_the_present_form_equal_the_published_ones(rows, split) -> None:
    assert sum(parts(task)[0] == published["events"] for published, task in rows[split]) == SAME_EVENTS[split]


@pytest.mark.parametrize("split", SPLITS)
def test_other_events_differ_in_headers_and_empty_lines_only(rows, split) -> None:
    def diffs(text: str) -> str:
        return re.sub(r"(?m)^(?:User (?:edited|opened) .*|)\n|^```$\n?", "", text + "\n")

    for published, task in rows[split]:
        assert diffs(parts(task)[0]) == diffs(published["events"])


@pytest.mark.parametrize("split", SPLITS)
def test_the_published_output_is_read_as_the_edit(rows, split) -> None:
    for published, task in rows[split]:
        answer = published["output"]
        assert parse(answer, original=task.original, template="zeta").text == task.edit
        region = answer[answer.index("<|editable_region_start|>") :]
        assert parse(region, original=task.original, template="zeta").text == task.edit


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_reads_back_every_row(rows, name) -> None:
    for split in SPLITS:
        for _, task in rows[split]:
            prompt = build(task, template=name)
            fields = {"template": name, "above": prompt.above, "below": prompt.below}
            answer = parse(prompt.answer, original=prompt.original, **fields)
            assert (answer.text, answer.no_change) == (task.edit, task.no_change)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_prompt_exceeds_its_budget(rows, real_tokenizer, name) -> None:
    budget = Budget.for_tokenizer(real_tokenizer, 640, plain=TEMPLATES[name].plain)
    texts, shortened = [], 0
    for split in SPLITS:
        for _, task in rows[split]:
            try:
                prompt = build(task, template=name, budget=budget)
            except PromptTooLongError:
                continue
            shortened += prompt.shortened
            texts.append(
                prompt.messages[0]["content"]
                if prompt.plain
                else real_tokenizer.apply_chat_template(
                    list(prompt.messages), add_generation_prompt=True, tokenize=False
                )
            )
    assert shortened > 50
    assert max(map(len, real_tokenizer(texts, add_special_tokens=False)["input_ids"])) <= 640


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_prompt_tells_the_truth(rows, word_budget, name) -> None:
    for split in SPLITS:
        for _, task in rows[split]:
            other = dataclasses.replace(task, edit="another truth", no_change=False)
            for budget in (None, word_budget(600)):
                try:
                    prompt = build(task, template=name, budget=budget)
                except PromptTooLongError:
                    continue
                assert build(other, template=name, budget=budget).messages == prompt.messages
