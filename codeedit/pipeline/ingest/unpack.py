"""Log files as they are: plain, gzip or zstd, told by their first bytes; a bomb ends in an error.

Nothing is read without a limit, so that no file takes more memory than a large log does.
"""

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
_SKIPPED: Final = (
    b"\x2a\x4d\x18"  # after 0x50 to 0x5f: a zstd frame without data; some packers begin with one
)
_ALWAYS: Final = 64 << 20  # bytes that any packed file may unpack to
_RATIO: Final = 100  # beyond that, how often its own size
_NEVER: Final = 2 << 30
LARGEST_WHOLE: Final = 256 << 20  # bytes of a file that has to be in memory as a whole
LONGEST_LINE: Final = 32 << 20  # bytes
TOO_LONG: Final = "line is too long"


class TooLargeError(OSError):
    """A log is far larger than logs are; ``reason`` says in what way."""

    reason = "too large to be read as a whole"


class UnpacksToTooMuchError(TooLargeError):
    """A packed file is far larger unpacked than logs are."""

    reason = "unpacks to too much"


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
        elif magic == _ZSTD or (magic[1:] == _SKIPPED and magic[0] >> 4 == 5):
            import pyarrow as pa

            packed = pa.CompressedInputStream(pa.PythonFile(file), "zstd")
        else:
            yield file
            return
        limit = min(max(_ALWAYS, _RATIO * path.stat().st_size), _NEVER)
        with io.BufferedReader(_Limited(packed, limit), 1 << 16) as unpacked:
            yield cast("BinaryIO", unpacked)


def whole(file: BinaryIO) -> bytes:
    """Return all that is left of a file.

    Raises:
        TooLargeError: it is more than ``LARGEST_WHOLE``.
    """
    data = file.read(LARGEST_WHOLE + 1)
    if len(data) > LARGEST_WHOLE:
        raise TooLargeError(TooLargeError.reason)
    return data


def lines_of(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield a file's lines with their ends; ``None`` for one of more than ``LONGEST_LINE``."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while not line.endswith(b"\n") and (line := file.readline(1 << 20)):
            continue
        yield None


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
            raise UnpacksToTooMuchError(UnpacksToTooMuchError.reason)
        view[: len(data)] = data
        return len(data)
