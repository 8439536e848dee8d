"""The public names only, and no commit of its own: read, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from talenthub import hooks, sdk
from talenthub.conformance.finding import Level, fault
from talenthub.conformance.places import trees
from talenthub.errors import Problem, nearest
from talenthub.host import Installed

PUBLIC = ("talenthub.hooks", "talenthub.sdk", "talenthub.testing")
ENDING = {"commit": "commits", "rollback": "rolls back"}
"""Methods that end a transaction, which is the engine's."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each use of a private name and each commit, with its line."""
    for file, tree in trees(plugin):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from _imported_from(file, node)
            elif isinstance(node, ast.Import):
                for each in node.names:
                    yield from _imported(file, node.lineno, each.name)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from _called(file, node, node.func)
        yield from _put_elsewhere(file, tree)


def _put_elsewhere(file: Path, tree: ast.Module) -> Iterator[tuple[Level, Problem]]:
    """Yield each name of talenthub that is given another value."""
    ours = {
        each.asname or each.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and _is_ours(node.module))
        for each in node.names
        if isinstance(node, ast.ImportFrom) or _is_ours(each.name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            put: ast.expr = node
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "delattr") and node.args:
            put = node.args[0]
        else:
            continue
        if ast.unparse(put).partition(".")[0] in ours:
            yield fault(
                "it changes talenthub itself, for every plugin",
                place=f"{file}:{node.lineno}",
                found=ast.unparse(node),
                mend="declare what is to happen by a hook; ask for what is missing in talenthub.sdk",
                code="plugin.patches",
            )


def _is_ours(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] == "talenthub"


def _imported(file: Path, line: int, module: str) -> Iterator[tuple[Level, Problem]]:
    if module.partition(".")[0] == "talenthub" and module not in (*PUBLIC, "talenthub"):
        yield fault(
            "this is not a public name; it may change with any version",
            place=f"{file}:{line}",
            found=module,
            allowed=", ".join(PUBLIC),
            mend="ask for what is missing in talenthub.sdk",
            code="plugin.private",
        )


def _imported_from(file: Path, node: ast.ImportFrom) -> Iterator[tuple[Level, Problem]]:
    assert node.module is not None
    if node.module not in ("talenthub.sdk", "talenthub.hooks"):
        yield from _imported(file, node.lineno, node.module)
        return
    room = sdk if node.module == "talenthub.sdk" else hooks
    public = set(getattr(room, "__all__", ())) or {name for name in vars(room) if not name.startswith("_")}
    for each in node.names:
        if each.name not in public:
            yield fault(
                f"{node.module} has no such name",
                place=f"{file}:{node.lineno}",
                found=each.name,
                nearest=nearest(each.name, public),
                code="plugin.private",
            )


def _called(file: Path, node: ast.Call, called: ast.Attribute) -> Iterator[tuple[Level, Problem]]:
    if called.attr in ENDING and not node.args:
        yield fault(
            f"it {ENDING[called.attr]} by itself: half of a step would stand",
            place=f"{file}:{node.lineno}",
            found=ast.unparse(called),
            mend="leave the transaction to the engine; raise to have it taken back",
            code="plugin.commits",
        )
