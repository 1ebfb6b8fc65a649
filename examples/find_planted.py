"""Look for the sample logs' planted secrets and personal data in what was made from the logs.

    python examples/find_planted.py data runs

Reads every file below the given folders, parquet by its rows.  Prints the kind of each value that is found
and the file, never the value; exits with 1 if there is any.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from simulator.plans import owners
from simulator.planted import Planted, planted


def texts(path: Path) -> Iterator[bytes]:
    """Yield a file's text: parquet by row group, all else as it is."""
    if path.suffix != ".parquet":
        yield path.read_bytes()
        return
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches():
            yield json.dumps(batch.to_pylist(), ensure_ascii=False).encode()


def find(folders: list[Path]) -> list[tuple[Planted, Path]]:
    """Return the planted values that stand somewhere below the folders, and where."""
    values = planted(owners())
    found = {}
    for folder in folders:
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            for text in texts(path):
                for value in values:
                    if value.value.encode() in text:
                        found.setdefault((value.value, path), (value, path))
    return list(found.values())


def main() -> int:
    """Search the folders named; return the exit code."""
    folders = [Path(name) for name in sys.argv[1:]]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing or not folders:
        print(f"no such folder: {missing[0]}" if missing else "name the folders to search", file=sys.stderr)
        return 2
    found = find(folders)
    for value, path in found:
        print(f"{path}: {value.kind} ({value.way} in {value.log})")
    kinds = len({value.value for value in planted(owners())})
    print(f"{kinds} planted values looked for, {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
