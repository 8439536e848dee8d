"""Facts that guards and effects of consultation ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.sdk import (
    CaseView,
    Fact,
    FrameworkVersion,
    Transaction,
    chains_of,
    check_framework,
    children,
    framework_content,
    framework_version,
)
from talenthub_consultation.cases import Item
from talenthub_consultation.items import words_of

BALLOTS = children("consultation.ballot")
"""Every ballot of a consultation, whoever asks: only sums leave it."""


def _above(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, tuple[int, ...]]]:
    ballots = BALLOTS.load(tx, cases)
    voters = {who for found in ballots.values() for each in found for who in each.people("voter")}
    above = chains_of(tx, voters)
    return {
        case.id: {who: above[who] for each in ballots[case.id] for who in each.people("voter")}
        for case in cases
    }


ABOVE: Fact[Mapping[int, tuple[int, ...]]] = Fact("consultation.above", _above)
"""Everyone who manages each voter, by the voter's number."""


def _versions(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, FrameworkVersion]:
    return {
        case.id: framework_version(tx, case.framework_version)
        for case in cases
        if case.framework_version is not None
    }


VERSION: Fact[FrameworkVersion] = Fact("consultation.version", _versions)
"""The version under review, as it stands now."""


def _words(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[str, Item]]:
    return {
        case.id: words_of(framework_content(tx, case.framework_version))
        for case in cases
        if case.framework_version is not None
    }


WORDS: Fact[Mapping[str, Item]] = Fact("consultation.words", _words)
"""The words of the version as they read now, by item."""


def _findings(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[str, ...]]:
    return {
        case.id: tuple(
            str(each.problem)
            for each in check_framework(framework_content(tx, case.framework_version)).blocking
        )
        for case in cases
        if case.framework_version is not None
    }


FINDINGS: Fact[tuple[str, ...]] = Fact("consultation.findings", _findings)
"""What the checks of the version find and that blocks publishing."""
