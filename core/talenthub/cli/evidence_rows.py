"""Rows of `talent evidence` and `talent gap`; imported when a command runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from talenthub.evidence.fit import is_strength
from talenthub.evidence.rows import Narrative

if TYPE_CHECKING:
    from talenthub.evidence.closing import Closing
    from talenthub.evidence.figures import Figure
    from talenthub.evidence.gap import Gap, Gaps
    from talenthub.evidence.settings import EvidenceSettings
    from talenthub.evidence.standing import ExplainedRow, Explanation, Standing
    from talenthub.evidence.verify import Fault

Row = dict[str, Any]
UNKNOWN = "unknown"


def standing_row(competency: str, standing: Standing | None) -> Row:
    """Return a standing as one row; unknown is empty, never 0."""
    row: Row = {"competency": competency, "standing": None, "weight": None, "state": UNKNOWN, "rows": 0}
    if standing is not None:
        row.update(
            standing=standing.value,
            weight=standing.weight,
            state="provisional" if standing.provisional else "sure",
            rows=standing.rows,
            newest_on=standing.newest_on,
        )
    return row


def ledger_rows(
    rows: Iterable[ExplainedRow], texts: Mapping[int, Narrative], refs: Mapping[int, str]
) -> Iterator[Row]:
    """Return one row per row of the ledger, with what it adds.

    A case is named by its reference, where the reader may know of it.
    """
    for each in rows:
        kept = each.row
        text = texts.get(kept.sequence, Narrative(None, None))
        yield {
            "number": kept.sequence,
            "competency": kept.competency,
            "purpose": kept.purpose,
            "source": kept.source,
            "observed_on": kept.observed_on,
            "age_days": each.age_days,
            "rating": kept.rating,
            "ladder": kept.ladder,
            "ladder_exact": str(kept.ladder),
            "weight": kept.weight,
            "effective_weight": each.effective_weight,
            "contribution": each.contribution,
            "left_out": each.left_out,
            "supersedes": kept.supersedes,
            "carried_from": kept.carried.origin if kept.carried else None,
            "carried_strength": str(kept.carried.strength) if kept.carried else None,
            "recorded_at": kept.recorded_at,
            "case": refs.get(kept.case) if kept.case is not None else None,
            "group": None if kept.group is None else f"{kept.group[0]} of {kept.group[1]}",
            "framework_version": kept.framework_version,
            "descriptor_hash": kept.descriptor_hash,
            "narrative": text.narrative,
            "reason": text.reason,
        }


def explanation_record(told: Explanation, texts: Mapping[int, Narrative], refs: Mapping[int, str]) -> Row:
    """Return an explanation as one record with its rows."""
    return {
        **standing_row(told.competency, told.standing),
        "purpose": told.purpose,
        "purposes_used": list(told.scope.purposes),
        "framework": told.scope.framework_code,
        "on": told.scope.on,
        "known_on": told.scope.known_on,
        "formula": told.formula,
        "half_life_days": told.half_life_days,
        "settings_version": told.settings_version,
        "evidence": list(ledger_rows(told.rows, texts, refs)),
    }


def explanation_title(handle: str, told: Explanation) -> str:
    """Return the lines above the table of an explanation."""
    head = f"{handle} · {told.competency} · for {told.purpose} · on {told.scope.on}: "
    if told.standing is None:
        return head + "unknown, there is no evidence that counts"
    state = " (provisional)" if told.standing.provisional else ""
    total = sum(each.contribution for each in told.rows)
    weight = sum(each.effective_weight for each in told.rows)
    return (
        f"{head}{told.standing.value:.9f}{state}\n"
        f"  {told.formula}\n"
        f"  = {total:.9f} / {weight:.9f}   settings {told.settings_version}"
        f"{''.join(_carried_lines(told))}"
    )


def _carried_lines(told: Explanation) -> Iterator[str]:
    """Return how rows came over from the words of an earlier version."""
    for each in told.rows:
        if (came := each.row.carried) is not None:
            yield f"\n  row {each.row.sequence} carried over from row {came.origin}, strength {came.strength}"


def gap_rows(
    gaps: Gaps,
    handles: Mapping[int, str],
    closings: Mapping[Gap, Closing],
    settings: EvidenceSettings,
) -> Iterator[Row]:
    """Return a row per gap, then one per unknown competency."""
    for gap in gaps.gaps:
        told = closings.get(gap)
        yield _gap_row(gap, handles, settings) | ({} if told is None else closing_row(told))
    for each in gaps.unknown:
        yield {
            "person": handles.get(each.person),
            "competency": each.competency,
            "required": each.required,
            "band": UNKNOWN,
            "essential": each.essential,
            "critical": each.critical,
            "rows": 0,
        }


def _gap_row(gap: Gap, handles: Mapping[int, str], settings: EvidenceSettings) -> Row:
    return {
        "person": handles.get(gap.person),
        "competency": gap.competency,
        "required": gap.required,
        "current": gap.current,
        "gap": gap.size,
        "band": gap.band,
        "essential": gap.essential,
        "critical": gap.critical,
        "strength": is_strength(gap.current, gap.required, settings),
        "provisional": gap.standing.provisional,
        "weight": gap.standing.weight,
        "rows": gap.standing.rows,
    }


def closing_row(told: Closing) -> Row:
    """Return how far a gap is closed, and by which sources."""
    return {
        "phase": told.phase,
        "closing": told.words,
        "opened_on": told.opened_on,
        "closed_on": told.closed_on,
        "sources_needed": told.missing,
        "sources": [
            {
                "source": each.source,
                "ladder": each.ladder,
                "agrees": each.agrees,
                "newest_on": each.newest_on,
                "numbers": list(each.rows),
            }
            for each in told.sources
        ],
    }


def figure_row(figure: Figure) -> Row:
    """Return a group figure as one row; blank where the group is too small."""
    return {
        "competency": figure.competency,
        "people": figure.people,
        "known": figure.known,
        "mean_gap": figure.mean_size,
        **dict(figure.bands),
        "shown": figure.is_shown,
    }


def fault_row(fault: Fault, handles: Mapping[int, str]) -> Row:
    """Return a fault of the verification as one row."""
    return {
        "person": handles.get(fault.person, f"person {fault.person}"),
        "number": fault.sequence,
        "fault": fault.what,
    }
