"""The wheel holds everything; test_contract_author installs and uses it."""

from __future__ import annotations

import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = (
    "talenthub/py.typed",
    "talenthub/_config/talenthub.toml",
    "talenthub/_config/harbourline/framework.yaml",
    "talenthub/_config/harbourline/talenthub.toml",
    "talenthub/storage/migrations/env.py",
    "talenthub/storage/migrations/versions/0001_hub.py",
    "talenthub_recruitment/plugin.py",
)


def test_the_wheel_holds_code_migrations_and_configuration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    revisions = {
        f"talenthub/storage/migrations/versions/{path.name}"
        for path in (ROOT / "core/talenthub/storage/migrations/versions").glob("0*.py")
    }
    assert {*NEEDED, *revisions} <= names
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"talenthub", *(path.name for path in (ROOT / "plugins").glob("*/talenthub_*"))}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".db", ".pyc"))]
