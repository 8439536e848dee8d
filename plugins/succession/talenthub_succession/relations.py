"""Who does what in succession."""

from __future__ import annotations

from talenthub.sdk import holds, participant

nominator = participant("nominator")
owner = participant("owner")
"""Who answers for the post: named when it becomes critical."""
board = participant("board")
head = holds("hr_head")
hr = holds("hr_partner") | head
auditor = holds("auditor")
