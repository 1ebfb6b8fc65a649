"""Files and folders: what the anonymizer finds in them, and copies without it.

Parquet files are read column by column, all strings in them, lists and structs included.  Of other files
those count that are UTF-8 text.
"""

from __future__ import annotations

import os
import secrets
import shutil
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.anonymizer import Anonymizer

_LARGEST = 64 << 20  # bytes of a text file
_SKIPPED = frozenset(
    {".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", ".mypy_cache", ".ruff_cache"}
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value that must not stay; the value itself is not kept."""

    file: str  # relative to the folder that was asked for
    line: int  # from 1; in parquet the row
    kind: str
    area: str  # "secret" or "personal"


def find_files(path: Path) -> list[Path]:
    """Return the files at a path, by name; version control and caches are passed over.

    Raises:
        InputError: nothing is there, or no file in it.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError("no such file or folder", where=str(path), hint="name one that exists")
    files: list[Path] = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        files.extend(Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())
    if not files:
        raise InputError("no file in the folder", where=str(path), hint="name a folder with files")
    return files


def read_text(file: Path) -> str | None:
    """Return a file's text as it stands, None where it is none.

    Raises:
        InputError: it cannot be read.
    """
    try:
        if file.stat().st_size > _LARGEST:
            return None
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=str(file)) from None
    if b"\0" in raw[:8192]:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def find_in(file: Path, name: str, anonymizer: Anonymizer) -> Iterator[Found] | None:
    """Find what must not stay in a file; None where the file is neither text nor parquet.

    Args:
        file: where it is.
        name: what it is called in findings, and judged by; files that the exceptions allow have none.
        anonymizer: finds.
    """
    if anonymizer.rules.allow.lets_file(name):
        return iter(())
    if file.suffix == ".parquet":
        return _find_in_table(file, name, anonymizer)
    text = read_text(file)
    return None if text is None else iter(_find_in_text(text, name, anonymizer))


def _find_in_text(text: str, name: str, anonymizer: Anonymizer) -> list[Found]:
    spans = anonymizer.redact(text).spans
    if not spans:
        return []
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return [Found(name, bisect_right(starts, span.start), span.kind, span.area) for span in spans]


def _table(file: Path) -> Any:  # noqa: ANN401 - pyarrow is imported late
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(file)
    except (pa.ArrowException, OSError):
        raise InputError(
            "not a parquet file", where=str(file), hint="write it again, or leave it out"
        ) from None


def _find_in_table(file: Path, name: str, anonymizer: Anonymizer) -> Iterator[Found]:
    for row, values in enumerate(_table(file).to_pylist(), 1):
        for text in _strings(values):
            for span in anonymizer.redact(text).spans:
                yield Found(name, row, span.kind, span.area)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def write_copy(file: Path, target: Path, name: str, anonymizer: Anonymizer) -> int:
    """Write a redacted copy, whole or not at all; what is neither text nor parquet is left out.

    Args:
        file: where it is.
        target: where the copy goes.
        name: what the exceptions know it by; files that they allow are copied as they are.
        anonymizer: redacts.

    Returns:
        How many values were replaced, -1 where the file was left out.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if anonymizer.rules.allow.lets_file(name):
            shutil.copyfile(file, temporary)
            count = 0
        elif file.suffix == ".parquet":
            count = _write_table(file, temporary, anonymizer)
        else:
            text = read_text(file)
            if text is None:
                return -1
            redacted = anonymizer.redact(text)
            temporary.write_bytes(redacted.text.encode("utf-8"))
            count = len(redacted.spans)
        shutil.copymode(file, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _write_table(file: Path, target: Path, anonymizer: Anonymizer) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0

    def clean(value: object) -> object:
        nonlocal count
        if isinstance(value, str):
            redacted = anonymizer.redact(value)
            count += len(redacted.spans)
            return redacted.text
        if isinstance(value, dict):
            return {key: clean(item) for key, item in value.items()}
        return [clean(item) for item in value] if isinstance(value, list) else value

    table = _table(file)
    rows = [clean(row) for row in table.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), target)
    return count
