"""Zed's first format, that of the data set zed-industries/zeta and of the model of that name.

An instruction, the user's edits, an excerpt with the editable region, and the response:

    ### Instruction:
    ...

    ### User Edits:

    User edited "{path}":
    (a fenced diff)

    ### User Excerpt:

    ```{path}
    <|start_of_file|>              where the excerpt begins with its file
    ...
    <|editable_region_start|>
    ...<|user_cursor_is_here|>...
    <|editable_region_end|>
    ...
    ```

    ### Response:

The model answers with the region between its markers, and more of the excerpt, which is not read.  The
format has no place for a hint: where a task has one, it stands in a section of its own.
Sources: the data set and the model card of zed-industries/zeta.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeedit.pipeline.prompt_builder.answer import UNPARSABLE, Answer, as_answer, inside_fence
from codeedit.pipeline.prompt_builder.markers import CURSOR, REGION_END, REGION_START, Escaper
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

START_OF_FILE = "<|start_of_file|>"
_INSTRUCTION = (
    "You are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt "
    "that the user provides, suggesting the appropriate edits within the excerpt, taking into account the "
    "cursor location."
)
_END = "<|endoftext|>"
_EXCERPTS = frozenset({"zeta"})  # sources whose code is an excerpt of a file already
_PERHAPS_CUT = 48 * 1024  # bytes; code as long as this may have lost lines above
_ESCAPER = Escaper((REGION_START, REGION_END, CURSOR, START_OF_FILE, _END))
_escape, _unescape = _ESCAPER.escape, _ESCAPER.unescape


@dataclass(frozen=True, slots=True)
class Zeta:
    """The template ``zeta``."""

    name: str = "zeta"
    plain: bool = True
    shows_code: bool = True
    most_edits: int | None = None
    tokens: tuple[str, ...] = ()
    markers: tuple[str, ...] = (REGION_START, REGION_END, CURSOR, START_OF_FILE)
    stops: tuple[str, ...] = (REGION_END, _END)

    def render(self, view: View) -> tuple[Message, ...]:
        """Return one text."""
        request = f"### User Request:\n\n{_escape(view.task.hint)}\n\n" if view.task.hint else ""
        events = "\n\n".join(map(self.render_edit, view.edits))
        content = (
            f"### Instruction:\n{_INSTRUCTION}\n\n{request}### User Edits:\n\n{events}\n\n"
            f"### User Excerpt:\n\n{render_excerpt(view)}\n\n### Response:\n"
        )
        return (Message(role="user", content=content),)

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one event; its diff keeps its last line end, so that an empty line follows."""
        path = _escape(edit.path).replace("\\", "\\\\").replace('"', '\\"')
        return f'User edited "{path}":\n```diff\n{_escape(edit.diff)}\n```'

    def render_related(self, file: RelatedFile) -> str:  # noqa: ARG002 - the format has no place for one
        """Return nothing."""
        return ""

    def render_answer(self, view: View) -> str:
        """Return the region between its markers."""
        return f"{REGION_START}\n{_escape(view.task.edit)}\n{REGION_END}"

    def frame(self, view: View) -> Frame:
        """Return the range's text."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read the region; a missing start marker means the answer's beginning, a missing end its end."""
        text = answer.replace("\r\n", "\n").partition(_END)[0]
        markers = [text.count(marker) for marker in (REGION_START, REGION_END, START_OF_FILE)]
        if max(markers) > 1:
            return UNPARSABLE
        if not any(markers):
            text = inside_fence(text, frame.original)
        _, start, rest = text.partition(REGION_START)
        text = rest.removeprefix("\n") if start else text.replace(f"{START_OF_FILE}\n", "")
        text, end, _ = text.partition(REGION_END)
        if end:
            text = text.removesuffix("\n")
        return as_answer(_unescape(text.replace(CURSOR, "")), frame.original)


def render_excerpt(view: View) -> str:
    """Return the fenced excerpt: what the data set has in its field ``input``."""
    start = f"{START_OF_FILE}\n" if _starts_file(view) else ""
    above, region, below = view.marked(CURSOR, _escape)
    return f"```{_escape(view.task.path)}\n{start}{above}{REGION_START}\n{region}\n{REGION_END}{below}\n```"


def _starts_file(view: View) -> bool:
    task = view.task
    return (
        view.window.first_line == 0
        and task.source not in _EXCERPTS
        and len(task.code.encode("utf-8", "surrogatepass")) < _PERHAPS_CUT
    )
