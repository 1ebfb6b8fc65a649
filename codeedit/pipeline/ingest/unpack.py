"""Log files as they are: plain, gzip or zstd, told by their first bytes; a bomb ends in an error."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined,unused-ignore]

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ALWAYS: Final = 64 << 20  # bytes that any packed file may unpack to
_RATIO: Final = 100  # beyond that, how often its own size
_NEVER: Final = 2 << 30


class UnpacksToTooMuchError(OSError):
    """A packed file is far larger unpacked than logs are."""


@contextmanager
def open_log(path: Path) -> Iterator[BinaryIO]:
    """Open a log for reading, unpacked.

    A packed file that is cut off or damaged ends where the damage is.

    Raises:
        OSError: the file cannot be opened; ``UnpacksToTooMuchError`` while reading a bomb.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(_GZIP):
            packed = cast("io.BufferedIOBase", gzip.GzipFile(fileobj=file))
        elif magic == _ZSTD:
            import pyarrow as pa

            packed = pa.CompressedInputStream(pa.PythonFile(file), "zstd")
        else:
            yield file
            return
        limit = min(max(_ALWAYS, _RATIO * path.stat().st_size), _NEVER)
        with io.BufferedReader(_Limited(packed, limit), 1 << 16) as unpacked:
            yield cast("BinaryIO", unpacked)


class _Limited(io.RawIOBase):
    def __init__(self, packed: io.BufferedIOBase, limit: int) -> None:
        self._packed = packed
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._packed.read1(len(view))
        except (EOFError, zlib.error, OSError):
            return 0
        self._left -= len(data)
        if self._left < 0:
            raise UnpacksToTooMuchError("unpacks to too much")
        view[: len(data)] = data
        return len(data)
