"""The models that codeedit knows, and how each fits a machine: what ``doctor --models`` and the docs show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codeedit.models import MODELS, Gpu, Model, parse_machine
from codeedit.models.resolve import PAPER_LIMITS
from codeedit.training.fitting import fitting
from codeedit.training.memory import Estimate, Load, estimate
from codeedit.training.platforms import first_load

LORA = 32  # the rank that is tried where training all weights does not fit
_GIB = 1 << 30
EXPLAINED = (
    "GiB: the most on a GPU at one time; offload: weights and optimizer leave it for rollouts; slow: the "
    "trainer's state stays in main memory; no: too large."
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How one model is trained with the paper's limits on a machine, with GAPO on GRPO."""

    name: str
    model: Model
    load: Load
    found: Estimate

    @property
    def cell(self) -> str:
        """The most that lies on a GPU at one time, and what was done for it; or that it is too much."""
        if not self.found.fits:
            return "no"
        size = f"{self.found.largest.total / _GIB:.0f} GiB"
        if self.load.offload_policy:
            return f"{size}, slow"
        return f"{size}, offload" if self.load.param_offload else size


def facts_table() -> list[str]:
    """Return the docs' table of what is known of each model."""
    lines = [
        "| name | on the hub | parameters | layers, hidden, kv heads | context | system message | thinks |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, model in MODELS.items():
        if model.hub:
            sizes, chat = model.sizes, model.chat
            shape = f"{sizes.layers}, {sizes.hidden}, {sizes.kv_heads}"
            lines.append(
                f"| `{name}` | {model.hub} | {sizes.parameters / 1e9:.2f} B | {shape} | {sizes.context} "
                f"| {chat.system} | {chat.thinking} |"
            )
    return lines


def fits_table() -> list[str]:
    """Return the docs' table of how each model fits four machines."""
    machines = (("1x24", LORA), ("1x80", 0), ("1x80", LORA), ("8x80", 0))
    columns = [{fit.name: fit.cell for fit in fits(parse_machine(text), lora)} for text, lora in machines]
    titles = [f"{text}, `--lora {lora}`" if lora else text for text, lora in machines]
    lines = [f"| model | {' | '.join(titles)} |", f"|{' --- |' * (1 + len(machines))}"]
    return lines + [f"| `{name}` | {' | '.join(column[name] for column in columns)} |" for name in columns[0]]


def fits(gpus: tuple[Gpu, ...], lora: int) -> Iterator[Fit]:
    """Yield the fit of each model that has a name on the hub.

    Args:
        gpus: of the machine.
        lora: rank; 0: all weights are trained.
    """
    memory = min(gpu.memory for gpu in gpus)
    for name, model in MODELS.items():
        if model.hub:
            first = first_load(len(gpus), PAPER_LIMITS, lora=lora, reference=True)
            load = fitting(model.sizes, first, memory)
            yield Fit(name, model, load, estimate(model.sizes, load, memory))
