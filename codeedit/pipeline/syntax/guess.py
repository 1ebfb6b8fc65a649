"""The language of a text without a file name: the one whose grammar understands most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codeedit.pipeline.syntax.languages import LANGUAGES
from codeedit.pipeline.syntax.trees import parse

if TYPE_CHECKING:
    import tree_sitter

_SAMPLE: Final = 20_000  # code points
_MOST_ERRORS: Final = 0.02  # of the text


def guess_language(text: str) -> str | None:
    """Return the language of which the least is an error; ``None`` where none fits.

    On a tie the one wins that sees the most keywords: what one language has as a keyword, another
    takes for a name.
    """
    sample = text[:_SAMPLE]
    if not sample.strip():
        return None
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1]
    trees = ((language, parse(sample, language)) for language in LANGUAGES)
    found = [(*_errors_and_names(tree.root_node), language) for language, tree in trees if tree is not None]
    if not found:
        return None
    errors, _, best = min(found)
    return best if errors <= _MOST_ERRORS * len(sample.encode()) else None


def _errors_and_names(root: tree_sitter.Node) -> tuple[int, int]:
    """Return how many bytes lie in error nodes, a missing token counting as one, and minus the keywords."""
    errors = keywords = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error:
            errors += max(1, node.end_byte - node.start_byte)
            continue
        errors += node.is_missing
        keywords += not node.is_named and node.type.isalpha()
        waiting += node.children
    return errors, -keywords
