"""The sample logs as committed, and as the simulation makes them anew."""

import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def examples():
    """The folder of examples, whose modules can be imported."""
    sys.path.insert(0, str(EXAMPLES))
    yield EXAMPLES
    sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="session")
def outcomes(examples):
    """Every session, simulated anew."""
    from simulator.plans import plans
    from simulator.sessions import simulate

    return [simulate(plan, examples / "sources") for plan in plans()]
