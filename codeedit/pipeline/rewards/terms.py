"""The terms that a reward may have; each judges one readable answer.

With x the answer, t the truth, o the range's text before, all without the white space around them but in
``reversal``, and sim the edit similarity in characters:

    eq5       1/2 * [em(x, t) + sim(x, t)]                          the paper's, in [0, 1]
    exact     em(x, t)                                              0 or 1
    gain      (s - c) / (1 - c), below the copy (s - c) / c,        0 for a copy, 1 for t, in [-1, 1]
              with s = sim(x, t) and c = sim(o, t);
              where nothing is to change (o = t): s - 1, or 1 for t
    parse     1 where the edited document has no new syntax errors  0 or 1
    reversal  -max(0, u(x) - u(t)), u the share of the last edit that is undone,
              as evaluation has it (``codeedit.pipeline.reversal``)   0 or less, in [-1, 0]
    format    1: the answer could be read                           0 or 1

Every term is highest for the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codeedit.metrics import edit_reward, edit_similarity, exact_match
from codeedit.pipeline.prompt_builder.context import Need
from codeedit.pipeline.reversal import reversal
from codeedit.pipeline.rewards.case import Case
from codeedit.registry import Registry

_WORST_GAIN = -1.0


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a reward."""

    about: str
    score: Callable[[Case], float]
    unreadable: float = 0.0  # what an answer earns that cannot be read
    least: float = 0.0
    greatest: float = 1.0
    need: Need | None = None


def _eq5(case: Case) -> float:
    return edit_reward(case.text.strip(), case.truth.strip())


def _exact(case: Case) -> float:
    return exact_match(case.text, case.truth)


def _gain(case: Case) -> float:
    text, truth, original = case.text.strip(), case.truth.strip(), case.original.strip()
    if text == truth:
        return 1.0
    similarity, copied = edit_similarity(text, truth), edit_similarity(original, truth)
    if original == truth:
        return similarity - 1.0
    # Scaled on either side, so that also among answers worse than the copy the better one earns more.
    return (similarity - copied) / (1.0 - copied if similarity >= copied else copied)


def _parse(case: Case) -> float:
    from codeedit.pipeline.syntax import LANGUAGES, syntax_errors

    if case.language not in LANGUAGES or case.text in (case.truth, case.original):
        return 1.0
    above, below, path = case.context.above or "", case.context.below or "", case.context.path

    def errors(text: str) -> int:
        return syntax_errors(f"{above}{text}{below}", case.language, path)

    found = errors(case.text)
    # The truth may be half typed: what it breaks, an answer may break too.
    return float(found == 0 or found <= errors(case.original) or found <= errors(case.truth))


def _reversal(case: Case) -> float:
    if case.context.earlier is None:
        return 0.0
    share, needed = (reversal(text, case.original, case.context.earlier) for text in (case.text, case.truth))
    return min(0.0, needed - share)


def _format(_case: Case) -> float:
    return 1.0


TERMS: Registry[Term] = Registry(
    "reward term",
    {
        "eq5": Term("half exact match, half edit similarity: the paper's Eq. 5", _eq5),
        "exact": Term("exact match", _exact),
        "gain": Term(
            "edit similarity over that of an unchanged copy",
            _gain,
            unreadable=_WORST_GAIN,
            least=_WORST_GAIN,
        ),
        "parse": Term("no new syntax errors in the edited document", _parse, need=Need.DOCUMENT),
        "reversal": Term(
            "minus the share of the user's last edit that is undone",
            _reversal,
            least=-1.0,
            greatest=0.0,
            need=Need.EARLIER,
        ),
        "format": Term("the answer could be read", _format),
    },
)
