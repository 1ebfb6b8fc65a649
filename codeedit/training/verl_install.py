"""Where verl is installed, found without importing it (which takes seconds)."""

from __future__ import annotations

import importlib.util
from importlib import metadata
from pathlib import Path

from codeedit.errors import MissingDependencyError

VERSION = "0.9.1"  # the one that codeedit works with
INSTALL_HINT = "install it with: pip install 'codeedit[cpu]', or 'codeedit[gpu]' on a machine with a GPU"


def find_verl() -> Path:
    """Return the folder of the verl package.

    Raises:
        MissingDependencyError: verl is not installed, or another version of it.
    """
    spec = importlib.util.find_spec("verl")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError("verl is not installed", hint=INSTALL_HINT)
    try:
        version = metadata.version("verl")
    except metadata.PackageNotFoundError:
        version = "unknown"
    if version != VERSION:
        raise MissingDependencyError(
            f"verl {version} is installed, but training needs {VERSION}", hint=INSTALL_HINT
        )
    return Path(spec.submodule_search_locations[0])
