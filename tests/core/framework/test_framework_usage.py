"""Usage and the trophy index."""

from __future__ import annotations

import itertools
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.framework.content import Document
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.tables import usage
from talenthub.framework.usage import STAGES, record_usages, trophy_index
from talenthub.storage.transaction import SYSTEM

MAY = Decision(True, "you hold framework_owner")
CODES = ("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV")


@pytest.fixture
def used(begin: Any, harbourline: Document) -> int:
    with begin(None) as tx:
        made = import_framework(tx, harbourline).version
        publish(tx.by(SYSTEM), made.id)
    return made.id


def test_thirty_three_of_forty_eight_cells(begin: Any, used: int) -> None:
    cells = list(itertools.product(STAGES, CODES))
    with begin() as tx:
        assert trophy_index(tx, "hpsa-core").index == 1
        record_usages(tx, [(used, stage, code) for stage, code in cells[:33]])
        found = trophy_index(tx, "hpsa-core")
        assert found.cells == 48
        assert found.index == Fraction(15, 48)
        assert float(found.index) == 0.3125
        assert found.verdict == "partly used"
        record_usages(tx, [(used, stage, code) for stage, code in cells])
        assert trophy_index(tx, "hpsa-core").verdict == "working hub"


def test_a_day_counts_once_and_a_year_is_over_after_365(begin: Any, used: int) -> None:
    with begin() as tx:
        for _ in range(3):
            record_usages(tx, [(used, "selection", "CIT"), (used, "selection", "CIT")])
        record_usages(tx, [])
        assert len(tx.rows(usage.select())) == 1
        assert len(trophy_index(tx, "hpsa-core", tx.today + timedelta(days=364)).used) == 1
        assert len(trophy_index(tx, "hpsa-core", tx.today + timedelta(days=365)).used) == 0
        record_usages(tx, [(used, "elsewhere", "CIT"), (used, "selection", "OLD")])
        assert len(trophy_index(tx, "hpsa-core").used) == 1
        assert trophy_index(tx, "hpsa-core").verdict == "on the shelf"
