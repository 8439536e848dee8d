"""Moving cases between what an organisation adjusts, within one version."""

from __future__ import annotations

from dataclasses import replace

from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.workflow.adjusting.adjust import adjusted
from talenthub.workflow.adjusting.core_guards import CORE_GUARDS
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import verify
from talenthub.workflow.versions.migrating import Migrated, migrate_cases
from talenthub.workflow.versions.migration import Migration

WAITING = {"waiting": [{"name": "at_the_bank", "before": "grant", "due": "2 weeks", "task": "Ask the bank"}]}
HERE = Migration("trial.loan", 1)


def test_cases_are_moved_to_the_adjustments_of_today_and_back(house, loan, review):
    grants = [replace(each, may_wait=each.name == "grant") for each in loan.transitions]
    loaded = [Loaded(replace(loan, transitions=grants), "trial"), Loaded(review, "trial")]
    plain = Engine(Catalogue(loaded), evidence=house.engine.evidence)
    today = adjusted(loaded[0], WorkflowAdjustment.model_validate(WAITING), CORE_GUARDS)
    with_bank = Engine(
        Catalogue(loaded, adjusted=[today], guards=CORE_GUARDS), evidence=house.engine.evidence
    )

    def move(wanted):
        with house.acting("hedda") as tx:
            return migrate_cases(house.engine, tx, ["LOAN-1"], wanted)[0]

    house.engine = plain
    house.open()
    assert "runs on version 1 already" in str(move(HERE))
    house.engine = with_bank
    assert isinstance(move(HERE), Migrated)
    assert house.case("LOAN-1").adjustment == today.adjustment_hash
    house.fire("olga", "LOAN-1", "review")
    with house.acting() as tx:
        tx.connection.exec_driver_sql("UPDATE workflow_case SET state = 'at_the_bank' WHERE ref = 'LOAN-1'")
    house.engine = plain
    assert "say --map at_the_bank=" in str(move(HERE))
    moved = move(Migration("trial.loan", 1, {"at_the_bank": "reviewed"}))
    assert isinstance(moved, Migrated), moved
    assert (house.case("LOAN-1").adjustment, house.case("LOAN-1").state) == (None, "reviewed")
    with house.acting() as tx:
        assert verify(tx) == 3
