"""The guards that plugins bring for organisations to add."""

from __future__ import annotations

import pytest

from talenthub.host import Host, State

CODE = """
    from talenthub.hooks import GuardRef, hookimpl

    @hookimpl
    def talenthub_guards():
        return [GuardRef("{module}:given"), *(GuardRef("{module}:given") for _ in range({again}))]
"""
VALUE = """
    from pydantic import BaseModel

    from talenthub.sdk import Guard, NamedGuard, allow

    class Values(BaseModel, {strict}):
        days: int

    def make(values):
        return Guard("ok", lambda context: allow("It is well"))

    given = {value}
"""
STRICT = 'extra="forbid", frozen=True'


@pytest.fixture
def bring(make_plugin):
    """Return a function that installs a plugin with one guard."""

    def install(value: str, *, strict: str = STRICT, again: int = 0) -> Host:
        module = make_plugin("days_values", VALUE.format(value=value, strict=strict))
        make_plugin("days", CODE.format(module=module, again=again))
        return Host(["days"])

    return install


def test_a_guard_is_brought_by_name(bring) -> None:
    host = bring('NamedGuard("days.few", "Few days.", make, Values)')
    assert list(host.guards()) == ["days.few"]
    assert host.loaded == ("days",)


@pytest.mark.parametrize(
    ("value", "more", "said"),
    [
        ('NamedGuard("few", "Few days.", make, Values)', {}, "must be called days.SOMETHING"),
        ('NamedGuard("days.few", "Few.", make, Values)', {"again": 1}, "each once"),
        ("make", {}, "must be a NamedGuard, not a function"),
        ('NamedGuard("days.few", "Few.", make, Values)', {"strict": "frozen=True"}, 'extra="forbid"'),
        ("1 / 0", {}, "division by zero"),
    ],
)
def test_a_wrong_one_turns_its_plugin_off(bring, value, more, said) -> None:
    host = bring(value, **more)
    assert host.guards() == {}
    status = host.status("days")
    assert status is not None
    assert status.state is State.BROKEN
    assert said in str(status.error)
