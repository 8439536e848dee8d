"""`talent evidence`: the ledger, and the standings computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import COMPETENCY, DAY, PERSON, DateWord, Name

if TYPE_CHECKING:
    from talenthub.evidence.rows import Narrative
    from talenthub.evidence.standing import Explanation, Standing
    from talenthub.people.persons import Person
    from talenthub.storage.transaction import Transaction

FRAMEWORK = Name("framework")
PURPOSE = Name("purpose")
NUMBER = Name("number")

_STANDING = (
    Column("competency"),
    Column("standing", right=True),
    Column("weight", right=True),
    Column("state"),
    Column("rows", right=True),
    Column("newest_on"),
)
_LEDGER = (
    Column("number", right=True),
    *(Column(each) for each in ("competency", "purpose", "source", "observed_on")),
    Column("age_days", right=True),
    Column("rating", right=True),
    *(Column(each, right=True) for each in ("ladder", "weight", "effective_weight", "contribution")),
    Column("left_out"),
    *(
        Column(each, extra=True)
        for each in (
            "ladder_exact",
            "supersedes",
            "carried_from",
            "carried_strength",
            "recorded_at",
            "case",
            "group",
            "framework_version",
            "descriptor_hash",
            "narrative",
            "reason",
        )
    ),
)
_EXPLAINED = ("source", "observed_on", "rating", "ladder", "weight", "effective_weight", "contribution")
"""What fits 80 columns; competency and purpose stand above the table."""

_FAULT = (Column("person"), Column("number", right=True), Column("fault"))

for_option = click.option(
    "--for", "purpose", type=PURPOSE, default="development", show_default=True, help="What it is read for."
)
on_option = click.option("--on", type=DAY, help="As of this day; default: today.")
framework_option = click.option(
    "--framework", "framework_code", type=FRAMEWORK, metavar="CODE", help="Default: that of the post."
)
_known_option = click.option("--known-on", type=DAY, help="With only what had been recorded by this day.")


@click.group("evidence", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def evidence() -> None:
    """The ledger of ratings, and where people stand by it.

    \b
    talent evidence show amara.okoye
    talent evidence explain amara.okoye COM --for appraisal
    talent evidence correct amara.okoye 3 --ladder 5/3 --rating 2 --reason "typo"
    talent evidence verify
    """


@evidence.command()
@click.argument("person", type=PERSON, required=False)
@for_option
@on_option
@_known_option
@framework_option
@click.option("--rows", is_flag=True, help="The rows of the ledger behind the standings.")
@reads
def show(
    desk: Desk,
    person: str | None,
    purpose: str,
    on: DateWord | None,
    known_on: DateWord | None,
    framework_code: str | None,
    rows: bool,
) -> None:
    """Where PERSON (default: you) stands on each competency."""
    from talenthub.cli import evidence_rows

    def look(tx: Transaction) -> tuple[Person, dict[str, Standing], list[Explanation], dict[int, Narrative]]:
        from talenthub.evidence.access import see_standings
        from talenthub.evidence.rows import narratives
        from talenthub.evidence.standing import explain_all, standings
        from talenthub.evidence.subject import framework_for, seen_person

        settings = desk.workspace.evidence
        who = seen_person(tx, person, see_standings(settings, purpose))
        code = framework_for(tx, who.id, framework_code)
        days = (_day(on, tx), _day(known_on, tx))
        found = standings(tx, [who.id], code, purpose, settings, *days)
        told = explain_all(tx, who.id, code, purpose, settings, *days) if rows else []
        texts = narratives(tx, who.id, [each.row.sequence for one in told for each in one.rows])
        return who, {competency: each for (_, competency), each in found.items()}, told, texts

    who, found, told, texts = desk.run(look)
    if rows:
        refs = _refs(desk, told)
        shown = [row for one in told for row in evidence_rows.ledger_rows(one.rows, texts, refs)]
        desk.emit(sorted(shown, key=lambda row: row["number"]), _LEDGER, title=f"Evidence on {who.handle}")
    else:
        standing = [evidence_rows.standing_row(code, found[code]) for code in sorted(found)]
        desk.emit(standing, _STANDING, title=f"{who.handle} · for {purpose}")
    if not found:
        desk.say("No evidence that counts: every competency is unknown.")


@evidence.command()
@click.argument("person", type=PERSON)
@click.argument("competency", type=COMPETENCY)
@for_option
@on_option
@_known_option
@framework_option
@reads
def explain(
    desk: Desk,
    person: str,
    competency: str,
    purpose: str,
    on: DateWord | None,
    known_on: DateWord | None,
    framework_code: str | None,
) -> None:
    """How the standing of PERSON on COMPETENCY came about, row by row."""
    from talenthub.cli import evidence_rows

    def look(tx: Transaction) -> tuple[Person, Explanation, dict[int, Narrative]]:
        from talenthub.evidence import standing
        from talenthub.evidence.access import see_standings
        from talenthub.evidence.rows import narratives
        from talenthub.evidence.subject import framework_for, known_competency, seen_person

        settings = desk.workspace.evidence
        who = seen_person(tx, person, see_standings(settings, purpose))
        code = framework_for(tx, who.id, framework_code)
        rated = known_competency(tx, code, competency)
        days = (_day(on, tx), _day(known_on, tx))
        told = standing.explain(tx, who.id, code, rated, purpose, settings, *days)
        return who, told, narratives(tx, who.id, [each.row.sequence for each in told.rows])

    who, told, texts = desk.run(look)
    refs = _refs(desk, [told])
    if desk.common.style.chosen in ("json", "yaml"):
        desk.emit_record({"person": who.handle, **evidence_rows.explanation_record(told, texts, refs)})
        return
    title = evidence_rows.explanation_title(who.handle, told)
    rows = list(evidence_rows.ledger_rows(told.rows, texts, refs))
    shown = {*_EXPLAINED, *(["left_out"] if any(each["left_out"] for each in rows) else ())}
    columns = [replace(each, extra=each.name not in shown) for each in _LEDGER]
    desk.emit(rows, columns if desk.for_people else _LEDGER, title=title)


def _refs(desk: Desk, told: Sequence[Explanation]) -> dict[int, str]:
    from talenthub.cli.casework import refs_in_sight

    cases = [each.row.case for one in told for each in one.rows]
    return desk.run(lambda tx: refs_in_sight(desk, tx, cases))


@evidence.command()
@reads
def verify(desk: Desk) -> None:
    """Check every chain, narrative and kept sum against the ledger."""
    from talenthub.cli import evidence_rows
    from talenthub.errors import IntegrityError, Problem
    from talenthub.evidence import verify as verification
    from talenthub.people.persons import persons

    def look(tx: Transaction) -> tuple[verification.Verification, dict[int, str]]:
        _require_keeper(tx, "the state of the ledgers is not yours to see")
        found = verification.verify(tx, desk.workspace.evidence)
        named = persons(tx, {fault.person for fault in found.faults})
        return found, {each.id: each.handle for each in named.values()}

    found, handles = desk.run(look)
    desk.emit([evidence_rows.fault_row(each, handles) for each in found.faults], _FAULT)
    desk.say(
        f"{_many(found.rows, 'row')} in {_many(found.ledgers, 'ledger')}, "
        f"{_many(found.narratives, 'narrative')} and {_many(found.sums, 'sum')} checked: "
        f"{_many(len(found.faults), 'fault')}"
    )
    if not found.ok:
        raise IntegrityError(
            Problem(text="the evidence does not verify", mend="restore a backup", code="evidence.verify")
        )


@evidence.command()
@writes
def rebuild(desk: Desk) -> None:
    """Make all kept sums anew, after the half-life was changed."""
    from talenthub.evidence import verify as verification

    def work(tx: Transaction) -> int:
        _require_keeper(tx, "the sums are not yours to rebuild")
        return verification.rebuild(tx, desk.workspace.evidence)

    made = desk.run(work)
    desk.emit_record({"sums": made, "settings_version": desk.workspace.evidence.version})


@evidence.command()
@click.argument("person", type=PERSON)
@click.argument("number", type=int)
@click.option("--ladder", type=NUMBER, help="The right place on the ladder: 2, 1.5 or 5/3.")
@click.option("--rating", type=NUMBER, help="The right rating as it was given.")
@click.option("--withdraw", is_flag=True, help="The row should not count at all.")
@click.option("--reason", required=True, help="Why; it is kept with the correction.")
@writes
def correct(
    desk: Desk,
    person: str,
    number: int,
    ladder: str | None,
    rating: str | None,
    withdraw: bool,
    reason: str,
) -> None:
    """Supersede row NUMBER of PERSON by a corrected one; both are kept."""
    from talenthub.evidence.correcting import correct_by_hand

    def work(tx: Transaction) -> int:
        return correct_by_hand(
            tx,
            person,
            number,
            ladder=ladder,
            rating=rating,
            withdraw=withdraw,
            reason=reason,
            settings=desk.workspace.evidence,
        ).sequence

    made = desk.run(work)
    desk.emit_record({"person": person, "number": made, "supersedes": number, "withdrawn": withdraw})
    desk.say(f"Next: talent evidence show {person} --rows")


def _day(word: DateWord | None, tx: Transaction) -> date | None:
    return None if word is None else word.on(tx.today)


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _require_keeper(tx: Transaction, sentence: str) -> None:
    from talenthub.evidence.access import KEEPERS
    from talenthub.people.access import require_grant

    require_grant(tx, KEEPERS, None, sentence)
