"""Themes: the sample sources told about other things, so that no two sessions hold the same code.

The sources speak of items in a store.  A theme gives each of these words another one from its pool,
inside longer names too (`totalPrice`, `Item`), and the chores draw new names from the same pools.
"""

from __future__ import annotations

import random
import re

POOLS = {
    "item": "item coin tile lamp crate badge probe plant stone wheel ticket sensor player vessel",
    "store": "store depot fleet garden board tower harbor studio cabin market museum",
    "label": "label title owner color town street brand motto maker",
    "price": "price score level height power charge cost speed fee",
    "weight": "weight volume depth width strain drag reach load bulk",
    "total": "total amount tally count answer balance output gross",
    "rate": "rate factor ratio bonus gain pace boost share",
    "limit": "limit bound cap budget quota border edge floor",
    "best": "best pick winner leader favorite",
    "scale": "scale adjust convert stretch correct adapt modify",
    "check": "check verify inspect confirm ensure examine validate",
    "show": "show render describe present display express",
    "report": "report summary ledger digest",
}
FIELDS = "age rank grade stock delay heat angle mass area noise"  # what is added later
PARAMETERS = "mode step phase season shift stage rounds margin offset"

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def parts(text: str) -> set[str]:
    """Return the lower-case words that names in a text are made of."""
    return {part.lower() for part in _PART.findall(text)}


def draw(rng: random.Random, pool: str, taken: set[str]) -> str:
    """Draw a word from a pool that is not in use."""
    return rng.choice([word for word in pool.split() if word not in taken])


def pick_theme(rng: random.Random, texts: list[str]) -> dict[str, str]:
    """Draw a word for every word of the sources that a theme may change; all differ."""
    taken = set.union(*map(parts, texts)) - set(POOLS)
    theme: dict[str, str] = {}
    for word, pool in POOLS.items():
        theme[word] = draw(rng, pool, taken)
        taken.add(theme[word])
    return theme


def apply_theme(text: str, theme: dict[str, str]) -> str:
    """Tell a source in the theme's words, singular and plural, keeping each word's case."""

    def change(match: re.Match[str]) -> str:
        word = match[0].lower()
        plural = word.endswith("s") and word[:-1] in theme
        new = theme[word[:-1]] + "s" if plural else theme.get(word)
        if new is None:
            return match[0]
        return new.capitalize() if match[0][0].isupper() else new

    return _PART.sub(change, text)
