"""The key `framework` of our YAML: name, origin, terms and rating scale."""

from __future__ import annotations

from enum import StrEnum

from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.model import (
    CheckProfile,
    Framework,
    Organisation,
    RatingAnchor,
    RatingMode,
    RatingScale,
)
from talenthub.framework.rating import HIGHEST_POINT, LOWEST_POINT

DEFAULT_SCALE = "levels"
"""The code of the scale under the key `levels`."""


class _Status(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


def read_head(top: Fields, notes: Notes) -> Framework | None:
    """Return the head; None if it lacks what it can't be without."""
    head = top.fields("framework", required=True)
    if head is None:
        return None
    notes.language = language = head.word("language") or "en"
    code = head.code()
    title = head.text("name", required=True)
    version = head.word("version", required=True)
    # A file can say what it once was; an import always makes a draft.
    head.choice("status", _Status, _Status.DRAFT)
    rest = {
        "edition": head.word("edition"),
        "licence": head.word("licence"),
        "attribution": head.word("attribution"),
        "source": head.word("source"),
    }
    organisation = _organisation(head)
    rating = _rating(head)
    checks = head.choice("checks", CheckProfile, CheckProfile.STRICT)
    head.finish()
    if code is None or title is None or version is None:
        return None
    return Framework(
        code=code,
        title=title,
        version=version,
        language=language,
        organisation=organisation,
        rating=rating,
        checks=checks,
        role_scale=DEFAULT_SCALE if "levels" in top else None,
        **rest,
    )


def _organisation(head: Fields) -> Organisation | None:
    read = head.fields("organisation")
    if read is None:
        return None
    name = read.text("name", required=True)
    organisation = Organisation(
        name=name or "",
        short=read.text("short"),
        headcount=read.whole("headcount"),
        purpose=read.text("purpose"),
    )
    read.finish()
    return organisation


def _rating(head: Fields) -> RatingScale:
    mode = head.choice("rating_mode", RatingMode, RatingMode.RELATIVE)
    node = head.get("rating_scale", required=mode is RatingMode.RELATIVE)
    anchors = []
    for each in head.records("rating_scale"):
        value = each.whole("value", required=True, lowest=LOWEST_POINT, highest=HIGHEST_POINT)
        label, anchor = each.text("label", required=True), each.text("anchor", required=True)
        each.finish()
        if value is not None and label is not None and anchor is not None:
            anchors.append(RatingAnchor(value, label, anchor))
    found = [each.value for each in anchors]
    if mode is RatingMode.RELATIVE and isinstance(node and node.value, list):
        wanted = list(range(LOWEST_POINT, HIGHEST_POINT + 1))
        if node is not None and len(found) == len(node.value) and found != wanted:
            allowed = ", ".join(map(str, wanted))
            listed = ", ".join(map(str, found))
            text = "a relative rating has five points, in order"
            head.notes.add(node, head.at("rating_scale"), text, "rating-scale", found=listed, allowed=allowed)
    return RatingScale(mode, tuple(anchors))
