"""Log files: finding them, telling their kind, and reading their sessions."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from codeedit.errors import InputError
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers import HEAD_BYTES, READERS, Reader, detect, folder_reader
from codeedit.pipeline.ingest.unpack import TooLargeError, open_log
from codeedit.pipeline.ingest.walk import UNREADABLE, Walk, identity_of
from codeedit.records import Session

_NO_LOG: Final = "not a log of a known kind"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that may be a log, or a folder that is one as a whole."""

    path: Path
    name: str  # relative to the folder that was given, with "/"
    given: bool = False  # named on its own, not found in a folder
    problem: str = ""  # why there is nothing to read


def find_logs(paths: Iterable[Path], leave_out: Iterable[Path] = (), source: str = "auto") -> list[LogFile]:
    """Return the logs at and below the given paths, by name, each once.

    A folder that a reader takes as a whole, such as a repository, is one log; otherwise each file is one.
    Hidden files and folders inside a given folder are passed over, and so is what ``leave_out`` names
    (the data set that is being written).  Links are followed; one that closes a loop, and a folder that
    cannot be listed, come with their ``problem``.

    Raises:
        InputError: a path does not exist or cannot be read, or nothing is there.
    """
    given = list(paths)
    for root in given:
        _see_that_it_is_there(root)
    files: dict[object, LogFile] = {}
    walk = Walk(
        lambda folder: folder_reader(folder, source) is not None,
        [key for path in leave_out if (key := identity_of(path)) is not None],
    )
    # Folders before files, outer ones before inner ones: a log has the same name whatever comes first.
    for root in sorted(given, key=lambda root: (not root.is_dir(), *_real_parts(root), str(root))):
        if root.is_dir() and folder_reader(root, source) is None:
            seen_before = walk.has_met(root)
            found = list(walk.through(root))
            if not found and not seen_before:
                raise InputError("no logs here", where=str(root), hint="name a folder that holds log files")
            for path, problem in found:
                name = path.relative_to(root).as_posix()
                files.setdefault(_place_of(path, problem), LogFile(path, name, problem=problem))
            continue
        name = root.name or root.resolve().name
        log = files.setdefault(_place_of(root), LogFile(root, name))
        files[_place_of(root)] = replace(log, given=True)
    return sorted(files.values(), key=lambda file: (file.name, str(file.path)))


def _see_that_it_is_there(root: Path) -> None:
    if identity_of(root) is None:
        broken = os.path.islink(root)  # noqa: PTH114 - a loop of links
        problem = "a link that leads nowhere" if broken else "no such file or folder"
        raise InputError(problem, where=str(root), hint="name a folder of logs or a log file")
    if not root.is_dir() and not root.is_file():
        raise InputError("neither a file nor a folder", where=str(root))


def _real_parts(path: Path) -> tuple[int, tuple[str, ...]]:
    parts = Path(os.path.realpath(path)).parts
    return len(parts), parts


def _place_of(path: Path, problem: str = "") -> object:
    """Return what two names of one log have in common; a link that leads nowhere is what its own name is."""
    return os.path.join(os.path.realpath(path.parent), path.name) if problem else identity_of(path)  # noqa: PTH118


def told_apart(files: Sequence[LogFile]) -> list[str]:
    """Return the logs' names; those of several logs get folders in front until each is one log's alone.

    What is done is kept under `LogFile.name`, which does not depend on what else is given.
    """
    names = [file.name for file in files]
    depths = [name.count("/") + 1 for name in names]
    parts = [Path(os.path.abspath(file.path)).parts[1:] for file in files]  # noqa: PTH100 - links stay
    while True:
        times = Counter(names)
        same = [at for at, name in enumerate(names) if times[name] > 1 and depths[at] < len(parts[at])]
        if not same:
            return names
        for at in same:
            depths[at] += 1
            names[at] = "/".join(parts[at][-depths[at] :])


def choose_reader(file: LogFile, source: str) -> Reader | None:
    """Return the reader for a log, ``None`` where no reader knows its content.

    Raises:
        OSError: the file cannot be read.
    """
    mode = file.path.stat().st_mode
    if stat.S_ISDIR(mode):
        return folder_reader(file.path, source)
    if not stat.S_ISREG(mode):
        return None
    with open_log(file.path) as opened:
        head = opened.read(HEAD_BYTES)
    if source != "auto":
        reader = READERS[source]
        return reader if reader.sniff(head) else None
    return detect(head)


def why_no_log(file: LogFile, source: str) -> str:
    """Return why there is nothing to read in a file, empty where it is a log."""
    if file.problem:
        return file.problem
    try:
        reader = choose_reader(file, source)
    except TooLargeError as error:
        return error.reason
    except OSError:
        return UNREADABLE
    return "" if reader is not None else _NO_LOG


def sessions_of(file: LogFile, source: str, quarantine: Quarantine) -> Iterator[Session]:
    """Yield one file's sessions; what cannot be read goes to the quarantine."""
    with quarantine.reading(file.name):
        if file.problem:
            quarantine.add_file(file.problem)
            return
        try:
            reader = choose_reader(file, source)
            if reader is None:
                quarantine.add_file(_NO_LOG)
                return
            yield from reader.read(file.path, quarantine)
        except TooLargeError as error:
            quarantine.add_file(error.reason)
        except OSError:
            quarantine.add_file(UNREADABLE)


def read_sessions(
    path: Path | str, source: str = "auto", quarantine: Quarantine | None = None
) -> Iterator[Session]:
    """Yield the sessions of a log file, or of all log files below a folder.

    Args:
        path: a file or a folder.
        source: a reader's name, or ``auto`` to tell by content.
        quarantine: where records go that are not understood.

    Raises:
        InputError: nothing is there, or a single file is no log.
        UnknownNameError: there is no such source.
    """
    if source != "auto":
        READERS[source]
    kept = Quarantine() if quarantine is None else quarantine
    for file in find_logs([Path(path)], source=source):
        if file.given:
            refuse_foreign(file, source)
        yield from sessions_of(file, source, kept)


def refuse_foreign(file: LogFile, source: str) -> None:
    """Stop where a file that was named on its own is not a log.

    Raises:
        InputError: it is of no known kind, or cannot be read.
    """
    try:
        reader = choose_reader(file, source)
    except OSError as error:
        raise InputError(UNREADABLE, where=str(file.path)) from error
    if reader is None:
        kinds = ", ".join(READERS) if source == "auto" else source
        raise InputError(_NO_LOG, where=str(file.path), hint=f"known: {kinds}")
