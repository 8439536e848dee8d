"""The difference of two versions as a document."""

from __future__ import annotations

from talenthub.framework.changes import Change, ChangeClass, Difference, Link
from talenthub.framework.mapping_files import shown_strength
from talenthub.framework.page import Block, Heading, Page, Paragraph, Table

_MEANING = {
    ChangeClass.EDITORIAL: "The meaning is the same; every rating stays as it is.",
    ChangeClass.MINOR: "The meaning is much the same; every rating stays as it is.",
    ChangeClass.MAJOR: "The meaning is another one; earlier ratings pass on with the stated strength.",
    ChangeClass.SPLIT: "One competency became several; each takes earlier ratings over with its strength.",
    ChangeClass.MERGE: "Several competencies became one; their earlier ratings are counted together.",
    ChangeClass.RETIRE: "It ended; earlier ratings stay readable and say nothing of the new version.",
}


def diff_page(difference: Difference, language: str) -> Page:
    """Return the document: what changed, by class, and what succeeds what."""
    title = f"{difference.before} → {difference.after}"
    blocks: list[Block] = [Heading(title), Paragraph(in_words(difference), "lead")]
    if difference.links:
        blocks += [Heading("What succeeds what", 2), _links(difference.links)]
    for kind in reversed(ChangeClass):
        changes = [each for each in difference.changes if each.kind is kind]
        if changes:
            blocks += [
                Heading(kind.value.capitalize(), 2),
                Paragraph(_MEANING[kind], "note"),
                _changes(changes),
            ]
    return Page(title, language, tuple(blocks))


def in_words(difference: Difference) -> str:
    """Return how much changed, in one sentence."""
    if not difference.changes:
        return "Nothing changed."
    many = len(difference.changes)
    counts = ", ".join(f"{count} {kind}" for kind, count in difference.counts.items())
    return f"{many} {'change' if many == 1 else 'changes'}: {counts}."


def _links(links: tuple[Link, ...]) -> Table:
    head = ("Old", "New", "Class", "Strength", "Confirmed", "Why")
    return Table(
        head,
        tuple(
            (
                each.old,
                each.new or "nothing",
                each.kind.value,
                shown_strength(each.strength),
                "yes" if each.confirmed or not each.needs_confirming else "no",
                each.why,
            )
            for each in links
        ),
    )


def _changes(changes: list[Change]) -> Table:
    head = ("Where", "What", "Before", "After", "Why")
    return Table(
        head,
        tuple(
            (each.where, f"{each.thing} {each.what}", each.before, each.after, each.why) for each in changes
        ),
    )
