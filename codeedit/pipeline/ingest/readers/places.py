"""Places in logs: URIs and paths become relative ones with ``/``, and tell whose home they lie in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from codeedit.pipeline.ingest.document import is_text
from codeedit.pipeline.ingest.readers.fields import WRONG_TYPE, Unreadable

_SCHEME = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]+:(?://[^/]*)?")
_DRIVE = re.compile(r"\A/?([A-Za-z]):(?=/)")
_HOME = re.compile(r"\A(?:[a-z]:)?/(?:home|users|documents and settings)/[^/]+/", re.IGNORECASE)
_LONGEST = 4_096


def plain(place: str) -> str:
    """Return a URI's or a path's own path: decoded, with ``/``, its drive in small letters."""
    scheme = _SCHEME.match(place)
    path = unquote(place[scheme.end() :]) if scheme and len(scheme[0]) > 2 else place
    path = path.replace("\\", "/")
    drive = _DRIVE.match(path)
    return f"{drive[1].lower()}:{path[drive.end() :]}" if drive else path


def relative(place: object, roots: Iterable[str] = ()) -> str:
    """Return the path that a document goes by.

    Args:
        place: a URI or a path.
        roots: folders that it may lie in, as ``plain`` gives them; the longest that holds it counts.
            Below none of them the home folder is left out, and the leading ``/``.

    Raises:
        Unreadable: it is no path.
    """
    if not isinstance(place, str) or not is_text(place) or not 0 < len(place) <= _LONGEST:
        raise Unreadable(WRONG_TYPE)
    path = plain(place)
    if not is_text(path) or "\0" in path or "\n" in path:
        raise Unreadable(WRONG_TYPE)
    for root in sorted(roots, key=len, reverse=True):
        folder = root.rstrip("/") + "/"
        if len(folder) > 1 and path.startswith(folder):
            path = path[len(folder) :]
            break
    else:
        path = _HOME.sub("", path)
        path = _DRIVE.sub("", path)
    path = path.strip("/")
    if not path:
        raise Unreadable(WRONG_TYPE)
    return path
