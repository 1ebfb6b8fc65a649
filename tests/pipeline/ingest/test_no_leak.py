"""Random secrets go through recordings in every way there is; no eight characters of them come out."""

from __future__ import annotations

import base64
import json
import random
import string
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codeedit.cli.app import run

LOGS = Path(__file__).resolve().parents[3] / "examples" / "logs"
PIECE = 8  # characters
ALNUM = string.ascii_letters + string.digits
SYLLABLES = ("ka", "ro", "vem", "ti", "sul", "dra", "mio", "fen", "gor", "hyl", "wix", "pez", "nur")


# --- values -----------------------------------------------------------------


def drawn(chance: random.Random, alphabet: str, size: int) -> str:
    """Draw a text with letters of both cases and digits, as far as the alphabet has them."""
    while True:
        text = "".join(chance.choices(alphabet, k=size))
        if all(
            any(c in text for c in group)
            for group in (alphabet[:26], alphabet[26:52], alphabet[-10:])
            if group
        ):
            return text


def word(chance: random.Random) -> str:
    return "".join(chance.sample(SYLLABLES, 3))


def github(chance: random.Random) -> tuple[str, str]:
    value = "gh" + "p_" + drawn(chance, ALNUM, 36)
    return value, f'client = Client("{value}")\n'


def aws(chance: random.Random) -> tuple[str, str]:
    value = drawn(chance, ALNUM, 40)
    return value, f"AWS_SECRET_ACCESS_KEY={value}\n"


def slack(chance: random.Random) -> tuple[str, str]:
    value = f"xox{'b'}-{chance.randrange(10**11, 10**12)}-{drawn(chance, ALNUM, 24)}"
    return value, f"// bot {value}\n"


def password(chance: random.Random) -> tuple[str, str]:
    value = drawn(chance, ALNUM, 10) + chance.choice("!@#%^*") + drawn(chance, ALNUM, 3)
    return value, f'db_password = "{value}"\n'


def url(chance: random.Random) -> tuple[str, str]:
    value = drawn(chance, ALNUM, 14)
    return value, f'dsn = "postgres://shop:{value}@db.orders.net:5432/orders"\n'


def jwt(chance: random.Random) -> tuple[str, str]:
    parts = ('{"alg":"HS256","typ":"JWT"}', json.dumps({"sub": drawn(chance, ALNUM, 12), "iat": 1}))
    encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
    value = ".".join((*encoded, drawn(chance, ALNUM, 43)))
    return value, f"Authorization: Bearer {value}\n"


def pem(chance: random.Random) -> tuple[str, str]:
    body = "\n".join(drawn(chance, ALNUM, 64) for _ in range(5))
    marks = [f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END")]
    return body, f"{marks[0]}\n{body}\n{marks[1]}\n"


def mail(chance: random.Random) -> tuple[str, str]:
    value = f"{word(chance)}.{word(chance)}@{word(chance)}.io"
    return value, f"# write to {value} first\n"


def person(chance: random.Random) -> tuple[str, str]:
    value = f"{word(chance).capitalize()} {word(chance).capitalize()}"
    return value, f"@author {value}\n"


def home(chance: random.Random) -> tuple[str, str]:
    value = f"{word(chance)}{word(chance)}"
    return value, f'open("/Users/{value}/data.csv")\n'


KINDS = (github, aws, slack, password, url, jwt, pem, mail, person, home)


# --- planting ---------------------------------------------------------------


@dataclass
class Planter:
    """A recording that secrets are planted in."""

    chance: random.Random
    log: list[dict]
    beside: dict
    values: list[tuple[str, str]] = field(default_factory=list)  # value, way
    raw: list[str] = field(default_factory=list)  # broken lines
    under_way: set[int] = field(default_factory=set)  # ids of entries that more of the same follows

    def secret(self, way: str) -> str:
        """Make a value; return the line that it stands in."""
        value, line = self.chance.choice(KINDS)(self.chance)
        self.values.append((value, way))
        return line

    def now(self) -> int:
        return max(entry["time"] for entry in self.log if isinstance(entry.get("time"), int))

    def document(self) -> int:
        return self.chance.choice([e["id"] for e in self.log if e["kind"] == "setContent"])

    def place(self, document: int) -> int:
        """Return where in the log something may happen to a document: not while something else does."""
        first = next(i for i, e in enumerate(self.log) if e["kind"] == "setContent" and e["id"] == document)
        places = range(first + 1, len(self.log) + 1)
        return self.chance.choice(
            [place for place in places if id(self.log[place - 1]) not in self.under_way]
        )

    def happen(self, place: int, document: int, edits: list[list], pauses: tuple[int, ...]) -> None:
        time = max(e["time"] for e in self.log[:place] if isinstance(e.get("time"), int))
        made = []
        for edit in edits:
            time += self.chance.choice(pauses)
            made.append({"kind": "changed", "id": document, "edit": [edit], "time": time})
        self.under_way.update(id(entry) for entry in made[:-1])
        self.log[place:place] = made

    def typed(self) -> None:
        """Type a line at the top, key by key, with mistakes and rests; sometimes it goes again."""
        document = self.document()
        line = self.secret("typed")
        edits: list[list] = []
        if self.chance.random() < 0.8:  # a line of its own from the start
            edits.append([0, 0, "\n"])
        for at, char in enumerate(line):
            if char.isalnum() and self.chance.random() < 0.03:
                edits += [[at, at, self.chance.choice("aeiou")], [at, at + 1, ""]]
            edits.append([at, at, char])
        place = self.place(document)
        if place < len(self.log) or self.chance.random() < 0.3:
            edits.append([0, len(line) + (edits[0][2] == "\n"), ""])
        rest = self.chance.choice((300, 300, 12_000))
        self.happen(place, document, edits, (40, 90, 130, 130, 200, 400, rest))

    def pasted(self) -> None:
        document = self.document()
        line = self.secret("pasted")
        place = self.place(document)
        gone = [[0, len(line), ""]] if place < len(self.log) else []
        self.happen(place, document, [[0, 0, line], *gone], (900, 15_000))

    def loaded(self) -> None:
        entry = self.chance.choice([e for e in self.log if e["kind"] == "setContent"])
        entry["content"] += "\n" + self.secret("loaded")

    def pathed(self) -> None:
        value, _ = self.chance.choice((github, slack))(self.chance)
        if self.chance.random() < 0.5:
            value = f"{word(self.chance)}{word(self.chance)}"
            path = f"../../home/{value}/notes.py"
        else:
            path = f"dumps/{value}.py"
        self.values.append((value, "path"))
        time = self.now() + 500
        self.log += [
            {"kind": "documentEncountered", "id": 900, "relativePath": path, "time": time},
            {"kind": "setContent", "id": 900, "v": 1, "content": "def f():\n    return 1\n", "time": time},
            {"kind": "changed", "id": 900, "edit": [[20, 21, "2"]], "time": time + 20_000},
            {"kind": "changed", "id": 900, "edit": [[0, 0, "import os\n"]], "time": time + 40_000},
        ]

    def next_edit(self) -> None:
        if "nextUserEdit" in self.beside:
            return
        paths = {e["id"]: e["relativePath"] for e in self.log if e["kind"] == "documentEncountered"}
        changed = [e["id"] for e in self.log if e["kind"] == "changed" and e["id"] in paths]
        if changed:
            edit = [[0, 0, self.secret("nextUserEdit")]]
            self.beside["nextUserEdit"] = {
                "edit": edit,
                "relativePath": paths[changed[-1]],
                "originalOpIdx": 1,
            }

    def suggested(self) -> None:
        text = self.secret("event")
        data = {"sourceId": "InlineCompletions.fetch", "kind": "end", "result": [{"text": text}]}
        self.log.append({"kind": "event", "time": self.now(), "data": data})

    def broken(self) -> None:
        """Add entries that no reader understands, in whole and in broken JSON."""
        line = self.secret("broken")
        entry = self.chance.choice(
            (
                {"kind": "changed", "id": line, "edit": [[0, 0, line]], "time": 1},
                {"kind": "changed", "id": 0, "edit": [[10**9, 10**9, line]], "time": 1},
                {"kind": line, "time": 1},
                {"kind": "changed", "id": 0, "edit": {line: line}, "time": line},
            )
        )
        self.log.append(entry)
        self.raw.append(json.dumps(entry)[: self.chance.randrange(30, 80)] + line.strip())

    def write(self, folder: Path, name: str) -> None:
        if self.raw and "nextUserEdit" not in self.beside:
            lines = []
            for entry in self.log:  # what follows a broken line may be lost: not while something is typed
                lines.append(json.dumps(entry))
                if self.raw and id(entry) not in self.under_way and self.chance.random() < 0.01:
                    lines.append(self.raw.pop())
            lines += self.raw
            (folder / f"{name}.workspaceRecording.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        else:
            text = json.dumps({"log": self.log, **self.beside}, ensure_ascii=self.chance.random() < 0.5)
            (folder / f"{name}.recording.w.json").write_text(text, "utf-8")


WAYS = ("typed", "typed", "typed", "pasted", "loaded", "pathed", "next_edit", "suggested", "broken")


def load(file: Path) -> tuple[list[dict], dict]:
    text = file.read_text("utf-8")
    if file.name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()], {}
    whole = json.loads(text)
    return whole.pop("log"), whole


def plant(files: list[Path], folder: Path, chance: random.Random) -> list[tuple[str, str]]:
    """Write recordings with secrets; return the values and how each was planted."""
    folder.mkdir()
    values: list[tuple[str, str]] = []
    for number, file in enumerate(files):
        planter = Planter(chance, *load(file))
        for way in chance.sample(WAYS, chance.randrange(3, len(WAYS))):
            getattr(planter, way)()
        planter.write(folder, f"log-{number}")
        values += planter.values
    value, line = github(chance)
    (folder / f"{value}.txt").write_text(line)
    return [*values, (value, "no log")]


# --- looking ----------------------------------------------------------------


def outputs(folder: Path) -> dict[str, str]:
    """Return everything below a folder as text: raw bytes, and parquet's rows."""
    import pyarrow.parquet as pq

    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[f"{path.name} (bytes)"] = path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                found[f"{path.name} (rows)"] = "\0".join(strings(pq.read_table(path).to_pylist()))
    return found


def strings(value: object):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def leaks(values: list[tuple[str, str]], texts: dict[str, str], known: str) -> list[str]:
    """Return where a piece of a value stands that was not in the logs before."""
    return sorted(
        {
            f"{way}: {value} in {name}"
            for value, way in values
            for at in range(len(value) - PIECE + 1)
            if (piece := value[at : at + PIECE]) not in known
            for name, text in texts.items()
            if piece in text
        }
    )


def check(files: list[Path], tmp_path: Path, capsys, seed: int) -> None:
    chance = random.Random(seed)
    chosen = chance.sample(files, min(2, len(files)))
    known = "".join(file.read_text("utf-8") for file in chosen)
    values = plant(chosen, tmp_path / "logs", chance)
    out = tmp_path / "out" / "data"
    code = run(["ingest", str(tmp_path / "logs"), "--out", str(out), "--json", "--jobs", "1"])
    printed = capsys.readouterr()
    texts = {**outputs(tmp_path / "out"), "stdout": printed.out, "stderr": printed.err}
    assert leaks(values, texts, known) == []
    assert code == 0 or "no task came of the logs" in printed.err


@pytest.mark.parametrize("seed", range(10))
def test_nothing_planted_in_sample_logs_comes_out(tmp_path, capsys, seed):
    check(sorted(LOGS.iterdir()), tmp_path, capsys, seed)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_planted_in_real_recordings_comes_out(shared, tmp_path, capsys, seed):
    files = sorted((shared / "data" / "recordings").rglob("*.json"))
    check([file for file in files if file.stat().st_size < 200_000], tmp_path, capsys, seed)


def test_an_error_repeats_nothing_of_a_log(tmp_path, capsys):
    value, line = github(random.Random(0))
    (tmp_path / "a.json").write_text(json.dumps({"log": [{"kind": "header", "x": line}]})[:-4])
    assert run(["ingest", str(tmp_path / "a.json"), "--out", str(tmp_path / "data")]) == 2
    printed = capsys.readouterr()
    assert value[:PIECE] not in printed.out + printed.err
