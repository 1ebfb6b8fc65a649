"""The paper's nine models by short name, and ``tiny``; any other hub name or folder works without a row."""

from __future__ import annotations

from dataclasses import dataclass

from codeedit.registry import Registry

TINY = "tiny"


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a model before it is loaded."""

    hub: str | None  # name on the Hugging Face hub; None: made on the spot
    parameters: int
    reasoning: bool = False  # answers may begin with a <think> block


MODELS: Registry[Model] = Registry(
    "model",
    {
        "qwen2.5-coder-3b": Model("Qwen/Qwen2.5-Coder-3B-Instruct", 3_085_938_688),
        "qwen2.5-coder-7b": Model("Qwen/Qwen2.5-Coder-7B-Instruct", 7_615_616_512),
        "qwen2.5-coder-14b": Model("Qwen/Qwen2.5-Coder-14B-Instruct", 14_770_033_664),
        "qwen2.5-3b": Model("Qwen/Qwen2.5-3B-Instruct", 3_085_938_688),
        "qwen2.5-7b": Model("Qwen/Qwen2.5-7B-Instruct", 7_615_616_512),
        "qwen3-4b": Model("Qwen/Qwen3-4B", 4_022_468_096, reasoning=True),
        "qwen3-8b": Model("Qwen/Qwen3-8B", 8_190_735_360, reasoning=True),
        "mistral-7b-v0.3": Model("mistralai/Mistral-7B-Instruct-v0.3", 7_248_023_552),
        "deepseek-coder-6.7b": Model("deepseek-ai/deepseek-coder-6.7b-instruct", 6_740_512_768),
        TINY: Model(None, 1_313_408),
    },
)
