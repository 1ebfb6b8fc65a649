"""The committed sample logs: fresh, well formed, and replayed by other means than the simulation's."""

import json
from collections import Counter

import pytest


def read(path):
    """Return a log's entries, and the edit that it states as the next one."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()], None
    log = json.loads(text)
    return log["log"], log.get("nextUserEdit")


def naive_replay(entries):
    """Replay a log on UTF-16 bytes; return the final texts by path."""
    texts, paths, stored = {}, {}, {}
    for entry in entries:
        match entry["kind"]:
            case "documentEncountered":
                paths[entry["id"]] = entry["relativePath"]
            case "setContent":
                texts[entry["id"]] = entry["content"].encode("utf-16-le")
            case "storeContent":
                stored[entry["contentId"]] = texts[entry["id"]]
            case "restoreContent":
                texts[entry["id"]] = stored[entry["contentId"]]
            case "changed":
                text = texts[entry["id"]]
                for start, end, new in reversed(entry["edit"]):
                    text = text[: 2 * start] + new.encode("utf-16-le") + text[2 * end :]
                texts[entry["id"]] = text
    return {paths[number]: text.decode("utf-16-le") for number, text in texts.items()}


@pytest.fixture(scope="module")
def logs(examples):
    return {path.name.split(".")[0]: path for path in sorted((examples / "logs").iterdir())}


@pytest.fixture(scope="module")
def entries(logs):
    return {name: read(path)[0] for name, path in logs.items()}


def changes(entries):
    return [entry for log in entries.values() for entry in log if entry["kind"] == "changed"]


def test_committed_logs_are_what_the_simulation_makes(logs, outcomes):
    from make_logs import file_name, file_text

    assert {path.name for path in logs.values()} == set(map(file_name, outcomes))
    for outcome in outcomes:
        committed = logs[outcome.plan.name].read_bytes()
        assert committed == file_text(outcome).encode(), f"{outcome.plan.name}: run examples/make_logs.py"


def test_make_writes_the_logs_it_returns(examples, tmp_path, monkeypatch):
    import make_logs

    one = make_logs.plans()[:1]
    monkeypatch.setattr(make_logs, "plans", lambda _rounds: one)
    assert make_logs.make(tmp_path / "new") == list((tmp_path / "new").iterdir())


def test_replay_ends_in_the_editors_text(entries, outcomes):
    for outcome in outcomes:
        assert naive_replay(entries[outcome.plan.name]) == outcome.texts


def test_header_or_meta_comes_first_and_only_there(entries):
    for log in entries.values():
        assert log[0]["kind"] in {"header", "meta"}
        assert not {"header", "meta"} & {entry["kind"] for entry in log[1:]}


def test_versions_rise(entries):
    for log in entries.values():
        versions = Counter()
        for entry in log:
            if entry["kind"] in {"changed", "restoreContent"}:
                assert entry["v"] > versions[entry["id"]]
                versions[entry["id"]] = entry["v"]


def test_replacements_ascend_without_overlap(entries):
    for change in changes(entries):
        offsets = [offset for start, end, _ in change["edit"] for offset in (start, end)]
        assert offsets == sorted(offsets)


def test_a_reason_follows_the_change_that_it_explains(entries):
    for log in entries.values():
        version = {}
        for entry in log:
            if entry["kind"] == "changed":
                version[entry["id"]] = entry["v"]
            elif entry["kind"] == "documentEvent":
                assert entry["data"]["v"] == version[entry["id"]]


def test_stated_edit_fits_the_last_text(logs, outcomes):
    stated = {outcome.plan.name: outcome for outcome in outcomes if outcome.following}
    assert stated
    for name, outcome in stated.items():
        following = read(logs[name])[1]
        text = outcome.texts[following["relativePath"]].encode("utf-16-le")
        old = {text[2 * start : 2 * end] for start, end, _ in following["edit"]}
        assert len(old) == 1
        assert old != {b""}


def test_ten_languages_and_both_forms_are_there(logs):
    assert len({name.rpartition("-")[0] for name in logs}) == 10
    assert {path.suffix for path in logs.values()} == {".json", ".jsonl"}


def test_logs_stay_small(logs):
    assert sum(path.stat().st_size for path in logs.values()) < 3_000_000


def test_logs_hold_what_readers_stumble_over(entries, outcomes):
    kinds = {entry["kind"] for log in entries.values() for entry in log}
    assert {"storeContent", "restoreContent", "focused", "documentEvent", "meta"} <= kinds
    edits = [change["edit"] for change in changes(entries)]
    assert any(len(edit) > 1 for edit in edits)
    assert any(start + 1 == end and not new for edit in edits for start, end, new in edit)
    assert any(character > "\uffff" for edit in edits for *_, new in edit for character in new)
    assert any(len(new) > 80 for edit in edits for *_, new in edit)
    contents = [e["content"] for log in entries.values() for e in log if e["kind"] == "setContent"]
    assert any("\r\n" in content for content in contents)
    assert any("\\" in path for outcome in outcomes for path in outcome.texts)


def test_edits_come_after_a_character_of_two_units(entries):
    shifted = 0
    for log in entries.values():
        wide = set()
        for entry in log:
            if entry["kind"] == "changed":
                shifted += any(identity == entry["id"] for identity in wide)
                if any(character > "\uffff" for *_, new in entry["edit"] for character in new):
                    wide.add(entry["id"])
    assert shifted > 100


def test_most_sessions_tell_the_sources_in_other_words(outcomes):
    loaded = [e for o in outcomes for e in o.entries if e["kind"] == "setContent" and e["id"] == 0]
    starts = {entry["content"] for entry in loaded}
    assert len(starts) == len(outcomes)


def test_names_are_replaced_whole(outcomes):
    from simulator.themes import NOUNS, VERBS, parts

    known = {*NOUNS.split(), *VERBS.split()}
    for outcome in outcomes:
        found = set.union(*map(parts, outcome.texts.values()))
        joined = {a + b for a in known for b in known} - known
        assert not joined & found, outcome.plan.name


@pytest.mark.parametrize(
    "language",
    ["python", "typescript", "javascript", "go", "rust", "java", "c", "cpp", "kotlin", "lua"],
)
def test_final_texts_are_free_of_syntax_errors(language, outcomes):
    import importlib

    from tree_sitter import Language, Parser

    module = importlib.import_module(f"tree_sitter_{language}")
    grammar = module.language_typescript() if language == "typescript" else module.language()
    parser = Parser(Language(grammar))
    texts = [t for o in outcomes if o.plan.language.name == language for t in o.texts.values()]
    assert len(texts) >= 3
    assert not any(parser.parse(text.encode()).root_node.has_error for text in texts)
