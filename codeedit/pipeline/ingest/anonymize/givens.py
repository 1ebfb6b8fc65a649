"""A given name that stands alone in a comment or a sentence: `// Marek: check this`, `-- Marek wanted it`, `from Marek`.

Only names that are no words count (see `lexicon`), and only where one is spoken of as people are.
"""

# ruff: noqa: E501, RUF001 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import folded
from codeedit.pipeline.ingest.anonymize.people import UPPER
from codeedit.pipeline.ingest.anonymize.persons import is_given
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

# RE2's syntax; looked for near known names only.
ANCHOR = r"\b[A-Z\xc0-\xde?][a-z\xdf-\xff?]{2}"
_NAME = re.compile(
    rf"(?P<name>[{UPPER}][^\W\d_]{{2,20}}(?:-[{UPPER}][^\W\d_]{{1,20}})?)(?![\w@/\\(-])(?!\.\w)"
)
_COMMENT = re.compile(r"(?:^|[\s;{})])(?:\#|//|--|;|/?\*|<!--|%|\"\"\"|REM\b)[ \t!*/#-]*[^\n]*\Z")
# Sentences have no marks of code.
_PROSE = re.compile(r"[ \t>*+-]*(?:[A-Z][\w'’-]*)(?:[,:]?[ ][\w'’.-]+){1,14}[,:]?[ ]\Z")
_SPOKEN_OF = re.compile(
    r"(?i)\b(?:by|from|ask|asked|tell|told|ping|thanks|thank|to|cc|per|via|according to|blame|see|with|and|for|of|credits?|kudos|contact|call|mail)[ ]\Z"
)
# What somebody does, or how one is spoken to.
_DOES = re.compile(
    r":[ ]|[ ](?:says|said|wants|wanted|thinks|thought|wrote|found|told|asked|asks|needs|needed|knows|knew|added|adds|fixed|fixes|changed|changes|moved|moves|reported|reports|suggested|suggests|prefers|preferred|insisted|insists|noticed|notices|"
    r"broke|breaks|hates|likes|owns|owned|did|does|made|makes|put|tried|tries|reviewed|reviews|approved|approves|promised|will|would|should|can|could|has|had|is|was|please|removed|removes|refactored|merged|confirmed|claims|claimed|complained|agreed|mentioned|explained|wins|introduced|implemented|requested|used to)\b"
    rf"|[ ](?:and|und|et|y|&)[ ][{UPPER}][a-z]|[ ](?:also[ ])?[a-z]{{3,12}}ed\b"
    r"|'s[ ]|[ ][-–—][ ]"
)
_ENDS = re.compile(
    r"[ \t]*(?:[.,;:!?)\]]|\n|\Z|\*/|-->|[ ](?:about|for|if|when|before|after|first|again|on|and|in|that|\d))"
)


def given_at(text: str, start: int) -> Iterator[Finding]:
    """Find the given name of somebody who does something, is spoken to or spoken of, at `start`."""
    match = _NAME.match(text, start)
    if match is None or not is_given(folded(match["name"])) or is_placeholder(match["name"]):
        return
    line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    before = text[line:start]
    if before[-1:] not in (" ", "\t", "(", "", "@") or re.search(rf"[{UPPER}][^\W\d_]+[ ]\Z", before):
        return
    comment = _COMMENT.search(before) is not None
    spoken_of = _SPOKEN_OF.search(before) is not None
    does = _DOES.match(text, match.end()) is not None
    ends = _ENDS.match(text, match.end()) is not None
    spoken_of = spoken_of and ends
    if (comment and (does or spoken_of)) or (spoken_of and _PROSE.fullmatch(before)):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)
