"""Facts that guards and effects of succession ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.sdk import CaseView, Fact, Transaction, about_subject, posts_of, role_gaps

GAPS = role_gaps("role", "succession", level="level")
"""What the role asks of the nominee, as standings are today."""

NOMINATIONS = about_subject("succession.nomination")
"""Every nomination of the nominee, the case's own among them."""


def _own_posts(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, str | None]:
    found = posts_of(tx, {case.subject for case in cases if case.subject is not None})
    held = {person: None if post is None else post.code for person, post in found.items()}
    return {case.id: held.get(case.subject) if case.subject is not None else None for case in cases}


OWN_POST: Fact[str | None] = Fact("succession.own-post", _own_posts)
"""The code of the post that the nominee holds today, or None."""
