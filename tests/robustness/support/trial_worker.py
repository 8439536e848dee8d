"""Workers on a ground of the trial plugin: they race, or push cases on."""

from __future__ import annotations

from pathlib import Path

import psycopg  # noqa: F401  (forked workers need not import it again)
from forking import fork_on_orders
from trial_ground import open_ground
from trial_race import race_for_ever
from trial_work import Bomb, work
from trial_yard import LONG

from talenthub.storage import database

# Whoever is slow on a busy machine holds up others for longer than they wait elsewhere.
database.BUSY_SECONDS = LONG


def _work(order) -> None:
    bomb = Bomb(order.get("point"), order.get("passes", 1))
    workspace = open_ground(Path(order["folder"]), order["url"], fault=bomb)
    if order["task"] == "race":
        race_for_ever(workspace, order)
    else:
        broken = order.get("broken", False)
        work(workspace, order["seed"], finishing=order["task"] == "finish", broken=broken, bomb=bomb)


if __name__ == "__main__":
    fork_on_orders(_work)
