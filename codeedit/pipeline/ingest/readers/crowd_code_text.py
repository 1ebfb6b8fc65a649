r"""The text column of crowd-code's CSV, in which a backslash is not escaped.

A line end is written as the two characters ``\n``, and so is a ``\n`` that stands in the program's source.
Which one it is follows from the language: a line end cannot stand inside a string of one line, and an escape
means nothing outside of one.  Two readings of a whole text are weighed by their syntax errors.  What is still
wrong shows when later rows do not fit (see ``crowd_code_csv``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.syntax import language_of, parse

if TYPE_CHECKING:
    import tree_sitter

_MEANING: Final = {r"\r\n": "\r\n", r"\n": "\n", r"\r": "\r", r"\t": "\t"}
_ESCAPE = re.compile(r"\\(?:r\\n|[nrt])")
_ONLY_SPACE = re.compile(r"(?:\\(?:r\\n|[nrt])| )+")
_PIECE = re.compile(r"""\\(?:r\\n|[nrt])|\\.|\"\"\"|'''|["'`]|//|/\*|\*/|--\[\[|\]\]|--|\#|.""", re.DOTALL)
_CHARACTER = re.compile(r"'(?:\\[^']{1,8}|[^'\\])'|'\\''")
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*+\]|[^/\\\[*])(?:\\.|\[(?:\\.|[^\]\\])*+\]|[^/\\\[])*+/")
_MAY_PRECEDE = re.compile(r"(?:[(,=:\[!&|?{};]|\\[nt]|\breturn|^)\s*\Z")  # a pattern, and no division's sign
_SCRIPTS: Final = frozenset({"javascript", "typescript"})
_HASH: Final = frozenset({"python", None})
_DASHES: Final = frozenset({"lua"})
_QUOTED: Final = frozenset({"python", "javascript", "typescript", "lua"})  # '…' holds any text
_OVER_LINES: Final = {'"""': '"""', "'''": "'''", "`": "`", "/*": "*/", "--[[": "]]"}
_LONGEST: Final = 2_000_000  # code points of a text that is weighed by its syntax
_LINE: Final = 2_000  # code points of a line that are looked at
TWO_WAYS: Final = "text that can be read in two ways"


def escape(text: str) -> str:
    """Return a text as the CSV has it, quotes not yet doubled."""
    for plain, written in (("\r\n", r"\r\n"), ("\n", r"\n"), ("\r", r"\r"), ("\t", r"\t")):
        text = text.replace(plain, written)
    return text


def unescape_document(raw: str, path: str) -> str:
    """Return the text of a whole document.

    Raises:
        Unreadable: it can be read in two ways, and neither is free of syntax errors.
    """
    plain = _ESCAPE.sub(lambda match: _MEANING[match[0]], raw)
    return _likelier(_read(raw, language_of(path, ""), ""), plain, path, str)


def unescape_fragment(raw: str, path: str, document: Document, start: int, end: int) -> str:
    """Return inserted text.

    Args:
        raw: as the CSV has it.
        path: of the document.
        document: before the edit.
        start: of what it replaces, in code points.
        end: of that.

    Raises:
        Unreadable: it can be read in two ways, and either makes syntax errors.
    """
    if "\\" not in raw:
        return raw
    plain = _ESCAPE.sub(lambda match: _MEANING[match[0]], raw)
    if _ONLY_SPACE.fullmatch(raw):  # the Enter and Tab keys
        return plain
    before = document.slice(max(0, start - _LINE), start)
    read = _read(raw, language_of(path, ""), before[before.rfind("\n") + 1 :])
    text = document.text()
    return _likelier(read, plain, path, lambda made: f"{text[:start]}{made}{text[end:]}", text)


def _likelier(
    by_strings: tuple[str, bool], plain: str, path: str, whole: Callable[[str], str], before: str = ""
) -> str:
    """Return one of two readings: the one with fewer syntax errors, and no more than the text before has.

    Args:
        by_strings: with the escapes that stand in strings, and whether these are closed; then more errors do
            no harm, since no grammar knows all code. Taken where errors do not tell.
        plain: with line ends and tabs for all of them.
        path: of the document.
        whole: makes the document of a reading.
        before: the document before.
    """
    read, closed = by_strings
    if read == plain:
        return read
    texts = [whole(read), whole(plain)]
    language = language_of(path, texts[1])
    if language is not None and max(map(len, texts)) <= _LONGEST:
        as_read, as_plain, held = (
            _errors(parse(text, language, path), len(text)) for text in (*texts, before)
        )
        if as_read <= min(as_plain, held) or (closed and as_read < as_plain):
            return read
        if as_plain <= held:
            return plain
    raise Unreadable(TWO_WAYS)


def _read(raw: str, language: str | None, before: str) -> tuple[str, bool]:
    """Read escapes as line ends outside of strings, as they stand inside of those.

    Returns:
        The text, and whether all its strings are closed.
    """
    made: list[str] = []
    closing = ""  # what ends the string or comment that this is in
    whole, at = before + raw, 0
    while at < len(whole):
        match = _PIECE.match(whole, at)
        piece = match[0] if match else whole[at]
        quoted = closing in ('"', "'")
        if piece[0] == "\\" and piece not in _MEANING and not quoted:
            piece = "\\"  # it escapes nothing here
        if piece == "'" and not closing and language not in _QUOTED:
            character = _CHARACTER.match(whole, at)
            piece = character[0] if character else piece
        if (
            piece == "/"
            and not closing
            and language in _SCRIPTS
            and _MAY_PRECEDE.search(whole[max(0, at - 80) : at])
        ):
            pattern = _PATTERN.match(whole, at)
            piece = pattern[0] if pattern else piece
        at += len(piece)
        meaning = _MEANING.get(piece)
        if meaning is None or quoted or at <= len(before):
            made.append(piece)
            closing = _state(piece, closing, language)
        else:
            made.append(meaning)
            closing = "" if closing == "\n" and meaning != "\t" else closing
    return "".join(made)[len(before) :], closing not in ('"', "'")


def _state(piece: str, closing: str, language: str | None) -> str:
    """Return what ends the string or comment that is open after a piece."""
    if closing:
        return "" if piece == closing else closing
    if piece in ("/*", "//", "`") and language in ("python", "lua"):
        return ""
    if piece in ('"""', "'''") and language in ("javascript", "typescript", "c", "cpp", "go", "rust", "lua"):
        return piece[0]
    if piece in _OVER_LINES and (piece != "--[[" or language in _DASHES):
        return _OVER_LINES[piece]
    if piece == '"' or (piece == "'" and language in _QUOTED):
        return piece
    comment = (
        (piece == "//" and language is not None)
        or (piece == "#" and language in _HASH)
        or (piece == "--" and language in _DASHES)
    )
    return "\n" if comment else ""


def _errors(tree: tree_sitter.Tree | None, size: int) -> int:
    """Return how many bytes lie in error nodes, a missing token as one; all where there is no tree."""
    if tree is None:
        return size
    errors = 0
    waiting = [tree.root_node]
    while waiting:
        node = waiting.pop()
        if node.is_error:
            errors += max(1, node.end_byte - node.start_byte)
        elif node.is_missing:
            errors += 1
        elif node.has_error:
            waiting += node.children
    return errors
