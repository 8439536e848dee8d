"""Verdict: what a condition answers, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Detail:
    """A fact behind a verdict, shown to those who may see its case."""

    text: str
    case: int | None = None
    """The case it speaks of; None: everyone who sees the verdict may see it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one condition: a public sentence, and details.

    `text` is shown to everyone who may ask, so it must not change with what
    the reader is not allowed to see; put such facts into `details`.
    """

    ok: bool
    text: str
    details: tuple[Detail, ...] = ()
    mend: str | None = None
    """The command that would mend it, where one exists."""
    name: str = ""
    """The name of the condition: filled in by the engine."""
    kind: str = "guard"
    """rights, four_eyes, form, state or guard."""

    def of(self, name: str, kind: str = "guard") -> Verdict:
        """Return it as the answer of the condition of this name."""
        return Verdict(self.ok, self.text, self.details, self.mend, name, kind)


def allow(text: str, *details: Detail | str) -> Verdict:
    """Return a verdict that says yes, and why."""
    return Verdict(True, text, _details(details))


def refuse(text: str, *details: Detail | str, mend: str | None = None) -> Verdict:
    """Return a verdict that says no, why, and what would mend it."""
    return Verdict(False, text, _details(details), mend)


def of_form(verdict: Verdict) -> Verdict:
    """Return a verdict that speaks only of what the actor typed."""
    return replace(verdict, kind="form")


def _details(details: tuple[Detail | str, ...]) -> tuple[Detail, ...]:
    return tuple(Detail(each) if isinstance(each, str) else each for each in details)
