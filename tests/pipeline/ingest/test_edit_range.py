from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.edit_range import MAX_CHARS, MAX_LINES, edit_range
from codeedit.pipeline.syntax import LANGUAGES, Trees

# In each language, a function of a few lines.
FILLER = {
    "go": "func other{n}(a int) int {{\n\tb := a\n\tc := b\n\td := c\n\treturn d\n}}\n\n",
    "python": "def other{n}(a):\n    b = a\n    c = b\n    d = c\n    e = d\n    return e\n\n",
    "java": "    int other{n}(int a) {{\n        int b = a;\n        int c = b;\n        int d = c;\n"
    "        return d;\n    }}\n\n",
    "cpp": "int other{n}(int a) {{\n    int b = a;\n    int c = b;\n    int d = c;\n    return d;\n}}\n\n",
    "kotlin": "fun other{n}(a: Int): Int {{\n    val b = a\n    val c = b\n    return c\n}}\n\n",
    "typescript": "function other{n}(a: number) {{\n\tconst b = a;\n\tconst c = b;\n\treturn c;\n}}\n\n",
    "javascript": "function other{n}(a) {{\n\tconst b = a;\n\tconst c = b;\n\treturn c;\n}}\n\n",
    "c": "int other{n}(int a) {{\n    int b = a;\n    int c = b;\n    int d = c;\n    return d;\n}}\n\n",
    "rust": "fn other{n}(a: i32) -> i32 {{\n    let b = a;\n    let c = b;\n    let d = c;\n    d\n}}\n\n",
    "lua": "function other{n}(a)\n  local b = a\n  local c = b\n  local d = c\n  return d\nend\n\n",
}


def long_function(language: str) -> str:
    """Return a function with twelve statements, so that it is its own range."""
    filler = FILLER[language].format(n="Middle")
    head, first, *rest = filler.split("\n")
    statements = [first.replace("b", f"b{n}", 1) for n in range(12)]
    return "\n".join([head, *statements, *rest]).strip("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_range_is_the_enclosing_function(language: str):
    middle = long_function(language)
    filler = "".join(FILLER[language].format(n=n) for n in range(8))
    code = f"{filler}{middle}\n\n{filler}"
    if language == "java":
        middle = middle.strip("\n")
        code = f"class Box {{\n{filler}{middle}\n\n{filler}}}\n"
    start = code.index(middle)
    chosen = edit_range(code, code.index("b7"), language)
    assert code[chosen.start : chosen.end] == code[start : start + len(middle)]


@given(
    st.text(alphabet="ab(){}:;\n\t =é😀", max_size=400), st.integers(0, 400), st.sampled_from(list(LANGUAGES))
)
def test_range_is_whole_lines_with_the_cursors_line(code: str, cursor: int, language: str):
    cursor = min(cursor, len(code))
    chosen = edit_range(code, cursor, language)
    assert chosen.start == 0 or code[chosen.start - 1] == "\n"
    assert chosen.end == len(code) or code[chosen.end] == "\n"
    assert chosen.start <= cursor <= chosen.end


@given(st.integers(1, 200), st.integers(1, 60), st.integers(0, 2_000))
def test_range_keeps_to_the_limits(lines: int, width: int, cursor: int):
    code = "\n".join("x" * width for _ in range(lines))
    chosen = edit_range(code, min(cursor, len(code)), "python")
    text = code[chosen.start : chosen.end]
    assert text.count("\n") < MAX_LINES
    assert len(text) <= MAX_CHARS


def test_line_longer_than_the_limit_is_the_range_alone():
    code = "a = 1\nb = '" + "x" * 5_000 + "'\nc = 2\n"
    chosen = edit_range(code, 10, "python")
    assert code[chosen.start : chosen.end] == code.split("\n")[1]


def test_without_a_language_the_range_is_lines_around_the_cursor():
    code = "\n".join(str(number) for number in range(100))
    chosen = edit_range(code, code.index("50"), None)
    assert code[chosen.start : chosen.end].split("\n")[0] in ("44", "45")
    assert code[chosen.start : chosen.end].count("\n") == 11


def test_empty_document_has_an_empty_range():
    chosen = edit_range("", 0, "python")
    assert (chosen.start, chosen.end) == (0, 0)


def test_code_below_the_range_does_not_move_it():
    body = "".join(FILLER["python"].format(n=n) for n in range(8))
    code = body + long_function("python") + "\n\n"
    cursor = code.index("b7")
    assert edit_range(code + body, cursor, "python") == edit_range(code + body * 2, cursor, "python")


def test_range_in_a_long_text_is_the_enclosing_function_too():
    filler = "".join(FILLER["python"].format(n=n) for n in range(800))
    middle = long_function("python")
    code = f"{filler}{middle}\n\n\n{filler}"
    chosen = edit_range(code, code.index("b7"), "python")
    assert code[chosen.start : chosen.end] == middle


@pytest.mark.parametrize("half", ["foo(", "x = (1 +", 'y = "open', "if (", "return b7 +", "b7."])
@pytest.mark.parametrize("language", LANGUAGES)
def test_range_in_half_typed_code_stays_around_the_cursor(language: str, half: str):
    middle = long_function(language).replace("b7", f"{half}\n    b7", 1)
    filler = "".join(FILLER[language].format(n=n) for n in range(8))
    code = f"{filler}{middle}\n\n{filler}"
    cursor = code.index(half) + len(half)
    chosen = edit_range(code, cursor, language)
    assert code.index(middle) <= chosen.start <= code.rfind("\n", 0, cursor) + 1
    assert cursor <= chosen.end <= code.index(middle) + len(middle) + len(filler) // 4
    assert 5 <= code.count("\n", chosen.start, chosen.end) + 1 <= MAX_LINES


def test_range_in_broken_code_does_not_depend_on_how_the_tree_came_about():
    lines = [f"def step_{number}(a):\n    b = a + {number}\n    return b\n\n" for number in range(200)]
    trees, code = Trees(), "".join(lines)
    trees.parse(code, "python")
    for number in (20, 180, 100):
        code = code.replace(f"b = a + {number}\n", f"b = (a + {number}\n")
        cursor = code.index("def step_100(") + 20
        fresh = edit_range(code, cursor, "python")
        assert edit_range(code, cursor, "python", parse=trees.parse) == fresh


def test_error_far_away_does_not_change_the_range():
    code = "".join(f"def step_{n}(a):\n    b = a + {n}\n    return b\n\n" for n in range(400))
    cursor = code.index("def step_200(") + 20
    broken = code.replace("b = a + 390", "b = (((a + 390")
    assert edit_range(broken, cursor, "python") == edit_range(code, cursor, "python")
