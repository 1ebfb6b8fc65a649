"""``codeedit doctor``: can this machine train, and if not, what to do."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import InputError

if TYPE_CHECKING:
    from codeedit.training.model_list import Fit


@click.command("doctor")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--models", is_flag=True, help="List the models by short name, and how they fit the GPUs.")
@click.option("--gpus", metavar="NxGB", help="With --models: on such a machine, as 8x80, not this one.")
@common_options
def command(
    data: Path,
    gpus: str | None,
    *,
    models: bool,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> int:
    """Check Python, packages, memory, GPU, cache and data; exit 1 if training cannot work here.

    \b
    codeedit doctor
    codeedit doctor --models --gpus 1x24
    """
    output = Output(as_json=as_json)
    if models:
        _list_models(output, gpus)
        return 0
    if gpus:
        raise InputError("--gpus goes with --models", hint="plan a run with: codeedit train --dry-run --gpus")
    from codeedit.training.checks import run_checks

    checks = run_checks(data)
    width = max(len(check.name) for check in checks)
    for check in checks:
        state = "ok" if check.ok else ("FAIL" if check.required else "warn")
        advice = f"  ({check.advice})" if check.advice else ""
        output.print(f"{state:4}  {check.name:{width}}  {check.found}{advice}")
    ready = all(check.ok or not check.required for check in checks)
    output.print("Training can work here." if ready else "Training cannot work here: mend what says FAIL.")
    output.result({"ready": ready, "checks": [dataclasses.asdict(check) for check in checks]})
    return 0 if ready else 1


def _list_models(output: Output, gpus: str | None) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from codeedit.models import MODELS, find_gpus, parse_machine
    from codeedit.training.model_list import EXPLAINED, LORA, fits

    machine = parse_machine(gpus) if gpus else find_gpus()
    whole, lora = ({fit.name: fit for fit in fits(machine, rank)} if machine else {} for rank in (0, LORA))
    table = Table(box=SIMPLE)
    for title in ("model", "parameters", "thinks", "all weights", f"--lora {LORA}"):
        table.add_column(title, justify="right" if title == "parameters" else "left", no_wrap=True)
    for name, model in MODELS.items():
        size = f"{model.parameters / 1e9:.1f} B" if model.hub else f"{model.parameters / 1e6:.1f} M"
        cells = [found[name].cell if name in found else "" for found in (whole, lora)]
        table.add_row(name, size, "yes" if model.reasoning else "", *cells)
    output.print(table)
    if machine:
        memory = machine[0].memory / (1 << 30)
        output.print(
            f"Estimated for {len(machine)} x {memory:.0f} GiB, the paper's limits and GAPO. {EXPLAINED}"
        )
    else:
        output.print("No GPU here, and tiny needs none; --gpus 1x24 shows what fits one of 24 GB.")
    output.print("Any other hub name or folder works too.")
    output.result({"models": {name: _model_json(name, whole, lora) for name in MODELS}})


def _model_json(name: str, whole: dict[str, Fit], lora: dict[str, Fit]) -> dict[str, Any]:
    from codeedit.models import MODELS

    model = MODELS[name]
    fitting = {
        kind: found[name].found.fits for kind, found in (("all", whole), ("lora", lora)) if name in found
    }
    return {
        "hub": model.hub,
        "parameters": model.parameters,
        "template": model.template,
        "sizes": dataclasses.asdict(model.sizes),
        "chat": dataclasses.asdict(model.chat),
        "fits": fitting,
    }
