"""The command line: one module per command; each parses, prints and exits, and holds no logic."""

from codeedit.cli.app import main

__all__ = ["main"]
