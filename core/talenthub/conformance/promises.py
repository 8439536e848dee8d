"""Promises: what plugins may import under a contract, and which tables they find.

A contract is recorded when it is released, in `contracts/`, and never changes
from then on. What has no record is the one in the making: it promises what
the code says.
"""

from __future__ import annotations

import inspect
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from talenthub import hooks, sdk
from talenthub.host.contract import contract_number
from talenthub.storage.migrate import core_owner, head_of

RECORDS = Path(__file__).parent / "contracts"

Names = Mapping[str, tuple[str, ...] | None]
"""Names of a module, each with what it is called with; None: with nothing, or with anything."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What one contract promises."""

    contract: str
    revision: str
    """The newest of the core's migrations: its tables are these, or later ones."""
    modules: Mapping[str, Names]


def recorded() -> list[str]:
    """Return the contracts that were released, oldest first."""
    return sorted((each.stem for each in RECORDS.glob("*.toml")), key=contract_number)


def record_file(contract: str) -> Path:
    """Return where a contract is recorded: `1.0.toml` for "1"."""
    major, minor = contract_number(contract)
    return RECORDS / f"{major}.{minor}.toml"


def promises_of(contract: str) -> Promises:
    """Return what a contract promises: as recorded, or as the code is now."""
    file = record_file(contract)
    if not file.is_file():
        return present()
    stored = tomllib.loads(file.read_text(encoding="utf-8"))
    revision = stored.pop("revision")
    modules = {
        module: {name: tuple(given) if isinstance(given, list) else None for name, given in names.items()}
        for module, names in stored.items()
    }
    return Promises(contract, revision, modules)


def present() -> Promises:
    """Return what the code promises now."""
    modules = {module.__name__: _names(module, names) for module, names in _modules()}
    inner = {f"talenthub.sdk.{name}": _names(value, public_names(value)) for name, value in _inner()}
    return Promises(hooks.CONTRACT, head_of(core_owner()) or "", modules | inner)


def record(promises: Promises) -> str:
    """Return promises as the text of a record."""
    lines = [f'revision = "{promises.revision}"']
    for module, names in promises.modules.items():
        lines += ["", f'["{module}"]']
        lines += [
            f"{name} = {json.dumps(given) if given is not None else 'false'}"
            for name, given in sorted(names.items())
        ]
    return "\n".join(lines) + "\n"


def taken_away(before: Promises, after: Promises) -> list[str]:
    """Return what one contract promises and a later one does not, sorted."""
    return sorted(
        said
        for module, names in before.modules.items()
        for name, given in names.items()
        for said in _missing(f"{module}.{name}", given, after.modules.get(module, {}), name)
    )


def _missing(path: str, given: tuple[str, ...] | None, later: Names, name: str) -> Iterator[str]:
    if name not in later:
        yield path
    elif given is not None:
        yield from (f"{path}({each}=…)" for each in given if each not in (later[name] or ()))


def public_names(module: ModuleType) -> list[str]:
    """Return the public names of a module: those it lists, else its own."""
    listed = getattr(module, "__all__", None)
    own = (name for name, value in vars(module).items() if _is_own(value, module))
    return [name for name in listed or own if not name.startswith("_")]


def _modules() -> Iterator[tuple[ModuleType, list[str]]]:
    # Marks and constants of hooks say of no module that they are its own.
    marks = ["CONTRACT", "GROUP", "PROJECT", "hookimpl", "hookspec"]
    yield hooks, [*marks, *public_names(hooks)]
    yield sdk, sdk.__all__


def _inner() -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules that are public names themselves."""
    for name in sdk.__all__:
        value = getattr(sdk, name)
        if isinstance(value, ModuleType):
            yield name, value


def _names(module: ModuleType, names: list[str]) -> Names:
    return {name: _called_with(getattr(module, name)) for name in names}


def _is_own(value: Any, module: ModuleType) -> bool:
    return getattr(value, "__module__", None) == module.__name__


def _called_with(value: Any) -> tuple[str, ...] | None:
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return None
    try:
        given = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    takes_any = any(each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD) for each in given)
    return None if takes_any else tuple(each.name for each in given)
