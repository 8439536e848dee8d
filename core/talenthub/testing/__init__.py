"""Public fixtures for tests of talenthub and of plugins.

Load them in `conftest.py`:

    pytest_plugins = ["talenthub.testing"]

A test that asks for `world` runs twice, once on SQLite and once on
PostgreSQL, in a demo organisation of its own with the plugin enabled.
"""

from talenthub.testing.asserting import assert_possible, assert_refused_because
from talenthub.testing.databases import Servers, database, database_url, servers, stored_tables
from talenthub.testing.invariants import findings
from talenthub.testing.playing import play
from talenthub.testing.standing import give_standing
from talenthub.testing.walking import Walk, walk
from talenthub.testing.worlds import Answer, World, enabled_plugins, plugin_settings, world, world_templates

__all__ = [
    "Answer",
    "Servers",
    "Walk",
    "World",
    "assert_possible",
    "assert_refused_because",
    "database",
    "database_url",
    "enabled_plugins",
    "findings",
    "give_standing",
    "play",
    "plugin_settings",
    "servers",
    "stored_tables",
    "walk",
    "world",
    "world_templates",
]
