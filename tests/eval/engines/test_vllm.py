"""vLLM for real, where it is: greedy answers agree with transformers' but for near ties of the logits.

Run where vllm can be imported, or with ``CODEEDIT_VLLM_PYTHON`` naming the Python of an environment that has
it beside codeedit's base install (docs/eval.md tells how to make one without a GPU).
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from codeedit.cli.app import run
from codeedit.eval.engines import ModelSource
from codeedit.eval.engines.hf import HuggingFaceEngine
from codeedit.eval.engines.local import encode
from codeedit.eval.sets import Sources, load_set
from codeedit.pipeline.prompt_builder import build

ROOT = Path(__file__).resolve().parents[3]
PYTHON = os.environ.get("CODEEDIT_VLLM_PYTHON") or (
    sys.executable if importlib.util.find_spec("vllm") else None
)
NEAR_TIE = 1e-3  # of a logit; those of this model are some tens

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PYTHON is None, reason="no vllm here, and CODEEDIT_VLLM_PYTHON names no Python with it"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A set of eight rows and a model with large random weights, whose answers are all different."""
    from safetensors.numpy import load_file, save_file

    from codeedit.models import make_tiny

    folder = tmp_path_factory.mktemp("vllm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEEDIT_CACHE", str(folder / "cache"))
        tiny = make_tiny()
    model = folder / "model"
    model.mkdir()
    for file in tiny.iterdir():
        (model / file.name).write_bytes(file.read_bytes())
    weights = load_file(tiny / "model.safetensors")
    large = {name: value * (4.0 if value.ndim > 1 else 1.0) for name, value in weights.items()}
    save_file(large, model / "model.safetensors", metadata={"format": "pt"})
    rows = []
    for number in range(8):
        before = "".join(f"line_{at} = {at * number}\n" for at in range(3 * number))
        region = "<|editable_region_start|>\n{}\n<|editable_region_end|>"
        text = f"```a{number}.py\n{before}{region}\n```"
        rows.append(
            {
                "events": "",
                "input": text.format(f"<|user_cursor_is_here|>x = {number}"),
                "output": text.format(f"x = {number + 1}"),
            }
        )
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def answers(file: Path) -> dict[int, str]:
    return {(line := json.loads(text))["row"]: line["answer"] for text in file.read_text().splitlines()}


def arguments(engine: str) -> list[str]:
    return [
        "eval",
        "--set",
        "rows.jsonl",
        "--model",
        "model",
        "--temperature",
        "0",
        "--engine",
        engine,
        "--json",
    ]


def test_greedy_answers_of_vllm_are_those_of_transformers(
    folder, monkeypatch, capsys, record_property
) -> None:
    monkeypatch.chdir(folder)
    assert run(arguments("hf")) == 0
    expected = answers(Path(json.loads(capsys.readouterr().out)["files"]["answers"]))
    command = [PYTHON, "-m", "codeedit", *arguments("vllm")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)  # and nothing else on stdout
    assert report["engine"] == "vllm"
    found = answers(Path(report["files"]["answers"]))
    assert found.keys() == expected.keys()
    assert len(set(expected.values())) == len(expected)
    engine = HuggingFaceEngine(ModelSource("model", folder / "model"))
    rows = load_set("rows.jsonl", Sources()).rows
    gaps = [gap(engine, rows[row], expected[row], found[row]) for row in sorted(expected)]
    record_property("equal", gaps.count(0.0))
    assert max(gaps) < NEAR_TIE


def gap(engine: HuggingFaceEngine, row, expected: str, found: str) -> float:
    """By how much the likeliest token is above the next where two answers part; 0 if they never do."""
    import torch

    if expected == found:
        return 0.0
    prompt = encode(engine.tokenizer, build(row.task, budget=engine.budget(engine.context - 256)).messages)
    ids = torch.tensor([prompt])
    settings = {"attention_mask": torch.ones_like(ids), "max_new_tokens": 256, "do_sample": False}
    made = engine.model.generate(ids, **settings)[0]
    same = next(
        count
        for count in range(len(made) - len(prompt) + 1)
        if not found.startswith(engine.tokenizer.decode(made[len(prompt) : len(prompt) + count]))
    )
    with torch.no_grad():
        logits = engine.model(made[None, : len(prompt) + same - 1]).logits[0, -1]
    best, second = logits.topk(2).values
    return float(best - second)
