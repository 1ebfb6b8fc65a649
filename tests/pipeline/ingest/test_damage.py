"""Damaged logs: whatever was done to a file, nothing is raised, and every record has its place.

With the tests of each reader these are more than 10,000 cases; ``--fuzz 5`` makes five times as many, and
``--fuzz-seed 7`` other ones:  pytest tests/pipeline/ingest -k damaged --fuzz-seed 7
"""

from __future__ import annotations

import gzip
import json
from itertools import islice, pairwise
from pathlib import Path

import pytest

from codeedit.pipeline.ingest import ingest

CASES = 1_000
LOGS = Path(__file__).resolve().parents[3] / "examples" / "logs"


def sample(recording, function) -> list[bytes]:
    """A recording of every kind of entry, in both shapes, and an editing trace."""
    recording.open(0, "src\\a.py", function).open(1, "b.ts", "const s = '😀';\r\n")
    recording.add("focused", id=0).caret(0, 30).change(0, [30, 31, "x"], [40, 44, "yy"], v=2)
    recording.add(
        "documentEvent", id=0, data={"sourceId": "TextModel.setChangeReason", "source": "snippet", "v": 2}
    )
    recording.add("storeContent", id=0, contentId="c").change(1, [11, 13, "é"], v=2, after=20_000)
    recording.change(0, [0, 0, "import os\n"], v=3, after=20_000).add(
        "restoreContent", id=0, contentId="c", v=4
    )
    recording.add("event", data={"sourceId": "InlineCompletions.fetch", "kind": "end", "result": []})
    for number in range(5):
        recording.change(0, [number * 7, number * 7 + 1, "z"], v=5 + number, after=3_000)
    trace = {
        "startContent": "",
        "endContent": "fn main() {}\n",
        "txns": [
            {"time": "1970-01-01T00:00:00.000Z", "patches": [[0, 0, "fn main() {\n"]]},
            {"time": "2020-09-10T10:00:00.000Z", "patches": [[11, 0, "}"], [11, 0, ""]]},
        ],
    }
    edit = {"edit": [[1, 2, "w"]], "relativePath": "src\\a.py"}
    indented = json.dumps({"log": recording.entries, "nextUserEdit": edit}, indent=1)
    return [recording.lines().encode(), indented.encode(), json.dumps(trace, indent=1).encode()]


@pytest.mark.parametrize("kind", range(3))
def test_damaged_log_raises_nothing_and_counts_add_up(endure, recording, function, kind):
    endure(sample(recording, function)[kind], cases=CASES, seed=kind)


@pytest.mark.parametrize("name", ["cpp-1", "kotlin-2", "lua-1"])
def test_damaged_sample_logs_raise_nothing(endure, name):
    (file,) = LOGS.glob(f"{name}.*")
    text = file.read_text("utf-8")
    log = json.loads(text)["log"] if text.startswith('{"log"') else list(map(json.loads, text.splitlines()))
    made = "".join(json.dumps(entry) + "\n" for entry in log[:60])
    endure(made.encode(), cases=CASES // 3, seed=len(made))


def test_damaged_real_recordings_raise_nothing(endure, shared):
    files = sorted((shared / "data" / "recordings").rglob("*.json"))
    small = [file.read_bytes() for file in files if file.stat().st_size < 20_000]
    for number, data in enumerate(small):
        endure(data, cases=CASES // len(small), seed=number)


def test_other_damaged_real_logs_raise_nothing(endure, shared):
    trace = json.loads(gzip.decompress((shared / "data/editing-traces/rustcode.json.gz").read_bytes()))
    first, *_, last = trace["txns"]
    short = [{"time": first["time"], "patches": [[0, 0, "fn main() {}\n" * 30]]}, *[last] * 20]
    endure(json.dumps({"startContent": "", "txns": short}).encode(), cases=CASES // 5)
    for name, size in (
        ("lsp/css.log", 30_000),
        ("lsp/sample.log.json", 30_000),
        ("aider/chat-history.md", 9_000),
    ):
        endure((shared / "data" / name).read_bytes()[:size], cases=CASES // 5)


def test_damaged_logs_together_give_a_report_that_adds_up(tmp_path, damages, recording, function):
    (tmp_path / "logs").mkdir()
    (file,) = LOGS.glob("cpp-1.*")
    whole = b"".join(file.read_bytes().splitlines(keepends=True)[:100])
    (tmp_path / "logs" / "whole").write_bytes(whole)
    for kind, data in enumerate([*sample(recording, function), whole]):
        for number, made in enumerate(islice(damages(data, 100 + kind), 5)):
            (tmp_path / "logs" / f"{kind}-{number}").write_bytes(made)
    report = ingest([tmp_path / "logs"], tmp_path / "data", jobs=1)
    stages = {stage.name: stage for stage in report.stages}
    for stage in report.stages:
        assert stage.into == stage.out + sum(stage.dropped.values())
    put_away = (tmp_path / "data" / "quarantine.jsonl").read_text().splitlines()
    assert len(put_away) == sum(report.quarantined.values()) == stages["read"].into - stages["read"].out > 0
    ways = ("segment", "filter", "check", "deduplicate", "split", "write")
    for before, after in pairwise(ways):
        assert stages[before].out == stages[after].into
    assert stages["write"].out == report.train + report.test > 0
