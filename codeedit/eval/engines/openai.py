"""Any server with OpenAI's API: vLLM, llama.cpp, Ollama and others.

Prompts go to ``/chat/completions``, those of plain templates to ``/completions``.  Several requests are
under way at once; each carries a seed of its own.  When the server fails for good, what is still under
way is waited for and kept.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from codeedit.errors import CodeEditError, InputError
from codeedit.eval.engines.base import Generation, ModelSource, Pair, Sampling, Work, answer_seed
from codeedit.eval.engines.openai_client import Client, Reply, list_models
from codeedit.models import MODELS, NO_THINKING, fix_chat_variables, load_prompt_tokenizer
from codeedit.pipeline.prompt_builder import Budget, Message

URL_VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLE = "OPENAI_API_KEY"
_BYTES_PER_TOKEN = 3  # of code, at least about: where no tokenizer counts, prompts rather come out short
_PER_MESSAGE = 8  # tokens of a chat template
_EXAMPLES = "vLLM: http://127.0.0.1:8000/v1, llama.cpp: :8080/v1, Ollama: :11434/v1"


@dataclass(frozen=True, slots=True)
class OpenAI:
    """The engine's options."""

    url: str | None = None  # the API's base address; None: the environment's OPENAI_BASE_URL
    api_key_env: str | None = None  # which variable holds the key; None: OPENAI_API_KEY, if it is set
    concurrency: int = 8  # requests under way
    timeout: float = 300.0  # seconds for an answer
    tokenizer: str | None = None  # a run, folder or name whose tokenizer counts; None: bytes are counted

    def served(self, name: str | None) -> str:
        """Return the name of the model on the server."""
        if name is not None:
            return name
        names = list_models(self.base_url, self.key, self.timeout)
        if len(names) == 1:
            return names[0]
        found = f"has several: {', '.join(names[:8])}" if names else "lists none"
        raise InputError(
            f"no model named, and the server {found}", where="--model", hint="name one of its models"
        )

    def open(self, source: ModelSource) -> OpenAIEngine:
        """Check address and key; nothing is sent yet."""
        return OpenAIEngine(self, source)

    @property
    def base_url(self) -> str:
        """The API's address, without a slash at its end; ``InputError`` where there is none."""
        given = self.url or os.environ.get(URL_VARIABLE)
        where = "--url" if self.url or not given else URL_VARIABLE
        if not given:
            raise InputError("no server named", where=where, hint=f"for example {_EXAMPLES}")
        try:
            parts = urlsplit(given)
            port = parts.port  # raises where it is no number
        except ValueError:
            raise InputError("not an address", where=where, hint=_EXAMPLES) from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                "not an address that begins with http:// or https://", where=where, hint=_EXAMPLES
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            hint = f"put the key into {KEY_VARIABLE}"
            raise InputError("an address may hold no user, password or query", where=where, hint=hint)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/') or '/v1'}"

    @property
    def key(self) -> str | None:
        """The key, which is never printed or stored."""
        variable = self.api_key_env or KEY_VARIABLE
        value = os.environ.get(variable)
        if self.api_key_env and not value:
            raise InputError("no such variable in the environment", where=f"--api-key-env {variable}")
        if value and (not value.isascii() or not value.isprintable()):
            raise InputError("this variable holds no key", where=variable)
        return value or None


class OpenAIEngine:
    """Answers of a server.

    Args:
        settings: the engine's options.
        source: the model, by the server's name for it.

    Raises:
        InputError: no usable address, or no such tokenizer.
    """

    def __init__(self, settings: OpenAI, source: ModelSource) -> None:
        self.source = source
        self.settings = settings
        self.work = Work()
        self.url, self._key = settings.base_url, settings.key
        self.tokenizer = _tokenizer(settings.tokenizer, source)

    @property
    def context(self) -> None:
        """A server does not tell it; a prompt that it refuses for its length is counted as such."""

    def budget(self, max_tokens: int) -> Budget:
        """Return a budget by the tokenizer that was named, or by bytes."""
        if self.tokenizer is not None:
            return Budget.for_tokenizer(self.tokenizer, max_tokens, plain=self.source.plain)
        return Budget(max_tokens, _estimate, _estimate_messages)

    def describe(self) -> dict[str, Any]:
        """Return address and kind of requests; never the key."""
        counted = "estimated" if self.tokenizer is None else str(self.settings.tokenizer or self.source.name)
        api = "completions" if self.source.plain else "chat"
        return {"engine": "openai", "url": self.url, "api": api, "prompt_tokens_by": counted}

    def generate(
        self, prompts: Mapping[int, Sequence[Message]], pairs: Sequence[Pair], sampling: Sampling
    ) -> Iterator[Generation]:
        """Yield the answers as they come."""
        with asyncio.Runner() as runner:
            crew = _Crew(self, prompts, sorted(pairs), sampling)
            try:
                while (found := runner.run(crew.next())) is not None:
                    yield found
            finally:
                runner.run(crew.close())

    def client(self) -> Client:
        """Return a client of the server."""
        return Client(self.url, self._key, self.settings.timeout, self.settings.concurrency)

    def request(self, messages: Sequence[Message], pair: Pair, sampling: Sampling) -> dict[str, Any]:
        """Return the body of a request."""
        body: dict[str, Any] = {
            "model": str(self.source.location),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": answer_seed(*pair),
        }
        if sampling.stops:
            body["stop"] = list(sampling.stops[:4])  # OpenAI's own limit
        if self.source.plain:
            return body | {"prompt": "".join(message["content"] for message in messages)}
        chat = (
            {} if self.source.thinking else {"chat_template_kwargs": dict(NO_THINKING)}
        )  # vLLM, SGLang, llama.cpp
        return body | chat | {"messages": [dict(message) for message in messages]}


class _Crew:
    """Workers that take pairs and ask for them, and a queue of what they got."""

    def __init__(
        self,
        engine: OpenAIEngine,
        prompts: Mapping[int, Sequence[Message]],
        pairs: Sequence[Pair],
        sampling: Sampling,
    ) -> None:
        self._engine, self._prompts, self._sampling = engine, prompts, sampling
        self._client = engine.client()
        self._pairs = iter(pairs)
        self._answers: asyncio.Queue[Generation | None] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._count = min(engine.settings.concurrency, len(pairs))
        self._failure: Exception | None = None

    async def next(self) -> Generation | None:
        """Return the next answer, or None after the last; raise what stopped the crew once all is in."""
        if not self._workers:
            self._workers = [asyncio.create_task(self._work()) for _ in range(self._count)]
        while self._count:
            found = await self._answers.get()
            if found is not None:
                return found
            self._count -= 1  # a worker went home
        if self._failure is not None:
            raise self._failure
        return None

    async def _work(self) -> None:
        try:
            for pair in self._pairs:
                if self._failure is not None:
                    break
                body = self._engine.request(self._prompts[pair[0]], pair, self._sampling)
                reply = await self._client.ask(body)
                self._answers.put_nowait(_generation(pair, reply))
        except CodeEditError as error:
            self._failure = self._failure or error
            self._client.give_up()
        except Exception as error:  # noqa: BLE001 - raised again where the answers are read
            self._failure = error
        finally:
            self._answers.put_nowait(None)

    async def close(self) -> None:
        """Stop what is under way."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._client.close()


def _generation(pair: Pair, reply: Reply) -> Generation:
    row, trial = pair
    return Generation(row, trial, reply.text, reply.truncated, reply.prompt_too_long)


def _tokenizer(named: str | None, source: ModelSource) -> Any:  # noqa: ANN401 - transformers' own, or a part of it
    """Return the tokenizer that was named, or the one of a model known by this name; else None."""
    name = named or str(source.location)
    if named is None and name not in MODELS and not (Path(name) / "tokenizer.json").is_file():
        return None
    tokenizer = load_prompt_tokenizer(name)
    return tokenizer if source.plain or source.thinking else fix_chat_variables(tokenizer, NO_THINKING)


def _estimate(texts: Sequence[str]) -> list[int]:
    return [-(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN) for text in texts]


def _estimate_messages(messages: Sequence[Message]) -> int:
    return sum(_estimate([message["content"] for message in messages])) + _PER_MESSAGE * len(messages)
