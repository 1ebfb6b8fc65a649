"""Task to prompt: the template renders, the budget decides how much of the task it is given."""

from __future__ import annotations

from codeedit.pipeline.prompt_builder.answer import parse
from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError, Window, windows
from codeedit.pipeline.prompt_builder.markers import NO_CHANGE, REGION_END, REGION_START, escape
from codeedit.pipeline.prompt_builder.prompt import LeftOut, Message, Prompt
from codeedit.pipeline.prompt_builder.templates import TEMPLATES, Template
from codeedit.records import Task

DEFAULT_TEMPLATE = "paper"


def build(task: Task, *, template: str = DEFAULT_TEMPLATE, budget: Budget | None = None) -> Prompt:
    """Build the prompt of a task.

    Args:
        task: what the user saw and did.
        template: a name of ``TEMPLATES``.
        budget: the model's limit; without one nothing is left out.

    Raises:
        UnknownNameError: there is no such template.
        PromptTooLongError: the range, the cursor and the hint alone exceed the budget.
    """
    renderer = TEMPLATES[template]
    lines = task.code.split("\n")
    first = task.code.count("\n", 0, task.edit_start)
    end = first + task.original.count("\n") + 1
    whole = Window(0, len(lines), len(task.history))
    if budget is None:
        return _prompt(task, renderer.render(task, whole), whole, len(lines), None)
    messages = _messages(renderer, task, whole, budget)
    tokens = budget.count_messages(messages)
    if tokens <= budget.max_tokens:
        return _prompt(task, messages, whole, len(lines), tokens)
    fixed = budget.count_messages(_messages(renderer, task, Window(first, end, 0), budget))
    if fixed > budget.max_tokens:
        raise PromptTooLongError(
            f"the edit range alone needs {fixed} tokens of {budget.max_tokens}", where=f"task {task.id}"
        )
    rendered = [renderer.render_edit(edit) for edit in task.history]
    for window in windows(lines, first, end, rendered, budget, fixed):
        messages = _messages(renderer, task, window, budget)
        tokens = budget.count_messages(messages)
        if tokens <= budget.max_tokens:
            break
    return _prompt(task, messages, window, len(lines), tokens)


def _messages(renderer: Template, task: Task, window: Window, budget: Budget) -> tuple[Message, ...]:
    messages = renderer.render(task, window)
    if budget.system_role or messages[0]["role"] != "system":
        return messages
    system, user, *rest = messages
    joined = Message(role="user", content=f"{system['content']}\n\n{user['content']}")
    return (joined, *rest)


def _prompt(
    task: Task, messages: tuple[Message, ...], window: Window, lines: int, tokens: int | None
) -> Prompt:
    return Prompt(
        messages=messages,
        edit=task.edit,
        original=task.original,
        no_change=task.no_change,
        task_id=task.id,
        source=task.source,
        language=task.language,
        left_out=LeftOut(
            code_lines=lines - (window.end_line - window.first_line),
            history_edits=len(task.history) - window.history,
        ),
        tokens=tokens,
    )


def render_answer(task: Task) -> str:
    """Return what a perfect model answers, which ``parse`` reads back as the task's edit.

    The bare text, unless it would be read as something else (it begins with a code fence, say): then
    within region markers.
    """
    if task.no_change:
        return NO_CHANGE
    bare = escape(task.edit)
    if parse(bare, original=task.original).text == task.edit:
        return bare
    return f"{REGION_START}\n{bare}\n{REGION_END}"
