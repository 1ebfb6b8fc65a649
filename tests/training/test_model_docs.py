"""docs/models.md shows what the code computes."""

from pathlib import Path

import pytest

from codeedit.training.model_list import facts_table, fits_table

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [facts_table, fits_table])
def test_the_tables_are_computed(table):
    assert "\n".join(table()) in PAGE
