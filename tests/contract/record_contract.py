"""Records what the present contract promises, on the day it is released.

    .venv/bin/python tests/contract/record_contract.py

Writes the public names, what each is called with, and how far the core's tables
are. A record never changes: whoever adds a name after it raises `CONTRACT` in
`talenthub.hooks` by a minor version, and who takes one away by a major one.
"""

from __future__ import annotations

import sys

from talenthub.conformance.promises import present, record, record_file


def main() -> int:
    """Write the record; return 1 where there is one already."""
    promises = present()
    file = record_file(promises.contract)
    if file.exists():
        print(f"contract {promises.contract} is recorded: raise CONTRACT before anything is added")
        return 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(record(promises), encoding="utf-8")
    print(file.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
