"""Conformance: does a plugin keep what its contract promises?

Checks run in processes of their own, so that a plugin which hangs, exits or
leaves something behind spoils nothing but its own answer.
"""

from talenthub.conformance.finding import Finding, Level
from talenthub.conformance.project import plugins_of
from talenthub.conformance.running import CHECKS, check_plugin

__all__ = ["CHECKS", "Finding", "Level", "check_plugin", "plugins_of"]
