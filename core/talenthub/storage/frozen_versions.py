"""Frozen versions: the database itself refuses to change published content.

Triggers refuse every change to a framework version that is no longer a draft.
SQLite drops the triggers of a table that a later migration rebuilds: such a
migration must call `protect` again. What stands here belongs to revision 0003
and does not change: what a later revision adds it protects by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

CONTENT = (
    "rating_anchor",
    "value",
    "scale",
    "level",
    "competency",
    "competency_value",
    "role",
    "role_level",
    "requirement",
    "descriptor",
    "indicator",
    "question",
)
# What a published version keeps as it is: all but status and withdrawn_at.
FIXED = (
    "id",
    "framework_id",
    "number",
    "locked",
    "title",
    "language",
    "edition",
    "licence",
    "attribution",
    "source",
    "organisation",
    "rating_mode",
    "check_profile",
    "role_scale",
    "content_hash",
    "created_at",
    "edited_at",
    "last_edited_by",
    "last_edited_login",
    "effective_from",
    "published_at",
    "published_by",
    "published_login",
)
STEPS = (
    ("draft", "published"),
    ("draft", "withdrawn"),
    ("published", "superseded"),
    ("published", "withdrawn"),
    ("superseded", "published"),
    ("superseded", "withdrawn"),
)
MESSAGE = "a published framework version never changes"


def protect(dialect: str) -> Iterator[str]:
    """Return the statements that make published versions immutable."""
    return _protect_sqlite() if dialect == "sqlite" else _protect_postgresql()


def _changed(differs: str) -> str:
    fixed = " OR ".join(f'OLD."{each}" {differs} NEW."{each}"' for each in FIXED)
    steps = " OR ".join(f"(OLD.status = '{old}' AND NEW.status = '{new}')" for old, new in STEPS)
    return (
        f"(OLD.status <> 'draft' AND ({fixed})) OR (OLD.status <> NEW.status AND NOT ({steps})) "
        "OR OLD.id <> NEW.id OR OLD.framework_id <> NEW.framework_id"
    )


def _protect_sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    frozen = "(SELECT status FROM framework_version WHERE id = {row}.version_id) <> 'draft'"
    for table in CONTENT:
        for event, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            when = " OR ".join(frozen.format(row=row) for row in rows)
            head = f'CREATE TRIGGER frozen_{table}_{event.lower()} BEFORE {event} ON "{table}"'
            yield f"{head} WHEN {when} {refuse}"
    # INSERT OR REPLACE deletes the old row without asking the DELETE trigger.
    replaced = (
        "EXISTS (SELECT 1 FROM framework_version WHERE status <> 'draft' AND "
        "(id = NEW.id OR (framework_id = NEW.framework_id AND number = NEW.number)))"
    )
    on = "ON framework_version WHEN"
    unwanted = f"NEW.status <> 'draft' OR {replaced}"
    yield f"CREATE TRIGGER frozen_version_insert BEFORE INSERT {on} {unwanted} {refuse}"
    yield f"CREATE TRIGGER frozen_version_update BEFORE UPDATE {on} {_changed('IS NOT')} {refuse}"
    yield f"CREATE TRIGGER frozen_version_delete BEFORE DELETE {on} OLD.status <> 'draft' {refuse}"


def _protect_postgresql() -> Iterator[str]:
    begin = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    refuse = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';"
    frozen = "(SELECT status FROM framework_version WHERE id = {row}.version_id) <> 'draft'"
    new, old = frozen.format(row="NEW"), frozen.format(row="OLD")
    yield (
        f"CREATE FUNCTION framework_content_frozen() {begin} "
        f"IF TG_OP <> 'INSERT' AND {old} THEN {refuse} END IF; "
        f"IF TG_OP <> 'DELETE' AND {new} THEN {refuse} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE FUNCTION framework_version_frozen() {begin} "
        f"IF TG_OP = 'INSERT' THEN IF NEW.status <> 'draft' THEN {refuse} END IF; RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN IF OLD.status <> 'draft' THEN {refuse} END IF; RETURN OLD; END IF; "
        f"IF {_changed('IS DISTINCT FROM')} THEN {refuse} END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE FUNCTION framework_kept_whole() {begin} "
        f"IF EXISTS (SELECT 1 FROM framework_version WHERE status <> 'draft') THEN {refuse} END IF; "
        "RETURN NULL; END $$"
    )
    for table, function in [
        *((each, "framework_content_frozen") for each in CONTENT),
        ("framework_version", "framework_version_frozen"),
    ]:
        yield (
            f'CREATE TRIGGER frozen_{table} BEFORE INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        yield (
            f'CREATE TRIGGER whole_{table} BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION framework_kept_whole()"
        )
