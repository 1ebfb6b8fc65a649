"""Fill-in-the-middle for base models, with the family's own tokens: they have seen no chat template.

The history and the range as it stands come first, as files of the family's repository format; then the
document, with the range left out, to be filled in.  The answer is the range's new text and nothing
else; one that repeats the range means that nothing changes.

| family | names of the tokens from |
| --- | --- |
| qwen | Qwen2.5-Coder Technical Report, arXiv 2409.12186 |
| deepseek | model card of deepseek-ai/deepseek-coder-6.7b-base |
| starcoder2 | StarCoder 2 and The Stack v2, arXiv 2402.19173 |
| codellama | Code Llama, arXiv 2308.12950, and its model card |
"""

from __future__ import annotations

from dataclasses import dataclass

from codeedit.pipeline.prompt_builder.answer import Answer, as_answer, cut
from codeedit.pipeline.prompt_builder.markers import Escaper
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

_CURSOR = "<|cursor|>"


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of base models marks files and the gap."""

    prefix: str  # before the code above the gap
    suffix: str  # between the code above and the code below
    middle: str  # after the code below; the model goes on from here
    tokens: tuple[str, ...]  # as the vocabulary has them
    stops: tuple[str, ...]
    file: str  # before a file's path
    repository: str = ""  # before the repository's name; empty: it is not named
    outermost: bool = False  # whether `prefix` stands before all files, not only before the last


FAMILIES = {
    "qwen": Family(
        prefix="<|fim_prefix|>",
        suffix="<|fim_suffix|>",
        middle="<|fim_middle|>",
        tokens=("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>", "<|repo_name|>"),
        stops=("<|endoftext|>", "<|fim_pad|>", "<|file_sep|>", "<|repo_name|>"),
        file="<|file_sep|>",
        repository="<|repo_name|>",
    ),
    "deepseek": Family(
        prefix="<｜fim▁begin｜>",  # noqa: RUF001 - the token's own characters
        suffix="<｜fim▁hole｜>",  # noqa: RUF001
        middle="<｜fim▁end｜>",  # noqa: RUF001
        tokens=("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),  # noqa: RUF001
        stops=("<｜end▁of▁sentence｜>", "<|EOT|>"),  # noqa: RUF001
        file="#",
        outermost=True,
    ),
    "starcoder2": Family(
        prefix="<fim_prefix>",
        suffix="<fim_suffix>",
        middle="<fim_middle>",
        tokens=("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>", "<repo_name>"),
        stops=("<|endoftext|>", "<file_sep>", "<repo_name>", "<fim_pad>"),
        file="<file_sep>",
        repository="<repo_name>",
    ),
    "codellama": Family(
        prefix="<PRE> ",
        suffix=" <SUF>",
        middle=" <MID>",
        tokens=("▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"),
        stops=(" <EOT>", "<EOT>", "</s>"),
        file="# ",
        outermost=True,
    ),
}


@dataclass(frozen=True, slots=True)
class FillInTheMiddle:
    """The template ``fim`` of one family."""

    family: Family
    name: str
    plain: bool = True
    shows_code: bool = True
    most_edits: int | None = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The family's tokens."""
        return self.family.tokens

    @property
    def markers(self) -> tuple[str, ...]:
        """Our own cursor; the family's tokens are in the vocabulary already."""
        return (_CURSOR,)

    @property
    def stops(self) -> tuple[str, ...]:
        """What ends the family's answers, and its fill-in-the-middle tokens."""
        family = self.family
        return (*family.stops, family.prefix.strip(), family.suffix.strip(), family.middle.strip())

    @property
    def _escaper(self) -> Escaper:
        return _escaper(self.stops)

    def render(self, view: View) -> tuple[Message, ...]:
        """Return one text."""
        family, task, escape = self.family, view.task, self._escaper.escape
        above, region, below = view.marked(_CURSOR, escape)
        path = escape(task.path)
        place = f"current/{path}:{view.document.first + 1}:{view.document.end}"
        files = [f"{family.repository}{escape(task.project)}\n"] if family.repository else []
        if task.hint:
            files.append(f"{family.file}request\n{escape(task.hint)}\n")
        files += [self.render_related(file) for file in view.related]
        files += [self.render_edit(edit) for edit in view.edits]
        files += [f"{family.file}{place}\n{region}\n", f"{family.file}{path}\n"]
        text = "".join(files)
        start = f"{family.prefix}{text}" if family.outermost else f"{text}{family.prefix}"
        return (Message(role="user", content=f"{start}{above}{family.suffix}{below}{family.middle}"),)

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit as a file with a unified diff in it."""
        escape = self._escaper.escape
        return f"{self.family.file}{escape(edit.path)}.diff\n{escape(edit.diff.removesuffix(chr(10)))}\n"

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt as a file of its own."""
        escape = self._escaper.escape
        return f"{self.family.file}{escape(file.path)}\n{escape(file.code)}\n"

    def render_answer(self, view: View) -> str:
        """Return the range's new text."""
        return self._escaper.escape(view.task.edit)

    def frame(self, view: View) -> Frame:
        """Return the range's text."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read the text up to the first of the family's tokens, exactly as it stands."""
        text = cut(answer.replace("\r\n", "\n"), self.stops).replace(_CURSOR, "")
        return as_answer(self._escaper.unescape(text), frame.original)


def _escaper(stops: tuple[str, ...]) -> Escaper:
    if stops not in _ESCAPERS:
        _ESCAPERS[stops] = Escaper(sorted({*(stop.strip() for stop in stops), _CURSOR}))
    return _ESCAPERS[stops]


_ESCAPERS: dict[tuple[str, ...], Escaper] = {}


TEMPLATES = {f"fim-{name}": FillInTheMiddle(family, f"fim-{name}") for name, family in FAMILIES.items()}
