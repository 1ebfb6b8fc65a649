"""What the chores have to know of each language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language's sample sources and the little syntax that is typed anew."""

    name: str
    files: tuple[str, ...]  # in examples/sources; the first one holds the definitions
    comment: str
    parameter: str  # a whole-number parameter in a function's head, with {} for its name


LANGUAGES = {
    language.name: language
    for language in (
        Language("python", ("store.py", "report.py"), "#", "{}"),
        Language("typescript", ("store.ts", "report.ts"), "//", "{}: number"),
        Language("javascript", ("store.js",), "//", "{}"),
        Language("go", ("store.go", "report.go"), "//", "{} int"),
        Language("rust", ("store.rs",), "//", "{}: i64"),
        Language("java", ("Store.java", "Report.java"), "//", "int {}"),
        Language("c", ("store.c",), "//", "int {}"),
        Language("cpp", ("store.cpp",), "//", "int {}"),
        Language("kotlin", ("Store.kt",), "//", "{}: Int"),
        Language("lua", ("store.lua",), "--", "{}"),
    )
}
