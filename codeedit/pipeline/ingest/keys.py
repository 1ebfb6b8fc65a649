"""The key of the pseudonyms: the same key gives the same pseudonyms, and only its owner can check a guess.

It lies beside the data set, never inside, so that sharing the data does not share the key.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from codeedit.errors import InputError

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the file that it comes from, or will be written to."""

    value: bytes
    file: Path
    is_new: bool

    def __repr__(self) -> str:
        """Return everything but the key."""
        return f"Key(file={str(self.file)!r})"


def default_key_file(out: Path) -> Path:
    """Return ``data.key`` for the data set ``data``."""
    return out.with_name(f"{out.name}.key")


def load_key(file: Path, out: Path | None = None) -> Key:
    """Read the key, or make a new one, which is not written yet.

    Args:
        file: the key file.
        out: the data set's folder, if the key may not lie in it.

    Raises:
        InputError: the file lies inside the data set, cannot be read, or holds no key.
    """
    if out is not None and file.resolve().is_relative_to(out.resolve()):
        hint = "choose a place outside, with --key-file"
        raise InputError("the key may not lie inside the data set", where=str(file), hint=hint)
    try:
        text = file.read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):  # where no folder can be, its making will tell
        return Key(secrets.token_bytes(_BYTES), file, is_new=True)
    except PermissionError:
        raise InputError("cannot be read", where=str(file), hint="name another with --key-file") from None
    except (OSError, UnicodeDecodeError):
        text = ""
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * _BYTES}}}", text):
        hint = f"it holds {2 * _BYTES} hexadecimal digits; name another with --key-file"
        raise InputError("not a key file", where=str(file), hint=hint)
    return Key(bytes.fromhex(text), file, is_new=False)


def save_key(key: Key) -> None:
    """Write a new key, readable by its owner alone; whole or not at all.

    Raises:
        InputError: another run has made a key there since.
    """
    if not key.is_new:
        return
    key.file.parent.mkdir(parents=True, exist_ok=True)
    temporary = key.file.with_name(f".{key.file.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{key.value.hex()}\n")
        os.link(temporary, key.file)
    except FileExistsError:
        raise InputError("another run has just made a key", where=str(key.file), hint="run again") from None
    finally:
        temporary.unlink()
