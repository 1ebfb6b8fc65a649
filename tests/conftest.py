"""Fixtures that all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("codeedit", deadline=None)  # how long an example takes says nothing here
settings.load_profile("codeedit")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("no folder of real data beside the checkout")
    return SHARED
