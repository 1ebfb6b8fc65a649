import json
from pathlib import Path

import pytest

from codeedit.cli.app import run
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import Origin, Task

CODE = "def area(radius):\n    return 3 * r ** 2\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set of two train tasks."""

    def task(number: int) -> Task:
        return Task(
            id=f"t{number}",
            source="test",
            session="s",
            project="p",
            path="a.py",
            language="python",
            origin=Origin.HUMAN,
            time_ms=0,
            code=CODE,
            edit_start=18,
            edit_end=len(CODE) - 1,
            cursor=29,
            history=(),
            hint=None,
            edit="    return 3 * radius ** 2",
            no_change=False,
        )

    folder = tmp_path / "data"
    folder.mkdir()
    write_tasks(map(task, range(2)), folder / "train-00000.parquet")
    return folder


def call(data: Path, *options: str) -> int:
    out = data.parent / "prompts"
    return run(["prompts", "--data", str(data), "--model", "tiny", "--out", str(out), *options])


def test_prompts_are_written_and_counted(data, capsys) -> None:
    import pyarrow.parquet as pq

    assert call(data, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["splits"]["train"]["prompts"] == 2
    rows = pq.read_table(data.parent / "prompts" / "train.parquet").to_pylist()
    assert [row["extra_info"]["task_id"] for row in rows] == ["t0", "t1"]


@pytest.mark.parametrize("name", ["paper", "blocks", "zeta", "zeta2"])
def test_show_prints_the_prompt_and_the_perfect_answer(data, capsys, name) -> None:
    assert call(data, "--template", name, "--show", "1", "--max-prompt", "1024") == 0
    out = capsys.readouterr().out
    assert "return 3 * r" in out
    assert "radius ** 2" in out.split("──── answer")[1]


def test_an_own_template_is_named_in_the_rows(data, capsys) -> None:
    import pyarrow.parquet as pq

    toml = data.parent / "mine.toml"
    toml.write_text('prompt = "mine.jinja"\nplain = true\n[answer]\nstart = "<new>"\nend = "</new>"\n')
    (data.parent / "mine.jinja").write_text("{{ hint }}{{ above }}{{ region }}{{ below }}")
    assert call(data, "--template", str(toml)) == 0
    rows = pq.read_table(data.parent / "prompts" / "train.parquet").to_pylist()
    assert rows[0]["extra_info"]["template"] == str(toml)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--template", "papr"], 2, "did you mean paper?"),
        (["--template", "none.toml"], 2, "none.toml: no such template"),
        (["--template", "fim"], 2, "needs tokens that this model's tokenizer lacks"),
        (["--max-prompt", "20"], 1, "no train task fits into 20 tokens; raise --max-prompt"),
        (["--model", "none"], 2, "unknown model"),
    ],
)
def test_an_error_is_one_line(data, capsys, options, code, words) -> None:
    assert call(data, *options) == code
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert not (data.parent / "prompts" / "train.parquet").exists()


def test_nothing_half_written_is_left(data) -> None:
    assert call(data, "--max-prompt", "20") == 1
    assert list((data.parent / "prompts").iterdir()) == []


def test_several_formats_are_compared(data, capsys) -> None:
    chosen = ("--template", "blocks", "--template", "zeta2", "--max-prompt", "1024")
    assert call(data, *chosen, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert {name: splits["train"]["prompts"] for name, splits in result["templates"].items()} == {
        "blocks": 2,
        "zeta2": 2,
    }
    assert all((data.parent / "prompts" / name / "train.parquet").is_file() for name in ("blocks", "zeta2"))


def test_markers_counted_as_tokens_make_prompts_shorter(data, capsys) -> None:
    medians = []
    for options in ((), ("--special-tokens",)):
        assert call(data, "--template", "zeta2", "--max-prompt", "1024", "--json", *options) == 0
        medians.append(json.loads(capsys.readouterr().out)["splits"]["train"]["tokens"]["p50"])
    assert medians[1] < medians[0]
