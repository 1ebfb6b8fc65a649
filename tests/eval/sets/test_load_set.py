import json
from dataclasses import replace

import pytest

from codeedit.errors import InputError, MissingDependencyError
from codeedit.eval.sets import Sources, load_set
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.sets.languages import language_of
from codeedit.pipeline.task_table import write_tasks


def test_zeta_is_read_from_a_folder(zeta_folder) -> None:
    found = load_set("zeta-dpo", Sources(zeta=zeta_folder))
    assert [row.key for row in found.rows] == [0, 1, 2, 3]
    assert sum(row.task.no_change for row in found.rows) == 2


def test_zeta_is_read_from_the_folder_in_the_environment(zeta_folder, monkeypatch) -> None:
    monkeypatch.setenv("CODEEDIT_ZETA", str(zeta_folder))
    assert len(load_set("zeta-dpo", Sources()).rows) == 4


def test_other_content_than_the_pinned_revisions_is_noted(zeta_folder) -> None:
    (note,) = load_set("zeta-dpo", Sources(zeta=zeta_folder)).notes
    assert "differs" in note


def test_a_folder_without_zeta_is_an_error(tmp_path) -> None:
    with pytest.raises(InputError, match=r"no eval\.jsonl"):
        load_set("zeta-eval", Sources(zeta=tmp_path))


def test_zeta_without_folder_and_network_says_how_to_get_it(monkeypatch, tmp_path) -> None:
    import huggingface_hub

    def unreachable() -> None:
        raise OSError

    monkeypatch.delenv("CODEEDIT_ZETA", raising=False)
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_, **__: None)
    monkeypatch.setattr(huggingface_hub, "get_session", unreachable)
    with pytest.raises(MissingDependencyError, match="--zeta DIR"):
        load_set("zeta-dpo", Sources())


def test_a_data_folder_gives_its_test_split(tmp_path, tasks) -> None:
    write_tasks(tasks, tmp_path / "test-00000.parquet")
    found = load_set("id", Sources(data=tmp_path))
    assert [row.key for row in found.rows] == [task.id for task in tasks]
    assert load_set(str(tmp_path), Sources()).rows == found.rows


def test_a_parquet_file_is_a_set_named_after_it(tmp_path, tasks) -> None:
    write_tasks(tasks, tmp_path / "mine.parquet")
    found = load_set(str(tmp_path / "mine.parquet"), Sources())
    assert found.name == "mine"
    assert found.key_field == "id"


def test_json_lines_in_zetas_form_are_a_set(zeta_folder) -> None:
    found = load_set(str(zeta_folder / "dpo.jsonl"), Sources())
    assert found.key_field == "row"
    assert len(found.rows) == 4


def test_a_bad_line_is_named_by_file_and_line(tmp_path, make_zeta_row) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(make_zeta_row()) + "\n{not json\n")
    with pytest.raises(InputError, match=r"rows\.jsonl:2: not a JSON object"):
        load_set(str(path), Sources())


@pytest.mark.parametrize("name", ["zeta-dop", "nothing/here", "file.txt"])
def test_an_unknown_set_is_an_error_that_names_the_known_ones(name) -> None:
    with pytest.raises(InputError, match="zeta-dpo"):
        load_set(name, Sources())


def test_a_file_of_another_kind_is_no_set(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(InputError, match="not an evaluation set"):
        load_set(str(tmp_path / "a.csv"), Sources())


def test_the_digest_tells_sets_apart(tmp_path, tasks) -> None:
    write_tasks(tasks, tmp_path / "a.parquet")
    write_tasks(tasks[:2], tmp_path / "b.parquet")
    one, other = (load_set(str(tmp_path / f"{name}.parquet"), Sources()) for name in "ab")
    assert one.digest != other.digest
    assert one.digest == load_set(str(tmp_path / "a.parquet"), Sources()).digest


def test_a_limit_draws_from_all_over_the_set_and_a_higher_one_adds_rows(tasks) -> None:
    many = [replace(tasks[0], id=f"{number:032x}") for number in range(300)]
    target = set_from_tasks("id", many)
    few, more = (target.part(limit=limit).positions for limit in (30, 60))
    assert (len(few), len(more)) == (30, 60)
    assert set(few) < set(more)
    assert list(more) == sorted(more)
    assert all(any(low <= at < low + 100 for at in few) for low in (0, 100, 200))


@pytest.mark.parametrize(("path", "language"), [("a/b.RS", "rust"), ("x.h", "c"), ("Makefile", "text")])
def test_languages_go_by_the_suffix(path, language) -> None:
    assert language_of(path) == language


def test_real_zeta_has_its_rows_and_its_no_ops(shared) -> None:
    expected = {"zeta-dpo": (132, 32), "zeta-eval": (33, 10), "zeta-train": (418, 57)}
    for name, counts in expected.items():
        found = load_set(name, Sources(zeta=shared / "data/zeta"))
        assert (len(found.rows), sum(row.task.no_change for row in found.rows)) == counts
        assert found.notes == ()
        assert all(row.task.cursor is not None for row in found.rows)
