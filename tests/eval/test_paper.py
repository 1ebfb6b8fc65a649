import pytest

from codeedit.eval.paper import paper_rows
from codeedit.models import MODELS


def test_the_papers_best_gain_is_the_one_its_abstract_states() -> None:
    found = paper_rows("id", "qwen2.5-coder-7b")["exact_match"]
    assert found["gapo"] - found["grpo"] == pytest.approx(0.0435)


def test_all_nine_models_of_the_paper_have_a_row_and_its_source() -> None:
    rows = [paper_rows("id", name) for name in MODELS if name != "tiny"]
    assert len(rows) == 9
    assert all("2510.21830" in row["source"] and "not published" in row["rows"] for row in rows)


@pytest.mark.parametrize(("name", "model"), [("zeta-dpo", "qwen3-4b"), ("id", "tiny"), ("id", None)])
def test_where_the_paper_states_nothing_nothing_is_shown(name, model) -> None:
    assert paper_rows(name, model) is None
