"""Conformance: does a plugin keep what its contract promises?

Checks run in a process of their own, and after a plugin hung in it or left it in
another one: that spoils no answer but its own.
"""

from talenthub.conformance.finding import Finding, Level
from talenthub.conformance.project import plugins_of
from talenthub.conformance.running import CHECKS, check_plugin

__all__ = ["CHECKS", "Finding", "Level", "check_plugin", "plugins_of"]
