"""Cascade: from each value to its competencies, and to what they mean by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from talenthub.framework.content import Content
from talenthub.framework.model import Competency, Scale
from talenthub.framework.page import Block, Heading, Page, Paragraph, Table
from talenthub.framework.text import say


def cascade(content: Content, *, state: str = "", language: str | None = None) -> Page:
    """Return values, the competencies that serve each, and their levels.

    `state` tells where the version stands: a draft must say so.
    """
    told = language or content.framework.language
    title = f"{say(content.framework.title, told)}: the cascade"
    lead = [Paragraph(state, "note")] if state else []
    return Page(title, told, (Heading(title), *lead, *_parts(content, told)))


def _parts(content: Content, language: str) -> Iterator[Block]:
    for value in content.values:
        yield Heading(say(value.title, language), 2)
        if value.statement is not None:
            yield Paragraph(say(value.statement, language), "lead")
        yield from _tables(content, [e for e in content.rateable if value.code in e.values], language)
    others = [each for each in content.rateable if not each.values]
    if others:
        if content.values:
            yield Heading("Serving no value", 2)
        yield from _tables(content, others, language)


def _tables(content: Content, competencies: Sequence[Competency], language: str) -> Iterator[Block]:
    """Return a table for each scale: its levels side by side."""
    for scale in content.scales:
        rows = [each for each in competencies if each.scale == scale.code]
        if rows:
            head = ("Competency", *(f"{each.key} {say(each.label, language)}" for each in scale.levels))
            yield Table(head, tuple(_row(content, each, scale, language) for each in rows))
    if not competencies:
        yield Paragraph("No competency serves it.", "note")


def _row(content: Content, competency: Competency, scale: Scale, language: str) -> tuple[str, ...]:
    cells = (content.descriptor(competency.code, each.ordinal) for each in scale.levels)
    words = ("" if cell is None else say(cell.text, language) for cell in cells)
    return (f"{say(competency.title, language)} ({competency.code})", *words)
