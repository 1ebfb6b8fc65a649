"""What will become of a data set's tasks as prompts, from a sample: seconds instead of minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeedit.models import Limits
from codeedit.pipeline.prompt_builder import Lengths, build_prompts
from codeedit.pipeline.selection import selected_ids
from codeedit.pipeline.task_table import sample_tasks
from codeedit.training.model_start import ModelStart
from codeedit.training.prompts import PromptCounts, fits_response

_SAMPLE = 200  # tasks


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of a sample."""

    looked_at: int  # tasks
    tasks: int  # of which it is a sample
    counts: PromptCounts

    @property
    def sampled(self) -> bool:
        """Whether not all tasks were looked at."""
        return self.looked_at < self.tasks

    def lines(self, limits: Limits) -> Iterator[str]:
        """Yield the counts as sentences."""
        of = f"of {self.looked_at} tasks looked at, {self.tasks} in all" if self.sampled else "of all tasks"
        yield f"{self.counts.shortened} prompts are shortened to {limits.prompt} tokens, {of}"
        for left_out, why in (
            (self.counts.too_long, f"the range alone exceeds {limits.prompt} tokens"),
            (self.counts.cannot_fit, f"the answer exceeds {limits.response} tokens"),
        ):
            if left_out:
                yield f"{left_out} are left out: {why}"

    def problem(self, limits: Limits) -> str | None:
        """Return what keeps a run from starting: nothing is left."""
        if self.counts.train:
            return None
        return (
            f"no task looked at fits {limits.prompt} tokens of prompt and {limits.response} of answer: "
            "-- data.max_prompt_length=N data.max_response_length=N"
        )


def survey(data: Path, start: ModelStart, limits: Limits, select: Path | None = None) -> Survey:
    """Build the prompts of a fixed sample of the training tasks.

    Args:
        data: the data set's folder.
        start: the model and its prompts' format.
        limits: tokens of a prompt and of an answer.
        select: a file that names the tasks to train on; None: all.
    """
    wanted = None if select is None else selected_ids(select)
    tasks, total = sample_tasks(data, "train", _SAMPLE, wanted)
    lengths = Lengths()
    prompts = build_prompts(tasks, lengths, budget=start.budget(limits.prompt), template=start.template)
    fitting = [fits_response(start, prompt, limits) for prompt in prompts]
    counts = PromptCounts(
        len(tasks), sum(fitting), {}, lengths.shortened, lengths.too_long, fitting.count(False)
    )
    return Survey(len(tasks), total, counts)
