"""Task to prompt, and answer to edit: a template renders and reads, the budget says how much it is given."""

from __future__ import annotations

from codeedit.pipeline.prompt_builder.answer import Answer
from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError
from codeedit.pipeline.prompt_builder.fill import Filler
from codeedit.pipeline.prompt_builder.prompt import LeftOut, Message, Prompt
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.templates import find_template
from codeedit.pipeline.prompt_builder.view import Document, Frame, View, Window, whole_window
from codeedit.records import Task

DEFAULT_TEMPLATE = "paper"
_LIKELY = 4  # characters per token: a shorter prompt is counted whole before anything is left out
_NEARLY = 0.9  # share of the budget from which the least prompt is counted whole
_SLACK = 8  # tokens taken back beyond what a prompt was too long


def build(task: Task, *, template: str | Template = DEFAULT_TEMPLATE, budget: Budget | None = None) -> Prompt:
    """Build the prompt of a task.

    Args:
        task: what the user saw and did.
        template: a name of ``TEMPLATES``, the path of a ``.toml`` file, or a template.
        budget: the model's limit; without one nothing is left out.

    Raises:
        UnknownNameError: there is no such template.
        InputError: the template's file is broken.
        PromptTooLongError: the range, the cursor and the hint alone exceed the budget.
    """
    renderer = find_template(template)
    document = Document(task)
    whole = View(document, _everything(renderer, document))
    if budget is None:
        return _prompt(renderer, whole, _messages(renderer, whole, budget), None)
    likely = _LIKELY * budget.max_tokens
    if _size(task) <= likely:
        messages = _messages(renderer, whole, budget)
        if sum(len(message["content"]) for message in messages) <= likely:
            tokens = budget.count_messages(messages)
            if tokens <= budget.max_tokens:
                return _prompt(renderer, whole, messages, tokens)
    return _shortened(renderer, document, budget)


def _everything(renderer: Template, document: Document) -> Window:
    """Return the window of all that the format has a place for."""
    return whole_window(document, _related_count(renderer, document.task), renderer.most_edits)


def _related_count(renderer: Template, task: Task) -> int:
    """Return how many other files the format has a place for: all or none."""
    return len(task.related) if task.related and renderer.render_related(task.related[0]) else 0


def _size(task: Task) -> int:
    edits = sum(len(edit.diff) for edit in task.history)
    return len(task.code) + edits + sum(len(file.code) for file in task.related)


def _shortened(renderer: Template, document: Document, budget: Budget) -> Prompt:
    filler = Filler(document, renderer, budget)
    least = View(document, filler.least)
    messages = _messages(renderer, least, budget)
    # The parts that all prompts share are counted once for all tasks; near the limit the whole is.
    tokens = budget.estimate(messages)
    if tokens > _NEARLY * budget.max_tokens:
        tokens = budget.count_messages(messages)
    if tokens > budget.max_tokens:
        raise PromptTooLongError(
            f"the edit range alone needs {tokens} tokens of {budget.max_tokens}",
            where=f"task {document.task.id}",
        )
    free = budget.max_tokens - tokens
    free -= _shown_twice(renderer, filler, budget, free)
    while free > 0:
        view = View(document, filler.window(free))
        if view.window == filler.least:
            break
        messages = _messages(renderer, view, budget)
        tokens = budget.count_messages(messages)
        if tokens <= budget.max_tokens:
            return _prompt(renderer, view, messages, tokens)
        # Tokens of a whole differ from those of its parts.
        free -= tokens - budget.max_tokens + _SLACK
    messages = _messages(renderer, least, budget)
    return _prompt(renderer, least, messages, budget.count_messages(messages))


def _shown_twice(renderer: Template, filler: Filler, budget: Budget, free: int) -> int:
    """Return the tokens of the lines around the range that the format shows a second time."""
    frame = renderer.frame(View(filler.document, filler.window(free)))
    twice = sum(budget.count([frame.above, frame.below])) if frame.above or frame.below else 0
    return twice if twice < free else 0


def _messages(renderer: Template, view: View, budget: Budget | None) -> tuple[Message, ...]:
    messages = renderer.render(view)
    if budget is None or budget.system_role or messages[0]["role"] != "system":
        return messages
    system, user, *rest = messages
    joined = Message(role="user", content=f"{system['content']}\n\n{user['content']}")
    return (joined, *rest)


def _prompt(renderer: Template, view: View, messages: tuple[Message, ...], tokens: int | None) -> Prompt:
    task, window, frame = view.task, view.window, renderer.frame(view)
    everything = _everything(renderer, view.document)
    shown = window.end_line - window.first_line + len(window.headers)
    return Prompt(
        messages=messages,
        edit=task.edit,
        original=task.original,
        no_change=task.no_change,
        task_id=task.id,
        source=task.source,
        language=task.language,
        left_out=LeftOut(
            code_lines=len(view.document) - shown if renderer.shows_code else 0,
            history_edits=everything.history - window.history,
            related_files=len(task.related) - window.related,
        ),
        shortened=window != everything if renderer.shows_code else window.history < everything.history,
        tokens=tokens,
        template=renderer.name,
        plain=renderer.plain,
        answer=renderer.render_answer(view),
        above=frame.above,
        below=frame.below,
    )


def render_answer(task: Task, *, template: str | Template = DEFAULT_TEMPLATE) -> str:
    """Return what a perfect model answers to the prompt that shows the whole task (see ``Prompt.answer``)."""
    document = Document(task)
    renderer = find_template(template)
    view = View(document, _everything(renderer, document))
    return renderer.render_answer(view)


def parse(
    answer: str,
    *,
    original: str = "",
    template: str | Template = DEFAULT_TEMPLATE,
    above: str = "",
    below: str = "",
) -> Answer:
    """Read a model's answer.

    Args:
        answer: the decoded answer, without special tokens of the chat template.
        original: the range's text before the edit.
        template: that of the prompt, as its ``extra_info`` names it.
        above: what an answer repeats above the range, from the prompt's ``extra_info``.
        below: the same below the range.

    Returns:
        The new text, with LF line ends.  An answer that repeats ``original`` is "no change".

    Raises:
        InputError: there is no such template.
    """
    return find_template(template).parse(answer, Frame(original, above, below))
