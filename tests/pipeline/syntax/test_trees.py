from __future__ import annotations

import random

import pytest

from codeedit.pipeline.ingest.edit_range import edit_range
from codeedit.pipeline.syntax import Trees, is_broken, parse, syntax_errors
from codeedit.pipeline.syntax.guess import guess_language

CODE = {
    "python": "def one(a):\n    return a + 1\n\n\ndef two(b):\n    # é 😀\n    return one(b)\n" * 5,
    "typescript": "export function one(a: number) {\n\treturn `${a} é`;\n}\n\nconst two = [1, 2];\n" * 5,
    "rust": "pub fn one(a: &mut Vec<i32>) -> Option<i32> {\n    a.iter().map(|x| x + 1).max()\n}\n" * 5,
    "go": "package box\n\nfunc One(a int) (int, error) {\n\tb := a << 1\n\treturn b, nil\n}\n",
    "lua": "local function one(a)\n  return a ~= nil and #a or 0\nend\n",
}


@pytest.mark.parametrize("language", CODE)
def test_tree_made_from_the_one_before_is_as_whole_as_a_fresh_one(language: str):
    chance, code, trees = random.Random(1), CODE[language], Trees()
    for _ in range(80):
        at = chance.randrange(len(code))
        code = code[:at] + chance.choice(["x", "\n", " ", "é", ""]) + code[at + chance.choice([0, 0, 1]) :]
        if chance.random() < 0.2:
            code = CODE[language]
        made, fresh = trees.parse(code, language).root_node, parse(code, language).root_node
        assert made.has_error == fresh.has_error
        assert made.has_error or str(made) == str(fresh)


@pytest.mark.parametrize("language", ["python", "rust"])
def test_windows_of_a_growing_document_are_as_whole_as_fresh_ones(language: str):
    chance, trees = random.Random(2), Trees()
    lines = [
        f"{line} {number}" if line else "" for number in range(120) for line in CODE[language].split("\n")[:5]
    ]
    for _ in range(60):
        lines[chance.randrange(len(lines))] = chance.choice(["", "x = 1", "}", "    é = (😀", "fn"])
        first = chance.randrange(0, 200) if chance.random() < 0.7 else 0
        code = "\n".join(lines[first : first + chance.choice([350, 400, 600])])
        made, fresh = trees.parse(code, language).root_node, parse(code, language).root_node
        assert made.end_byte == fresh.end_byte
        assert made.has_error == fresh.has_error
        assert made.has_error or str(made) == str(fresh)


@pytest.mark.parametrize("language", CODE)
def test_language_is_told_by_its_grammar(language: str):
    assert guess_language(CODE[language]) == language


@pytest.mark.parametrize("text", ["", " \n", "Dear Sir, it's (not {code: at all;\n" * 3])
def test_text_in_no_language_has_none(text: str):
    assert guess_language(text) is None


# A backquote that was typed by mistake: unbounded, tree-sitter follows ever more readings of it.
BACKQUOTE = """\
class Basket(
)
fun weigh(value: Int): Int {
    var sum = basket.size
    while (basket.size < apple) {
    }
`   sum += pear
    sum += basket.count
    sum = sum * apple
    sum += 2 - apple
    if (sum > apple) {
        sum -= basket.count + pear
    }
    carry(basket)
    garden += pear
    return garden
}

fun paint(basket: Basket, pear: Int, apple: Int): Int {
    var size = basket.size + 2
    basket.count = pear
    carry(basket)
    size += weigh(basket.count)
    return size
}
"""


def test_code_that_tree_sitter_cannot_end_with_has_no_tree():
    assert parse(BACKQUOTE, "kotlin") is None
    assert Trees().parse(BACKQUOTE, "kotlin") is None
    assert is_broken(None)
    assert syntax_errors(BACKQUOTE, "kotlin") == len(BACKQUOTE)


def test_code_without_a_tree_has_ranges_by_lines():
    found = edit_range(BACKQUOTE, BACKQUOTE.index("sum +="), "kotlin")
    assert "sum +=" in BACKQUOTE[found.start : found.end]


def test_a_parser_goes_on_after_it_was_given_up():
    trees, whole = Trees(), BACKQUOTE.replace("`", " ")
    trees.parse(BACKQUOTE, "kotlin")
    assert not is_broken(trees.parse(whole, "kotlin"))
    assert not is_broken(parse(whole, "kotlin"))
