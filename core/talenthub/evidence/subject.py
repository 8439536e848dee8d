"""Whom and what a reader means: person, framework and competency."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from talenthub.access import Rule
from talenthub.errors import NotFound, NotPermitted, Problem, UsageError, unknown
from talenthub.evidence.tables import evidence
from talenthub.framework import library
from talenthub.framework.tables import competency, framework, framework_version
from talenthub.people.access import LISTED
from talenthub.people.persons import Person, person, persons, unknown_person
from talenthub.people.posts import posts_of
from talenthub.storage.transaction import Transaction

_latest_rated = (
    select(evidence.c.framework_code)
    .where(evidence.c.person_id == bindparam("person"))
    .order_by(evidence.c.sequence.desc())
    .limit(1)
)
_all_frameworks = select(framework.c.code).order_by(framework.c.code)
_competencies = (
    select(competency.c.code)
    .join(framework_version, framework_version.c.id == competency.c.version_id)
    .join(framework, framework.c.id == framework_version.c.framework_id)
    .where(framework.c.code == bindparam("framework"))
    .distinct()
    .order_by(competency.c.code)
)


def seen_person(tx: Transaction, handle: str | None, rule: Rule) -> Person:
    """Return the person with `handle` (None: the actor) whom `rule` shows.

    NotFound if the actor may not know that the person exists; NotPermitted
    if only the right is missing.
    """
    found = _actor(tx) if handle is None else person(tx, handle)
    if rule.can(tx, found.id).ok:
        return found
    if not LISTED.can(tx, found.id).ok:
        raise NotFound(unknown_person(tx, handle or found.handle))
    raise NotPermitted(
        Problem(
            text="the evidence of this person is not yours to see for this purpose",
            found=found.handle,
            allowed="the person, the managers above and HR of the unit, by [evidence.readers]",
            code="access.evidence",
        )
    )


def framework_for(tx: Transaction, person_id: int, given: str | None = None) -> str:
    """Return the framework meant: the given one, else that of the post.

    Without a post that of the newest evidence, else the only one there is.
    """
    if given is not None:
        return library.versions(tx, given)[0].code
    post = posts_of(tx, [person_id])[person_id]
    if post is not None:
        return post.framework_code
    rated: str | None = tx.value(_latest_rated, {"person": person_id})
    if rated is not None:
        return rated
    codes = [row.code for row in tx.rows(_all_frameworks)]
    if len(codes) == 1:
        return str(codes[0])
    raise UsageError(
        Problem(
            text="it is not clear which framework is meant",
            allowed=", ".join(codes) or "none is imported yet",
            mend="name it with --framework",
            code="evidence.which-framework",
        )
    )


def known_competency(tx: Transaction, framework_code: str, word: str) -> str:
    """Return a competency's code, of any version; NotFound names the nearest."""
    codes = {row.code.lower(): row.code for row in tx.rows(_competencies, {"framework": framework_code})}
    if word.lower() not in codes:
        raise NotFound(unknown("competency", word, codes.values()))
    return str(codes[word.lower()])


def _actor(tx: Transaction) -> Person:
    if tx.actor.person is None:
        raise UsageError(Problem(text="name a person", code="evidence.whose"))
    return persons(tx, [tx.actor.person])[tx.actor.person]
