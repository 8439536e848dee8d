"""Canonical: JSON text of one fixed form, which hashes of years ago are made of."""

from __future__ import annotations

import json

import pytest

from talenthub.storage.types import canonical

VALUES = [
    None,
    "",
    'a "quoted" \\ line\n\t\x00\x1f\x7f',
    "Zoë ☕ 🙂",
    [1, -(2**70), 0.1, 1e300, -0.0, True, False, None],
    {"b": 1, "a": {"d": [], "c": {}}, "ä": ["x", {"z": "", "y": 2}]},
    ("a", ("b",)),
]


@pytest.mark.parametrize("value", VALUES)
def test_it_is_the_json_of_the_library_sorted_and_without_spaces(value: object) -> None:
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert canonical(value) == written


@pytest.mark.parametrize("value", [float("nan"), {"deep": [float("inf")]}])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        canonical({"who": object()})
