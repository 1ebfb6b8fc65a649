"""A set's rows to stored answers: build the prompts that are missing, ask the engine, keep what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codeedit import __version__
from codeedit.eval.answers import GivenAnswer
from codeedit.eval.engines import Engine, Pair, Sampling, trial_seed
from codeedit.eval.sets import EvalSet
from codeedit.eval.store import AnswerStore
from codeedit.pipeline.prompt_builder import Budget, Prompt, PromptTooLongError, build

Progress = Callable[[str, int, int | None], None]  # stage, done, total


def answer_settings(
    target: EvalSet,
    fingerprint: str,
    engine: Engine,
    sampling: Sampling,
    *,
    template: str,
    max_prompt: int,
    thinking: bool = True,
) -> dict[str, Any]:
    """Return all that an answer depends on: stored ones are used again where this is the same.

    Args:
        target: the whole set.
        fingerprint: what tells one model from another.
        engine: who answers.
        sampling: how answers are drawn.
        template: the prompts' text format.
        max_prompt: tokens that a prompt may have.
        thinking: whether the model may.
    """
    return {
        "codeedit": __version__,
        "set": target.name,
        "set_digest": target.digest,
        "model": fingerprint,
        "template": template,
        "max_prompt_length": max_prompt,
        "max_response_length": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "first_seed": trial_seed(0),
        **({} if thinking else {"thinking": False}),
        **engine.describe(),
    }


def answer_rows(
    target: EvalSet,
    engine: Engine,
    store: AnswerStore,
    rows: Sequence[int],
    trials: Sequence[int],
    sampling: Sampling,
    *,
    template: str,
    max_prompt: int,
    progress: Progress = lambda *_: None,
) -> None:
    """Fill the store with an answer to each wanted row in each trial.

    A row whose prompt fits no budget is stored as such, unanswered.

    Args:
        target: the whole set.
        engine: who answers.
        store: what is there already is not asked again.
        rows: positions of the rows that are wanted.
        trials: numbers of the trials.
        sampling: how answers are drawn.
        template: the prompts' text format.
        max_prompt: tokens that a prompt may have.
        progress: told how many answers are there.
    """
    wanted = [(at, trial) for at in rows for trial in trials]
    missing = [pair for pair in wanted if pair not in store.answers]
    if not missing:
        return
    prompts = _prompts(target, missing, engine.budget(max_prompt), template)
    for at, trial in missing:
        if at not in prompts:
            store.add(at, trial, GivenAnswer("", prompt_too_long=True))
    pairs = [pair for pair in missing if pair[0] in prompts]
    messages = {at: prompt.messages for at, prompt in prompts.items()}
    done = len(wanted) - len(pairs)
    progress("answers", done, len(wanted))
    for done, answer in enumerate(engine.generate(messages, pairs, sampling), start=done + 1):  # noqa: B020
        prompt = prompts[answer.row]
        given = GivenAnswer(
            answer.text,
            truncated=answer.truncated,
            prompt_too_long=answer.prompt_too_long,
            template=template,
            above=prompt.above,
            below=prompt.below,
        )
        store.add(answer.row, answer.trial, given)
        progress("answers", done, len(wanted))


def _prompts(target: EvalSet, pairs: Sequence[Pair], budget: Budget, template: str) -> Mapping[int, Prompt]:
    """Return the prompts by row, without rows whose prompt is too long."""
    prompts: dict[int, Prompt] = {}
    for at in sorted({row for row, _ in pairs}):
        try:
            prompts[at] = build(target.rows[at].task, template=template, budget=budget)
        except PromptTooLongError:
            continue
    return prompts
