"""A model whose vocabulary has a prompt format's markers as single tokens.

A marker's new row, in the embedding and in the output layer where that has weights of its own, is the mean of
the rows of the pieces that the marker has been until now, so that the model begins with what it knew of it.
The tokens are not of the kind that decoding leaves out: trainers decode answers that way, and an answer's
markers must be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import CodeEditError, MissingDependencyError

if TYPE_CHECKING:
    import torch


def new_tokens(tokenizer: Any, markers: Sequence[str]) -> tuple[str, ...]:  # noqa: ANN401 - transformers' own
    """Return the markers that are no single token yet."""
    return tuple(
        dict.fromkeys(
            marker for marker in markers if len(tokenizer(marker, add_special_tokens=False)["input_ids"]) != 1
        )
    )


def add_tokens(tokenizer: Any, tokens: Sequence[str]) -> None:  # noqa: ANN401 - transformers' own
    """Make each text a token of its own, wherever it stands."""
    from tokenizers import AddedToken

    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in tokens])


def extend_model(source: str, markers: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Write a model with more tokens; nothing is written where it has all of them.

    Args:
        source: a folder, or a name on the hub.
        markers: texts that are to be single tokens.
        folder: where the model and its tokenizer go.

    Returns:
        The tokens that are new.

    Raises:
        MissingDependencyError: torch is not installed.
        CodeEditError: the model cannot be loaded.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
        tokens = new_tokens(tokenizer, markers)
        if not tokens:
            return ()
        model = _load(source)
    except (OSError, ValueError) as error:
        hint = "check the name and the network, or give a folder that holds the model"
        raise CodeEditError(f"cannot load {source}", hint=hint) from error
    pieces = [tokenizer(token, add_special_tokens=False)["input_ids"] for token in tokens]
    add_tokens(tokenizer, tokens)
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:  # many models have rows to spare
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    for weight in _vocabulary_weights(model):
        _set_rows(weight, tokenizer.convert_tokens_to_ids(list(tokens)), pieces)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return tokens


def _load(source: str) -> Any:  # noqa: ANN401 - transformers' own
    try:
        import torch  # noqa: F401 - transformers needs it and says so in a less helpful way
    except ModuleNotFoundError as error:
        hint = 'pip install "codeedit[cpu]" or "codeedit[gpu]"'
        raise MissingDependencyError("special tokens need torch", hint=hint) from error
    import transformers

    transformers.utils.logging.disable_progress_bar()
    return transformers.AutoModelForCausalLM.from_pretrained(source, dtype="auto")


def _vocabulary_weights(model: Any) -> list[torch.Tensor]:  # noqa: ANN401 - transformers' own
    """Return the weights with a row for each token, (vocabulary, ...), each once."""
    head = model.get_output_embeddings()
    found = [model.get_input_embeddings().weight]
    if head is not None:
        found += [weight for weight in (head.weight, getattr(head, "bias", None)) if weight is not None]
    return list({weight.data_ptr(): weight for weight in found}.values())


def _set_rows(weight: torch.Tensor, rows: Sequence[int], pieces: Sequence[Sequence[int]]) -> None:
    import torch

    with torch.no_grad():
        for row, ids in zip(rows, pieces, strict=True):
            weight[row] = weight[list(ids)].float().mean(dim=0).to(weight.dtype)
