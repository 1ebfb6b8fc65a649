"""Prompts as parquet, in the columns that verl's data set reads, and what became of their lengths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError
from codeedit.pipeline.prompt_builder.builder import DEFAULT_TEMPLATE, build
from codeedit.pipeline.prompt_builder.prompt import Prompt
from codeedit.records import Task

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 500  # rows


@dataclass(slots=True)
class Lengths:
    """What became of a split's prompts, counted as they are built."""

    too_long: int = 0  # tasks without a prompt: the range alone exceeds the budget
    shortened: int = 0
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
            "tokens": {name: int(np.percentile(self.tokens, share)) for name, share in shares}
            if self.tokens
            else {},
        }


def build_prompts(
    tasks: Iterable[Task], lengths: Lengths, *, budget: Budget, template: str = DEFAULT_TEMPLATE
) -> Iterator[Prompt]:
    """Yield the prompts of all tasks that fit, and count them in ``lengths``."""
    for task in tasks:
        try:
            prompt = build(task, template=template, budget=budget)
        except PromptTooLongError:
            lengths.too_long += 1
            continue
        lengths.tokens.append(prompt.tokens or 0)
        lengths.shortened += bool(prompt.left_out)
        yield prompt


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
    ]
    return pa.schema(
        [
            ("data_source", text),
            ("prompt", pa.list_(pa.struct([("role", text), ("content", text)]))),
            ("edit", text),
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
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        while batch := [prompt.as_row() for prompt in islice(iterator, _BATCH)]:
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    part.replace(path)
    return count
