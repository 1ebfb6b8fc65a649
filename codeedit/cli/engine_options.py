"""Options of all engines, for the commands that ask a model; which of them one has, its settings say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from codeedit.eval.engines import EngineSettings

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = ("url", "api_key_env", "concurrency", "timeout", "tokenizer", "tensor_parallel")


def engine_options(function: F) -> F:
    """Add ``--engine`` and what engines can be told; the command takes them as ``engine`` and ``**given``."""
    options = (
        click.option("--engine", help="hf, vllm or openai; default: vllm where a GPU and vllm are, else hf."),
        click.option("--url", help="openai: the server's API, up to /v1; else OPENAI_BASE_URL."),
        click.option("--api-key-env", metavar="NAME", help="openai: which variable holds the key."),
        click.option(
            "--concurrency", type=click.IntRange(min=1), help="openai: requests at once; default: 8."
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            help="openai: seconds for an answer; default: 300.",
        ),
        click.option("--tokenizer", metavar="RUN|PATH|NAME", help="openai: whose tokenizer counts prompts."),
        click.option(
            "--tensor-parallel", type=click.IntRange(min=1), help="vllm: GPUs that share the model."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def chosen_engine(name: str | None, given: dict[str, Any]) -> EngineSettings:
    """Return the engine's settings; ``InputError`` for an option that it does not have."""
    from codeedit.eval.engines import engine_settings

    return engine_settings(name, {key: given[key] for key in OPTIONS})
