"""Layers: the last one wins, and each value knows where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from talenthub.config.layers import enabled_plugins, read_layers
from talenthub.config.lines import scan
from talenthub.config.secrets import MASK
from talenthub.config.showing import shown
from talenthub.errors import ConfigurationError
from talenthub.workspace.opening import configure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "talenthub.toml").write_text(
        "[organisation]\nname = 'one'\nlanguage = 'de'\n[reporting]\nminimum_people = 4\n"
    )
    (tmp_path / "talenthub.d").mkdir()
    (tmp_path / "talenthub.d" / "10-people.toml").write_text("[reporting]\nminimum_people = 5\n")
    (tmp_path / "talenthub.d" / "20-people.toml").write_text("reporting.minimum_people = 6\n")
    (tmp_path / "talenthub.local.toml").write_text("\n[organisation]\nname = 'two'\n")
    return tmp_path


def test_later_layers_win(folder: Path) -> None:
    settings = configure(folder, environment={}).settings
    assert (settings.organisation.name, settings.organisation.language) == ("two", "de")
    assert settings.reporting.minimum_people == 6
    assert settings.reporting.minimum_units == 5


def test_variables_and_the_command_line_lie_on_top(folder: Path) -> None:
    environment = {
        "TALENTHUB__REPORTING__MINIMUM_PEOPLE": "7",
        "TALENTHUB__ORGANISATION__NAME": "three words here",
        "TALENTHUB_WORKSPACE": "/elsewhere",
    }
    found = configure(folder, environment=environment, overrides={"reporting": {"minimum_people": 8}})
    assert found.settings.reporting.minimum_people == 8
    assert found.settings.organisation.name == "three words here"


def test_each_value_tells_its_origin(folder: Path) -> None:
    environment = {"TALENTHUB__DEMO__SEED": "9"}
    found = configure(folder, environment=environment, overrides={"organisation": {"timezone": "Asia/Tokyo"}})
    origins = {each.setting: each.origin for each in shown(found.settings, found.layers)}
    assert origins["organisation.name"] == "talenthub.local.toml:3"
    assert origins["organisation.language"] == "talenthub.toml:3"
    assert origins["reporting.minimum_people"] == "talenthub.d/20-people.toml:1"
    assert origins["reporting.minimum_units"] == "default"
    assert origins["demo.seed"] == "env TALENTHUB__DEMO__SEED"
    assert origins["organisation.timezone"] == "command line"


def test_a_bad_variable_is_named_and_its_value_is_not_shown(folder: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configure(folder, environment={"TALENTHUB__REPORTING__MINIMUM_PEOPLE": "secret"})
    assert "env TALENTHUB__REPORTING__MINIMUM_PEOPLE" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_setting_one_weight_keeps_the_others(folder: Path) -> None:
    (folder / "talenthub.local.toml").write_text("[evidence.weights]\ncoach = 0.5\n")
    weights = configure(folder, environment={}).settings.evidence.weights
    assert (weights["coach"], weights["manager"], weights["interview"]) == (0.5, 1.0, 0.5)


def test_a_reference_replaces_the_one_below_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "talenthub.toml").write_text("[database]\nurl = { file = 'gone' }\n")
    (folder / "talenthub.local.toml").write_text("[database]\nurl = { env = 'MY_DATABASE' }\n")
    monkeypatch.setenv("MY_DATABASE", "postgresql://me:hidden@host/name")
    found = configure(folder, environment={})
    assert found.settings.database.url == "postgresql://me:hidden@host/name"
    values = {each.setting: each.value for each in shown(found.settings, found.layers)}
    assert values["database.url"] == f"env MY_DATABASE: {MASK}"


def test_a_secret_in_a_file_is_read_without_its_line_end(folder: Path) -> None:
    (folder / "url").write_text("postgresql://me:hidden@host/name\n")
    (folder / "talenthub.toml").write_text("[database]\nurl = { file = 'url' }\n")
    assert configure(folder, environment={}).settings.database.url.endswith("/name")


def test_a_password_in_a_variable_is_masked(folder: Path) -> None:
    found = configure(folder, environment={"TALENTHUB__DATABASE__URL": "postgresql://me:hidden@host/name"})
    values = {each.setting: each.value for each in shown(found.settings, found.layers)}
    assert values["database.url"] == f"postgresql://me:{MASK}@host/name"


def test_the_enabled_plugins_are_read_without_checking_anything(folder: Path) -> None:
    (folder / "talenthub.local.toml").write_text("nonsense = 1\n[plugins]\nenabled = ['a', 'b', 3]\n")
    assert enabled_plugins(folder) == ("a", "b")


TOML = '''\
top = 1
"quoted.key" = """
[not.a.table]
x = 2
"""  # a remark with = and [
[a]
b.c = { d = 1, "e f" = [1, { g = 2 }] }
list = [
  "]",   # ]
  'x = 1',
]
[[rows]]
name = "one \\" ] # no remark"
[rows.inner]
deep = true
[[rows]]
name = 'two'
[[rows.more]]
x = 1
[[rows.more]]
x = 2
[a.z]
date = 2026-01-05
'''


def test_every_key_has_its_line() -> None:
    lines = scan(TOML).by_path
    expected = {
        ("top",): 1,
        ("quoted.key",): 2,
        ("a",): 6,
        ("a", "b", "c"): 7,
        ("a", "b", "c", "d"): 7,
        ("a", "b", "c", "e f", 1, "g"): 7,
        ("a", "list"): 8,
        ("a", "list", 0): 9,
        ("a", "list", 1): 10,
        ("rows", 0, "name"): 13,
        ("rows", 0, "inner", "deep"): 15,
        ("rows", 1, "name"): 17,
        ("rows", 1, "more", 0, "x"): 19,
        ("rows", 1, "more", 1, "x"): 21,
        ("a", "z", "date"): 23,
    }
    assert {path: lines.get(path) for path in expected} == expected


def test_a_layer_names_the_table_above_what_is_not_there(folder: Path) -> None:
    layers = read_layers(folder, {})
    assert layers.near(("organisation", "nothing")).place == "talenthub.local.toml:2"
