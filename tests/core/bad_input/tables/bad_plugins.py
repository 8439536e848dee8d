"""B11, B14: plugins that do not load, and workflows that do not hold."""

from __future__ import annotations

from bad_rows import Bad

STARTS = "from talenthub.hooks import *\nfrom talenthub.hooks import hookimpl\n"
BROKEN = {
    "gone_part": "import no_such_part\n",
    "bad_words": "def x(:\n",
    "leaves": "import sys\nsys.exit(3)\n",
    "other_age": "CONTRACT = '99'\n",
    "misspelt": STARTS + "@hookimpl\ndef talenthub_comands():\n    return []\n",
    "bad_hook": STARTS + "@hookimpl\ndef talenthub_commands(group):\n    return []\n",
    "takes_inbox": STARTS
    + "@hookimpl\ndef talenthub_commands():\n    return [Command('inbox', 'Mine.', 'a:b')]\n",
}
"""Plugins installed for the table, by name: what their module says."""
DECLARED = (
    "no_start",
    "lost_edge",
    "island",
    "dead_end",
    "way_out",
    "nobody",
    "self_made",
    "machine",
    "no_time",
    "spaces",
    "nothing",
    "same_ref",
)
"""Plugins that declare the workflow of this name in wrong_workflows.py."""


def plugin(about: str, name: str, **more: object) -> Bad:
    """Return a row that uses a plugin which does not load."""
    return Bad(
        kind="B14", about=about, words=f"plugin enable {name}", plugins=("recruitment",), who=None, **more
    )  # type: ignore[arg-type]


def workflow(about: str, name: str, **more: object) -> Bad:
    """Return a row that checks a wrong declaration."""
    return Bad(kind="B11", about=about, words="workflow check -o json", plugins=("recruitment", name), **more)  # type: ignore[arg-type]


ROWS = (
    workflow(
        "unknown first state",
        "no_start",
        exit=8,
        code="workflow.unknown-initial",
        place="wrong_workflows.py:18",
        path="plugin no_start, no_start.loan",
    ),
    workflow(
        "unknown state in an edge",
        "lost_edge",
        exit=8,
        code="workflow.unknown-state",
        place="wrong_workflows.py:22",
        path="plugin lost_edge, lost_edge.loan, transition 'again'",
    ),
    workflow(
        "a state nobody reaches",
        "island",
        exit=8,
        code="workflow.unreachable",
        place="wrong_workflows.py:23",
        path="plugin island, island.loan, state 'alone'",
    ),
    workflow(
        "a state without a way out",
        "dead_end",
        exit=8,
        code="workflow.dead-end",
        place="wrong_workflows.py:26",
        path="plugin dead_end, dead_end.loan, state 'stuck'",
    ),
    workflow(
        "an end with a way out",
        "way_out",
        exit=8,
        code="workflow.leaves-end",
        place="wrong_workflows.py:29",
        path="plugin way_out, way_out.loan, transition 'again'",
    ),
    workflow(
        "a grant that nobody gives",
        "nobody",
        exit=8,
        code="workflow.type",
        place="wrong_workflows.py:11",
        path="plugin nobody, nobody.loan, transition 'finish'",
    ),
    workflow(
        "four eyes of two",
        "self_made",
        exit=8,
        code="workflow.four-eyes-late",
        place="wrong_workflows.py:32",
        path="plugin self_made, self_made.loan, transition 'finish'",
    ),
    workflow(
        "the machine rejects",
        "machine",
        exit=8,
        code="workflow.adverse",
        place="wrong_workflows.py:34",
        path="plugin machine, machine.loan, transition 'lose'",
    ),
    workflow(
        "no time at all",
        "no_time",
        exit=8,
        code="workflow.due",
        place="wrong_workflows.py:35",
        path="plugin no_time, no_time.loan, state 'open'",
    ),
    workflow(
        "a reference with a blank",
        "spaces",
        exit=8,
        code="workflow.ref",
        place="wrong_workflows.py:18",
        path="plugin spaces, spaces.loan",
    ),
    workflow(
        "no states",
        "nothing",
        exit=8,
        code="workflow.no-states",
        place="wrong_workflows.py:18",
        path="plugin nothing, nothing.loan",
    ),
    workflow(
        "the reference of another",
        "same_ref",
        exit=8,
        code="workflow.duplicate-ref",
        place="wrong_workflows.py:18",
        path="plugin same_ref, same_ref.loan",
    ),
    plugin(
        "not installed", "recruitmnt", exit=4, code="unknown-plugin", found="recruitmnt", near="recruitment"
    ),
    plugin(
        "an import that fails",
        "gone_part",
        exit=8,
        code="plugin.broken",
        says="No module named 'no_such_part' at wrong_gone_part.py:1",
    ),
    plugin(
        "no Python",
        "bad_words",
        exit=8,
        code="plugin.broken",
        says="SyntaxError: invalid syntax at wrong_bad_words.py:1",
    ),
    plugin(
        "leaves at once", "leaves", exit=8, code="plugin.broken", says="SystemExit: 3 at wrong_leaves.py:2"
    ),
    plugin("for another contract", "other_age", exit=8, code="plugin.broken", says="it speaks contract '99'"),
    plugin(
        "a misspelt hook",
        "misspelt",
        exit=8,
        code="plugin.broken",
        says="unknown hook 'talenthub_comands'",
        near="talenthub_commands",
    ),
    plugin(
        "a hook that asks for too much",
        "bad_hook",
        exit=8,
        code="plugin.broken",
        says="talenthub_commands takes 'group', which it is not given",
    ),
    plugin(
        "a command of the house",
        "takes_inbox",
        exit=8,
        code="plugin.broken",
        says="the command 'inbox' is provided by talenthub itself",
    ),
)
