"""Models by short name, hub name or folder, and the tiny one that is made on the spot."""

from codeedit.models.chat import NO_THINKING, THINKING, fix_chat_variables
from codeedit.models.folder_check import check_model_folder
from codeedit.models.gpu import Gpu, find_gpus, parse_machine
from codeedit.models.resolve import (
    Limits,
    default_model,
    default_template,
    limits,
    load_prompt_tokenizer,
    load_tokenizer,
    model_sizes,
    prompt_limit,
    resolve_model,
)
from codeedit.models.sizes import Sizes
from codeedit.models.table import MODELS, Model
from codeedit.models.tiny import make_tiny

__all__ = [
    "MODELS",
    "NO_THINKING",
    "THINKING",
    "Gpu",
    "Limits",
    "Model",
    "Sizes",
    "check_model_folder",
    "default_model",
    "default_template",
    "find_gpus",
    "fix_chat_variables",
    "limits",
    "load_prompt_tokenizer",
    "load_tokenizer",
    "make_tiny",
    "model_sizes",
    "parse_machine",
    "prompt_limit",
    "resolve_model",
]
