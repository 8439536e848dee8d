"""The key `framework` of our YAML: name, origin, terms and rating scale."""

from __future__ import annotations

from enum import StrEnum

from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.naming import LONGEST_CODE
from talenthub.framework.formats.nodes import Node
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


LONGEST_LANGUAGE, LONGEST_EDITION = 40, 200


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
    notes.language = language = head.word("language", longest=LONGEST_LANGUAGE) or "en"
    code = head.code()
    title = head.text("name", required=True)
    version = head.word("version", required=True, longest=LONGEST_CODE)
    # A file can say what it once was; an import always makes a draft.
    head.choice("status", _Status, _Status.DRAFT)
    rest = {
        "edition": head.word("edition", longest=LONGEST_EDITION),
        "licence": head.word("licence"),
        "attribution": head.word("attribution"),
        "source": head.word("source"),
    }
    role_scale = head.get("role_scale")
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
        role_scale=_role_scale(head, role_scale, top),
        **rest,
    )


def _role_scale(head: Fields, node: Node | None, top: Fields) -> str | None:
    default = [DEFAULT_SCALE] if "levels" in top else []
    if node is None:
        return default[0] if default else None
    listed = top.get("scales")
    named = [each.value.get("id") for each in _mappings(listed)]
    known = default + [each.name for each in named if each is not None and each.name is not None]
    if node.name not in known:
        head.notes.unknown(node, head.at("role_scale"), "scale", node.raw or node.kind, known)
    return node.name


def _mappings(node: Node | None) -> list[Node]:
    listed = node.value if node is not None and isinstance(node.value, list) else []
    return [each for each in listed if isinstance(each.value, dict)]


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
