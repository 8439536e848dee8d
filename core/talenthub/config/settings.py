"""Settings: what may stand in talenthub.toml, as frozen models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from talenthub.config import defaults
from talenthub.config.adjusting import WorkflowAdjustment, WorkflowName, named_whole
from talenthub.config.section import Section
from talenthub.errors import nearest

Weight = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]


def _is_time_zone(name: str) -> bool:
    # Opening one file; the list of all would be read from hundreds, at each start.
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _time_zone(name: str) -> str:
    if not _is_time_zone(name):
        raise PydanticCustomError(
            "time_zone",
            "unknown time zone",
            {
                "nearest": nearest(name, available_timezones()) or "",
                "allowed": "a name such as Europe/Lisbon",
            },
        )
    return name


def _language(tag: str) -> str:
    parts = tag.split("-")
    if not (2 <= len(parts[0]) <= 3 and all(part.isascii() and part.isalnum() for part in parts)):
        raise PydanticCustomError(
            "language", "this is no language tag", {"allowed": "a tag such as en or pt-BR"}
        )
    return tag


def _reader(name: str) -> str:
    if name not in defaults.READERS:
        listed = ", ".join(defaults.READERS)
        close = nearest(name, defaults.READERS) or ""
        raise PydanticCustomError("reader", "unknown reader", {"nearest": close, "allowed": listed})
    return name


def _relative(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise PydanticCustomError(
            "path", "this leaves the workspace", {"allowed": "a path inside the workspace folder"}
        )
    return path


class Organisation(Section):
    """Whose workspace this is."""

    name: str = Field(
        default="My organisation", min_length=1, max_length=200, description="As people know it."
    )
    timezone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC", description="Where its days begin and end."
    )
    language: Annotated[str, AfterValidator(_language)] = Field(
        default="en", description="The language of texts that have several."
    )
    calendar: Annotated[str, AfterValidator(_relative)] | None = Field(
        default=None, description="A file with the days nobody works, inside the workspace."
    )

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.timezone)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///talenthub.db",
        min_length=1,
        description="sqlite:///FILE or postgresql://USER@HOST/NAME, or where that is kept: { env = … }.",
    )


class Plugins(Section):
    """Which plugins are on."""

    enabled: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), strict=False, description="Their names; `talent plugin list` shows which are installed."
    )
    longest_call: float = Field(
        default=60.0,
        ge=1,
        le=3_600,
        description="Seconds that a guard, an effect, a fact or a handler may take before it is ended.",
    )


class Handoff(Section):
    """What opens when something has happened elsewhere."""

    on: str = Field(
        pattern=r"^[a-z0-9_-]+(\.[a-z0-9_-]+){1,3}$",
        description="plugin.workflow.transition, or a hub event.",
    )
    open: str = Field(
        pattern=r"^[a-z0-9_-]+\.[a-z0-9_-]+$", description="The workflow to open: plugin.workflow."
    )
    under: str = Field(
        default="",
        pattern=r"^[a-z0-9_]*$",
        description="The field of what happened that names the case to open it under.",
    )


Purposes = Annotated[tuple[str, ...], Field(strict=False)]


Reader = Annotated[str, AfterValidator(_reader)]


def _over(defaults: Mapping[str, Any]) -> BeforeValidator:
    # Whoever sets one weight keeps the others.
    return BeforeValidator(lambda given: {**defaults, **given} if isinstance(given, Mapping) else given)


class EvidenceSettings(Section):
    """How a standing is computed, and who may read which rows."""

    half_life_days: int = Field(
        default=180, ge=1, le=36_500, description="After so many days a row counts half."
    )
    sure_weight: Share = Field(default=1.0, description="Under this weight a standing is provisional.")
    weights: Annotated[dict[str, Weight], _over(defaults.WEIGHTS)] = Field(
        default_factory=lambda: dict(defaults.WEIGHTS),
        description="What a row of each source weighs; 0: shown, never counted.",
    )
    purposes: Annotated[dict[str, Purposes], _over(defaults.PURPOSES)] = Field(
        default_factory=lambda: dict(defaults.PURPOSES),
        description="Purpose of the reading: purposes of the rows it may use.",
    )
    readers: Annotated[dict[Reader, Purposes], _over(defaults.READERS)] = Field(
        default_factory=lambda: dict(defaults.READERS),
        description="self, line or hr: purposes of the rows they may look at.",
    )

    def model_post_init(self, _context: Any) -> None:
        """Refuse purposes that nothing else names: they would be typing errors."""
        for table in ("purposes", "readers"):
            for name, purposes in getattr(self, table).items():
                for each in set(purposes) - set(self.purposes):
                    told = {"where": f"{table}.{name}", "nearest": nearest(each, self.purposes) or ""}
                    told |= {"purpose": each, "allowed": ", ".join(self.purposes)}
                    raise PydanticCustomError("purpose", "{where} names an unknown purpose, {purpose}", told)

    @staticmethod
    def own_sources() -> tuple[str, ...]:
        """Return the sources that the core itself knows."""
        return tuple(defaults.WEIGHTS)


class GapSettings(Section):
    """What is called a gap."""

    minor: Share = Field(default=0.25, description="A gap from this size on, in levels.")
    material: Share = Field(default=0.5, description="A material gap from this size on.")
    large: Share = Field(default=1.0, description="A large gap from this size on.")
    strength: Share = Field(default=0.5, description="So many levels above the required one make a strength.")
    close_sources: int = Field(
        default=2, ge=1, le=20, description="Sources that must agree before a gap closes."
    )
    close_days: int = Field(
        default=60, ge=1, le=3_660, description="How recent those sources must be, in days."
    )

    def model_post_init(self, _context: Any) -> None:
        """Refuse bands that do not rise."""
        if not self.minor < self.material < self.large:
            raise PydanticCustomError(
                "order", "the bands do not rise", {"allowed": "minor < material < large"}
            )


class Reporting(Section):
    """How small a group may be and still be shown; it can only be raised."""

    minimum_people: int = Field(default=3, ge=3, le=1_000, description="The smallest group of people.")
    minimum_units: int = Field(default=5, ge=5, le=1_000, description="The smallest unit or selection group.")


class Demo(Section):
    """A workspace of invented people, with its own clock."""

    enabled: bool = Field(default=False, description="Whether this is a demo: --as and tick --to are free.")
    seed: int = Field(default=2026, ge=0, description="The same seed makes the same people.")


class SecretAt(Section):
    """Where a secret is kept: read by who needs it, when it is needed."""

    env: str | None = Field(default=None, min_length=1, description="The name of an environment variable.")
    file: str | None = Field(default=None, min_length=1, description="A file, its folder the workspace's.")

    def model_post_init(self, _context: Any) -> None:
        """Refuse two places, and none."""
        if (self.env is None) == (self.file is None):
            raise PydanticCustomError(
                "secret",
                "a secret is kept at one place",
                {"allowed": '{ env = "NAME" } or { file = "PATH" }'},
            )


class Mail(Section):
    """How mail leaves: digests, and what is urgent."""

    backend: Literal["off", "file", "console", "smtp"] = Field(
        default="off", description="off, file (a folder of .eml files), console or smtp."
    )
    sender: Annotated[str, Field(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")] | None = Field(
        default=None, description="The address that mail comes from."
    )
    host: str | None = Field(default=None, min_length=1, description="The mail server.")
    port: int = Field(default=587, ge=1, le=65_535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls, or none for a server on this machine."
    )
    user: str | None = Field(default=None, min_length=1, description="Who logs in there; none: nobody.")
    password: SecretAt | None = Field(default=None, description="Where the password is kept.")
    folder: Annotated[str, AfterValidator(_relative)] = Field(
        default="mail", min_length=1, description="Where the backend file puts them, inside the workspace."
    )
    templates: Annotated[str, AfterValidator(_relative)] | None = Field(
        default=None, description="A folder of texts by language (de/digest.txt), inside the workspace."
    )
    digests_from: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = Field(
        default="07:00", description="The time of day from which the worker makes the day's digests."
    )

    def model_post_init(self, _context: Any) -> None:
        """Refuse a way of sending that lacks what it needs."""
        needed = {"smtp": ("sender", "host"), "file": ("sender",), "console": ("sender",)}
        missing = [name for name in needed.get(self.backend, ()) if getattr(self, name) is None]
        missing += ["password"] if self.user is not None and self.password is None else []
        if missing:
            told = {"allowed": "set it under [mail]", "missing": " and ".join(missing)}
            raise PydanticCustomError("mail", "to send mail, {missing} must be set", told)


class Log(Section):
    """What a worker writes to standard error; never anything personal."""

    format: Literal["text", "json"] = Field(
        default="text", description="text for people, or json: a line each time something was done."
    )


class Webhook(Section):
    """Another system that is told what happened: reference and event."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="What it is called here; keep it.")
    url: Annotated[str, Field(pattern=r"^https?://[^\s/@]+(/\S*)?$")] = Field(
        description="Where its requests go, https://…"
    )
    secret: SecretAt = Field(description="Where the key that signs is kept: whsec_ and base64.")
    previous_secret: SecretAt | None = Field(
        default=None, description="While a key is changed: the former one, which signs too."
    )
    events: tuple[Annotated[str, Field(pattern=r"^(\*|[a-z0-9_-]+(\.[a-z0-9_-]+){2})$")], ...] = Field(
        strict=False,
        min_length=1,
        description="plugin.workflow.transition (or state), hub.post.vacated, or * for every case.",
    )
    allow_private: bool = Field(
        default=False, description="Whether it may be on this machine or in a private network."
    )


class Jobs(Section):
    """Who runs the background work."""

    executor: str = Field(
        default="embedded",
        pattern=r"^[a-z][a-z0-9_-]*$",
        description="embedded (one machine), procrastinate (any number, on PostgreSQL) or a plugin's.",
    )
    dead_after: int = Field(
        default=30,
        ge=3,
        le=3_600,
        description="Seconds of silence after which another machine takes over a worker's jobs.",
    )


class Settings(Section):
    """All of talenthub.toml; `plugin` is checked by each plugin's own model."""

    organisation: Organisation = Field(default_factory=Organisation)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    plugins: Plugins = Field(default_factory=Plugins)
    plugin: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="[plugin.NAME]: its settings."
    )
    workflow: Annotated[dict[WorkflowName, WorkflowAdjustment], BeforeValidator(named_whole)] = Field(
        default_factory=dict, description='[workflow."plugin.name"]: what is adjusted of it.'
    )
    handoff: tuple[Handoff, ...] = Field(
        default=(), strict=False, description="[[handoff]]: what follows what."
    )
    jobs: Jobs = Field(default_factory=Jobs)
    mail: Mail = Field(default_factory=Mail)
    log: Log = Field(default_factory=Log)
    webhook: tuple[Webhook, ...] = Field(
        default=(), strict=False, description="[[webhook]]: which other systems are told of what."
    )
    evidence: EvidenceSettings = Field(default_factory=EvidenceSettings)
    gap: GapSettings = Field(default_factory=GapSettings)
    reporting: Reporting = Field(default_factory=Reporting)
    demo: Demo = Field(default_factory=Demo)

    def model_post_init(self, _context: Any) -> None:
        """Refuse two webhooks of one name: nobody could tell them apart."""
        names = [each.name for each in self.webhook]
        for name in {each for each in names if names.count(each) > 1}:
            told = {"where": "webhook", "name": name, "allowed": "a name for each"}
            raise PydanticCustomError("webhook", "two webhooks are called {name}", told)
