"""Prompts as parquet, in the columns that verl's data set reads, and what became of their lengths."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError
from codeedit.pipeline.prompt_builder.builder import DEFAULT_TEMPLATE, build
from codeedit.pipeline.prompt_builder.context import Need, context_of
from codeedit.pipeline.prompt_builder.prompt import Prompt
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.templates import find_template
from codeedit.records import Task

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 500  # rows
_AHEAD = 16  # tasks under way for each thread


@dataclass(slots=True)
class Lengths:
    """What became of a split's prompts, counted as they are built."""

    too_long: int = 0  # tasks without a prompt: the range alone exceeds the budget
    shortened: int = 0
    most_left_out: int = 0  # code lines, of the prompt that lost most
    tokens: list[int] = field(default_factory=list)  # of each prompt

    @property
    def prompts(self) -> int:
        """How many prompts there are."""
        return len(self.tokens)

    def summary(self) -> dict[str, Any]:
        """Return the counts and the distribution of lengths, in tokens."""
        import numpy as np

        shares = (("p50", 50), ("p90", 90), ("p99", 99), ("max", 100))
        return {
            "prompts": self.prompts,
            "too_long": self.too_long,
            "shortened": self.shortened,
            "shortened_share": self.shortened / self.prompts if self.prompts else 0.0,
            "most_left_out": self.most_left_out,
            "tokens": {name: int(np.percentile(self.tokens, share)) for name, share in shares}
            if self.tokens
            else {},
        }


def build_prompts(
    tasks: Iterable[Task],
    lengths: Lengths,
    *,
    budget: Budget,
    template: str | Template = DEFAULT_TEMPLATE,
    needs: Collection[Need] = (),
    jobs: int | None = None,
) -> Iterator[Prompt]:
    """Yield the prompts of all tasks that fit, in the tasks' order, and count them in ``lengths``.

    Args:
        tasks: read a few at a time, so that memory stays bounded.
        lengths: what is counted, as the prompts are taken.
        budget: the model's limit.
        template: as ``build`` takes it.
        needs: what the reward needs of each task beside the range.
        jobs: threads, as the tokenizer leaves Python's lock; all cores if not given.
    """
    renderer = find_template(template)

    def one(task: Task) -> Prompt | None:
        try:
            prompt = build(task, template=renderer, budget=budget)
        except PromptTooLongError:
            return None
        return replace(prompt, context=context_of(task, needs)) if needs else prompt

    for prompt in _in_order(one, tasks, jobs or os.cpu_count() or 1):
        if prompt is None:
            lengths.too_long += 1
            continue
        lengths.tokens.append(prompt.tokens or 0)
        lengths.shortened += prompt.shortened
        lengths.most_left_out = max(lengths.most_left_out, prompt.left_out.code_lines)
        yield prompt


def _in_order(
    function: Callable[[Task], Prompt | None], tasks: Iterable[Task], jobs: int
) -> Iterator[Prompt | None]:
    """Yield the function's results in the tasks' order, a bounded number of them under way."""
    if jobs == 1:
        yield from map(function, tasks)
        return
    under_way: deque[Future[Prompt | None]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for task in tasks:
                under_way.append(pool.submit(function, task))
                if len(under_way) >= _AHEAD * jobs:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


def prompt_schema() -> pa.Schema:
    """Return the Arrow schema of ``Prompt.as_row``."""
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    extra = [
        ("task_id", text),
        ("language", text),
        ("original", text),
        ("no_change", pa.bool_()),
        ("template", text),
        ("above", text),
        ("below", text),
        ("tokens", number),
        ("left_out_code_lines", number),
        ("left_out_history_edits", number),
        ("left_out_related_files", number),
        ("path", text),
        ("code_above", text),
        ("code_below", text),
        ("earlier", text),
    ]
    return pa.schema(
        [
            ("data_source", text),
            ("prompt", pa.list_(pa.struct([("role", text), ("content", text)]))),
            ("edit", text),
            ("answer", text),
            ("ability", text),
            ("reward_model", pa.struct([("style", text), ("ground_truth", text)])),
            ("extra_info", pa.struct(extra)),
        ]
    )


def write_prompts(prompts: Iterable[Prompt], path: Path) -> int:
    """Write prompts to one parquet file, under a temporary name until it is whole; return their number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = prompt_schema()
    iterator = iter(prompts)
    try:
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            while batch := [prompt.as_row() for prompt in islice(iterator, _BATCH)]:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                count += len(batch)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count
