"""The audit beside a data set."""

import json

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.ingest.audit import Audit, Replaced, TouchedTasks, as_markdown
from codeedit.pipeline.task_table import read_tasks

SECRET = "gh" + "p_" + "x7Kq9Lm2Vb4Nc6Zd8Fg1Hj3Pw5Rt0Yu2Ee4A"
NO_TASKS = TouchedTasks(0, 0, {}, 0)
RULES = """
[[rule]]
name = "ticket"
pattern = 'ACME-([0-9]{6})'
example = "ACME-182536"
"""


@pytest.fixture
def logs(tmp_path, recording, function):
    folder = tmp_path / "logs"
    for number, word in enumerate(("width", "breadth")):
        text = function.replace("width", word).replace("volume", f"{word}_volume")
        at = text.index(f"{word} * height")
        made = type(recording)()
        made.entries.clear()
        made.header(uuid=f"u-{number}").open(0, "src/box.py", text)
        made.change(0, [at, at + 5, f"w{number}"])
        made.change(0, [0, 0, f"{word} = '{SECRET}'  # ACME-182536\n"], after=20_000)
        made.change(0, [0, 0, f"import {word}\n"], after=20_000)
        made.write(folder / f"{number}.json")
    return folder


@pytest.fixture
def audit(logs, tmp_path):
    (tmp_path / "rules.toml").write_text(RULES)
    report = ingest([logs], tmp_path / "data", rules=tmp_path / "rules.toml")
    return report, json.loads((tmp_path / "data" / "anonymization.json").read_text())


def test_kinds_are_counted_as_in_the_report(audit):
    report, made = audit
    assert {kind: row["values"] for kind, row in made["kinds"].items()} == report.redactions
    assert made["values"] == sum(report.redactions.values()) == sum(made["rules"].values())
    assert made["rules"] == {"format": 2, "own/ticket": 2}


def test_touched_tasks_are_those_with_redactions(audit, tmp_path):
    tasks = [task for split in ("train", "test") for task in read_tasks(tmp_path / "data", split)]
    touched = sum(bool(task.redactions) for task in tasks)
    _, made = audit
    assert made["tasks"] == {
        "total": len(tasks),
        "touched": touched,
        "share": round(touched / len(tasks), 4),
        "dropped_by_second_look": 0,
    }
    assert touched > 0
    assert made["kinds"]["ticket"]["tasks"] <= touched


def test_files_are_named_by_pseudonym_and_anonymized_path(audit):
    _, made = audit
    assert {file["path"] for file in made["files"]} == {"src/box.py"}
    assert sum(file["values"] for file in made["files"]) == 4


def test_samples_are_placeholders(audit, tmp_path):
    _, made = audit
    code = "".join(task.code for split in ("train", "test") for task in read_tasks(tmp_path / "data", split))
    samples = [sample for kind in made["kinds"].values() for sample in kind["samples"]]
    assert samples
    assert all(sample in code for sample in samples)


def test_nothing_of_the_values_stands_in_the_audit(audit, tmp_path):
    text = "".join((tmp_path / "data" / f"anonymization.{end}").read_text() for end in ("json", "md"))
    assert SECRET[:6] not in text
    assert "182536" not in text


def test_rules_file_with_a_mistake_leaves_nothing(logs, tmp_path):
    (tmp_path / "rules.toml").write_text(RULES.replace("example", "sample"))
    with pytest.raises(InputError, match=r"rules\.toml:5"):
        ingest([logs], tmp_path / "data", rules=tmp_path / "rules.toml")
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "data.key").exists()


def test_rules_give_the_same_rows_in_several_processes(logs, tmp_path):
    (tmp_path / "rules.toml").write_text(RULES)
    for name, jobs in (("one", 1), ("two", 2)):
        ingest([logs], tmp_path / name, rules=tmp_path / "rules.toml", key_file=tmp_path / "k", jobs=jobs)
    one, two = ((tmp_path / name / "anonymization.json").read_text() for name in ("one", "two"))
    assert one == two


def test_a_file_that_the_exceptions_allow_is_no_leak(logs, tmp_path):
    (tmp_path / "rules.toml").write_text('[allow]\npaths = ["src/*"]\n')
    report = ingest([logs], tmp_path / "data", rules=tmp_path / "rules.toml")
    tasks = [task for split in ("train", "test") for task in read_tasks(tmp_path / "data", split)]
    assert report.dropped.get("leak", 0) == 0
    assert any(SECRET in task.code for task in tasks)


def test_table_cells_hold_any_placeholder():
    audit = Audit()
    audit.take([Replaced("p", "a|b.py", "`jq|vx`", "password", "secret", "context")])
    shown = as_markdown(audit.as_dict(NO_TASKS), [("p", "a|b.py", {"password": 1})], 1)
    assert "`` `jq\\|vx` ``" in shown
    assert "`a\\|b.py`" in shown


def test_nothing_replaced_is_an_audit_too():
    made = Audit().as_dict(NO_TASKS)
    assert (made["values"], made["tasks"]["share"]) == (0, 0.0)
    assert "0 values" in as_markdown(made, [], 0)
