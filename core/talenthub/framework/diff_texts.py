"""Names, texts and details of anything, compared the same way."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from talenthub.framework.changes import Change, ChangeClass, Thing, What
from talenthub.framework.diff_words import judge
from talenthub.framework.text import Text, Translations, say


def title_change(
    thing: Thing,
    where: str,
    before: Text | None,
    after: Text | None,
    still_used: Container[str],
    language: str,
) -> Iterator[Change]:
    """Return the change of a name: never more than minor.

    A name is no text that anybody was rated against.
    """
    judged = judge(before, after, still_used)
    if judged is not None:
        is_editorial = judged.kind is ChangeClass.EDITORIAL
        yield Change(
            thing=thing,
            what=What.RENAMED,
            where=where,
            kind=ChangeClass.EDITORIAL if is_editorial else ChangeClass.MINOR,
            before=say(before, language),
            after=say(after, language),
            why=judged.why if is_editorial else "the name alone",
        )


def text_change(
    thing: Thing,
    where: str,
    before: Text | None,
    after: Text | None,
    still_used: Container[str],
    language: str,
) -> Iterator[Change]:
    """Return the change of a text, by its words."""
    judged = judge(before, after, still_used)
    if judged is not None:
        yield Change(
            thing=thing,
            what=What.TEXT,
            where=where,
            kind=judged.kind,
            before=say(before, language),
            after=say(after, language),
            why=judged.why,
        )


def detail_changes(
    thing: Thing, where: str, before: object, after: object, names: Iterable[str], language: str
) -> Iterator[Change]:
    """Return what changed of the named fields: minor, each of them."""
    for name in names:
        mine, yours = getattr(before, name), getattr(after, name)
        if mine != yours:
            yield Change(
                thing=thing,
                what=What.DETAIL,
                where=where,
                kind=ChangeClass.MINOR,
                before=_shown(mine, language),
                after=_shown(yours, language),
                why=name.replace("_", " "),
            )


def _shown(value: object, language: str) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | Translations):
        return say(value, language)
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
