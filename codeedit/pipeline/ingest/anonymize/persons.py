"""People's names in sentences, and accounts that are made of a name, known by common given names and surnames.

`// ask Marek Dvorak`, `members: [mdvorak]`, `owner = "marek.d"`, `@mdvorak`: what makes these a person's is the name in
them, not their place.  Words that are names and something else too count only beside another name (see `lexicon`).
"""

# ruff: noqa: E501, RUF001, SIM905 - patterns and tables of words

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import GIVEN, ORDINARY, SURNAMES, WORDS_TOO, folded
from codeedit.pipeline.ingest.anonymize.people import NAME_WORD, NOT_PEOPLE, PARTICLE, UPPER
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_SURE_GIVEN = GIVEN - WORDS_TOO
_SURE_SURNAMES = SURNAMES - WORDS_TOO
# Words of programs and of English that look like an account made of a name.
_NO_ACCOUNTS = (
    frozenset(
        "control elif changed changes changing pattern patterns normal normals correct corrects atomic clang several matter matters said casting carries carried carrier clause clauses parking hashing thead halves hung linalg theory javadoc severing "
        "ingest ingester jenkins tomcat martinis markdown markers margins mariadb mariner janitor karma hermes athena cassandra ansible grafana hadoop carbon future before checkers checker chrome christ christmas german germany romance romans "
        "hanging handler handled marking parked brownie cooker cooking franks grants granted grace gracing harden hardens longer walking wallet waters websites wolves youngest kingdom kings lambda lambert gaussian hilbert novell nova bergs "
        "berlin boston london washington lincoln hudson fortran pascal eiffel haskell erlang ruby perl julia swift dart scala clojure elixir crystal sparta simons simona alicebob marcel carlos-test rosetta stella stellar aurora sierra julian julians "
        "martian marine marines mariana angels angular angela-ui victory victoria-metrics francium franc francs peters patrick-bot maxima maximal maximum maximus minimal monica leonardo roberta ernie albert hubert florence marian claude gemma clara aria davinci babbage curie celeste xavier kaiming electra bertha elmo deborah-ai".split()
    )
    | ORDINARY
)
# Beginnings of surnames that are in words of code: five letters, before which or behind which an initial stands.
_IN_CODE = frozenset(
    "const stanc conne space ignat chara resen river range stric contr patte corre pache caste hashe heck ates".split()
)
# Names that words of code go on from: nothing is behind them.
_CLOSED = frozenset("conte hidde regis ferenc chang".split())
_OPEN_GIVEN = _SURE_GIVEN - _CLOSED
_STEMS = frozenset(name[:5] for name in _SURE_SURNAMES if len(name) >= 5) - _IN_CODE - _CLOSED
_FOUR_LETTERS = frozenset(name for name in _SURE_SURNAMES if len(name) == 4) - _IN_CODE

# RE2's syntax: two words that begin with capitals; a letter beyond Latin-1 is a question mark there.
PERSON_ANCHOR = r"[A-Z\xc0-\xde?][a-z\xdf-\xff?][a-z\xdf-\xff?'-]*(?:-[A-Z][a-z\xdf-\xff?]+)?,?[ ](?:(?:van|von|de|del|der|den|da|di|la|le|el|al|bin|dos|zu|\xd3|N\xed)[ ]){0,2}[A-Z\xc0-\xde?]['a-z\xdf-\xff?]"
_PAIR = re.compile(
    rf"(?P<first>{NAME_WORD})(?P<comma>,?)[ ](?P<rest>(?:{NAME_WORD}[ ])?(?:{PARTICLE}[ ]){{0,2}}(?P<last>{NAME_WORD}))(?P<more>(?:[ ]{NAME_WORD})?)"
)
_CAPITAL = re.compile(rf"[ ][{UPPER}]")
_NO_SECOND = frozenset(
    "doe mustermann bloggs musterfrau public lovelace turing knuth torvalds hopper einstein db sql script server pro mode street avenue road square river island beach hotel airport city county state "
    "college church theorem algorithm method transform distribution filter matrix curve test equation constant function law effect protocol syndrome carlo sans serif display mono bold italic regular light medium black".split()
)


def person_at(text: str, start: int) -> Iterator[Finding]:
    """Find a name in the words with capitals that begin at `start`: a given name with what may be a surname, or reversed."""
    while (match := _PAIR.match(text, start)) is not None:
        end = _end_of_name(text, start, match)
        if end:
            yield Finding(start, end, "person", "personal", Rank.PERSONAL)
            return
        following = _CAPITAL.search(text, match.end("first"), match.end())
        if following is None:
            return
        start = following.end() - 1


def _end_of_name(text: str, start: int, match: re.Match[str]) -> int:
    """Return where the name that begins at `start` ends, 0 where there is none."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "_@/\\.&#$"):
        return 0
    first, last = _parts(match["first"]), _parts(match["last"])
    end = match.end("last")
    if text[end - 1] in "'’" and text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum():
        end -= 1  # somebody's
    if match["comma"]:
        good = last[0] in _SURE_GIVEN and first[-1] in SURNAMES and not match["more"]
    else:
        good = _is_pair(first, last)
        if good and match["more"] and folded(match["more"].strip()) in SURNAMES:
            end = match.end("more")
    after = text[end : end + 1]
    if (
        not good
        or after.isalnum()
        or after in ("_", "(")
        or (after == "." and text[end + 1 : end + 2].isalnum())
    ):
        return 0
    name = text[start:end]
    return 0 if NOT_PEOPLE.search(name) or is_placeholder(name) else end


_BETWEEN_PARTS = re.compile(r"[-'’]")


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, ...]:
    """Return the parts of a word of a name, without accents: those between hyphens."""
    return tuple(folded(part) for part in _BETWEEN_PARTS.split(word) if part) or ("",)


def _is_pair(first: tuple[str, ...], last: tuple[str, ...]) -> bool:
    if last[-1] in _NO_SECOND or len(last[-1]) < 2:
        return False
    whole = "".join(last)
    known = whole in SURNAMES or last[-1] in SURNAMES
    sure = whole in _SURE_SURNAMES or last[-1] in _SURE_SURNAMES
    if first[0] in _SURE_GIVEN or "".join(first) in _SURE_GIVEN:
        return known or not (last[-1] in _ENGLISH or last[-1] in WORDS_TOO)
    if last[-1] in _SURE_GIVEN:  # the surname first
        return first[0] in SURNAMES or first[0] in GIVEN
    if first[0] in GIVEN:
        return sure or (known and len(first) > 1)
    return sure and len(whole) >= 5 and len(first[0]) >= 4 and first[0] not in _ENGLISH


_ENGLISH = frozenset(
    "about after all also although another any apply ask based because before being between both cells check compare compute contact convert copy create dear default define during each either every example find finish first fixed from general "
    "generate given good great hello here however import improved initial inline input inside install instead into invalid last later least less like load local made make many maybe merge method model modified modify more most move much multi must need next none normal note "
    "only open original other output over parse part phone please posted previous print private public read recent related release remove rename replace report request result return revised right run sample save second see send several show similar simple since single some source special standard start "
    "still store such support system take test than thank thanks that their them then there these they this those three through thus today together total under until update updated upper used uses using various very view wait want warning were what when where which while whole whose with within without write written your "
    "and is was has the for from with says said will would can could should may does did wants asked likes loves language code book project application app page store shop game games center centre house "
    "day night week month year time week station hall tower bridge lake bay point north south east west new old international national american british european version edition series class classes "
    "type types name names user users value values list key keys field fields button menu window screen view table file files data base bank group team company limited technologies software systems services "
    "framework library driver engine model models studio cloud platform network security engineering research science university school institute foundation press news times post media music film "
    "cell cells number numbers numeral numerals letter letters symbol symbols alphabet font text string strings word words empire catholic orthodox church pass".split()
)


@lru_cache(maxsize=8192)
def is_account(value: str) -> bool:
    """Say whether a word is an account made of a person's name: `mdvorak`, `marekd`, `marek.dvorak`, `dvorama`, `marek`."""
    if value.lower() in GENERIC_USERS or value.lower() in _NO_ACCOUNTS or is_placeholder(value):
        return False
    if (
        not value.islower()
        and not value.isupper()
        and not re.fullmatch(r"[A-Z][a-z]+(?:[._-]?[A-Z][a-z]*)?\d{0,4}", value)
    ):
        return False
    plain = re.sub(r"\d{1,4}$", "", folded(value)).rstrip("._-")
    parts = [part for part in re.split(r"[._-]+", plain) if part]
    if not parts or not plain.replace(".", "").replace("-", "").replace("_", "").isalpha():
        return False
    if len(parts) > 1:
        return _is_of_names(parts, dotted="." in plain)
    return _is_one_word(plain)


def _is_of_names(parts: list[str], *, dotted: bool) -> bool:
    """Say whether words are a given name and a surname, or one of them with an initial."""
    names = [part for part in parts if len(part) > 1]
    if len(parts) > 3 or not names:
        return False
    if len(names) == 1:
        return (
            len(parts) == 2 and (names[0] in _SURE_SURNAMES or names[0] in _SURE_GIVEN) and len(names[0]) >= 4
        )
    first, last = names[0], names[-1]
    pair = (first in GIVEN and last in SURNAMES) or (last in GIVEN and first in SURNAMES)
    sure = first in _SURE_GIVEN or last in _SURE_GIVEN or first in _SURE_SURNAMES or last in _SURE_SURNAMES
    return sure and (pair or (dotted and len(parts) == 2 and first in _SURE_GIVEN and len(last) > 3))


def _is_one_word(word: str) -> bool:
    """Say whether a word is a name, or one with an initial or with another name; see `name_marks`."""
    if len(word) < 4:
        return False
    if word in _SURE_GIVEN or word in _SURE_SURNAMES:
        return len(word) >= 5 or word in _SURE_GIVEN
    if word[1:] in _SURE_SURNAMES and (len(word) > 5 or word[1:] in _FOUR_LETTERS):
        return True
    for cut in (1, 2):  # a given name or surname, and the first letters of the other
        name = word[:-cut]
        if name in _OPEN_GIVEN and len(name) >= 4:
            return True
        if name in _SURE_SURNAMES and name not in _CLOSED and len(word) > 6 and len(name) >= 4:
            return True
    for cut in range(3, len(word) - 2):
        if word[:cut] in _OPEN_GIVEN and word[cut:] in SURNAMES:
            return True
    return len(word) == 7 and word[:5] in _STEMS


def name_marks() -> list[str]:
    """Return what stands in each word that `is_of_account`, where text is small letters and blanks for all else.

    It is a name as a whole word, one behind an initial up to the word's end, or the beginning of one that goes on.
    None is within another, as it would be found there.
    """
    names = {name for name in _SURE_GIVEN | _SURE_SURNAMES if name.isalpha()}
    marks = {f" {name} " for name in names}
    marks |= {f"{name} " for name in _SURE_SURNAMES if len(name) >= 5 or name in _FOUR_LETTERS}
    marks |= {f" {name}" for name in _OPEN_GIVEN if len(name) >= 3} | {f" {stem}" for stem in _STEMS}
    marks |= {f" {name}" for name in _SURE_SURNAMES - _CLOSED if len(name) >= 5 and name[:5] not in _STEMS}
    kept: set[str] = set()
    for mark in sorted(marks, key=len):
        parts = (mark[at : at + size] for size in range(4, len(mark)) for at in range(len(mark) - size + 1))
        if kept.isdisjoint(parts):
            kept.add(mark)
    return sorted(kept)


def accounts_of(name: str) -> Iterator[str]:
    """Yield the accounts that are usually made of a full name, in small letters: a found name's account is one, too."""
    words = [folded(word) for word in re.split(r"[ \-'’]+", name.replace(".", " ")) if len(word) > 1]
    particles = {"van", "von", "der", "den", "de", "del", "la", "le", "di", "da", "dos", "el", "al", "bin"}
    long = [word for word in words if word not in particles]
    if len(long) < 2 or not all(word.isascii() and word.isalpha() for word in long):
        return
    given, surname = long[0], "".join(words[1:])
    for last in {surname, long[-1]}:
        yield from (
            given[0] + last,
            given + last[0],
            last + given[0],
            last[:5] + given[:2],
            given[:3] + last[:3],
        )
        for mark in ("", ".", "_", "-"):
            yield from (given + mark + last, last + mark + given)
        yield f"{given[0]}.{last}"


# RE2's syntax: a name of a value that is an account, and what stands between them.
_KEY = (
    r"user|users|user_?name|user_?names|user_?id|usr|uname|login|logins|log_in|log_?name|account|account_?name|acct|owner|owners|assignee|assignees|assigned_?to|reviewer|reviewers|approver|approvers|maintainer|maintainers|author|authors|committer|"
    r"creator|created_?by|updated_?by|modified_?by|changed_?by|deleted_?by|approved_?by|reviewed_?by|requested_?by|reported_?by|merged_?by|deployed_?by|started_?by|triggered_?by|submitted_?by|last_?modified_?by|reporter|requester|requestor|submitter|operator|"
    r"responsible|handle|nick|nickname|member|members|admins|admin_?users|engineer|developer|oncall|on_?call|contact|contacts|lead|leads|manager|run_?as|become_?user|actor|principal|sender|recipient|mentor|buddy|watchers|subscribers|collaborators|participants|attendees|"
    r"sam_?account_?name|email_?id|mail_?box|workspace|usuario|usuarios|benutzer|benutzername|bearbeiter|utilisateur|identifiant|utente|gebruiker|gebruikersnaam|anmeldename|kennung|uzytkownik|slack|skype|telegram|twitter|github|gitlab|discord|linkedin"
)
KEY_ANCHOR = (
    rf"(?i:(?:\b|_|[a-z])(?:{_KEY})[\"'`)\]]{{0,3}}[ ]?(?:=>|:=|\?=|==|===|->|=|:|,|\?:|\()[ \t]*(?:(?:String|str|&str|string)?[ ]?=?[ ]?)[\"'`({{\[@]{{0,3}}[a-z])"
    r"|(?:[ (\"'`]|^)@[a-z][a-z._-]{3}"
    r"|(?:[ \"']-[ulU][ =]?|--user(?:name)?[ =]|/user:|[A-Z]{3,15}\\\\?)[\"']?[A-Za-z][a-z._-]{3}"
    r"|\br\d+ \| [a-z]|\n[a-z][\w.-]{3,30}:(?:\$|\{)"
)
# A single word in quotes; behind a word that tells of a user; at the beginning or the end of a comment; before a hash.
WORD_ANCHOR = (
    r"[\"'`][A-Za-z][a-z]{2,12}[._-]?[a-z]{1,12}\d{0,2}[\"'`]"
    r"|(?i:\b(?:user|users|username|login|uid|account|player|admin|identity|by|logged in as|of|responsible|for)\b[\"':=]{0,2}[ ])[a-zA-Z][a-z]{3}"
    r"|(?:#|//|--|;|%|\*)[ ]?[a-z]{4,14}(?::[ ]|\n|,|[ ]\d)|\([a-z]{4,14}\)|\d[ ][a-z]{4,14},|[/ ][a-z]{4,14}[ ]/[ ]|[\n\"'][a-z]{4,14}(?:[ ]\$|:[^\s:/]{6})|//[a-z]{4,14}:[^\s/]{4}|-[ ][a-z]{4,14}[ ]*[\n#]|[ =]uid=[a-z]{4}|//[a-z]{4,14}-[a-z]"
    r"|[ ][a-z]{4,14}[ ][<(\[]|[ ][a-z]{4,14}@[$%{]|[ /]u/[a-z]{4}"
)
_STANDING = re.compile(r"[^\n]{0,20}?(?<![\w.@\-/$])(?P<user>[A-Za-z][\w.\-]{3,30})(?![\w(\[]|@[^$%{]|\.\w)")
# Who stands for anybody in examples.
_ANYBODY = frozenset(
    "alice bob carol carlos charlie dave david erin eve frank grace mallory oscar peggy trent trudy victor walter john jane johndoe janedoe john.doe jane.doe jdoe doe max joe jack jill lorem".split()
)


def is_of_account(run: str) -> bool:
    """Say whether a run of letters may be an account, or a part of one or of a person's name."""
    word = folded(run)
    sure = word in _SURE_GIVEN or word in _SURE_SURNAMES
    if word in _NO_ACCOUNTS or word in GENERIC_USERS:
        return sure and not run.islower()
    return sure or _is_one_word(word)


def is_given(word: str) -> bool:
    """Say whether a word without accents, in small letters, is a given name and no word."""
    known = word in _SURE_GIVEN or (word[:-1] in _SURE_GIVEN and word.endswith("a") and len(word) > 6)
    return known and word not in _NO_ACCOUNTS and word not in _ANYBODY


def word_near(text: str, start: int) -> Iterator[Finding]:
    """Find the account of a person that stands by itself a few characters behind `start`."""
    start += text.startswith("\n", start)
    end = text.find("\n", start)
    end = min(len(text) if end < 0 else end, start + 48)
    position = start
    for _ in range(3):
        match = _STANDING.match(text, position, end)
        if match is None:
            return
        user = match["user"].rstrip(".-_")
        if user.lower() not in _ANYBODY and is_account(user):
            yield Finding(
                match.start("user"), match.start("user") + len(user), "account", "personal", Rank.PERSONAL
            )
            return
        position = match.end("user")


_WORD = re.compile(r"@?(?P<user>[^\W\d_][\w.\-]{2,40})")
_LISTED = re.compile(
    r"""["'`]?\s*(?:,|;|\||&|\band\b|\n[ \t]*-)\s*["'`]?@?(?P<user>[^\W\d_][\w.\-]{2,40})(?![\w(@])"""
)
_TO_WORD = re.compile(
    r"""[^\n]{1,48}?(?:=>|:=|\?=|===?|->|\?:|[=:,(@|/\\{]|--?\w+[ =])[ \t]*(?:(?:String|&?str|string)[ ]?=[ ]?)?["'`({\[]{0,3}@?(?=[^\W\d_])"""
)


def account_near(text: str, start: int) -> Iterator[Finding]:
    """Find the accounts behind the name of such a value, an @ or a flag that begins at `start`; those of people only."""
    end = text.find("\n", start + 1)
    end = min(len(text) if end < 0 else end, start + 200)
    match = _TO_WORD.match(text, start, end)
    position = match.end() if match else start + 1
    match = _WORD.match(text, position, end)
    for _ in range(12):
        if match is None:
            return
        user = match["user"].rstrip(".-_")
        if text[match.end() : match.end() + 1] in ("(", "@", "/") and not text.startswith("@$", match.end()):
            return
        if is_account(user):
            yield Finding(
                match.start("user"), match.start("user") + len(user), "account", "personal", Rank.PERSONAL
            )
        match = _LISTED.match(text, match.end())
