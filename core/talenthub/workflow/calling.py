"""Calling what a plugin wrote: guards, effects, facts, each behind a wall.

What one of them raises, also `SystemExit`, is named with its plugin and its
line, and the step is taken back. A refusal of its own passes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from sqlalchemy.exc import DBAPIError, OperationalError

from talenthub.blame import OURS, broken
from talenthub.patience import called
from talenthub.storage.holding import only_reading
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView, Context, Effect, Fact, Guard
from talenthub.workflow.intents import AddParticipant, Intent

_INTENTS = get_args(Intent)
_ITS_OWN = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY)
"""What SQLite says of a wrong statement; all else it says of the file."""


def verdict_of(owner: Loaded, guard: Guard, context: Context) -> Verdict:
    """Return what a guard says; PluginError if it says nothing right."""
    part = f"{owner.workflow.name}, guard {guard.name} of the step {context.transition}"
    # A guard that an organisation added may be another plugin's.
    plugin = guard.name.partition(".")[0] if "." in guard.name else owner.plugin
    try:
        verdict = called(guard.check, context)
    except OURS:
        raise
    except BaseException as error:
        raise broken(plugin, part, error) from error
    if not isinstance(verdict, Verdict):
        wrong = TypeError(f"it returned {type(verdict).__name__}, not a Verdict")
        raise broken(plugin, part, wrong, guard.check)
    return verdict.of(guard.name, verdict.kind)


def intents_of(owner: Loaded, effects: Iterable[Effect], context: Context) -> tuple[Intent, ...]:
    """Return what effects ask for; PluginError if one asks for nothing right."""
    found: list[Intent] = []
    for each in effects:
        part = f"{owner.workflow.name}, effect {each.name} of the step {context.transition}"
        try:
            asked = called(_asked, each, context)
        except OURS:
            raise
        except BaseException as error:
            raise broken(owner.plugin, part, error) from error
        for intent in asked:
            if not isinstance(intent, _INTENTS):
                wrong = TypeError(f"it asked for a {type(intent).__name__}, which is no intent")
                raise broken(owner.plugin, part, wrong, each.produce)
            if isinstance(intent, AddParticipant) and intent.role not in owner.workflow.participants:
                allowed = ", ".join(owner.workflow.participants) or "none"
                strange = ValueError(f"nobody takes part as {intent.role!r}; allowed: {allowed}")
                raise broken(owner.plugin, part, strange, each.produce)
        found += asked
    return tuple(found)


def _asked(effect: Effect, context: Context) -> list[Intent]:
    # What yields does its work while it is read.
    return list(effect.produce(context))


def load_facts(
    tx: Transaction, wanted: Iterable[tuple[CaseView, Fact[Any], str]]
) -> dict[str, Mapping[int, Any]]:
    """Return facts by name and case id; each loaded once for all its cases.

    They are wanted for a case and a step, which is named where one raises. A
    fact that writes, or ends the transaction, is a PluginError.
    """
    asked: dict[str, tuple[Fact[Any], dict[int, CaseView], str]] = {}
    for case, fact, step in wanted:
        asked.setdefault(fact.name, (fact, {}, step))[1][case.id] = case
    with only_reading(tx.connection):
        return {
            name: _load(tx, fact, list(cases.values()), step) for name, (fact, cases, step) in asked.items()
        }


def _load(tx: Transaction, fact: Fact[Any], cases: Sequence[CaseView], step: str) -> Mapping[int, Any]:
    try:
        return called(fact.load, tx, cases)
    except OURS:
        raise
    except BaseException as error:
        if isinstance(error, DBAPIError) and _is_of_the_database(error):
            raise
        workflow = cases[0].workflow
        part = f"{workflow}, fact {fact.name} of the step {step}"
        raise broken(workflow.partition(".")[0], part, error) from error


def _is_of_the_database(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return isinstance(error, OperationalError) and code & 0xFF not in _ITS_OWN


def carried(case: CaseView) -> Any:
    """Return what a case carries as plain values, to compare with later."""
    return case.data.model_dump() if hasattr(case.data, "model_dump") else case.data


def leave_unchanged(owner: Loaded, case: CaseView, before: Any) -> None:
    """Raise PluginError if guards or effects changed what they were given.

    What a case carries changes by an intent: only that leaves an event.
    """
    if carried(case) != before:
        wrong = TypeError("it changed the data it was given; an effect yields UpdateData instead")
        raise broken(owner.plugin, f"{owner.workflow.name}, a guard or an effect", wrong)
