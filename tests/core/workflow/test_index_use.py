"""What a firing, a tick and an inbox look up, they look up by an index."""

from __future__ import annotations

import pytest
from sqlalchemy import event

GROWING = {"workflow_case", "case_event", "case_payload", "case_participant", "case_task", "task_pool"} | {
    "case_timer",
    "outbox",
    "request_answer",
}


@pytest.fixture
def sent(house):
    """Return what fills with the statements sent, and their parameters."""
    found: dict[str, object] = {}

    def note(_connection, _cursor, statement, parameters, _context, many) -> None:
        found[statement] = parameters[0] if many else parameters

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(house.database.engine, "before_cursor_execute", note)


def plan_of(house, statement: str, parameters: object) -> list[str]:
    with house.database.begin() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def test_nothing_reads_every_case_task_or_timer(house, sent):
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL chooses by the size of a table: a small one it reads whole")
    first, second = house.open(), house.open()
    with house.acting("olga") as tx:
        house.engine.fire(tx, first.ref, "review", request_id="once")
        reviews = house.engine.children(tx, first.id, "trial.review")
    for name, review in zip(("rita", "rolf"), reviews, strict=True):
        house.fire(name, review.ref, "mark", mark=4)
    house.fire("olga", first.ref, "note", note="enough")
    house.later(40)
    with house.acting() as tx:
        while house.engine.tick(tx) is not None:
            pass
    with house.acting("rita") as tx:
        house.engine.inbox(tx)
        house.engine.why(tx, first.ref)
        house.engine.of_workflow(tx, "trial.review")
    assert house.case(second.ref).state == "expired"
    explained = {
        statement: plan_of(house, statement, parameters)
        for statement, parameters in list(sent.items())
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE", "WITH")
    }
    assert len(explained) > 15
    scans = [
        (step, statement)
        for statement, steps in explained.items()
        for step in steps
        if step.startswith("SCAN") and step.split()[1] in GROWING and "USING" not in step
    ]
    assert not scans, scans
