"""Composing: what the rooms are given, made of settings and plugins."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from talenthub.access.rules import Rules
from talenthub.config.settings import Settings
from talenthub.evidence.settings import EvidenceSettings
from talenthub.host import Host
from talenthub.people import access as people_access
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import NoData


def catalogue_of(host: Host, settings: Mapping[str, BaseModel]) -> Catalogue:
    """Return the workflows of the loaded plugins with their settings of today."""
    models = host.settings_models()
    return Catalogue(
        Loaded(each.value, each.plugin, models[each.plugin], settings[each.plugin])
        if each.plugin in settings
        else Loaded(each.value, each.plugin, NoData, NoData())
        for each in host.workflows()
    )


def rules_of() -> Rules:
    """Return the rights of all rooms."""
    return Rules(people_access.RULES)


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
        sure_weight=str(given.sure_weight),
        minimum_people=settings.reporting.minimum_people,
        minimum_unit=settings.reporting.minimum_units,
    )
