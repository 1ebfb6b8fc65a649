"""The rollout server for CPUs: an async Ray actor that answers requests in batches with ``generate``."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import Any

import torch

# A batch is closed when no request has arrived for this long; an agent worker sends all of a step's at once.
_QUIET_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn; requests of one batch share it."""

    temperature: float  # 0: greedy
    top_p: float
    top_k: int  # 0 or less: all


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A prompt that waits for its answer."""

    prompt: list[int]  # token ids
    sampling: Sampling
    max_tokens: int
    answer: asyncio.Future[Any]


class HFServer:
    """Holds the rollout's copy of the model.

    Args:
        model_path: a local folder of the model.
        response_length: most tokens of an answer.
        max_num_seqs: most requests in a batch.
        seed: with the training step, seeds the sampling, so that a resumed run draws what it would have.
    """

    def __init__(self, model_path: str, response_length: int, max_num_seqs: int, seed: int) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.model = AutoModelForCausalLM.from_pretrained(model_path, dtype=torch.float32).eval()
        tokenizer = AutoTokenizer.from_pretrained(model_path)
        self.end_tokens = _end_tokens(self.model.generation_config.eos_token_id, tokenizer.eos_token_id)
        self.pad_token = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else self.end_tokens[0]
        self.response_length = response_length
        self.max_num_seqs = max_num_seqs
        self.seed = seed
        self.step: int | None = None
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
        sampling = Sampling(
            float(sampling_params.get("temperature", 1.0)),
            float(sampling_params.get("top_p", 1.0)),
            int(sampling_params.get("top_k", -1)),
        )
        asked = sampling_params.get("max_tokens") or self.response_length
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append(
            Request(list(prompt_ids), sampling, min(int(asked), self.response_length), answer)
        )
        if self.idle.is_set():
            self.idle.clear()
            self.worker = asyncio.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        try:
            while self.waiting:
                await self._wait_for_quiet()
                first = self.waiting[0]
                batch = [request for request in self.waiting if request.sampling == first.sampling]
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
        """Generate for a batch of B requests; T is the longest answer."""
        from verl.workers.rollout.replica import TokenOutput

        from codeedit.training.verl_plugin.kv_cache import prefilled

        sampling = batch[0].sampling
        batch.sort(key=lambda request: request.prompt)  # rollouts of one prompt side by side
        input_ids, mask = self._left_padded([request.prompt for request in batch])  # (B, longest prompt)
        longest = max(request.max_tokens for request in batch)
        output = self.model.generate(
            input_ids=input_ids,
            attention_mask=mask,
            past_key_values=prefilled(self.model, input_ids, mask, longest),
            max_new_tokens=longest,
            pad_token_id=self.pad_token,
            eos_token_id=self.end_tokens,
            return_dict_in_generate=True,
            output_logits=True,
            **_choice(sampling),
        )
        tokens = output.sequences[:, input_ids.shape[1] :]  # (B, T)
        # The trainer scores tokens at the sampling temperature too.
        temperature = sampling.temperature if sampling.temperature > 0 else 1.0
        chosen = [
            (logits.float() / temperature).log_softmax(-1).gather(-1, tokens[:, at, None])
            for at, logits in enumerate(output.logits)
        ]
        log_probs = torch.cat(chosen, dim=1)  # (B, T)
        results = []
        for request, row, row_log_probs in zip(batch, tokens.tolist(), log_probs.tolist(), strict=True):
            length = min(_answer_length(row, self.end_tokens), request.max_tokens)
            results.append(
                TokenOutput(
                    token_ids=row[:length],
                    log_probs=row_log_probs[:length],
                    stop_reason="completed",
                    extra_fields={"global_steps": self.step},
                )
            )
        return results

    def _left_padded(self, prompts: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self.pad_token)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        return ids, mask

    async def load_weights(self, state: dict[str, torch.Tensor], step: int | None) -> None:
        """Take over the trainer's weights after a step, when no batch is running."""
        await self.idle.wait()
        self.model.load_state_dict(state)
        self.step = step
        torch.manual_seed(self.seed + (step or 0))

    async def sleep(self) -> None:
        """Wait until no batch is running; on a CPU there is no memory to hand over."""
        await self.idle.wait()

    async def wake_up(self, **_: Any) -> None:  # noqa: ANN401
        """Do nothing."""


def _choice(sampling: Sampling) -> dict[str, Any]:
    if sampling.temperature <= 0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": max(sampling.top_k, 0),
    }


def _end_tokens(of_model: int | list[int] | None, of_tokenizer: int | None) -> list[int]:
    ends = of_model if isinstance(of_model, list) else [of_model]
    return sorted({end for end in (*ends, of_tokenizer) if end is not None})


def _answer_length(row: list[int], ends: list[int]) -> int:
    """Return the number of tokens up to and with the first end token."""
    return next((at + 1 for at, token in enumerate(row) if token in ends), len(row))
