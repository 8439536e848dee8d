"""What consultation says, in rows: items, groups, shares; never a voter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, persons
from talenthub_consultation.cases import Item, Review
from talenthub_consultation.counting import attending, buy_in, shown_levels
from talenthub_consultation.finding import REVIEW, ballots_of, settings_for
from talenthub_consultation.grouping import groups_of, invited
from talenthub_consultation.relevance import relevance_of
from talenthub_consultation.settings import ConsultationSettings

Row = dict[str, Any]


def review_rows(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the consultations that the actor may see, oldest first."""
    return [_review(each) for each in engine.of_workflow(tx, REVIEW) if each.data is not None]


def _review(case: CaseView) -> Row:
    data: Review = case.data
    return {
        "ref": case.ref,
        "framework": data.framework,
        "number": data.number,
        "state": case.state.replace("_", " "),
        "round": data.round or None,
        "until": data.until if case.state == "in_review" else None,
        "items": len(data.items),
        "accepted": sum(bool(each.decided) for each in data.items),
    }


def review_record(engine: Engine, tx: Transaction, case: CaseView) -> Row:
    """Return where a consultation stands: rounds, voters, what is left."""
    ballots = invited(ballots_of(tx, case))
    votes = [each.data for each in ballots]
    settings = settings_for(engine, tx, case)
    found = buy_in(case.data.items, settings.smallest_shown)
    return {
        **_review(case),
        "groups": len(groups_of(ballots)),
        "invited": len(ballots),
        "attending": attending(votes),
        "rounds": [_round(case.data, number) for number in range(1, case.data.round + 1)],
        "open": [f"{each.code}: {each.state}" for each in case.data.waiting()] if case.data.round else [],
        "buy_in": None if found.weakest is None else float(found.weakest.share),
        "signed": "yes" if case.data.signed else "no",
        "effective": case.data.effective,
    }


def _round(data: Review, number: int) -> str:
    outcomes = [count.outcome for each in data.items for count in each.counts if count.round == number]
    if not outcomes:
        return f"{number}: open"
    told = [f"{outcomes.count(each)} {each}" for each in dict.fromkeys(sorted(outcomes))]
    return f"{number}: {', '.join(told)}"


def group_rows(tx: Transaction, case: CaseView) -> list[Row]:
    """Return the groups: facilitator, levels, invited, how many have voted."""
    groups = groups_of(ballots_of(tx, case))
    people = persons(tx, {who for each in groups for who in each.facilitators})
    return [
        {
            "group": each.name,
            "facilitator": ", ".join(sorted(people[who].handle for who in each.facilitators)),
            "levels": ", ".join(str(level) for level in each.levels),
            "invited": len(each.members),
            "voted": sum(
                any(vote.choice for vote in ballot.data.of_round(case.data.round).values())
                for ballot in each.ballots
            ),
        }
        for each in groups
    ]


def item_rows(data: Review, *, open_only: bool = False) -> list[Row]:
    """Return the items with what their last round came to."""
    return [_item(each) for each in (data.waiting() if open_only else data.items)]


def _item(item: Item) -> Row:
    newest = item.newest
    votes = newest.total if newest else None
    return {
        "item": item.code,
        "state": item.state,
        "round": newest.round if newest else None,
        "votes": votes.total if votes else None,
        "invited": newest.invited if newest else None,
        "accept": votes.accept if votes else None,
        "edit": votes.edit if votes else None,
        "reject": votes.reject if votes else None,
        "share": share(votes.accept, votes.total) if votes else None,
        "noted": item.noted,
        "reason": item.reason,
        "text": item.text,
    }


def share(part: int, whole: int) -> float | None:
    """Return a share for showing; None where there is nothing to share."""
    return float(Fraction(part, whole)) if whole else None


def level_rows(data: Review, settings: ConsultationSettings) -> list[Row]:
    """Return the last votes on each item by level; small levels are left out."""
    return [
        {
            "item": each.code,
            "level": votes.level,
            "accept": votes.accept,
            "edit": votes.edit,
            "reject": votes.reject,
            "share": share(votes.accept, votes.total),
        }
        for each in data.items
        if each.newest is not None
        for votes in shown_levels(each.newest, settings.smallest_shown)
    ]


def buy_in_rows(data: Review, settings: ConsultationSettings) -> list[Row]:
    """Return the accepting share of each level, and which of them counts."""
    found = buy_in(data.items, settings.smallest_shown)
    return [
        {
            "level": each.level,
            "voters": each.voters,
            "accepting": each.accepting,
            "votes": each.votes,
            "share": float(each.share),
            "weakest": "yes" if each is found.weakest else "",
        }
        for each in found.shares
    ]


def relevance_rows(items: Sequence[Item], settings: ConsultationSettings) -> list[Row]:
    """Return each indicator that was spoken of, and whether to keep it."""
    return [row for item in items for row in _indicators(item, settings)]


def _indicators(item: Item, settings: ConsultationSettings) -> Iterator[Row]:
    for number, text in enumerate(item.indicators, 1):
        found = relevance_of(item, number, settings)
        placed = found.placement
        if found.needed is None and placed is None:
            continue
        yield {
            "indicator": item.indicator(number),
            "essential": found.needed.essential if found.needed else None,
            "of": found.needed.total if found.needed else None,
            "cvr": None if found.cvr is None else float(found.cvr),
            "critical": None if found.critical is None else float(found.critical),
            "needed": {True: "keep", False: "drop", None: "unknown"}[found.is_needed],
            "sorted": None if placed is None else float(placed.share),
            "deviation": None if placed is None else placed.deviation,
            "place": "unknown" if placed is None else "keep" if placed.holds else "move",
            "text": text,
        }


def edit_rows(tx: Transaction, case: CaseView) -> list[Row]:
    """Return the words that voters would rather read, without their names."""
    found = [
        {"item": vote.item, "round": vote.round, "edit": vote.edit}
        for each in invited(ballots_of(tx, case))
        for vote in each.data.votes
        if vote.edit
    ]
    # In the order of their words: that of the ballots would tell the voters apart.
    return sorted(found, key=lambda row: (row["item"], row["round"], row["edit"]))
