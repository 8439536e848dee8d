"""Rows of `talent framework`; imported when a command runs, not for help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from talenthub.errors import Problem
from talenthub.framework.checks import CheckReport
from talenthub.framework.checks import check as check_content
from talenthub.framework.content import Content, Document
from talenthub.framework.imports import Import
from talenthub.framework.library import FrameworkVersion
from talenthub.framework.lookup import profile, wording
from talenthub.framework.model import Competency
from talenthub.framework.publishing import Imported
from talenthub.framework.text import Text, say

Row = dict[str, Any]


def version_row(found: FrameworkVersion, today: date | None = None) -> Row:
    """Return a version as one row; on a day also whether it is stale."""
    stale = {} if today is None else {"stale": found.is_stale(today)}
    return {
        **stale,
        "code": found.code,
        "number": found.number,
        "title": say(found.title, found.language),
        "status": found.status,
        "effective_from": found.effective_from,
        "published_at": found.published_at,
        "content_hash": found.content_hash,
    }


def content_row(content: Content) -> Row:
    """Return what a version holds, counted, and its terms."""
    figures = check_content(content).figures
    return {
        **counted(content),
        "cells": figures.cells,
        "coverage": figures.coverage,
        "rating_mode": content.framework.rating.mode,
        "licence": content.framework.licence,
        "attribution": content.framework.attribution,
    }


def counted(content: Content) -> Row:
    """Return how many of each kind there are, to compare with a source."""
    steps = [each for role in content.roles for each in role.levels]
    shown = [each.positive for words in content.descriptors for each in words.indicators]
    return {
        "values": len(content.values),
        "competencies": len(content.rateable),
        "groups": len(content.competencies) - len(content.rateable),
        "descriptors": sum(each.text is not None for each in content.descriptors),
        "indicators": sum(shown),
        "watch_for": len(shown) - sum(shown),
        "roles": len(content.roles),
        "role_levels": len(steps),
        "requirements": sum(len(each.requirements) for each in steps),
        "pointers": len(content.pointers),
    }


def finding_rows(report: CheckReport) -> Iterator[Row]:
    """Return one row per finding of the checks."""
    for each in report.findings:
        yield {
            "severity": each.severity,
            "rule": each.rule,
            "where": each.problem.path,
            "text": each.problem.text,
            "found": each.problem.found,
            "allowed": each.problem.allowed,
        }


def summary(report: CheckReport) -> str:
    """Return what was counted, in a few lines."""
    figures = report.figures
    lines = [
        f"{figures.competencies} competencies, {figures.cells} cells, {figures.indicators} indicators, "
        f"{figures.roles} roles, headcount {figures.headcount:,}; coverage {float(figures.coverage):.3f}"
    ]
    if figures.overlap is not None:
        most = figures.overlap
        pair = f"{most.competency} {most.lower}–{most.upper}"
        lines.append(f"most alike neighbouring levels: {pair}, {float(most.share):.3f}")
    lines += report.notes
    errors, warnings = len(report.errors), len(report.warnings)
    lines.append(f"{errors} errors, {warnings} warnings; profile {report.profile}")
    return "\n".join(lines)


def role_rows(content: Content, code: str, language: str) -> Iterator[Row]:
    """Return what each level of a role asks, with the words that count."""
    for level in content.role(code).levels:
        found = profile(content, code, level.code)
        for asked in found.requirements:
            at = found.anchors[asked.competency].at
            yield {
                "role_level": level.code,
                "competency": asked.competency,
                "level": asked.level,
                "critical": asked.critical,
                "focus": asked.focus,
                "essential": asked.essential,
                "words_of": at.match,
                "descriptor": say(at.text, language),
                "descriptor_hash": at.hash,
            }


def competency_rows(content: Content, code: str, language: str) -> Iterator[Row]:
    """Return the levels of a competency with their words."""
    for level in content.scale_of(code).levels:
        found = wording(content, code, level.ordinal)
        yield {
            "level": level.ordinal,
            "key": level.key,
            "descriptor": say(found.text, language),
            "indicators": [say(each.text, language) for each in found.positive],
            "watch_for": [say(each.text, language) for each in found.negative],
            "words_of": found.match,
        }


def tree_rows(content: Content, language: str) -> Iterator[Row]:
    """Return values, competencies with levels, and roles, as a tree."""
    root = content.framework.code

    def row(depth: int, kind: str, code: str, title: Text, above: str) -> Row:
        return {
            "depth": depth,
            "kind": kind,
            "code": code,
            "title": say(title, language),
            "above": above,
        }

    yield row(0, "framework", root, content.framework.title, "")
    for value in content.values:
        yield row(1, "value", value.code, value.title, root)
        for each in content.competencies:
            if value.code in each.values:
                yield row(2, "competency", each.code, each.title, value.code)
    for depth, each in _nested(content):
        yield row(depth, "competency", each.code, each.title, each.parent or root)
        for level in content.scale_of(each.code).levels if each.scale is not None else ():
            yield row(depth + 1, "level", level.key, level.label, each.code)
    family = None
    for role in content.roles:
        named = say(role.family, language) or None
        if named is not None and named != family:
            yield row(1, "family", "", named, root)
        family = named
        depth = 1 if named is None else 2
        yield row(depth, "role", role.code, role.title, named or root)
        for step in role.levels if len(role.levels) > 1 else ():
            yield row(depth + 1, "role level", step.code, step.title, role.code)


def tree_line(row: Row) -> str:
    """Return a row of the tree as people read it."""
    code, title = str(row["code"]), str(row["title"])
    words = title if code in ("", title) else f"{code}  {title}"
    return "  " * int(row["depth"]) + words


def _nested(content: Content) -> Iterator[tuple[int, Competency]]:
    """Return the competencies with their depth, each under its group."""
    below: dict[str | None, list[Competency]] = {}
    for each in content.competencies:
        below.setdefault(each.parent, []).append(each)
    waiting = [(1, each) for each in reversed(below.get(None, []))]
    while waiting:
        depth, found = waiting.pop()
        yield depth, found
        waiting += [(depth + 1, each) for each in reversed(below.get(found.code, []))]


def imported_row(done: Imported, document: Document) -> Row:
    """Return what an import did, with every deviation."""
    change = done.catalogue
    return {
        **version_row(done.version),
        "outcome": done.outcome,
        "format": document.origin.format if document.origin else None,
        **counted(document.content),
        "findings": len(done.report.findings),
        "blocking": len(done.report.blocking),
        "profile": done.report.profile,
        "deviations": len(done.deviations),
        "records_added": change.added,
        "records_changed": change.changed,
        "records_ended": change.ended,
        "deviations_listed": list(deviation_rows(done.deviations)),
    }


def deviation_rows(deviations: Iterable[Problem]) -> Iterator[Row]:
    """Return one row per thing that an import mended or left out."""
    for each in deviations:
        yield {
            "rule": each.code.partition(".")[2],
            "where": " ".join(filter(None, (each.place, each.path))),
            "text": each.text,
            "found": each.found,
            "done": " ".join(filter(None, (each.mend, each.nearest and f"(near: {each.nearest})"))),
        }


def deviating_rows(deviations: Iterable[Problem]) -> Iterator[Row]:
    """Return deviations as rows beside the findings of the checks."""
    for each in deviation_rows(deviations):
        yield {**each, "severity": "deviation", "allowed": each["done"]}


def deviation_lines(deviations: Sequence[Problem], most: int) -> Iterator[str]:
    """Return how many deviations there are of each kind, the many first."""
    kinds = Counter(
        f"{each.text}: {each.mend}" if len(each.mend or "") < 30 else each.text for each in deviations
    )
    yield f"{len(deviations)} deviations in the files were mended or left out:"
    for text, count in kinds.most_common(most):
        yield f"{count:6,}  {text}"
    if len(kinds) > most:
        rest = sum(count for _, count in kinds.most_common()[most:])
        yield f"{rest:6,}  others"


def import_row(found: Import | None) -> Row:
    """Return where a version came from."""
    if found is None:
        return {}
    return {
        "imported_at": found.imported_at,
        "format": found.format,
        "files": [name for name, _ in found.files],
        "deviations": len(found.deviations),
    }
