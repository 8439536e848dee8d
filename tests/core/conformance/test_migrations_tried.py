"""Migrations are gone up and down with rows in the tables, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from talenthub.conformance.finding import Level
from talenthub.conformance.histories import Ground, try_empty, try_with_rows
from talenthub.conformance.rows import Filler, count_rows
from talenthub.errors import PluginError, Problem
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, upgrade
from talenthub.testing import Servers

HEAD = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", {before}
branch_labels = depends_on = None


"""

MAKES = """\
def upgrade():
    op.create_table(
        "tea_pot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(80), nullable=False, unique=True),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    )


def downgrade():
    op.drop_table("tea_pot")
"""


def second(up: str, down: str = "pass") -> str:
    """Return the body of a second revision."""
    return f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"


def altering(*lines: str) -> str:
    """Return lines that alter the table."""
    return 'with op.batch_alter_table("tea_pot") as table:\n' + "\n".join(f"        {each}" for each in lines)


@dataclass(frozen=True)
class History:
    """The second revision, and what is found: words, the line, words of the mend."""

    body: str
    says: str = ""
    line: int = 0
    mend: str = ""


BROKEN = {
    "a column that may not be empty": History(
        second(
            altering('table.add_column(sa.Column("cups", sa.Integer, nullable=False))'),
            altering('table.drop_column("cups")'),
        ),
        "0002_change.py cannot go up on KIND, where the tables hold rows: ",
        9,
        "server_default",
    ),
    "a constraint that rows break": History(
        second(
            "op.execute(\"UPDATE tea_pot SET title = 'same'\")",
        ),
        "0002_change.py cannot go up on KIND, where the tables hold rows: ",
        9,
        "make the rows distinct first",
    ),
    "rows that go": History(
        second('op.execute("DELETE FROM tea_pot WHERE id = 1")'),
        "0002_change.py loses 1 of 2 rows of tea_pot, on KIND",
        8,
        "carry the rows over",
    ),
    "a table made anew": History(
        second(
            'op.drop_table("tea_pot")\n'
            '    op.create_table("tea_pot", sa.Column("id", sa.Integer, primary_key=True))'
        ),
        "0002_change.py loses 2 of 2 rows of tea_pot, on KIND",
        8,
        "carry the rows over",
    ),
    "no way back": History(
        second(
            altering('table.add_column(sa.Column("cups", sa.Integer))'),
            altering(
                'table.drop_column("cups")', 'table.add_column(sa.Column("old", sa.Integer, nullable=False))'
            ),
        ),
        "0002_change.py cannot go down on KIND, where the tables hold rows: ",
        14,
        "server_default",
    ),
}

SOUND = {
    "a default": second(
        altering('table.add_column(sa.Column("cups", sa.Integer, nullable=False, server_default="2"))'),
        altering('table.drop_column("cups")'),
    ),
    "another name": second(
        'op.rename_table("tea_pot", "tea_kettle")', 'op.rename_table("tea_kettle", "tea_pot")'
    ),
    "dropped on purpose": second(
        'op.drop_table("tea_pot")', MAKES.partition("\n")[2].partition("\n\n\n")[0].strip()
    ),
}


WRITES = "op.execute(\"INSERT INTO workspace_setting (key, value) VALUES ('tea', 'green')\")"


def history(folder: Path, *bodies: str) -> Owner:
    """Return the owner of a history with these revisions."""
    names = ("make", "change")
    for number, (name, body) in enumerate(zip(names, bodies, strict=False), 1):
        before = f'"{number - 1:04}"' if number > 1 else None
        text = HEAD.format(revision=f"{number:04}", before=before) + body
        (folder / f"{number:04}_{name}.py").write_text(text, encoding="utf-8")
    return Owner("tea", folder, "tea_")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Database]:
    """Return one database of each kind for all that is tried here."""
    made = Database(servers.fresh(request.param))
    yield made
    made.close()


@pytest.fixture
def database(shared: Database) -> Iterator[Database]:
    """Return it, and take away afterwards what a broken history left."""
    yield shared
    with shared.begin() as connection:
        names = inspect(connection).get_table_names()
        for name in sorted(each for each in names if "tea" in each)[::-1]:
            connection.execute(text(f"DROP TABLE {name}"))
        if shared.engine.dialect.name == "postgresql":
            connection.execute(text("DROP TYPE IF EXISTS tea_size"))


def found(owner: Owner, database: Database) -> list[Problem]:
    """Return what is found as the tables hold rows."""
    ground = Ground(database, database.engine.dialect.name)
    return [problem for _, problem in try_with_rows(owner, ground)]


@pytest.mark.parametrize("name", BROKEN)
def test_what_goes_wrong_only_with_rows_is_named(name: str, tmp_path: Path, database: Database) -> None:
    broken = BROKEN[name]
    owner = history(tmp_path, MAKES, broken.body)
    (told,) = found(owner, database)
    assert told.text.startswith(broken.says.replace("KIND", database.engine.dialect.name)), told
    assert told.place == f"{tmp_path / '0002_change.py'}:{broken.line}"
    assert broken.mend in (told.mend or "")


@pytest.mark.parametrize("name", SOUND)
def test_rows_that_are_kept_or_dropped_on_purpose_are_no_finding(
    name: str, tmp_path: Path, database: Database
) -> None:
    assert found(history(tmp_path, MAKES, SOUND[name]), database) == []
    with database.begin() as connection:
        assert [each for each in inspect(connection).get_table_names() if each.startswith("tea_")] == []


def test_what_fails_without_a_row_is_named_before(tmp_path: Path, database: Database) -> None:
    owner = history(tmp_path, MAKES, second('op.drop_column("tea_pot", "sugar")'))
    ((level, told),) = try_empty(owner, Ground(database, "here"))
    assert (level, told.place) == (Level.ERROR, f"{tmp_path / '0002_change.py'}:9")
    assert told.text.startswith("0002_change.py cannot go up on here: ")
    assert "sugar" in told.text


def test_what_is_left_behind_going_down_is_named(tmp_path: Path, database: Database) -> None:
    owner = history(tmp_path, MAKES.replace('op.drop_table("tea_pot")', "pass"))
    told = [problem.text for _, problem in try_empty(owner, Ground(database, "here"))]
    assert told[-1] == "going down leaves the table tea_pot"


def test_a_key_to_nowhere_is_named_where_the_database_makes_it(tmp_path: Path, servers) -> None:
    database = Database(servers.fresh("sqlite"))
    (told,) = found(history(tmp_path, MAKES.replace("person.id", "nobody.id")), database)
    assert told.text == "tea_pot refers to the table nobody, which is not there on sqlite"
    assert told.place == f"{tmp_path / '0001_make.py'}:8"
    database.close()


@pytest.mark.parametrize("line", ['op.add_column("person", sa.Column("shoe", sa.Integer))', WRITES])
def test_a_table_that_is_not_its_own_is_left_alone(line: str, tmp_path: Path, servers: Servers) -> None:
    database = Database(servers.fresh("sqlite"))
    (told,) = found(history(tmp_path, MAKES, second(line)), database)
    changed = "workspace_setting" if line is WRITES else "person"
    assert told.text == f"0002_change.py going up changes what is not its own, on sqlite: {changed}"
    assert told.place == f"{tmp_path / '0002_change.py'}:8"
    assert "a table of your own" in str(told.mend)
    database.close()


def test_who_upgrades_is_told_whose_migration_failed(tmp_path: Path, database: Database) -> None:
    owner = history(tmp_path, MAKES.replace("\n\n\n", '\n    raise LookupError("half")\n\n\n', 1))
    with pytest.raises(PluginError) as caught:
        upgrade(database, [owner])
    (problem,) = caught.value.problems
    assert problem.text == "the plugin tea failed in a migration of its tables"
    assert str(problem.place).endswith("0001_make.py:15")
    assert problem.found == "LookupError: half"
    with database.begin() as connection:
        assert "tea_pot" not in inspect(connection).get_table_names()


EVERY_KIND = """\
def upgrade():
    op.create_table(
        "tea_box",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(8), sa.CheckConstraint("kind IN ('red', 'black')", "a"), nullable=False),
        sa.Column("hash", sa.String(64), sa.CheckConstraint("length(hash) = 64", "b"), nullable=False),
        sa.Column("stars", sa.Integer, sa.CheckConstraint("stars BETWEEN 7 AND 9", "c"), nullable=False),
        sa.Column("price", sa.Numeric(8, 2), nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("bought_on", sa.Date, nullable=False, unique=True),
        sa.Column("drunk_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Enum("small", "large", name="tea_size"), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("workflow_case.id"), nullable=False, unique=True),
        sa.Column("giver", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("taker", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.CheckConstraint("giver <> taker", "d"),
    )
    op.create_table(
        "tea_leaf",
        sa.Column("box_id", sa.Integer, sa.ForeignKey("tea_box.id"), primary_key=True, autoincrement=False),
        sa.Column("beside", sa.Integer, sa.ForeignKey("tea_leaf.box_id")),
    )
    op.create_table(
        "tea_void", sa.Column("id", sa.Integer, sa.CheckConstraint("id <> id", "e"), primary_key=True)
    )


def downgrade():
    for name in ("tea_leaf", "tea_box", "tea_void"):
        op.drop_table(name)
    sa.Enum(name="tea_size").drop(op.get_bind(), checkfirst=True)
"""


def test_tables_are_filled_by_what_their_columns_take(tmp_path: Path, database: Database) -> None:
    owner = history(tmp_path, EVERY_KIND)
    upgrade(database, [owner])
    with database.begin() as connection:
        filler = Filler(connection, ["tea_box", "tea_leaf", "tea_void"])
        assert [list(filler.fill()) for _ in range(2)] == [["tea_void"], ["tea_void"]]
        counts = [count_rows(connection, name) for name in ("tea_box", "tea_leaf", "tea_void")]
    assert counts == [4, 4, 0]


def test_a_table_that_takes_no_row_is_told_once(tmp_path: Path, database: Database) -> None:
    owner = history(tmp_path, EVERY_KIND)
    ((level, told),) = try_with_rows(owner, Ground(database, "here"))
    assert level is Level.WARNING
    assert (
        told.text == "the table tea_void could not be filled, so that its migrations were tried without rows"
    )
    assert "CHECK" in (told.found or "").upper()
