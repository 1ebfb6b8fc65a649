"""Each kind of log is known by its content, and by one reader alone."""

from __future__ import annotations

import pytest

from codeedit.pipeline.ingest.readers import READERS, detect

HEADS = {
    "vscode-recording": b'{"log":[{"kind":"header","time":1}]}',
    "editing-trace": b'{"startContent":"","txns":[]}',
    "lsp-trace": b"[Trace - 10:00:00] Sending notification 'initialized'.\nParams: {}\n",
    "crowd-code": b"Sequence,Time,File,RangeOffset,RangeLength,Text,Language,Type\n",
    "continue": b'{"eventName":"editOutcome","schema":"0.2.0"}\n',
    "zed-example": b"# rename\n\n## Cursor Position\n\n```a.py\n```\n",
    "local-history": b'{"version":1,"resource":"file:///a.py","entries":[]}',
    "aider": b"# aider chat started at 2024-08-05 19:33:02\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_kind_is_known_by_one_reader_alone(name):
    assert [reader.name for reader in READERS.values() if reader.sniff(HEADS[name])] == [name]


@pytest.mark.parametrize(
    "head",
    [b"", b"{}", b"# Notes\n\n## Usage\n", b'{"version":1}', b"\x00" * 99, b"Sequence,Time\n", b"[{}]"],
)
def test_other_files_are_of_no_kind(head):
    assert detect(head) is None


@pytest.mark.parametrize(
    ("name", "place"),
    [("lsp-trace", "lsp"), ("aider", "aider/chat-history.md"), ("editing-trace", "editing-traces/*.gz")],
)
def test_real_files_are_found_by_their_content(shared, name, place):
    from codeedit.pipeline.ingest.logs import LogFile, choose_reader

    root = shared / "data"
    files = sorted((root / place).glob("*log*")) if (root / place).is_dir() else sorted(root.glob(place))
    assert files
    for file in files:
        reader = choose_reader(LogFile(file, file.name), "auto")
        assert reader is not None
        assert reader.name == name
