"""Names that no list has, known by what people alone do or what is done with them: `// Elif insisted`, `ask Wiremu before`.

A word with a capital that is neither one of English nor a program's, a company's or a rôle's, in a comment or in prose.
"""

# ruff: noqa: E501, SIM905 - patterns and tables of words

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import folded
from codeedit.pipeline.ingest.anonymize.people import NOT_PEOPLE, UPPER
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_VERBS = r"(?:wanted|insisted|asked|suggested|said|thinks|thought|prefers|promised|complained|told|swears|reckons|agreed to|pointed out|decided|hates|hated|loves|noticed|wrote|found out|knows why|is on (?:vacation|holiday|leave|call|pto|parental)|left the company)"
_DONE_WITH = r"(?:[Aa]sk|[Aa]sked|[Tt]ell|[Tt]old|[Tt]alk to|[Tt]alked to|[Ss]poke to|[Ss]poke with|[Mm]et with|[Dd]iscussed with|[Aa]greed with|[Pp]aired with|[Tt]hanks to|[Kk]udos to|[Bb]lame|[Ff]eedback from|[Oo]rders from|[Rr]equest(?:ed)? from|[Rr]eview(?:ed)? by|[Aa]pproved by|[Rr]equested by|[Rr]eported by|[Ss]uggested by|[Pp]atch from|[Ff]ix from|[Aa]dded for|[Ff]ixed for|[Nn]eeded by|[Ww]ritten for|[Cc]ontact)"
# RE2's syntax.
ANCHOR = (
    rf"[A-Z\xc0-\xde?][a-z?\xdf-\xff]{{2,20}} {_VERBS}\b|\b{_DONE_WITH} [A-Z\xc0-\xde?][a-z\xdf-\xff?]"
    r"|(?:^|\n)(?:Dear|Hi|Hello|Hey|Hallo|Hola|Bonjour|Liebe|Lieber) [A-Z\xc0-\xde?][a-z\xdf-\xff?]+[,!]?[ \t]*\n|\b(?:Regards|Cheers|Best|Gruß|Grüße|Saludos|Cordialement),\n[A-Z\xc0-\xde?]"
    r"|-by: [A-Z\xc0-\xde?][a-z\xdf-\xff?]{2,20}[ \t]*\n|--author[= ][\"']?[A-Z\xc0-\xde?]"
)
_WORD = rf"(?P<name>[{UPPER}][^\W\d_]{{2,20}}(?:-[{UPPER}][^\W\d_]{{1,20}})?)(?![\w@/\\(-])(?!\.\w)"
_DOER = re.compile(rf"{_WORD} {_VERBS}\b")
_BEHIND = re.compile(rf"{_DONE_WITH} {_WORD}")
_OTHER = re.compile(rf"(?:,| and| und| &) {_WORD}(?![ ]?[=:])")
_LETTER = re.compile(
    rf"\n?\w+ {_WORD}[,!]?[ \t]*\n|\w+,\n{_WORD}[ \t]*(?:\n|\Z)|-by: {_WORD}[ \t]*\n|--author[= ][\"']?{_WORD}".replace(
        "(?P<name>", "("
    )
)
_COMMENT = re.compile(r"(?:^|[\s;{})])(?:\#|//|--|;|/?\*|<!--|%|\"\"\"|REM\b)[ \t!*/#-]*(?:[^\n]*[.:;] )?\Z")
_PROSE = re.compile(r"(?:[ \t>*+-]*|[^\n(){}\[\]=;<>|\\]*[.:,] )\Z")
_GOES_ON = re.compile(
    r"[ ](?:before|about|if|first|why|how|when|on|and|for|wegen|to|in|again|at|who|what|that|said|was|he|she)\b|[ \t]*(?:[.,;:!?)\]]|\n|\Z|\*/|-->)|'s "
)
_OF_COMMENT = re.compile(r"\#|//|--|;|/?\*|<!--|%|\"\"\"|REM\b")
_NO_PEOPLE = frozenset(
    "it he she they we you who nobody somebody someone everyone everybody anyone people user users client clients customer customers server spec specification doc docs documentation standard legal marketing finance support security management sales product design designers ops operations accounting compliance qa linter compiler chrome firefox safari google microsoft apple "
    "amazon facebook meta twitter github gitlab python ruby java javascript typescript perl rust golang kotlin swift scala clang llvm mypy pylint eslint prettier webpack babel docker kubernetes linux windows macos debian ubuntu fedora redhat mozilla oracle postgres postgresql mysql redis sqlite mongo "
    "this that these those the then there here what when where which why how also but and not the others some many most one two three first second last next both each either neither all any none nothing everything something reviewers reviewer developers developer maintainers maintainer author authors upstream downstream reporter "
    "team teams manager managers admin administrator administrators owner vendor vendors partner partners boss lead leads engineer engineers engineering tester testers caller callers callee parent parents child children vim emacs git bash posix unicode ecma ietf rfc wikipedia stackoverflow knuth reddit slack "
    "jenkins travis circleci sonar dependabot renovate bot coverity valgrind copilot claude chatgpt gemini openai anthropic nvidia intel amd arm ibm cisco adobe apache nginx mac android ios jquery react angular vue django flask rails laravel symfony spring hibernate gradle maven npm yarn pip cargo "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december english german french spanish italian chinese japanese european american british "
    "sir madam customer colleagues folks friends community contributors contributor subscriber reader readers mom dad god santa world kind best warm many please thanks sincerely yours cheers hello dear never always just only later now today yesterday tomorrow once after before because since while until unless although however "
    "error errors warning bug bugs issue issues test tests code function method class module package library program application system service data file files value values input output result results version release branch build config default none null true false".split()
)


def spoken_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name of somebody who does what people do, or with whom it is done, at `start`."""
    doer = _DOER.match(text, start)
    if doer is not None:
        line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
        before = text[line:start]
        told = _COMMENT.search(before) or (before.strip() and _PROSE.fullmatch(before))
        if told and _may_be_name(text, *doer.span("name")):
            yield Finding(*doer.span("name"), "person", "personal", Rank.PERSONAL)
        return
    behind = _BEHIND.match(text, start)
    if behind is not None:
        line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
        told = _OF_COMMENT.search(text, line, start) or _PROSE.match(text[line:start])
        other = _OTHER.match(text, behind.end())
        goes_on = _GOES_ON.match(text, behind.end()) is not None
        for name in (behind, other) if told and goes_on else ():
            if name and _may_be_name(text, *name.span("name")):
                yield Finding(*name.span("name"), "person", "personal", Rank.PERSONAL)
        return
    letter = _LETTER.match(text, start)
    if letter and letter.lastindex and _may_be_name(text, *letter.span(letter.lastindex)):
        yield Finding(*letter.span(letter.lastindex), "person", "personal", Rank.PERSONAL)


_NEAR = 1_500  # characters in which a word in small letters shows that it is no name


def _may_be_name(text: str, first: int, last: int) -> bool:
    """Say whether a word with a capital may be a name: it stands nowhere near in small letters."""
    name = text[first:last]
    word = folded(name)
    if word in _NO_PEOPLE or word.endswith(
        ("ing", "tion", "ment", "ness", "ers", "ity", "ed", "ly", "ware", "lang", "able")
    ):
        return False
    if (
        NOT_PEOPLE.search(name)
        or is_placeholder(name)
        or (not name[1:].replace("-", "").islower() and "-" not in name)
    ):
        return False
    around = text[max(0, first - _NEAR) : last + _NEAR]
    return re.search(rf"(?<![\w]){re.escape(name.lower())}(?!\w)", around) is None
