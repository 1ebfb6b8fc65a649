"""The anonymize command."""

import io
import json

from codeedit.cli.app import run

SECRET = "Xk29vQ!mZp47"
LINE = f'password = "{SECRET}"\n'


def test_check_names_file_line_and_kind_but_not_the_value(tmp_path, capsys):
    (tmp_path / "a.py").write_text(f"x = 1\n{LINE}")
    assert run(["anonymize", str(tmp_path), "--check"]) == 1
    printed = capsys.readouterr()
    assert "a.py:2: password" in printed.out
    assert SECRET not in printed.out + printed.err


def test_check_of_clean_files_exits_with_0(tmp_path, capsys):
    (tmp_path / "a.py").write_text("token = next(tokens)\n")
    assert run(["anonymize", str(tmp_path), "--check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["files"], report["found"]) == (1, {})


def test_copies_are_redacted_and_as_long(tmp_path, capsys):
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "a.py").write_text(LINE)
    (source / "b.bin").write_bytes(b"\0\1")
    out = tmp_path / "out"
    assert run(["anonymize", str(source), "--out", str(out), "--json"]) == 0
    text = (out / "sub" / "a.py").read_text()
    assert SECRET[:4] not in text
    assert len(text) == len(LINE)
    assert json.loads(capsys.readouterr().out)["skipped"] == 1
    assert (tmp_path / "out.key").stat().st_mode & 0o777 == 0o600
    assert run(["anonymize", str(out), "--check"]) == 0


def test_one_key_file_gives_the_same_copies(tmp_path):
    (tmp_path / "a.py").write_text(LINE)
    key = str(tmp_path / "k")
    for name in ("one", "two"):
        assert (
            run(["anonymize", str(tmp_path / "a.py"), "--out", str(tmp_path / name), "--key-file", key]) == 0
        )
    assert (tmp_path / "one" / "a.py").read_text() == (tmp_path / "two" / "a.py").read_text()


def test_a_parquet_file_is_read_by_rows(tmp_path, capsys):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{"code": "x = 1", "history": [{"diff": LINE}]}, {"code": LINE, "history": []}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert run(["anonymize", str(tmp_path / "a.parquet"), "--check"]) == 1
    assert capsys.readouterr().out.count("password") == 2
    assert run(["anonymize", str(tmp_path / "a.parquet"), "--out", str(tmp_path / "out")]) == 0
    assert SECRET not in str(pq.read_table(tmp_path / "out" / "a.parquet").to_pylist())


def test_json_lines_give_spans_and_states(monkeypatch, capsys):
    rows = [{"id": 1, "text": LINE}, {"id": 2, "events": [[0, 0, "ab"], [1, 1, "c"]]}]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(row) + "\n" for row in rows)))
    assert run(["anonymize", "-"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(s["start"], s["end"], s["kind"]) for s in first["spans"]] == [(12, 24, "password")]
    assert second == {"id": 2, "states": ["ab", "ac"]}


def one_line(capsys):
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    return err


def test_a_missing_path_is_one_line(tmp_path, capsys):
    assert run(["anonymize", str(tmp_path / "none"), "--check"]) == 2
    assert "none" in one_line(capsys)


def test_an_empty_folder_is_one_line(tmp_path, capsys):
    assert run(["anonymize", str(tmp_path), "--check"]) == 2
    assert "no file" in one_line(capsys)


def test_an_occupied_output_folder_is_one_line(tmp_path, capsys):
    (tmp_path / "a.py").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("x")
    assert run(["anonymize", str(tmp_path / "a.py"), "--out", str(tmp_path / "out")]) == 2
    assert "occupied" in one_line(capsys)


def test_neither_check_nor_out_is_one_line(tmp_path, capsys):
    (tmp_path / "a.py").write_text("x")
    assert run(["anonymize", str(tmp_path / "a.py")]) == 2
    assert "--check" in one_line(capsys)


def test_a_broken_parquet_file_is_one_line(tmp_path, capsys):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    assert run(["anonymize", str(tmp_path / "a.parquet"), "--check"]) == 2
    assert "parquet" in one_line(capsys)


def test_a_line_that_is_no_row_is_not_repeated(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(f'{{"id": 1, "txt": "{SECRET}"}}\n'))
    assert run(["anonymize", "-"]) == 2
    assert SECRET not in one_line(capsys)


RULES = """
[[rule]]
name = "ticket"
pattern = 'ACME-([0-9]{6})'
example = "ACME-182536"

[allow]
values = ["Xk29vQ!mZp47"]
paths = ["fixtures/*"]
"""


def test_own_rules_find_and_exceptions_leave_alone(tmp_path, capsys):
    (tmp_path / "rules.toml").write_text(RULES)
    source = tmp_path / "in"
    (source / "fixtures").mkdir(parents=True)
    (source / "a.py").write_text(f"# ACME-182536\n{LINE}")
    (source / "fixtures" / "b.py").write_text("# ACME-182536\n")
    rules = str(tmp_path / "rules.toml")
    assert run(["anonymize", str(source), "--check", "--rules", rules]) == 1
    assert capsys.readouterr().out.splitlines() == ["a.py:1: ticket", "1 found in 2 files"]
    assert run(["anonymize", str(source), "--out", str(tmp_path / "out"), "--rules", rules]) == 0
    assert (tmp_path / "out" / "a.py").read_text().endswith(LINE)
    assert "182536" not in (tmp_path / "out" / "a.py").read_text()
    assert (tmp_path / "out" / "fixtures" / "b.py").read_text() == "# ACME-182536\n"


def test_a_mistake_in_the_rules_is_one_line(tmp_path, capsys):
    (tmp_path / "rules.toml").write_text(RULES.replace("example", "sample"))
    assert run(["anonymize", str(tmp_path), "--check", "--rules", str(tmp_path / "rules.toml")]) == 2
    assert "rules.toml:5: rule: unknown key 'sample'; did you mean example?" in one_line(capsys)


def test_check_of_a_folder_reads_parquet_too(tmp_path, capsys):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"code": ["x = 1\n", LINE]}), tmp_path / "a.parquet")
    assert run(["anonymize", str(tmp_path), "--check"]) == 1
    assert "a.parquet:2: password" in capsys.readouterr().out
