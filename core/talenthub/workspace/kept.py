"""Kept: what is held about a person, where, why and since when.

In the view of that person: what a workflow keeps from those it is about is
not told here either, and whether there is such a thing shows in nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, column, inspect, or_, select, table

from talenthub.errors import Problem, UsageError
from talenthub.evidence.access import readable_purposes
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence, evidence_narrative
from talenthub.hooks import PersonalData
from talenthub.people import tables
from talenthub.people.personal import PERSONAL
from talenthub.people.persons import persons
from talenthub.storage.hub import hub_event
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.cases import cases_where
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.history import StoredEvent, histories
from talenthub.workflow.lookups import Seen, look
from talenthub.workflow.persons_in import named
from talenthub.workflow.sight import Sight
from talenthub.workflow.tables import case_participant, workflow_case

TOLD_WITH = {
    "workflow_case.subject_id": "the case",
    "case_participant.person_id": "the case",
    "case_task.holder_id": "the case: talent inbox",
    "evidence.person_id": "the rows of evidence",
    "evidence.author_id": "the person it is about, whose row it is",
    "person_ledger.person_id": "the rows of evidence, which it counts",
    "standing_sum.person_id": "the rows of evidence, which it adds up",
    "case_event.actor_id": "the case it happened to: talent log --by",
    "case_event.login_id": "the case it happened to: talent log --by",
    "request_answer.actor_id": "nothing: an answer is kept for 30 days, to be given again",
    "campaign.actor_id": "what was begun: talent jobs list",
    "campaign.login_id": "what was begun: talent jobs list",
    "hub_event.subject_id": "what was announced",
    "hub_event.actor_id": "nothing: who announced what the record of somebody else says",
    "hub_event.login_id": "nothing: who announced what the record of somebody else says",
}
"""Columns of the core that lead to a person, and with what they are told."""

_HIDDEN = frozenset({"id", "person_id", "author_id", "event_id", "hash", "payload_hash", "payload"})
_DAYS = ("since", "recorded_at", "created_at", "declared_on")


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept about a person."""

    where: str
    """The table, or the workflow of the case."""
    what: str
    """The column, or what the person is to the case."""
    ref: str | None
    """The case, or the number of the row of evidence."""
    since: date | datetime | None
    category: str
    """identity, contact, rating, opinion …"""
    why: str
    """What it is kept for."""
    content: Mapping[str, Any]


def kept_about(
    tx: Transaction, catalogue: Catalogue, settings: EvidenceSettings, declared: Sequence[PersonalData]
) -> list[Kept]:
    """Return all that is kept about the actor and is theirs to see.

    `declared` is what the plugins keep; what none declares is not told.
    """
    me = tx.actor.person
    if me is None:
        raise UsageError(Problem(text="the system is no person", code="people.kept"))
    cases = _seen_cases(tx, catalogue, me)
    workflows = {each.workflow.name for each in catalogue.versions()}
    apart = [each for each in declared if each.where not in workflows]
    return [
        *_own_record(tx, me),
        *_records(tx, me),
        *_announced(tx, me),
        *_records_of_plugins(tx, me, apart),
        *_cases(tx, me, cases, declared),
        *_evidence(tx, me, settings, {each.case.id: each.case.ref for each in cases}),
    ]


def _own_record(tx: Transaction, me: int) -> Iterator[Kept]:
    row = tx.rows(select(tables.person).where(tables.person.c.id == me))[0]
    for key, said in PERSONAL.items():
        where, _, name = key.partition(".")
        value = row._mapping[name] if where == "person" else None
        if value is not None:
            yield Kept(where, name, None, row.created_at, said.category, said.purpose, {name: value})


def _records(tx: Transaction, me: int) -> Iterator[Kept]:
    for key, said in PERSONAL.items():
        where, _, name = key.partition(".")
        if where != "person":
            of = tables.person.metadata.tables[where]
            rows = tx.rows(select(of).where(of.c[name] == me))
            leads = {each.parent.name: each.column.table for each in of.foreign_keys}
            for row in rows:
                told = _told(tx, row._asdict(), name, leads)
                yield Kept(where, _as_said(name), None, _day(told), said.category, said.purpose, told)


def _announced(tx: Transaction, me: int) -> Iterator[Kept]:
    about_me = hub_event.c.subject == "person", hub_event.c.subject_id == me
    why = "tells other stages that somebody came, moved or left"
    for row in tx.rows(select(hub_event).where(*about_me).order_by(hub_event.c.id)):
        yield Kept("hub_event", row.kind, None, row.at, "employment", why, json.loads(row.facts))


def _records_of_plugins(tx: Transaction, me: int, declared: Sequence[PersonalData]) -> Iterator[Kept]:
    looked = inspect(tx.connection)
    for where in dict.fromkeys(each.where for each in declared):
        named_here = [each for each in declared if each.where == where]
        leading = [
            name
            for key in looked.get_foreign_keys(where)
            if key["referred_table"] == "person"
            for name in key["constrained_columns"]
        ]
        of = table(where, *(column(each["name"]) for each in looked.get_columns(where)))
        for name in leading:
            for row in tx.rows(select(of).where(of.c[name] == me)):
                told = _told(tx, row._asdict(), name, dict.fromkeys(leading, tables.person))
                yield Kept(where, _as_said(name), None, _day(told), *_said(named_here), told)


def _told(tx: Transaction, row: Mapping[str, Any], own: str, leads: Mapping[str, Table]) -> dict[str, Any]:
    """Return a row as people read it: who and what it leads to by name."""
    return {
        _as_said(name): _name(tx, leads[name], value) if name in leads and value else value
        for name, value in row.items()
        if name != own and (name not in _HIDDEN or name in leads)
    }


def _as_said(column: str) -> str:
    return column.removesuffix("_id")


def _name(tx: Transaction, of: Table, number: int) -> Any:
    if of is tables.person:
        return persons(tx, [number])[number].handle
    return tx.value(select(of.c.code).where(of.c.id == number)) if "code" in of.c else number


def _seen_cases(tx: Transaction, catalogue: Catalogue, me: int) -> list[Seen]:
    part = select(case_participant.c.case_id).where(case_participant.c.person_id == me)
    mine = or_(workflow_case.c.subject_id == me, workflow_case.c.id.in_(part))
    asked = select(workflow_case.c.id).where(mine, workflow_case.c.id.in_(visible_cases(tx)))
    return look(tx, catalogue, cases_where(tx, asked))


def _cases(
    tx: Transaction, me: int, found: Sequence[Seen], declared: Sequence[PersonalData]
) -> Iterator[Kept]:
    told = histories(tx, [each.case.id for each in found if each.case.subject == me])
    who = persons(
        tx, {number for each in found for people in each.case.participants.values() for number in people}
    )
    handles = {number: each.handle for number, each in who.items()}
    for seen in found:
        case = seen.case
        what = ["about you"] if case.subject == me else []
        what += [role for role, people in case.participants.items() if me in people]
        content: dict[str, Any] = {"state": case.state}
        if case.subject == me:
            whole = seen.sight is Sight.CONTENT
            content["data"] = named(case.data, lambda each: handles.get(each, each)) if whole else None
            content["history"] = [_step(each, whole=whole) for each in told[case.id]]
        of_workflow = [each for each in declared if each.where == case.workflow]
        yield Kept(case.workflow, ", ".join(what), case.ref, case.opened_at, *_said(of_workflow), content)


def _step(event: StoredEvent, *, whole: bool) -> dict[str, Any]:
    return {"at": event.at, "what": event.transition, "form": dict(event.form) if whole else None}


def _evidence(
    tx: Transaction, me: int, settings: EvidenceSettings, refs: Mapping[int, str]
) -> Iterator[Kept]:
    text = and_(
        evidence_narrative.c.person_id == evidence.c.person_id,
        evidence_narrative.c.sequence == evidence.c.sequence,
    )
    rows = tx.rows(
        select(evidence, evidence_narrative.c.payload)
        .select_from(evidence.outerjoin(evidence_narrative, text))
        .where(evidence.c.person_id == me, evidence.c.purpose.in_(readable_purposes(tx, me, settings)))
        .order_by(evidence.c.sequence)
    )
    for row in rows:
        content = {name: value for name, value in row._mapping.items() if name not in _HIDDEN}
        content["case"] = refs.get(content.pop("case_id"))
        content |= json.loads(row.payload) if row.payload is not None else {}
        why = f"what stands behind a standing, for {row.purpose}"
        yield Kept("evidence", row.competency, str(row.sequence), row.recorded_at, "rating", why, content)


def _said(declared: Iterable[PersonalData]) -> tuple[str, str]:
    """Return the categories and the reasons of what is declared, each once."""
    found = list(declared)
    categories = dict.fromkeys(each.category for each in found)
    return ", ".join(categories), "; ".join(dict.fromkeys(each.purpose for each in found))


def _day(content: Mapping[str, Any]) -> date | datetime | None:
    return next((content[each] for each in _DAYS if content.get(each) is not None), None)
