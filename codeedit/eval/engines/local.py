"""What engines that load a model's files share: the tokenizer, its chat template, and what ends an answer."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from codeedit.errors import InputError, MissingDependencyError
from codeedit.eval.engines.base import ModelSource
from codeedit.models import NO_THINKING, fix_chat_variables
from codeedit.pipeline.prompt_builder import Message, plain_chat_template

_HINT = "give a run, a folder with a causal language model, or a Hugging Face name"


def need(package: str, hint: str) -> None:
    """Raise ``MissingDependencyError`` where a package is not installed."""
    if importlib.util.find_spec(package) is None:
        raise MissingDependencyError(f"{package} is not installed", hint=hint)


@contextlib.contextmanager
def opening(source: ModelSource) -> Iterator[None]:
    """Turn what libraries raise for a bad folder or name into one line."""
    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError) as error:
        if _is_memory(error):
            hint = "give a smaller model, or a machine with more memory"
            raise InputError("does not fit into memory", where=source.name, hint=hint) from error
        raise InputError(
            "cannot be opened as a causal language model", where=source.name, hint=_HINT
        ) from error
    except Exception as error:
        if "safetensors" in type(error).__module__ or type(error).__name__ == "SafetensorError":
            hint = "its weights are cut off or no weights: copy them again"
            raise InputError("the model's files cannot be read", where=source.name, hint=hint) from error
        raise


def _is_memory(error: Exception) -> bool:
    return "out of memory" in str(error).lower() or "can't allocate memory" in str(error).lower()


def check_causal(source: ModelSource) -> None:
    """Raise ``InputError`` where a folder's configuration names another kind of model."""
    folder = Path(source.location)
    if not folder.is_dir():
        return
    import transformers

    with opening(source):
        config = transformers.AutoConfig.from_pretrained(folder)
    names = config.architectures or []
    if config.is_encoder_decoder or (
        names and not any("CausalLM" in name or "LMHead" in name for name in names)
    ):
        found = f" but {names[0]}" if names else ""
        raise InputError(f"no causal language model{found}", where=source.name, hint=_HINT)


def open_tokenizer(source: ModelSource) -> Any:  # noqa: ANN401 - transformers' own
    """Return the model's tokenizer, with a chat template that fits the prompts.

    Raises:
        InputError: there is none, or it has no chat template and needs one, or it has no switch for
            thinking, which is to be off.
    """
    import transformers

    with opening(source):
        tokenizer = transformers.AutoTokenizer.from_pretrained(source.location)
    if source.plain:
        tokenizer.chat_template = plain_chat_template(tokenizer)
    elif not source.thinking:
        tokenizer = fix_chat_variables(tokenizer, NO_THINKING)
    if not tokenizer.chat_template:
        hint = "choose an instruct model, or a template for base models: --template fim"
        raise InputError("the model's tokenizer has no chat template", where=source.name, hint=hint)
    return tokenizer


def encode(tokenizer: Any, messages: Sequence[Message]) -> list[int]:  # noqa: ANN401
    """Return the token ids of a prompt."""
    text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def decode_text(tokenizer: Any, ids: Sequence[int]) -> str:  # noqa: ANN401
    """Return the text of an answer's tokens, special ones included: they may be the prompt's own markers."""
    text: str = tokenizer.decode(list(ids), clean_up_tokenization_spaces=False)
    return text


def stop_ids(tokenizer: Any, declared: Any, stops: Sequence[str]) -> frozenset[int]:  # noqa: ANN401
    """Return the tokens that end an answer.

    Args:
        tokenizer: its end and padding end an answer.
        declared: the model's own: a token, several or None.
        stops: texts that end an answer; those count that are one token.
    """
    found = {tokenizer.eos_token_id, tokenizer.pad_token_id}
    found.update(declared if isinstance(declared, list | tuple) else [declared])
    vocabulary = tokenizer.get_added_vocab()
    found.update(vocabulary.get(stop) for stop in stops)
    return frozenset(token for token in found if token is not None)
