"""What the chores and the invented functions have to know of each language."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language's sample sources and its syntax, as far as anything is written anew.

    Names that stand in braces are filled in; `item` and `Item` are the sources' words.
    """

    name: str
    files: tuple[str, ...]  # in examples/sources; the first one holds the definitions
    comment: str
    parameter: str  # a whole-number parameter in a function's head
    item: str  # an item as a parameter
    head: str  # of a function that returns a whole number
    declare: str  # a new variable
    when: str  # a condition's first line
    repeat: str  # a loop's first line
    close: str = "}"  # the line that ends a block; empty where indentation does
    end: str = ";"  # of a statement
    member: str = "."
    indent: str = "    "
    margin: str = ""  # before each line of a function
    camel: bool = True  # whether names of several words are camelCase

    def increase(self, name: str, sign: str, value: str) -> str:
        """Return the statement that adds to a variable, or takes away from it."""
        if self.name == "lua":
            return f"{name} = {name} {sign} {value}"
        return f"{name} {sign}= {value}{self.end}"

    def is_head(self, line: str, parameter: str) -> bool:
        """Tell whether a line is the head of a function that has a certain parameter."""
        before, after = self.head.replace("{{", "{").split("{name}({parameters}")
        found = re.fullmatch(rf"\s*{before}\w+(\(.*){re.escape(after)}\s*", line)
        return bool(found and re.search(rf"\b{parameter}\b", found[1]))

    def joined(self, *words: str) -> str:
        """Return one name of several words."""
        if self.camel:
            return words[0] + "".join(word.capitalize() for word in words[1:])
        return "_".join(words)


LANGUAGES = {
    language.name: language
    for language in (
        Language(
            "python",
            ("store.py", "report.py"),
            comment="#",
            parameter="{}",
            item="item",
            head="def {name}({parameters}):",
            declare="{name} = {value}",
            when="if {condition}:",
            repeat="while {condition}:",
            close="",
            end="",
            camel=False,
        ),
        Language(
            "typescript",
            ("store.ts", "report.ts"),
            comment="//",
            parameter="{}: number",
            item="item: Item",
            head="function {name}({parameters}): number {{",
            declare="let {name} = {value};",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            indent="  ",
        ),
        Language(
            "javascript",
            ("store.js",),
            comment="//",
            parameter="{}",
            item="item",
            head="function {name}({parameters}) {{",
            declare="let {name} = {value};",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            indent="  ",
        ),
        Language(
            "go",
            ("store.go", "report.go"),
            comment="//",
            parameter="{} int",
            item="item Item",
            head="func {name}({parameters}) int {{",
            declare="{name} := {value}",
            when="if {condition} {{",
            repeat="for {condition} {{",
            end="",
            indent="\t",
        ),
        Language(
            "rust",
            ("store.rs",),
            comment="//",
            parameter="{}: i64",
            item="item: &mut Item",
            head="fn {name}({parameters}) -> i64 {{",
            declare="let mut {name} = {value};",
            when="if {condition} {{",
            repeat="while {condition} {{",
            camel=False,
        ),
        Language(
            "java",
            ("Store.java", "Report.java"),
            comment="//",
            parameter="int {}",
            item="Item item",
            head="int {name}({parameters}) {{",
            declare="int {name} = {value};",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            margin="    ",
        ),
        Language(
            "c",
            ("store.c",),
            comment="//",
            parameter="int {}",
            item="Item *item",
            head="int {name}({parameters}) {{",
            declare="int {name} = {value};",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            member="->",
            camel=False,
        ),
        Language(
            "cpp",
            ("store.cpp",),
            comment="//",
            parameter="int {}",
            item="Item& item",
            head="int {name}({parameters}) {{",
            declare="int {name} = {value};",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            camel=False,
        ),
        Language(
            "kotlin",
            ("Store.kt",),
            comment="//",
            parameter="{}: Int",
            item="item: Item",
            head="fun {name}({parameters}): Int {{",
            declare="var {name} = {value}",
            when="if ({condition}) {{",
            repeat="while ({condition}) {{",
            end="",
        ),
        Language(
            "lua",
            ("store.lua",),
            comment="--",
            parameter="{}",
            item="item",
            head="local function {name}({parameters})",
            declare="local {name} = {value}",
            when="if {condition} then",
            repeat="while {condition} do",
            close="end",
            end="",
            indent="  ",
            camel=False,
        ),
    )
}
