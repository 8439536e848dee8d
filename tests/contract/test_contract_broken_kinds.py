"""The kinds of broken plugins that are tried, and where: none may go missing.

Each is named by owner, place and mend, at check or at run time, while the
others keep working and nothing is half-written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

CORE = Path(__file__).parents[1] / "core"
CHECK = "conformance/test_broken_plugins.py"
RUNNING = "conformance/test_broken_running.py"
WILD = "conformance/test_wild_plugins.py"
MIGRATED = "conformance/test_migrations_tried.py"
OLDER = "conformance/test_older_contract.py"
HOST = "host/test_host.py"
RUN = "workflow/test_misbehaving.py"
DECLARED = "workflow_checks/test_workflow_checks.py"

KINDS = {
    "a misspelt hook": [(CHECK, '"misspelt": '), (HOST, '"misspelt": ')],
    "a wrong signature": [(CHECK, '"signature": '), (HOST, '"signature": ')],
    "a wrong type": [(CHECK, '"wrong_type": '), (HOST, '"wrong-type": ')],
    "a wrong value": [(CHECK, '"wrong_value": '), (HOST, '"wrong-one": ')],
    "raises at import": [(CHECK, '"raises": '), (HOST, '"raises": ')],
    "raises in a hook": [(CHECK, '"hook_raises": '), (HOST, '"hook-raises": ')],
    "raises in a guard, an effect, a fact, a handler": [
        (RUN, '"guard_raises": '),
        (RUN, '"effect_raises": '),
    ],
    "hangs": [(RUNNING, '("import time; time.sleep(600)", '), (RUNNING, "def test_a_guard_that_hangs")],
    "exits": [(RUNNING, '("import os; os._exit(3)", '), (HOST, '"leaves": '), (RUN, '"effect_leaves": ')],
    "mutates what it is given": [(RUN, '"guard_mutates": '), (RUN, '"effect_mutates": ')],
    "commits by itself": [(CHECK, '"commits": '), (RUN, "(commits, "), (RUN, "(commits_in_words, ")],
    "writes by itself": [(RUN, "(writes, ")],
    "duplicate names": [(CHECK, '"same_name": '), (HOST, '"twice-itself": '), (CHECK, '"twice": ')],
    "a bad workflow": [(DECLARED, "def test_each_fault_is_found_and_says_where"), (CHECK, '"adverse": ')],
    "a heavy import": [(CHECK, '"heavy": ')],
    "a missing migration": [(CHECK, '"no_migration": '), (HOST, '"no-migrations": ')],
    "a migration that fails": [(MIGRATED, "def test_what_fails_without_a_row")],
    "a migration that fails on rows": [(MIGRATED, '"a column that may not be empty": ')],
    "a migration that loses rows": [(MIGRATED, '"rows that go": '), (MIGRATED, '"a table made anew": ')],
    "a migration without a way back": [
        (MIGRATED, '"no way back": '),
        (MIGRATED, "def test_what_is_left_behind"),
    ],
    "tables for a newer core": [(OLDER, "def test_a_table_that_the_older_core_does_not_have")],
    "a key to what is no promise": [(CHECK, '"renamed_key": ')],
    "a command without words or help": [(CHECK, '"silent_command": '), (CHECK, '"no_help": ')],
    "a table without prefix": [(CHECK, '"prefix": '), (HOST, '"prefix": ')],
    "undeclared personal data": [
        (CHECK, '"field": '),
        (CHECK, '"free_text": '),
        (CHECK, '"column": '),
        (CHECK, '"names_person": '),
    ],
    "a newer contract": [(CHECK, '"newer": '), (HOST, '"newer": ')],
    "names of a newer contract": [(OLDER, "def test_what_came_after_the_contract")],
    "private names": [(CHECK, '"private": ')],
    "settings without default": [(CHECK, '"setting": '), (HOST, "def test_a_settings_model_must_be_strict")],
    "a hook that breaks off, never ends or calls itself": [
        (WILD, '"midway": '),
        (WILD, '"endless": '),
        (WILD, '"recursive": '),
    ],
    "a hook that is no function, or async": [(WILD, '"listed": '), (WILD, '"awaited": ')],
    "a handler that nobody awaits": [(WILD, "def test_a_handler_that_nobody_would_await")],
    "a declaration of wrong kinds": [(WILD, '"entitled": '), (WILD, '"postponed": '), (WILD, '"mute": ')],
    "changes talenthub itself": [(WILD, "def test_what_changes_talenthub_itself")],
    "a thread left running": [(WILD, "def test_a_thread_left_running")],
    "settings that raise": [(WILD, "def test_no_plugin_spoils_a_workspace_by_its_settings")],
    "a report that prints, or returns no rows": [(WILD, "def prints(engine, tx)"), (WILD, "def numbers(")],
    "a migration that changes what is not its own": [
        (MIGRATED, "def test_a_table_that_is_not_its_own_is_left_alone")
    ],
    "a migration that fails as an organisation upgrades": [(MIGRATED, "def test_who_upgrades_is_told_whose")],
    "hangs at run time": [("workflow/test_patience.py", "def test_a_step_that_hangs_is_ended")],
    "a changed version": [
        ("workflow/test_parked.py", "def test_the_same_version_declared_otherwise_is_refused")
    ],
    "an upcaster that fails": [
        ("workflow/test_versions.py", "def test_an_upcaster_that_fails"),
        (CHECK, '"upcast": '),
    ],
}


def test_there_are_more_than_twenty() -> None:
    assert len(KINDS) >= 20


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_still_tried_where_it_is_said(kind: str) -> None:
    for file, mark in KINDS[kind]:
        assert mark in (CORE / file).read_text(encoding="utf-8"), (file, mark)
