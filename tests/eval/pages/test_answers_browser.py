"""What a person sees and does on the page of an evaluation, in a real browser."""

import dataclasses

import pytest

from codeedit.eval.answers import GivenAnswer
from codeedit.eval.pages.answers import write_report_page
from codeedit.eval.report import Subject, make_report
from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.eval.sets.base import set_from_tasks

HOSTILE = "</script><img src=x onerror=\"document.title='taken'\">\u202e\u2028]]><!--"
TRIALS = (0, 1, 2)


@pytest.fixture
def page(tasks, tmp_path):
    """Four rows: right in all trials, in some, in none (one unparsable, one cut off), and hostile."""
    last = dataclasses.replace(tasks[3], path=HOSTILE, hint=HOSTILE)
    target = set_from_tasks("id", [*tasks[:3], last])
    answers = {(0, trial): GivenAnswer(tasks[0].edit) for trial in TRIALS}
    answers |= {(1, trial): GivenAnswer(tasks[1].edit if trial < 2 else "    return y") for trial in TRIALS}
    answers |= {(2, 0): GivenAnswer("<think>"), (2, 2): GivenAnswer("a")}
    answers |= {(2, 1): GivenAnswer("    ret", truncated=True)}
    answers |= {(3, trial): GivenAnswer(HOSTILE) for trial in TRIALS}
    report = make_report(target, answers, Subject(HOSTILE, TRIALS, {"seeds": [1, 2, 3], "temperature": 1.0}))
    report |= {"something_new": {"a_share": 0.25, "list": [1, 2]}, "notes": ["read this"]}
    return write_report_page(
        tmp_path / "report.json", target, answers, TRIALS, report, prompt=lambda task: f"say {task.id}"
    ).as_uri()


def test_the_summary_has_the_numbers_side_by_side(tab, page) -> None:
    tab.open(page)
    text = tab.text("#main")
    numbers = ("41.7%", "55.6%", "0.0%", "25.0%")
    for piece in ("exact match", "rows that need a change", "rows that need none", *numbers):
        assert piece in text
    assert "python" in text
    assert "read this" in text
    assert tab.complaints == []


def test_the_summary_warns_where_answers_are_cut_or_unreadable(tab, page) -> None:
    tab.open(page)
    assert "8.3% of the answers were cut off at the response limit" in tab.text(".warnings")
    assert "could not be read" in tab.text(".warnings")


def test_fields_that_the_page_does_not_know_are_shown(tab, page) -> None:
    tab.open(page)
    text = tab.text("#main")
    assert "something new" in text
    assert "0.25" in text
    assert "1, 2" in text


def test_hostile_rows_are_text(tab, page) -> None:
    tab.open(page + "#row=task3")
    assert "<img src=x onerror=" in tab.text("#row")
    assert "U+202E" in tab.text("#row")
    assert tab.count("img") == 0
    assert not tab.js("document.title.includes('taken') && !document.title.includes('<img')")
    assert tab.complaints == []


@pytest.mark.parametrize(
    ("outcome", "rows"),
    [
        ("right in all trials", ["task0"]),
        ("right in some", ["task1"]),
        ("right in none", ["task2", "task3"]),
        ("unparsable", ["task2"]),
        ("cut off", ["task2"]),
    ],
)
def test_rows_are_filtered_by_outcome(tab, page, outcome, rows) -> None:
    tab.open(page + "#view=rows")
    tab.choose("#facet-outcome", outcome)
    assert tab.text("#total") == f"{len(rows)} of 4 rows"
    tab.until(f"document.querySelector('#row').dataset.row === '{rows[0]}'")


def test_rows_are_filtered_by_kind_language_and_size(tab, page) -> None:
    tab.open(page + "#view=rows")
    for facet, value, left in (("needs", "no change", 1), ("language", "go", 1), ("size", "1-2 lines", 0)):
        tab.choose(f"#facet-{facet}", value)
        assert tab.text("#total") == f"{left} of 4 rows"


def test_equal_answers_stand_together(tab, page) -> None:
    tab.open(page + "#row=task1")
    text = tab.text("#row")
    assert "Trials 0, 1" in text
    assert "Trial 2" in text
    assert text.count("The same as the truth.") == 1


def test_answers_are_compared_with_the_original_or_the_truth(tab, page) -> None:
    tab.open(page + "#row=task1")
    before = "document.querySelector('.answers .line.del').innerText"
    assert "return x" in tab.js(before)
    assert "x + 1" not in tab.js(before)
    tab.press("d")
    assert "return x + 1" in tab.js(before)


def test_changed_words_are_marked(tab, page) -> None:
    tab.open(page + "#row=task1")
    assert tab.js("[...document.querySelectorAll('.answers del')].map(one => one.innerText)") == ["x"]
    assert tab.js("[...document.querySelectorAll('.answers ins')].map(one => one.innerText)") == ["y"]


def test_the_prompt_stands_with_its_row(tab, page) -> None:
    tab.open(page + "#row=task2")
    assert "say task2" in tab.js("document.querySelector('#row').textContent")


def test_a_number_in_the_summary_leads_to_its_rows(tab, page) -> None:
    tab.open(page)
    tab.js("[...document.querySelectorAll('table button')].find(one => one.innerText === 'go').click()")
    tab.until("document.querySelector('#row').dataset.row === 'task3'")
    assert tab.text("#total") == "1 of 4 rows"
    assert "language=go" in tab.js("location.hash")


def test_search_finds_answers(tab, page) -> None:
    tab.open(page + "#view=rows")
    tab.press("/", *"return y")
    tab.until("document.querySelector('#total').innerText === '1 of 4 rows'")
    tab.until("document.querySelector('#row').dataset.row === 'task1'")


def test_a_key_leads_from_the_summary_to_the_rows(tab, page) -> None:
    tab.open(page)
    tab.press("j")
    tab.until("document.querySelector('#row') && document.querySelector('#row').dataset.row !== undefined")
    assert tab.js("document.body.dataset.view") == "rows"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("view", ["summary", "rows"])
def test_the_page_is_not_wider_than_the_window(tab, page, scheme, width, view) -> None:
    tab.look(width, 844, scheme)
    tab.open(page + f"#view={view}")
    assert tab.js("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["summary", "rows"])
def test_text_has_enough_contrast(tab, page, contrast, scheme, view) -> None:
    tab.look(scheme=scheme)
    tab.open(page + f"#view={view}&row=task1")
    assert tab.js(contrast) == []


def test_rows_of_a_part_keep_their_numbers(tab, tasks, tmp_path) -> None:
    rows = tuple(EvalRow(number, task) for number, task in zip((7, 11), tasks, strict=False))
    target = EvalSet("zeta-dpo", "row", rows)
    answers = {(at, 0): GivenAnswer("x") for at in range(2)}
    report = make_report(target, answers, Subject("m", (0,), {}))
    page = write_report_page(tmp_path / "report.json", target, answers, (0,), report)
    tab.open(page.as_uri() + "#row=11")
    assert tab.text("#row .permalink") == "#11"
    assert tab.js("[...document.querySelectorAll('.entry .at')].map(one => one.innerText)") == ["7", "11"]
