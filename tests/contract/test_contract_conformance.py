"""The built-in plugins keep the contract that others are checked by."""

from __future__ import annotations

import importlib

import pytest

from talenthub.host import installed

BUILT_IN = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
LIGHT = ("names", "hooks", "workflows", "settings", "personal")
"""Checks that need no database, and no process of their own."""


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_plugin_has_no_finding(name: str) -> None:
    found = installed()[name][0]
    told = [
        f"{check}: {problem.text} ({problem.path or problem.place})"
        for check in LIGHT
        for _, problem in importlib.import_module(f"talenthub.conformance.check_{check}").problems(found)
    ]
    assert told == []
