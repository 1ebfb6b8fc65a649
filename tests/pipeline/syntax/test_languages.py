from __future__ import annotations

import pytest

from codeedit.pipeline.syntax import LANGUAGES, language_of, parse


def test_the_ten_languages_of_table_1():
    assert len(LANGUAGES) == 10


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.go", "go"),
        ("b.PY", "python"),
        ("b.tsx", "typescript"),
        ("b.d.ts", "typescript"),
        ("b.kts", "kotlin"),
        ("b.h", "c"),
        ("Makefile", None),
        ("a.py/readme", None),
        ("", None),
    ],
)
def test_file_name_tells_the_language(path: str, language: str | None):
    assert language_of(path) == language


def test_header_with_a_class_is_cpp():
    assert language_of("stats.h", "#pragma once\nclass Statistics {\n};\n") == "cpp"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_grammar_parses_and_survives_broken_code(language: str):
    assert parse("", language).root_node is not None
    assert parse("((( {{ é 😀 \x00 ]]", language).root_node.has_error


def test_tsx_has_a_grammar_of_its_own():
    assert not parse("const a = <b>text</b>;", "typescript", "a.tsx").root_node.has_error
