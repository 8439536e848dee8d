"""Workspace: what every entry point holds; opens everything once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from talenthub.access.rules import Rules
from talenthub.clock import Clock, system_clock
from talenthub.config.settings import Settings
from talenthub.errors import Problem, StorageError
from talenthub.evidence.settings import EvidenceSettings
from talenthub.host import Host
from talenthub.outbound.port import Background
from talenthub.patience import Patience
from talenthub.storage import migrate
from talenthub.storage.database import Database, calling_off
from talenthub.storage.migrate import Owner
from talenthub.storage.transaction import SYSTEM, Actor, StartOver, Transaction, no_fault
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.engine import Engine
from talenthub.workflow.hearing import Hearing
from talenthub.workspace.clock import demo_now
from talenthub.workspace.composing import brings, catalogue_of, engine_of, evidence_settings_of, rules_of
from talenthub.workspace.executors import background_of, executor_owners
from talenthub.workspace.identity import actor_for, login_name
from talenthub.workspace.opening import Configuration, configure, database_url, warnings
from talenthub.workspace.retry import repeated

T = TypeVar("T")


class Workspace:
    """The configuration, the database and the plugins of one organisation."""

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        *,
        fault: Callable[[str], None] = no_fault,
        clock: Clock | None = None,
    ) -> None:
        self.configuration = configuration
        self.database = database
        self._fault = fault
        self._clock = clock
        self._memory: dict[Hashable, Any] = {}
        self._patience = Patience(configuration.settings.plugins.longest_call)
        self._hearing = Hearing(brings(configuration.host))

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        fault: Callable[[str], None] = no_fault,
        clock: Clock | None = None,
        overrides: Mapping[str, Any] | None = None,
        reserved: Collection[str] = (),
        check_tables: bool = True,
    ) -> Workspace:
        """Return the workspace in `folder`, checked: settings, plugins, tables.

        `fault` is called at named points of each transaction; `clock` takes
        the place of the machine's; `overrides` lie over every layer of
        settings; `reserved` are command names no plugin may take.
        """
        opened = cls.bare(folder, fault=fault, clock=clock, overrides=overrides, reserved=reserved)
        try:
            if check_tables:
                opened.check_tables()
        except BaseException:
            opened.close()
            raise
        return opened

    @classmethod
    def bare(
        cls,
        folder: Path,
        *,
        fault: Callable[[str], None] = no_fault,
        clock: Clock | None = None,
        overrides: Mapping[str, Any] | None = None,
        reserved: Collection[str] = (),
    ) -> Workspace:
        """Return the workspace with nothing asked of its database yet."""
        configuration = configure(folder, overrides=overrides, reserved=reserved)
        return cls(configuration, Database(database_url(configuration)), fault=fault, clock=clock)

    @property
    def folder(self) -> Path:
        """Return the folder that holds talenthub.toml."""
        return self.configuration.folder

    @property
    def settings(self) -> Settings:
        """Return the core's settings."""
        return self.configuration.settings

    @property
    def host(self) -> Host:
        """Return the plugin host."""
        return self.configuration.host

    @property
    def owners(self) -> list[Owner]:
        """Return who has tables: the core first, the executor last."""
        return [migrate.core_owner(), *self.host.tables(), *executor_owners(self.settings)]

    @property
    def warnings(self) -> list[str]:
        """Return a line for each enabled plugin that does not work."""
        return list(warnings(self.host))

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the workflows of the loaded plugins, as they are adjusted here."""
        return catalogue_of(self.host, self.configuration.plugins, self.configuration.written)

    @cached_property
    def engine(self) -> Engine:
        """Return the engine that opens and fires the cases here."""
        return engine_of(
            self.settings, self.folder, self.host, self.catalogue, self.background, self._hearing
        )

    @cached_property
    def background(self) -> Background | None:
        """Return what has background work run; None: the embedded executor."""
        url = self.database.url.render_as_string(hide_password=False)
        return background_of(self.settings, self.host, url)

    @cached_property
    def rules(self) -> Rules:
        """Return the rights of all rooms."""
        return rules_of(self.evidence)

    @cached_property
    def evidence(self) -> EvidenceSettings:
        """Return how evidence is weighed, read and shown here."""
        return evidence_settings_of(self.settings, self.host)

    @cached_property
    def is_demo(self) -> bool:
        """Return whether this is a demo: both file and database must say so."""
        if not self.settings.demo.enabled:
            return False
        with self.database.begin(read_only=True) as connection:
            return self._demo_now(connection) is not None

    def check_tables(self) -> None:
        """Raise StorageError unless the database is there and up to date."""
        file = self.database.file
        if file is not None and not file.is_file():
            raise StorageError(
                Problem(
                    text="the database file is not there",
                    place=str(file),
                    mend="make it: talent db upgrade, or restore a backup",
                    code="storage.missing",
                )
            )
        migrate.check(self.database, self.owners)

    @contextmanager
    def transaction(
        self, actor: Actor, *, read_only: bool = False, dry_run: bool = False, bold: bool = False
    ) -> Iterator[Transaction]:
        """Yield one transaction; it commits at the end, or rolls back if dry.

        In a read-only one the database itself refuses to write.
        """
        if not read_only and not self._hearing.is_fresh:
            self._read_hearing()
        with (
            self._patience.watching(),
            self.database.begin(read_only=read_only) as connection,
            self._patience.asking(calling_off(connection)),
        ):
            tx = Transaction(
                connection,
                actor,
                self._now(connection),
                self.settings.organisation.zone,
                dry_run,
                dict(self._memory),
                self._fault,
                bold,
            )
            with _read_only(connection) if read_only else nullcontext():
                yield tx
            if dry_run:
                connection.get_transaction().rollback()  # type: ignore[union-attr]
        if not dry_run:
            # Only now: what was loaded in a transaction that failed never was.
            self._memory.update(tx.memory)

    def run(
        self,
        actor: Actor,
        function: Callable[[Transaction], T],
        *,
        read_only: bool = False,
        dry_run: bool = False,
        bold: bool = False,
    ) -> T:
        """Return what `function` returns from one transaction.

        After a deadlock the whole of it is repeated, three tries at most, so
        it must touch nothing but the transaction. A bold one goes without
        savepoints, and is repeated with them where a part must be taken back.
        """

        def attempt(bold: bool) -> T:
            with self.transaction(actor, read_only=read_only, dry_run=dry_run, bold=bold) as tx:
                return function(tx)

        if bold:
            with suppress(StartOver):
                return repeated(lambda: attempt(bold=True))
        return repeated(lambda: attempt(bold=False))

    def actor(self, login: str | None = None, as_handle: str | None = None) -> Actor:
        """Return who acts: the person of `login`, or the one acted for."""
        name = login if login is not None else login_name()
        is_demo = self.is_demo
        return self.run(SYSTEM, lambda tx: actor_for(tx, name, as_handle, is_demo=is_demo), read_only=True)

    def close(self) -> None:
        """Close the database."""
        self._patience.close()
        self.database.close()

    def _read_hearing(self) -> None:
        with self.database.begin(read_only=True) as connection:
            self._hearing.read(Transaction(connection, SYSTEM, self._now(connection)))

    def _now(self, connection: Connection) -> datetime:
        if self._clock is None and self.settings.demo.enabled:
            return self._demo_now(connection) or system_clock()
        return (self._clock or system_clock)()

    def _demo_now(self, connection: Connection) -> datetime | None:
        return demo_now(Transaction(connection, SYSTEM, system_clock()))


@contextmanager
def _read_only(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        yield
        return
    connection.exec_driver_sql("PRAGMA query_only=ON")
    try:
        yield
    finally:
        # The connection goes back to the pool, and the next user may write.
        connection.exec_driver_sql("PRAGMA query_only=OFF")
