"""Muon and AdamW as one optimizer."""

import copy
import importlib.util

import pytest

if importlib.util.find_spec("torch") is None:
    pytest.skip("torch is not installed", allow_module_level=True)

import torch

from codeedit.training.verl_plugin.muon import MuonAdamW, orthogonal


@pytest.fixture
def parameters():
    torch.manual_seed(0)
    shapes = {"embedding": (50, 8), "query": (8, 8), "up": (16, 8), "norm": (8,), "output": (50, 8)}
    return {name: torch.nn.Parameter(torch.randn(shape)) for name, shape in shapes.items()}


def gradients(parameters, seed=1):
    torch.manual_seed(seed)
    for parameter in parameters.values():
        parameter.grad = torch.randn_like(parameter)


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 16, 8), (2, 8, 16)])
def test_singular_values_become_nearly_one(shape):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert ((values > 0.5) & (values < 1.4)).all()


def test_layers_are_muons_and_all_else_is_adamws(parameters):
    optimizer = MuonAdamW(parameters.values(), lr=0.1)
    muon, adamw = optimizer.param_groups
    assert [p.shape for p in muon["params"]] == [(8, 8), (16, 8)]
    assert [tuple(p.shape) for p in adamw["params"]] == [(50, 8), (8,), (50, 8)]


def test_adamws_part_steps_as_torchs(parameters):
    theirs = {name: torch.nn.Parameter(value.detach().clone()) for name, value in parameters.items()}
    plain = torch.optim.AdamW(
        [theirs["embedding"], theirs["norm"]], lr=0.1, weight_decay=0.01, betas=(0.9, 0.98)
    )
    optimizer = MuonAdamW(parameters.values(), lr=0.1)
    for seed in (1, 2):
        gradients(parameters, seed)
        for name, parameter in theirs.items():
            parameter.grad = parameters[name].grad.clone()
        optimizer.step()
        plain.step()
    assert torch.equal(parameters["norm"], theirs["norm"])
    assert torch.equal(parameters["embedding"], theirs["embedding"])


def test_muons_part_is_torchs_muon_but_for_its_precision(parameters):
    theirs = torch.nn.Parameter(parameters["up"].detach().clone())
    plain = torch.optim.Muon([theirs], lr=0.1, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
    optimizer = MuonAdamW(parameters.values(), lr=0.1, weight_decay=0.01)
    for seed in (1, 2, 3):
        gradients(parameters, seed)
        theirs.grad = parameters["up"].grad.clone()
        optimizer.step()
        plain.step()
    assert torch.allclose(parameters["up"], theirs, atol=0.02)


def test_a_scheduler_sets_both_rates(parameters):
    optimizer = MuonAdamW(parameters.values(), lr=0.1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: step / 10)
    before = {name: value.detach().clone() for name, value in parameters.items()}
    gradients(parameters)
    optimizer.step()  # the first rate is 0
    assert all(torch.equal(before[name], value) for name, value in parameters.items())
    schedule.step()
    optimizer.step()
    assert all(not torch.equal(before[name], value) for name, value in parameters.items())


def test_a_resumed_optimizer_steps_as_one_that_went_on(parameters):
    ours = MuonAdamW(parameters.values(), lr=0.1)
    gradients(parameters)
    ours.step()
    copies = {name: torch.nn.Parameter(value.detach().clone()) for name, value in parameters.items()}
    resumed = MuonAdamW(copies.values(), lr=0.1)
    resumed.load_state_dict(copy.deepcopy(ours.state_dict()))
    for these, optimizer in ((parameters, ours), (copies, resumed)):
        gradients(these, seed=2)
        optimizer.step()
    assert all(torch.equal(parameters[name], copies[name]) for name in parameters)
