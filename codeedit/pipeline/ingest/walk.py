"""Walking through folders that hold anything: loops of links, folders that cannot be listed, any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from codeedit.errors import InputError

LOOP: Final = "link to a folder that it lies in"
NOWHERE: Final = "link that leads nowhere"
UNREADABLE: Final = "cannot be read"

Identity = tuple[int, int]  # device and inode


def identity_of(path: Path) -> Identity | None:
    """Return what two names of one file have in common, ``None`` where nothing is there."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # missing, a loop of links, a name that cannot be
        return None
    return status.st_dev, status.st_ino


@dataclass(slots=True)
class Walk:
    """Goes through folders, one after the other; each is entered once, hidden names are passed over.

    Args:
        is_log: whether a folder is one log as a whole, and is not entered.
        leave_out: folders and files that are not met.
    """

    is_log: Callable[[Path], bool]
    leave_out: Iterable[Identity] = ()
    _seen: set[Identity] = field(default_factory=set)  # entered, or to be left out
    _above: list[tuple[Identity, Iterator[Path]]] = field(default_factory=list)  # from the root down

    def has_met(self, folder: Path) -> bool:
        """Whether a folder was entered before."""
        identity = identity_of(folder)
        return identity in self._seen and identity not in set(self.leave_out)

    def through(self, root: Path) -> Iterator[tuple[Path, str]]:
        """Yield what lies below a folder, each folder's names in order, and why it is not to be read, if so.

        Raises:
            InputError: the folder itself cannot be listed.
        """
        self._seen.update(self.leave_out)
        identity = identity_of(root)
        if identity in self._seen:
            return
        if identity is None or not self._enter(root, identity):
            raise InputError(UNREADABLE, where=str(root))
        while self._above:
            entry = next(self._above[-1][1], None)
            if entry is None:
                self._above.pop()
            elif not entry.name.startswith("."):
                yield from self._meet(entry)

    def _meet(self, entry: Path) -> Iterator[tuple[Path, str]]:
        identity = identity_of(entry)
        if identity is None:
            yield entry, NOWHERE if entry.is_symlink() else UNREADABLE
        elif identity in self._seen:
            if any(identity == folder for folder, _ in self._above):
                yield entry, LOOP
        elif not entry.is_dir() or self.is_log(entry):
            yield entry, ""
        elif not self._enter(entry, identity):
            yield entry, UNREADABLE

    def _enter(self, folder: Path, identity: Identity) -> bool:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            return False
        self._seen.add(identity)
        self._above.append((identity, iter(entries)))
        return True
