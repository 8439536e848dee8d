"""Who does what in recruitment."""

from __future__ import annotations

from talenthub.sdk import holds, manager_of, participant

recruiter = holds("recruiter")
hr_partner = holds("hr_partner") | holds("hr_head")
hr_desk = holds("hr_partner") | holds("hr_officer") | holds("hr_head")
sponsor = holds("sponsor")
second_signer = holds("sponsor") | holds("hr_head")
chair = participant("chair")
assessor = participant("assessor")
budget_holder = manager_of(chair) | holds("budget_holder") | holds("hr_head")
onlookers = recruiter | hr_desk | sponsor | holds("auditor")
