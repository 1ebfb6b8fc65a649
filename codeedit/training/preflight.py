"""What is looked at beside the plan itself before a run starts, in seconds: versions, data, disk, prompts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codeedit.errors import CodeEditError, InputError
from codeedit.models import check_model_folder
from codeedit.pipeline.task_check import check_tasks
from codeedit.training.checks import stack_checks
from codeedit.training.plan import Plan, make_plan
from codeedit.training.problems import disk_problems
from codeedit.training.prompts import has_test_split, train_task_count
from codeedit.training.request import Request

if TYPE_CHECKING:
    from codeedit.training.survey import Survey

_UNKNOWN = 1_000_000  # prompts to plan for, where the data is not there


def checked_plan(request: Request, out: Path) -> Plan:
    """Return the plan of a run that is to start, with what versions and disk add to it.

    Args:
        request: what the user asked for.
        out: where its folder will be.

    Raises:
        InputError: the request is wrong, the data is missing, one of its rows is no task, or the model's
            folder holds no whole model.
        MissingDependencyError: verl is missing, or another version of it.
    """
    plan = make_plan(request, _look_at_data(request))
    _look_at_model(plan)
    return _with_machine(plan, out)


def dry_plan(request: Request, out: Path) -> tuple[Plan, Survey | None]:
    """Return the plan with everything that is wrong, and what became of a sample of the prompts.

    Args:
        request: what the user asked for.
        out: where its folder would be.

    Raises:
        InputError: the request itself is wrong.
        MissingDependencyError: verl is missing, or another version of it.
    """
    try:
        prompts = _look_at_data(request)
    except InputError as error:  # the plan can be shown all the same
        plan = make_plan(request, _UNKNOWN)
        plan = replace(plan, prompts=0, problems=(str(error), *plan.problems))
        return _with_machine(plan, out), None
    plan = make_plan(request, prompts)
    try:
        _look_at_model(plan)
    except InputError as error:
        found = _with_machine(plan, out)
        return replace(found, problems=(str(error), *found.problems)), None
    return _with_prompts(_with_machine(plan, out))


def _look_at_model(plan: Plan) -> None:
    if Path(plan.source).is_dir():
        check_model_folder(Path(plan.source))


def _look_at_data(request: Request) -> int:
    """Look at every row; return how many tasks there are to train on."""
    count = train_task_count(request.data, request.select)
    check_tasks(request.data, "train")
    if has_test_split(request.data):
        check_tasks(request.data, "test")
    return count


def _with_machine(plan: Plan, out: Path) -> Plan:
    """Add what this machine lacks, where the plan is for this machine."""
    if plan.request.machine is not None:
        return plan
    faults = [check for check in stack_checks() if not check.ok]
    problems = [f"{check.name} is {check.found}: {check.advice}" for check in faults if check.required]
    notes = [f"{check.name} {check.found}: {check.advice}" for check in faults if not check.required]
    if plan.disk is not None:
        problems += disk_problems(plan.disk, out)
    return replace(plan, problems=(*plan.problems, *problems), notes=(*plan.notes, *notes))


def _with_prompts(plan: Plan) -> tuple[Plan, Survey | None]:
    from codeedit.training.model_start import model_start
    from codeedit.training.survey import survey

    request = plan.request
    try:
        start = model_start(plan.source, plan.template, special_tokens=False, folder=Path(), chat=plan.chat)
        found = survey(request.data, start, plan.limits, request.select)
    except CodeEditError as error:
        if request.machine is None:
            return replace(plan, problems=(*plan.problems, str(error))), None
        return replace(plan, notes=(*plan.notes, f"prompts are not counted: {error}")), None
    problem = found.problem(plan.limits)
    return (replace(plan, problems=(*plan.problems, problem)) if problem else plan), found
