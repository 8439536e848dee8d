"""What the commands about cases share: reading, naming and dating."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from talenthub.cli.base import Desk
from talenthub.errors import NotFound, Problem, UsageError
from talenthub.people.grants import CORE_GRANTS
from talenthub.people.listing import record
from talenthub.people.persons import Person, person, persons
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Loaded, grants_asked_by
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.inbox import TaskView
from talenthub.workflow.lookups import look
from talenthub.workflow.outlines import Outline

T = TypeVar("T")

REF = re.compile(r"([A-Za-z]{2,5})-(\d{1,12})", re.ASCII)
"""A reference as it is typed; letters of either case."""

SOON = 14
"""Days ahead that are counted in words; later ones are shown as dates."""

People = Mapping[int, Person]


def engine_of(desk: Desk) -> Engine:
    """Return the engine; says which plugins its workflows turned off."""
    known = set(desk.workspace.warnings)
    engine = desk.workspace.engine
    for line in desk.workspace.warnings:
        if line not in known:
            desk.say(f"warning: {line}")
    return engine


def read(desk: Desk, function: Callable[[Engine, Transaction], T]) -> T:
    """Return what `function` reads in a transaction that cannot write."""
    engine, actor = engine_of(desk), desk.actor
    return desk.workspace.run(actor, lambda tx: function(engine, engine.enter(tx)), read_only=True)


def refs_in_sight(desk: Desk, tx: Transaction, cases: Iterable[int | None]) -> dict[int, str]:
    """Return references by id: of the cases the actor may know of."""
    engine = engine_of(desk)
    entered = engine.enter(tx)
    found = cases_by_id(entered, {each for each in cases if each is not None})
    return {each.case.id: each.case.ref for each in look(entered, engine.catalogue, list(found.values()))}


def known_grants(desk: Desk) -> dict[str, str]:
    """Return the grants of the core and of the enabled plugins, with meanings."""
    found = dict(CORE_GRANTS)
    for loaded in engine_of(desk).catalogue:
        for name in grants_asked_by(loaded.workflow):
            found.setdefault(name, f"Asked for by the plugin {loaded.plugin}.")
    return found


def reference(word: str) -> str:
    """Return a typed reference as it is stored; UsageError tells the form."""
    match = REF.fullmatch(word)
    if match is None:
        raise UsageError(no_reference(word))
    return f"{match[1].upper()}-{_number(match[2])}"


def _number(digits: str) -> str:
    # Confidential references keep their eight digits; counted ones have no zeros.
    return digits if len(digits) == 8 else digits.lstrip("0") or "0"


def no_reference(word: str) -> Problem:
    """Return the problem of a word that is no reference to a case."""
    loose = re.fullmatch(r"([A-Za-z]{2,5})[\s_./#]*(\d{1,12})", word.strip(), re.ASCII)
    return Problem(
        text="this is no reference to a case",
        found=word[:80],
        allowed="letters, a hyphen and a number, such as APP-12",
        nearest=f"{loose[1].upper()}-{loose[2]}" if loose else None,
        mend="talent inbox and talent search TEXT show references",
        code="case.reference",
    )


def known_person(tx: Transaction, handle: str) -> Person:
    """Return the person with `handle`; NotFound where they may not be known."""
    if not tx.actor.is_system:
        record(tx, handle)
    return person(tx, handle)


def people_of(tx: Transaction, ids: Iterable[int | None]) -> People:
    """Return persons by id; one statement."""
    return persons(tx, {each for each in ids if each is not None})


def name_of(people: People, number: int | None) -> str | None:
    """Return the name of a person, or None for nobody."""
    found = people.get(number) if number is not None else None
    return found.name if found is not None else None


def who_acted(people: People, actor: Actor) -> str:
    """Return who acted, and who sat at the keyboard."""
    if actor.person is None:
        return "the system"
    who = name_of(people, actor.person) or "somebody no longer known"
    at_keyboard = name_of(people, actor.login)
    return f"{who} (entered by {at_keyboard})" if at_keyboard else who


def about_words(case: CaseView | Outline | TaskView, subject: str | None) -> str:
    """Return whom and what a case is about: "Ana Silva → Data Engineer"."""
    return " → ".join(part for part in (subject, case.about) if part)


def pool_words(pools: Collection[str], people: People) -> str:
    """Return in words where a task waits: names, or the holders of a grant."""
    found = []
    for pool in pools:
        kind, _, rest = pool.partition(":")
        if kind == "person":
            found.append(name_of(people, int(rest)) or "somebody no longer known")
        else:
            found.append(rest.partition("@")[0].replace("_", " "))
    return " or ".join(dict.fromkeys(found))


def people_in_pools(pools: Iterable[str]) -> set[int]:
    """Return the ids of the persons that pools name."""
    return {int(pool.removeprefix("person:")) for pool in pools if pool.startswith("person:")}


def due_day(due: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the day something is due at the organisation."""
    return None if due is None else due.astimezone(zone).date()


def due_words(due: date | None, today: date) -> str:
    """Return a due day as people say it: "overdue 2d", "today", "in 5d"."""
    if due is None:
        return ""
    ahead = (due - today).days
    if ahead < 0:
        return f"overdue {-ahead}d"
    if ahead <= 1:
        return ("today", "tomorrow")[ahead]
    return f"in {ahead}d" if ahead <= SOON else due.isoformat()


def state_words(loaded: Loaded | None, case: CaseView | Outline) -> str:
    """Return the state of a case in words, also when its plugin is off."""
    return words_of(loaded, case.state)


def words_of(loaded: Loaded | None, state: str) -> str:
    """Return a state in words; its name where no plugin knows it now."""
    states = loaded.workflow.states if loaded is not None else ()
    return next((each.words for each in states if each.name == state), state.replace("_", " "))


def workflow_words(name: str) -> str:
    """Return the name of a workflow as people read it."""
    return name.replace(".", " ").replace("_", " ")


def step_name(word: str) -> str:
    """Return a step as declared: people may type hyphens for underscores."""
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def hidden(ref: str) -> NotFound:
    """Return the one answer for what is not there and what may not be seen."""
    from talenthub.workflow.choosing import not_found

    return not_found(ref)
