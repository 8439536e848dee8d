"""Measuring: how the competencies of a role are rated, as a case keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from talenthub.framework.content import Content
from talenthub.framework.library import RoleProfile, content
from talenthub.framework.model import Requirement
from talenthub.framework.text import say
from talenthub.storage.transaction import Transaction
from talenthub.workflow.carried import Measure
from talenthub.workflow.context import CaseView, Fact
from talenthub.workflow.facts import role

M = TypeVar("M", bound=Measure)


def measured(
    kind: type[M], found: Content, profile: RoleProfile, only: Collection[str] | None = None
) -> tuple[M, ...]:
    """Return how each competency of a role (or some) is rated, in its order.

    `kind` is Measure or a model made of it. Where that has the fields `title`,
    `text` and `essential`, they are filled in: the competency's title, the
    words that are rated (in the framework's language), and what the role says.
    """
    return tuple(
        _measured(kind, found, profile, each)
        for each in profile.requirements
        if only is None or each.competency in only
    )


def _measured(kind: type[M], found: Content, profile: RoleProfile, asked: Requirement) -> M:
    code, language = asked.competency, found.framework.language
    scale, words = found.scale_of(code), profile.anchors[code].at
    values = {
        "competency": code,
        "title": say(found.competency(code).title, language),
        "text": "" if words.text is None else say(words.text, language),
        "required": asked.level,
        "lowest": scale.lowest,
        "highest": scale.highest,
        "mode": found.framework.rating.mode.value,
        "critical": asked.critical,
        "essential": asked.essential,
        "descriptor": words.hash,
    }
    return kind.model_validate({name: values[name] for name in kind.model_fields if name in values})


def measures(field: str, *, level: str | None = None) -> Fact[tuple[Measure, ...]]:
    """Return the fact: how the role whose code is in data.`field` is rated.

    By the words of the framework version that the case pinned; empty where
    the case names no role. `level` names the data field with the role level.
    """
    profiles = role(field, level=level)

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[Measure, ...]]:
        found = profiles.load(tx, cases)
        return {case.id: _measures(tx, case, found[case.id]) for case in cases}

    return Fact(f"measures:{field}:{level}", load)


def _measures(tx: Transaction, case: CaseView, profile: RoleProfile | None) -> tuple[Measure, ...]:
    if profile is None or case.framework_version is None:
        return ()
    return measured(Measure, content(tx, case.framework_version), profile)
