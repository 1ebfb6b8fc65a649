"""The rollout server for CPUs: an async Ray actor that answers requests in batches.

Each answer is drawn from its own stream of random numbers, seeded by the run's seed, the training step, the
prompt, and how often that prompt was asked for in the step before.  So it does not depend on when requests
arrive: a run that is repeated gives the same answers, as far as rounding lets it.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from codeedit.models.decoding import Drawing, decode

# A batch is closed when no request has arrived for this long; an agent worker sends all of a step's at once.
_QUIET_SECONDS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A prompt that waits for its answer."""

    prompt: tuple[int, ...]  # token ids
    number: int  # of the requests for this prompt in this step, from 0
    drawing: Drawing  # requests of one batch share it
    max_tokens: int
    answer: asyncio.Future[Any]


class HFServer:
    """Holds the rollout's copy of the model.

    Args:
        model_path: a local folder of the model.
        response_length: most tokens of an answer.
        max_num_seqs: most requests in a batch.
        seed: the run's.
    """

    def __init__(self, model_path: str, response_length: int, max_num_seqs: int, seed: int) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.model = AutoModelForCausalLM.from_pretrained(model_path, dtype=torch.float32).eval()
        tokenizer = AutoTokenizer.from_pretrained(model_path)
        self.end_tokens = _end_tokens(self.model.generation_config.eos_token_id, tokenizer.eos_token_id)
        self.response_length = response_length
        self.max_num_seqs = max_num_seqs
        self.seed = seed
        self.step: int | None = None
        self.asked: Counter[tuple[int, ...]] = Counter()  # in this step
        self.waiting: list[Request] = []
        self.idle = asyncio.Event()
        self.idle.set()
        self.worker: asyncio.Task[None] | None = None

    async def ready(self) -> int:
        """Return the process id, once the model is loaded."""
        return os.getpid()

    async def generate(
        self,
        prompt_ids: list[int],
        sampling_params: dict[str, Any],
        request_id: str | None = None,  # noqa: ARG002 - verl's signature
        **_: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - verl's TokenOutput
        """Answer one prompt; it is put into a batch with others."""
        drawing = Drawing(
            max(0.0, float(sampling_params.get("temperature", 1.0))),
            float(sampling_params.get("top_p", 1.0)),
            int(sampling_params.get("top_k", -1)),
        )
        limit = min(int(sampling_params.get("max_tokens") or self.response_length), self.response_length)
        prompt = tuple(prompt_ids)
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append(Request(prompt, self.asked[prompt], drawing, limit, answer))
        self.asked[prompt] += 1
        if self.idle.is_set():
            self.idle.clear()
            self.worker = asyncio.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        try:
            while self.waiting:
                await self._wait_for_quiet()
                first = self.waiting[0]
                batch = [request for request in self.waiting if request.drawing == first.drawing]
                batch = batch[: self.max_num_seqs]
                taken = {id(request) for request in batch}
                self.waiting = [request for request in self.waiting if id(request) not in taken]
                await self._answer(batch)
        finally:
            self.idle.set()

    async def _wait_for_quiet(self) -> None:
        seen = 0
        while seen < len(self.waiting) < self.max_num_seqs:
            seen = len(self.waiting)
            await asyncio.sleep(_QUIET_SECONDS)

    async def _answer(self, batch: list[Request]) -> None:
        try:
            outputs = await asyncio.to_thread(self._generate, batch)
        except Exception as error:  # noqa: BLE001 - each request must end, and verl reports its error
            for request in batch:
                request.answer.set_exception(error)
            return
        for request, output in zip(batch, outputs, strict=True):
            if not request.answer.done():
                request.answer.set_result(output)

    @torch.inference_mode()
    def _generate(self, batch: list[Request]) -> list[Any]:
        """Return a ``TokenOutput`` for each request of a batch."""
        from verl.workers.rollout.replica import TokenOutput

        place = {prompt: at for at, prompt in enumerate(dict.fromkeys(request.prompt for request in batch))}
        answers = decode(
            self.model,
            list(place),
            [place[request.prompt] for request in batch],
            self._draws(batch),
            frozenset(self.end_tokens),
            batch[0].drawing,
        )
        outputs: list[Any] = [None] * len(batch)
        for at, answer in answers:
            limit = batch[at].max_tokens
            outputs[at] = TokenOutput(
                token_ids=answer.ids[:limit],
                log_probs=answer.log_probs[:limit],
                stop_reason="completed",
                extra_fields={"global_steps": self.step},
            )
        return outputs

    def _draws(self, batch: list[Request]) -> NDArray[np.float64]:
        """Return uniform numbers (requests, the most tokens of an answer): a stream for each request."""
        longest = max(request.max_tokens for request in batch)
        seeds = ([self.seed, self.step or 0, request.number, *request.prompt] for request in batch)
        return np.stack([np.random.default_rng(seed).random(longest) for seed in seeds])

    async def load_weights(self, state: dict[str, torch.Tensor], step: int | None) -> None:
        """Take over the trainer's weights after a step, when no batch is running."""
        await self.idle.wait()
        self.model.load_state_dict(state)
        self.step = step
        self.asked.clear()

    async def sleep(self) -> None:
        """Wait until no batch is running; on a CPU there is no memory to hand over."""
        await self.idle.wait()

    async def wake_up(self, **_: Any) -> None:  # noqa: ANN401
        """Do nothing."""


def _end_tokens(of_model: int | list[int] | None, of_tokenizer: int | None) -> list[int]:
    ends = of_model if isinstance(of_model, list) else [of_model]
    return sorted({end for end in (*ends, of_tokenizer) if end is not None})
