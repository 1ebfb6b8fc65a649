"""What a person sees and does on the page of tasks, in a real browser."""

import dataclasses
import random
from itertools import islice

import pytest

from codeedit.eval.pages.document import ROWS_PER_PART, Entry, Facet, Page, write_page
from codeedit.eval.pages.server import url_of
from codeedit.eval.pages.tasks import TaskBrowser


@pytest.fixture
def exported(data, tmp_path) -> str:
    """The address of the tasks' page as a file."""
    browser = TaskBrowser(data)
    file = tmp_path / "page.html"
    write_page(file, browser.page(), browser.tasks())
    return file.as_uri()


def shown(tab) -> str:
    return tab.js("document.querySelector('#row').dataset.row")


def wait_for(tab, row: str) -> None:
    tab.until(f"document.querySelector('#row').dataset.row === '{row}'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_rows_are_text(tab, exported, scheme) -> None:
    tab.look(scheme=scheme)
    tab.open(exported)
    assert "<img src=x onerror=" in tab.text("#row")
    assert tab.count("img") == 0
    assert tab.js("document.title").endswith("5 tasks")
    assert tab.count("script") == 4
    assert tab.complaints == []


def test_characters_that_cannot_be_seen_are_shown_by_number(tab, exported) -> None:
    tab.open(exported)
    text = tab.text("#row blockquote")
    for number in ("U+0000", "U+0007", "U+2028", "U+2029", "U+202E", "U+202C", "U+200B", "U+FEFF"):
        assert number in text
    assert not any(letter in text for letter in "\u202e\u200b\u2028\ufeff")


def test_a_page_asks_for_nothing_but_itself(tab, exported) -> None:
    tab.open(exported)
    tab.press("j", "k")
    assert set(tab.requests) == {"about:blank", exported} or set(tab.requests) == {exported}


def test_a_served_page_asks_its_own_server_only(tab, server) -> None:
    tab.open(url_of(server))
    assert all(url.startswith((url_of(server), "about:")) for url in tab.requests)
    assert tab.complaints == []


def test_a_served_page_searches_all_texts(tab, server) -> None:
    tab.open(url_of(server))
    tab.press("/", *"rename")
    wait_for(tab, "t")
    assert tab.text("#total") == "1 of 5 tasks"


def test_keys_go_on_and_back(tab, exported) -> None:
    tab.open(exported)
    tab.press("j", "j")
    wait_for(tab, "task2")
    tab.press("k")
    wait_for(tab, "task1")


def test_arrows_move_in_the_list(tab, exported) -> None:
    tab.open(exported)
    tab.js("document.querySelector('#list').focus()")
    tab.press("End")
    wait_for(tab, "t")
    tab.press("ArrowUp")
    wait_for(tab, "task3")
    assert tab.js(
        "document.getElementById(document.querySelector('#list').getAttribute('aria-activedescendant')).ariaSelected"
    )


def test_search_finds_text_inside_rows(tab, exported) -> None:
    tab.open(exported)
    tab.press("/")
    assert tab.js("document.activeElement.id") == "query"
    tab.press(*"return x + 2")
    tab.until("document.querySelector('#total').innerText === '1 of 5 tasks'")
    wait_for(tab, "task2")


def test_escape_clears_the_search_then_leaves_it(tab, exported) -> None:
    tab.open(exported)
    tab.press("/", *"zzz")
    tab.until("document.querySelector('#total').innerText === '0 of 5 tasks'")
    assert "No task matches" in tab.text("#list")
    tab.press("Escape")
    tab.until("document.querySelector('#total').innerText === '5 tasks'")
    tab.press("Escape")
    assert tab.js("document.activeElement === document.body")


def test_a_question_mark_shows_the_keys(tab, exported) -> None:
    tab.open(exported)
    tab.press("?")
    assert tab.js("document.querySelector('#help').open")
    assert "search" in tab.text("#help")
    tab.press("Escape")
    tab.until("!document.querySelector('#help').open")


def test_filters_combine_and_say_what_they_leave(tab, exported) -> None:
    tab.open(exported)
    tab.choose("#facet-language", "python")
    assert tab.text("#total") == "4 of 5 tasks"
    tab.choose("#facet-split", "test")
    wait_for(tab, "t")
    assert tab.text("#total") == "1 of 5 tasks"
    assert "go (0)" in tab.text("#facet-language")


def test_a_link_opens_its_row(tab, exported) -> None:
    tab.open(exported + "#row=task3")
    wait_for(tab, "task3")
    assert "Answer\nNo change" in tab.text("#row").replace("\n\n", "\n")


def test_a_link_keeps_search_and_filters(tab, exported) -> None:
    tab.open(exported)
    tab.choose("#facet-language", "python")
    tab.press("j")
    wait_for(tab, "task1")
    tab.open(exported + tab.js("location.hash"))
    wait_for(tab, "task1")
    assert tab.text("#total") == "4 of 5 tasks"


def test_a_link_to_a_search_opens_the_first_row_found(tab, exported) -> None:
    tab.open(exported + "#q=return+x+%2B+2")
    wait_for(tab, "task2")
    assert tab.text("#total") == "1 of 5 tasks"


def test_a_link_followed_on_the_open_page_opens_its_row(tab, exported) -> None:
    tab.open(exported)
    tab.js("location.hash = '#row=task2'")
    wait_for(tab, "task2")


def test_a_link_to_no_row_says_so(tab, exported) -> None:
    tab.open(exported + "#row=gone")
    assert tab.text("#row") == "There is no task gone here."


def test_a_task_shows_range_cursor_history_and_redactions(tab, exported) -> None:
    tab.open(exported + "#row=task1")
    wait_for(tab, "task1")
    assert tab.text("#row .line.range .t") == "    return x"
    assert tab.count("#row .range .cursor") == 1
    assert tab.text("#row .line.add ins") == "+ 1" or "+ 1" in tab.text("#row .line.add")
    assert "import os" in tab.text("#row details")
    assert "Redacted nothing" in tab.text("#row .facts").replace("\n", " ")


def test_a_task_shows_its_related_files(tab, exported) -> None:
    tab.open(exported + "#row=t")
    wait_for(tab, "t")
    assert "src/near.py" in tab.text("#row")
    assert "# a neighbour" in tab.js("document.querySelector('#row').textContent")


def test_all_controls_have_names(tab, exported) -> None:
    tab.open(exported)
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "combobox", "searchbox", "listbox", "option", "link", "dialog"}
    found = [node for node in nodes if node.get("role", {}).get("value") in roles and not node["ignored"]]
    assert len(found) > 10
    assert all(node.get("name", {}).get("value") for node in found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_not_wider_than_the_window(tab, exported, scheme, width) -> None:
    tab.look(width, 844, scheme)
    tab.open(exported)
    assert tab.js("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(tab, exported, contrast, scheme) -> None:
    tab.look(scheme=scheme)
    tab.open(exported + "#row=task1")
    assert tab.js(contrast) == []


def test_the_check_of_contrast_finds_grey_on_white(tab, exported, contrast) -> None:
    tab.open(exported + "#row=task1")
    tab.js("document.querySelector('#total').style.color = '#999'")
    assert tab.js(contrast) == ["P: 2.85"]


@pytest.mark.parametrize("length", [100_000, 2_000_000])
def test_a_huge_line_is_cut_until_it_is_asked_for(tab, tasks, tmp_path, length) -> None:
    task = dataclasses.asdict(dataclasses.replace(tasks[0], edit="x" * length))
    write_page(tmp_path / "page.html", Page("tasks", "t", "task", [Entry("a", "a", "", {})], ()), [task])
    tab.open((tmp_path / "page.html").as_uri())
    assert tab.js("document.querySelector('#row').innerText.length") < 20_000
    tab.click("#row .add .more")
    assert tab.js("document.querySelector('#row').innerText.length") > length


def test_many_lines_are_cut_until_they_are_asked_for(tab, tasks, tmp_path) -> None:
    task = dataclasses.asdict(dataclasses.replace(tasks[0], edit="\n".join(map(str, range(30_000)))))
    write_page(tmp_path / "page.html", Page("tasks", "t", "task", [Entry("a", "a", "", {})], ()), [task])
    tab.open((tmp_path / "page.html").as_uri())
    assert tab.count("#row .line") < 5_000


def test_fifty_thousand_rows_are_shown_from_their_index(tab, tasks, tmp_path, record_property) -> None:
    count = 50_000
    row = dataclasses.asdict(tasks[1])
    entries = [
        Entry(
            f"task{at}",
            f"src/file{at % 700}.py",
            "python",
            {"language": ("go", "c", "lua")[at % 3 : at % 3 + 1]},
        )
        for at in range(count)
    ]
    rows = ({**row, "id": f"task{at}", "edit": f"    return {at}"} for at in range(count))
    write_page(
        tmp_path / "page.html", Page("tasks", "many", "task", entries, (Facet("language", "Language"),)), rows
    )
    tab.open((tmp_path / "page.html").as_uri())
    record_property("first_view_ms", tab.js("performance.now()"))
    assert tab.text("#total") == "50,000 tasks"
    assert tab.count("[role=option]") < 100
    assert tab.js("Number(document.body.dataset.partsRead)") == 1
    tab.js("document.querySelector('#list').focus()")
    tab.press("End")
    wait_for(tab, "task49999")
    assert tab.count("[role=option]") < 100
    assert tab.js("Number(document.body.dataset.partsRead)") == 2


def test_an_exported_page_holds_the_first_tasks_only(tab, data, tmp_path) -> None:
    browser = TaskBrowser(data)
    write_page(tmp_path / "page.html", browser.page(ROWS_PER_PART), islice(browser.tasks(), ROWS_PER_PART))
    tab.open((tmp_path / "page.html").as_uri())
    assert tab.text("#total") == "5 tasks"


def test_an_empty_page_says_so(tab, tmp_path) -> None:
    write_page(tmp_path / "page.html", Page("tasks", "none", "task", [], ()), [])
    tab.open((tmp_path / "page.html").as_uri())
    assert tab.text("#row") == "There are no tasks."
    assert tab.complaints == []


BOTH_TEXTS = """
(() => {
  for (let fold; (fold = document.querySelector("#row .fold")); ) fold.click();
  const lines = [...document.querySelector("#row .code").querySelectorAll(".line")];
  const text = (signs) => lines.filter((one) => signs.includes(one.querySelector(".s").textContent))
    .map((one) => one.querySelector(".t").textContent).join("\\n");
  return [text(" -"), text(" +")];
})()
"""


def test_a_difference_holds_both_texts(tab, tasks, tmp_path) -> None:
    draw = random.Random(0)

    def text() -> str:
        lines = draw.choices(
            ["a = b", "  call(x, y)", "", "a = c", "\tif ü:", "  call(y)"], k=draw.randrange(1, 40)
        )
        return "\n".join(lines)

    pairs = [(text(), text()) for _ in range(40)]
    rows = [
        dataclasses.asdict(tasks[0])
        | {"code": before, "edit_start": 0, "edit_end": len(before), "edit": after}
        for before, after in pairs
    ]
    entries = [Entry(str(at), "a", "", {}) for at in range(len(rows))]
    write_page(tmp_path / "page.html", Page("tasks", "t", "task", entries, ()), rows)
    tab.open((tmp_path / "page.html").as_uri())
    for at, (before, after) in enumerate(pairs):
        tab.js(f"location.hash = '#row={at}'")
        wait_for(tab, str(at))
        assert tab.js(BOTH_TEXTS) == [before, after]


def test_long_lines_wrap_until_w_is_pressed(tab, tasks, tmp_path) -> None:
    task = dataclasses.asdict(dataclasses.replace(tasks[0], edit="long " * 500))
    write_page(tmp_path / "page.html", Page("tasks", "t", "task", [Entry("a", "a", "", {})], ()), [task])
    tab.open((tmp_path / "page.html").as_uri())
    wide = "(code => code.scrollWidth > code.clientWidth)(document.querySelector('#row .code'))"
    assert not tab.js(wide)
    tab.press("w")
    assert tab.js(wide)
