"""The data card: what ``README.md`` in a data set says, for people and for ``datasets.load_dataset``."""

from __future__ import annotations

from codeedit.pipeline.ingest.report import Report

_NAMES = {"cpp": "C++", "typescript": "TypeScript", "javascript": "JavaScript"}


def shown_language(name: str) -> str:
    """Return a language's name as people write it."""
    return _NAMES.get(name, name.capitalize())


def data_card(report: Report) -> str:
    """Return the card in Markdown, with front matter that names the splits' files."""
    return "\n".join(
        [*_front_matter(report), *_about(report), *_table(report), *_stages(report), *_fields(), ""]
    )


def _front_matter(report: Report) -> list[str]:
    lines = ["---", "configs:", "- config_name: default", "  data_files:"]
    for split, count in (("train", report.train), ("test", report.test)):
        if count:
            lines += [f"  - split: {split}", f"    path: {split}-*.parquet"]
    return [*lines, "tags:", "- code", "- code-editing", "---", ""]


def _about(report: Report) -> list[str]:
    redacted = sum(report.redactions.values())
    values = "1 value" if redacted == 1 else f"{redacted:,} values"
    return [
        "# Code editing tasks",
        "",
        "Made from editor logs by `codeedit ingest`. Each row is a moment at which the user began an",
        "edit: the code, the edits before it, the range that may be rewritten and the cursor, and what",
        "became of the range.",
        "",
        f"- {report.train:,} training tasks and {report.test:,} test tasks from {report.sessions:,}",
        "  sessions; no session is in both splits.",
        f"- {report.no_change:,} tasks leave the range as it is (`no_change`).",
        f"- Secrets and personal data are replaced by placeholders of the same length ({values}).",
        "  Rules find them, so look at a sample before you share the data; the key is not part of the data.",
        "",
    ]


def _table(report: Report) -> list[str]:
    lines = [
        "## Statistics",
        "",
        "Characters; the input is code, history and hint, the output the range's new text.",
        "",
        "| language | tasks | percent | input | output |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, row in report.languages.items():
        inputs, outputs = ("{:,} to {:,}".format(*row[key]) for key in ("input_chars", "output_chars"))
        share = f"{row['percent']:.2f}"
        lines.append(f"| {shown_language(name)} | {row['count']:,} | {share} | {inputs} | {outputs} |")
    return [*lines, ""]


def _stages(report: Report) -> list[str]:
    """Return what went into every stage and came out; no times, so that the same logs give the same card."""
    lines = [
        "## From the logs to the tasks",
        "",
        "| stage | counts | in | out | left out |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for stage in report.stages:
        reasons = shown_counts(stage.dropped)
        lines.append(f"| {stage.name} | {stage.unit} | {stage.into:,} | {stage.out:,} | {reasons} |")
    return [*lines, ""]


def shown_counts(counts: dict[str, int]) -> str:
    """Return counts as people read them, the largest first."""
    most = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in most)


def _fields() -> list[str]:
    return [
        "## Fields",
        "",
        "`edit_start`, `edit_end` and `cursor` are code points in `code`; the range covers whole lines",
        "without the last one's line end. `edit` is the range's new text. `history` holds unified diffs,",
        "oldest first. `time_ms` and `age_ms` are milliseconds since the session's start and before the",
        "task's moment.",
    ]
