"""Engine: workflows and rules in one value; all durable work goes by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from talenthub.errors import NotPermitted, PluginError, Problem, TalentError
from talenthub.evidence.carrying import carry
from talenthub.evidence.settings import EvidenceSettings
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import is_visible
from talenthub.workflow.applying import apply
from talenthub.workflow.calendar import Calendar
from talenthub.workflow.cases import (
    CATALOGUE,
    cases_by_id,
    cases_by_ref,
    cases_held,
    cases_where,
    children_of,
)
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.choosing import not_found, refusal
from talenthub.workflow.context import CaseView
from talenthub.workflow.deliveries import Handler, deliver, due_deliveries
from talenthub.workflow.firing import Fired, Request, fire_as_system, fire_one, fire_requests
from talenthub.workflow.handoff_facts import HANDOFFS
from talenthub.workflow.handoffs import HandoffRule, retry_handoffs
from talenthub.workflow.hearing import Hearing, give_sign, write_down
from talenthub.workflow.history import StoredEvent, histories, verify
from talenthub.workflow.inbox import TaskView, inbox
from talenthub.workflow.intents import FireCase
from talenthub.workflow.judging import Answer, Asked, judge
from talenthub.workflow.opening import Opening, open_cases
from talenthub.workflow.outbox import DEFER, Defer
from talenthub.workflow.outlines import Outline, outlines
from talenthub.workflow.parking import brought
from talenthub.workflow.pinning import store_versions
from talenthub.workflow.requests import fire_once
from talenthub.workflow.resolution import authority
from talenthub.workflow.sight import Sight, in_sight, sights
from talenthub.workflow.steps import Step
from talenthub.workflow.subject_facts import CALENDAR, EVIDENCE
from talenthub.workflow.tables import workflow_case
from talenthub.workflow.ticking import Ticked, rebase_overdue, tick_next
from talenthub.workflow.versions.moves import deliver_hub_events

DEEPEST = 10
"""How many cases one firing may set in motion, one after another."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Opens and fires cases of the loaded workflows."""

    catalogue: Catalogue
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    calendar: Calendar = field(default_factory=Calendar)
    handoffs: tuple[HandoffRule, ...] = ()
    handlers: tuple[Handler, ...] = ()
    defer: Defer | None = None
    """Tells another engine what to run; None: whoever runs it looks for it."""
    hearing: Hearing = field(default_factory=Hearing)
    """What is written down of handlers, those of other versions among them."""

    @property
    def heard(self) -> tuple[Handler, ...]:
        """Return all handlers that hear of events, brought here or not."""
        return self.hearing.beside(self.handlers)

    def enter(self, tx: Transaction) -> Transaction:
        """Return the transaction, told which workflows and rules hold."""
        tx.memory[CATALOGUE] = self.catalogue
        tx.memory[EVIDENCE] = self.evidence
        tx.memory[CALENDAR] = self.calendar
        tx.memory[HANDOFFS] = self.handoffs
        if self.defer is not None:
            tx.memory[DEFER] = self.defer
        return tx

    def check_depth(self, depth: int) -> None:
        """Raise PluginError when cases set each other in motion for ever."""
        if depth >= DEEPEST:
            raise PluginError(
                Problem(
                    text=f"workflows set each other in motion more than {DEEPEST} deep", code="plugin.loop"
                )
            )

    def apply(self, tx: Transaction, steps: Sequence[Step], *, depth: int) -> None:
        """Carry out what follows from events that were written."""
        apply(self, tx, steps, depth=depth)

    def fire_as_system(
        self, tx: Transaction, wanted: Sequence[tuple[str, FireCase]], *, depth: int
    ) -> list[Fired]:
        """Fire what the system is asked for, each with its cause."""
        return fire_as_system(self, tx, wanted, depth=depth)

    def store_versions(self, tx: Transaction) -> None:
        """Store the declarations of all loaded workflows."""
        store_versions(self.enter(tx), self.catalogue)

    def open(
        self,
        tx: Transaction,
        workflow: str,
        *,
        data: Mapping[str, Any] | None = None,
        subject: int | None = None,
        participants: Mapping[str, tuple[int, ...]] | None = None,
        parent: int | None = None,
        framework_version: int | None = None,
        unit: int | None = None,
        about: str = "",
    ) -> CaseView:
        """Open one case in the actor's name; NotPermitted if it may not."""
        self.enter(tx)
        opening = Opening(
            workflow=workflow,
            subject=subject,
            data=data or {},
            participants=participants or {},
            parent=self._case(tx, parent) if parent is not None else None,
            framework_version=framework_version,
            unit=unit,
            about=about,
        )
        return self.open_many(tx, [opening])[0]

    def open_many(self, tx: Transaction, openings: Sequence[Opening]) -> list[CaseView]:
        """Open many cases in the actor's name, all or none."""
        self.enter(tx)
        asked = [each.inherited() for each in openings]
        self._require_right_to_open(tx, asked)
        _hold_parents(tx, openings)
        return open_cases(self, tx, asked)

    def _case(self, tx: Transaction, number: int) -> CaseView:
        found = cases_by_id(tx, [number])
        if number not in found:
            raise not_found(number)
        return found[number]

    def _require_right_to_open(self, tx: Transaction, openings: Sequence[Opening]) -> None:
        if tx.actor.is_system:
            return
        relations = {
            each.workflow: self.catalogue.newest(each.workflow).workflow.open_by for each in openings
        }
        rights = authority(tx, openings, relations.values())
        for workflow, relation in relations.items():
            own = [each for each in openings if each.workflow == workflow]
            if any(rights.allows(relation, each) is None for each in own):
                words = self.catalogue.newest(workflow).workflow.words
                raise NotPermitted(
                    Problem(text=f"only {relation.words} may open a {words}", code="case.open-right")
                )

    def fire(
        self,
        tx: Transaction,
        ref: str | int,
        transition: str,
        form: Mapping[str, Any] | None = None,
        *,
        expected_version: int | None = None,
        request_id: str | None = None,
    ) -> Fired:
        """Fire one transition; raise why not, with nothing written."""
        request = Request(ref, transition, form or {}, expected_version)
        if request_id is None:
            return fire_one(self, self.enter(tx), request)
        result = self.fire_many(tx, [request], request_id=request_id)[0]
        if isinstance(result, TalentError):
            raise result
        return result

    def fire_many(
        self, tx: Transaction, requests: Sequence[Request], *, request_id: str | None = None
    ) -> list[Fired | TalentError]:
        """Fire a chunk (at most about 500); return each answer in order."""
        self.enter(tx)
        if request_id is None:
            return fire_requests(self, tx, requests)
        return fire_once(self, tx, request_id, requests)

    def case(self, tx: Transaction, ref: str) -> CaseView:
        """Return a case the actor may know of; NotFound otherwise.

        Its data is there only if the actor may see the content.
        """
        return self.cases(tx, [ref])[ref]

    def cases(self, tx: Transaction, refs: Sequence[str]) -> dict[str, CaseView]:
        """Return cases by reference; NotFound names the first out of sight."""
        found = cases_by_ref(self.enter(tx), refs)
        seen = sights(tx, self.catalogue, list(found.values()))
        for ref in refs:
            if ref not in found or seen.of(found[ref]) is Sight.NOTHING:
                raise not_found(ref)
        return {ref: in_sight(case, seen) for ref, case in found.items()}

    def children(self, tx: Transaction, case: int, workflow: str) -> tuple[CaseView, ...]:
        """Return the children of a case that the actor may know of."""
        return self.children_of(tx, [case], workflow)[case]

    def children_of(
        self, tx: Transaction, cases: Sequence[int], workflow: str
    ) -> dict[int, tuple[CaseView, ...]]:
        """Return the children of many cases, in the actor's view."""
        found = children_of(self.enter(tx), cases, workflow)
        seen = sights(tx, self.catalogue, [child for children in found.values() for child in children])
        return {
            parent: tuple(in_sight(child, seen) for child in children if seen.of(child) > Sight.NOTHING)
            for parent, children in found.items()
        }

    def visible(self, tx: Transaction, condition: Any) -> list[CaseView]:
        """Return the cases a SELECT of ids names, in the actor's view."""
        found = cases_where(self.enter(tx), condition)
        seen = sights(tx, self.catalogue, found)
        return [in_sight(case, seen) for case in found if seen.of(case) > Sight.NOTHING]

    def of_workflow(
        self, tx: Transaction, workflow: str, *, subject: int | None = None, open_only: bool = False
    ) -> list[CaseView]:
        """Return the cases of a workflow, in the actor's view, oldest first."""
        self.enter(tx)
        wanted = select(workflow_case.c.id).where(workflow_case.c.workflow == workflow)
        if subject is not None:
            wanted = wanted.where(workflow_case.c.subject_id == subject)
        if open_only:
            wanted = wanted.where(workflow_case.c.closed_at.is_(None))
        # One person has few cases: they are found by the index and judged one by one.
        if subject is None and not tx.actor.is_system:
            wanted = wanted.where(is_visible(tx, {workflow}))
        return self.visible(tx, wanted)

    def outlines(
        self,
        tx: Transaction,
        workflow: str,
        *,
        parents: Collection[int] | None = None,
        open_only: bool = False,
    ) -> list[Outline]:
        """Return the cases of a workflow without data, in the actor's view.

        For counting: reading what thousands of cases carry takes seconds.
        """
        return outlines(self.enter(tx), workflow, parents=parents, open_only=open_only)

    def why(self, tx: Transaction, ref: str, transition: str | None = None) -> list[Answer]:
        """Return every transition from here with all its verdicts.

        In the actor's view; the form is not judged. An unknown transition
        gives an empty list.
        """
        case = self.case(tx, ref)
        workflow = self.catalogue.running_for(case).workflow
        names = (
            [transition]
            if transition
            else list(dict.fromkeys(each.name for each in workflow.edges(case.state)))
        )
        full = cases_by_ref(tx, [ref])[ref]
        asked = [Asked(full, name, None) for name in names] if case.is_open else []
        return [
            Answer(each.edge, each.verdicts) for edges in judge(tx, self.catalogue, asked) for each in edges
        ]

    def inbox(self, tx: Transaction, *, limit: int = 50) -> list[TaskView]:
        """Return the actor's next open tasks."""
        return inbox(self.enter(tx), self.catalogue, limit=limit)

    def log(self, tx: Transaction, ref: str) -> list[StoredEvent]:
        """Return a case's events; payloads only if the content may be seen."""
        case = self.case(tx, ref)
        full = cases_by_ref(tx, [ref])[ref]
        content = sights(tx, self.catalogue, [full]).of(full) is Sight.CONTENT
        events = histories(tx, [case.id])[case.id]
        return [each if content else each.without_payload() for each in events]

    def verify(self, tx: Transaction) -> int:
        """Check all histories; return how many cases were checked."""
        return verify(self.enter(tx))

    def tick(self, tx: Transaction) -> Ticked | None:
        """Run the next due timer; None when none is due."""
        return tick_next(self, self.enter(tx))

    def rebase_overdue(self, tx: Transaction, plugin: str) -> list[tuple[str, str, datetime]]:
        """Put a returning plugin's overdue timers a day ahead; return them."""
        own = {each.workflow.name for each in self.catalogue.versions() if each.plugin == plugin}
        return rebase_overdue(self.enter(tx), own)

    def due_deliveries(self, tx: Transaction) -> list[int]:
        """Return the ids of deliveries that wait for their handlers."""
        return due_deliveries(self, self.enter(tx))

    def brought(self) -> list[str]:
        """Return what rows may lack and this engine brings."""
        return brought(self.catalogue, self.handlers)

    def write_down(self, tx: Transaction, *, only: bool = False) -> None:
        """Write down the handlers brought here, so that others call them.

        With `only` what nothing brings here is struck out.
        """
        write_down(tx, self.hearing, self.handlers, only=only)

    def give_sign(self, tx: Transaction) -> None:
        """Say that the handlers written down are still brought here."""
        give_sign(tx, self.handlers)

    def deliver(self, tx: Transaction, number: int) -> bool | None:
        """Run one delivery's handler; return whether it went well."""
        return deliver(self, self.enter(tx), number)

    def follow_people(self, tx: Transaction) -> int:
        """Let open tasks follow changes among people; return the events."""
        return deliver_hub_events(self.enter(tx), self.heard)

    def carry_evidence(self, tx: Transaction) -> int:
        """Carry evidence over to versions in force; return rows, 0 at the end."""
        return carry(self.enter(tx), self.evidence)

    def retry_handoffs(self, tx: Transaction) -> int:
        """Try pending handoffs again; return how many opened."""
        return retry_handoffs(self, self.enter(tx))


def _hold_parents(tx: Transaction, openings: Sequence[Opening]) -> None:
    """Hold the parents, so that none closes meanwhile; Refused if one has."""
    wanted = {each.parent.id for each in openings if each.parent is not None}
    for parent in cases_held(tx, wanted).values():
        if not parent.is_open:
            raise refusal(parent, f"{parent.ref} is closed: nothing opens under it", "state")
