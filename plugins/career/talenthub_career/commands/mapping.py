"""Mapping: impact, learning items, actions; what the catalogue offers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    DAY,
    PERSON,
    Column,
    Desk,
    Entry,
    LearningItem,
    Name,
    Transaction,
    UsageError,
    chosen_code,
    fire_entries,
    framework_content,
    learning_items,
    person,
    posts_of,
    published,
    reads,
    shown,
    text_in,
    unknown,
    writes,
)
from talenthub_career.commands.common import PAIR, WORD, looked_up, plan_word
from talenthub_career.finding import settings_now
from talenthub_career.mapping import LearningMap, hours_of, learning_map
from talenthub_career.planning import shortages

_HOURS = Column("hours", right=True, show=lambda value: f"{value:g}")
_FLOW = Column("in_flow", show=lambda yes: "at work" if yes else "")
_OFFER = (Column("item"), Column("kind"), _HOURS, Column("heat", right=True), _FLOW, Column("title"))


class Action(click.ParamType[dict[str, str]]):
    """TITLE|DUE|EVIDENCE[|SUPPORT]: something to do by a day."""

    name = "title|due|evidence"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        """Return the parts; the due day is read once today is known."""
        if isinstance(value, dict):
            return value
        parts = [each.strip() for each in value.split("|")]
        if len(parts) not in (3, 4) or not all(parts[:3]):
            self.fail(f"{value!r} is not TITLE|DUE|EVIDENCE[|SUPPORT]", param, ctx)
        DAY.convert(parts[1], param, ctx)
        return dict(zip(("title", "due", "evidence", "support"), parts, strict=False))


@click.command("map")
@click.argument("words", metavar="PLAN|PERSON…", type=WORD, nargs=-1, required=True)
@click.option("--behaviour", type=PAIR, multiple=True, help="COM=2: an indicator's number, or words.")
@click.option("--result", type=PAIR, multiple=True, help='COM="…": what changes at work.')
@click.option("--measure", type=PAIR, multiple=True, help='COM="…": the measure that shows it.')
@click.option("--hours", type=click.IntRange(4, 2000), help="Hours over the plan; default: the setting.")
@click.option("--level", type=click.IntRange(1, 20), help="Default: what the present role asks.")
@click.option("--leave-out", multiple=True, help="An item that is not wanted: COM-A2.")
@click.option("--feedback", default="", help="Who gives feedback, and when.")
@click.option("--action", "actions", type=Action(), multiple=True, help="Something more to do.")
@click.option("--coach", type=PERSON, help="Who coaches, and rates at the end.")
@writes
def map_(
    desk: Desk,
    words: tuple[str, ...],
    behaviour: tuple[tuple[str, str], ...],
    result: tuple[tuple[str, str], ...],
    measure: tuple[tuple[str, str], ...],
    hours: int | None,
    level: int | None,
    leave_out: tuple[str, ...],
    feedback: str,
    actions: tuple[dict[str, str], ...],
    coach: str | None,
) -> None:
    """Map the way: behaviour, result, measure, learning items, actions."""
    impacts: dict[str, dict[str, Any]] = {}
    for name, given in (("behaviour", behaviour), ("work_result", result), ("measure", measure)):
        for code, said in given:
            is_number = name == "behaviour" and said.isascii() and said.isdigit()
            impacts.setdefault(code, {})[name] = int(said) if is_number else said
    form = {
        "impacts": impacts,
        "hours": hours,
        "level": level,
        "leave_out": [each.upper() for each in leave_out],
        "feedback": feedback,
        "actions": [_dated(desk, each) for each in actions],
        "coach": looked_up(desk, lambda tx: person(tx, coach).id) if coach else None,
    }
    following = f"the other of the two: talent career sign {words[0]}"
    fire_entries(desk, [Entry(each, form) for each in words], "map", plan_word, following=following)


def _dated(desk: Desk, action: dict[str, str]) -> dict[str, str]:
    day = DAY.convert(action["due"], None, None)
    return action | {"due": looked_up(desk, lambda tx: day.on(tx.today).isoformat())}


@click.command()
@click.argument("competency", type=COMPETENCY)
@click.option("--level", type=click.IntRange(1, 20), required=True, help="The level to learn.")
@click.option("--hours", type=click.IntRange(4, 2000), help="Default: the setting.")
@click.option("--strategy", type=Name("strategy"), help="Whose mix and heat; default: without placement.")
@click.option("--framework", type=Name("framework"), help="Default: that of your post.")
@reads
def learning(
    desk: Desk,
    competency: str,
    level: int,
    hours: int | None,
    strategy: str | None,
    framework: str | None,
) -> None:
    """Show what the catalogue offers for some hours, exactly chosen."""
    settings = settings_now(desk.workspace.engine)
    name = strategy or settings.without_placement
    chosen = settings.strategy(name)
    if chosen is None:
        raise UsageError(unknown("strategy", name, [each.name for each in settings.strategies]))
    wanted = Fraction(hours or settings.hours)

    def run(tx: Transaction) -> tuple[LearningMap, str]:
        code = framework or _own_framework(tx)
        framework_content(tx, published(tx, code).id).competency(competency.upper())
        items = learning_items(tx, code)
        found = learning_map(items, competency.upper(), level, wanted, chosen, settings)
        return found, published(tx, code).language

    found, language = desk.run(run)
    rows = [_offer_row(each, language) for each in found.items]
    desk.emit(rows, _OFFER, title=f"{competency.upper()}, level {level}")
    mix = " / ".join(f"{float(each.hours):g}" for each in found.kinds)
    desk.say(f"{mix} hours for {chosen.title}; in the flow of work {shown(found.in_flow, 2)}")
    lacking = list(shortages({competency.upper(): found}))
    if lacking:
        thin = "The catalogue is thin: " if found.is_thin(chosen, settings) else ""
        desk.say(thin + "; ".join(lacking))


def _own_framework(tx: Transaction) -> str:
    mine = tx.actor.person
    post = None if mine is None else posts_of(tx, [mine])[mine]
    if post is not None:
        return post.framework_code
    return chosen_code(tx, None)


def _offer_row(item: LearningItem, language: str) -> dict[str, Any]:
    return {
        "item": item.code,
        "kind": item.kind,
        "hours": float(hours_of(item)),
        "heat": item.heat,
        "in_flow": item.in_flow,
        "title": text_in(item.title, language),
    }
