"""What a released contract promised is kept by every later one of its major version."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import pairwise

from talenthub import hooks
from talenthub.conformance.promises import (
    Promises,
    present,
    promises_of,
    record,
    record_file,
    recorded,
    taken_away,
)
from talenthub.host.contract import contract_number

MAJOR, MINOR = contract_number(hooks.CONTRACT)
RECORD = "python tests/contract/record_contract.py"


def test_every_contract_before_this_one_is_recorded() -> None:
    missing = [f"{MAJOR}.{minor}" for minor in range(MINOR) if not record_file(f"{MAJOR}.{minor}").is_file()]
    assert missing == [], f"go back to where it was released, and record it there: {RECORD}"


def test_a_released_contract_is_not_added_to() -> None:
    if record_file(hooks.CONTRACT).is_file():
        stands, now = promises_of(hooks.CONTRACT), present()
        said = "it was released: raise CONTRACT in talenthub.hooks"
        assert (stands.modules, stands.revision) == (now.modules, now.revision), said


def test_nothing_is_taken_away_within_a_major_version() -> None:
    ours = [promises_of(each) for each in recorded() if contract_number(each)[0] == MAJOR]
    for before, after in pairwise([*ours, present()]):
        assert taken_away(before, after) == [], (
            f"contract {before.contract} promised it: raise the major version"
        )
        assert before.revision <= after.revision


def test_what_is_promised_now_can_be_recorded_and_read_again() -> None:
    now = present()
    stored = tomllib.loads(record(now))
    assert stored["revision"] == now.revision
    assert stored["talenthub.hooks"]["talenthub_case_fired"] == ["event"]
    assert "picture" in stored["talenthub.hooks"]["Report"]
    assert {"name", "by", "form"} <= set(stored["talenthub.sdk"]["Transition"])
    assert stored["talenthub.sdk"]["subject"] is False
    assert "bars" in stored["talenthub.sdk.pictures"]


def test_what_a_later_contract_lacks_is_named() -> None:
    before = Promises("1", "0011", {"talenthub.sdk": {"days": ("count",), "system": None, "guard": None}})
    after = replace(
        before, contract="1.1", modules={"talenthub.sdk": {"days": ("number",), "guard": ("needs",)}}
    )
    assert taken_away(before, after) == ["talenthub.sdk.days(count=…)", "talenthub.sdk.system"]
    assert taken_away(before, before) == []
