"""Opening: the configuration with its plugins, every problem told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import make_url

from talenthub.blame import OURS
from talenthub.config.layers import Layers, read_layers
from talenthub.config.loading import checked
from talenthub.config.secrets import ALLOWED, has_password
from talenthub.config.settings import EvidenceSettings, Settings
from talenthub.errors import ConfigurationError, Problem, StorageError, nearest, unknown
from talenthub.host import Host, State
from talenthub.patience import Patience
from talenthub.storage.database import parse_url
from talenthub.workflow.adjusting.checks import Written
from talenthub.workspace.executors import executor_problems


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a workspace is told: checked settings and where each came from."""

    folder: Path
    layers: Layers
    settings: Settings
    plugins: Mapping[str, BaseModel]
    """The settings of each loaded plugin that has any."""
    host: Host

    @property
    def written(self) -> Written:
        """Return what is said of workflows, with its lines."""
        return Written(self.settings.workflow, self.layers)


def configure(
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    reserved: Collection[str] = (),
) -> Configuration:
    """Return the checked configuration; ConfigurationError has every problem."""
    return _configured(read_layers(folder, environment, overrides), reserved)


def configure_with(folder: Path, file: Path, text: str, reserved: Collection[str] = ()) -> Configuration:
    """Return the configuration as if `file` held `text`; nothing is written."""
    return _configured(read_layers(folder, instead={file: text}), reserved)


def _configured(layers: Layers, reserved: Collection[str]) -> Configuration:
    settings, problems = checked(Settings, layers)
    patience = Patience((settings or Settings()).plugins.longest_call)
    with patience.watching():
        host = Host(_enabled(layers, settings), reserved)
    values, more = _plugin_settings(layers, host)
    problems += more
    problems += _unknown_plugin_tables(layers, host)
    problems += _unknown_sources(layers, host)
    problems += _written_password(layers)
    problems += executor_problems(layers, settings, host)
    if settings is None or problems:
        raise ConfigurationError.of(sorted(problems, key=_line))
    return Configuration(layers.folder, layers, settings, values, host)


def _line(problem: Problem) -> tuple[str, int]:
    file, _, line = (problem.place or "").partition(":")
    return file, int(line) if line.isdigit() else 0


def _plugin_settings(layers: Layers, host: Host) -> tuple[dict[str, BaseModel], list[Problem]]:
    models = host.settings_models()
    values: dict[str, BaseModel] = {}
    problems: list[Problem] = []
    for name in host.loaded:
        try:
            value, more = checked(models.get(name, _NoSettings), layers, ("plugin", name))
        except OURS:
            raise
        except BaseException as error:  # a validator of the plugin's own
            host.fail(name, error)
            continue
        problems += more
        if value is not None and name in models:
            values[name] = value
    return values, problems


def warnings(host: Host) -> Iterator[str]:
    """Return a line for each enabled plugin that does not work."""
    for status in host.statuses:
        if status.state in (State.BROKEN, State.MISSING):
            yield f"plugin {status.owner} is {status.state}: {status.error}"


def database_url(configuration: Configuration) -> str:
    """Return the URL to open: secrets read, a SQLite file inside the folder."""
    url = configuration.settings.database.url
    place = configuration.layers.origin(("database", "url")).place
    try:
        parsed = parse_url(url)
    except StorageError as error:
        raise ConfigurationError.of([_at(place, each) for each in error.problems]) from None
    if parsed.get_backend_name() != "sqlite":
        return parsed.render_as_string(hide_password=False)
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigurationError(
            Problem(
                text="a workspace keeps its database in a file",
                place=place,
                path="database.url",
                allowed="sqlite:///talenthub.db",
                code="config.database",
            )
        )
    return make_url("sqlite://").set(database=str(configuration.folder / parsed.database)).render_as_string()


class _NoSettings(BaseModel, extra="forbid", frozen=True):
    """What stands in the table of a plugin without settings: nothing."""


def _enabled(layers: Layers, settings: Settings | None) -> tuple[str, ...]:
    if settings is not None:
        return settings.plugins.enabled
    # Some other section is wrong: the plugins are still checked, if they can be.
    plugins = layers.values.get("plugins")
    enabled = plugins.get("enabled") if isinstance(plugins, dict) else None
    return tuple(each for each in enabled if isinstance(each, str)) if isinstance(enabled, list) else ()


def _unknown_plugin_tables(layers: Layers, host: Host) -> Iterator[Problem]:
    tables = layers.values.get("plugin")
    known = [status.name for status in host.statuses]
    for name in tables if isinstance(tables, dict) else ():
        if name not in known:
            yield unknown("plugin", name, known, place=layers.origin(("plugin", name)).place)


def _unknown_sources(layers: Layers, host: Host) -> Iterator[Problem]:
    if not all(status.state in (State.LOADED, State.OFF) for status in host.statuses):
        return  # a plugin that did not load may own the name
    known = {*EvidenceSettings.own_sources(), *(each.value.name for each in host.evidence_sources())}
    evidence = layers.values.get("evidence")
    weights = evidence.get("weights") if isinstance(evidence, dict) else None
    for name in weights if isinstance(weights, dict) else ():
        if name not in known:
            yield Problem(
                text="unknown evidence source",
                place=layers.origin(("evidence", "weights", name)).place,
                path=f"evidence.weights.{name}",
                found=name,
                allowed=", ".join(sorted(known)),
                nearest=nearest(name, known),
                code="unknown-evidence-source",
            )


def _written_password(layers: Layers) -> Iterator[Problem]:
    database = layers.values.get("database")
    url = database.get("url") if isinstance(database, dict) else None
    origin = layers.origin(("database", "url"))
    if isinstance(url, str) and has_password(url) and origin.line is not None:
        yield Problem(
            text="a password does not belong into this file",
            place=origin.place,
            path="database.url",
            allowed=ALLOWED,
            code="config.secret",
        )


def _at(place: str, problem: Problem) -> Problem:
    return Problem(
        text=problem.text,
        place=place,
        path="database.url",
        found=problem.found,
        allowed=problem.allowed,
        nearest=problem.nearest,
        mend=problem.mend,
        code=problem.code,
    )
