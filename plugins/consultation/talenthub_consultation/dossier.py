"""The dossier: how a framework was agreed on, as a document without names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, framework_content, pages, text_in
from talenthub_consultation.cases import Count, Item, Review
from talenthub_consultation.counting import buy_in, shown_levels
from talenthub_consultation.finding import settings_for
from talenthub_consultation.settings import ConsultationSettings
from talenthub_consultation.telling import edit_rows, relevance_rows, review_record

Row = Mapping[str, Any]


def dossier(engine: Engine, tx: Transaction, case: CaseView) -> pages.Page:
    """Return votes, edits, decisions and relevance of a consultation.

    Of voters only sums are told, and of a level only those of enough people.
    """
    assert case.framework_version is not None, "a consultation is about a version"
    content = framework_content(tx, case.framework_version)
    language = content.framework.language
    title = f"{text_in(content.framework.title, language)} {case.data.number}: review dossier"
    settings = settings_for(engine, tx, case)
    edits: dict[str, list[Row]] = {}
    for row in edit_rows(tx, case):
        edits.setdefault(row["item"], []).append(row)
    blocks = [
        pages.Heading(title),
        *_standing(review_record(engine, tx, case)),
        *_levels(case.data, settings),
        *_decisions(case.data),
        *_relevance(case.data, settings),
        pages.Heading("Item by item", 2),
        *(block for each in case.data.items for block in _item(each, edits.get(each.code, ()), settings)),
    ]
    return pages.Page(title, language, tuple(blocks))


def _standing(record: Row) -> Iterator[pages.Block]:
    yield pages.Paragraph(f"Consultation {record['ref']}: {record['state']}.", "lead")
    yield pages.Bullets(
        (
            f"{record['groups']} groups, {record['invited']} invited, {record['attending']} attended.",
            f"{record['accepted']} of {record['items']} items accepted.",
            *(f"Round {each}." for each in record["rounds"]),
        )
    )


def _levels(data: Review, settings: ConsultationSettings) -> Iterator[pages.Block]:
    found = buy_in(data.items, settings.smallest_shown)
    yield pages.Heading("Buy-in", 2)
    if found.weakest is None or found.mean is None:
        yield pages.Paragraph("Unknown: no level has enough votes yet.")
        return
    yield pages.Paragraph(
        f"{_share(found.weakest.share)}: level {found.weakest.level} accepts least."
        f" The mean of the levels is {_share(found.mean)}."
    )
    yield pages.Table(
        ("Level", "Voters", "Accepting votes", "Votes", "Share"),
        tuple(
            (str(each.level), str(each.voters), str(each.accepting), str(each.votes), _share(each.share))
            for each in found.shares
        ),
    )
    least = settings.smallest_shown
    yield pages.Paragraph(f"Levels with fewer than {least} voters are not shown.", "note")


def _decisions(data: Review) -> Iterator[pages.Block]:
    yield pages.Heading("Decisions", 2)
    yield pages.Table(
        ("Item", "Rounds", "Decided", "Why"),
        tuple(
            (
                each.code,
                ", ".join(_outcome(count) for count in each.counts) or "none",
                each.state,
                each.reason,
            )
            for each in data.items
        ),
    )


def _outcome(count: Count) -> str:
    return f"{count.round}: {count.outcome}"


def _relevance(data: Review, settings: ConsultationSettings) -> Iterator[pages.Block]:
    rows = relevance_rows(data.items, settings)
    if not rows:
        return
    yield pages.Heading("Indicators", 2)
    yield pages.Paragraph(
        "Content validity ratio after Lawshe, kept from the least value that chance does not explain;"
        " retranslation by judges who were not told the place.",
        "note",
    )
    yield pages.Table(
        ("Indicator", "Essential", "CVR", "Critical", "Needed", "Sorted here", "SD of level", "Place"),
        tuple(
            (
                row["indicator"],
                "unknown" if row["of"] is None else f"{row['essential']} of {row['of']}",
                *(_share(row[name]) for name in ("cvr", "critical")),
                row["needed"],
                *(_share(row[name]) for name in ("sorted", "deviation")),
                row["place"],
            )
            for row in rows
        ),
    )


def _item(item: Item, edits: Sequence[Row], settings: ConsultationSettings) -> Iterator[pages.Block]:
    yield pages.Heading(item.code, 3)
    yield pages.Paragraph(item.text)
    if item.counts:
        yield pages.Table(
            ("Round", "Voters", "Votes", "Accept", "Edit", "Reject", "Outcome"),
            tuple(row for count in item.counts for row in _votes(count, settings)),
        )
    if item.revised:
        yield pages.Bullets(item.revised, "Earlier words")
    if edits:
        yield pages.Bullets(
            tuple(f"Round {each['round']}: {each['edit']}" for each in edits), "Proposed words"
        )
    if item.noted:
        yield pages.Paragraph(f"Why it reads so: {item.noted}", "note")


def _votes(count: Count, settings: ConsultationSettings) -> Iterator[tuple[str, ...]]:
    total = count.total
    figures = (str(each) for each in (total.total, total.accept, total.edit, total.reject))
    yield (str(count.round), f"all ({count.invited} invited)", *figures, count.outcome)
    for each in shown_levels(count, settings.smallest_shown):
        figures = (str(figure) for figure in (each.total, each.accept, each.edit, each.reject))
        yield (str(count.round), f"level {each.level}", *figures, "")


def _share(value: Any) -> str:
    return "unknown" if value is None else f"{float(value):.3f}"
