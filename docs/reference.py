"""Describe the public names in the words of their docstrings.

`conf.py` adds what this returns to the pages of docs/reference/ whenever the
site is made, so that no copy of a docstring can be out of date.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path

ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)

ROOMS = {
    "workflow": "Workflows",
    "verdict": "Verdicts",
    "cli": "Commands",
    "framework": "The framework",
    "evidence": "Evidence",
    "people": "People",
    "storage": "Transactions and tables",
    "workspace": "Workspaces",
    "errors": "Errors",
    "": "Other names",
    "functions": "Functions",
    "values": "Values",
}
"""Chapters of the long page: the part of the house that a name comes from."""


LINE = 80
"""A longer signature stands on several lines."""


def public_names(module: str) -> Mapping[str, str]:
    """Return the names of a module in public-names.md, and what each is."""
    page = Path(__file__).with_name("public-names.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(f"## `{module}`\n")
    return dict(ROW.findall(rest.partition("\n## ")[0]))


def described(module: str) -> str:
    """Return the Markdown that describes every public name of a module."""
    home = importlib.import_module(module)
    chapters: dict[str, list[str]] = {title: [] for title in ROOMS.values()}
    for name, words in public_names(module).items():
        value = getattr(home, name)
        chapters[_chapter(module, value)] += _entry(name, value, words)
    parts = [[f"## {title}\n", *lines] for title, lines in chapters.items() if lines]
    return "\n" + "\n".join(line for lines in parts for line in lines)


def _chapter(module: str, value: object) -> str:
    if module != "talenthub.sdk":
        return ROOMS["functions" if inspect.isfunction(value) else "values" if inspect.isclass(value) else ""]
    origin = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", "") or ""
    room = f"{origin}..".split(".")[1] if origin.startswith("talenthub") else ""
    return ROOMS.get(room, ROOMS[""])


def _entry(name: str, value: object, words: str) -> Iterator[str]:
    yield f"### {name}\n"
    if inspect.isfunction(value):
        yield f"```python\n{name}{_signature(value)}\n```\n"
    told = inspect.isclass(value) or inspect.isfunction(value)
    yield (inspect.getdoc(value) or words if told else f"{words}.") + "\n"
    if name.startswith("talenthub_"):
        yield f"[More about it](../hooks/{name}.md)\n"
    if inspect.isclass(value):
        yield from _members(value)


def _signature(function: object) -> str:
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]  # type: ignore[arg-type]
    assert isinstance(node, ast.FunctionDef)
    asked = ast.unparse(node.args)
    given = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    if len(asked) + len(given) < LINE:
        return f"({asked}){given}"
    return "(\n    " + ",\n    ".join(_arguments(node.args)) + f",\n){given}"


def _arguments(asked: ast.arguments) -> Iterator[str]:
    plain = [*asked.posonlyargs, *asked.args]
    defaults = [None] * (len(plain) - len(asked.defaults)) + list(asked.defaults)
    yield from map(_argument, plain, defaults)
    if asked.vararg is not None or asked.kwonlyargs:
        yield f"*{ast.unparse(asked.vararg)}" if asked.vararg is not None else "*"
    yield from map(_argument, asked.kwonlyargs, asked.kw_defaults)
    if asked.kwarg is not None:
        yield f"**{ast.unparse(asked.kwarg)}"


def _argument(asked: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(asked) + (f" = {ast.unparse(default)}" if default is not None else "")


def _members(kind: type) -> Iterator[str]:
    if issubclass(kind, Enum):
        yield ", ".join(f"`{each.name}`" for each in kind) + "\n"
        return
    notes = _notes(kind)
    held = [each for each in fields(kind) if not each.name.startswith("_")] if is_dataclass(kind) else []
    if held:
        rows = [(f"`{each.name}`", f"`{each.type}`", notes.get(each.name, "")) for each in held]
        yield from _table([row if notes else row[:2] for row in rows])
    for name, method in list(vars(kind).items()):  # looking at a model may build it
        function = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        call = "" if isinstance(method, property) else "()"
        yield f"- `{name}{call}`: {_first_line(function)}"
    yield ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    heads = ("field", "type", "")[: len(rows[0])]
    for cells in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _notes(kind: type) -> Mapping[str, str]:
    """Return what stands in a string below each field of a class."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):
        return {}
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, note in zip(tree.body, tree.body[1:], strict=False):
        told = isinstance(note, ast.Expr) and isinstance(note.value, ast.Constant)
        if told and isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            found[field.target.id] = inspect.cleandoc(str(note.value.value))  # type: ignore[union-attr]
    return found


def _first_line(function: object) -> str:
    return (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
