"""A handler whose effect cannot happen twice without being noticed."""

from __future__ import annotations

from sqlalchemy import insert

from talenthub.storage.hub import workspace_setting


def count(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"trial.counted.{case.ref}", "value": str(event.version)})
