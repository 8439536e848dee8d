"""The table of the core's commands; each is imported when it runs."""

from __future__ import annotations

from collections.abc import Mapping

from talenthub.cli.lazy import Entry

EVERYDAY = "Every day"
HUB = "The hub"
HOUSE = "The house"
PLUGINS = "Plugins"

COMMANDS: Mapping[str, Entry] = {
    "inbox": Entry("talenthub.cli.inbox:inbox", "What waits for me.", EVERYDAY),
    "show": Entry("talenthub.cli.show:show", "Any record: its state, and what can be done next.", EVERYDAY),
    "do": Entry("talenthub.cli.do.commands:do", "Take the next step on a case.", EVERYDAY),
    "why": Entry("talenthub.cli.why:why", "Every condition of a step, met or not.", EVERYDAY),
    "log": Entry("talenthub.cli.log:log", "Who did what, when and why.", EVERYDAY),
    "list": Entry("talenthub.cli.cases:list_", "The cases that a condition fits.", EVERYDAY),
    "search": Entry("talenthub.cli.search:search", "Find cases, persons, roles and competencies.", EVERYDAY),
    "framework": Entry("talenthub.cli.framework.commands:framework", "The competency framework.", HUB),
    "people": Entry(
        "talenthub.cli.people.commands:people", "Persons, units, posts and reporting lines.", HUB
    ),
    "evidence": Entry("talenthub.cli.evidence:evidence", "The ledger of ratings, and standings.", HUB),
    "gap": Entry(
        "talenthub.cli.gap.commands:gap", "What a role asks for and a person has not shown yet.", HUB
    ),
    "workflow": Entry("talenthub.cli.workflow.commands:workflow", "The workflows of the plugins.", HUB),
    "report": Entry("talenthub.cli.report:report", "Figures over many cases, from the plugins.", HUB),
    "init": Entry("talenthub.cli.init:init", "Make a workspace.", HOUSE),
    "notify": Entry("talenthub.cli.notify:notify", "What people are told once a day.", HOUSE),
    "tick": Entry("talenthub.cli.tick:tick", "Fire what is due; deliver what is waiting.", HOUSE),
    "worker": Entry("talenthub.cli.worker:worker", "Run what is due, until it is stopped.", HOUSE),
    "jobs": Entry("talenthub.cli.jobs:jobs", "What waits, runs and has failed.", HOUSE),
    "config": Entry("talenthub.cli.config:config", "The settings, and where each comes from.", HOUSE),
    "plugin": Entry("talenthub.cli.plugin:plugin", "Turn plugins on and off; see what is wrong.", HOUSE),
    "db": Entry("talenthub.cli.database:db", "The database: state, upgrade, backup.", HOUSE),
    "completion": Entry("talenthub.cli.completion:completion", "Have a shell complete words.", HOUSE),
    "doctor": Entry("talenthub.cli.doctor:doctor", "Check that everything is in order.", HOUSE),
}
