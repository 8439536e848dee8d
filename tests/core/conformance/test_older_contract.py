"""A plugin says which contract is enough: names and tables of that one must do.

There is one contract so far, so that a later one is seeded here: the core gains
a table, `talenthub.sdk` a name, a value of the hooks a field.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from talenthub import hooks
from talenthub.conformance import check_contract, check_tables, promises
from talenthub.conformance.histories import Ground, try_below, try_with_rows
from talenthub.conformance.places import folder_of
from talenthub.conformance.promises import present, record, record_file
from talenthub.host import Host, Installed
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, core_owner, head_of
from talenthub.testing import Servers

LATER = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None


def upgrade():
    op.create_table("badge", sa.Column("id", sa.Integer, primary_key=True))
    {more}


def downgrade():
    op.drop_table("badge")
"""

PLUGIN = """
from pathlib import Path
from talenthub.hooks import Report, Tables, WorkflowRef, hookimpl

CONTRACT = "{contract}"

@hookimpl
def talenthub_tables():
    return Tables("NAME_", Path(__file__).parent / "migrations")
{more}
"""

TABLE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
branch_labels = depends_on = None


def upgrade():
    op.create_table(
        "NAME_pin",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("led_to", sa.Integer, sa.ForeignKey("{target}")),
    )


def downgrade():
    op.drop_table("NAME_pin")
"""

DECLARED = """
from sqlalchemy import Column, Integer, Table
from talenthub.sdk import metadata

pin = Table("NAME_pin", metadata, Column("id", Integer, primary_key=True), Column("led_to", Integer))
"""

REPORT = """
@hookimpl
def talenthub_reports():
    return [Report("pins", "Pins.", "PACKAGE.reports:pins", picture="PACKAGE.reports:drawn")]
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Owner]:
    """Return what seeds contract 1.1, with another migration of the core."""

    def seed(more: str = "") -> Owner:
        records, versions = tmp_path / "contracts", tmp_path / "versions"
        records.mkdir()
        monkeypatch.setattr(promises, "RECORDS", records)
        record_file("1").write_text(record(_without(present())), encoding="utf-8")
        shutil.copytree(core_owner().folder, versions, ignore=shutil.ignore_patterns("__pycache__"))
        head = head_of(core_owner()) or ""
        text = LATER.format(revision=f"{int(head) + 1:04}", before=head, more=more)
        (versions / f"{int(head) + 1:04}_later.py").write_text(text, encoding="utf-8")
        seeded = Owner("core", versions)
        for room in (promises, check_tables):
            monkeypatch.setattr(room, "core_owner", lambda: seeded)
        monkeypatch.setattr(hooks, "CONTRACT", "1.1")
        monkeypatch.setattr(check_contract, "CONTRACT", "1.1")
        return seeded

    return seed


def _without(now: promises.Promises) -> promises.Promises:
    """Return what was promised before three of the things of today were there."""
    modules = {module: dict(names) for module, names in now.modules.items()}
    del modules["talenthub.sdk"]["working_days"]
    del modules["talenthub.sdk.pictures"]["bars"]
    fields = modules["talenthub.hooks"]["Report"] or ()
    modules["talenthub.hooks"]["Report"] = tuple(each for each in fields if each != "picture")
    return replace(now, modules=modules)


USES = {
    "a name": (
        {"guards": "from talenthub.sdk import days, working_days\n"},
        "talenthub.sdk.working_days",
        "guards.py:1",
    ),
    "a name of a module": (
        {"guards": "from talenthub import sdk as ours\n\nlater = ours.working_days(3)\n"},
        "talenthub.sdk.working_days",
        "guards.py:3",
    ),
    "a picture": (
        {"drawing": "from talenthub.sdk import pictures\n\ndraw = pictures.bars\n"},
        "talenthub.sdk.pictures.bars",
        "drawing.py:3",
    ),
    "a field": (
        {"plugin": PLUGIN.format(contract="1", more=REPORT)},
        "talenthub.hooks.Report(picture=…)",
        "plugin.py:13",
    ),
}


@pytest.mark.parametrize("use", USES)
def test_what_came_after_the_contract_is_named_with_its_line(use: str, later, spoil) -> None:
    later()
    files, name, place = USES[use]
    found = spoil("pins", **{"plugin": PLUGIN.format(contract="1", more="")} | files)
    ((_, told),) = check_contract.problems(found)
    assert told.text == f"{name} came after contract 1, which it says is enough"
    assert str(told.place).endswith(place)
    assert told.mend == 'CONTRACT = "1.1" in plugin.py'


def test_who_asks_for_the_later_contract_may_use_all_of_it(later, spoil) -> None:
    later()
    found = spoil("pins", plugin=PLUGIN.format(contract="1.1", more=REPORT), **USES["a name"][0])
    assert list(check_contract.problems(found)) == []


def test_without_a_contract_the_first_one_must_do(later, spoil) -> None:
    later()
    found = spoil(
        "pins", plugin=PLUGIN.format(contract="1", more="").replace('CONTRACT = "1"', ""), **USES["a name"][0]
    )
    doubt, fault = [told for _, told in check_contract.problems(found)]
    assert (doubt.text, doubt.mend) == (
        "it does not say which contract it was written for",
        'CONTRACT = "1.1"',
    )
    assert "working_days came after contract 1" in fault.text


def with_table(spoil, contract: str, target: str = "person.id") -> Installed:
    """Return a plugin with a table that leads to `target`."""
    return spoil(
        "pins",
        plugin=PLUGIN.format(contract=contract, more=""),
        tables=DECLARED,
        migrations__in__0001_pin=TABLE.format(target=target),
    )


def test_tables_are_tried_on_the_core_of_the_oldest_contract(
    later, spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    later()
    monkeypatch.setattr(check_tables, "_kinds", lambda: ("sqlite",))
    told, _ = [problem for _, problem in check_tables.problems(with_table(spoil, "1", "badge.id"))]
    assert "the table badge, which is not there on sqlite with the core's tables of contract 1" in told.text
    assert "migrations/0001_pin.py:" in str(told.place)
    assert told.mend == 'CONTRACT = "1.1", where the tables are those it needs'


def test_tables_that_ask_for_the_later_core_need_not_suit_an_older_one(
    later, spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    later()
    monkeypatch.setattr(check_tables, "_kinds", lambda: ("sqlite",))
    (only,) = [problem.text for _, problem in check_tables.problems(with_table(spoil, "1.1", "badge.id"))]
    assert "PostgreSQL" in only


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Ground]:
    """Return a database of each kind at the tables of contract 1, which are today's."""
    database = Database(servers.fresh(request.param))
    yield Ground(database, request.param, "1")
    database.close()


def owner_of(found: Installed) -> Owner:
    """Return the owner of a spoilt plugin's tables."""
    return Owner(found.name, folder_of(found) / "migrations", f"{found.name}_")


def test_a_table_that_the_older_core_does_not_have_is_named_on_both(later, spoil, older: Ground) -> None:
    later()
    (told,) = [problem for _, problem in try_with_rows(owner_of(with_table(spoil, "1", "badge.id")), older)]
    assert f"on {older.kind} with the core's tables of contract 1" in told.text
    assert "badge" in told.text


def test_rows_stay_as_the_core_is_brought_up_to_date(later, spoil, older: Ground) -> None:
    core, owner = later(), owner_of(with_table(spoil, "1"))
    assert list(try_with_rows(owner, older)) == []
    assert list(try_below(owner, older, core)) == []


def test_a_core_that_takes_rows_of_plugins_away_is_noticed(later, spoil, older: Ground) -> None:
    core = later('op.execute("DELETE FROM pins_pin")')
    (told,) = [problem.text for _, problem in try_below(owner_of(with_table(spoil, "1")), older, core)]
    assert told == (
        "the core's migrations lose 2 of 2 rows of pins_pin,"
        f" on {older.kind} with the core's tables of contract 1"
    )


@pytest.mark.parametrize(
    ("spoken", "ours", "says"),
    [
        ("1", "1", None),
        ("1.0", "1", None),
        ("1", "1.1", None),
        ("1.1", "1.2", None),
        ("1.1", "1", "it speaks contract '1.1'; this talenthub speaks '1'"),
        ("1.9", "2", "it speaks contract '1.9'; this talenthub speaks '2'"),
        ("2", "1.9", "it speaks contract '2'; this talenthub speaks '1.9'"),
        ("one", "1", "its CONTRACT is 'one'; it must be a version in quotes, such as '1'"),
    ],
)
def test_a_plugin_loads_where_its_contract_is_kept(
    spoken: str, ours: str, says: str | None, spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "CONTRACT", ours)
    spoil("pins", plugin=f"CONTRACT = {spoken!r}\n")
    assert Host(["pins"]).status("pins").error == says


def test_a_contract_that_is_no_text_is_refused(spoil) -> None:
    spoil("pins", plugin="CONTRACT = 1\n")
    assert "it must be a version in quotes" in Host(["pins"]).status("pins").error
