"""A session shares one dictionary over its documents, paths and names."""

from codeedit.pipeline.ingest.anonymize import Anonymizer, anonymize_session
from codeedit.pipeline.ingest.anonymize.session import clean_path
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent, Session

ANONYMIZER = Anonymizer(b"a key for tests")
SECRET = "Xk29vQ!mZp47"


def session(*events, following=(), identities=()):
    return Session(
        id="s1", source="test", project="shop", events=events, following=following, identities=identities
    )


def texts(found):
    return [
        getattr(event, "text", getattr(event, "inserted", "")) for event in (*found.events, *found.following)
    ]


def test_a_value_found_in_one_document_is_replaced_in_all():
    clean, *_ = anonymize_session(
        session(
            ContentEvent(0, "a.py", "# nothing yet\n"),
            ContentEvent(1, "notes.txt", f"use {SECRET} for now\n"),
            ContentEvent(2, "b.py", f'password = "{SECRET}"\n'),
        ),
        ANONYMIZER,
    )
    assert not [text for text in texts(clean) if SECRET[:5] in text]
    assert clean.events[1].text.startswith("use ")


def test_the_edit_that_comes_next_is_replaced_too():
    clean, *_ = anonymize_session(
        session(
            ContentEvent(0, "a.py", "x = 1\n"),
            following=(EditEvent(1, "a.py", 0, 0, f'password = "{SECRET}"\n'),),
        ),
        ANONYMIZER,
    )
    assert SECRET[:5] not in clean.following[0].inserted
    assert len(clean.following[0].inserted) == len(f'password = "{SECRET}"\n')


def test_identities_are_found_wherever_they_stand_and_are_not_kept():
    clean, placeholders, *_ = anonymize_session(
        session(ContentEvent(0, "a.py", "owner nblixen\n"), identities=("/home/nblixen", "Nora Blixen")),
        ANONYMIZER,
    )
    assert "nblixen" not in clean.events[0].text
    assert clean.identities == ()
    assert set(placeholders.values()) == {"identity"}


def test_placeholders_that_stand_in_the_session_are_named_with_their_kind():
    clean, placeholders, *_ = anonymize_session(
        session(ContentEvent(0, "a.py", f'password = "{SECRET}"\n')), ANONYMIZER
    )
    assert clean.events[0].text == f'password = "{ANONYMIZER.placeholder(SECRET)}"\n'
    assert placeholders[ANONYMIZER.placeholder(SECRET)] == "password"


def test_session_and_project_become_pseudonyms():
    clean, *_ = anonymize_session(session(), ANONYMIZER)
    assert clean.id != "s1"
    assert clean.project != "shop"
    assert clean == anonymize_session(session(), ANONYMIZER)[0]


def test_cursors_keep_their_place_under_the_new_path():
    path = "../../Users/nblixen/app/a.py"
    clean, *_ = anonymize_session(session(ContentEvent(0, path, "x"), CursorEvent(1, path, 1, 1)), ANONYMIZER)
    assert clean.events[1] == CursorEvent(1, clean.events[0].path, 1, 1)
    assert "nblixen" not in clean.events[0].path


def test_a_document_keeps_its_history_when_it_is_renamed():
    half = f'password = "{SECRET[:6]}'
    clean, *_ = anonymize_session(
        session(
            ContentEvent(0, "a.py", half),
            ContentEvent(1, "b.py", half, renamed_from="a.py"),
            EditEvent(2, "b.py", len(half), 0, SECRET[6:] + '"\n'),
        ),
        ANONYMIZER,
    )
    assert SECRET[:4] not in clean.events[0].text
    assert clean.events[1].renamed_from == clean.events[0].path


def test_a_plain_relative_path_stays():
    assert clean_path("src/app/main.test.ts", ANONYMIZER) == "src/app/main.test.ts"


def test_a_home_folder_goes_from_a_path_and_the_extension_stays():
    made = clean_path("/Users/nblixen/work/a.tar.gz", ANONYMIZER)
    assert "nblixen" not in made
    assert made.endswith("/work/a.tar.gz")
    assert not made.startswith("/")


def test_a_path_out_of_the_workspace_stays_inside():
    made = clean_path("../../../C:\\Users\\nblixen\\a.py", ANONYMIZER)
    assert ".." not in made
    assert "nblixen" not in made


def test_different_paths_stay_different():
    clean, *_ = anonymize_session(
        session(ContentEvent(0, "../a.py", "1"), ContentEvent(1, "a.py", "2"), ContentEvent(2, "/a.py", "3")),
        ANONYMIZER,
    )
    assert len({event.path for event in clean.events}) == 3


def test_a_diff_of_an_earlier_edit_is_replaced_with_the_same_placeholder():
    diff = f'@@ -1 +1 @@\n-password = ""\n+password = "{SECRET}"'
    clean = anonymize_session(
        session(DiffEvent(0, "b.py", diff), ContentEvent(1, "a.py", f"use {SECRET} for now\n")), ANONYMIZER
    ).session
    placeholder = ANONYMIZER.placeholder(SECRET)
    assert clean.events[0].diff == diff.replace(SECRET, placeholder)
    assert clean.events[1].text == f"use {placeholder} for now\n"


def test_a_secret_in_the_words_of_the_user_is_replaced():
    edit = EditEvent(1, "a.py", 0, 0, f'password = "{SECRET}"', hint=f"use {SECRET} for it")
    clean = anonymize_session(session(ContentEvent(0, "a.py", ""), edit), ANONYMIZER).session
    assert clean.events[1].hint == f"use {ANONYMIZER.placeholder(SECRET)} for it"
