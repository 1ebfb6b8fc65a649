"""The command line: one module per command; each parses, prints and exits, and holds no logic."""

import sys


def main() -> None:
    """Run the command line and exit.

    Imports take time, and Ctrl-C may come while they run: here it ends the program quietly.
    """
    try:
        from codeedit.cli.app import run
    except KeyboardInterrupt:
        sys.stderr.write("codeedit: interrupted\n")
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
