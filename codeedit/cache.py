"""Where codeedit keeps what it makes once and can make again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for what codeedit makes once: ``$CODEEDIT_CACHE``, else ``~/.cache/codeedit``."""
    set_by_user = os.environ.get("CODEEDIT_CACHE")
    if set_by_user:
        return Path(set_by_user).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().absolute() / "codeedit"
