"""What a lab leaves for people: report.json, report.md, and plots; made from the stored runs alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codeedit.lab.train.evaluation import REPORTED
from codeedit.lab.train.figures import ANSWERS, ROLLOUTS, behaviour, by_kind, scores, step_deltas
from codeedit.lab.train.lab_folder import Lab
from codeedit.lab.train.results import Results, read_results
from codeedit.lab.train.warm import scores as warm_scores
from codeedit.runs import write_json

REPORT, PAGE = "report.json", "report.md"
_SETS = {"id-test": "ID", "shifted": "OOD"}
_NO_SEEDS = "one seed: nothing is said of the algorithm"


def make_report(lab: Lab) -> tuple[dict[str, Any], list[Path]]:
    """Write the report of all runs that are there; return it and its files."""
    from codeedit.eval.plots import can_plot
    from codeedit.lab.train.plots import write_plots

    results = read_results(lab)
    report = as_dict(lab, results)
    write_json(lab.path / REPORT, report)
    (lab.path / PAGE).write_text(as_markdown(report), encoding="utf-8")
    plots = write_plots(results, report, lab.path) if can_plot() else []
    return report, [lab.path / REPORT, lab.path / PAGE, *plots]


def as_dict(lab: Lab, results: Results) -> dict[str, Any]:
    """Return what report.json holds and ``--json`` prints; shares are 0 to 1."""
    return {
        "settings": asdict(lab.settings),
        "runs": [
            {
                "name": run.cell.name,
                "algorithm": run.cell.arm,
                "reward": run.cell.reward,
                "seed": run.cell.seed,
                "hours": round(run.hours, 4),
                "exact_match": {name: run.reports[name]["exact_match"] for name in REPORTED},
                "validation": run.validation,
            }
            for run in results.runs
        ],
        "unfinished": results.unfinished,
        "hours": round(sum(run.hours for run in results.runs), 3),
        "warm_start": {
            "judged": [{"step": step, "exact_match": value} for step, value in warm_scores(lab.warm).items()],
            "sets": {
                name: {
                    "exact_match": found["exact_match"],
                    "ci95_tasks": found["exact_match_ci95"],
                    **{key: found[key] for key in ANSWERS},
                    "kinds": by_kind(found["row_exact_match"], results.kinds[name]),
                }
                for name, found in results.warm.items()
            },
        },
        "scores": scores(results),
        "step_deltas": step_deltas(results),
        "rollouts": behaviour(results),
    }


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report's tables."""
    settings, runs = report["settings"], report["runs"]
    rewards = list(dict.fromkeys(row["reward"] for row in report["scores"]))
    parts = [
        "# Lab: real runs",
        (
            f"{len(runs)} runs of {settings['steps']} steps, {report['hours']:.1f} hours in all; "
            f"{len(report['unfinished'])} not finished. Exact match in %, mean of {settings['trials']} "
            "trials at temperature 1 after the last step. [ ] is a 95% interval over tasks: it is about "
            "these runs. ( ) is one over seeds: it is about the algorithm, and there is none with one seed. "
            "Bold: real over seeds at a false discovery rate of 5% over this report."
        ),
    ]
    for reward in rewards:
        rows = [row for row in report["scores"] if row["reward"] == reward]
        parts += [f"## Reward {reward}", _score_table(rows, report["warm_start"]["sets"])]
        parts += ["### Exact match by kind of task", _kind_table(rows, report["warm_start"]["sets"])]
        parts += ["### Against what each is compared with", _difference_table(rows)]
        deltas = [row for row in report["step_deltas"] if row["reward"] == reward]
        if deltas:
            parts += ["### Steps to the other's best validation", _delta_table(deltas)]
        own = [row for row in report["rollouts"] if row["reward"] == reward]
        parts += ["### Rollouts of the last five steps", _rollout_table(own)]
    return "\n\n".join(parts) + "\n"


def _score_table(rows: Sequence[Mapping[str, Any]], warm: Mapping[str, Any]) -> str:
    cells = {(row["algorithm"], row["set"]): row for row in rows}
    arms = list(dict.fromkeys(row["algorithm"] for row in rows))
    extra = list(ANSWERS)
    heads = [
        "algorithm",
        "seeds",
        *(_SETS[name] for name in REPORTED),
        *(f"ID: {ANSWERS[key]}" for key in extra),
    ]
    lines = []
    if warm:
        values = [
            f"{_percent(warm[name]['exact_match'])} {_square(warm[name]['ci95_tasks'])}" for name in REPORTED
        ]
        lines.append(["before", "", *values, *(_percent(warm["id-test"][key]) for key in extra)])
    for arm in arms:
        found = [cells[arm, name] for name in REPORTED]
        values = [_value(row) for row in found]
        lines.append([arm, str(len(found[0]["seeds"])), *values, *(_percent(found[0][key]) for key in extra)])
    return _table(heads, lines)


def _kind_table(rows: Sequence[Mapping[str, Any]], warm: Mapping[str, Any]) -> str:
    of_warm = [{"algorithm": "before", "set": name, **found} for name, found in warm.items()]
    found = {(row["algorithm"], row["set"]): row["kinds"] for row in [*of_warm, *rows]}
    columns = [(name, kind) for name in REPORTED for kind in rows[REPORTED.index(name)]["kinds"]]
    return _table(
        ["algorithm", *(f"{_SETS[name]}: {kind}" for name, kind in columns)],
        [
            [arm, *(_percent(found[arm, name].get(kind)) for name, kind in columns)]
            for arm in dict.fromkeys(arm for arm, _ in found)
        ],
    )


def _difference_table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for row in rows:
        for test in row["against"]:
            difference = f"{100 * test['difference']:+.1f}"
            lines.append(
                [
                    f"{row['algorithm']} - {test['algorithm']}",
                    _SETS[row["set"]],
                    str(len(test["seeds"])),
                    f"**{difference}**" if test["differs"] else difference,
                    _square(test["ci95_tasks"], "+"),
                    f"{test['p_value_tasks']:.3f}",
                    _round(test["ci95_seeds"], "+") or _NO_SEEDS,
                ]
            )
    heads = ["algorithms", "set", "seeds", "difference", "over tasks", "p over tasks", "over seeds"]
    return _table(heads, lines) if lines else "Nothing to compare with yet."


def _delta_table(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = [
        [
            f"{row['algorithm']} - {row['against']}",
            f"{row['reached']} of {len(row['seeds'])}",
            "-" if row["steps_earlier"] is None else f"{row['steps_earlier']:+.1f}",
            "-" if row["ci95_seeds"] is None else "({:+.1f}, {:+.1f})".format(*row["ci95_seeds"]),
        ]
        for row in rows
    ]
    return _table(["algorithms", "seeds that reach it", "steps earlier", "over seeds"], lines)


def _rollout_table(rows: Iterable[Mapping[str, Any]]) -> str:
    def cell(value: Mapping[str, Any]) -> str:
        if value["mean"] is None:
            return "-"
        bounds = value["ci95_seeds"]
        return f"{value['mean']:.3f}" + (f" ({bounds[0]:.3f}, {bounds[1]:.3f})" if bounds else "")

    labels = list(ROLLOUTS.values())
    return _table(
        ["algorithm", *labels], [[row["algorithm"], *(cell(row[label]) for label in labels)] for row in rows]
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _value(row: Mapping[str, Any]) -> str:
    parts = (_percent(row["exact_match"]), _square(row["ci95_tasks"]), _round(row["ci95_seeds"]))
    return " ".join(filter(None, parts))


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _square(bounds: Sequence[float] | None, sign: str = "") -> str:
    return "" if bounds is None else f"[{100 * bounds[0]:{sign}.1f}, {100 * bounds[1]:{sign}.1f}]"


def _round(bounds: Sequence[float] | None, sign: str = "") -> str:
    return "" if bounds is None else f"({100 * bounds[0]:{sign}.1f}, {100 * bounds[1]:{sign}.1f})"


def table_rows(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of exact match on both sets, for a terminal."""
    cells = {(row["reward"], row["algorithm"], row["set"]): row for row in report["scores"]}
    pairs = dict.fromkeys((reward, arm) for reward, arm, _ in cells)
    rows = [
        [reward, arm, str(len(cells[reward, arm, REPORTED[0]]["seeds"]))]
        + [_value(cells[reward, arm, name]) for name in REPORTED]
        for reward, arm in pairs
    ]
    return ["reward", "algorithm", "seeds", *(_SETS[name] for name in REPORTED)], rows
