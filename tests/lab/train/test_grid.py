"""The grid: which runs there are, their names and their order."""

import pytest

from codeedit.errors import InputError
from codeedit.lab.train.grid import ARMS, REWARDS, Cell, cells
from codeedit.lab.train.results import cell_of
from codeedit.training.algorithms import configure


@pytest.mark.parametrize("name", ARMS)
def test_every_algorithm_of_the_lab_is_one_of_train(name):
    arm = ARMS[name]
    assert configure(arm.algorithm, arm.options).name == arm.algorithm
    assert set(arm.against) <= set(ARMS)


def test_all_of_the_papers_table_2_are_there_on_both_bases():
    bases = {name: configure(arm.algorithm, arm.options).base for name, arm in ARMS.items()}
    assert {"grpo", "dapo", "gmpo", "krpo", "qae"} <= set(bases)
    assert (bases["gapo"], bases["gapo-dapo"]) == ("grpo", "dapo")


def test_the_pair_that_the_paper_is_about_comes_first_with_all_seeds():
    order = cells(tuple(ARMS), ("exact",), 2)
    assert [(cell.arm, cell.seed) for cell in order[:4]] == [
        ("grpo", 1),
        ("gapo", 1),
        ("grpo", 2),
        ("gapo", 2),
    ]


def test_every_run_is_made_once():
    order = cells(tuple(ARMS), REWARDS, 3)
    assert len(order) == len(set(order)) == len(ARMS) * len(REWARDS) * 3


@pytest.mark.parametrize("cell", [*cells(tuple(ARMS), REWARDS, 2), Cell("gapo", "gain+0.2*parse", 12)])
def test_a_folders_name_says_which_run_it_is(cell):
    assert cell_of(cell.name) == cell


@pytest.mark.parametrize("name", ["other", "grpo-exact", "gapo-exact-seedx", "grpo--seed1"])
def test_another_folders_name_is_no_run(name):
    assert cell_of(name) is None


def test_an_unknown_algorithm_names_the_nearest():
    with pytest.raises(InputError, match="gapo-std"):
        cells(("gapo-st",), ("exact",), 1)
