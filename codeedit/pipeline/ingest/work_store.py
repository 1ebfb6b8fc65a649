"""Where finished work is kept, so that a stopped or repeated run goes on from it: ``.data.work``.

It lies beside ``data``.  Each unit of work is a file there, named by a keyed hash of all that it was made
from.  Only anonymized text is in it.  The store also knows which logs the data set was made from, by keyed
hashes.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from codeedit.errors import InputError
from codeedit.pipeline.ingest.logs import LogFile
from codeedit.pipeline.ingest.output import REPORT
from codeedit.pipeline.ingest.report import LogCounts
from codeedit.pipeline.ingest.unit_file import ENDING
from codeedit.pipeline.syntax import LANGUAGES

_UNITS: Final = "units"
_INDEX: Final = "index"
_LOGS: Final = "logs.json"
_OWN: Final = {_UNITS, _INDEX, _LOGS, f"{_LOGS}.part"}
_LIBRARIES: Final = ("google-re2", "pyarrow", "rensa", "tree-sitter")  # and the languages' grammars
# Keyed hash of a log's name: of its content, empty for what is no log. Nothing of it tells who has no key.
Logs = Mapping[str, str]


class WorkStore:
    """An opened store; no other run has it at the same time.

    Args:
        folder: the store's own.
        key: the pseudonyms' key.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self.units = folder / _UNITS
        self._key = key

    def unit(self, *made_from: object) -> Path:
        """Return the file of the unit that is made from all this."""
        return self.units / f"{self.keyed(json.dumps([_version(), *made_from]))}{ENDING}"

    def keyed(self, text: str) -> str:
        """Return a text's keyed hash, which tells nothing to who has not the key."""
        data = b"codeedit work\0" + text.encode("utf-8", "surrogateescape")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:40]

    @contextmanager
    def index_folder(self) -> Iterator[Path]:
        """Give an empty folder, which is removed afterwards."""
        folder = self.folder / _INDEX
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep_only(self, units: Iterable[Path]) -> None:
        """Remove the files of all other units."""
        names = {unit.name for unit in units}
        for entry in os.scandir(self.units):
            if entry.name not in names:
                Path(entry.path).unlink(missing_ok=True)

    def hashes(self, files: Sequence[LogFile], contents: Sequence[str]) -> Logs:
        """Return logs as keyed hashes."""
        made: dict[str, str] = {}
        for file, content in zip(files, contents, strict=True):
            name, times = self.keyed(f"name {file.name}"), 0
            while f"{name}-{times}" in made:  # files of the same name in several folders
                times += 1
            made[f"{name}-{times}"] = self.keyed(f"content {content}") if content else ""
        return made

    def logs_of(self, out: Path) -> Logs | None:
        """Return the logs that the data set was made from, ``None`` where that is not known."""
        try:
            report = hashlib.sha256((out / REPORT).read_bytes()).hexdigest()
        except OSError:
            return None
        found = self._read_logs().get(report)
        return found if isinstance(found, dict) else None

    def note_logs(self, report: bytes, logs: Logs, out: Path) -> None:
        """Note what a data set is made from, before it takes the place of the one that is there.

        Args:
            report: its report.json.
            logs: as in `logs_of`.
            out: the data set that is there, if any; what is known of it stays noted.
        """
        before = self.logs_of(out)
        noted: dict[str, Any] = {hashlib.sha256(report).hexdigest(): dict(logs)}
        if before is not None:
            noted.setdefault(hashlib.sha256((out / REPORT).read_bytes()).hexdigest(), before)
        part = self.folder / f"{_LOGS}.part"
        part.write_text(json.dumps(noted), "utf-8")
        part.rename(self.folder / _LOGS)

    def is_unused(self) -> bool:
        """Whether nothing is in it that a later run could use."""
        return not (self.folder / _LOGS).exists() and not any(self.units.iterdir())

    def remove(self) -> None:
        """Remove the store."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read_logs(self) -> dict[str, Any]:
        try:
            made = json.loads((self.folder / _LOGS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return made if isinstance(made, dict) else {}


def compare_logs(before: Logs | None, now: Logs) -> LogCounts:
    """Count what has come, changed and gone since a data set was made.

    What only moved is none of it, and neither is what is no log and was none.
    """
    given = sum(map(bool, now.values()))
    if before is None:
        return LogCounts(given, reused=0, new=0, changed=0, gone=0)
    held, holds = set(before.values()), {"", *now.values()}
    return LogCounts(
        given,
        reused=0,
        new=sum(name not in before and content not in held for name, content in now.items() if content),
        changed=sum(name in before and before[name] != content for name, content in now.items()),
        gone=sum(name not in now and content not in holds for name, content in before.items()),
    )


@contextmanager
def open_store(out: Path, key: bytes) -> Iterator[WorkStore]:
    """Open the store of a data set, made if it is not there; if it stays empty, it goes again.

    Args:
        out: the data set's folder.
        key: the pseudonyms' key.

    Raises:
        InputError: another run has it, or the folder holds other files.
    """
    out = out.resolve()
    folder = out.with_name(f".{out.name}.work")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError("another run is writing this data set", where=str(out)) from None
        if not {entry.name for entry in folder.iterdir()} <= _OWN:
            hint = "choose another folder with --out"
            raise InputError("the folder for unfinished work holds other files", where=str(folder), hint=hint)
        store = WorkStore(folder, key)
        store.units.mkdir(exist_ok=True)
        for part in store.units.glob("*.part"):  # what a killed run was writing
            part.unlink(missing_ok=True)
        try:
            yield store
        finally:
            if folder.exists() and store.is_unused():
                store.remove()
    finally:
        os.close(handle)


@cache
def _version() -> str:
    """Return a hash of what makes tasks of logs: this package's own files, and libraries' versions."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    here = Path(__file__).parent
    package = here.parent.parent
    files = [*here.rglob("*.py"), *(here.parent / "syntax").rglob("*.py"), here.parent / "task_table.py"]
    for path in sorted([*files, package / "records.py"]):
        digest.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes() + b"\0")
    for name in (*_LIBRARIES, *(f"tree-sitter-{language}" for language in LANGUAGES)):
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()
