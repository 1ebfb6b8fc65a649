"""What codeedit registers with verl, through verl's own calls."""

import importlib.util
import json
import uuid

import numpy as np
import pytest

from codeedit.training.advantages import ESTIMATORS

if importlib.util.find_spec("verl") is None:
    pytest.skip("verl is not installed", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def verl():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import verl.trainer.ppo.ray_trainer  # noqa: F401 - its imports warn of things that are not ours

        import codeedit.training.verl_plugin  # noqa: F401


def verl_advantages(name, rewards, index, *, config=None, dtype=None, mask=None):
    """Call verl's own dispatch; rewards stand at each row's last token."""
    import torch
    from omegaconf import OmegaConf
    from verl.protocol import DataProto
    from verl.trainer.ppo.ray_trainer import compute_advantage

    mask = torch.ones(len(rewards), 3) if mask is None else mask
    token_rewards = torch.zeros(len(rewards), 3, dtype=dtype or torch.float32)
    token_rewards[:, -1] = torch.tensor(rewards, dtype=token_rewards.dtype)
    data = DataProto.from_dict(
        tensors={"token_level_rewards": token_rewards, "response_mask": mask},
        non_tensors={"uid": np.array(index, dtype=object)},
    )
    compute_advantage(data, adv_estimator=name, config=OmegaConf.create(config or {}))
    return data.batch["advantages"]


def torch_ids():
    import torch

    return torch.tensor([7, 3, 7, 3])


@pytest.mark.parametrize("name", sorted(set(ESTIMATORS) - {"grpo"}))
def test_every_estimator_is_registered_under_its_name(name):
    from verl.trainer.ppo.core_algos import get_adv_estimator_fn

    assert get_adv_estimator_fn(name)


def test_verls_own_grpo_equals_ours():
    rewards = np.random.default_rng(0).random((5, 8))
    theirs = verl_advantages("grpo", rewards.ravel(), np.repeat(range(5), 8))[:, 0].numpy()
    assert theirs == pytest.approx(ESTIMATORS["grpo"]()(rewards).ravel(), abs=1e-4)


@pytest.mark.parametrize("name", sorted(set(ESTIMATORS) - {"grpo"}))
def test_groups_of_unequal_size_in_any_order(name):
    groups = {"a": [0.1, 0.9, 0.4], "b": [0.5, 0.5], "c": [0.3, 0.2, 0.8, 0.7, 0.1], "d": [0.6]}
    rows = [(key, reward) for key, values in groups.items() for reward in values]
    order = np.random.default_rng(1).permutation(len(rows))
    rows = [rows[i] for i in order]
    result = verl_advantages(name, [reward for _, reward in rows], [key for key, _ in rows])[:, 0].numpy()
    for key in groups:
        mine = [i for i, (group, _) in enumerate(rows) if group == key]
        group = np.array([[rows[i][1] for i in mine]], dtype=np.float32)
        assert result[mine] == pytest.approx(ESTIMATORS[name]()(group)[0], rel=1e-5, abs=1e-6)


def test_advantages_are_placed_by_the_response_mask():
    import torch

    mask = torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    result = verl_advantages("gapo", [0.0, 1.0], ["a", "a"], config={"tau": 1.0}, mask=mask)
    assert (result != 0).tolist() == (mask != 0).tolist()


def test_settings_come_from_verls_algorithm_node():
    rewards = [0.05, 0.9, 0.92, 0.93, 0.95, 0.95, 0.97, 1.0]
    result = verl_advantages("gapo", rewards, ["a"] * 8, config={"tau": 0.1})[:, 0].numpy()
    assert result == pytest.approx(ESTIMATORS["gapo"](tau=0.1)([rewards])[0], rel=1e-4)


@pytest.mark.parametrize("kind", ["bfloat16", "float16", "float32", "float64"])
def test_rewards_tie_in_any_type_where_their_decimals_do(kind):
    import torch

    # [0.2, 0.3] and [0.7, 0.8] are equally wide as decimals, and the first is Q's window.
    result = verl_advantages("gapo", [0.7, 0.8, 0.2, 0.3], ["a"] * 4, dtype=getattr(torch, kind))[:, 0]
    assert (result > 0).tolist() == [True, True, False, True]
    assert result.dtype == torch.promote_types(getattr(torch, kind), torch.float32)  # the mask's


def test_double_rewards_keep_their_digits():
    import torch

    rewards = [0.5, 0.5 + 1e-9, 0.5 + 3e-9, 0.5 + 1e-8]
    result = verl_advantages("gapo", rewards, ["a"] * 4, dtype=torch.float64)[:, 0].numpy()
    assert result == pytest.approx(ESTIMATORS["gapo"]()([rewards])[0])


@pytest.mark.parametrize(
    "index",
    [
        ["a", "b", "a", "b"],
        [7, 3, 7, 3],
        [("a", 1), ("a", 2)] * 2,
        np.array(["a", "b", "a", "b"]),
        np.array([7, 3, 7, 3]),
        np.array([uuid.UUID(int=1), uuid.UUID(int=2)] * 2, dtype=object),
        np.array(["a", 2, "a", 2], dtype=object),
        torch_ids,
    ],
)
def test_groups_are_told_apart_by_ids_of_any_kind(index):
    from codeedit.training.verl_plugin.estimators import grouped

    rewards = np.array([0.0, 0.5, 1.0, 0.5])
    result = grouped(ESTIMATORS["grpo"](), rewards, index() if callable(index) else index)
    assert np.sign(result).tolist() == [-1, 0, 1, 0]


def test_advantages_are_where_the_mask_is_wherever_the_rewards_are():
    import torch
    from verl.trainer.ppo.core_algos import get_adv_estimator_fn

    class Elsewhere(torch.Tensor):
        """A tensor that lets no value out but by ``cpu()``, as on a GPU."""

        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            if function in (torch.Tensor.numpy, torch.Tensor.__array__, torch.Tensor.tolist):
                raise TypeError("can't convert cuda:0 device type tensor to numpy")
            result = super().__torch_function__(function, types, args, kwargs or {})
            return result.as_subclass(torch.Tensor) if function is torch.Tensor.cpu else result

    rewards = torch.tensor([[0.0, 0.1], [0.0, 0.9]]).as_subclass(Elsewhere)
    with pytest.raises(TypeError):
        rewards.numpy()
    mask = torch.ones(2, 2, device="meta")
    for name in sorted(set(ESTIMATORS) - {"grpo"}):
        advantages, returns = get_adv_estimator_fn(name)(rewards, mask, index=["a", "a"], config=None)
        assert advantages.device.type == returns.device.type == "meta"
        assert advantages.shape == (2, 2)


def test_golden_values_through_verls_call(shared):
    import torch

    golden = json.loads((shared / "golden/advantages.json").read_text())
    for case in golden["cases"]:
        for expected in case["expected"]:
            if expected["estimator"] == "grpo":
                continue
            rewards = case["rewards"]
            result = verl_advantages(
                expected["estimator"],
                rewards,
                ["a"] * len(rewards),
                config=expected["settings"],
                dtype=torch.float64,
            )
            assert result[:, 0].numpy() == pytest.approx(expected["advantages"], rel=1e-6, abs=1e-6)


def test_gmpo_loss_on_known_log_ratios():
    import torch
    from omegaconf import OmegaConf
    from verl.trainer.ppo.core_algos import get_policy_loss_fn

    from codeedit.training.algorithms import configure

    settings = configure("gmpo").verl_settings(rollouts=8, response_tokens=64)
    actor = {s.path.removeprefix("actor_rollout_ref.actor."): s.value for s in settings}
    config = OmegaConf.create(
        {key: actor[key] for key in ("clip_ratio", "clip_ratio_low", "clip_ratio_high")}
    )
    log_ratio = torch.tensor([[0.1, 0.6, -0.5, 9.0]])
    mask = torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    loss = get_policy_loss_fn(actor["policy_loss.loss_mode"])
    losses = [
        loss(torch.zeros(1, 4), log_ratio, torch.full((1, 4), sign), mask, "token-mean", config)[0].item()
        for sign in (1.0, -1.0)
    ]
    assert losses == pytest.approx([-1.0, 1.105171], abs=1e-5)


def test_groups_of_a_batch_have_their_rollouts_last_parts(monkeypatch):
    import torch

    from codeedit.training.verl_plugin import replay_buffer

    class Batch:
        keys = ("a_b_0_0", "a_b_0_1", "a_b_1_0", "c_0_0")
        partition_id = "train"

    def stored(keys, partition_id, select_fields):
        assert (keys, partition_id, select_fields) == (Batch.keys, "train", ["rm_scores", "extra_fields"])
        facts = [{"reward_extra_info": {"exact_match": float(number)}} for number in range(4)]
        scores = torch.tensor([[0.0, 0.5], [0.0, 0.25], [0.0, 1.0], [0.5, 0.25]])
        return {"rm_scores": scores, "extra_fields": facts}

    monkeypatch.setattr(replay_buffer.tq, "kv_batch_get", stored)
    first, second = replay_buffer._groups(replay_buffer._rollouts(Batch()))
    assert (first.rewards, second.rewards) == ((0.25, 1.0), (0.75,))
    assert [facts["exact_match"] for facts in first.facts] == [1.0, 2.0]


def test_a_batch_keeps_the_order_of_the_data_whichever_rollout_ended_first(monkeypatch):
    from verl.trainer.ppo.v1 import replay_buffer as verls

    from codeedit.training.verl_plugin.replay_buffer import PatientReplayBuffer

    monkeypatch.setattr(verls.tq, "kv_clear", lambda **_: None)
    settings = {"train_batch_size": 2, "poll_interval": 1}
    buffer = PatientReplayBuffer(
        sampler_kwargs=settings,
        trainer_mode="sync",
        trainer_config={},
        max_off_policy_threshold=1,
        max_off_policy_strategy="drop",
    )
    buffer.prompt_global_steps["train"] = {"later": 2, "second": 1, "third": 1, "first": 0}
    ended = ("third_0_0", "second_10_0", "first_1_0", "second_9_0", "first_0_1", "first_0_0")
    buffer.partitions["train"] = {key: {} for key in ended}
    chosen, snapshot, _ = buffer._select_prompt_uids("train", {"third", "first", "later", "second"}, 3)
    assert chosen == ["first", "second", "third"]
    batch = buffer._materialize_batch("train", chosen[:2], snapshot)
    assert batch.keys == ["first_0_0", "first_0_1", "first_1_0", "second_9_0", "second_10_0"]


def test_the_replay_buffer_knows_the_runs_estimator():
    from codeedit.training.verl_plugin.replay_buffer import _estimator

    assert _estimator({"adv_estimator": "gapo", "tau": 0.25}) == ESTIMATORS["gapo"](tau=0.25)
    assert _estimator({"adv_estimator": "rloo"}) is None


def gmpo_loss(advantage):
    """verl's geometric-mean loss of one answer of three tokens and a masked one."""
    import torch
    from verl.trainer.ppo.core_algos import get_policy_loss_fn
    from verl.workers.config import ActorConfig

    config = ActorConfig(
        strategy="fsdp2",
        rollout_n=1,
        ppo_micro_batch_size_per_gpu=1,
        clip_ratio=0.4,
        clip_ratio_low=0.4,
        clip_ratio_high=0.4,
    )
    log_ratio = torch.tensor([[0.1, 0.6, -0.5, 9.0]])
    mask = torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    loss, _ = get_policy_loss_fn("geo_mean")(
        old_log_prob=torch.zeros_like(log_ratio),
        log_prob=log_ratio,
        advantages=torch.full_like(log_ratio, advantage),
        response_mask=mask,
        loss_agg_mode="token-mean",
        config=config,
    )
    return loss.item()


@pytest.mark.parametrize(("advantage", "loss"), [(1.0, -1.0), (-1.0, 1.105171)])
def test_gmpos_loss_on_known_values(advantage, loss):
    assert gmpo_loss(advantage) == pytest.approx(loss, abs=1e-6)


def test_sft_rows_are_a_rollouts_tokens_and_learn_the_answer(tmp_path, monkeypatch):
    import pyarrow as pa
    import pyarrow.parquet as pq
    from transformers import AutoTokenizer

    from codeedit.models import make_tiny
    from codeedit.training.verl_plugin.sft_dataset import AnsweredPrompts

    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    tokenizer = AutoTokenizer.from_pretrained(make_tiny())
    prompt = [{"role": "user", "content": "1 total = price"}]
    pq.write_table(
        pa.Table.from_pylist([{"prompt": prompt, "answer": "1 total = cost"}]), tmp_path / "a.parquet"
    )
    (row,) = AnsweredPrompts(str(tmp_path / "a.parquet"), tokenizer, {"max_length": 100})
    asked = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=True)["input_ids"]
    learned = row["input_ids"][row["loss_mask"].bool()]
    assert row["input_ids"][: len(asked)].tolist() == asked
    assert len(learned) == len(row["input_ids"]) - len(asked)
    assert tokenizer.decode(learned) == "1 total = cost" + tokenizer.eos_token


def test_the_trainers_that_can_be_stopped_are_verls():
    from verl.trainer.ppo.v1 import PPOTrainerSync, get_trainer_cls
    from verl.trainer.sft_trainer import SFTTrainer

    from codeedit.training.verl_plugin import trainer
    from codeedit.training.verl_plugin.sft_main import StoppableSFTTrainer

    assert issubclass(get_trainer_cls(trainer.MODE), PPOTrainerSync)
    assert issubclass(StoppableSFTTrainer, SFTTrainer)


def stopped_trainer(monkeypatch, tmp_path, *, finished):
    """A trainer that was asked to stop, of which only what a stop needs is set up."""
    from omegaconf import OmegaConf
    from verl.trainer.ppo.v1 import PPOTrainerSync

    from codeedit.training.stopping import FOLDER, StopFiles
    from codeedit.training.verl_plugin.trainer import StoppableTrainer

    saved = []
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(PPOTrainerSync, "fit", lambda self, _: self.on_step_begin())
    monkeypatch.setattr(
        PPOTrainerSync,
        "_save_checkpoint",
        lambda self: saved.append((self.global_steps, self.train_dataloader.state_dict())),
    )
    monkeypatch.setattr(PPOTrainerSync, "_shutdown_dump_executor", lambda _: None)
    trainer = object.__new__(StoppableTrainer)
    trainer.config = OmegaConf.create({"trainer": {"default_local_dir": str(tmp_path)}})
    trainer.global_steps = 8
    trainer._finished = finished
    StopFiles(tmp_path).ask()
    trainer.fit(None)
    return saved


def test_a_stop_saves_the_finished_step_with_the_data_order_after_it(monkeypatch, tmp_path):
    order = {"yielded": 7}
    assert stopped_trainer(monkeypatch, tmp_path, finished=(7, order)) == [(7, order)]


def test_a_step_that_is_saved_already_is_not_saved_again(monkeypatch, tmp_path):
    from codeedit.runs import mark_complete

    (tmp_path / "global_step_7").mkdir()
    mark_complete(tmp_path / "global_step_7", 7)
    assert stopped_trainer(monkeypatch, tmp_path, finished=(7, {})) == []


def test_a_stop_before_the_first_step_saves_nothing(monkeypatch, tmp_path):
    assert stopped_trainer(monkeypatch, tmp_path, finished=None) == []


@pytest.mark.parametrize(
    ("message", "tries"),
    [("The current node timed out during startup.", 3), ("no such model", 1)],
)
def test_only_a_ray_that_was_late_is_started_again(monkeypatch, message, tries):
    from codeedit.training.verl_plugin import main

    seen = []

    def fails(config, **_):
        seen.append(config)
        raise RuntimeError(message)

    monkeypatch.setattr(main, "run_ppo", fails)
    with pytest.raises(RuntimeError, match=message):
        main.run("config")
    assert seen == ["config"] * tries
