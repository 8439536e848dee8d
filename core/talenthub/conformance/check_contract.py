"""The contract: nothing is used that came later than the one it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file, trees
from talenthub.conformance.promises import Promises, promises_of, recorded
from talenthub.errors import Problem
from talenthub.hooks import CONTRACT
from talenthub.host import Installed
from talenthub.host.contract import contract_number, named_contract


class Use(NamedTuple):
    """A public name in a plugin's code, and what it is called with."""

    module: str
    name: str
    line: int
    given: tuple[str, ...] | None = None
    """None where it is named, and not called."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each name, and each argument, that its contract does not have."""
    module = plugin.entry.load()
    if not hasattr(module, "CONTRACT"):
        yield doubt(
            "it does not say which contract it was written for",
            place=plugin_file(plugin),
            mend=f'CONTRACT = "{CONTRACT}"',
            code="plugin.contract",
        )
    yield from later_names(plugin, promises_of(named_contract(module)), promises_of(CONTRACT))


def later_names(plugin: Installed, oldest: Promises, newest: Promises) -> Iterator[tuple[Level, Problem]]:
    """Yield what is of a newer contract than the oldest a plugin names."""
    if contract_number(oldest.contract) == contract_number(newest.contract):
        return
    for file, tree in trees(plugin):
        for use in _uses(tree):
            for said in _later(use, oldest, newest):
                yield fault(
                    f"{said} came after contract {oldest.contract}, which it says is enough",
                    place=f"{file}:{use.line}",
                    mend=f'CONTRACT = "{_since(use, oldest, newest)}" in {Path(plugin_file(plugin)).name}',
                    code="plugin.contract",
                )


def _later(use: Use, oldest: Promises, newest: Promises) -> Iterator[str]:
    """Yield the name or the arguments that the oldest contract does not have."""
    path = f"{use.module}.{use.name}"
    now, then = newest.modules.get(use.module, {}), oldest.modules.get(use.module, {})
    if use.given is None:
        # What is no public name at all is told by the check of names.
        if use.name in now and use.name not in then:
            yield path
        return
    known, taken = then.get(use.name), now.get(use.name) or ()
    if known is not None:
        yield from (f"{path}({each}=…)" for each in use.given if each in taken and each not in known)


def _since(use: Use, oldest: Promises, newest: Promises) -> str:
    """Return the first recorded contract that has what is used."""
    for each in recorded():
        is_later = contract_number(each) > contract_number(oldest.contract)
        if is_later and not list(_later(use, promises_of(each), newest)):
            return each
    return newest.contract


def _uses(tree: ast.Module) -> Iterator[Use]:
    """Yield the public names that a file imports, calls or implements."""
    modules, names = _imports(tree)
    for line, (module, name) in names.values():
        yield Use(module, name, line)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield Use(modules[node.value.id], node.attr, node.lineno)
        if isinstance(node, ast.Call) and (called := _named(node.func, modules, names)) is not None:
            yield Use(*called, node.lineno, tuple(each.arg for each in node.keywords if each.arg))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("talenthub_"):
            yield Use("talenthub.hooks", node.name, node.lineno)
            yield Use("talenthub.hooks", node.name, node.lineno, tuple(each.arg for each in node.args.args))


def _imports(tree: ast.Module) -> tuple[dict[str, str], dict[str, tuple[int, tuple[str, str]]]]:
    """Return what a file calls public modules, and the names it takes from them."""
    modules: dict[str, str] = {}
    names: dict[str, tuple[int, tuple[str, str]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                word = each.asname or each.name
                names[word] = (node.lineno, (node.module, each.name))
                modules[word] = f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            modules |= {each.asname: each.name for each in node.names if each.asname}
    return modules, names


def _named(
    called: ast.expr, modules: Mapping[str, str], names: Mapping[str, tuple[int, tuple[str, str]]]
) -> tuple[str, str] | None:
    if isinstance(called, ast.Name) and called.id in names:
        return names[called.id][1]
    if (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id in modules
    ):
        return modules[called.value.id], called.attr
    return None
