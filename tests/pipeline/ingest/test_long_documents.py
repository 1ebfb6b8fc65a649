"""Edits all over a long document: work is counted in bytecodes, not in seconds."""

import random
import sys
from array import array

import pytest

from codeedit.pipeline.ingest.anonymize.provenance import Provenance, Step
from codeedit.pipeline.ingest.document import Document

LINE = "value = compute(item, index)\n"
EDITS = 150


def bytecodes(function) -> int:
    """Return how many instructions of the interpreter a function takes."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def places(length: int) -> list[int]:
    """Return where to edit, all over a text."""
    chance = random.Random(0)
    return [chance.randrange(length) for _ in range(EDITS)]


def edit_document(length: int) -> int:
    document = Document(LINE * (length // len(LINE)))
    at = places(len(document))
    return bytecodes(lambda: [document.replace(start, 0, "x") for start in at])


def edit_provenance(length: int) -> int:
    document, text = Provenance(), LINE * (length // len(LINE))
    document.apply(Step(0, 0, array("q", range(len(text)))), text)
    at = places(len(text))
    return bytecodes(lambda: [document.apply(Step(start, 0, array("q", [0])), "x") for start in at])


@pytest.mark.parametrize("edit", [edit_document, edit_provenance])
def test_an_edit_of_a_text_sixteen_times_as_long_is_at_most_five_times_the_work(edit):
    assert edit(2_000_000) <= 5 * edit(125_000)
