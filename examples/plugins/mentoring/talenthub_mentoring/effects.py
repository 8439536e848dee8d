"""The effects: what follows from a transition, as intents."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import AddParticipant, Context, Intent, OpenCase, UpdateData, effect
from talenthub_mentoring.cases import RELATIONSHIP


@effect()
def add_mentor(ctx: Context) -> Iterator[Intent]:
    """Let somebody take part as a mentor."""
    yield AddParticipant("mentor", ctx.form.person)


@effect()
def add_mentee(ctx: Context) -> Iterator[Intent]:
    """Let somebody take part as a mentee."""
    yield AddParticipant("mentee", ctx.form.person)


@effect()
def open_pairs(ctx: Context) -> Iterator[Intent]:
    """Propose each pair to both."""
    for each in ctx.form.pairs:
        yield OpenCase(
            RELATIONSHIP,
            subject=each.mentee,
            participants={"mentor": (each.mentor,)},
            data={"focus": each.focus},
            about=ctx.data.title,
        )


@effect()
def keep_contract(ctx: Context) -> Iterator[Intent]:
    """Keep what the two agreed on."""
    yield UpdateData({"goals": ctx.form.goals, "confidentiality": ctx.form.confidentiality})
