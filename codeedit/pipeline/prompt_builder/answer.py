"""A model's answer to the range's new text: one parser for every style of answering.

Read are the bare text, a code fence around it (with chatter before and after), region markers, a
leading ``<think>`` block, and ``<|no_change|>``.  Where a range holds fences itself, its own fences are
told from the answer's by the range's original text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from codeedit.pipeline.prompt_builder.markers import CURSOR, NO_CHANGE, REGION_END, REGION_START, unescape

_FENCE = re.compile(r"(`{3,})[^`]*")
_THINK, _THINK_END = "<think>", "</think>"


class Status(StrEnum):
    """How an answer was read."""

    EDIT = "edit"
    NO_CHANGE = "no_change"
    UNPARSABLE = "unparsable"


@dataclass(frozen=True, slots=True)
class Answer:
    """The edit that an answer stands for."""

    text: str | None  # the range's new text; None where the answer could not be read
    status: Status

    @property
    def no_change(self) -> bool:
        """Whether the range stays as it is."""
        return self.status is Status.NO_CHANGE


UNPARSABLE = Answer(None, Status.UNPARSABLE)


def as_answer(text: str, original: str) -> Answer:
    """Return the answer that a new text of the range stands for: the same text means "no change"."""
    return Answer(text, Status.NO_CHANGE if text == original else Status.EDIT)


def cut(text: str, stops: tuple[str, ...]) -> str:
    """Return what stands before the first of some texts."""
    return text[: min((at for stop in stops if (at := text.find(stop)) >= 0), default=len(text))]


def parse(answer: str, *, original: str = "") -> Answer:
    """Read a model's answer.

    Args:
        answer: the decoded answer, without special tokens of the chat template.
        original: the range's text before the edit.

    Returns:
        The new text, with LF line ends.  An answer that repeats ``original`` is "no change".
    """
    text = _after_thinking(answer.replace("\r\n", "\n"), original)
    if text is None:
        return UNPARSABLE
    region = _inside_region(text)
    if region is None:
        return UNPARSABLE
    # Markers are the surer sign: a fence inside them belongs to the code.
    text = (inside_fence(text, original) if region == text else region).replace(CURSOR, "")
    if text.strip().startswith(NO_CHANGE):
        return Answer(original, Status.NO_CHANGE)
    if NO_CHANGE in text:
        return UNPARSABLE
    return as_answer(unescape(text), original)


def _after_thinking(text: str, original: str) -> str | None:
    """Drop a leading thought; None where it never ends.  Some chat templates open it in the prompt."""
    if text.lstrip().startswith(REGION_START):
        return text
    thought, end, rest = text.partition(_THINK_END)
    if text.lstrip().startswith(_THINK):
        if original.lstrip().startswith(_THINK):
            return text
        return _without_gap(rest) if end else None
    if end and _THINK not in thought and _THINK_END not in original:
        return _without_gap(rest)
    return text


def _without_gap(text: str) -> str:
    """Drop the empty line that reasoning models put below their thought; more belongs to the answer."""
    return text.removeprefix("\n").removeprefix("\n")


def inside_fence(text: str, original: str) -> str:
    """Return what stands in the fence that a model put around its answer."""
    if text.lstrip().startswith("```") and not original.lstrip().startswith("```"):
        text = text.lstrip()  # some vocabularies begin every text with a space
    lines = text.strip("\n").split("\n")
    fences = [number for number, line in enumerate(lines) if _FENCE.fullmatch(line)]
    if not fences:
        return text
    first = fences[0]
    if _is_fenced(lines):
        inner = lines[1:-1]
        # A range that is itself one fenced block keeps its fence.
        return (
            text
            if _is_fenced(original.strip("\n").split("\n")) and not _is_fenced(inner)
            else "\n".join(inner)
        )
    last = next((number for number in fences[1:] if _closes(lines[first], lines[number])), len(lines))
    around = lines[:first] + lines[last + 1 :]
    kept = {line.strip() for line in original.split("\n")} - {""}
    if any(_FENCE.fullmatch(line) for line in original.split("\n")):
        return text
    if any(line.strip() in kept for line in around):  # the fence belongs to the edited text
        return text
    return "\n".join(lines[first + 1 : last])


def _is_fenced(lines: list[str]) -> bool:
    return len(lines) > 1 and bool(_FENCE.fullmatch(lines[0])) and _closes(lines[0], lines[-1])


def _closes(opening: str, line: str) -> bool:
    ticks = len(opening) - len(opening.lstrip("`"))
    stripped = line.rstrip()
    return len(stripped) >= ticks and set(stripped) == {"`"}


def _inside_region(text: str) -> str | None:
    """Take what lies between the region markers, where there are any; one LF beside each is its own."""
    if text.count(REGION_START) > 1 or text.count(REGION_END) > 1:
        return None
    if REGION_START in text:
        text = text.partition(REGION_START)[2].removeprefix("\n")
    if REGION_END in text:
        text = text.partition(REGION_END)[0].removesuffix("\n")
    return text
