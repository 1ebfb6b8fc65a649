"""Prompts and their limits, counted with real vocabularies."""

import dataclasses
import random

import pytest

from codeedit.pipeline.prompt_builder import (
    TEMPLATES,
    Budget,
    Lengths,
    PromptTooLongError,
    build,
    build_prompts,
)
from codeedit.pipeline.prompt_builder.counting import PieceCounter, whole_counter
from codeedit.records import HistoryEdit

ONE_OF_EACH = ["paper", "blocks", "zeta", "zeta2", "fim"]


def text(prompt) -> str:
    return "\n".join(message["content"] for message in prompt.messages)


def budget_of(tokenizer, limit: int, name: str) -> Budget:
    return Budget.for_tokenizer(tokenizer, limit, plain=TEMPLATES[name].plain)


@pytest.fixture(scope="module")
def long_task(make_task):
    rng = random.Random(0)
    words = ["alpha", "beta(", "x_1", "}", "  ", "\t", "漢字", "\U0001f680", "== 0", "return", ""]
    code = "".join(
        "    " * rng.randrange(4) + " ".join(rng.choices(words, k=rng.randrange(9))) + "\n"
        for _ in range(1500)
    )
    history = tuple(
        HistoryEdit(f"src/{n}.py", f"@@ -{n} +{n} @@\n-{'a ' * n}\n+{'b ' * n}\n", 10) for n in range(1, 60)
    )
    code = f"class A:\n    def f(self):\n{code}        r ** 3\n{code}"
    return make_task(code=code, history=history, hint="do it")


@pytest.mark.parametrize("name", ONE_OF_EACH)
@pytest.mark.parametrize("limit", [700, 4096])
def test_a_long_task_fills_its_budget_and_never_exceeds_it(real_tokenizer, long_task, name, limit) -> None:
    prompt = build(long_task, template=name, budget=budget_of(real_tokenizer, limit, name))
    rendered = text(prompt)
    if not prompt.plain:
        rendered = real_tokenizer.apply_chat_template(
            list(prompt.messages), add_generation_prompt=True, tokenize=False
        )
    tokens = len(real_tokenizer(rendered, add_special_tokens=False)["input_ids"])
    assert tokens == prompt.tokens
    assert 0.85 * limit < tokens <= limit


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_nothing_is_cut_within_a_line_or_a_diff(real_tokenizer, long_task, name) -> None:
    prompt = build(long_task, template=name, budget=budget_of(real_tokenizer, 1024, name))
    shown = text(prompt)
    whole = text(build(long_task, template=name))
    known = set(whole.split("\n"))
    # Titles name line numbers, and a marker may stand in one line with code.
    bare = [line.removesuffix("<|fim_middle|>") for line in shown.split("\n")]
    strange = [line for line in bare if line not in known and not line.startswith(("#", "<"))]
    assert strange == []


def test_headers_of_what_encloses_the_lines_are_kept(real_tokenizer, make_task) -> None:
    body = "".join(f"        value_{n} = compute(value_{n - 1}, {n})\n" for n in range(1, 400))
    code = (
        f"class Solver:\n    def first(self):\n        pass\n\n    def solve(self):\n{body}        r ** 3\n"
    )
    prompt = build(make_task(code=code, history=()), budget=budget_of(real_tokenizer, 1024, "paper"))
    shown = text(prompt)
    assert "class Solver:\n    def solve(self):\n        value_" in shown
    assert "def first" not in shown
    assert "lines 1, 5 and " in shown


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_one_line_of_100k_characters_beside_the_range_is_left_out(real_tokenizer, make_task, name) -> None:
    task = make_task(code=f"{'x = 1; ' * 14_000}\nr ** 3\nlast = 1\n")
    prompt = build(task, template=name, budget=budget_of(real_tokenizer, 1024, name))
    assert prompt.tokens <= 1024
    assert prompt.left_out.code_lines == 1
    assert "last = 1" in text(prompt)


def test_a_range_of_100k_characters_has_no_prompt(real_tokenizer, make_task) -> None:
    task = make_task(code=f"first\nr ** 3 {'x = 1; ' * 14_000}\nlast\n")
    with pytest.raises(PromptTooLongError, match="tokens of 4096"):
        build(task, budget=budget_of(real_tokenizer, 4096, "paper"))


def test_a_diff_of_100k_characters_leaves_room_for_the_code(real_tokenizer, make_task) -> None:
    huge = HistoryEdit("a.py", "@@ -1 +1 @@\n+" + "y = 2; " * 14_000 + "\n", 10)
    prompt = build(make_task(history=(huge,)), budget=budget_of(real_tokenizer, 1024, "paper"))
    assert prompt.left_out.history_edits == 1
    assert prompt.left_out.code_lines == 0


def test_the_fast_count_is_the_tokenizers_own(real_tokenizer, long_task) -> None:
    texts = [long_task.code, *long_task.code.split("\n")[:50], ""]
    assert whole_counter(real_tokenizer)(texts) == [
        len(ids) for ids in real_tokenizer(texts, add_special_tokens=False)["input_ids"]
    ]


def test_a_piece_that_recurs_is_counted_once() -> None:
    asked = []

    def count(texts):
        asked.extend(texts)
        return [len(text) for text in texts]

    counter = PieceCounter(count)
    assert counter(["a", "bb", "a"]) == [1, 2, 1]
    assert counter(["bb", "ccc"]) == [2, 3]
    assert sorted(asked) == ["a", "bb", "ccc"]


def test_prompts_built_in_parallel_are_the_same_in_the_same_order(word_budget, make_task) -> None:
    tasks = [make_task(id=f"t{n}", hint="word " * n) for n in range(200)]
    alone, together = Lengths(), Lengths()
    one = list(build_prompts(tasks, alone, budget=word_budget(250), jobs=1))
    many = list(build_prompts(iter(tasks), together, budget=word_budget(250), jobs=4))
    assert one == many
    assert alone == together
    assert together.too_long > 0


def test_building_reads_ahead_only_a_little(word_budget, make_task) -> None:
    taken = 0

    def tasks():
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield make_task(id=f"t{number}")

    prompts = build_prompts(tasks(), Lengths(), budget=word_budget(5000), jobs=2)
    next(prompts)
    prompts.close()
    assert taken < 1000


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_prompt_of_zeta_exceeds_its_budget_or_tells_the_truth(shared, real_tokenizer, name) -> None:
    from codeedit.eval.sets.zeta import read_rows

    budget = budget_of(real_tokenizer, 800, name)
    splits = ("dpo", "eval", "train") if name == "paper" else ("dpo",)
    fitting = 0
    for split in splits:
        for row in read_rows(shared / "data" / "zeta" / f"{split}.jsonl"):
            fitting += check(row.task, name, budget)
    assert fitting > 100


def check(task, name: str, budget: Budget) -> bool:
    try:
        prompt = build(task, template=name, budget=budget)
    except PromptTooLongError:
        return False
    assert prompt.tokens <= budget.max_tokens
    # The same task with another truth has the same prompt: nothing of the truth is in it.
    other = dataclasses.replace(task, edit="another truth", no_change=False)
    assert build(other, template=name, budget=budget).messages == prompt.messages
    return True
