"""Contracts: the versions of what talenthub promises its plugins.

A plugin names the oldest that it can do with. The next minor version adds to
what the one before promised, and takes nothing away; a major one may.
"""

from __future__ import annotations

import re

from talenthub import hooks
from talenthub.host.status import Fault

_VERSION = re.compile(r"[1-9]\d{0,3}(\.\d{1,4})?")


def named_contract(module: object) -> str:
    """Return the contract that a module names; Fault if it cannot be kept."""
    spoken = getattr(module, "CONTRACT", hooks.CONTRACT.partition(".")[0])
    if not isinstance(spoken, str) or not _VERSION.fullmatch(spoken):
        raise Fault(f"its CONTRACT is {spoken!r}; it must be a version in quotes, such as {hooks.CONTRACT!r}")
    (major, minor), (ours, newest) = contract_number(spoken), contract_number(hooks.CONTRACT)
    if major != ours or minor > newest:
        raise Fault(f"it speaks contract {spoken!r}; this talenthub speaks {hooks.CONTRACT!r}")
    return spoken


def contract_number(contract: str) -> tuple[int, int]:
    """Return major and minor version, to compare contracts; "1" is 1.0."""
    major, _, minor = contract.partition(".")
    return int(major), int(minor or 0)
