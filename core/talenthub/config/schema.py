"""Schema: talenthub.toml as JSON Schema, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from talenthub.config.settings import Settings

REFERENCE = {
    "type": "object",
    "description": "Where a secret is kept.",
    "properties": {"env": {"type": "string"}, "file": {"type": "string"}},
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}


def schema(plugins: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    """Return the schema of talenthub.toml with the tables of `plugins`."""
    made = Settings.model_json_schema()
    tables = {name: model.model_json_schema() for name, model in plugins.items()}
    definitions = made.setdefault("$defs", {})
    definitions["reference"] = REFERENCE
    for name, table in tables.items():
        _adopt(table, name, definitions)
    made["properties"]["plugin"] = {"type": "object", "properties": tables, "description": "[plugin.NAME]"}
    made["title"] = "talenthub.toml"
    with_references: dict[str, Any] = _referable(made)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | with_references


def _adopt(table: dict[str, Any], plugin: str, definitions: dict[str, Any]) -> None:
    # Two plugins may both have a model called Mail.
    for name, definition in table.pop("$defs", {}).items():
        definitions[f"{plugin}.{name}"] = definition
    text = json.dumps(table).replace("#/$defs/", f"#/$defs/{plugin}.")
    table.clear()
    table.update(json.loads(text))


def _referable(value: Any) -> Any:
    if isinstance(value, list):
        return [_referable(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _referable(each) for key, each in value.items()}
    if inner.get("format") == "password":
        return {"$ref": "#/$defs/reference"}
    if inner.get("title") == "Url":
        about = {key: inner.pop(key) for key in ("title", "description", "default") if key in inner}
        return {"anyOf": [inner, {"$ref": "#/$defs/reference"}]} | about
    return inner
