"""A causal language model in vLLM: continuous batching on one or several GPUs, or in vLLM's CPU build.

The model is loaded for the first question, with a context no longer than the questions need.  Each answer
is a request with a seed of its own; the trials of a prompt share its part of the cache.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from codeedit.errors import CodeEditError, InputError
from codeedit.eval.engines.base import Generation, ModelSource, Pair, Sampling, Work, answer_seed
from codeedit.eval.engines.local import (
    check_causal,
    decode_text,
    encode,
    need,
    open_tokenizer,
    opening,
    stop_ids,
)
from codeedit.pipeline.prompt_builder import Budget, Message

_INSTALL = 'pip install "codeedit[gpu]", or take --engine hf'
_DEFAULTS = {  # of vLLM's environment
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",  # stdout is the command's
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # in this process: Ctrl-C ends it, answers come at once
    "VLLM_CPU_KVCACHE_SPACE": "2",  # GiB, on a CPU
    "VLLM_NO_USAGE_STATS": "1",
}


@dataclass(frozen=True, slots=True)
class Vllm:
    """The engine's options."""

    tensor_parallel: int = 1  # GPUs that share the model

    def served(self, name: str | None) -> None:
        """The model is a folder or on the hub."""

    def open(self, source: ModelSource) -> VllmEngine:
        """Check the model's files; its weights are loaded with the first question."""
        return VllmEngine(self, source)


class VllmEngine:
    """Answers with vLLM; float32 on the CPU, the model's own precision on GPUs.

    Args:
        settings: the engine's options.
        source: the model's folder or hub name.

    Raises:
        MissingDependencyError: vllm is not installed.
        InputError: it is no causal language model with a chat template.
    """

    def __init__(self, settings: Vllm, source: ModelSource) -> None:
        for name, value in _DEFAULTS.items():
            os.environ.setdefault(name, value)
        need("vllm", _INSTALL)
        import transformers
        import vllm
        from vllm.platforms import current_platform

        check_causal(source)
        self.settings, self.source, self.work = settings, source, Work()
        self.tokenizer = open_tokenizer(source)
        with opening(source):
            self._config = transformers.AutoConfig.from_pretrained(source.location)
        self._version = vllm.__version__
        self._on_cpu = current_platform.is_cpu()

    @property
    def context(self) -> int | None:
        """The model's positions."""
        positions = getattr(self._config.get_text_config(), "max_position_embeddings", None)
        return positions if isinstance(positions, int) else None

    def budget(self, max_tokens: int) -> Budget:
        """Return a prompt budget by the model's tokenizer."""
        return Budget.for_tokenizer(self.tokenizer, max_tokens, plain=self.source.plain)

    def describe(self) -> dict[str, Any]:
        """Return version and precision."""
        device = "cpu" if self._on_cpu else "cuda"
        return {"engine": "vllm", "vllm": self._version, "device": device, "dtype": self._dtype}

    @property
    def _dtype(self) -> str:
        return "float32" if self._on_cpu else "auto"

    def generate(
        self, prompts: Mapping[int, Sequence[Message]], pairs: Sequence[Pair], sampling: Sampling
    ) -> Iterator[Generation]:
        """Yield the answers as they end."""
        ids = {row: encode(self.tokenizer, prompts[row]) for row in sorted({row for row, _ in pairs})}
        self.work = Work(sum(map(len, ids.values())))
        longest = max(map(len, ids.values())) + sampling.max_tokens
        model = self._load(min(longest, self.context or longest))
        stops = stop_ids(self.tokenizer, self._ends(), sampling.stops)
        engine = model.llm_engine
        wanted = {f"{row}/{trial}": (row, trial) for row, trial in sorted(pairs)}
        for name, pair in wanted.items():
            engine.add_request(name, {"prompt_token_ids": ids[pair[0]]}, _parameters(pair, sampling, stops))
        while engine.has_unfinished_requests():
            for found in self._step(engine):
                if not found.finished:
                    continue
                row, trial = wanted[_name(found.request_id, wanted)]
                output = found.outputs[0]
                tokens = list(output.token_ids)
                if tokens and tokens[-1] in stops:
                    tokens.pop()
                text = decode_text(self.tokenizer, tokens)
                yield Generation(row, trial, text, truncated=output.finish_reason == "length")

    def _step(self, engine: Any) -> list[Any]:  # noqa: ANN401 - vllm's own
        try:
            steps: list[Any] = engine.step()
        except Exception as error:
            hint = "answers given so far are kept: run the same command again to go on"
            raise CodeEditError("vLLM stopped", where=self.source.name, hint=hint) from error
        return steps

    def _load(self, length: int) -> Any:  # noqa: ANN401
        from vllm import LLM

        with _stdout_on_stderr(), opening(self.source):
            return LLM(
                model=str(self.source.location),
                dtype=self._dtype,
                max_model_len=length,
                tensor_parallel_size=self.settings.tensor_parallel,
                enforce_eager=self._on_cpu,  # compiling takes minutes there
                enable_prefix_caching=True,
                generation_config="vllm",  # no sampling settings but ours
            )

    def _ends(self) -> Any:  # noqa: ANN401 - a token, several or None
        import transformers

        try:
            found = transformers.GenerationConfig.from_pretrained(self.source.location)
        except OSError:  # it has none
            return self._config.get_text_config().eos_token_id
        return found.eos_token_id


def _parameters(pair: Pair, sampling: Sampling, stops: frozenset[int]) -> Any:  # noqa: ANN401
    from vllm import SamplingParams

    return SamplingParams(
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        max_tokens=sampling.max_tokens,
        seed=answer_seed(*pair) if sampling.temperature else None,
        stop=list(sampling.stops) or None,
        stop_token_ids=sorted(stops),
        detokenize=bool(sampling.stops),
        skip_special_tokens=False,
    )


def _name(found: str, wanted: Mapping[str, Pair]) -> str:
    """Return a request's name; vLLM may add characters of its own after a dash."""
    name = found if found in wanted else found.rsplit("-", maxsplit=1)[0]
    if name not in wanted:
        raise InputError("an answer to no question of ours", where="vllm")
    return name


@contextmanager
def _stdout_on_stderr() -> Iterator[None]:
    """Let all that native code prints go to stderr: stdout is the command's."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
