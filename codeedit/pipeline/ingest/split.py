"""The split into train and test, by session and never by row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

TEST_SHARE: Final = 0.10


def place(session_id: str) -> float:
    """Return a session's place in [0, 1): the same in every run, whatever the key."""
    digest = hashlib.sha256(b"codeedit split\0" + session_id.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def choose_test(session_ids: Iterable[str]) -> frozenset[str]:
    """Return the sessions that go to test: about a tenth, and at least one where there are two.

    Args:
        session_ids: the sessions that have tasks.
    """
    ordered = sorted(set(session_ids), key=lambda session: (place(session), session))
    chosen = [session for session in ordered if place(session) < TEST_SHARE]
    if len(ordered) < 2:
        return frozenset()
    return frozenset(chosen[: len(ordered) - 1] or ordered[:1])
