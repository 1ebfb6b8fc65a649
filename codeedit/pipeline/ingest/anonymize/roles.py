"""People's accounts in SQL's statements about roles: `GRANT SELECT ON t TO bkessel`, `ALTER ROLE bkessel`, `OWNER TO bkessel`.

Most roles are services': only a word that is somebody's account by itself goes.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding
from codeedit.pipeline.ingest.anonymize.logins import USER, account, is_login, is_somebody

# RE2's syntax.
ANCHOR = r"(?i:\b(?:create|alter|drop)[ ]+(?:user|role|login)[ ]|\bgrant[ ]+[a-z]|\brevoke[ ]+[a-z]|\b(?:reassign[ ]owned[ ]by|owner[ ]to|default[ ]privileges[ ]for[ ](?:user|role)|set[ ]role|session[ ]authorization|kill[ ]user|rename[ ]user|for[ ]login|default_role)[ ])"
_HEAD = re.compile(
    r"(?i)(?:(?:create|alter|drop)\s+(?:user|role|login)\s+(?:(?:if\s+(?:not\s+)?exists|mapping\s+(?:if\s+(?:not\s+)?exists\s+)?for)\s+)?"
    r"|(?:grant|revoke)\s[^;\n]{1,160}?\s(?:to|from)\s+(?:(?:user|role|group)\s+)?"
    r"|(?:reassign\s+owned|owner|default\s+privileges\s+for|set|session|kill|rename|for)\s(?:by|to|role|user|authorization|login)\s+)"
)
_ROLE = re.compile(rf"[\"'`\[]?{USER}[\"'`\]]?(?:@[\"'`]?[\w.%-]+[\"'`]?)?(?![\w.(])")
_NEXT = re.compile(r"\s*,\s*|\s+(?i:to)\s+")
_MOST = 12  # roles of a statement


def roles_at(text: str, start: int) -> Iterator[Finding]:
    """Find people's accounts among the roles of a statement that begins at `start`."""
    head = _HEAD.match(text, start, start + 240)
    position = head.end() if head else 0
    for _ in range(_MOST if head else 0):
        role = _ROLE.match(text, position, position + 100)
        if role is None:
            return
        if is_login(role["user"]) and is_somebody(role["user"]):
            yield account(role)
        following = _NEXT.match(text, role.end(), role.end() + 40)
        if following is None:
            return
        position = following.end()
