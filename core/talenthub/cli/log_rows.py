"""Rows of `talent log`; imported when the command runs, not for help."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import known_person, people_of, read, reference, who_acted, words_of
from talenthub.cli.output import Column
from talenthub.cli.parameters import DateWord
from talenthub.cli.workflow.added_fields import added_words
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import StoredEvent
from talenthub.workflow.lookups import Seen, recent_events
from talenthub.workflow.sight import Sight


def print_log(desk: Desk, word: str | None, by: str | None, since: DateWord | None, limit: int) -> None:
    """Print events in sight, the oldest first."""
    ref = reference(word) if word is not None else None
    rows = read(desk, lambda engine, tx: _rows(engine, tx, ref, by, since, limit))
    zone = desk.workspace.settings.organisation.zone
    columns = (
        Column("at", "When", show=lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}"),
        Column("ref"),
        Column("who"),
        Column("what"),
        Column("change", "From → to"),
        Column("reason"),
        *(
            Column(name, extra=True)
            for name in ("event", "kind", "source", "target", "actor", "login", "cause", "form")
        ),
    )
    desk.emit(rows, columns)
    if len(rows) == limit:
        desk.say(f"The newest {limit}; --limit shows more.")


def _rows(
    engine: Engine, tx: Transaction, ref: str | None, by: str | None, since: DateWord | None, limit: int
) -> list[dict[str, Any]]:
    case = engine.case(tx, ref).id if ref is not None else None
    whom = known_person(tx, by).id if by is not None else None
    start = (
        datetime.combine(since.on(tx.today), time(), tx.zone).astimezone(UTC) if since is not None else None
    )
    found = recent_events(tx, engine.catalogue, case=case, by=whom, since=start, limit=limit)
    people = people_of(tx, {each for _, event in found for each in event.actor.identities})
    return [_row(tx, engine, seen, event, people) for seen, event in found]


def _row(tx: Transaction, engine: Engine, seen: Seen, event: StoredEvent, people: Any) -> dict[str, Any]:
    # Who sees the status only learns who acted where that was themselves.
    actor = (
        event.actor if seen.sight is Sight.CONTENT or event.actor.identities & tx.actor.identities else None
    )
    form = event.form if event.payload is not None else {}
    loaded = engine.catalogue.find_for(seen.case)
    return {
        "at": event.at,
        "ref": seen.case.ref,
        "event": event.version,
        "kind": event.kind,
        "who": who_acted(people, actor) if actor is not None else None,
        "actor": _handle(people, actor.person if actor else None),
        "login": _handle(people, actor.login if actor else None),
        "what": event.transition if event.kind == "fired" else f"{event.kind}: {event.transition}",
        "source": event.source,
        "target": event.target,
        "change": _change(loaded, event),
        "reason": _reason(form, event) or added_words(loaded, event) or None,
        "cause": event.cause if seen.sight is Sight.CONTENT else None,
        "form": form or None,
    }


def _change(loaded: Loaded | None, event: StoredEvent) -> str:
    target = words_of(loaded, event.target)
    if event.source in (None, event.target):
        return target
    return f"{words_of(loaded, event.source or '')} → {target}"


def _handle(people: Any, number: int | None) -> str | None:
    return people[number].handle if number in people else None


def _reason(form: Any, event: StoredEvent) -> str | None:
    for name in ("reason", "note"):
        if form.get(name):
            return str(form[name])
    reasons = (event.payload or {}).get("reasons") or ()
    return "; ".join(str(each) for each in reasons) or None
