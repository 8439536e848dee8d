"""A worker that is to be killed: claims what is due and begins to send it.

python outbound_victim.py URL FOLDER WEBHOOK MOMENT
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from talenthub.config.settings import Settings
from talenthub.outbound import posting
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.outbound.webhooks import handlers_of
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.engine import Engine

url, folder, webhook, moment = sys.argv[1:]
settings = Settings(webhook=[json.loads(webhook)])
database = Database(url)
now = datetime.fromisoformat(moment)
posting.SECONDS = 100.0  # it is killed while it waits for an answer


def run(function):
    with database.begin() as connection:
        return function(Transaction(connection, SYSTEM, now))


engine = Engine(Catalogue([]), handlers=handlers_of(settings.webhook))
office = Office(settings, Path(folder), lambda *_told: "")
Embedded(Pieces(engine, run, office, clock=lambda: now)).round()
