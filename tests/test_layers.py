"""The ways that imports may go, and what may not be imported at start-up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import codeedit

ROOT = Path(codeedit.__file__).parent
# Each layer may import the layers named, itself, and the modules at the top.
LAYERS = {
    "cli": {"lab", "eval", "training", "pipeline", "models"},
    "lab": {"eval", "training", "pipeline", "models"},
    "eval": {"pipeline", "models"},
    "training": {"pipeline", "models"},
    "models": {"pipeline"},
    "pipeline": set(),
}
HEAVY = {
    "datasets",
    "duckdb",
    "matplotlib",
    "numpy",
    "pandas",
    "pyarrow",
    "ray",
    "scipy",
    "torch",
    "transformers",
    "tree_sitter",
    "verl",
}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.name != "__main__.py")


def layer(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else ""


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "codeedit"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    own = layer(".".join(["codeedit", *path.relative_to(ROOT).with_suffix("").parts]))
    allowed = LAYERS.get(own, set()) | {own, ""}
    assert {layer(name) for name in imported(path)} <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom codeedit.cli.app import run\n"
        "code = run(['--help'])\nprint(code, *sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    code, *modules = done.stdout.strip().splitlines()[-1].split(" ")
    assert code == "0"
    assert not HEAVY & set(modules)
