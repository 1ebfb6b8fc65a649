"""Fixtures that all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("codeedit", deadline=None)  # how long an example takes says nothing here
settings.load_profile("codeedit")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the project's own tests."""
    parser.addoption("--fuzz", type=float, default=1.0, help="how many times as many damaged logs to read")
    parser.addoption("--fuzz-seed", type=int, default=0, help="another number, other damage")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with slow tests first, so that no worker is left alone with them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("no folder of real data beside the checkout")
    return SHARED
