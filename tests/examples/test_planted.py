"""Planted values: really in the logs, and where a scanner would take them for a leak, never whole."""

import json
import zlib
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def values(examples):
    from simulator.plans import owners
    from simulator.planted import planted

    return planted(owners())


def test_planted_values_are_in_the_final_texts(values, outcomes):
    texts = {outcome.plan.name: "\n".join(outcome.texts.values()) for outcome in outcomes}
    for value in values:
        if value.way != "header":
            assert value.value in texts[value.log], value.kind


def test_accounts_are_in_the_headers(values, outcomes):
    first = {outcome.plan.name: json.dumps(outcome.first) for outcome in outcomes}
    for value in values:
        if value.way == "header":
            assert value.value in first[value.log]


def test_typed_values_stand_whole_in_no_committed_file(values, examples):
    files = [path for path in examples.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    content = {path: path.read_bytes() for path in files}
    for value in values:
        if value.way == "typed":
            assert not [path.name for path, text in content.items() if value.value.encode() in text]


def test_github_token_carries_its_check_digits(examples):
    from simulator.planted import github_token

    body, digits = github_token()[4:34], github_token()[34:]
    number = 0
    for digit in digits:
        number = number * 62 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".index(digit)
    assert number == zlib.crc32(body.encode())


def test_every_way_of_coming_in_is_used(values):
    assert {value.way for value in values} == {"typed", "pasted", "loaded", "header"}


def test_find_sees_values_in_text_and_in_parquet(values, examples, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq
    from find_planted import find

    (tmp_path / "note.txt").write_text(f"x{values[0].value}y")
    pq.write_table(pa.table({"code": [f"a = '{values[1].value}'"] * 50}), tmp_path / "a.parquet")
    assert [(hit.kind, path.name) for hit, path in find([tmp_path])] == [
        (values[1].kind, "a.parquet"),
        (values[0].kind, "note.txt"),
    ]


def test_find_sees_nothing_where_nothing_is(examples, tmp_path):
    from find_planted import find

    Path(tmp_path / "clean.txt").write_text("nothing here")
    assert find([tmp_path]) == []
