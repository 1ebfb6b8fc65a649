"""A user's own template: a TOML file and a Jinja file."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder import Status, build, find_template, parse

TOML = """
prompt = "mine.jinja"
system = "You edit code."
cursor = "<|here|>"
markers = ["<|file|>"]

[answer]
start = "<new>"
end = "</new>"
no_change = "<same>"
"""
JINJA = """{% if hint %}Wanted: {{ hint }}
{% endif %}
{% for edit in edits %}
<|file|>{{ edit.path }}
{% for hunk in edit.hunks %}
{{ hunk.original }}
=>
{{ hunk.updated }}
{% endfor %}
{% endfor %}
<|file|>{{ path }}:{{ first_line }}
{{ above }}[{{ region }}]{{ below }}"""


@pytest.fixture
def make(tmp_path: Path):
    """Write a template's two files; return the path to give."""

    def write(toml: str = TOML, jinja: str = JINJA) -> str:
        (tmp_path / "mine.toml").write_text(toml, encoding="utf-8")
        (tmp_path / "mine.jinja").write_text(jinja, encoding="utf-8")
        return str(tmp_path / "mine.toml")

    return write


def test_the_jinja_file_makes_the_user_message(make, make_task) -> None:
    system, user = build(make_task(hint="fix it"), template=make()).messages
    assert system == {"role": "system", "content": "You edit code."}
    assert user["content"].startswith("Wanted: fix it\n<|file|>src/shapes.py\ndef area(r):\n=>\n")
    assert "[    return 4 / 3 * math.pi * <|here|>r ** 3]" in user["content"]


def test_code_with_the_templates_markers_is_escaped(make, make_task) -> None:
    prompt = build(make_task(code='mark = "<|file|>"\nr ** 3\n', history=()), template=make())
    assert prompt.messages[1]["content"].count("<|file|>") == 1


@pytest.mark.parametrize(
    ("answer", "text", "status"),
    [
        ("<new>\nb = 2\n</new>", "b = 2", Status.EDIT),
        ("<think>in <new> I write</think>\nSo: <new>b = 2</new> done", "b = 2", Status.EDIT),
        ("<new>\n\n</new>", "", Status.EDIT),
        ("<new>\na = 1\n</new>", "a = 1", Status.NO_CHANGE),
        ("<think>hm</think>\n<same>", "a = 1", Status.NO_CHANGE),
        ("<new><same></new>", "a = 1", Status.NO_CHANGE),
        ("b = 2", None, Status.UNPARSABLE),
        ("<new>\nb = 2", None, Status.UNPARSABLE),
    ],
)
def test_answers_are_read_by_the_tomls_rules(make, answer, text, status) -> None:
    read = parse(answer, original="a = 1", template=make())
    assert (read.text, read.status) == (text, status)


pieces = st.sampled_from(
    ["<new>", "</new>", "<same>", "<|here|>", "<\\same>", "</think>", "\n", "```", "\0", "x"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(original=st.lists(pieces).map("".join), edit=st.lists(pieces).map("".join), plain=st.booleans())
def test_a_perfect_answer_is_read_as_the_edit(make, make_task, original, edit, plain) -> None:
    template = make(TOML if plain else 'prompt = "mine.jinja"\n', JINJA)
    code = f"first\n{original}\nlast"
    task = make_task(
        code=code,
        marked="first",
        edit=edit,
        edit_start=6,
        edit_end=6 + len(original),
        cursor=6,
        no_change=edit == original,
    )
    prompt = build(task, template=template)
    answer = parse(prompt.answer, original=original, template=prompt.template)
    assert (answer.text, answer.no_change) == (edit, edit == original)


@pytest.mark.parametrize(
    ("jinja", "message"),
    [
        ("{{ region }}\n{% if %}", r"mine\.jinja:2: broken Jinja"),
        ("{{ region }}\n\n{{ regoin }}", r"mine\.jinja:3: the template fails: 'regoin' is undefined"),
        ("{{ region }}\n{{ above / 2 }}", r"mine\.jinja:2: the template fails: TypeError$"),
        ("{{ above }}{{ hint }}", "does not show the edit range"),
        ("{{ above }}{{ original }}{{ hint }}", "does not show the cursor"),
        ("{{ above }}{{ region }}", "does not show the request"),
        ("{{ region }}{{ hint }}{{ ''.__class__.__mro__ }}", "the template fails: SecurityError$"),
    ],
)
def test_a_broken_prompt_is_found_before_any_task(make, jinja, message) -> None:
    with pytest.raises(InputError, match=message):
        find_template(make(jinja=jinja))


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("prompt = 1 2", r"mine\.toml: not TOML: .*line 1"),
        ("", "no prompt; name the Jinja file"),
        ('prompt = "none.jinja"', r"none\.jinja: the prompt's Jinja file cannot be read"),
        ('prompt = "mine.jinja"\nstart = "x"', "unknown key 'start'; known: prompt, system"),
        ('prompt = "mine.jinja"\nplain = "yes"', "plain must be true or false"),
        ('prompt = "mine.jinja"\ncursor = "|"', "cannot be a marker"),
        ('prompt = "mine.jinja"\nmarkers = ["## New"]', "cannot be a marker"),
        ('prompt = "mine.jinja"\nmarkers = ["<a>", "<a>"]', "two markers are the same"),
        ('prompt = "mine.jinja"\n[answer]\nstart = "<x>"\nend = "<x>"', "two markers are the same"),
    ],
)
def test_a_broken_toml_file_is_one_error(make, toml, message) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_template(make(toml=toml))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_wrong_usage(tmp_path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: no such template"):
        find_template(str(tmp_path / "none.toml"))


def test_an_error_at_a_task_does_not_quote_it(make, make_task) -> None:
    template = make(
        jinja="{{ region }}{{ hint }}{% if language == 'python' and lines > 9 %}{{ path / 2 }}{% endif %}"
    )
    long = make_task(code="secret_path\n" * 20 + "r ** 3\n", path="secret/path.py")
    with pytest.raises(InputError) as caught:
        build(long, template=template)
    assert "secret" not in str(caught.value)
