"""One small organisation with a selection, shared by the whole table."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from talenthub.access.rules import Decision
from talenthub.cli import failures, talent
from talenthub.errors import Problem, TalentError
from talenthub.framework.formats.yaml import read_file
from talenthub.framework.publishing import import_framework, publish
from talenthub.people.grants import give
from talenthub.people.organisation import NewPerson, NewPost, NewUnit, Organisation, write_organisation
from talenthub.people.persons import person
from talenthub.storage.database import Database
from talenthub.storage.migrate import upgrade
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing import Servers, stored_tables
from talenthub.workspace import Workspace
from talenthub.workspace.clock import set_demo_clock

sys.path.insert(0, str(Path(__file__).parent / "tables"))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bad_plugins import BROKEN, DECLARED
from bad_rows import CONFIGURATION, Bad

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SINCE = date(2026, 1, 2)
GRANTS = {"maria": "hr_partner", "tomas": "hr_head", "ada": "admin", "grace": "hr_partner"}


def people(tx: Transaction) -> None:
    imported = import_framework(tx, read_file(HARBOURLINE))
    publish(tx, imported.version.id, right=Decision(True, "a test"))
    seats = (
        ("lead", "service-team-leader", "dario", None),
        ("seat-1", "case-officer", "jonas", "lead"),
        ("seat-2", "case-officer", "kofi", "lead"),
        ("vacant", "case-officer", None, "lead"),
    )
    write_organisation(
        tx,
        Organisation(
            units=(NewUnit("harbour", "Harbour"), NewUnit("quay", "Quay", "harbour")),
            posts=tuple(
                NewPost(code, code, "hpsa-core", role, "harbour", SINCE, reports_to=above)
                for code, role, _, above in seats
            ),
            people=(
                *(NewPerson(each, each.title()) for each in ("maria", "tomas", "ada", "grace", "nora")),
                *(NewPerson(name, name.title(), post=code) for code, _, name, _ in seats if name),
            ),
        ),
    )
    for name, grant in (*GRANTS.items(), ("maria", "recruiter"), ("ada", "framework_owner")):
        give(tx, person(tx, name).id, grant, since=SINCE)


def held_by(found: Database) -> str:
    """Return what the database holds, as one number."""
    if found.file is not None:
        files = (found.file, found.file.with_name(f"{found.file.name}-wal"))
        held = b"".join(each.read_bytes() for each in files if each.exists())
        return hashlib.sha256(held).hexdigest()
    with found.begin(read_only=True) as connection:
        rows = [sorted(map(str, connection.execute(select(table)))) for table in stored_tables(connection)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def listed(item: dict[str, Any]) -> Problem:
    """Return a problem that a command lists as a row of its table."""
    return Problem(text=item["problem"], place=item["place"], path=item["path"], code=item["code"])


@pytest.fixture(scope="session")
def as_it_was() -> Callable[[Database], str]:
    """Return the function that tells whether a database has changed."""
    return held_by


@dataclass
class Answer:
    """What a command printed, how it ended and which problems it named."""

    code: int
    out: str
    err: str
    problems: list[Problem]


@dataclass
class Ground:
    """A database that no row changes, and workspaces that look at it."""

    url: str
    database: Database
    manifest: Path

    def folder(self, at: Path, row: Bad) -> Path:
        """Return a workspace as the row wants it."""
        plugins = str(list(row.plugins))
        files = {"talenthub.toml": CONFIGURATION.format(url=self.url, plugins=plugins) + row.settings}
        for name, given in (files | dict(row.files)).items():
            text = given() if callable(given) else given
            data = text.encode() if isinstance(text, str) else text
            (at / name).write_bytes(data.replace(b"{here}", str(at).encode()))
        shutil.copytree(self.manifest, at / ".talenthub")
        return at

    def ask(self, at: Path, row: Bad, monkeypatch: pytest.MonkeyPatch) -> Answer:
        """Run the row's command in its workspace."""
        told: list[TalentError] = []
        tell = failures.told

        def noted(error: Exception, *, debug: bool) -> int:
            told.append(failures._known(error) or TalentError(f"{type(error).__name__}"))
            return tell(error, debug=debug)

        monkeypatch.setattr(failures, "told", noted)
        who = ["--as", row.who] if row.who else []
        words = [*who, *(word.replace("{here}", str(at)) for word in shlex.split(row.words))]
        result = CliRunner().invoke(
            talent, ["--workspace", str(at), *words], input=row.given, env={"COLUMNS": "80"}
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        problems = [each for error in told for each in error.problems]
        if row.words.endswith("-o json") and not problems:
            problems = [listed(each) for each in json.loads(result.stdout)["items"]]
        return Answer(result.exit_code, result.stdout, result.stderr, problems)


def made(servers: Servers, kind: str, folder: Path) -> Ground:
    folder.mkdir()
    url = servers.fresh(kind)
    (folder / "talenthub.toml").write_text(CONFIGURATION.format(url=url, plugins='["recruitment"]'))
    workspace = Workspace.bare(folder)
    upgrade(workspace.database, workspace.owners)
    workspace.run(SYSTEM, lambda tx: people(tx.at(START)))
    workspace.run(SYSTEM, lambda tx: set_demo_clock(tx, START))
    workspace.run(SYSTEM, workspace.engine.store_versions)
    workspace.close()
    for who, words in STORY:
        result = CliRunner().invoke(talent, ["--workspace", str(folder), "--as", who, *shlex.split(words)])
        assert result.exit_code == 0, (words, result.output, result.exception)
    return Ground(url, Database(url), folder / ".talenthub")


STORY = (
    (
        "maria",
        "recruitment open case-officer --unit harbour --chair dario "
        "--panel jonas --panel kofi --panel nora --reason 'one leaves'",
    ),
    ("tomas", "do REQ-1 approve"),
    ("maria", "do REQ-1 open"),
    ("grace", "do SEL-1 approve_plan"),
    ("maria", "do SEL-1 advertise"),
    ("maria", "recruitment candidate add SEL-1 'Amara Okoye' --email amara@example.org"),
)


def install(site: Path) -> None:
    """Install every plugin of the table: a module and a line for each."""
    info = site / "talent_wrong-1.0.dist-info"
    info.mkdir()
    declared = {
        name: "from talenthub.hooks import WorkflowRef, hookimpl\n\n@hookimpl\ndef talenthub_workflows():\n"
        f"    return [WorkflowRef('wrong_workflows:{name}')]\n"
        for name in DECLARED
    }
    for name, code in {**BROKEN, **declared}.items():
        (site / f"wrong_{name}.py").write_text(code)
    lines = [f"{name} = wrong_{name}" for name in (*BROKEN, *DECLARED)]
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: talent-wrong\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[talenthub.plugins]\n" + "\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def wrong_plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have the plugins of the table installed while its tests run."""
    site = tmp_path_factory.mktemp("site")
    install(site)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(site))
        yield


@pytest.fixture(scope="session")
def ground(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ground]]:
    """Return the function that tells the ground on a kind of database, made once."""
    grounds: dict[str, Ground] = {}

    def on(kind: str) -> Ground:
        if kind not in grounds:
            grounds[kind] = made(servers, kind, tmp_path_factory.mktemp("bad") / "ground")
        return grounds[kind]

    yield on
    for each in grounds.values():
        each.database.close()
