"""From a file to a version in force, on both databases."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from talenthub.access.rules import Decision
from talenthub.errors import FileError, NotFound, NotPermitted, Refused, UsageError
from talenthub.framework.catalogue import learning_items, strategy_weights
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.yaml import read
from talenthub.framework.library import (
    Status,
    chosen_code,
    content,
    framework_codes,
    published,
    role_profile,
    version_of,
    versions,
)
from talenthub.framework.locking import lock
from talenthub.framework.publishing import import_framework, publish, withdraw
from talenthub.storage.database import Database
from talenthub.storage.hub import hub_event
from talenthub.storage.transaction import SYSTEM, Actor, Transaction

MAY = Decision(True, "you hold framework_owner")
MAY_NOT = Decision(False, "this needs the grant framework_owner")
EDITOR, OWNER = 1, 2


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def in_force(begin: Any, document: Document, day: date | None = None, **more: Any) -> int:
    """Import as one person, publish as another; return the version."""
    with begin(EDITOR, **more) as tx:
        made = import_framework(tx, document, right=MAY).version
    with begin(OWNER, **more) as tx:
        publish(tx, made.id, day, right=MAY)
    return made.id


def numbered(document: Document, number: str) -> Document:
    framework = replace(document.content.framework, version=number)
    return replace(document, content=replace(document.content, framework=framework))


def test_content_survives_the_database_unchanged(begin: Any, harbourline: Document) -> None:
    with begin() as tx:
        made = import_framework(tx, harbourline, right=MAY)
        assert content(tx, made.version.id) == harbourline.content
    assert made.outcome == "created"
    assert made.catalogue.added == 35 + 8


def test_languages_weights_and_odd_characters_survive(begin: Any, small_text: str) -> None:
    text = small_text.replace("name: Care", 'name: {pt: "Cuidado 🫶", en: "“Care” – \\t<b>&"}')
    text = text.replace(
        "  name: A small framework",
        "  name: A small framework\n  organisation: {name: {en: O, fr: Ô}, headcount: 3}",
    )
    document = read(text.encode(), "a.yaml")
    with begin() as tx:
        made = import_framework(tx, document, right=MAY)
        found = content(tx, made.version.id)
    assert found == document.content
    assert list(found.values[0].title) == ["pt", "en"]


def test_the_same_file_again_changes_nothing(begin: Any, harbourline: Document) -> None:
    in_force(begin, harbourline)
    with begin(EDITOR) as tx:
        again = import_framework(tx, harbourline, right=MAY)
        assert len(versions(tx)) == 1
    assert again.outcome == "unchanged"
    assert again.version.status is Status.PUBLISHED
    assert (again.catalogue.added, again.catalogue.changed, again.catalogue.ended) == (0, 0, 0)


def test_a_draft_is_replaced_and_a_locked_one_is_not(begin: Any, small: Document, small_text: str) -> None:
    other = read(small_text.replace("Spells", "Writes").encode(), "a.yaml")
    with begin() as tx:
        first = import_framework(tx, small, right=MAY)
        second = import_framework(tx, other, right=MAY)
        assert second.outcome == "replaced"
        assert second.version.id == first.version.id
        assert content(tx, first.version.id) == other.content
        lock(tx, first.version.id)
        with pytest.raises(Refused, match="locked"):
            import_framework(tx, small, right=MAY)
        lock(tx, first.version.id, locked=False)
        assert import_framework(tx, small, right=MAY).outcome == "replaced"


def test_another_content_under_a_published_number_is_refused(begin: Any, harbourline: Document) -> None:
    in_force(begin, harbourline)
    roles = harbourline.content.roles[1:]
    other = replace(
        harbourline,
        content=replace(
            harbourline.content,
            roles=roles,
            descriptors=tuple(
                each for each in harbourline.content.descriptors if each.role != "service-clerk"
            ),
        ),
    )
    with begin(EDITOR) as tx, pytest.raises(Refused, match="never changes") as caught:
        import_framework(tx, other, right=MAY)
    assert caught.value.problems[0].mend == "give the file a new version number"


def test_broken_content_does_not_reach_the_database(begin: Any, small: Document) -> None:
    first, *rest = small.content.competencies
    broken = replace(small.content, competencies=(replace(first, values=("ghost",)), *rest))
    with begin() as tx:
        with pytest.raises(FileError):
            import_framework(tx, Document(broken), right=MAY)
        assert versions(tx) == ()


def test_nobody_imports_without_the_right(begin: Any, small: Document) -> None:
    with begin() as tx:
        for right in (None, MAY_NOT):
            with pytest.raises(NotPermitted):
                import_framework(tx, small, right=right)
        assert import_framework(tx.by(SYSTEM), small).outcome == "created"


def test_publishing_needs_the_right_four_eyes_and_clean_checks(begin: Any, small: Document) -> None:
    with begin() as tx:
        made = import_framework(tx, small, right=MAY).version
        with pytest.raises(Refused) as caught:
            publish(tx, made.id, right=MAY_NOT)
        names = {each.name: each.ok for each in caught.value.verdicts}
        assert names["right"] is False
        assert names["four_eyes"] is False
        with pytest.raises(Refused, match="finding") as caught:
            publish(tx.by(Actor(OWNER)), made.id, right=MAY)
        assert any("LIS" in detail.text for each in caught.value.verdicts for detail in each.details)


def test_only_the_right_in_the_way_is_a_matter_of_rights(begin: Any, harbourline: Document) -> None:
    with begin() as tx:
        made = import_framework(tx, harbourline, right=MAY).version
        with pytest.raises(NotPermitted):
            publish(tx.by(Actor(OWNER)), made.id, right=MAY_NOT)
        with pytest.raises(NotPermitted):
            publish(tx.by(Actor(OWNER)), made.id)


@pytest.mark.parametrize("actor", [Actor(EDITOR), Actor(OWNER, EDITOR), Actor(EDITOR, OWNER)])
def test_four_eyes_compares_both_identities(begin: Any, harbourline: Document, actor: Actor) -> None:
    with begin() as tx:
        made = import_framework(tx, harbourline, right=MAY).version
        with pytest.raises(Refused, match="edited it last"):
            publish(tx.by(actor), made.id, right=MAY)
        publish(tx.by(Actor(OWNER, 3)), made.id, right=MAY)


def test_the_editor_behind_another_name_is_barred_too(begin: Any, harbourline: Document) -> None:
    with begin() as tx:
        made = import_framework(tx.by(Actor(EDITOR, 9)), harbourline, right=MAY).version
        with pytest.raises(Refused, match="edited it last"):
            publish(tx.by(Actor(9)), made.id, right=MAY)


def test_the_next_version_supersedes_from_its_day(begin: Any, harbourline: Document) -> None:
    first = in_force(begin, harbourline)
    with begin() as tx:
        today = tx.today
    later = today + timedelta(days=30)
    second = in_force(begin, numbered(harbourline, "1.1.0"), later)
    with begin() as tx:
        assert [each.status for each in versions(tx, "hpsa-core")] == ["superseded", "published"]
        assert published(tx, "hpsa-core").id == first
        assert published(tx, "hpsa-core", later - timedelta(days=1)).id == first
        assert published(tx, "hpsa-core", later).id == second
        with pytest.raises(NotFound, match="in force"):
            published(tx, "hpsa-core", today - timedelta(days=1))
        kinds = [
            (each.kind, each.subject_id) for each in tx.rows(hub_event.select().order_by(hub_event.c.id))
        ]
    assert kinds == [("framework.published", first), ("framework.published", second)]


def test_a_version_cannot_be_published_twice_or_before_today(begin: Any, harbourline: Document) -> None:
    first = in_force(begin, harbourline)
    with begin(OWNER) as tx:
        with pytest.raises(Refused, match="not a draft"):
            publish(tx, first, right=MAY)
        made = import_framework(tx.by(Actor(EDITOR)), numbered(harbourline, "2"), right=MAY).version
        with pytest.raises(Refused, match="today or later"):
            publish(tx, made.id, tx.today - timedelta(days=1), right=MAY)


def test_withdrawing_restores_the_version_before(begin: Any, harbourline: Document) -> None:
    first = in_force(begin, harbourline)
    second = in_force(begin, numbered(harbourline, "1.1.0"))
    with begin(OWNER) as tx:
        assert published(tx, "hpsa-core").id == second
        with pytest.raises(NotPermitted):
            withdraw(tx, second, right=MAY_NOT)
        assert withdraw(tx, second, right=MAY).status is Status.WITHDRAWN
        found = published(tx, "hpsa-core")
        assert (found.id, found.status) == (first, Status.PUBLISHED)
        with pytest.raises(Refused, match="withdrawn already"):
            withdraw(tx, second, right=MAY)


def test_unknown_names_are_answered_with_the_nearest(begin: Any, harbourline: Document) -> None:
    with begin() as tx:
        with pytest.raises(NotFound, match="no framework yet"):
            chosen_code(tx, None)
        made = import_framework(tx, harbourline, right=MAY).version
        assert chosen_code(tx, None) == "hpsa-core"
        with pytest.raises(NotFound, match="did you mean 'hpsa-core'"):
            published(tx, "hpsa-cor")
        with pytest.raises(NotFound, match=r"did you mean '1\.0\.0'"):
            version_of(tx, "hpsa-core", "1.0.1")
        with pytest.raises(NotFound, match="did you mean 'case-officer'"):
            role_profile(tx, made.id, "case-oficer")
        with pytest.raises(NotFound):
            content(tx, made.id + 1)
        framework = replace(harbourline.content.framework, code="second")
        import_framework(tx, Document(replace(harbourline.content, framework=framework)), right=MAY)
        with pytest.raises(UsageError, match="hpsa-core, second"):
            chosen_code(tx, None)
        assert set(framework_codes(tx, [made.id, made.id + 1]).values()) == {"hpsa-core", "second"}


def test_published_content_is_loaded_once_by_a_fixed_number_of_statements(
    database: Database, begin: Any, harbourline: Document
) -> None:
    found = in_force(begin, harbourline)
    memory: dict[Any, Any] = {}
    with begin(memory=memory) as tx, counted(database) as seen:
        role_profile(tx, found, "case-officer")
        assert len(seen) == 14
        role_profile(tx, found, "director")
        content(tx, found)
        assert len(seen) == 14
    with begin(memory=memory) as tx, counted(database) as seen:
        assert content(tx, found) == harbourline.content
        assert seen == []


def test_what_may_be_rolled_back_is_not_remembered(
    database: Database, begin: Any, harbourline: Document
) -> None:
    memory: dict[Any, Any] = {}
    with begin() as tx:
        made = import_framework(tx, harbourline, right=MAY).version

    def read_in(tx: Transaction) -> Content:
        return content(tx, made.id)

    with contextlib.suppress(ZeroDivisionError), begin(OWNER, memory=memory) as tx:
        publish(tx, made.id, right=MAY)
        assert read_in(tx) == harbourline.content
        raise ZeroDivisionError
    assert memory == {}
    with begin(OWNER) as tx:
        publish(tx, made.id, right=MAY)
    with begin(memory=memory, dry_run=True) as tx:
        read_in(tx)
    assert memory == {}
    with begin(memory=memory) as tx:
        read_in(tx)
    assert list(memory) == [("framework", made.id)]


def test_the_catalogue_is_dated_and_does_not_freeze(
    begin: Any, harbourline: Document, small: Document
) -> None:
    in_force(begin, harbourline)
    assert harbourline.catalogue is not None
    first, *rest = harbourline.catalogue.learning
    changed = replace(
        harbourline.catalogue,
        learning=(replace(first, heat=5), *rest[:-1]),
        weights=harbourline.catalogue.weights[1:],
    )
    with begin(EDITOR) as tx:
        day = tx.today + timedelta(days=10)
        document = replace(harbourline, catalogue=changed)
        done = import_framework(tx, document, catalogue_from=day, right=MAY)
        assert done.outcome == "unchanged"
        assert (done.catalogue.added, done.catalogue.changed, done.catalogue.ended) == (0, 1, 2)
        assert learning_items(tx, "hpsa-core") == harbourline.catalogue.learning
        assert set(learning_items(tx, "hpsa-core", day)) == set(changed.learning)
        assert strategy_weights(tx, "hpsa-core") == {
            each.competency: each.weight for each in harbourline.catalogue.weights
        }
        assert "CIT" not in strategy_weights(tx, "hpsa-core", day)
        with pytest.raises(Refused, match="past"):
            import_framework(tx, document, catalogue_from=tx.today - timedelta(days=1), right=MAY)
        assert import_framework(tx, document, catalogue_from=day, right=MAY).catalogue.changed == 0


def test_an_earlier_catalogue_takes_the_place_of_a_planned_one(
    begin: Any, harbourline: Document, small: Document
) -> None:
    in_force(begin, harbourline)
    held = harbourline.catalogue
    assert held is not None
    first, second, *rest = held.learning
    planned = replace(held, learning=(replace(first, heat=5), *rest))
    earlier = replace(held, learning=(replace(first, heat=1), second, *rest))
    with begin(EDITOR) as tx:
        soon, later = tx.today + timedelta(days=10), tx.today + timedelta(days=40)
        for catalogue, day in ((planned, later), (earlier, soon)):
            import_framework(tx, replace(harbourline, catalogue=catalogue), catalogue_from=day, right=MAY)
        assert set(learning_items(tx, "hpsa-core")) == set(held.learning)
        for day in (soon, later - timedelta(days=1), later, later + timedelta(days=1)):
            assert sorted(learning_items(tx, "hpsa-core", day), key=str) == sorted(earlier.learning, key=str)


def test_two_at_once_leave_one_in_force(begin: Any, harbourline: Document) -> None:
    with begin(EDITOR) as tx:
        drafts = [import_framework(tx, numbered(harbourline, each), right=MAY).version for each in ("1", "2")]
    ready, failures = threading.Barrier(2), []

    def go(version_id: int) -> None:
        ready.wait()
        try:
            with begin(OWNER) as tx:
                publish(tx, version_id, right=MAY)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=go, args=(each.id,)) for each in drafts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    with begin() as tx:
        assert sorted(each.status for each in versions(tx)) == ["published", "superseded"]


def test_one_file_imported_twice_at_once_makes_one_draft(begin: Any, small: Document) -> None:
    ready, outcomes = threading.Barrier(2), []

    def go() -> None:
        ready.wait()
        with begin(EDITOR) as tx:
            outcomes.append(import_framework(tx, small, right=MAY).outcome)

    threads = [threading.Thread(target=go) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["created", "unchanged"]
