"""Deciding: confirm, extend, end. The rule proposes, people decide."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import DAY, Cases, DateWord, Desk, Entry, Problem, UsageError, day_on, fire_entries, writes
from talenthub_onboarding.commands.common import PLAN, plans_option
from talenthub_onboarding.finding import plan_of


@click.command()
@plans_option
@click.option("--reason", default="", help="Needed where the rule does not propose it.")
@writes
def confirm(desk: Desk, cases: Cases, reason: str) -> None:
    """Confirm newcomers; who rated them does not."""
    fire_entries(desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "confirm", plan_of)


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=PLAN)
@click.option("--days", type=click.IntRange(1), required=True, help="How much longer, from the check on.")
@click.option("--reason", required=True, help="Why more time is needed.")
@click.option("--plan", required=True, help="What is done with the time.")
@writes
def extend(desk: Desk, word: str, days: int, reason: str, plan: str) -> None:
    """Give more time, once; another check follows at its end."""
    fire_entries(desk, [Entry(word, {"days": days, "reason": reason, "plan": plan})], "extend", plan_of)


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=PLAN)
@click.option("--reason", default="", help="Why it should end, or why not after all.")
@click.option("--talk-on", type=DAY, help="The day it was talked about.")
@click.option("--appeal", default="", help="How the newcomer can appeal; default: the setting.")
@click.option("--sign", "step", flag_value="end", help="Put the second signature under it.")
@click.option("--drop", "step", flag_value="drop_end", help="Drop the proposal.")
@writes
def end(desk: Desk, word: str, reason: str, talk_on: DateWord | None, appeal: str, step: str | None) -> None:
    """Propose to end; somebody else in HR signs it."""
    if step == "end":
        fire_entries(desk, [Entry(word, {"note": reason})], step, plan_of)
        return
    if step == "drop_end":
        fire_entries(desk, [Entry(word, {"reason": reason})], step, plan_of)
        return
    if talk_on is None:
        mend = "hold it, then --talk-on DAY"
        raise UsageError(Problem(text="say when it was talked about", place="--talk-on", mend=mend))
    form: dict[str, Any] = {"reason": reason, "talk_on": day_on(desk, talk_on), "appeal": appeal}
    following = f"somebody else in HR: talent onboarding end {word} --sign"
    fire_entries(desk, [Entry(word, form)], "propose_end", plan_of, following=following)
