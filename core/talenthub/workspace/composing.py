"""Composing: what the rooms are given, made of settings and plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from talenthub import __version__
from talenthub.access.rules import Rules
from talenthub.config.settings import Handoff, Settings
from talenthub.errors import ConfigurationError, PluginError, Problem
from talenthub.evidence import access as evidence_access
from talenthub.evidence.settings import EvidenceSettings
from talenthub.hooks import Campaign, CaseEvent, EventHandler
from talenthub.host import Host, Provided, State
from talenthub.outbound import webhooks
from talenthub.outbound.port import Background
from talenthub.patience import called
from talenthub.people import access as people_access
from talenthub.people.grants import CORE_GRANTS
from talenthub.storage.migrate import CORE
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import CASE_VIEW
from talenthub.workflow.adjusting.checks import Known, Written, adjusted_workflows
from talenthub.workflow.adjusting.core_guards import CORE_GUARDS
from talenthub.workflow.adjusting.named_guards import NamedGuard
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, handler_of
from talenthub.workflow.campaigns.core_works import CORE_WORKS
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.checks import sound
from talenthub.workflow.context import CaseView, NoData
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.engine import Engine
from talenthub.workflow.framework_sight import FRAMEWORK_VIEW
from talenthub.workflow.handoffs import HandoffRule
from talenthub.workflow.hearing import Hearing
from talenthub.workflow.history import StoredEvent
from talenthub.workflow.versions.newer_version import PUBLISHED, ask_for_review
from talenthub.workspace.holidays import read_calendar
from talenthub.workspace.opening import Configuration


def catalogue_of(host: Host, settings: Mapping[str, BaseModel], written: Written | None = None) -> Catalogue:
    """Return the workflows of the sound plugins with their settings of today.

    A fault in a declaration turns its plugin off; all others work. One in
    what the organisation adjusts of them is a ConfigurationError.
    """
    kept, faults = sound(workflows_of(host, settings))
    for plugin, problems in faults.items():
        host.fail(plugin, _faulty(problems))
    broken = [each.name for each in host.statuses if each.state in (State.BROKEN, State.MISSING)]
    guards = {**CORE_GUARDS, **host.guards()}
    adjusted = _adjusted(host, Catalogue(kept), guards, written) if written is not None else []
    return Catalogue(kept, broken, adjusted, guards)


def _adjusted(
    host: Host, catalogue: Catalogue, guards: Mapping[str, NamedGuard], written: Written
) -> list[Loaded]:
    loaded = {each.workflow.name: each for each in catalogue}
    grants = catalogue.grants() | CORE_GRANTS.keys()
    silent = {each.name for each in host.statuses if each.name not in host.loaded}
    made, faults = adjusted_workflows(written, Known(loaded, guards, grants, silent))
    if faults:
        raise ConfigurationError.of(faults)
    return made


def adjustment_faults(configuration: Configuration) -> Iterator[tuple[str, str, Problem]]:
    """Return plugin, workflow and fault of what the organisation adjusts.

    The plugins are loaded anew, so that one that fails here stays as it was.
    """
    for name, given in configuration.settings.workflow.items():
        written = replace(configuration.written, adjustments={name: given})
        try:
            catalogue_of(Host(configuration.settings.plugins.enabled), configuration.plugins, written)
        except ConfigurationError as error:
            for each in error.problems:
                yield name.partition(".")[0], name, each


def workflows_of(host: Host, settings: Mapping[str, BaseModel]) -> list[Loaded]:
    """Return the workflows of the loaded plugins, not checked yet."""
    models = host.settings_models()
    return [
        Loaded(each.value, each.plugin, models[each.plugin], settings[each.plugin])
        if each.plugin in settings
        else Loaded(each.value, each.plugin, NoData, NoData())
        for each in host.workflows()
    ]


def _faulty(problems: Sequence[Problem]) -> PluginError:
    more = f" (and {len(problems) - 1} more: talent workflow check)" if len(problems) > 1 else ""
    return PluginError(Problem(text=f"{problems[0]}{more}", code="plugin.workflow"))


def rules_of(evidence: EvidenceSettings) -> Rules:
    """Return the rights of all rooms."""
    return Rules([*people_access.RULES, *evidence_access.rules(evidence), CASE_VIEW, FRAMEWORK_VIEW])


def evidence_settings_of(settings: Settings, host: Host) -> EvidenceSettings:
    """Return the evidence room's settings; plugins add sources with weights."""
    given = settings.evidence
    weights = {each.value.name: str(each.value.weight) for each in host.evidence_sources()}
    return EvidenceSettings(
        half_life_days=given.half_life_days,
        # As text: the room computes with exact fractions of what was written.
        weights=weights | {name: str(weight) for name, weight in given.weights.items()},
        purposes=given.purposes,
        readers=given.readers,
        bands={name: str(getattr(settings.gap, name)) for name in ("minor", "material", "large")},
        strength=str(settings.gap.strength),
        close_sources=settings.gap.close_sources,
        close_days=settings.gap.close_days,
        sure_weight=str(given.sure_weight),
        minimum_people=settings.reporting.minimum_people,
        minimum_unit=settings.reporting.minimum_units,
    )


def handlers_of(host: Host) -> tuple[Handler, ...]:
    """Return what runs after events: our own, and those of the plugins.

    A handler is imported when it runs.
    """
    handlers = [
        Handler(f"{each.plugin}:{each.value.name}", each.value.on, _runner(host, each))
        for each in host.event_handlers()
    ]
    observers = [
        Handler(f"{plugin}:{hook}", "*", _observer(host, plugin, hook)) for plugin, hook in host.observers()
    ]
    return (Handler("core:newer_version", PUBLISHED, ask_for_review), *handlers, *observers)


def campaigns_of(host: Host) -> tuple[Handler, ...]:
    """Return what does the chunks of campaigns: our own, and the plugins'."""
    works = {f"{each.plugin}:{each.value.name}": _runner(host, each) for each in host.campaigns()}
    return tuple(Handler(handler_of(name), CAMPAIGN, run) for name, run in {**CORE_WORKS, **works}.items())


def handoffs_of(settings: Settings) -> tuple[HandoffRule, ...]:
    """Return the organisation's handoff rules, each once."""
    return tuple({str(each): each for each in map(rule_of, settings.handoff)}.values())


def rule_of(written: Handoff) -> HandoffRule:
    """Return a handoff of the settings as the engine knows it."""
    return HandoffRule(written.on, written.open, written.under)


def brings(host: Host) -> dict[str, str]:
    """Return which version of talenthub and of each plugin is loaded here."""
    versions = {each.name: each.version or "" for each in host.statuses if each.name in host.loaded}
    return {CORE: __version__, **versions}


def engine_of(
    settings: Settings,
    folder: Path,
    host: Host,
    catalogue: Catalogue,
    background: Background | None,
    hearing: Hearing,
) -> Engine:
    """Return the engine of this workspace."""
    return Engine(
        catalogue,
        evidence_settings_of(settings, host),
        read_calendar(folder, settings.organisation.calendar),
        handoffs_of(settings),
        (*handlers_of(host), *campaigns_of(host), *webhooks.handlers_of(settings.webhook)),
        background.defer if background is not None else None,
        hearing,
    )


def _runner(host: Host, provided: Provided[EventHandler] | Provided[Campaign]) -> Callable[..., Any]:
    def run(*told: Any) -> Any:
        function = host.function(provided.plugin, provided.value.target)
        if function is None:
            status = host.status(provided.plugin)
            said = status.error if status is not None else None
            raise PluginError(Problem(text=f"plugin {provided.plugin}: {said}", code="plugin.broken"))
        return called(function, *told)

    return run


def _observer(host: Host, plugin: str, hook: str) -> Callable[[Transaction, CaseView, StoredEvent], None]:
    def run(_tx: Transaction, case: CaseView, event: StoredEvent) -> None:
        closing = case.closed_at is not None and event.version == case.version
        if hook != _hook_of(event, closing=closing) and not (closing and hook == "talenthub_case_fired"):
            return
        told = CaseEvent(
            case=case.id,
            ref=case.ref,
            workflow=case.workflow,
            transition=event.transition,
            source=event.source,
            target=event.target,
            outcome=case.outcome if closing else None,
            at=event.at,
        )
        host.observe(plugin, hook, told)

    return run


def _hook_of(event: StoredEvent, *, closing: bool) -> str:
    if event.kind == "opened":
        return "talenthub_case_opened"
    return "talenthub_case_closed" if closing else "talenthub_case_fired"
