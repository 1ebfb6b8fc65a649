from __future__ import annotations

import pytest

from codeedit.pipeline.ingest.readers.owners import owners


@pytest.mark.parametrize(
    "path",
    [
        "file:///home/ada/shop",
        "file:///c%3a/users/ada/source",
        "file:///C:/Users/ada",
        "/Users/ada/shop",
        "C:\\Users\\ada\\shop",
        "../../../../Users/ada/src/a.py",
        "vscode-remote://ssh-remote%2Bhost/home/ada/shop",
    ],
)
def test_home_folder_names_its_owner(path: str):
    assert owners(path) == ("ada",)


@pytest.mark.parametrize(
    "path",
    [
        "src/home/index.ts",
        "users/ada/a.py",
        "../home/index.ts",
        "file:///d%3A/dev/home/a",
        "/Users/Shared/a",
        "",
    ],
)
def test_other_paths_name_nobody(path: str):
    assert owners(path) == ()
