"""The plan: composed against verl's real configuration, nothing started."""

import importlib.util
import re
import subprocess
import sys

import pytest

from codeedit.errors import InputError, MissingDependencyError
from codeedit.models import MODELS, Gpu, parse_machine
from codeedit.runs import Run
from codeedit.training.plan import make_plan, model_of_run, require_startable
from codeedit.training.plan_view import plan_json, plan_lines
from codeedit.training.profile import TINY
from codeedit.training.request import Request
from codeedit.training.settings import Origin, Setting, ours
from codeedit.training.verl_config import flat, lookup
from codeedit.training.verl_install import find_verl

try:
    find_verl()
except MissingDependencyError:
    pytest.skip("verl is not installed", allow_module_level=True)

ACTOR = "actor_rollout_ref.actor"
_find_spec = importlib.util.find_spec


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    monkeypatch.setattr("codeedit.training.request.find_gpus", tuple)


def plan(prompts=1000, **request):
    return make_plan(Request(**{"model": "tiny", **request}), prompts)


def verl(key, **request):
    return lookup(plan(**request).verl, key)


def test_tau_reaches_verls_algorithm_node():
    assert verl("algorithm.tau", options={"tau": 0.25}) == 0.25


def test_users_overrides_win():
    assert verl(f"{ACTOR}.optim.lr", overrides=(f"{ACTOR}.optim.lr=0.5",)) == 0.5


def test_papers_settings_for_a_real_model():
    config = plan(100_000, model="qwen2.5-coder-7b").verl
    assert lookup(config, "data.train_batch_size") == 512
    assert lookup(config, f"{ACTOR}.ppo_mini_batch_size") == 32
    assert lookup(config, "data.max_prompt_length") == 4096
    assert lookup(config, "data.max_response_length") == 1024
    assert lookup(config, "actor_rollout_ref.rollout.n") == 8
    assert lookup(config, "trainer.total_epochs") == 10
    assert lookup(config, f"{ACTOR}.optim.weight_decay") == 0.1


def test_steps_of_a_real_model_are_its_epochs():
    assert plan(51_844, model="qwen2.5-coder-7b").steps == 10 * (51_844 // 512)


def test_asked_steps_win_over_epochs():
    assert plan(51_844, model="qwen2.5-coder-7b", steps=3).steps == 3


def test_batch_shrinks_to_the_data_with_a_note():
    small = plan(1)
    assert lookup(small.verl, "data.train_batch_size") == 1
    assert "prompts to train on: 1" in small.notes[0]
    assert small.problems == ()


def test_mini_batch_divides_the_batch():
    config = plan(100, model="qwen2.5-coder-7b").verl
    assert (lookup(config, "data.train_batch_size"), lookup(config, f"{ACTOR}.ppo_mini_batch_size")) == (
        96,
        32,
    )


def test_overlong_buffer_follows_an_overridden_response_limit():
    request = {"algorithm": "dapo", "overrides": ("data.max_response_length=100",)}
    assert verl("reward.reward_kwargs.max_resp_len", **request) == 100
    assert verl("reward.reward_kwargs.overlong_buffer_cfg.len", **request) < 100


def test_an_overlong_buffer_as_long_as_the_response_is_a_problem():
    key = "reward.reward_kwargs.overlong_buffer_cfg.len"
    problems = plan(algorithm="dapo", overrides=(f"{key}=96",)).problems
    assert "smaller than the response limit" in problems[0]


def test_a_batch_beyond_the_data_is_a_problem():
    broken = plan(10, overrides=("data.train_batch_size=11",))
    with pytest.raises(InputError, match="there are 10 prompts"):
        require_startable(broken)


def test_a_large_model_on_a_cpu_is_a_problem(monkeypatch):
    monkeypatch.setattr("codeedit.training.problems.main_memory", lambda: 16_000_000_000)
    assert "needs about" in plan(model="qwen2.5-coder-14b").problems[0]


def test_gpus_use_vllm(monkeypatch):
    monkeypatch.setattr("codeedit.training.request.find_gpus", lambda: (Gpu("H100", 80 << 30),) * 4)
    monkeypatch.setattr("importlib.util.find_spec", _with_vllm)
    monkeypatch.setattr("codeedit.training.plan.main_memory", lambda: 200 << 30)
    config = plan(100_000, model="qwen2.5-coder-7b")
    assert (config.device, lookup(config.verl, "actor_rollout_ref.rollout.name")) == ("cuda", "vllm")
    assert lookup(config.verl, "trainer.n_gpus_per_node") == 4
    assert config.problems == ()


def _with_vllm(name, package=None):
    return object() if name == "vllm" else _find_spec(name, package)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "data.train_batch_sise=4",
            "verl has no setting data.train_batch_sise; did you mean data.train_batch_size",
        ),
        ("trainer.nonsense=1", "verl has no setting trainer.nonsense"),
        ("word", "not a verl override: word"),
        ("+trainer.nnodes=2", "leave out the +"),
        ("data.train_batch_size=many", "must be a number"),
        ("actor_rollout_ref.actor.use_kl_loss=7", "must be true or false"),
    ],
)
def test_bad_overrides_name_the_key(override, message):
    with pytest.raises(InputError) as error:
        plan(overrides=(override,))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.where in ("", override)  # not codeedit's own setting of the key


def test_thinking_can_be_switched_off():
    key = "data.apply_chat_template_kwargs.enable_thinking"
    assert verl(key, model="qwen3-4b", overrides=(f"+{key}=False",)) is False


def test_the_flag_for_it_sets_the_same_key():
    resolved = plan(model="qwen3-4b", thinking=False)
    assert resolved.chat == {"enable_thinking": False}
    assert plan(model="qwen3-4b").chat == {}


def test_new_keys_need_a_plus():
    assert verl("trainer.my_key", overrides=("+trainer.my_key=5",)) == 5


def test_loggers_without_the_file_are_a_problem():
    assert "lacks file" in plan(overrides=("trainer.logger=[console]",)).problems[0]


@pytest.mark.parametrize("name", ["grpo", "dapo", "gapo", "gmpo", "krpo", "qae", "mc-grpo", "gapo-multi"])
def test_every_algorithm_composes_without_problems(name):
    assert plan(algorithm=name).problems == ()


def test_lines_are_marked_with_their_origin():
    lines = list(plan_lines(plan(options={"tau": 0.25}, overrides=(f"{ACTOR}.grad_clip=2",))))
    assert "  flag      algorithm.tau = 0.25" in lines
    assert f"  override  {ACTOR}.grad_clip = 2  (verl: 1.0)" in lines
    assert f"  paper     {ACTOR}.kl_loss_coef = 0.01  (verl: 0.001)" in lines
    assert "  codeedit  actor_rollout_ref.rollout.name = hf  (verl: ???)" in lines


def test_what_differs_from_verls_comes_before_what_does_not():
    lines = list(plan_lines(plan()))
    differs, same = (
        lines.index(f"  paper     {ACTOR}.{line}")
        for line in ("kl_loss_coef = 0.01  (verl: 0.001)", "loss_agg_mode = token-mean")
    )
    assert differs < same


def test_the_full_plan_has_every_setting_of_verls():
    config = plan()
    keys = {line.split(" = ")[0].split()[-1] for line in plan_lines(config, full=True) if " = " in line}
    parts = {key for key in keys if isinstance(lookup(config.verl, key), dict)}
    whole = {key for key in flat(config.verl) if not any(key.startswith(f"{part}.") for part in parts)}
    assert whole <= keys
    assert "  verl      critic.ppo_epochs = 1" in plan_lines(config, full=True)


def test_the_short_plan_says_how_much_it_leaves_out():
    assert any("more settings are verl's own" in line for line in plan_lines(plan()))


def test_json_marks_every_setting_with_its_origin():
    config = plan(overrides=(f"{ACTOR}.grad_clip=2",))
    marked = plan_json(config)["origins"]
    assert set(marked.values()) == {"paper", "codeedit", "flag", "override", "verl"}
    assert (marked[f"{ACTOR}.grad_clip"], marked["critic.ppo_epochs"]) == ("override", "verl")


def test_a_plan_for_gpus_shows_what_lies_on_them():
    request = {"model": "qwen2.5-coder-7b", "machine": parse_machine("1x24"), "lora": 32}
    lines = list(plan_lines(plan(1000, **request)))
    assert "memory of each GPU, of 24 GiB (estimated):" in lines
    found = plan_json(plan(1000, **request))["memory"]
    assert found["fits"] is True
    assert set(found["phases"]) == {"update", "rollout", "sync"}


def test_disk_for_checkpoints_is_three_and_the_best_model():
    sizes = MODELS["qwen2.5-coder-3b"].sizes
    request = {"model": "qwen2.5-coder-3b", "machine": parse_machine("8x80")}
    assert plan(100_000, **request).disk == (3 * 16 + 4) * sizes.parameters
    assert plan(100_000, steps=10, **request).disk == 16 * sizes.parameters
    only_for_transformers = (f"{ACTOR}.checkpoint.save_contents=[hf_model]",)
    assert plan(100_000, overrides=only_for_transformers, **request).disk == (3 + 1) * 4 * sizes.parameters


def test_json_has_the_keys_relied_on():
    value = plan_json(plan())
    assert {"algorithm", "model", "verl", "problems"} <= set(value)
    assert value["algorithm"]["tau"] == 0.5
    assert value["verl"]["trainer"]["device"] == "cpu"


@pytest.mark.parametrize(
    "value",
    ["/a b/c", "it's", "a,b", "a=b", "x{y}", "(1)", "100%", "C:\\dir\\", "null", "12", "", "[x]", 'say "hi"'],
)
def test_any_text_survives_hydras_grammar(value):
    setting = ours("trainer.project_name", value)
    assert verl("trainer.project_name", overrides=(setting.as_override(),)) == value


@pytest.mark.parametrize("value", [True, None, 3, 1e-6, ["a", "b c"]])
def test_values_keep_their_type(value):
    setting = Setting("+trainer.something", value, Origin.FLAG)
    assert verl("trainer.something", overrides=(setting.as_override(),)) == value


def test_planning_loads_neither_torch_nor_verl():
    code = (
        "import sys\nfrom codeedit.training.plan import make_plan\n"
        "from codeedit.training.request import Request\n"
        "make_plan(Request(model='qwen2.5-coder-3b'), 10)\n"
        "print([m for m in ('torch', 'verl', 'ray', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_rewards_are_handed_to_verl_and_their_range_is_noted():
    plan = make_plan(Request(reward="gain + 0.5*reversal", model="tiny"), 1000)
    assert lookup(plan.verl, "reward.custom_reward_function.reward_kwargs.reward") == "gain+0.5*reversal"
    assert any("between -1.5 and 1" in note for note in plan.notes)


def sft(**request):
    return plan(**{"algorithm": "sft", **request})


def test_supervised_fine_tuning_is_verls_sft_trainer():
    config = sft()
    assert config.algorithm.trainer.module.endswith("verl_plugin.sft_main")
    assert lookup(config.verl, "data.custom_cls.name") == "AnsweredPrompts"
    assert config.problems == ()


def test_tiny_is_fine_tuned_with_muon_and_others_with_adamw():
    assert lookup(sft().verl, "optim.optimizer") == "MuonAdamW"
    real = sft(model="qwen2.5-coder-3b").verl
    assert (lookup(real, "optim.optimizer_impl"), lookup(real, "optim.optimizer")) == ("torch.optim", "AdamW")


def test_supervised_fine_tuning_has_no_options():
    with pytest.raises(InputError, match="sft has no option --tau"):
        sft(options={"tau": 0.5})


def test_supervised_overrides_are_checked_against_its_own_configuration():
    with pytest.raises(InputError, match=r"verl has no setting algorithm\.tau"):
        sft(overrides=("algorithm.tau=0.5",))
    assert lookup(sft(overrides=("optim.lr=0.5",)).verl, "optim.lr") == 0.5


def test_tinys_prompts_are_brief_and_others_are_the_papers():
    assert plan().template == "brief"
    assert plan(template="paper").template == "paper"
    assert plan(model="qwen2.5-coder-3b").template == "paper"


def test_a_run_begins_with_another_runs_best_model_in_its_format(tmp_path, monkeypatch):
    from codeedit.models import make_tiny

    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    run = Run(tmp_path / "warm")
    run.path.mkdir()
    with pytest.raises(InputError, match="no run"):
        model_of_run(str(run.path))
    run.write_settings({"label": "tiny", "template": "zeta"})
    with pytest.raises(InputError, match="no model yet"):
        model_of_run(str(run.path))
    make_tiny().rename(run.path / "best")
    started = plan(model=model_of_run(str(run.path)))
    assert started.source == str(run.path / "best")
    assert (started.label, started.template, started.profile.batch) == ("tiny", "zeta", TINY.batch)


def test_loggers_join_the_console_and_the_file():
    config = plan(loggers=("tensorboard",))
    assert lookup(config.verl, "trainer.logger") == ["console", "file", "tensorboard"]


def test_an_unknown_logger_names_the_nearest():
    with pytest.raises(InputError, match="did you mean wandb"):
        plan(loggers=("wandbb",))


KINDS = [
    {"algorithm": "gapo"},
    {"algorithm": "dapo"},
    {"algorithm": "sft"},
    {"algorithm": "gapo", "lora": 32},
]
MACHINES = ("1x24", "1x80", "8x80")
REAL = [name for name in MODELS if name != "tiny"]
# Where a model does not fit, that is the only problem.
TOO_LARGE = "too small|of main memory"


def planned(machine, kind, model):
    config = plan(100_000, model=model, machine=parse_machine(machine), **kind)
    assert config.device == "cuda"
    for problem in config.problems:
        assert re.search(TOO_LARGE, problem)
    return config


@pytest.mark.parametrize(
    ("machine", "kind", "model"),
    [
        (machine, kind, REAL[(3 * first + second) % len(REAL)])
        for first, kind in enumerate(KINDS)
        for second, machine in enumerate(MACHINES)
    ],
)
def test_settings_for_gpus_are_verls(machine, kind, model):
    config = planned(machine, kind, model)
    assert lookup(config.verl, "trainer.n_gpus_per_node") == int(machine[0])


@pytest.mark.slow
@pytest.mark.parametrize("model", REAL)
@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_settings_for_gpus_are_verls_for_every_model(machine, kind, model):
    planned(machine, kind, model)


def test_lora_is_verls_own_and_its_rollout_reads_the_weights():
    config = plan(1000, model="qwen2.5-coder-7b", machine=parse_machine("1x24"), lora=16).verl
    assert lookup(config, "actor_rollout_ref.model.lora_rank") == 16
    assert lookup(config, "actor_rollout_ref.model.lora_alpha") == 32
    assert lookup(config, "actor_rollout_ref.rollout.load_format") == "safetensors"
    assert lookup(config, f"{ACTOR}.optim.lr") == pytest.approx(1e-5)


def test_supervised_lora_is_its_trainers():
    config = sft(lora=16).verl
    assert lookup(config, "model.lora_rank") == 16
    assert lookup(config, "optim.lr") == pytest.approx(3e-2)


def test_a_small_gpu_gets_settings_that_fit_and_an_override_that_does_not_is_a_problem():
    request = {"model": "qwen2.5-coder-3b", "machine": parse_machine("1x24"), "lora": 32}
    assert plan(1000, **request).problems == ()
    override = f"{ACTOR}.ppo_max_token_len_per_gpu=40960"
    assert "is too small" in plan(1000, overrides=(override,), **request).problems[0]


def test_a_machine_to_plan_for_is_not_this_one():
    config = plan(100_000, model=None, machine=parse_machine("8x80"))
    assert (config.model, config.device) == ("qwen2.5-coder-3b", "cuda")


def test_a_mini_batch_that_the_workers_cannot_share_is_a_problem_with_a_size_that_they_can():
    key = f"{ACTOR}.ppo_mini_batch_size"
    request = {"model": "qwen2.5-coder-3b", "machine": parse_machine("6x80")}
    assert f"-- {key}=33" in plan(1000, **request).problems[0]
    assert plan(1000, overrides=(f"{key}=33",), **request).problems == ()


def test_a_batch_that_verl_fills_up_is_noted():
    overrides = ("data.train_batch_size=12", f"{ACTOR}.ppo_mini_batch_size=8")
    assert any("adds 32 empty answers to the 96" in note for note in plan(overrides=overrides).notes)
    assert not any("empty answers" in note for note in plan().notes)


def test_rollout_engines_must_divide_the_workers():
    override = "actor_rollout_ref.rollout.tensor_model_parallel_size=3"
    request = {"model": "qwen2.5-coder-3b", "machine": parse_machine("8x80")}
    assert "rollout engines of 3" in plan(1000, overrides=(override,), **request).problems[0]


def test_fixed_micro_batches_need_a_size():
    assert "ppo_micro_batch_size_per_gpu" in plan(overrides=(f"{ACTOR}.use_dynamic_bsz=False",)).problems[0]


def test_a_context_shorter_than_prompt_and_answer_is_a_problem():
    problems = plan(model="deepseek-coder-6.7b", overrides=("data.max_prompt_length=16384",)).problems
    assert "the model was made for 16384" in problems[0]


@pytest.mark.parametrize(
    "overrides",
    [
        (
            "algorithm.norm_adv_by_std_in_grpo=False",
            f"{ACTOR}.loss_agg_mode=seq-mean-token-sum-norm",
        ),
        (f"{ACTOR}.policy_loss.loss_mode=gspo",),
    ],
)
def test_dr_grpo_and_gspo_are_settings_of_grpo(overrides):
    assert plan(algorithm="grpo", overrides=overrides).problems == ()
