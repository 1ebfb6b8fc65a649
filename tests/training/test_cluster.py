"""Which Ray a run takes, and what is told of a cluster that cannot be used."""

import socket

import pytest

from codeedit.errors import CodeEditError, InputError
from codeedit.models import Gpu
from codeedit.runs import Run
from codeedit.training import cluster as module
from codeedit.training.cluster import Cluster, cluster_for, cluster_of_run, find_cluster
from codeedit.training.platforms import ray_settings
from codeedit.training.starts import on_ray


def node(host, workers=1, **facts):
    return {"host": host, "workers": workers, "gpus": [], "unseen": [], **facts}


@pytest.fixture
def probed(monkeypatch, tmp_path):
    """Let a cluster answer with these nodes."""

    def with_nodes(*nodes):
        monkeypatch.setattr(module, "_require_answer", lambda _: None)
        monkeypatch.setattr(module, "_probe", lambda *_: {"address": "10.0.0.1:6379", "nodes": list(nodes)})
        return lambda wanted=None: find_cluster("10.0.0.1:6379", wanted, [tmp_path])

    return with_nodes


@pytest.mark.parametrize("address", [None, "", "local"])
def test_a_run_has_a_ray_of_its_own_by_default(address, tmp_path):
    assert cluster_for(address, None, "gapo", [tmp_path]) is None


def test_nodes_without_a_cluster_are_an_error(tmp_path):
    with pytest.raises(InputError, match=r"2 nodes need a Ray cluster; .*--ray-address"):
        cluster_for(None, 2, "gapo", [tmp_path])


def test_sft_ignores_a_cluster_of_the_surroundings_but_not_nodes(tmp_path):
    assert cluster_for("somewhere:6379", None, "sft", [tmp_path]) is None
    with pytest.raises(InputError, match="one machine"):
        cluster_for(None, 2, "sft", [tmp_path])


@pytest.mark.parametrize("address", ["ray://head:10001", "head", "head:port", "http://head:8265", ":6379"])
def test_what_is_no_address_is_told(address, tmp_path):
    with pytest.raises(InputError, match="no address of a Ray cluster"):
        find_cluster(address, None, [tmp_path])


def test_a_port_where_nothing_answers_is_told(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(InputError, match="no Ray cluster answers; start one with: ray start --head"):
        find_cluster(address, None, [tmp_path])


def test_all_nodes_with_gpus_are_taken_and_the_smallest_decides(probed):
    gpus = [["H100", 80 << 30]] * 8
    found = probed(node("a", 8, gpus=gpus), node("b", 4, gpus=gpus[:4]), node("head", 0))()
    assert (found.nodes, found.workers) == (2, 4)
    assert found.gpus == (Gpu("H100", 80 << 30),) * 4


def test_fewer_nodes_are_the_largest(probed):
    assert probed(node("a", 2), node("b", 8))(1).workers == 8


@pytest.mark.parametrize(("nodes", "wanted"), [((node("a", 0),), None), ((node("a"),), 2)])
def test_too_few_nodes_are_told(probed, nodes, wanted):
    with pytest.raises(InputError, match="this cluster has"):
        probed(*nodes)(wanted)


def test_a_node_without_codeedit_is_named(probed):
    with pytest.raises(CodeEditError, match="node b: codeedit is not installed there"):
        probed(node("a"), node("b", error="codeedit is not installed there"))()


def test_a_node_that_does_not_see_the_runs_folder_is_named(probed):
    with pytest.raises(InputError, match="node b: this node does not see /runs; use a file system"):
        probed(node("a"), node("b", unseen=["/runs"]))()


def test_the_token_is_shown_where_there_is_one(monkeypatch, tmp_path):
    monkeypatch.setattr(module.Path, "home", lambda: tmp_path)
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert module.joining_variables() == {}
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray/auth_token").write_text("something")
    assert module.joining_variables() == {"RAY_AUTH_MODE": "token"}
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    assert module.joining_variables() == {}


def settled(tmp_path, **settings):
    run = Run(tmp_path)
    run.write_settings({"algorithm": {"name": "gapo"}, "workers": 4, **settings})
    return run


def test_a_run_of_two_nodes_needs_a_cluster_to_go_on(tmp_path):
    with pytest.raises(InputError, match="2 nodes need a Ray cluster"):
        cluster_of_run(settled(tmp_path, nodes=2), None, None)


def test_a_run_keeps_its_nodes(tmp_path):
    with pytest.raises(InputError, match="--nodes 3 contradicts this run, which has 2"):
        cluster_of_run(settled(tmp_path, nodes=2), "somewhere:6379", 3)


def test_a_run_keeps_its_workers(tmp_path, probed):
    probed(node("a", 2), node("b", 2))
    with pytest.raises(InputError, match="this run has 4 workers a node, and this cluster 2"):
        cluster_of_run(settled(tmp_path, nodes=2), "somewhere:6379", None)


def test_a_run_moves_between_a_cluster_and_a_ray_of_its_own():
    own = [setting.as_override() for setting in ray_settings("cpu")]
    mine = (*own, "data.seed=1", "ray_kwargs.ray_init.num_cpus=4")
    there = on_ray(mine, "cpu", Cluster("10.0.0.7:6379", 2, 1, ()))
    assert there == (*mine[len(own) :], "+ray_kwargs.ray_init.address='10.0.0.7:6379'")
    assert on_ray(there, "cpu", None) == mine
