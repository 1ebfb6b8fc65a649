"""The real thing: verl trains the tiny model, is interrupted, and goes on."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeedit.runs import Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("verl") is None, reason="verl is not installed"),
]
SMALL = (
    "data.train_batch_size=2",
    "actor_rollout_ref.actor.ppo_mini_batch_size=2",
    "data.max_response_length=24",
)
MARK = b"CODEEDIT_RUN_MARK="


def train(folder, *args, overrides=SMALL):
    command = [sys.executable, "-m", "codeedit", "train", "--json", *args]
    if overrides:
        command += ["--", *overrides]
    variables = {**os.environ, "CODEEDIT_CACHE": str(folder / "cache"), "CUDA_VISIBLE_DEVICES": "-1"}
    with (folder / "out.txt").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=variables)


def marks(pid):
    """Return the run marks that a process's children carry."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = (entry / "stat").read_bytes().rpartition(b")")[2].split()[1]
                if int(parent) == pid:
                    found |= {v for v in (entry / "environ").read_bytes().split(b"\0") if v.startswith(MARK)}
            except OSError:
                continue
    return found


def bearing(mark):
    """Return the processes that carry a run's mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(entry.name)
            except OSError:
                continue
    return found


def said(folder):
    """Return what codeedit printed, on one line."""
    return " ".join((folder / "out.txt").read_text().split())


def steps(run):
    return [line["step"] for line in run.metrics()]


def wait_for_step(process, run, step):
    while process.poll() is None and step not in steps(run):
        time.sleep(0.2)
    assert process.poll() is None, run.log.read_text()[-3000:] if run.log.exists() else "no log"


def test_gapo_trains_is_interrupted_and_goes_on_at_its_step(data, tmp_path):
    run = Run(tmp_path / "runs/gapo-tiny")
    process = train(tmp_path, "--algo", "gapo", "--tau", "0.5", "--model", "tiny", "--steps", "40")
    wait_for_step(process, run, 2)
    (mark,) = marks(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 130
    assert bearing(mark) == []
    saved = run.complete_checkpoints()[-1].step
    assert f"saved at step {saved}; go on with: codeedit train --resume" in said(tmp_path)
    before = steps(run)
    assert before == list(range(saved + 1))  # the step that was given up has no line

    process = train(tmp_path, "--resume", "--steps", str(saved + 1), overrides=())
    assert process.wait(timeout=600) == 0, (tmp_path / "out.txt").read_text()
    assert steps(run)[: len(before)] == before
    assert steps(run)[-1] == saved + 1
    rows = [json.loads(line) for line in (run.rollouts / "2.jsonl").read_text().splitlines()]
    assert all({"input", "output", "gts", "score", "advantage"} <= set(row) for row in rows)
    for line in run.metrics()[1:]:
        assert line["metrics"]["critic/score/mean"] >= 0.0
        assert "codeedit/groups/skewness" in line["metrics"]
        assert 0.0 <= line["metrics"]["codeedit/rollouts/unparsable"] <= 1.0
    assert run.state("last")["step"] == saved + 1

    import torch
    from transformers import AutoModelForCausalLM

    for folder in (run.best, run.last):
        model = AutoModelForCausalLM.from_pretrained(folder)
        assert model.dtype == torch.float32
        assert "float32" in json.loads((folder / "config.json").read_text())["dtype"]
    weights = [AutoModelForCausalLM.from_pretrained(f) for f in (run.settings["source"], run.last)]
    changed = [not torch.equal(a, b) for a, b in zip(*(m.parameters() for m in weights), strict=True)]
    assert any(changed)


def test_gapo_begins_where_supervised_fine_tuning_ended(data, tmp_path):
    warm = Run(tmp_path / "runs/sft-tiny")
    sizes = ("data.train_batch_size=4", "trainer.save_freq=2", "trainer.test_freq=2")
    process = train(tmp_path, "--algo", "sft", "--model", "tiny", "--steps", "4", overrides=sizes)
    assert process.wait(timeout=600) == 0, (tmp_path / "out.txt").read_text()
    losses = [line["metrics"]["train/loss"] for line in warm.metrics()]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert warm.state("last")["step"] == 4
    assert warm.state("best")["loss"] == min(line["metrics"].get("val/loss", 99.0) for line in warm.metrics())

    process = train(tmp_path, "--algo", "gapo", "--init", "sft-tiny", "--steps", "1")
    assert process.wait(timeout=600) == 0, (tmp_path / "out.txt").read_text()
    run = Run(tmp_path / "runs/gapo-tiny")
    assert run.settings["source"] == str(warm.best)
    assert run.settings["template"] == warm.settings["template"]
    assert steps(run) == [0, 1]


def test_lora_leaves_a_merged_model_that_validates_as_verl_said(data, tmp_path):
    run = Run(tmp_path / "runs/sft-tiny")
    sizes = ("data.train_batch_size=6", "trainer.save_freq=4", "trainer.test_freq=4")  # six to validate on
    process = train(
        tmp_path, "--algo", "sft", "--model", "tiny", "--lora", "8", "--steps", "4", overrides=sizes
    )
    assert process.wait(timeout=600) == 0, (tmp_path / "out.txt").read_text()

    from transformers import AutoModelForCausalLM

    _, told = AutoModelForCausalLM.from_pretrained(run.best, output_loading_info=True)
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    before, after = (loss(one, run) for one in (run.settings["source"], run.best))
    assert after == pytest.approx(run.state("best")["loss"], abs=1e-3)
    assert after < before


def loss(folder, run):
    """Return a model's mean loss on the validation answers' tokens."""
    import pyarrow.parquet as pq
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    total, count = 0.0, 0
    for row in pq.read_table(run.path / "prompts/val.parquet").to_pylist():
        text = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
        answer = tokenizer(row["answer"], add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
        with torch.no_grad():
            logits = model(torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
        picked = logits.log_softmax(-1).gather(-1, torch.tensor(answer)[:, None])
        total, count = total - float(picked.sum()), count + len(answer)
    return total / count
