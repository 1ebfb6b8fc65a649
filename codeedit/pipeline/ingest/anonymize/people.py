"""People's names in structural places: tags, bylines, trailers, copyrights, beside a mail address; TODO(account).

Each function gets a text and where one of its anchors stands, and looks at a bounded stretch around it.
"""

# ruff: noqa: E501, RUF001, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import GIVEN, WORDS_TOO, folded
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS, mail_at
from codeedit.pipeline.ingest.anonymize.phrases import is_passphrase
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_jumbled, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_likely

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƠƯȘȚẠ-ỸΆ-ΏΑ-ΩЀ-Я\u0531-\u0556\u10a0-\u10ff"
NAME_WORD = rf"(?:[{UPPER}]\.(?:[ ]?[{UPPER}]\.){{0,2}}|[{UPPER}][a-z]{{1,6}}-[a-z]{{2,6}}(?![\w-])|(?:[{UPPER}][^\W\d_]*['’\-]?){{1,3}})"
PARTICLE = r"(?:von|van|der|den|de|del|della|di|da|dos|du|la|le|bin|ibn|al|el|ter|zu|y|e)"
_NAME = re.compile(
    rf"{NAME_WORD}(?:[ \t]+(?:{PARTICLE}[ \t]+){{0,2}}{NAME_WORD}){{1,3}}|[一-鿿가-힣぀-ヿ々]{{1,6}}(?:[ \u3000・][一-鿿가-힣぀-ヿ々]{{1,6}}){{1,2}}|[一-鿿가-힣぀-ヿ々]{{2,6}}"
    # Hebrew and Arabic, Indian scripts, Thai: at least two words
    r"|[\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]{2,20}(?:[ ][\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]{2,20}){1,3}"
)
_INVERTED = re.compile(rf"{NAME_WORD},[ ]{NAME_WORD}(?:[ ]{NAME_WORD})?(?=\s*(?:$|[\n<(\"'*]))", re.MULTILINE)
_SINGLE_NAME = re.compile(
    rf"[{UPPER}][^\W\d_]{{2,20}}(?![\w.@])|[a-z][a-z0-9_\-]{{1,20}}(?:\.[a-z0-9_\-]{{1,20}})?(?![\w@/.])"
)
NOT_PEOPLE = re.compile(
    r"(?i)\b(?:inc|llc|ltd|limited|gmbh|corp|corporation|company|co|foundation|project|projects|authors?|contributors?|team|teams|software|technolog\w+|labs?|group|university|"
    r"institute|institut|committee|consortium|association|community|developers?|maintainers?|google|microsoft|facebook|meta|apple|amazon|oracle|ibm|intel|nvidia|amd|mozilla|apache|"
    r"jetbrains|red hat|canonical|sun microsystems|free software|open source|regents|rights|reserved|license[ds]?|copyright|the|and|or|of|for|this|your|name|organization|owner|holders?|systems|"
    r"solutions|networks?|media|studio|services|international|research|center|centre|department|laboratory|linux|gnu|python|rust|java|kotlin|android|version|all|bot|action|actions|user|year|"
    r"some|any|unknown|anonymous|none|null|example|test|first|last|full|by|see|file|code|api|sdk|press|society|bank|agency|council|office|school|college|hospital|security|engineering|platform|core|data|kernel|manager|service|studio|builder|server|console|framework|compiler|generator|client|agent|editor|script|module|library|scanner|policy|default|"
    r"administrators?|users?|committed|credential|credentials|games?|box|new|not|using)\b"
)
_PLACE = re.compile(
    r"""(?xi) (?:
      (?P<tag> [@\\]authors?\b\{? | @maintainer | (?:section|module|code)author:: | :authors?: | <authors?>(?:\s*<name>)? | __author__\s*(?::\s*\w+\s*)?=\s* | __maintainer__\s*=\s* | @reviewer | @assignee | @owner | debfullname= | __(?:credits|contact)__\s*=\s* | spdx-filecontributor: )
    | (?P<copyright> (?:copyright|copr\.|©|&copy;|\(c\)|spdx-filecopyrighttext:) (?:_*["']?[ \t]*[:=][ \t]*["']?)? (?:[ \t]*(?:copyright|\(c\)|©|&copy;|:)){0,6} [ \t]* (?:(?:19|20)\d\d (?:[ \t]*[-–,][ \t]*(?:(?:19|20)?\d\d|present|now)){0,60} ,?)? [ \t]* (?:by[ \t]+)? )
    | (?P<trailer> git_(?:author|committer)_name | (?:author|committer|maintainer|owner|reviewer|display|real|full)[._ -]?name | autor(?:e|es|in)? | auteurs? | verfasser(?:in)? | bearbeiter | (?:signed-off|translated|produced|introduced|ported|adapted|extended|enhanced|updated|edited|fixed|revised|rewritten|refactored|coded|programmed|drafted|prepared|submitted|posted|packaged|documented|verified|requested|merged|work|co-authored|co-developed|reviewed|acked|tested|reported|suggested|approved|reviewed-and-tested|helped|mentored|written|created|developed|maintained|modified|authored|made|commited|committed|contributed|designed|implemented|changed)[-_ ]?by | thanks[ ]to | originally[ ]by | original[ ]author | cc | from | author\(s\) | authors? | committer | maintainers? | reviewers? | assignee | contact | owner | created[ _-]by | last[ _]?editors? | lastmodifiedby | contributors? | commit | last[ _]modified[ _]by | user\.name | full[ _-]?name | translator | editor | approver | (?:created|written|modified|updated)[ ]on[ ][\d/.-]+[ ]by )
      ["']? [ \t]* [:=,\[(]{0,2} [ \t]* \[? \s* (?:-[ ])? (?: \{? \s* ["']?name["']? \s* [:=] \s* )? ["']?
    )"""
)
_AFTER_TAG = re.compile(r"""[ \t:=,\["'(]{0,6}(?:<a href="[^"\n]{0,100}">)?""")


def is_name(value: str) -> bool:
    """Say whether a value is somebody's full name and nothing else."""
    return bool(_NAME.fullmatch(value)) and not NOT_PEOPLE.search(value) and not is_placeholder(value)


# A record's first and last name, where it has a mail address or a number too.
PART_ANCHOR = (
    r"(?i:(?:\b|_)(?:first|last|given|family|sur)_?name[\"']?[ ]?(?:=>|[:=])[ ]?[\"'][a-z\xc0-\xff?])"
)
_PART = re.compile(
    rf"""(?i:_?(?:first|last|given|family|sur)_?name["']?[ ]?(?:=>|[:=])[ ]?["'])(?P<name>(?:{PARTICLE}[ ])?{NAME_WORD}(?:[ -]{NAME_WORD})?)["']"""
)
_REACHED = re.compile(r"(?i)\w@\w|e-?mail|phone|mobile|\btel\b")
_ANYBODY = frozenset(
    "john jane doe max mustermann mustermensch alice bob foo bar nachname vorname last given family smith nom apellido cognome required".split()
)


def part_at(text: str, start: int) -> Iterator[Finding]:
    """Find a first or last name in the record that has its key at `start`."""
    match = _PART.match(text, start)
    if (
        match is not None
        and folded(match["name"]) not in _ANYBODY
        and not NOT_PEOPLE.search(match["name"])
        and not is_placeholder(match["name"])
        and _REACHED.search(text, max(0, start - 300), match.end() + 300)
    ):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


# What stands behind a name, before it, and between it and the next one.
_SEPARATED = re.compile(r"""["']?\s*(?:$|[\n,;.<("'*/\]})|\\]|\d{4}|on \d|and\b|-->|--\]|at\b)""")
_SPELLED = re.compile(r"[=:]\s*[\[(]?\s*[\"']?$|[\"'] *$|,\s*[\"']$|- [\"']?$")
_MAILED = re.compile(r"""["']?\s*[<(]\s*[\w.+-]+@""")
_MORE = re.compile(
    r"(?:\s*<[^<>\n]{3,80}>)?(?:,\s*(?:and\s+)?|\s+(?:and|und|et|y)\s+|\s*&(?!\w{1,5};)\s*|\s*[;/|]\s*|[ ]\\+and[ ]|[\"'],\s*[\"'])(?=\w)|[\"']?\s*\n\s*-[ ][\"']?(?=\w)"
)


def name_at(text: str, start: int) -> Iterator[Finding]:
    """Find a person's name behind a tag, a copyright or a trailer that begins at `start`."""
    match = _PLACE.match(text, start)
    inner = text[start] == "_" and match is None  # package_author
    match = _PLACE.match(text, start + 1) if inner else match
    if match is None or (match["trailer"] and not inner and text[start - 1 : start].isalnum()):
        return
    position = _AFTER_TAG.match(text, match.end()).end()  # type: ignore[union-attr]
    firm = match["trailer"] is None or match["trailer"].lower().endswith(("by", "to"))
    for number in range(4):  # a list of names
        name = (None if match["copyright"] else _INVERTED.match(text, position)) or _NAME.match(
            text, position
        )
        if name is None:
            if (
                match["tag"]
                and position < len(text)
                and (single := _SINGLE_NAME.match(text, position))
                and not NOT_PEOPLE.search(single[0])
                and single[0].lower() not in GENERIC_USERS
                and not is_placeholder(single[0])
                and not text[single.end() : single.end() + 2].strip().startswith(("(", "="))
            ):
                yield Finding(*single.span(), "person", "personal", Rank.PERSONAL)
            return
        after = text[name.end() : name.end() + 80]
        separated = _SEPARATED.match(after)
        spelled = _SPELLED.search(text[max(0, position - 4) : position])
        mailed = _MAILED.match(after)
        if (
            not NOT_PEOPLE.search(name[0])
            and not is_placeholder(name[0])
            and (mailed or (separated and (firm or spelled or number)))
        ):
            yield Finding(*name.span(), "person", "personal", Rank.PERSONAL)
        more = _MORE.match(text, name.end())
        if more is None:
            return
        position = more.end()


_PAIR = re.compile(
    rf"""["']?[ \t]*[:=][ \t]*["']?(?P<name>{NAME_WORD}(?:[ \t]+(?:{PARTICLE}[ \t]+){{0,2}}{NAME_WORD}){{1,3}})["']?[ \t]*(?=[,;\n}})\]]|\w*[Mm]ail|$)"""
)
_MAIL_KEY = re.compile(r"""(?i)(?:e-?mail|mail)(?:address)?["']?\s{0,4}[:=]\s{0,4}["'<]?[\w.+\-]{1,64}@""")


def pair_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name in `name: …, email: …`, whose key stands at `start`; the mail address may come before."""
    owned = _OWNED.match(text, start)
    if owned and _is_given(owned["name"]):
        yield Finding(*owned.span("name"), "person", "personal", Rank.PERSONAL)
        return
    match = _PAIR.match(text, start + 4)
    if match is None or not _MAIL_KEY.search(text, max(0, start - 120), match.end() + 120):
        return
    if not NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


_BYLINE = re.compile(
    rf"\n?[ \t]*(?:#|//|/?\*+|--|;|%|<!--)+[ \t]*[Bb]y:?[ \t]+(?P<name>{NAME_WORD}(?:[ \t]+(?:{PARTICLE}[ \t]+){{0,2}}{NAME_WORD}){{1,3}})[ \t]*(?=$|[\n,;<(*|]|-->|\d{{4}}|on \d)"
)


def byline_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name in a comment that is nothing but `by Name`, and a date perhaps."""
    match = _BYLINE.match(text, start)
    if match and not NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


_NAME_BEFORE = re.compile(
    rf"(?:(?<=[\"'])(?:{PARTICLE}[ ])?{NAME_WORD},[ ]{NAME_WORD}|(?:{NAME_WORD}[ \t]+(?:{PARTICLE}[ \t]+){{0,2}}){{1,3}}{NAME_WORD}|[一-鿿가-힣぀-ヿ々]{{2,6}})(?P<mark>[ \t]*[\"']?[ \t]*(?:[<(\[,;|\t]|&lt;|<a href=)[ \t]*[\"']?[ \t]*(?:mailto:)?)\Z"
)
_LEADING = re.compile(
    r"(?:Contact|Ask|Email|Mail|From|To|By|Cc|Author|Thanks|Thank|See|Call|Please|Dear|Hi|Hello|And|With)[ ]+"
)
_NO_MAILBOX = re.compile(
    r"(?i)\b(?:support|e-?mails?|mailbox|contact|address|sender|recipient|reply|customer|sales|info|help|desk|billing|feedback|report|list|to|cc|bcc|from)\b"
)


_BEHIND_MAIL = re.compile(r":(?P<value>[^\s:/\"'`,;<>]{8,64})(?=[\s\"'`]|\Z)")
# The next literal of a pair, in a list or a call.
_NEXT_LITERAL = re.compile(
    r"[\"'`]\s{0,3}(?:,|=>|->|\bto\b|:)\s{0,3}b?(?P<quote>[\"'`])(?P<value>[^\s\"'`]{6,64})(?P=quote)[ ]?(?=[)\]},;\n]|\Z)"
)


_VERSION = re.compile(r"\d\.\d")
_LINKED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")  # as in an algorithm's name


def _is_password(value: str) -> bool:
    """Say whether what stands beside a mail address may be its password: no address, word, number or digest."""
    return (
        (is_likely(value) or is_jumbled(value))
        and any(not c.isalpha() for c in value)
        and "@" not in value[1:-1]
        and not _VERSION.search(value)
        and (is_passphrase(value) or not _LINKED.fullmatch(value))
        and "://" not in value
        and not is_digest(value)
    )


def mail_near(text: str, start: int) -> Iterator[Finding]:
    """Find a mail address whose @ stands at `start`, and the name in `Name <mail>`, `Name (mail)`, `"Name", "mail"`."""
    found = list(mail_at(text, start))
    yield from found
    if found and (password := _BEHIND_MAIL.match(text, found[0].end)) and is_strong(password["value"]):
        yield Finding(*password.span("value"), "password", "secret", Rank.CONTEXT)
    if found and (second := _NEXT_LITERAL.match(text, found[0].end)) and _is_password(second["value"]):
        yield Finding(*second.span("value"), "password", "secret", Rank.CONTEXT)
    low = start
    while low > 0 and start - low < 64 and (text[low - 1].isalnum() or text[low - 1] in "_.+-%'"):
        low -= 1
    if text[low - 1 : low] not in ("<", "(", "[", ",", ";", "|", "\t", " ", '"', "'", ":") or not low:
        return
    first = max(0, low - 96)
    line = max(text.rfind("\n", first, low) + 1, first)
    match = _NAME_BEFORE.search(text, line, low)
    if match is None or not (found or "<" in match["mark"]):
        return
    name = text[match.start() : match.start("mark")].rstrip()
    first = match.start()
    while lead := _LEADING.match(name):
        name = name[lead.end() :]
        first += lead.end()
    if (
        (name.isascii() and " " not in name)
        or NOT_PEOPLE.search(name)
        or _NO_MAILBOX.search(name)
        or is_placeholder(name)
    ):
        return
    yield Finding(first, first + len(name), "person", "personal", Rank.PERSONAL)


_TODO = re.compile(
    r"(?i:TODO|FIXME|XXX|HACK|BUG|NOTE|REVIEW|OPTIMIZE)(?::?[ \t]*\(\s*@?|:?[ \t]+@|:?[ \t]*\[\s*@?|[ \t]+(?=[a-z][\w.\-]+:[ ]))(?:"
    rf"(?P<name>{NAME_WORD}[ ]{NAME_WORD}(?:[ ]{NAME_WORD})?)\s*[)\]:,]|(?P<user>[A-Za-z][\w.\-]{{1,38}})\s*[)\]:,\s])"
)
# `FIXME Amara: …`, `Hi Amara,`, `call Amara at …`, `per Amara`: a given name that is no word.
ADDRESSED_ANCHOR = r"\b(?:TODO|FIXME|XXX|HACK|NOTE:?|BUG|Hi|Dear|Hey|[Cc]all|[Aa]sk|[Pp]ing|[Tt]ell|[Pp]er|[Tt]hanks to|[Kk]udos to|[Aa]ccording to|[Tt]alk to|[Cc]heck with|Thanks|Regards|Cheers|Gruss),?[ \n][A-Z\xc0-\xff?][a-z\xdf-\xff?]{2}"
_ADDRESSED = re.compile(
    rf"[A-Za-z]+(?P<sure>[ ](?:to|with))?:?,?[ \n](?P<name>[{UPPER}][^\W\d_]{{2,20}})(?=[:,!.;)\n]|[ ](?:at|on|if|when|before|about|for|und|and|first|wegen|unter|what|why|how|to|says|said|thinks|wants|wanted|needs|knows|asked|wrote|reported|found|suggested|claims|prefers|told|hates|likes|has|is|did|will|can|sagt|meint)\b|(?(sure)[ ][a-z])|$)"
)


def addressed_at(text: str, start: int) -> Iterator[Finding]:
    """Find the given name of somebody who is addressed or to be asked, at `start`."""
    match = _ADDRESSED.match(text, start)
    if match and folded(match["name"]) in GIVEN and folded(match["name"]) not in WORDS_TOO:
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


# What is somebody's: `at Amara's desk`, `name: Amara phone`.
_OWN = r"(?:desk|laptop|notebook|phone|telephone|telefon|handy|mobile|iphone|ipad|tablet|macbook|thinkpad|watch|workstation|computer|rechner|machine|box|office|car|branch|fork|team|account|mailbox|inbox|calendar)"
# RE2's syntax.
POSSESSED_ANCHOR = rf"'s {_OWN}\b"
_OWNER = re.compile(rf"(?P<name>[{UPPER}][^\W\d_]{{2,20}}(?:[ ]{NAME_WORD})?)")
_OWNED = re.compile(
    rf"""name["']?[ \t]*[:=][ \t]*["']?(?P<name>[{UPPER}][^\W\d_]{{2,20}})(?:['’]?s)?[ _-](?i:{_OWN})["']?[ \t]*(?=[,;}}\n#]|$)"""
)


def possessed_at(text: str, start: int) -> Iterator[Finding]:
    """Find who a desk, a phone, a branch is said to be of; the apostrophe stands at `start`."""
    line = max(text.rfind("\n", max(0, start - 44), start) + 1, start - 44)
    for position in range(line, start):  # the longest name
        if (position == line or not text[position - 1].isalnum()) and (
            match := _OWNER.fullmatch(text, position, start)
        ):
            name = match["name"]
            if _is_given(name.partition(" ")[0]) and not NOT_PEOPLE.search(name) and not is_placeholder(name):
                yield Finding(position, start, "person", "personal", Rank.PERSONAL)
                return


_NOT_USERS = re.compile(
    r"(?i)(?:.*\d{3,}|[A-Z]{2,}-\d+|gh-\d+|issue.*|perf.*|security|cleanup|later|docs?|tests?|refactor\w*|bug|feature|api|ui|v\d.*|next|soon|ci|low|high|medium|minor|major|critical|important|"
    r"optional|temp|async|typing|types?|error|errors|config|windows|linux|macos|python\d*|all|everyone|anyone|me|nobody|someone|team|name|user|username|performance|deprecated|breaking|i18n|a11y|p\d|https?|\d.*)"
)


def _is_given(user: str) -> bool:
    """Say whether a word behind a blank is a given name and nothing else."""
    return folded(user) in GIVEN and folded(user) not in WORDS_TOO


def todo_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account or the name in TODO(account) at `start`."""
    match = _TODO.match(text, start)
    if match and match["name"]:
        if not NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
            yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)
        return
    if (
        match
        and not _NOT_USERS.fullmatch(match["user"])
        and match["user"].lower() not in GENERIC_USERS
        and not is_placeholder(match["user"])
        and (text[match.start("user") - 1] not in " \t" or _is_given(match["user"]))
    ):
        yield Finding(*match.span("user"), "account", "personal", Rank.PERSONAL)
