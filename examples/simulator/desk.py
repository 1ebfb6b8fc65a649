"""A session under way: chores chosen at random, one after the other, until the day is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from simulator.chores import (
    AddArgument,
    AddField,
    AddLine,
    Chore,
    DropField,
    DropLine,
    Rename,
    Rewrite,
    apply,
    carry_out,
    units,
)
from simulator.code import balanced, blocks, calls, replace_word, words
from simulator.editor import Document, Entry
from simulator.functions import Inventor
from simulator.person import Person
from simulator.plans import Plan
from simulator.planted import (
    CORRECTED_LOG,
    LOADED_LOG,
    PASTED_LOG,
    TYPED_LOG,
    corrected_line,
    loaded_header,
    pasted_lines,
    typed_lines,
)
from simulator.themes import NOUNS, VERBS, WORDS, apply_theme, draw, parts

_LEAST_PLACES = 5  # what is changed stands in at least so many functions
_INVENTED = (8, 4)  # functions beside the sources' own, in the first file and in the second
_RENAMED = ("total", "rate", "limit", "price", "weight", "label", "scale", "check", "show")
_NOTES = (
    "keep this in step with the docs 📚",
    "fast enough so far 🚀",
    "ask before changing 🙏",
    "see the numbers of last week 📈",
    "the order matters here 🧭",
)


@dataclass(slots=True)
class Desk:
    """What lies before a person: open documents, and what things are called in them."""

    plan: Plan
    person: Person
    names: dict[str, str]  # the theme's word of each source word, as it is called now
    documents: list[Document] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # number fields in the order of their lines
    spare: list[str] = field(default_factory=list)  # functions left out at first
    last: Chore | None = None  # what was done before
    added: str | None = None  # a statement that was put into every function
    used: set[str] = field(default_factory=lambda: set(WORDS))

    @property
    def _blank_lines(self) -> int:
        """How many blank lines stand between two functions."""
        return 2 if self.plan.language.name == "python" else 1

    def open(self, name: str, source: str) -> None:
        """Load a source, told in the session's theme, some functions moved or left out."""
        self.used |= parts(source) | set(self.names.values())
        source = self._vary(source, invented=_INVENTED[len(self.documents)])
        if not self.documents:
            self.fields = [self.names["price"], self.names["weight"]]
        text = apply_theme(source, self.names)
        if self.plan.name == LOADED_LOG and not self.documents:
            text = "\n".join(loaded_header(self.plan.owner)) + "\n" + text
        path = PurePosixPath("src", apply_theme(name, self.names))
        separator = "/"
        if self.plan.windows:
            text, separator = text.replace("\n", "\r\n"), "\\"
        editor = self.person.editor
        editor.wait(900)
        self.documents.append(editor.open(separator.join(path.parts), text))

    def _vary(self, source: str, invented: int) -> str:
        """Add invented functions, shuffle all behind the definitions, and keep two for later."""
        separator = "\n" + "\n" * self._blank_lines
        rng = self.person.rng
        found = [source[start:end] for start, end in blocks(source)]
        inventor = Inventor(self.plan.language, rng, self.used)
        found[-1:-1] = [inventor.function() for _ in range(invented)]
        movable = [at for at, block in enumerate(found) if at >= len(found) // 3 and balanced(block)]
        movable = [at for at in movable if not _is_helper(found[at]) and at != len(found) - 1]
        order = rng.sample(movable, len(movable))
        moved = [found[at] for at in order]
        for at, block in zip(movable, moved, strict=True):
            found[at] = block
        left_out = [] if self.documents else movable[-2:]
        self.spare += [apply_theme(found[at], self.names) for at in left_out]
        kept = [block for at, block in enumerate(found) if at not in left_out]
        text = kept[0]
        for block in kept[1:]:
            text += (separator if block[0] not in " \t" else "\n\n") + block
        return text + "\n"

    def work(self) -> None:
        """Do chores until the day is over."""
        self._plant()
        chores = [
            *[self._rename] * 4,
            *[self._rewrite] * 2,
            self._argument,
            self._add_field,
            self._line,
            self._line,
        ]
        others = [self._note, self._paste_spare, self._drop_field]
        if self.plan.revert:
            self._reverted()
        done = 0
        while self.person.bursts < self.plan.bursts:
            self.person.rng.choice(chores)()
            if self.person.chance(0.5):
                self._look(self.documents[0])
            done += 1
            if done % 3 == 0:
                self.person.rng.choice(others)()

    def next_edit(self) -> Entry:
        """Begin one more rename; return its next step, which the log states instead of showing it."""
        document = self.documents[0]
        chore = self._new_rename("item")
        self._carry_out(chore, bursts=1)
        index, unit = next(
            (at, unit) for at, unit in enumerate(units(document.text)) if chore.places(document.text, unit)
        )
        places = chore.places(document.text, unit)
        edit = [[document.units(start), document.units(end), text] for start, end, text in places]
        return {
            "edit": edit,
            "relativePath": document.path,
            "originalOpIdx": len(self.person.editor.entries) + index,
        }

    def _carry_out(self, chore: Chore, bursts: int = 40) -> None:
        self.last = chore
        if bursts > 1:
            self.spare = [apply(chore, text) for text in self.spare]
        for document in self.documents:
            bursts -= carry_out(self.person, document, chore, between=self._sometimes_look, most=bursts)

    def _sometimes_look(self, document: Document) -> None:
        """Look back at what is done already."""
        if self.person.chance(0.06):
            self.person.look(document, document.carets[0][1])

    def _look(self, document: Document) -> None:
        places = words(document.text, self.names["item"])
        self.person.look(document, self.person.rng.choice(places)[1])

    def _taken(self) -> set[str]:
        """Return the words that are in use or were: no name comes back."""
        self.used |= set.union(*(parts(document.text) for document in self.documents))
        return self.used

    def _count(self, word: str) -> int:
        """Return in how many stretches of the first document a word or an expression stands."""
        text = self.documents[0].text
        return sum(bool(words(text, word, unit)) for unit in units(text))

    def _new_rename(self, *only: str) -> Rename:
        roles = [role for role in only or _RENAMED if self._count(self.names[role]) >= _LEAST_PLACES]
        role = self.person.rng.choice(roles)
        old = self.names[role]
        new = draw(self.person.rng, WORDS[role], self._taken())
        self.names[role] = new
        self.fields = [new if name == old else name for name in self.fields]
        if self.added:
            self.added = replace_word(self.added, old, new)
        return Rename(old, new)

    def _rename(self) -> None:
        self._carry_out(self._new_rename())

    def _argument(self) -> None:
        rng = self.person.rng
        name = draw(rng, NOUNS, self._taken())
        function = self.names[rng.choice(["scale", "check", "show"])]
        self._carry_out(AddArgument(function, name, self.plan.language.parameter.format(name)))

    def _rewrite(self) -> None:
        """Put a call around a field, or another field in its place."""
        rng, member = self.person.rng, self.plan.language.member
        fields = [f"{self.names['item']}{member}{name}" for name in self.fields]
        old = max(rng.sample(fields, len(fields)), key=self._count)
        new = f"{draw(rng, VERBS, self._taken())}({old})"
        if self._count(old) >= _LEAST_PLACES:
            self._carry_out(Rewrite(old, new))

    def _line(self) -> None:
        """Repeat a statement in every function, or take it away again."""
        language = self.plan.language
        if self.added:
            if isinstance(self.last, AddLine):
                self._rename()
            self._carry_out(DropLine(self.added))
            self.added = None
            return
        verb = draw(self.person.rng, VERBS, self._taken())
        self.added = f"{verb}({self.names['item']}){language.end}"
        self._carry_out(AddLine(language, self.names["item"], self.added))

    def _add_field(self) -> None:
        if len(self.fields) > 3:
            self._drop_field()
            return
        new = draw(self.person.rng, NOUNS, self._taken())
        self._carry_out(AddField(self.fields[0], self.fields[1], new))
        self.fields.insert(1, new)

    def _drop_field(self) -> None:
        if len(self.fields) > 2:
            if isinstance(self.last, AddField):
                self._rename()
            self._carry_out(DropField(self.fields[1], self.fields[2]))
            del self.fields[1]

    def _note(self) -> None:
        """Type a comment above a function."""
        document = self.documents[-1]
        person = self.person
        start = person.rng.choice(units(document.text)[2:])[0]
        indent = document.text[start:][
            : len(document.text[start:]) - len(document.text[start:].lstrip(" \t"))
        ]
        note = f"{self.plan.language.comment} {person.rng.choice(_NOTES)}"
        start += len(indent)
        person.begin_burst(document, (start, start))
        person.type(document, note)
        person.enter(document, indent)

    def _paste_spare(self) -> None:
        """Paste a function that was left out at first, above another one."""
        document = self.documents[0]
        if not self.spare:
            return
        block = self.spare.pop()
        start = units(document.text)[-2][0]
        separator = "\n" + "\n" * self._blank_lines
        self.person.begin_burst(document, (start, start))
        self.person.paste(document, (block + separator).replace("\n", document.eol))

    def _reverted(self) -> None:
        """Try something and go back to the stored file."""
        document = self.documents[0]
        editor = self.person.editor
        content = editor.store(document)
        names = dict(self.names), list(self.fields)
        self._carry_out(self._new_rename(), bursts=1)
        self.names, self.fields = names
        self.person.moment(3_000, 6_000)
        editor.restore(document, content)

    def _plant(self) -> None:
        """Bring made-up secrets in, in the sessions that have some."""
        document, person = self.documents[0], self.person
        start = blocks(document.text)[1][0]
        if self.plan.name == PASTED_LOG:
            person.begin_burst(document, (start, start))
            person.paste(document, "\n".join(pasted_lines(self.plan.owner)) + "\n\n")
        elif self.plan.name == TYPED_LOG:
            for line in typed_lines():
                person.begin_burst(document, (start, start))
                person.type(document, line, errors=False)
                person.enter(document, "\n" * self._blank_lines)
        elif self.plan.name == CORRECTED_LOG:
            line = corrected_line()
            person.begin_burst(document, (start, start))
            person.type(document, line[:-4], errors=False)
            person.type(document, "w", errors=False)
            person.erase(document, 1)
            person.type(document, line[-4:], errors=False)
            person.enter(document, "\n" * self._blank_lines)


def _is_helper(block: str) -> bool:
    names = ("scale", "check", "show")
    return any(call.is_head for name in names for call in calls(block, name, (0, len(block))))
