"""A connection that is lost while a plugin's code has it in hands."""

from __future__ import annotations

import pytest

from talenthub.storage.holding import held, only_reading, writing


class CrashedError(Exception):
    """The server went away in the middle of a statement."""


def lose(connection) -> None:
    connection.invalidate()
    raise CrashedError


@pytest.mark.parametrize("mode", [held, only_reading, writing])
def test_what_lost_the_connection_is_told_and_not_what_tidies_up(database, mode) -> None:
    with database.engine.connect() as connection:
        connection.begin()
        with pytest.raises(CrashedError), mode(connection):
            lose(connection)
        connection.rollback()
