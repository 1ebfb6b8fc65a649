"""The data set's folder: written under a hidden name beside it and renamed when it is complete."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeedit.errors import InputError
from codeedit.pipeline.ingest.document import is_text

REPORT = "report.json"
CARD = "README.md"
QUARANTINE = "quarantine.jsonl"
_OWN = re.compile(
    r"(?:train|test)-\d{5}\.parquet|report\.json|README\.md|quarantine\.jsonl|anonymization\.(?:json|md)"
)


def check_free(out: Path, *, overwrite: bool) -> None:
    """See that a data set may be written there.

    Raises:
        InputError: something is there, and it is not ours or ``overwrite`` is not set; or the path is one to
            which no parquet file can be written.
    """
    if not is_text(str(out.absolute())):
        raise InputError("the path is not UTF-8", where=str(out), hint="choose another folder with --out")
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise InputError("a file is in the way", where=str(out), hint="choose another folder with --out")
    names = [entry.name for entry in out.iterdir()]
    if not names:
        return
    if not _is_data_set(out, names):
        hint = "choose another folder with --out"
        raise InputError("the folder holds other files", where=str(out), hint=hint)
    if not overwrite:
        hint = "replace it with --overwrite, or choose another folder with --out"
        raise InputError("there is a data set here already", where=str(out), hint=hint)


def _is_data_set(out: Path, names: list[str]) -> bool:
    if not all(_OWN.fullmatch(name) for name in names):
        return False
    try:
        return "schema_version" in json.loads((out / REPORT).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return False


@contextmanager
def being_written(out: Path) -> Iterator[Path]:
    """Give a folder to write to; it takes the place of ``out`` if the block ends well, else it is removed.

    Raises:
        InputError: another run is writing the same data set.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    partial, old = out.with_name(f".{out.name}.partial"), out.with_name(f".{out.name}.old")
    partial.mkdir(exist_ok=True)
    handle = os.open(partial, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError("another run is writing this data set", where=str(out)) from None
        _clear(partial)
        try:
            yield partial
            if old.exists():  # an earlier run was killed between the two renames
                shutil.rmtree(old)
            if out.exists():
                out.rename(old)
            partial.rename(out)
            shutil.rmtree(old, ignore_errors=True)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
