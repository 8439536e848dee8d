"""Parameter types: words a person types, read with a nearest match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import click
from click.shell_completion import CompletionItem

from talenthub.errors import Problem, UsageError, nearest

DAY_FORMS = "2026-11-30, today, tomorrow, yesterday, +3d, -2w"

_WIDEST = 60
"""Characters of allowed words that help still shows on its line."""


class OneOf(click.ParamType[str]):
    """One of a few words; a wrong one is answered with the nearest."""

    def __init__(self, kind: str, words: Sequence[str]) -> None:
        self.name = kind
        self.words = tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the words, as help shows them; what they are, if there are many."""
        listed = "|".join(self.words)
        return listed if len(listed) <= _WIDEST else self.name.upper()

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or fail with the allowed ones."""
        if value.lower() not in self.words:
            close = nearest(value, self.words)
            hint = f"; did you mean {close!r}?" if close else ""
            self.fail(f"unknown {self.name} {value!r}; allowed: {', '.join(self.words)}{hint}", param, ctx)
        return value.lower()

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the words that begin so."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete.lower())]


class FieldList(click.ParamType[tuple[str, ...]]):
    """Names with commas between: `handle,unit`."""

    name = "a,b"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names; an empty list is a mistake."""
        if isinstance(value, tuple):
            return value
        names = tuple(word.strip() for word in value.split(",") if word.strip())
        return names or self.fail("name at least one field", param, ctx)


@dataclass(frozen=True, slots=True)
class DateWord:
    """A day as it was typed; `on` turns it into a date once today is known."""

    text: str
    day: date | None = None
    offset: int = 0

    def on(self, today: date) -> date:
        """Return the day meant when `today` is the day at the organisation."""
        try:
            return self.day if self.day is not None else today + timedelta(days=self.offset)
        except OverflowError:
            raise UsageError(
                Problem(text="this day is beyond the calendar", found=self.text, code="cli.day")
            ) from None


class DateWordParam(click.ParamType[DateWord]):
    """A day: 2026-11-30, today, tomorrow, +3d, -2w."""

    name = "day"

    def convert(
        self, value: str | DateWord, param: click.Parameter | None, ctx: click.Context | None
    ) -> DateWord:
        """Return the day word; the message tells the forms."""
        if isinstance(value, DateWord):
            return value
        try:
            return read_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DAY = DateWordParam()
_WORDS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_OFFSET = re.compile(r"([+-])(\d{1,4})([dw])")
_EUROPEAN = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_day(text: str) -> DateWord:
    """Return the day that `text` means; ValueError says what is allowed."""
    word = text.strip().lower()
    if word in _WORDS:
        return DateWord(text, offset=_WORDS[word])
    if found := _OFFSET.fullmatch(word):
        days = int(found[2]) * (7 if found[3] == "w" else 1)
        return DateWord(text, offset=-days if found[1] == "-" else days)
    # Digits of other scripts match \d, but are nothing anybody types as a day.
    if word.isascii() and _ISO.fullmatch(word):
        return DateWord(text, day=_calendar_day(word))
    close = _turned(word) or nearest(word, _WORDS)
    hint = f"; did you mean {close!r}?" if close else ""
    raise ValueError(f"{text!r} is not a day; allowed: {DAY_FORMS}{hint}")


def _turned(word: str) -> str | None:
    """Return `2026-11-30` for 30.11.2026 or 30/11/2026; None where it is not clear."""
    found = _EUROPEAN.fullmatch(word)
    if found is None:
        return None
    day, month = int(found[1]), int(found[3])
    if found[2] == "/" and day <= 12:
        return None  # 4/5 is the fourth of May here and the fifth of April there
    try:
        return date(int(found[4]), month, day).isoformat()
    except ValueError:
        return None


def _calendar_day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ValueError(f"{word!r} is not in the calendar: {error}; allowed: {DAY_FORMS}") from None


class Name(click.ParamType[str]):
    """A name or reference as typed; the room it belongs to resolves it."""

    longest = 200

    def __init__(self, kind: str) -> None:
        self.name = kind

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name without blanks around it; what no name can be fails."""
        word = value.strip()
        if not word:
            self.fail(f"the {self.name} is empty", param, ctx)
        if len(word) > self.longest:
            self.fail(f"the {self.name} has {len(word)} characters; allowed: {self.longest}", param, ctx)
        if not word.isprintable():
            self.fail(f"the {self.name} holds a character that cannot be printed", param, ctx)
        return word

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the names that begin so, of those the actor may know."""
        from talenthub.cli.completing import offered

        return offered(ctx, self.name, incomplete)


class Pair(click.ParamType[tuple[str, str]]):
    """KEY=VALUE: a competency, an objective …, and what is said about it."""

    def __init__(self, key: str = "code", *, upper: bool = False) -> None:
        self.name = f"{key}=value"
        self._upper = upper

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return key and value, without blanks around them."""
        if isinstance(value, tuple):
            return value
        key, sign, said = (each.strip() for each in value.partition("="))
        if not (sign and key and said):
            self.fail(f"{value!r} is not {self.name.upper()}", param, ctx)
        return key.upper() if self._upper else key, said


PERSON = Name("person")
REFERENCE = Name("reference")
COMPETENCY = Name("competency")
UNIT = Name("unit")
