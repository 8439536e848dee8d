"""Who does what in career."""

from __future__ import annotations

from talenthub.sdk import holds, manager_of, participant, subject

manager = manager_of(subject)
upper = manager_of(manager)
hr_partner = holds("hr_partner") | holds("hr_head")
hr_desk = holds("hr_partner") | holds("hr_officer") | holds("hr_head")
auditor = holds("auditor")
either = subject | manager
"""The two who own a plan."""
rater = participant("rater")
coach = participant("coach")
colleague = participant("colleague")
confidant = participant("confidant")
onlookers = manager | upper | hr_desk | auditor
