"""Functions that a session's files hold beside the sources' own: invented, so that no two sessions share any.

They work with what the sources define (items, their fields, `scale`, `check`, `show`) and with names of
their own, in statements that every language has.
"""

from __future__ import annotations

import random

from simulator.languages import Language
from simulator.themes import NOUNS, VERBS, draw, parts

_STATEMENTS = (6, 9)  # least and most, beside the first and the last one
_CONSTANTS = ("2", "3", "5", "8", "10", "12", "20", "50", "100")


class Inventor:
    """Invents functions in the sources' words.

    Args:
        language: in which to write.
        rng: what to write.
        taken: words that mean something already; the invented names are added.
    """

    def __init__(self, language: Language, rng: random.Random, taken: set[str]) -> None:
        self._language = language
        self._rng = rng
        self._taken = taken

    def function(self) -> str:
        """Return a function of about a dozen lines, without a line break at its end."""
        language, rng = self._language, self._rng
        name = language.joined(self._word(VERBS), self._word(NOUNS))
        first = self._word(NOUNS)
        self._numbers = rng.sample(["rate", "limit"], rng.choice([1, 2, 2]))
        if rng.random() < 0.3:
            self._numbers.append(self._word(NOUNS))
        self._numbers.append(first)
        parameters = [language.item, *(language.parameter.format(given) for given in self._numbers[:-1])]
        body = [language.declare.format(name=first, value=self._value())]
        for _ in range(rng.randint(*_STATEMENTS)):
            statement = self._statement(first)
            body += [] if statement[0] in body else statement
        body.append(f"return {first}{language.end}")
        lines = [language.head.format(name=name, parameters=", ".join(parameters))]
        lines += [language.indent + line for line in body]
        lines += [language.close] if language.close else []
        return "\n".join(language.margin + line for line in lines)

    def _word(self, words: str) -> str:
        word = draw(self._rng, words, self._taken)
        self._taken |= parts(word)
        return word

    def _statement(self, changed: str) -> list[str]:
        """Return the lines of a statement; `changed` is the variable that it may change."""
        language, rng = self._language, self._rng
        kind = rng.choice(["call", "call", "field", "field", "add", "add", "when", "repeat", "product"])
        if kind == "call":
            return [f"{rng.choice(['check', 'show'])}(item){language.end}"]
        if kind == "field":
            return [f"{self._field()} = {self._value()}{language.end}"]
        if kind == "product":
            return [f"{changed} = {changed} * {self._number()}{language.end}"]
        add = language.increase(changed, rng.choice("+-"), self._value())
        if kind == "add":
            return [add]
        condition = f"{rng.choice([self._field(), changed])} {rng.choice('<>')} {self._number()}"
        first = (language.when if kind == "when" else language.repeat).format(condition=condition)
        return [first, language.indent + add, *([language.close] if language.close else [])]

    def _field(self) -> str:
        return f"item{self._language.member}{self._rng.choice(['price', 'weight'])}"

    def _number(self) -> str:
        return self._rng.choice([*self._numbers[:-1], self._rng.choice(_CONSTANTS)])

    def _value(self) -> str:
        """Return an expression of whole numbers."""
        rng = self._rng
        value = rng.choice([self._field(), f"scale({self._field()})", self._number()])
        if rng.random() < 0.4:
            value += f" {rng.choice('+-*')} {self._number()}"
        return value
