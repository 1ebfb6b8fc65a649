"""What counts as nearly the same task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.resemblance import THRESHOLD, features, sketch
from codeedit.records import Origin, Task

BODY = "".join(f"    value_{n} = compute(first_{n}, second_{n})\n" for n in range(14))
CODE = f"def run(first, second):\n{BODY}    return value_0\n"


def task(old: str, new: str, code: str = CODE) -> Task:
    return Task(
        id="", source="s", session="s", project="p", path="a.py", language="python", origin=Origin.HUMAN,
        time_ms=0, code=code, edit_start=0, edit_end=len(code), cursor=0, history=(), hint=None,
        edit=code.replace(old, new), no_change=old == new,
    )  # fmt: skip


def alike(one: Task, other: Task) -> bool:
    a, b = features(one), features(other)
    return len(a & b) * THRESHOLD[1] >= len(a | b) * THRESHOLD[0]


EDIT = task("compute(first_3", "measure(first_3")


def test_the_same_edit_in_a_slightly_other_place_is_a_near_duplicate():
    elsewhere = CODE.replace("value_12", "result_12").replace("def run", "def start")
    assert alike(EDIT, task("compute(first_3", "measure(first_3", elsewhere))


def test_another_edit_of_the_same_range_is_none():
    assert not alike(EDIT, task("compute(first_9", "measure(first_9"))
    assert not alike(EDIT, task("compute(first_3", "compute(third_3"))


def test_an_edit_and_its_way_back_are_none():
    there = CODE.replace("compute(first_3", "measure(first_3")
    assert not alike(EDIT, task("measure(first_3", "compute(first_3", there))


def test_an_edit_and_a_pause_are_none():
    assert not alike(EDIT, task("", ""))


def test_what_is_far_from_the_range_does_not_count():
    far = "import os\n" * 200
    moved = replace(EDIT, code=far + "\n" * 12 + EDIT.code, edit_start=2_012, edit_end=2_012 + len(CODE))
    assert moved.original == EDIT.original
    assert alike(EDIT, moved)


def test_reordered_lines_are_a_change():
    lines = CODE.splitlines(keepends=True)
    swapped = replace(EDIT, edit="".join([lines[0], lines[2], lines[1], *lines[3:]]))
    assert any(not feature.startswith("=") for feature in features(swapped))


@pytest.mark.parametrize("text", ["", "   \n", "x", "()\n"])
def test_any_range_has_features(text):
    assert sketch(replace(EDIT, code=text, edit_start=0, edit_end=len(text), edit="y\n")).change


def test_another_key_gives_the_same_features():
    secret = CODE.replace("first_3", "'gh" + "p_x7Kq9Lm2Vb4Nc6Zd8Fg1Hj3Pw5Rt0Yu2Ee4A'")
    one, other = (Anonymizer(key).redact(secret).text for key in (b"a" * 32, b"b" * 32))
    assert one != other
    assert features(task("first_5", "last_5", one)) == features(task("first_5", "last_5", other))


@pytest.mark.parametrize("other", [task("first_5", "last_5"), task("second_3", "third"), task("", "")])
def test_sketches_say_how_alike_the_sets_are(other):
    a, b = sketch(EDIT), sketch(other)
    common = len({*a.place} & {*b.place}) + min(a.repeats, b.repeats) * len({*a.change} & {*b.change})
    sizes = sum(len(one.place) + one.repeats * len(one.change) for one in (a, b))
    assert common == len(features(EDIT) & features(other))
    assert sizes - common == len(features(EDIT) | features(other))


def test_a_sketch_is_the_same_everywhere():
    made = sketch(EDIT)
    assert (made.content, made.bands[0], made.bands[-1]) == (
        -8034945026249843877,
        -585774692,
        93403350,
    )
