"""Starting a plan by hand: for who came another way, and for who moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from talenthub.sdk import (
    CaseView,
    Engine,
    Problem,
    Refused,
    Transaction,
    UsageError,
    framework_content,
    person,
    posts_of,
    profile,
    published,
    text_in,
)
from talenthub_onboarding.finding import PLAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who begins, when, in which role; what is not said, the post says."""

    who: str
    first_day: date
    is_move: bool = False
    role: str | None = None
    level: str | None = None
    place: str | None = None
    """`file:line`, where it stands in a file."""


def start_plan(engine: Engine, tx: Transaction, wanted: Beginning) -> CaseView:
    """Open a plan in the role of the person's post on the first day.

    Refused while another plan of the person for this role is open.
    """
    found = person(tx, wanted.who)
    post = posts_of(tx, [found.id], wanted.first_day)[found.id]
    if post is None:
        raise UsageError(
            Problem(
                text="this person has no post on the first day, so no role is known",
                place=wanted.place,
                found=f"{wanted.who}, {wanted.first_day}",
                mend=f"talent people move {wanted.who} POST --on {wanted.first_day}",
                code="onboarding.no-post",
            )
        )
    role, level = (wanted.role, wanted.level) if wanted.role else (post.role_code, post.level)
    for each in engine.of_workflow(tx, PLAN, subject=found.id, open_only=True):
        if each.data is not None and each.data.role == role:
            raise Refused(
                Problem(
                    text=f"{each.ref} is a plan of this person for this role, and still open",
                    place=wanted.place,
                    found=wanted.who,
                    mend=f"talent onboarding show {each.ref}",
                    code="onboarding.open-plan",
                )
            )
    version = published(tx, post.framework_code)
    content = framework_content(tx, version.id)
    title = text_in(profile(content, role, level).role.title, content.framework.language)
    opened = engine.open(
        tx,
        PLAN,
        subject=found.id,
        data={
            "role": role,
            "level": level,
            "kind": "move" if wanted.is_move else "join",
            "first_day": wanted.first_day,
        },
        framework_version=version.id,
        unit=post.unit_id,
        about=title,
    )
    return engine.case(tx, opened.ref)
