"""Who does what in a consultation."""

from __future__ import annotations

from talenthub.sdk import holds, participant

voter = participant("voter")
facilitator = participant("facilitator")
"""Who leads the voter's group, and may enter what the group has said."""
officer = holds("hr_officer") | holds("hr_head") | holds("framework_editor")
owner = holds("framework_owner")
head = holds("hr_head") | owner
sponsor = holds("sponsor")
"""The steering: decides what three rounds could not, and signs."""
auditor = holds("auditor")
