"""The sample sessions before they take place: who works on what, and in which form it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.languages import LANGUAGES, Language
from simulator.planted import OWNERS, Owner


@dataclass(frozen=True, slots=True)
class Plan:
    """One session, before it takes place."""

    name: str
    language: Language
    owner: Owner
    day: int
    bursts: int  # at least so many edits
    windows: bool = False  # backslashes in paths, CRLF in documents
    cut: bool = False  # cut out of a longer log: no header, and the next edit is stated
    lines: bool = False  # stored one entry a line
    revert: bool = False  # a document is stored, changed and restored


ROUNDS = 3  # of the sample logs


def plans(rounds: int = ROUNDS) -> tuple[Plan, ...]:
    """Return the sessions: every language in every round."""
    result = []
    for number in range(1, rounds + 1):
        for place, language in enumerate(LANGUAGES.values()):
            index = len(result)
            result.append(
                Plan(
                    name=f"{language.name}-{number}",
                    language=language,
                    owner=OWNERS[index * 3 % len(OWNERS)],
                    day=index,
                    bursts=20 + 5 * (index % 3),
                    windows=(place + number) % 10 == 6,
                    cut=(place + number) % 10 == 4,
                    lines=(place + number) % 10 in {2, 8},
                    revert=index % 4 == 1,
                )
            )
    return tuple(result)


def owners() -> dict[str, Owner]:
    """Return whose log it is, by name."""
    return {plan.name: plan.owner for plan in plans()}
