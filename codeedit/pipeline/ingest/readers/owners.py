"""The user name in a home folder's path: the log's owner, wherever the name occurs."""

from __future__ import annotations

import re
from urllib.parse import unquote

_HOME = re.compile(
    r"""^(?: (?:file|vscode-remote|vscode-userdata):// [^/]* )?   # a URI's scheme and authority
        (?: /? [a-z]: )?                                         # a drive
        (?: / (?:home|users|documents\ and\ settings)
          | (?:\.\./){2,} (?:home|users) | (?:\.\./)+ (?-i:Users) )
        / ([^/]+) (?:/|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = frozenset({"shared", "public", "default", "all users", "runner", "vscode", "user", "root"})


def owners(path: str) -> tuple[str, ...]:
    """Return the user names that a path or URI names by its home folder.

    Args:
        path: with ``/`` or percent escapes; only an absolute one, or one that climbs out of the
            repository, can name a home folder.
    """
    match = _HOME.match(unquote(path).replace("\\", "/"))
    if match is None or match[1].lower() in _NOBODY or not match[1].strip("."):
        return ()
    return (match[1],)
