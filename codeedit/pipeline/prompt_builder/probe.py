"""Tries a template on a made-up task: what a prompt must show, and that its answers can be read."""

from __future__ import annotations

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.view import Document, View, whole_window
from codeedit.records import HistoryEdit, Origin, RelatedFile, Task

_ABOVE, _RANGE, _BELOW = "probe_above = 1\n", "    probe_left(\n    probe_right)", "\nprobe_below = 2"
_SPLIT = _RANGE.index("_right")
_HINT = "probe the hint"


def probe_task(*, cursor: bool = True, edit: str = "    probe_new()\n\n    probe_newer()") -> Task:
    """Return a task whose every part can be told from the others."""
    start = len(_ABOVE)
    return Task(
        id="probe",
        source="probe",
        session="probe",
        project="probe",
        path="probe/path.py",
        language="python",
        origin=Origin.SYNTHETIC,
        time_ms=0,
        code=_ABOVE + _RANGE + _BELOW,
        edit_start=start,
        edit_end=start + len(_RANGE),
        cursor=start + _SPLIT if cursor else None,
        history=(HistoryEdit("probe/other.py", "@@ -1 +1 @@\n-probe_old\n+probe_edited\n", 1000),),
        hint=_HINT,
        edit=edit,
        no_change=edit == _RANGE,
        related=(RelatedFile("probe/open.py", "probe_open = 1"),),
    )


def probe(template: Template, *, where: str) -> None:
    """Check that a template loses nothing.

    Raises:
        InputError: the prompt does not show the range, tell where the cursor is, or say the hint; or the
            template cannot read its own answer.
    """
    text = _rendered(template, probe_task())
    without = _rendered(template, probe_task(cursor=False))
    lines = _RANGE.split("\n")
    if not all(line in without for line in lines):
        raise InputError("the prompt does not show the edit range", where=where, hint="use {{ region }}")
    if text == without or len(text) <= len(without):
        raise InputError("the prompt does not show the cursor", where=where, hint="use {{ region }}")
    if _HINT not in text:
        raise InputError("the prompt does not show the request", where=where, hint="use {{ hint }}")
    for task in (probe_task(), probe_task(edit=_RANGE), probe_task(edit="")):
        view = _view(task)
        answer = template.parse(template.render_answer(view), template.frame(view))
        if answer.text != task.edit or answer.no_change != task.no_change:
            raise InputError("the template cannot read its own answer", where=where)


def _view(task: Task) -> View:
    document = Document(task)
    return View(document, whole_window(document, len(task.related)))


def _rendered(template: Template, task: Task) -> str:
    return "\n".join(message["content"] for message in template.render(_view(task)))
