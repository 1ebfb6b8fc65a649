"""Halves of characters: what a document holds between two edits that each bring one half of a surrogate pair.

Editors whose text is UTF-16 can hold a lone half, and a log may have caught them at it.  The replay has it
too.  No file could, so behind the replay a noncharacter of Unicode stands for it; whatever would show that
to a model is no task.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from codeedit.pipeline.ingest.document import is_text
from codeedit.records import ContentEvent, EditEvent, Event, Session

STAND_IN: Final = "\ufdd0"  # as long as a half, in code points; no text is meant to have it
_HALF = re.compile("[\ud800-\udfff]")


def without_halves(session: Session) -> Session:
    """Return a session with the stand-in for each half of a character; offsets and lengths stay."""
    if all(map(_is_whole, (*session.events, *session.following))):
        return session
    events = tuple(map(_clean, session.events))
    following = tuple(event for event in map(_clean, session.following) if isinstance(event, EditEvent))
    return replace(session, events=events, following=following)


def _text(event: Event) -> str:
    if isinstance(event, EditEvent):
        return event.inserted
    return event.text if isinstance(event, ContentEvent) else ""


def _is_whole(event: Event) -> bool:
    return is_text(_text(event))


def _clean(event: Event) -> Event:
    if _is_whole(event):
        return event
    text = _HALF.sub(STAND_IN, _text(event))
    if isinstance(event, ContentEvent):
        return replace(event, text=text)
    return replace(event, inserted=text) if isinstance(event, EditEvent) else event
