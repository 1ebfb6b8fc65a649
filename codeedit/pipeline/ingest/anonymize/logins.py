"""Words in an account's place: which may be somebody's, and which are so by themselves.

Accounts of services stand in the same places as people's; those with such a word stay.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.holders import is_holder
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.persons import is_account
from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS
from codeedit.pipeline.ingest.anonymize.shapes import is_dummy, is_technique

# Named "user" in patterns.
USER = r"(?P<user>[A-Za-z][\w\-]{1,31}(?:\.[\w\-]{1,24}){0,2})"

# Words that are no account where one could stand: of types, of languages, of forms, of what a thing is called.
_NO_LOGINS = frozenset(
    "string str text char varchar int bool true false none null nil undefined object self this type value var let const new return await function lambda def class public private "
    "required optional secret password passwd pass pwd token key login logon account auth basic bearer email mail phone address session cookie header url uri host hostname port "
    "database dbname schema table server domain realm driver scope role roles group groups wheel staff dialout nogroup everyone anyone nobody anonymous authenticated owner member members input field form label "
    "with elastic neo4j scott rabbitmq clickhouse cassandra couchbase influx minio keycloak sonarqube jira confluence wordpress drupal magento odoo superset metabase nextcloud drone teamcity bamboo harbor rancher loader shop orders billing ledger inventory store payments tiger without from into and the for not has are was his her its your our any all each every other another same current default example sample expected actual valid invalid wrong correct unknown first last "
    "one two three local remote internal external global prod stage staging live primary secondary read write main backup master slave hand protoc accident".split()
)
_CODE_WORD = re.compile(
    r"[a-z]+[A-Z]\w*|[A-Z][A-Z_\d]+|\w*__\w*|_.*|.*\.(?:com|org|net|io|de|py|js|ts|go|rs|java|c|h|sh|txt|tgz|gz|zip|tar|log|csv|json|ya?ml|xml|sql|html?|local)"
)


@lru_cache(maxsize=4096)
def is_login(user: str) -> bool:
    """Say whether a word in an account's place may be somebody's: no service's, no word of code, no stand-in."""
    lowered = user.lower()
    return (
        (is_holder(user) or is_account(user) or is_of_task(user))
        and lowered not in _NO_LOGINS
        and lowered not in PLAIN_PASSWORDS
        and not _CODE_WORD.fullmatch(user)
        and hint(user) is Hint.NONE
        and not is_dummy(user)
        and not is_technique(user)
        and not user.endswith(("_", "-"))
    )


# What people add to their account for one of their tasks, or for a second account.
_TASKS = frozenset(
    "dev devel ops devops deploy admin adm sre qa dba sudo priv su ext work prod stage staging test bot svc build release infra sec net home backup root vpn ro rw hr it".split()
)
_PARTS = re.compile(r"[._-]+")


@lru_cache(maxsize=4096)
def is_of_task(user: str) -> bool:
    """Say whether a word is a person's account for a task: `marta_ops`, `dev-bkessel`."""
    parts = _PARTS.split(user.lower())
    own = [part for part in parts if part not in _TASKS]
    return 1 <= len(own) <= 2 and len(own) < len(parts) and (is_account(".".join(own)) or is_handle(own[0]))


# What is no person's beside a task.
_THINGS_OF_TASKS = frozenset(
    "team teams group core platform backend frontend engineers engineering leads oncall on call crew squad guild agent pipeline reviewers owners users service services runner robot system data mobile support db ci cd ui ux eu us uk de fr nl id vm aws gcp az dr bi ml ai api app web cli sdk gpu cpu os k8s io lb fe be mq etl crm erp cms sso iam bot svc sys tmp job".split()
)


def is_with_task(user: str) -> bool:
    """Say whether a word may be a person's name or initials and a task, where only people stand: `deploy-jn`, `xavi_dev`."""
    parts = _PARTS.split(user)
    own = [part for part in parts if part not in _TASKS]
    return (
        len(parts) == 2
        and len(own) == 1
        and 2 <= len(own[0]) <= 12
        and own[0].isalpha()
        and own[0] not in _THINGS_OF_TASKS
    )


_CONSONANTS = "bcdfghjklmnpqrstvwxz"
# How English words and syllables begin.
_ONSETS = frozenset(
    "bl br ch cl cr dr dw fl fr gh gl gn gr kn kl kr ph pl pr ps qu rh sc sh sk sl sm sn sp sq st sw th tr tw wh wr ".split()
)
_INITIAL = re.compile(rf"[{_CONSONANTS}](?P<rest>[a-z]{{4,14}})")
# Behind the initial: how names begin in some languages, beside English ones.
_NAME_ONSETS = _ONSETS | frozenset(
    "kj hj fj sj sz cz dz dj tj bj nj lj mb nd nk ng kh zh zd zb dm gj vl vr mc ts hr hl dl".split()
)
_NUMBERED = re.compile(r"[a-z]{3,16}[._-]?\d{1,4}")
_NUMBERED_THINGS = (
    "user test node host server item key val value param arg var col row field name step part level version page line utf sha md base mp ipv http log tab tmp temp img file dir block group team db web app foo bar baz id uid worker "
    "client agent admin account player member model layer conv point vec mat int uint float bit x y z win mac area room zone region shard slot disk eth wlan vlan tty python java gpt llama alpha beta gamma delta tensor const config "
    "option class type mode case word text stage phase pyasn list array image input output label button device port channel cluster bucket table index query event task job frame sample metric score rank tier stat state status size "
    "width height len max min sum avg count num total data info meta obj elem root leaf left right top bottom start end first last prev next old new src dst from to"
)
_THINGS = re.compile(rf"(?:{'|'.join(_NUMBERED_THINGS.split())})\d+")
_ABBREVIATED = frozenset(
    "dtype ctype mtype ftype vtype ptype btree rtree ttree kwargs rstrip lstrip rsplit lsplit rfind lfind rjust ljust fprintf vprintf sprintf snprintf pthread cstring wstring bstring cmake xmalloc kmalloc vmalloc lvalue rvalue nvidia dlopen fclose fread fwrite fseek fputs fgets lseek "
    "nlines npoints nchannels nframes nsamples nitems nfiles nclasses nlayers nheads xlabel zlabel xscale xlim zlim bzip msgpack ncurses jsonp wchar tcpdump mtime msecs nsecs xsize zsize ctrl xhost dsize tsize fsize vsize lsize rsize lhs rhs mdash ndash nbsp cdots ldots vdots vmax vmin xmax xmin hmax "
    "xpos zpos vpos lpos rpos mpos cpos npos fmod fmax fmin dfile tfile mfile dlist nlist vlist tlist mlist rlist clist llist tmap fmap bmap cmap nmap hmap mmap kmap rmap lmap gmap vmap dmap "
    "tslint xdoctest "
    "fname lname pname sname dname cname vname uname fpath xpath jpath nbytes nrows ncols jquery jboss dbname dbuser mname tname bname gname rname hname kname qname wname nname pgadmin pgpool csrf xhtml mkdir rmdir chmod fstat lstat ctime ntime "
    "ssl tls dsa rsa mysql nginx psql sqlite mssql http https html xml json yaml ldap smtp imap sftp rsync kvm npm pnpm tmux zsh bash csh".split()
)


@lru_cache(maxsize=4096)
def is_handle(user: str) -> bool:
    """Say whether a word is no word of a language, but an initial and a surname, or a word with a number: `hkessel`, `owl42`."""
    if not is_login(user) or not 4 <= len(user) <= 24:
        return False
    if user.islower() and _NUMBERED.fullmatch(user) and not _THINGS.fullmatch(user):
        return True
    match = _INITIAL.fullmatch(user)
    if match is None or user in _ABBREVIATED:
        return False
    rest = match["rest"]
    if user[:2] in _ONSETS or rest[0] not in _CONSONANTS or not set(rest) & set("aeiouy"):
        return False
    return rest[1] not in _CONSONANTS or rest[:2] in _NAME_ONSETS


def is_somebody(user: str) -> bool:
    """Say whether a word is an account by itself: made of a known name, or a handle."""
    return is_account(user) or is_handle(user) or is_of_task(user)


def account(match: re.Match[str]) -> Finding:
    """Return the account in a match of `USER`."""
    return Finding(*match.span("user"), "account", "personal", Rank.PERSONAL)
