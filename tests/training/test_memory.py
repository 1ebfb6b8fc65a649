"""The memory estimate, the settings that fit, and what is said where nothing does."""

from dataclasses import replace

import pytest

from codeedit.models import MODELS
from codeedit.models.resolve import PAPER_LIMITS
from codeedit.training.fitting import fitting
from codeedit.training.memory import Load, cpu_bytes, estimate
from codeedit.training.platforms import first_load
from codeedit.training.problems import gpu_problems

GIB = 1 << 30
QWEN_7B = MODELS["qwen2.5-coder-7b"].sizes
FULL = Load(workers=1, tokens=5120, sequence=5120, rollout=0.5)


def phase(found, name):
    return next(phase for phase in found.phases if phase.name == name).parts


def test_full_training_keeps_sixteen_bytes_a_parameter():
    update = phase(estimate(QWEN_7B, FULL, 80 * GIB), "update")
    state = update["weights"] + update["gradients"] + update["optimizer"]
    assert state == 16 * QWEN_7B.parameters


def test_workers_share_the_state():
    alone, shared = (
        phase(estimate(QWEN_7B, replace(FULL, workers=n), 80 * GIB), "update")["optimizer"] for n in (1, 8)
    )
    assert shared == alone // 8


def test_lora_trains_its_own_matrices_only():
    update = phase(estimate(QWEN_7B, replace(FULL, lora=32), 80 * GIB), "update")
    assert update["gradients"] == 4 * QWEN_7B.lora_parameters(32)
    assert update["weights"] == 4 * (QWEN_7B.parameters + QWEN_7B.lora_parameters(32))


def test_lora_needs_no_reference_model():
    load = replace(FULL, reference=True)
    names = [
        [p.name for p in estimate(QWEN_7B, one, 80 * GIB).phases] for one in (load, replace(load, lora=8))
    ]
    assert "reference" in names[0]
    assert "reference" not in names[1]


def test_weights_that_vllm_serves_under_lora_sleep_in_main_memory():
    found = estimate(QWEN_7B, replace(FULL, lora=8), 80 * GIB)
    assert found.host == 2 * QWEN_7B.parameters


def test_offloads_make_room_for_rollouts_and_not_for_updates():
    before = estimate(QWEN_7B, FULL, 80 * GIB)
    after = estimate(QWEN_7B, replace(FULL, param_offload=True, optimizer_offload=True), 80 * GIB)
    assert phase(after, "update") == phase(before, "update")
    assert phase(after, "rollout")["weights"] == phase(after, "rollout")["optimizer"] == 0
    assert after.host == 12 * QWEN_7B.parameters


def test_the_offload_policy_empties_the_card_of_the_trainers_state():
    found = estimate(QWEN_7B, replace(FULL, offload_policy=True), 80 * GIB)
    assert phase(found, "update")["weights"] == phase(found, "update")["optimizer"] == 0
    assert found.host == 16 * QWEN_7B.parameters


def test_the_cache_has_what_vllm_gets_less_weights():
    found = estimate(QWEN_7B, FULL, 80 * GIB)
    room = 40 * GIB - 2 * QWEN_7B.parameters - 2 * GIB
    assert found.sequences == room // QWEN_7B.kv_bytes(5120)


def test_logits_are_counted_for_every_token_of_a_micro_batch():
    small, large = (phase(estimate(QWEN_7B, replace(FULL, tokens=t), 80 * GIB), "update") for t in (1, 2))
    assert large["logits"] - small["logits"] == 8 * QWEN_7B.vocabulary


def test_supervised_training_rolls_nothing_out():
    found = estimate(QWEN_7B, replace(FULL, rollout=0.0), 80 * GIB)
    assert [p.name for p in found.phases] == ["update"]
    assert found.sequences is None


def fitted(name, gpus, gigabytes, lora):
    first = first_load(gpus, PAPER_LIMITS, lora=lora, reference=True)
    load = fitting(MODELS[name].sizes, first, gigabytes * GIB)
    return load, estimate(MODELS[name].sizes, load, gigabytes * GIB)


REAL = [name for name in MODELS if name != "tiny"]


@pytest.mark.parametrize("name", REAL)
def test_every_model_is_trained_whole_on_eight_large_gpus_without_leaving_them(name):
    load, found = fitted(name, 8, 80, 0)
    assert found.fits
    assert not load.param_offload
    assert not load.offload_policy


@pytest.mark.parametrize("name", REAL)
def test_every_model_fits_one_large_gpu_with_lora(name):
    assert fitted(name, 1, 80, 32)[1].fits


@pytest.mark.parametrize("name", [name for name in REAL if name != "qwen2.5-coder-14b"])
def test_models_up_to_eight_billion_fit_a_small_gpu_with_lora(name):
    assert fitted(name, 1, 24, 32)[1].fits


def test_a_model_whose_weights_alone_fill_the_card_does_not_fit():
    load, found = fitted("qwen2.5-coder-14b", 1, 24, 32)
    assert not found.fits
    said = list(gpu_problems(found, load, None, 1))
    assert len(said) == 1
    assert "take more or larger GPUs" in said[0]


def test_weights_too_large_for_one_rollout_engine_are_spread():
    assert fitted("qwen2.5-coder-14b", 8, 24, 0)[0].tensor_parallel > 1


def test_too_little_main_memory_for_what_leaves_the_card_is_a_problem():
    load, found = fitted("qwen2.5-coder-7b", 1, 80, 0)
    assert load.offload_policy
    said = list(gpu_problems(found, load, 64 * GIB, 1))
    assert "of main memory" in said[0]


def test_a_cpu_holds_the_rollouts_copy_too():
    load = Load(workers=1, tokens=1, sequence=1)
    assert cpu_bytes(QWEN_7B, load, rollouts=True) == 20 * QWEN_7B.parameters
    assert cpu_bytes(QWEN_7B, load, rollouts=False) == 16 * QWEN_7B.parameters
