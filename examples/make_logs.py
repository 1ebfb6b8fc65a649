"""Make the sample logs in `examples/logs`: simulated editor sessions, the same bytes every time.

python examples/make_logs.py                          # the 30 of examples/logs
python examples/make_logs.py my/logs --rounds 16      # 16 sessions in each of the ten languages
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from simulator.plans import ROUNDS, plans
from simulator.sessions import Outcome, simulate

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
LOGS = HERE / "logs"


def file_name(outcome: Outcome) -> str:
    """Return the log's file name; its end tells which of the two forms it has."""
    suffix = "workspaceRecording.jsonl" if outcome.plan.lines else "recording.w.json"
    return f"{outcome.plan.name}.{suffix}"


def file_text(outcome: Outcome) -> str:
    """Return the log as it is stored."""
    entries = [outcome.first, *outcome.entries]
    if outcome.plan.lines:
        return "".join(_compact(entry) + "\n" for entry in entries)
    log: dict[str, object] = {"log": entries}
    if outcome.following:
        log["nextUserEdit"] = outcome.following
    return _compact(log) + "\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def make(folder: Path, rounds: int = ROUNDS) -> list[Path]:
    """Write the logs of so many sessions in each language into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for plan in plans(rounds):
        outcome = simulate(plan, SOURCES)
        file = folder / file_name(outcome)
        part = file.with_name(file.name + ".part")
        part.write_text(file_text(outcome), encoding="utf-8", newline="\n")
        part.replace(file)
        files.append(file)
    return files


def main() -> None:
    """Write the logs that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make simulated editor sessions, the same every time.")
    parser.add_argument("folder", type=Path, nargs="?", default=LOGS, help="default: examples/logs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="sessions in each language")
    chosen = parser.parse_args()
    if chosen.rounds < 1:
        parser.error("--rounds must be at least 1")
    files = make(chosen.folder, chosen.rounds)
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} logs, {size / 1e6:.1f} MB, in {chosen.folder}")


if __name__ == "__main__":
    main()
