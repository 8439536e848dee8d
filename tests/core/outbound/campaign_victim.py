"""A worker that is to be killed in the middle of a campaign.

python campaign_victim.py URL MOMENT
"""

from __future__ import annotations

import sys
import time
from datetime import datetime

from test_campaigns import HANDLERS

from conftest import WORKFLOWS
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.campaigns.campaigns import live_campaigns
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine

url, moment = sys.argv[1:]
database, now = Database(url), datetime.fromisoformat(moment)
engine = Engine(Catalogue(Loaded(each, "trial") for each in WORKFLOWS), handlers=HANDLERS)


def run(function):
    with database.begin() as connection:
        return function(engine.enter(Transaction(connection, SYSTEM, now)))


print("ready", flush=True)
while run(live_campaigns):
    for number in run(engine.due_deliveries):
        run(lambda tx, number=number: engine.deliver(tx, number))
    time.sleep(0.01)
