"""init, config, plugin, db and doctor, as a person uses them."""

from __future__ import annotations

import json
import sqlite3
import textwrap
import tomllib
from pathlib import Path

import click
import pytest

from talenthub.cli import COMMANDS, talent
from talenthub.cli.lazy import load

HOUSE = ("init", "config", "plugin", "db", "doctor")


def _toml(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "talenthub.toml").read_text())


def test_init_makes_a_workspace_once(run, tmp_path: Path) -> None:
    target = tmp_path / "new"
    done = run("init", "--name", "City Library", "--timezone", "Europe/Lisbon", str(target))
    assert (done.code, done.out) == (0, f"{target}\n")
    assert _toml(target)["organisation"] == {"name": "City Library", "timezone": "Europe/Lisbon"}
    assert run("doctor", "--workspace", str(target)).code == 0
    again = run("init", str(target))
    assert again.code == 3
    assert "nothing is overwritten" in again.err


def test_init_with_bad_words_leaves_nothing(run, tmp_path: Path) -> None:
    done = run("init", "--timezone", "Europe/Lissabon", str(tmp_path / "new"))
    assert done.code == 7
    assert "did you mean 'Europe/Lisbon'" in done.err
    assert list(tmp_path.iterdir()) == []


def test_init_writes_where_the_url_is_kept(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_URL", f"sqlite:///{tmp_path}/else.db")
    assert run("init", "--database", "env:MY_URL", str(tmp_path / "new")).code == 0
    assert _toml(tmp_path / "new")["database"] == {"url": {"env": "MY_URL"}}
    assert (tmp_path / "else.db").is_file()


def test_config_check_is_quiet_or_exact(run, folder: Path) -> None:
    assert run("config", "check").code == 0
    (folder / "talenthub.toml").write_text("[reporting]\nminimum_peple = 4\n[demo]\nseed = 'x'\n")
    done = run("config", "check")
    assert (done.code, done.out) == (7, "")
    assert "talenthub.toml:2 reporting.minimum_peple" in done.err
    assert "talenthub.toml:4 demo.seed" in done.err


def test_config_check_names_a_missing_plugin(run, folder: Path) -> None:
    (folder / "talenthub.toml").write_text("\n[plugins]\nenabled = ['recruitmnt']\n")
    done = run("config", "check")
    assert done.code == 7
    assert "talenthub.toml:3 plugins.enabled" in done.err
    assert "did you mean 'recruitment'?" in done.err


def test_config_set_and_show(run, folder: Path) -> None:
    before = (folder / "talenthub.toml").read_text()
    assert run("config", "set", "reporting.minimum_people", "4", "--dry-run").code == 0
    assert (folder / "talenthub.toml").read_text() == before
    assert run("config", "set", "reporting.minimum_people", "4").code == 0
    done = run("config", "show", "reporting", "--origin", "-o", "json")
    shown = {each["setting"]: each for each in json.loads(done.out)["items"]}
    assert shown["reporting.minimum_people"]["value"] == 4
    assert shown["reporting.minimum_people"]["origin"].startswith("talenthub.toml:")
    assert shown["reporting.minimum_units"]["origin"] == "default"
    assert run("config", "show", "reporting").out.splitlines()[0] == "reporting.minimum_people\t4"


@pytest.mark.parametrize(
    ("setting", "value", "code", "says"),
    [
        ("reporting.minimum_people", "2", 7, "at least 3"),
        ("reporting.minimum_peple", "4", 7, "did you mean 'minimum_people'"),
        ("reporting", "4", 2, "no setting"),
        ("organisation.timezone", "Europe/Lissabon", 7, "Europe/Lisbon"),
        ("organisation.name.first", "x", 2, "cannot be written"),
    ],
)
def test_config_set_refuses_what_would_not_load(
    run, folder: Path, setting: str, value: str, code: int, says: str
) -> None:
    before = (folder / "talenthub.toml").read_text()
    done = run("config", "set", setting, value)
    assert done.code == code
    assert says in done.err
    assert (folder / "talenthub.toml").read_text() == before


def test_config_set_into_another_file(run, folder: Path) -> None:
    assert run("config", "set", "demo.seed", "7", "--file", "talenthub.local.toml").code == 0
    assert "talenthub.local.toml:2" in run("config", "show", "demo.seed", "--origin").out
    done = run("config", "set", "demo.seed", "7", "--file", "../elsewhere.toml")
    assert done.code == 2
    assert "talenthub.d/NAME.toml" in done.err


def test_config_show_suggests(run, folder: Path) -> None:
    done = run("config", "show", "organisaton")
    assert done.code == 4
    assert "did you mean 'organisation'" in done.err


def test_config_schema_is_json(run, folder: Path) -> None:
    assert json.loads(run("config", "schema").out)["title"] == "talenthub.toml"


def test_plugins_go_on_and_off(run, folder: Path) -> None:
    assert "recruitment\toff" in run("plugin", "list").out
    assert "recruitment" not in run("-h").out
    assert run("plugin", "enable", "recruitment").code == 0
    assert _toml(folder)["plugins"] == {"enabled": ["recruitment"]}
    assert "recruitment\tloaded" in run("plugin", "list").out
    assert "recruitment" in run("-h").out
    info = json.loads(run("plugin", "info", "recruitment", "-o", "json").out)
    assert "recruitment.application" in info["workflows"]
    assert run("plugin", "disable", "recruitment").code == 0
    assert "recruitment" not in run("-h").out


def test_the_command_of_a_plugin_that_is_off_names_the_plugin(
    run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for off in ("performance", "recruitment"):  # never on before; on and off again
        if off == "recruitment":
            run("plugin", "enable", off)
            run("plugin", "disable", off)
        answer = run(off)
        assert answer.code == 2
        assert f"The plugin {off} is off: talent plugin enable {off}." in answer.err
        assert off not in run("-h").out
    assert "Did you mean 'recruitment'? The plugin recruitment is off" in run("recruitmnt").err
    assert "Did you mean 'report'?" in run("reprt").err
    monkeypatch.chdir(tmp_path)
    for word in ("recruitment", "recruitmnt"):
        assert "there is no workspace here" in run(word).err


def test_a_plugin_enabled_by_hand_is_found(run, folder: Path) -> None:
    text = (folder / "talenthub.toml").read_text()
    (folder / "talenthub.toml").write_text(text.replace("enabled = []", 'enabled = ["recruitment"]'))
    assert run("recruitment", "-h").code == 0
    assert "recruitment" in run("-h").out


@pytest.mark.parametrize("verb", ["enable", "disable", "info"])
def test_an_unknown_plugin_is_answered_with_the_nearest(run, folder: Path, verb: str) -> None:
    done = run("plugin", verb, "recruitmnt")
    assert done.code == 4
    assert "did you mean 'recruitment'" in done.err
    assert "pip install" in done.err


@pytest.fixture
def sick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "sick_plugin_for_house.py").write_text(textwrap.dedent("raise RuntimeError('no luck')"))
    info = tmp_path / "talent_sick-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: talent-sick\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[talenthub.plugins]\nsick = sick_plugin_for_house\n")


def test_a_broken_plugin_cannot_be_enabled(run, folder: Path, sick: None) -> None:
    done = run("plugin", "enable", "sick")
    assert done.code == 8
    assert "sick (talent-sick 1.0)" in done.err
    assert "no luck" in done.err
    assert _toml(folder)["plugins"] == {"enabled": []}


def test_a_plugin_that_breaks_later_is_named_and_the_rest_works(run, folder: Path, sick: None) -> None:
    text = (folder / "talenthub.toml").read_text()
    (folder / "talenthub.toml").write_text(text.replace("enabled = []", 'enabled = ["sick", "recruitment"]'))
    done = run("db", "status")
    assert (done.code, done.out.split("\t")[0]) == (0, "core")
    assert done.err.count("warning: plugin sick (talent-sick 1.0) is broken: RuntimeError: no luck") == 1
    doctor = run("doctor")
    assert doctor.code == 8
    assert "✘\tplugin\tsick" in doctor.out
    assert "sick" in run("-h").out
    stub = run("sick", "anything", "--at", "all")
    assert stub.code == 8
    assert "no luck" in stub.err


def test_the_database_is_looked_after(run, folder: Path, tmp_path: Path) -> None:
    assert run("db", "status", "-o", "json").code == 0
    assert run("db", "check").code == 0
    copy = tmp_path / "copy.db"
    assert run("db", "backup", str(copy)).out == f"{copy}\n"
    assert sqlite3.connect(copy).execute("SELECT count(*) FROM person").fetchone() == (1,)
    (folder / "talenthub.db").rename(tmp_path / "away.db")
    assert run("db", "check", str(copy)).code == 0, "a copy is read back without the database"
    (tmp_path / "away.db").rename(folder / "talenthub.db")
    bent = sqlite3.connect(copy)
    bent.execute("INSERT INTO grant_held (person_id, name, since) VALUES (99, 'admin', '2026-01-01')")
    bent.commit()
    bent.close()
    assert (run("db", "check", str(copy)).code, run("db", "check").code) == (10, 0)
    again = run("db", "backup", str(copy))
    assert again.code == 9
    assert "nothing is overwritten" in again.err
    assert run("db", "backup", str(tmp_path / "no" / "such" / "folder.db")).code == 9


def test_an_older_database_is_told_and_upgraded(run, folder: Path) -> None:
    from talenthub.storage import migrate
    from talenthub.storage.database import Database

    database = Database(f"sqlite:///{folder}/talenthub.db")
    migrate.downgrade(database, migrate.core_owner())
    database.close()
    assert run("db", "check").code == 10
    doctor = run("doctor")
    assert doctor.code == 10
    assert "talent db upgrade" in doctor.out
    assert run("db", "upgrade", "--dry-run").out.endswith("pending\n")
    assert run("db", "upgrade").out.endswith("current\n")
    assert run("doctor").code == 0


@pytest.mark.parametrize("damage", [b"", b"this is no database, not at all" * 40])
def test_a_damaged_database_is_told(run, folder: Path, damage: bytes) -> None:
    (folder / "talenthub.db").write_bytes(damage)
    for words in (["db", "check"], ["doctor"]):
        done = run(*words)
        assert done.code == 10
        assert "Traceback" not in done.err


def test_a_bent_row_is_found(run, folder: Path) -> None:
    connection = sqlite3.connect(folder / "talenthub.db")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("INSERT INTO grant_held (person_id, name, since) VALUES (99, 'admin', '2026-01-01')")
    connection.commit()
    connection.close()
    done = run("db", "check")
    assert done.code == 10
    assert "points to a row of person" in done.err


def _commands(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    inner = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [path] + [each for name, sub in inner if sub for each in _commands(sub, (*path, name))]


@pytest.mark.parametrize("name", HOUSE)
def test_every_help_says_what_it_does(run, name: str) -> None:
    for path in _commands(load(name, COMMANDS[name]), (name,)):
        done = run(*path, "-h")
        assert done.code == 0, path
        assert done.out.startswith(f"Usage: talent {' '.join(path)}")


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["config", "nonsense"],
        ["config", "set"],
        ["plugin", "info", ""],
        ["plugin", "info", "\x00"],
        ["plugin", "info", "x" * 1_000_000],
        ["plugin", "info", "\u202eabc"],
        ["plugin", "info", "１２"],
        ["plugin", "info", "\udcff"],
        ["--", "-1"],
        ["db", "backup"],
        ["db", "status", "extra"],
        ["db", "status", "-o"],
        ["db", "status", "--fields", ""],
        ["db", "status", "--fields", "ownr"],
        ["--nonsense"],
    ],
)
def test_words_that_mean_nothing_are_told(run, folder: Path, words: list[str]) -> None:
    before = (folder / "talenthub.db").read_bytes()
    done = run(*words)
    assert done.code in (2, 4)
    assert done.out == ""
    assert done.err
    assert "Traceback" not in done.err
    assert (folder / "talenthub.db").read_bytes() == before


def test_the_root_suggests_commands(run) -> None:
    assert "Did you mean 'config'?" in run("confg").err
    assert talent.name == "talent"
