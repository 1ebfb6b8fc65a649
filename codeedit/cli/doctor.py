"""``codeedit doctor``: can this machine train, and if not, what to do."""

from __future__ import annotations

import dataclasses

import click

from codeedit.cli.common import Output, common_options


@click.command("doctor")
@common_options
def command(
    *,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> int:
    """Check Python, packages, memory, GPU and cache; exit 1 if training cannot work here."""
    from codeedit.training.checks import run_checks

    output = Output(as_json=as_json)
    checks = run_checks()
    width = max(len(check.name) for check in checks)
    for check in checks:
        state = "ok" if check.ok else ("FAIL" if check.required else "warn")
        advice = f"  ({check.advice})" if check.advice else ""
        output.print(f"{state:4}  {check.name:{width}}  {check.found}{advice}")
    ready = all(check.ok or not check.required for check in checks)
    output.print("Training can work here." if ready else "Training cannot work here: mend what says FAIL.")
    output.result({"ready": ready, "checks": [dataclasses.asdict(check) for check in checks]})
    return 0 if ready else 1
