"""``codeedit anonymize``: what is private in a file, a folder or a parquet file, and copies without it."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import InputError

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.rules import Rules


@click.command("anonymize")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only look; exit with 1 where something is found.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the redacted copies go.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="The placeholders' key, made if missing; by default OUT.key beside the copies.",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="TOML file with rules of your own, and values and files to leave alone.",
)
@common_options
def command(
    path: Path,
    check: bool,
    out: Path | None,
    key_file: Path | None,
    rules: Path | None,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - the entry point reads it
) -> int:
    """Find secrets and personal data, or write copies without them.

    PATH is a file, a folder, a parquet file, or - for JSON lines on stdin: rows with "text" give their
    spans, rows with "events" ([start, deleted, inserted], ...) the clean text after each event.

    \b
    Examples:
      codeedit anonymize src/ --check
      codeedit anonymize logs/ --out clean/
    """
    output = Output(as_json=as_json)
    own = _load_rules(rules)
    if str(path) == "-":
        return _filter(key_file, own)
    if check == (out is not None):
        raise InputError("either --check or --out", hint="--check only looks, --out DIR writes copies")
    return _check(path, own, output) if out is None else _copy(path, out, key_file, own, output)


def _load_rules(file: Path | None) -> Rules:
    from codeedit.pipeline.ingest.anonymize.rules import NO_RULES
    from codeedit.pipeline.ingest.anonymize.rules_file import load_rules

    return NO_RULES if file is None else load_rules(file)


def _check(path: Path, rules: Rules, output: Output) -> int:
    from codeedit.pipeline.ingest.anonymize import Anonymizer
    from codeedit.pipeline.ingest.anonymize.files import find_files, find_in

    anonymizer = Anonymizer(secrets.token_bytes(32), rules=rules)
    kinds: Counter[str] = Counter()
    places, read, skipped = [], 0, 0
    files = find_files(path)
    with output.progress() as progress:
        for number, file in enumerate(files):
            progress("files", number, len(files))
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            found = find_in(file, name, anonymizer)
            read, skipped = read + (found is not None), skipped + (found is None)
            for place in found or ():
                kinds[place.kind] += 1
                places.append(
                    {"file": place.file, "line": place.line, "kind": place.kind, "area": place.area}
                )
                output.print(f"{place.file}:{place.line}: {place.kind}")
    output.print(f"{len(places)} found in {read} files" + (f", {skipped} not text" if skipped else ""))
    output.result(
        {
            "path": str(path),
            "files": read,
            "skipped": skipped,
            "found": dict(sorted(kinds.items())),
            "places": places,
        }
    )
    return 1 if places else 0


def _copy(path: Path, out: Path, key_file: Path | None, rules: Rules, output: Output) -> int:
    from codeedit.pipeline.ingest.anonymize import Anonymizer
    from codeedit.pipeline.ingest.anonymize.files import find_files, write_copy
    from codeedit.pipeline.ingest.anonymize.session import clean_path
    from codeedit.pipeline.ingest.keys import default_key_file, load_key, save_key

    files = find_files(path)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("the output folder is occupied", where=str(out), hint="name an empty or a new one")
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise InputError("the output lies inside the input", where=str(out), hint="name a folder outside")
    key = load_key(key_file or default_key_file(out), out)
    anonymizer = Anonymizer(key.value, rules=rules)
    save_key(key)
    written = skipped = replaced = 0
    with output.progress() as progress:
        for number, file in enumerate(files):
            progress("files", number, len(files))
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            count = write_copy(file, out / clean_path(name, anonymizer), name, anonymizer)
            written, skipped, replaced = (
                written + (count >= 0),
                skipped + (count < 0),
                replaced + max(count, 0),
            )
    output.print(
        f"{replaced} values replaced in {written} files, written to {out}/"
        + (f"; {skipped} not text, left out" if skipped else "")
    )
    output.result(
        {"path": str(path), "out": str(out), "files": written, "skipped": skipped, "replaced": replaced}
    )
    return 0


def _filter(key_file: Path | None, rules: Rules) -> int:
    from codeedit.pipeline.ingest.anonymize import Anonymizer
    from codeedit.pipeline.ingest.anonymize.jsonl import answers
    from codeedit.pipeline.ingest.keys import load_key

    if key_file is None:
        key = secrets.token_bytes(32)
    else:
        loaded = load_key(key_file, key_file.with_name(f"{key_file.name}.data"))
        if loaded.is_new:
            raise InputError("no such key file", where=str(key_file), hint="make one with codeedit ingest")
        key = loaded.value
    for answer in answers(sys.stdin, Anonymizer(key, rules=rules)):
        click.echo(answer)
    return 0
