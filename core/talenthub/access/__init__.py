"""Who may see and do what: pairs of can() and visible().

The mechanism only: each room above registers rules about its own things.
"""

from talenthub.access.rules import Decision, Rule, Rules

__all__ = ["Decision", "Rule", "Rules"]
