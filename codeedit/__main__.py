"""``python -m codeedit``: the same as ``codeedit``."""

from codeedit.cli import main

if __name__ == "__main__":
    main()
