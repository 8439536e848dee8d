"""Handoff rules: what is wrong with them, before anything happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from talenthub.errors import Problem, unknown
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.definition import Workflow
from talenthub.workflow.handoffs import HandoffRule, under_fault
from talenthub.workspace.composing import rule_of
from talenthub.workspace.opening import Configuration


def handoff_problems(configuration: Configuration, catalogue: Catalogue) -> list[Problem]:
    """Return what is wrong with the rules, each with file and line.

    A rule about a plugin that is off is well: what it hands over waits.
    """
    rules = [rule_of(each) for each in configuration.settings.handoff]
    return [
        replace(
            problem,
            place=configuration.layers.near(("handoff", at, key)).place,
            path=f"handoff[{at}].{key}",
        )
        for at, rule in enumerate(rules)
        for key, problem in (*_twice(rule, rules[:at]), *_problems(rule, catalogue))
    ]


def _twice(rule: HandoffRule, before: list[HandoffRule]) -> Iterator[tuple[str, Problem]]:
    if str(rule) in map(str, before):
        text = "this rule stands twice: one event opens one case by a rule"
        yield "on", Problem(text=text, found=str(rule), code="handoff-twice")


def _problems(rule: HandoffRule, catalogue: Catalogue) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with one rule, by the key it stands at."""
    if rule.opens in catalogue.names():
        if (fault := under_fault(rule, catalogue.newest(rule.opens).workflow)) is not None:
            yield "under" if rule.under else "open", Problem(text=fault, code="handoff-under")
    elif _brought(catalogue, rule.opens):
        yield "open", unknown("workflow", rule.opens, catalogue.names())
    events = _brought(catalogue, rule.on)
    if not events or rule.on.count(".") != 2:
        return  # of a plugin that is off, or of the hub
    known = {f"{each.name}.{name}": each for each in events for name in _happenings(each)}
    if rule.on not in known:
        yield "on", unknown("event", rule.on, known)
    elif _tells(rule, known[rule.on], catalogue):
        text = "what is confidential opens nothing that others see: it would tell of it"
        yield "on", Problem(text=text, found=rule.on, code="handoff-confidential")
    elif rule.under and rule.under not in (fields := known[rule.on].data.model_fields):
        yield "under", unknown("field", rule.under, fields)


def _tells(rule: HandoffRule, handing: Workflow, catalogue: Catalogue) -> bool:
    opened = catalogue.newest(rule.opens).workflow if rule.opens in catalogue.names() else None
    return handing.confidential and opened is not None and not opened.confidential


def _brought(catalogue: Catalogue, name: str) -> list[Workflow]:
    """Return the workflows of the plugin that a name begins with."""
    return [each.workflow for each in catalogue if each.plugin == name.partition(".")[0]]


def _happenings(workflow: Workflow) -> tuple[str, ...]:
    return ("open", *workflow.transition_names(), *(state.name for state in workflow.states))
