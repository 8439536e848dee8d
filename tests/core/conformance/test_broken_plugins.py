"""Broken plugins: each named by its check, with place and mend."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field

import pytest

from talenthub.conformance import check_plugin


def hook(name: str, body: str, arguments: str = "") -> str:
    """Return a plugin module with one hook."""
    return (
        "from pathlib import Path\n"
        "from talenthub.hooks import *\n"
        "from talenthub.hooks import hookimpl\n\n\n"
        f"@hookimpl\ndef {name}({arguments}):\n    {body}\n"
    )


WORKFLOW = """
from pydantic import BaseModel
from talenthub.sdk import Outcome, Stage, State, Transition, Workflow, manager_of, subject, system

class Talk(BaseModel, extra="forbid"{frozen}):
    topic: str = ""
    reason: str = ""

talk = Workflow(
    name="{name}", ref="TLK", version=1, stage=Stage.CAREER, data=Talk, initial="{initial}",
    open_by=manager_of(subject), personal={personal},
    states=[State("planned"), {states}State("held", outcome=Outcome.{outcome})],
    transitions=[
        Transition("hold", "planned", "{target}"{by}),
        {transitions}
    ],
)
"""

TABLE = """
from sqlalchemy import Column, ForeignKey, Integer, Table
from talenthub.sdk import metadata

made = Table("{table}", metadata, Column("id", Integer, primary_key=True),
             Column("person_id", Integer, ForeignKey("person.id")))
"""

SETTINGS = """
from pydantic import BaseModel, Field

class Ours(BaseModel, extra="forbid", frozen=True):
    \"\"\"Ours.\"\"\"
    days: int{default}
"""


def workflow(**more: str) -> dict[str, str]:
    """Return the file of a workflow of which one thing is spoilt."""
    sound = {
        "frozen": ", frozen=True",
        "name": "NAME.talk",
        "initial": "planned",
        "personal": "()",
        "states": "",
        "outcome": "SUCCESS",
        "target": "held",
        "by": ", by=manager_of(subject)",
        "transitions": "",
    }
    return {"workflows": WORKFLOW.format(**(sound | more))}


@dataclass(frozen=True)
class Broken:
    """A spoilt plugin: the check that finds it, the file, what is said."""

    check: str
    file: str
    says: str
    files: dict[str, str] = field(default_factory=dict)
    mends: str = ""


BROKEN = {
    "misspelt": Broken(
        "hooks",
        "plugin.py:6",
        "did you mean 'talenthub_commands'?",
        {"plugin": hook("talenthub_comands", "return []")},
    ),
    "unmarked": Broken(
        "hooks",
        "plugin.py:1",
        "not marked with @hookimpl",
        {"plugin": "def talenthub_workflows():\n    return []\n"},
    ),
    "signature": Broken(
        "hooks",
        "plugin.py:6",
        "talenthub_case_fired takes 'case', which it is not given; write def talenthub_case_fired(event)",
        {"plugin": hook("talenthub_case_fired", "pass", "case")},
    ),
    "wrong_type": Broken(
        "hooks",
        "plugin.py:6",
        "must return a list of WorkflowRef, not a str",
        {"plugin": hook("talenthub_workflows", "return 'a:b'")},
    ),
    "wrong_value": Broken(
        "hooks",
        "plugin.py:6",
        "must return Command values, not a dict",
        {"plugin": hook("talenthub_commands", "return [{'name': 'talk'}]")},
    ),
    "no_target": Broken(
        "hooks",
        "plugin.py",
        "there is no 'hearr' in it; did you mean 'hear'?",
        {
            "plugin": hook(
                "talenthub_event_handlers",
                "return [EventHandler('hear', '*', 'PACKAGE.handlers:hearr')]",
            ),
            "handlers": "def hear(tx, case, event):\n    pass\n",
        },
    ),
    "raises": Broken(
        "hooks", "plugin.py:1", "RuntimeError: no luck", {"plugin": "raise RuntimeError('no luck')"}
    ),
    "syntax": Broken("hooks", "plugin.py:2", "SyntaxError", {"plugin": "import sys\ndef x(:\n"}),
    "hook_raises": Broken(
        "hooks",
        "plugin.py:8",
        "ZeroDivisionError: division by zero",
        {"plugin": hook("talenthub_reports", "return 1 / 0")},
    ),
    "hook_leaves": Broken(
        "hooks", "plugin.py:8", "SystemExit: 3", {"plugin": hook("talenthub_reports", "raise SystemExit(3)")}
    ),
    "newer": Broken(
        "hooks",
        "plugin.py",
        "it speaks contract '2'; this talenthub speaks '1'",
        {"plugin": "CONTRACT = '2'"},
    ),
    "same_name": Broken(
        "hooks",
        "plugin.py",
        "the command 'inbox' is provided by talenthub itself and by same_name (talent-same_name 1.0)",
        {"plugin": hook("talenthub_commands", "return [Command('inbox', 'Mine.', 'a:b')]")},
    ),
    "private": Broken(
        "names",
        "guards.py:1",
        "not a public name",
        {"guards": "from talenthub.workflow.engine import Engine\n"},
        "talenthub.sdk",
    ),
    "misnamed": Broken(
        "names", "guards.py:1", "has no such name", {"guards": "from talenthub.sdk import Wrokflow\n"}
    ),
    "commits": Broken(
        "names",
        "handlers.py:2",
        "it commits by itself",
        {"handlers": "def hear(tx, case, event):\n    tx.connection.commit()\n"},
        "raise to have it taken back",
    ),
    "unknown_state": Broken(
        "workflows", "workflows.py:14", "'planed'", workflow(target="planed", transitions="")
    ),
    "unreachable": Broken("workflows", "workflows.py:12", "lost", workflow(states="State('lost'), ")),
    "no_way_out": Broken(
        "workflows",
        "workflows.py:12",
        "stuck",
        workflow(
            states="State('stuck'), ",
            transitions="Transition('stick', 'planned', 'stuck', by=manager_of(subject)),",
        ),
    ),
    "way_out": Broken(
        "workflows",
        "workflows.py:15",
        "held",
        workflow(transitions="Transition('reopen', 'held', 'planned', by=manager_of(subject)),"),
    ),
    "nobody": Broken("workflows", "workflows.py:14", "nobody", workflow(by="")),
    "adverse": Broken("workflows", "workflows.py:1", "human", workflow(outcome="FAILURE", by=", by=system")),
    "initial": Broken("workflows", "workflows.py:9", "planed", workflow(initial="planed")),
    "elsewhere": Broken(
        "workflows", "plugin.py", "must be called elsewhere.SOMETHING", workflow(name="other.talk")
    ),
    "twice": Broken(
        "workflows",
        "plugin.py",
        "the workflow 'twice.talk' version 1 is declared by twice",
        {"plugin": hook("talenthub_workflows", "return [WorkflowRef('PACKAGE.workflows:talk')] * 2")},
    ),
    "upcast": Broken(
        "workflows",
        "workflows.py:9",
        "upcasts are functions by an earlier version",
        {"workflows": workflow()["workflows"].replace("version=1,", "version=2, upcasts={2: dict},")},
    ),
    "changeable": Broken(
        "workflows",
        "workflows.py:9",
        "the model Talk is not frozen",
        workflow(frozen=""),
        "frozen=True",
    ),
    "heavy": Broken(
        "import",
        "plugin.py",
        "importing it imports sqlalchemy",
        {"plugin": "import sqlalchemy"},
        "module:attribute",
    ),
    "setting": Broken(
        "settings",
        "ours.py:4",
        "a setting has no default",
        {
            "plugin": hook("talenthub_settings", "return Settings('PACKAGE.ours:Ours')"),
            "ours": SETTINGS.format(default=""),
        },
        "give it one",
    ),
    "unexplained": Broken(
        "settings",
        "ours.py:4",
        "a setting is not explained",
        {
            "plugin": hook("talenthub_settings", "return Settings('PACKAGE.ours:Ours')"),
            "ours": SETTINGS.format(default=" = 3"),
        },
        "description",
    ),
    "no_command": Broken(
        "commands",
        "commands:group",
        "is a function, not a click command",
        {
            "plugin": hook(
                "talenthub_commands", "return [Command('talk', 'Talks.', 'PACKAGE.commands:group')]"
            ),
            "commands": "def group(): ...\n",
        },
    ),
    "silent_command": Broken(
        "commands",
        "commands:group",
        "talent talk hold does not say what it does",
        {
            "plugin": hook(
                "talenthub_commands", "return [Command('talk', 'Talks.', 'PACKAGE.commands:group')]"
            ),
            "commands": "import click\n\n@click.group(help='Talks.')\ndef group(): ...\n\n"
            "@group.command()\ndef hold(): ...\n",
        },
        "give its function a docstring",
    ),
    "no_help": Broken(
        "commands",
        "commands:group",
        "talent talk --help fails: RuntimeError('no help')",
        {
            "plugin": hook(
                "talenthub_commands", "return [Command('talk', 'Talks.', 'PACKAGE.commands:group')]"
            ),
            "commands": "import click\n\nclass Mute(click.Command):\n    def get_help(self, ctx):\n"
            "        raise RuntimeError('no help')\n\ngroup = Mute('talk')\n",
        },
    ),
    "field": Broken(
        "personal",
        "workflows.py:9",
        "the field topic of field.talk is personal, and not declared",
        workflow(personal='("topic",)'),
        'PersonalData("field.talk", "topic", …)',
    ),
    "free_text": Broken("personal", "workflows.py:9", "holds free text", workflow(), "personal=(…)"),
    "column": Broken(
        "personal",
        "plugin.py",
        "the column column_pair.person_id leads to a person, and is not declared",
        {
            "plugin": hook(
                "talenthub_tables", "return Tables('column_', Path(__file__).parent / 'migrations')"
            ),
            "tables": TABLE.format(table="column_pair"),
            "migrations__in__none": "",
        },
        'PersonalData("column_pair", "person_id", …)',
    ),
    "names_person": Broken(
        "personal",
        "workflows.py:9",
        "the field with_whom of Talk names a person, and is not declared",
        {
            "workflows": workflow()["workflows"]
            .replace('reason: str = ""', "with_whom: tuple[PersonNumber, ...] = ()")
            .replace("Outcome,", "Outcome, PersonNumber,")
        },
        'PersonalData("names_person.talk", "with_whom", …)',
    ),
    "words": Broken(
        "personal",
        "plugin.py",
        "the column words_pair.note holds free text: it may name a person",
        {
            "plugin": hook(
                "talenthub_tables", "return Tables('words_', Path(__file__).parent / 'migrations')"
            ),
            "tables": "from sqlalchemy import Column, Integer, String, Table\n"
            "from talenthub.sdk import metadata\n"
            "pair = Table('words_pair', metadata, Column('id', Integer, primary_key=True),"
            " Column('note', String(80)))\n",
            "migrations__in__none": "",
        },
        'PersonalData("words_pair", "note", …)',
    ),
    "imagined": Broken(
        "personal",
        "plugin.py",
        "a field that imagined.talk does not have",
        {
            "plugin": hook(
                "talenthub_personal_data", "return [PersonalData('imagined.talk', 'topik', 'opinion', 'x')]"
            )
            + "\n@hookimpl\ndef talenthub_workflows():\n    return [WorkflowRef('PACKAGE.workflows:talk')]\n"
        },
    ),
    "prefix": Broken(
        "tables",
        "plugin.py",
        "the table coffee does not begin with prefix_",
        {"tables": TABLE.format(table="coffee")},
        "call it prefix_coffee",
    ),
    "renamed_key": Broken(
        "tables",
        "plugin.py",
        "the column renamed_key_pair.version_id leads to what any version may rename",
        {
            "tables": TABLE.format(table="renamed_key_pair")
            .replace("person_id", "version_id")
            .replace("person.id", "framework_version.id")
        },
    ),
    "no_migration": Broken(
        "tables",
        "plugin.py",
        "the table no_migration_pair has no migration",
        {"tables": TABLE.format(table="no_migration_pair")},
        "return Tables(prefix, folder of migrations)",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_is_named_with_place_and_mend(name: str, spoil) -> None:
    broken = BROKEN[name]
    found = spoil(name, **broken.files)
    if broken.check == "import":
        # What is imported already would not be seen here: it has its own process.
        findings = [each.problem for each in check_plugin(name, checks=["import"])]
    else:
        check = importlib.import_module(f"talenthub.conformance.check_{broken.check}")
        findings = [problem for _, problem in check.problems(found)]
    told = [each for each in findings if broken.says in str(each)]
    assert told, [str(each) for each in findings]
    assert broken.file in (told[0].place or ""), told[0]
    assert broken.mends in (told[0].mend or ""), told[0]


def test_the_plugin_they_were_spoilt_from_is_sound(spoil) -> None:
    found = spoil("sound")
    for check in ("names", "hooks", "workflows", "settings", "commands", "personal"):
        module = importlib.import_module(f"talenthub.conformance.check_{check}")
        assert list(module.problems(found)) == [], check
