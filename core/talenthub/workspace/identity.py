"""Identity: which person the login at this machine stands for."""

from __future__ import annotations

import getpass
import os

from talenthub.errors import NotFound, NotPermitted, Problem
from talenthub.people.grants import holds
from talenthub.people.persons import Person, person, person_of_login
from talenthub.storage.transaction import SYSTEM, Actor, Transaction

ACT_FOR = "act_for"


def login_name() -> str:
    """Return the login of the operating system.

    Not what LOGNAME claims, where the system itself can be asked.
    """
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()


def actor_for(tx: Transaction, login: str, as_handle: str | None, *, is_demo: bool) -> Actor:
    """Return who acts: the login's person, or the one named by `--as`.

    In a demo `--as` replaces the login altogether, so that four eyes can be
    shown by one person at one keyboard; elsewhere both identities are kept.
    """
    system = tx.by(SYSTEM)
    own = person_of_login(system, login)
    if as_handle is None:
        return Actor(_required(own, login, is_demo=is_demo).id)
    if is_demo:
        return Actor(person(system, as_handle).id)
    me = _required(own, login, is_demo=is_demo)
    if not holds(tx, me.id, (ACT_FOR,)):
        raise NotPermitted(
            Problem(
                text="acting for another person is not yours to do",
                place="--as",
                allowed=f"who holds the grant {ACT_FOR}",
                code="identity.act-for",
            )
        )
    other = person(tx.by(Actor(me.id)), as_handle)
    return Actor(other.id) if other.id == me.id else Actor(other.id, me.id)


def _required(own: Person | None, login: str, *, is_demo: bool) -> Person:
    if own is not None:
        return own
    mend = (
        "this is a demo, so say who you are: --as PERSON (or TALENTHUB_AS)"
        if is_demo
        else "an hr_officer adds you: talent people import, with your login in the column login"
    )
    raise NotFound(
        Problem(
            text="nobody in this workspace signs in with your login",
            found=login,
            mend=mend,
            code="identity.nobody",
        )
    )
