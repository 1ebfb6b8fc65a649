"""The paper's nine models by short name, and ``tiny``; any other hub name or folder works without a row.

Sizes are those of each model's published config.json; parameters follow from them, and agree with the
published counts.  Where each was read:

- at the hub itself: Mistral's config.json and chat template, DeepSeek's end token (generation_config.json);
- in public copies that name their origin, as the originals could not be reached: the config.json of Qwen3-8B
  in an exact copy, of the other Qwen models and of DeepSeek in models trained from them;
- the chat templates of Qwen2.5 and Qwen3 in trl's collection of them; DeepSeek's in llama.cpp's tests, there
  of deepseek-coder-33b-instruct.  That the 6.7b's is the same is NOT verified.

Nothing in the program hangs on the facts about chat templates: prompts are built with the tokenizer's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from codeedit.models.sizes import Sizes
from codeedit.registry import Registry

TINY = "tiny"


class SystemRole(StrEnum):
    """Where a chat template puts a system message."""

    OWN = "own turn"
    USER = "in the user's turn"  # before what the user says
    BARE = "before the turns"


class Thinking(StrEnum):
    """Whether a model thinks in a ``<think>`` block before it answers."""

    NEVER = "never"
    SWITCH = "on, can be switched off"  # by enable_thinking=False, which puts an empty block into the prompt


@dataclass(frozen=True, slots=True)
class Chat:
    """Facts of a chat template."""

    system: SystemRole
    opening: str  # what a prompt ends with: an answer begins behind it
    stops: tuple[str, ...]  # tokens that end an answer
    thinking: Thinking = Thinking.NEVER


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a model before it is loaded."""

    hub: str | None  # name on the Hugging Face hub; None: made on the spot
    sizes: Sizes
    chat: Chat
    template: str = "paper"  # the prompts' text format, where the user does not say

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self.sizes.parameters

    @property
    def reasoning(self) -> bool:
        """Whether answers may begin with a ``<think>`` block."""
        return self.chat.thinking is not Thinking.NEVER


_QWEN_TURN, _QWEN_STOPS = "<|im_start|>assistant\n", ("<|im_end|>", "<|endoftext|>")
_QWEN = Chat(SystemRole.OWN, _QWEN_TURN, _QWEN_STOPS)
_QWEN3 = Chat(SystemRole.OWN, _QWEN_TURN, _QWEN_STOPS, Thinking.SWITCH)
_MISTRAL = Chat(SystemRole.USER, "[/INST]", ("</s>",))
_DEEPSEEK = Chat(SystemRole.BARE, "### Response:\n", ("<|EOT|>",))


def _qwen2(layers: int, hidden: int, intermediate: int, heads: int, kv_heads: int) -> Sizes:
    small = hidden <= 2048  # the smaller ones share the embedding, and have a shorter one
    vocabulary = 151_936 if small else 152_064
    return Sizes(
        layers,
        hidden,
        intermediate,
        heads,
        kv_heads,
        128,
        vocabulary,
        32_768,
        tied=small,
        attention_bias=True,
    )


_QWEN2_3B = _qwen2(36, 2048, 11_008, 16, 2)
_QWEN2_7B = _qwen2(28, 3584, 18_944, 28, 4)
_QWEN2_14B = _qwen2(48, 5120, 13_824, 40, 8)
_QWEN3_4B = Sizes(36, 2560, 9728, 32, 8, 128, 151_936, 40_960, tied=True, head_norms=True)
_QWEN3_8B = Sizes(36, 4096, 12_288, 32, 8, 128, 151_936, 40_960, tied=False, head_norms=True)
_MISTRAL_7B = Sizes(32, 4096, 14_336, 32, 8, 128, 32_768, 32_768, tied=False)
_DEEPSEEK_7B = Sizes(32, 4096, 11_008, 32, 32, 128, 32_256, 16_384, tied=False)
TINY_SIZES = Sizes(4, 128, 512, 4, 4, 32, 2048, 8192, tied=True, attention_bias=True)

MODELS: Registry[Model] = Registry(
    "model",
    {
        "qwen2.5-coder-3b": Model("Qwen/Qwen2.5-Coder-3B-Instruct", _QWEN2_3B, _QWEN),
        "qwen2.5-coder-7b": Model("Qwen/Qwen2.5-Coder-7B-Instruct", _QWEN2_7B, _QWEN),
        "qwen2.5-coder-14b": Model("Qwen/Qwen2.5-Coder-14B-Instruct", _QWEN2_14B, _QWEN),
        "qwen2.5-3b": Model("Qwen/Qwen2.5-3B-Instruct", _QWEN2_3B, _QWEN),
        "qwen2.5-7b": Model("Qwen/Qwen2.5-7B-Instruct", _QWEN2_7B, _QWEN),
        "qwen3-4b": Model("Qwen/Qwen3-4B", _QWEN3_4B, _QWEN3),
        "qwen3-8b": Model("Qwen/Qwen3-8B", _QWEN3_8B, _QWEN3),
        "mistral-7b-v0.3": Model("mistralai/Mistral-7B-Instruct-v0.3", _MISTRAL_7B, _MISTRAL),
        "deepseek-coder-6.7b": Model("deepseek-ai/deepseek-coder-6.7b-instruct", _DEEPSEEK_7B, _DEEPSEEK),
        TINY: Model(None, TINY_SIZES, _QWEN, template="brief"),
    },
)
