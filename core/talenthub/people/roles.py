"""The roles that posts may be for: those of the frameworks stored."""

from __future__ import annotations

from talenthub.framework.library import content, versions
from talenthub.framework.text import say
from talenthub.people.import_plan import KnownRole
from talenthub.storage.transaction import Transaction


def known_roles(tx: Transaction) -> tuple[KnownRole, ...]:
    """Return the roles of the newest version of every framework.

    A role of several levels comes without one: a post of it names its own.
    """
    newest = {each.code: each for each in versions(tx)}
    return tuple(
        KnownRole(
            framework=version.code,
            code=role.code,
            title=say(role.title, found.framework.language),
            level=role.levels[0].code if len(role.levels) == 1 else None,
        )
        for version in newest.values()
        for found in (content(tx, version.id),)
        for role in found.roles
    )
