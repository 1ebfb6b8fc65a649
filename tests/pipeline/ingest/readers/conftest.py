"""Makes git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


class Git:
    """A repository in the making; a commit is made an hour after the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hours = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.run("init", "-q", "-b", "main")

    def run(self, *arguments: str, author: str = "Nora Blixen") -> str:
        time = f"{1_700_000_000 + 3_600 * self.hours} +0000"
        email = f"{author.split(maxsplit=1)[0].lower()}@shop.example"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{
                f"GIT_{role}_{what}": value
                for role in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", author), ("EMAIL", email), ("DATE", time))
            },
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, **texts: str | bytes) -> Git:
        for name, text in texts.items():
            file = self.folder / name.replace("_py", ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def commit(self, message: str = "change", author: str = "Nora Blixen") -> str:
        """Commit everything; return the commit's id."""
        self.hours += 1
        self.run("add", "-A", author=author)
        self.run("commit", "-q", "-m", message, author=author)
        return self.run("rev-parse", "HEAD")


@pytest.fixture
def git(tmp_path):
    """Makes a repository in a folder of the test's own."""
    if shutil.which("git") is None:
        pytest.skip("no git")
    return lambda name="shop": Git(tmp_path / name)
