"""Sealed answers: kept so that nothing tells who gave which.

An answer has a random number, no case, no actor and no moment. As both
databases keep rows near the order of their writing, each new answer rewrites
all answers of its box in random order: neither place nor transaction tells.
"""

from __future__ import annotations

import json
import random
import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy import bindparam, delete, insert, select

from talenthub.errors import Problem, Refused, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.context import CaseView
from talenthub.workflow.tables import sealed_answer, sealed_box, workflow_case

OTHERS = "others"
POLICIES = ("merge", "omit")
FLOOR = 3
"""The smallest group that may ever be shown."""

_tokens_of = select(sealed_box.c.case_id, sealed_box.c.token).where(
    sealed_box.c.case_id.in_(bindparam("ids", expanding=True))
)
_new_box = insert(sealed_box)
_boxes_of = (
    select(workflow_case.c.id, workflow_case.c.closed_at, sealed_box.c.token)
    .outerjoin(sealed_box, sealed_box.c.case_id == workflow_case.c.id)
    .where(workflow_case.c.id.in_(bindparam("ids", expanding=True)))
)
_answers_in = select(sealed_answer).where(sealed_answer.c.box.in_(bindparam("tokens", expanding=True)))
_empty = delete(sealed_answer).where(sealed_answer.c.box.in_(bindparam("tokens", expanding=True)))
_insert = insert(sealed_answer)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one group, large enough to be shown."""

    group: str
    count: int
    payloads: tuple[Mapping[str, Any], ...]


def seal(tx: Transaction, forms: Sequence[tuple[CaseView, BaseModel]]) -> None:
    """Put each form into the box of its case's parent, unsigned.

    The parents are locked, as firing a sealed transition does. The group an
    answer counts in is the form's field `group`, if it has one. Five
    statements at most, however many answers.
    """
    if not forms:
        return
    boxes = _boxes(tx, [_parent(case) for case, _ in forms])
    tokens = {"tokens": sorted(set(boxes.values()))}
    answers = [
        {"box": row.box, "grouping": row.grouping, "payload": row.payload}
        for row in tx.rows(_answers_in, tokens)
    ]
    answers += (_answer(boxes[_parent(case)], form) for case, form in forms)
    random.SystemRandom().shuffle(answers)
    tx.write(_empty, tokens)
    tx.write(_insert, [{"id": secrets.token_hex(16), **answer} for answer in answers])


def _parent(case: CaseView) -> int:
    if case.parent is None:
        raise Refused(
            Problem(
                text="a sealed answer needs a parent case to belong to", place=case.ref, code="sealed.parent"
            )
        )
    return case.parent


def _answer(token: str, form: BaseModel) -> dict[str, str]:
    payload = form.model_dump(mode="json")
    group = str(payload.pop("group", "") or "")
    return {"box": token, "grouping": group, "payload": canonical(payload)}


def _boxes(tx: Transaction, cases: Collection[int]) -> dict[int, str]:
    """Return the token of each case's box; a new one where it has none."""
    found: dict[int, str] = {
        row.case_id: row.token for row in tx.rows(_tokens_of, {"ids": sorted(set(cases))})
    }
    new = {case: secrets.token_hex(16) for case in cases if case not in found}
    tx.write(_new_box, [{"token": token, "case_id": case} for case, token in new.items()])
    return found | new


def open_sealed(tx: Transaction, case: int, *, minimum: int, policy: str = "merge") -> list[Answers]:
    """Return the answers of a closed case by group, each of `minimum` or more.

    `omit` leaves smaller groups out of every figure. `merge` pools them as
    "others"; if the pool is still too small, it takes in the smallest
    remaining group, so that no small group can be found by subtraction; if
    none remains, nothing is shown. Refused while answers may still come in:
    two looks with one answer between them would tell that answer.
    """
    return open_many_sealed(tx, {case: (minimum, policy)})[case]


def open_many_sealed(tx: Transaction, wanted: Mapping[int, tuple[int, str]]) -> dict[int, list[Answers]]:
    """Return what `open_sealed` returns, by case; two statements for all.

    `wanted` gives the smallest group and the policy of each case.
    """
    for minimum, policy in wanted.values():
        _refuse_small(minimum, policy)
    if not wanted:
        return {}
    # A closed case never opens again, so it need not be locked.
    boxes = {row.id: row for row in tx.rows(_boxes_of, {"ids": sorted(wanted)})}
    if any(number not in boxes or boxes[number].closed_at is None for number in wanted):
        raise Refused(
            Problem(text="sealed answers are opened once, after the case is closed", code="sealed.open")
        )
    groups: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    tokens = sorted(row.token for row in boxes.values() if row.token is not None)
    for answer in tx.rows(_answers_in, {"tokens": tokens}) if tokens else ():
        groups[answer.box][answer.grouping].append(json.loads(answer.payload))
    return {
        number: _shown(groups.get(boxes[number].token, {}), minimum, policy)
        for number, (minimum, policy) in wanted.items()
    }


def _refuse_small(minimum: int, policy: str) -> None:
    if minimum < FLOOR or policy not in POLICIES:
        raise UsageError(
            Problem(
                text="sealed answers are shown in groups only",
                found=f"{policy} below {minimum}",
                allowed=f"{' or '.join(POLICIES)}, below {FLOOR} or more",
                code="sealed.minimum",
            )
        )


def _shown(groups: Mapping[str, Sequence[Mapping[str, Any]]], minimum: int, policy: str) -> list[Answers]:
    sizes = {name: len(answers) for name, answers in groups.items()}
    return [
        Answers(
            name,
            sum(sizes[each] for each in members),
            tuple(each for member in members for each in groups[member]),
        )
        for name, members in shown_groups(sizes, minimum=minimum, policy=policy).items()
    ]


def shown_groups(sizes: Mapping[str, int], *, minimum: int, policy: str) -> dict[str, Sequence[str]]:
    """Return which groups are shown, and of which groups each is made."""
    large = {name: (name,) for name, size in sizes.items() if size >= minimum}
    small = sorted(name for name, size in sizes.items() if 0 < size < minimum)
    if policy == "omit" or not small:
        return dict(large)
    # A group that is called so already is among the others.
    pooled = [*small, *(name for name in large if name == OTHERS)]
    remaining = {name: members for name, members in large.items() if name != OTHERS}
    while sum(sizes[name] for name in pooled) < minimum and remaining:
        smallest = min(remaining, key=lambda name: (sizes[name], name))
        pooled.append(smallest)
        del remaining[smallest]
    if sum(sizes[name] for name in pooled) < minimum:
        return {}
    return {**remaining, OTHERS: tuple(pooled)}
