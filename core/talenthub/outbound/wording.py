"""Wording: the texts of mail, by language, and an organisation's own.

`[mail] templates` names a folder with a folder for each language in it:
`de/digest.txt`, `de/urgent.txt` … A text is plain, with fields in braces and
nothing that computes; its first line may be its subject. What a language has
not comes from the shipped texts, and what these have not is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from talenthub.config.settings import Settings
from talenthub.errors import ConfigurationError, Problem, nearest

SHIPPED = Path(__file__).parent / "texts"
ENGLISH = "en"

WORDS = "words"
"""The file of short words: `late = overdue {count}d`, a line each."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "digest": ("name", "day", "tasks", "messages", "changes"),
    "urgent": ("name", "title", "text", "ref"),
    "invitation": ("name", "title", "when", "place", "ref"),
    "cancellation": ("name", "title", "when", "place", "ref"),
}
"""What the body of each text may name."""

SUBJECT: Mapping[str, tuple[str, ...]] = {"digest": ("counts",)}
"""What a subject may name: whoever looks at a screen reads it."""

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_HEAD = "Subject:"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language."""

    language: str
    texts: Mapping[str, str]
    words: Mapping[str, str]

    def subject(self, name: str, /, **values: object) -> str:
        """Return the subject of a text."""
        head = self.texts[name].partition("\n")[0]
        return _filled(head.removeprefix(_HEAD).strip(), values)

    def body(self, name: str, /, **values: str) -> str:
        """Return a text, without the paragraphs that would have nothing in them."""
        text = self.texts[name].partition("\n")[2].strip("\n")
        kept = [each for each in text.split("\n\n") if not _is_empty(each, values)]
        return _filled("\n\n".join(kept), values)

    def word(self, name: str, /, **values: object) -> str:
        """Return a short word: `late`, `today` …"""
        return _filled(self.words[name], values)


@dataclass(frozen=True, slots=True)
class Wordings:
    """The texts of all languages, and which is taken where one has none."""

    by_language: Mapping[str, Wording]
    default: str

    def of(self, language: str) -> Wording:
        """Return the texts of a language, or of the nearest to it there is."""
        tried = (language, language.partition("-")[0], self.default, self.default.partition("-")[0])
        return next((self.by_language[each] for each in tried if each in self.by_language), self._english())

    def _english(self) -> Wording:
        return self.by_language[ENGLISH]


def read_wordings(folder: Path | None = None, default: str = ENGLISH) -> Wordings:
    """Return the shipped texts with an organisation's own over them.

    ConfigurationError names every fault of every file, with its line.
    """
    shipped = dict(_languages(SHIPPED))
    own = dict(_languages(folder)) if folder is not None else {}
    english = shipped[ENGLISH]
    faults = [fault for files in own.values() for fault in _faults(files, _words(english[WORDS].read_text()))]
    if folder is not None and not folder.is_dir():
        faults.append(
            Problem(
                text="the folder of mail templates is not there", place=str(folder), code="mail.templates"
            )
        )
    if faults:
        raise ConfigurationError.of(faults)
    found = {
        each: _wording(each, {**english, **shipped.get(each, {}), **own.get(each, {})}, english[WORDS])
        for each in {*shipped, *own}
    }
    return Wordings(found, default)


def wordings_of(settings: Settings, folder: Path) -> Wordings:
    """Return the texts of an organisation's mail."""
    own = settings.mail.templates
    return read_wordings(folder / own if own is not None else None, settings.organisation.language)


def _languages(folder: Path) -> Iterator[tuple[str, dict[str, Path]]]:
    for each in sorted(folder.glob("*")):
        if each.is_dir():
            yield each.name, {file.stem: file for file in sorted(each.glob("*.txt"))}


def _wording(language: str, files: Mapping[str, Path], english: Path) -> Wording:
    texts = {name: _with_subject(name, files[name].read_text(encoding="utf-8")) for name in FIELDS}
    words = _words(english.read_text(encoding="utf-8")) | _words(files[WORDS].read_text(encoding="utf-8"))
    return Wording(language, texts, words)


def _with_subject(name: str, text: str) -> str:
    if text.startswith(_HEAD):
        return text
    shipped = (SHIPPED / ENGLISH / f"{name}.txt").read_text(encoding="utf-8")
    return f"{shipped.partition(chr(10))[0]}\n\n{text}"


def _words(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): said.strip() for name, _, said in pairs}


def _faults(files: Mapping[str, Path], words: Mapping[str, str]) -> Iterator[Problem]:
    for name, file in files.items():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            yield Problem(text="this is no UTF-8 text", place=str(file), code="mail.template")
            continue
        if name == WORDS:
            yield from _faulty_words(file, lines, words)
        elif name in FIELDS:
            yield from _faulty_lines(name, file, lines)
        else:
            yield _problem("no mail has this name", file, 0, name, [*FIELDS, WORDS])


def _faulty_lines(name: str, file: Path, lines: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        is_subject = number == 1 and line.startswith(_HEAD)
        allowed = SUBJECT.get(name, ()) if is_subject else FIELDS[name]
        text = "no such field" + (" in a subject: nothing personal stands there" if is_subject else "")
        for field in _FIELD.findall(line):
            if field not in allowed:
                yield _problem(text, file, number, field, allowed)


def _faulty_words(file: Path, lines: list[str], words: Mapping[str, str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        name, _, said = (part.strip() for part in line.partition("="))
        if name and name not in words:
            yield _problem("no such word", file, number, name, list(words))
            continue
        allowed = _FIELD.findall(words.get(name, ""))
        for field in _FIELD.findall(said):
            if field not in allowed:
                yield _problem("no such field", file, number, field, allowed)


def _problem(text: str, file: Path, line: int, found: str, allowed: tuple[str, ...] | list[str]) -> Problem:
    return Problem(
        text=text,
        place=f"{file}:{line}" if line else str(file),
        found=found[:80],
        allowed=", ".join(allowed) or "none",
        nearest=nearest(found, allowed) or None,
        code="mail.template",
    )


def _is_empty(paragraph: str, values: Mapping[str, str]) -> bool:
    named = [each for each in _FIELD.findall(paragraph) if each in values]
    return bool(named) and not any(values[each] for each in named)


def _filled(text: str, values: Mapping[str, object]) -> str:
    return _FIELD.sub(lambda match: str(values.get(match[1], match[0])), text)
