"""Themes: the sample sources told about other things, so that no two sessions hold the same code.

The sources speak of items in a store.  A theme gives each of these words another one, inside longer names
too (`totalPrice`, `Item`), and the chores draw new names from the same words.  There are so many of them
that who has seen some sessions cannot guess the names in another one: they have to be read.
"""

from __future__ import annotations

import random
import re

# None is a keyword in any of the ten languages; each is a single token of the model `tiny`.
NOUNS = """
    account action actor agent album amount anchor angle animal answer archive area article asset author
    average award badge balance band bank bar batch bay beacon beam bean bill bin board body bolt bonus
    book border bound bridge broker bucket budget bulk bundle button cabin camera capacity car card cart
    catalog cell center chain channel chapter charge chart circle city client clip clock cloud cluster
    coin color column contact content cookie corner cost country course cover crew cross curve cycle deal
    debit deck delay demand depot depth device dialog digest document door draft drag driver edge effect
    energy engine extra factor fan farm fee fleet flight floor flow folder font frame gain game garden
    gate gauge gear gift goal grade grain grid guard guest guide harbor heat height hero house idea image
    island journey judge kernel key lake lamp lane layer leader leaf ledger level library light load lock
    log machine margin market mass matrix member memory menu meter mirror model money moment month motor
    motto museum net night noise note number office orange order owner pace page pair panel park path
    pattern peak phone photo pilot pin pipe pixel plant plate player point pool port post power price
    prize profit pulse pump queue quota radius rail rank ratio reach region reward ring river road room
    root route row salary sale scene score screen season seat seed sensor shape share shelf ship shop side
    signal size skill slot song sound space speed square staff stage stamp stock stone storm street stress
    studio tally task tax team ticket tile title token tool topic tower town track trade traffic train
    tree trend trip vehicle vessel video voice volume wall wave weather week width wind window winner wire
    worker year zone
"""
VERBS = """
    adapt adjust align apply attach balance bound capture check choose clean collect combine compare
    compute confirm convert correct describe detect display divide draw drop ensure examine express fetch
    filter handle inspect invert join judge limit link mark measure merge modify mount observe pack paint
    pick place prepare present publish pull push quote reduce render repair reserve round sample scale
    search send shift solve sort split stretch tag test trace trim tune update validate verify watch wrap
"""
# The sources' words, and which words may stand for each.
WORDS = {
    "item": NOUNS,
    "store": NOUNS,
    "label": NOUNS,
    "price": NOUNS,
    "weight": NOUNS,
    "total": NOUNS,
    "rate": NOUNS,
    "limit": NOUNS,
    "best": NOUNS,
    "report": NOUNS,
    "scale": VERBS,
    "check": VERBS,
    "show": VERBS,
}

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def parts(text: str) -> set[str]:
    """Return the lower-case words that names in a text are made of."""
    return {part.lower() for part in _PART.findall(text)}


def draw(rng: random.Random, words: str, taken: set[str]) -> str:
    """Draw a word that is not in use, in singular or plural."""
    return rng.choice([word for word in words.split() if not {word, f"{word}s"} & taken])


def pick_theme(rng: random.Random, texts: list[str]) -> dict[str, str]:
    """Draw a word for every word of the sources that a theme may change; all differ."""
    taken = set.union(*map(parts, texts))
    theme: dict[str, str] = {}
    for word, words in WORDS.items():
        theme[word] = draw(rng, words, taken)
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
