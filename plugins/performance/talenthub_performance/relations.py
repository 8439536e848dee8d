"""Who does what in performance."""

from __future__ import annotations

from talenthub.sdk import holds, manager_of, participant

manager = participant("manager")
"""The one who rates: named when the review opens, by the reporting lines."""
upper = manager_of(manager)
rater = participant("rater")
employee = participant("employee")
"""Who is asked about the conversations with the manager."""
facilitator = participant("facilitator")
hr_head = holds("hr_head")
hr = holds("hr_partner") | hr_head
hr_desk = holds("hr_partner") | holds("hr_officer") | holds("hr_head")
auditor = holds("auditor")
