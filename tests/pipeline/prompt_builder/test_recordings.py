"""Prompts of tasks made from real recordings."""

import dataclasses
from dataclasses import astuple

import pytest

from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.prompt_builder import TEMPLATES, Budget, PromptTooLongError, build, parse
from codeedit.pipeline.prompt_builder.hunks import before, hunks
from codeedit.pipeline.task_table import SPLITS, read_tasks

ONE_OF_EACH = ["paper", "blocks", "zeta", "zeta2", "fim"]


@pytest.fixture(scope="module")
def tasks(shared, tmp_path_factory):
    """The tasks of all recordings, both splits."""
    data = tmp_path_factory.mktemp("recordings") / "data"
    ingest([shared / "data" / "recordings"], data, jobs=1)
    return [task for split in SPLITS for task in read_tasks(data, split)]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_prompt_exceeds_its_budget(tasks, real_tokenizer, name) -> None:
    budget = Budget.for_tokenizer(real_tokenizer, 1024, plain=TEMPLATES[name].plain)
    shortened = 0
    for task in tasks:
        try:
            prompt = build(task, template=name, budget=budget)
        except PromptTooLongError:
            continue
        assert prompt.tokens <= 1024
        shortened += prompt.shortened
    assert shortened > 10


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_prompt_tells_the_truth(tasks, word_budget, name) -> None:
    budget = word_budget(600)
    for task in tasks:
        try:
            prompt = build(task, template=name, budget=budget)
        except PromptTooLongError:
            continue
        other = dataclasses.replace(task, edit="another truth", no_change=False)
        assert build(other, template=name, budget=budget).messages == prompt.messages


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_the_truth_is_in_a_prompt_only_where_the_user_could_see_it(tasks, name) -> None:
    seen = 0
    for task in tasks:
        prompt, truth = build(task, template=name), task.edit.strip()
        shown = [task.code, *(file.code for file in task.related)]
        shown += [text for edit in task.history for hunk in hunks(edit.diff) for text in astuple(hunk)]
        if task.history:  # what the newest edit replaced was on the screen too
            window = f"{prompt.above}{task.original}{prompt.below}"
            shown.append(before(window, task.history[-1].diff))
        if truth and not any(truth in text for text in shown):
            seen += 1
            assert not any(truth in message["content"] for message in prompt.messages)
    assert seen > 10


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_reads_back_every_task(tasks, word_budget, name) -> None:
    for task in tasks:
        for budget in (None, word_budget(2000)):
            try:
                prompt = build(task, template=name, budget=budget)
            except PromptTooLongError:
                continue
            fields = {"template": name, "above": prompt.above, "below": prompt.below}
            answer = parse(prompt.answer, original=prompt.original, **fields)
            assert (answer.text, answer.no_change) == (task.edit, task.no_change)
