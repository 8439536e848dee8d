"""The shipped files, the schema, and writing a setting."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from talenthub.config.layers import read_layers, value_of
from talenthub.config.loading import checked
from talenthub.config.schema import schema
from talenthub.config.settings import Section, Settings
from talenthub.config.shipped import shipped
from talenthub.config.showing import shown
from talenthub.config.writing import changed, keys_of
from talenthub.errors import UsageError
from talenthub.workspace.opening import configure

EXAMPLES = ("calendar = ", "sender = ", "host = ", "user = ", "password = ", "templates = ")
"""Settings that nothing is the default of: the file shows what one could be."""


def _with_every_setting() -> str:
    text = (shipped() / "talenthub.toml").read_text()
    kept = re.sub(r"^# (?=[a-z_]+ = |\[\[(handoff|webhook))", "", text, flags=re.MULTILINE)
    for example in EXAMPLES:
        kept = kept.replace(f"\n{example}", "\n# ")
    return kept


def _paths(values: dict[str, Any], path: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in values.items():
        here = f"{path}.{key}" if path else key
        found |= _paths(value, here) if isinstance(value, dict) else {here}
    return found


def test_the_shipped_file_shows_every_setting() -> None:
    written = _paths(tomllib.loads(_with_every_setting()))
    defaults = _paths(Settings().model_dump(exclude={"plugin"}))
    mail = {f"mail.{each}" for each in ("sender", "host", "user", "password", "templates")}
    assert defaults - written == {"organisation.calendar"} | mail


def test_the_shipped_file_shows_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").write_text(_with_every_setting())
    settings = configure(tmp_path, environment={}).settings
    assert settings.model_copy(update={"handoff": (), "webhook": ()}) == Settings()


def test_both_shipped_files_are_in_order() -> None:
    assert configure(shipped(), environment={}).settings == Settings()
    demo = configure(shipped() / "harbourline", environment={}).settings
    assert demo.demo.enabled
    assert demo.plugins.enabled == ("recruitment",)


def test_writing_keeps_remarks_and_the_rest() -> None:
    before = (shipped() / "talenthub.toml").read_text()
    after = changed(before, ("reporting", "minimum_people"), 4)
    assert tomllib.loads(after)["reporting"] == {"minimum_people": 4}
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_writing_makes_the_tables_it_needs() -> None:
    after = changed("# mine\n", ("plugin", "mentoring", "pairs"), ["a", "b"])
    assert tomllib.loads(after) == {"plugin": {"mentoring": {"pairs": ["a", "b"]}}}
    assert after.startswith("# mine\n")


def test_writing_a_reference_writes_one_line() -> None:
    after = changed("[database]\nurl = 'x'\n", ("database", "url"), {"env": "NAME"})
    assert after == '[database]\nurl = {env = "NAME"}\n'


@pytest.mark.parametrize("text", ["name", "", "a.", ".a", "a b.c", "a..b"])
def test_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no setting"):
        keys_of(text)


def test_a_value_is_read_as_toml_or_is_a_text() -> None:
    assert [value_of(each) for each in ("4", "true", '["a"]', "Europe/Lisbon", "1.5", "2 words")] == [
        4,
        True,
        ["a"],
        "Europe/Lisbon",
        1.5,
        "2 words",
    ]


class Mail(Section):
    """A plugin's settings with a secret."""

    password: SecretStr | None = None
    server: str = "localhost"
    tags: tuple[str, ...] = ()


def _mail(folder: Path, text: str) -> tuple[BaseModel | None, list[str]]:
    (folder / "talenthub.toml").write_text(text)
    value, problems = checked(Mail, read_layers(folder, {}), ("plugin", "mail"))
    return value, [str(each) for each in problems]


def test_a_secret_of_a_plugin_is_read_and_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "swordfish")
    value, problems = _mail(tmp_path, '[plugin.mail]\npassword = { env = "MAIL_PASSWORD" }\n')
    assert isinstance(value, Mail)
    assert value.password is not None
    assert value.password.get_secret_value() == "swordfish"
    layers = read_layers(tmp_path, {})
    assert "swordfish" not in str([each.value for each in shown(value, layers, ("plugin", "mail"))])
    assert problems == []


def test_a_secret_written_into_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    _, problems = _mail(tmp_path, '[plugin.mail]\n\npassword = "swordfish"\n')
    assert len(problems) == 1
    assert problems[0].startswith("talenthub.toml:3 plugin.mail.password: a secret is named, not written")
    assert "swordfish" not in problems[0]


def test_the_schema_knows_core_and_plugins() -> None:
    made = schema({"mail": Mail})
    assert (
        made["properties"]["plugin"]["properties"]["mail"]["properties"]["server"]["default"] == "localhost"
    )
    assert made["properties"]["plugin"]["properties"]["mail"]["additionalProperties"] is False
    assert made["$defs"]["DatabaseSettings"]["properties"]["url"]["anyOf"][1] == {"$ref": "#/$defs/reference"}
    password = made["properties"]["plugin"]["properties"]["mail"]["properties"]["password"]
    assert {"$ref": "#/$defs/reference"} in password["anyOf"]


def test_every_setting_says_what_it_is() -> None:
    for definition in schema({})["$defs"].values():
        for name, field in definition["properties"].items():
            assert field.get("description") or name in ("env", "file"), name
