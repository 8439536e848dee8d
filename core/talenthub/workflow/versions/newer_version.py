"""A newer version of the framework: open cases keep theirs and are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select

from talenthub.framework.changes import ChangeClass
from talenthub.framework.library import FrameworkVersion, version, versions
from talenthub.framework.mapping import compare
from talenthub.storage.hub import HubEvent
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.relations import Relation, holds
from talenthub.workflow.resolution import FALLBACK_GRANT, lines
from talenthub.workflow.tables import workflow_case
from talenthub.workflow.tasks import NewTask, open_tasks, tasks_of

PUBLISHED = "hub.framework.published"
CHUNK = 500

_pinned = (
    select(workflow_case.c.id)
    .where(
        workflow_case.c.framework_version_id.in_(bindparam("versions", expanding=True)),
        workflow_case.c.closed_at.is_(None),
        workflow_case.c.parent_id.is_(None),
        workflow_case.c.workflow.not_in(bindparam("answering", expanding=True)),
    )
    .order_by(workflow_case.c.id)
)


def ask_for_review(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """Give each open case on an earlier version a task to look at the newer.

    Its pin stays. A case below another is looked at with that one; a plugin
    that hears of new versions asks its own people; an editorial version asks
    nobody.
    """
    newer = version(tx, event.subject_id)
    earlier = {each.id: each for each in versions(tx, newer.code) if each.id != newer.id}
    superseded = [each for each in earlier.values() if each.number in event.facts["supersedes"]]
    kinds = {compare(tx, each, newer).heaviest for each in superseded}
    if kinds <= {None, ChangeClass.EDITORIAL}:
        return
    wanted = {"versions": sorted(earlier), "answering": [*_answering(engine), ""]}
    waiting = [row.id for row in tx.rows(_pinned, wanted)]
    for start in range(0, len(waiting), CHUNK):
        cases = list(cases_by_id(tx, waiting[start : start + CHUNK]).values())
        tasks = [task for case in cases for task in _tasks(engine, case, newer, earlier)]
        open_tasks(tx, tasks, lines(tx, cases, [task.to for task in tasks]))


def _answering(engine: Engine) -> Sequence[str]:
    """Return the workflows of plugins that hear of new versions themselves."""
    plugins = {each.name.partition(":")[0] for each in engine.handlers if each.on == PUBLISHED}
    return sorted(each.workflow.name for each in engine.catalogue.versions() if each.plugin in plugins)


def _tasks(
    engine: Engine, case: CaseView, newer: FrameworkVersion, earlier: dict[int, FrameworkVersion]
) -> Iterator[NewTask]:
    assert case.framework_version is not None
    pinned = earlier[case.framework_version].number
    title = f"See what {newer.name} changes here; this stays on {pinned}"
    for to in _asked(engine, case):
        yield NewTask(case, f"newer:{newer.number}"[:80], title, to, None)


def _asked(engine: Engine, case: CaseView) -> list[Relation]:
    """Return who is asked: those who have the next step, else HR."""
    loaded = engine.catalogue.find_for(case)
    if loaded is None:
        return [holds(FALLBACK_GRANT)]
    tasks = tasks_of(loaded.workflow, loaded.workflow.state(case.state))
    return [tasks[0].to] if tasks else [holds(FALLBACK_GRANT)]
