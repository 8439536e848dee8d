"""The checker: does a database with trial cases agree with itself?

Every finding is one sentence. It reads with plain SQL of its own wherever it
can, so that a fault of the engine does not hide itself.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict

from sqlalchemy import text

from talenthub.errors import IntegrityError
from talenthub.evidence.verify import verify as verify_evidence

TASKS = {
    "trial.circle": {"asked", "marking", "marked"},
    "trial.mark": {"open"},
    "trial.follow": {"begun"},
    "trial.bid": {"placed"},
    "trial.answer": {"asked"},
}
"""States that ask somebody for something."""
TIMERS = {("trial.circle", "asked"): {"late", "lapse"}, ("trial.follow", "begun"): {"nudge"}}


def findings(workspace, tx) -> list[str]:
    """Return everything that does not agree, in sentences; none is right."""
    found = _Finder(tx)
    try:
        workspace.engine.verify(tx)
    except IntegrityError as error:
        found.sentences += [f"{each.place}: {each.text}" for each in error.problems]
    evidence = verify_evidence(tx, workspace.evidence)
    found.sentences += [f"ledger of {each.person}: {each.what}" for each in evidence.faults]
    for check in (
        found.events,
        found.tasks,
        found.timers,
        found.children,
        found.handoffs,
        found.deliveries,
        found.evidence,
        found.answers,
    ):
        check()
    return found.sentences


class _Finder:
    def __init__(self, tx) -> None:
        self.tx = tx
        self.sentences: list[str] = []
        self.cases = {row.id: row for row in self._all("SELECT * FROM workflow_case")}
        self.by_ref = {row.ref: row for row in self.cases.values()}
        self.history = defaultdict(list)
        for row in self._all("SELECT * FROM case_event ORDER BY case_id, version"):
            self.history[row.case_id].append(row)

    def _all(self, sql: str):
        return self.tx.connection.execute(text(sql)).all()

    def _say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def events(self) -> None:
        """No case without its events, no event twice, versions dense."""
        payloads = Counter(
            (row.case_id, row.version) for row in self._all("SELECT case_id, version FROM case_payload")
        )
        for number, case in self.cases.items():
            versions = [event.version for event in self.history[number]]
            if versions != list(range(1, case.version + 1)):
                self._say(f"{case.ref}: at version {case.version} with the events {versions}")
            elif self.history[number][-1].target != case.state:
                self._say(f"{case.ref}: in {case.state}, its last event leads elsewhere")
            for event in self.history[number]:
                if payloads[number, event.version] != 1:
                    self._say(f"{case.ref}: event {event.version} without its payload")
                if event.cause is not None and not self._happened(event.cause):
                    self._say(
                        f"{case.ref}: event {event.version} caused by {event.cause}, which is not there"
                    )

    def _happened(self, name: str) -> bool:
        ref, _, version = name.rpartition("/")
        case = self.by_ref.get(ref)
        return case is not None and any(event.version == int(version) for event in self.history[case.id])

    def tasks(self) -> None:
        """What is open is asked for once; what is closed is not asked for."""
        states = Counter()
        for row in self._all("SELECT * FROM case_task"):
            if row.status == "open":
                states[row.case_id, row.name] += 1
        pools = self._all(
            "SELECT t.id, t.status, p.is_open FROM case_task t LEFT JOIN task_pool p ON p.task_id = t.id"
        )
        for row in pools:
            if row.is_open is None or bool(row.is_open) != (row.status == "open"):
                self._say(f"task {row.id}: it is {row.status}, its pool says {row.is_open}")
        for number, case in self.cases.items():
            wanted = set()
            if case.closed_at is None and case.state in TASKS.get(case.workflow, ()):
                wanted = {case.state}
            has = {name: many for (owner, name), many in states.items() if owner == number}
            if set(has) - {"lapse:refused"} != wanted or any(many != 1 for many in has.values()):
                self._say(f"{case.ref}: in {case.state} with the open tasks {has}")

    def timers(self) -> None:
        """A case waits for the timers of its state and for no others."""
        waiting = defaultdict(set)
        for row in self._all("SELECT * FROM case_timer"):
            if row.status == "open":
                waiting[row.case_id].add(row.name)
        for number, case in self.cases.items():
            allowed = TIMERS.get((case.workflow, case.state), set()) if case.closed_at is None else set()
            if not waiting[number] <= allowed:
                self._say(f"{case.ref}: in {case.state} with the timers {waiting[number]}")

    def children(self) -> None:
        """Who was asked for marks has them all; the last one woke its parent."""
        below = defaultdict(list)
        for case in self.cases.values():
            if case.parent_id is not None:
                below[case.parent_id].append(case)
        markers = Counter(
            row.case_id for row in self._all("SELECT case_id FROM case_participant WHERE role = 'marker'")
        )
        for number, case in self.cases.items():
            if case.closed_at is not None and any(each.closed_at is None for each in below[number]):
                self._say(f"{case.ref}: closed with open children")
            if case.workflow != "trial.circle":
                continue
            asked = any(event.transition == "mark" for event in self.history[number])
            if len(below[number]) != (markers[number] if asked else 0):
                self._say(f"{case.ref}: {len(below[number])} marks were opened")
            if case.state == "marking" and all(each.closed_at is not None for each in below[number]):
                self._say(f"{case.ref}: every mark is in and nobody woke it")

    def handoffs(self) -> None:
        """Each finished circle was handed over once."""
        rows = Counter()
        for row in self._all("SELECT * FROM handoff"):
            rows[row.case_id, row.version] += 1
            opened = self.cases.get(row.opened_case_id) if row.opened_case_id is not None else None
            if row.status == "opened" and opened is None:
                self._say(f"handoff {row.id}: it opened nothing")
        for case, event in self._finished():
            if rows.pop((case.id, event.version), 0) != 1:
                self._say(f"{case.ref}: finished and not handed over once")
        self.sentences += [f"handoff of {key}, which did not finish" for key in rows]
        follows = sum(case.workflow == "trial.follow" for case in self.cases.values())
        opened = len(self._all("SELECT id FROM handoff WHERE status = 'opened'"))
        if follows != opened:
            self._say(f"{opened} handoffs opened {follows} cases")

    def deliveries(self) -> None:
        """Each finished circle has its message and its call of the handler."""
        told = self._all("SELECT * FROM outbox WHERE handler NOT LIKE 'webhook:%'")
        rows = Counter((row.origin, row.handler) for row in told)
        done = Counter(
            row.origin
            for row in self._all("SELECT * FROM outbox WHERE done_at IS NOT NULL AND handler = 'trial:count'")
        )
        counted = {
            row.key.removeprefix("trial.counted.")
            for row in self._all("SELECT key FROM workspace_setting WHERE key LIKE 'trial.counted.%'")
        }
        for case, event in self._finished():
            origin = f"{case.ref}/{event.version}"
            for handler in ("trial:count", "message:0"):
                if rows.pop((origin, handler), 0) != 1:
                    self._say(f"{origin}: {handler} is not in the outbox once")
            if bool(done[origin]) != (case.ref in counted):
                self._say(f"{origin}: the handler's mark and its effect differ")
        self.sentences += [f"delivery of {key}, which did not finish" for key in rows]

    def evidence(self) -> None:
        """Each finished circle with marks left one row in the ledger."""
        rows = Counter((row.case_id, row.event_id) for row in self._all("SELECT * FROM evidence"))
        for case, event in self._finished():
            if rows.pop((case.id, event.version), 0) != 1:
                self._say(f"{case.ref}: finished without its one row of evidence")
        self.sentences += [f"evidence of {key}, which did not finish" for key in rows]

    def answers(self) -> None:
        """What was answered to a request id did happen."""
        for row in self._all("SELECT * FROM request_answer"):
            answer = json.loads(row.answer)
            if not self._happened(f"{answer['ref']}/{answer['version']}"):
                self._say(f"the answer to {row.key} tells of an event that is not there")

    def _finished(self):
        for number, events in self.history.items():
            case = self.cases[number]
            for event in events:
                if case.workflow == "trial.circle" and event.transition == "finish":
                    yield case, event
