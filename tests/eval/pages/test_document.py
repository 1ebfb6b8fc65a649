import json
import re

import pytest

from codeedit.errors import InputError
from codeedit.eval.pages.document import (
    ROWS_PER_PART,
    Entry,
    Facet,
    Page,
    read_details,
    render_front,
    write_page,
)

HOSTILE = "</script><!-- ]]> <!--SCRIPT--> <!--POLICY--> \u2028 \0 \ud800 &amp;"


def page(count: int = 1, title: str = "a title") -> Page:
    entries = [Entry(str(at), title, "", {"kind": (title,)}) for at in range(count)]
    return Page("tasks", title, "row", entries, (Facet("kind", "Kind"),), {"said": title})


def details(count: int) -> list[dict[str, object]]:
    return [{"text": f"{at} {HOSTILE}", "none": None} for at in range(count)]


@pytest.mark.parametrize("count", [0, 1, ROWS_PER_PART, ROWS_PER_PART + 1, 3 * ROWS_PER_PART])
def test_rows_can_be_read_back(tmp_path, count) -> None:
    write_page(tmp_path / "page.html", page(count), details(count))
    assert list(read_details(tmp_path / "page.html")) == details(count)


def test_rows_are_taken_a_part_at_a_time(tmp_path) -> None:
    def endless():
        yield from details(ROWS_PER_PART)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_page(tmp_path / "page.html", page(ROWS_PER_PART), endless())
    assert not list(tmp_path.iterdir())


def test_data_cannot_end_its_element(tmp_path) -> None:
    write_page(tmp_path / "page.html", page(40, HOSTILE), details(40))
    text = (tmp_path / "page.html").read_text()
    assert text.count("<script") == text.count("</script>") == 3 + 3
    assert text.count("<!--") == 0
    head = re.search(r'id="head">(.*?)</script>', text, re.DOTALL)[1]
    assert json.loads(head)["content"] == {"said": HOSTILE}


def test_a_page_loads_nothing_from_outside() -> None:
    text = render_front(page(), served=False).split('id="head"')[0]
    assert not re.search(r"(?:src|href)=[\"'](?!data:)|url\(|@import", text)


def test_the_same_rows_are_the_same_file(tmp_path) -> None:
    for name in ("one.html", "two.html"):
        write_page(tmp_path / name, page(40), details(40))
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_only_a_served_page_may_ask_its_server() -> None:
    assert "connect-src 'none'" in render_front(page(), served=False)
    assert "connect-src 'self'" in render_front(page(), served=True)


@pytest.mark.parametrize("content", [b"\xff\xfe", b'<script type="text/plain" id="part-0">QUJD</script>\n'])
def test_what_is_no_page_is_an_error(tmp_path, content) -> None:
    (tmp_path / "page.html").write_bytes(content)
    with pytest.raises(InputError):
        list(read_details(tmp_path / "page.html"))


def test_a_missing_page_is_an_error(tmp_path) -> None:
    with pytest.raises(InputError):
        list(read_details(tmp_path / "page.html"))
