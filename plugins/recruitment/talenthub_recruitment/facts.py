"""Facts of recruitment: what its guards and effects ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.sdk import CaseView, Content, Fact, Transaction, children, framework_content, siblings

SCORECARDS = children("recruitment.scorecard")
"""The scorecards of an application, in the order of the panel."""

OTHER_SCORECARDS = siblings("recruitment.scorecard")
"""The scorecards of a scorecard's application, its own among them."""

APPLICATIONS = children("recruitment.application")
"""The applications of a selection."""

OTHER_APPLICATIONS = siblings("recruitment.application")
"""The applications of an application's selection, its own among them."""

SELECTIONS = children("recruitment.selection")
"""The selections of a requisition."""


def _contents(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Content | None]:
    return {
        case.id: None if case.framework_version is None else framework_content(tx, case.framework_version)
        for case in cases
    }


FRAMEWORK: Fact[Content | None] = Fact("recruitment.framework", _contents)
"""The content of the framework version that the case pinned."""
