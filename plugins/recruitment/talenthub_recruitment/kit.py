"""The interview kit: questions and anchors, as Markdown or as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from talenthub_recruitment.cases import Anchor, Plan, PlanItem, Point, Words
from talenthub_recruitment.plan import in_language

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-top: 2px solid; padding-top: 1rem; break-before: page; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid; padding: .4rem .6rem; text-align: left; vertical-align: top; }
.at { background: #eef4ff; }
@media print { body { margin: 0; } }
"""

_BY_POINTS = "Rate alone and lock before you talk. Ratings of 1, 2 and 5 need a note."
_BY_LEVELS = (
    "Rate alone and lock before you talk. Name the level that you have seen; "
    "one other than the required level needs a note."
)

_PLACES = (("One level below", 1), ("At the required level", 3), ("One level above", 5))
"""The three columns, and the point of the five that speaks of each."""


def as_rows(plan: Plan, language: str = "") -> list[dict[str, object]]:
    """Return one row a competency: weight, questions, anchors."""
    return [
        {
            "competency": item.measure.competency,
            "title": in_language(item.title, language),
            "required": item.measure.required,
            "critical": item.measure.critical,
            "weight": item.measure.weight,
            "past": [in_language(each, language) for each in item.past],
            "situational": [in_language(each, language) for each in item.situational],
            "below": _anchor_text(item.below, language),
            "at": _anchor_text(item.at, language),
            "above": _anchor_text(item.above, language),
            "levels": [_point(each, language) for each in item.levels],
        }
        for item in plan.items
    ]


def _anchor_text(anchor: Anchor | None, language: str) -> str | None:
    return (
        None if anchor is None else in_language(anchor.text, language) or in_language(anchor.label, language)
    )


# --- what both forms say -------------------------------------------------------------------------


def _rule(plan: Plan) -> str:
    return _BY_LEVELS if plan.names_levels else _BY_POINTS


def _required(item: PlanItem, language: str) -> str:
    measure = item.measure
    level = next((each for each in item.levels if each.value == measure.required), None)
    named = "" if level is None else f" {in_language(level.label, language)}"
    return f"Required level {measure.required}{named}, weight {measure.weight}."


def _choice(item: PlanItem, language: str) -> str:
    """Return what raters choose from, where they name levels."""
    named = (f"{each.value} {in_language(each.label, language)}" for each in item.levels)
    return f"Rate with one of: {', '.join(named)}." if item.levels else ""


def _anchors(plan: Plan, item: PlanItem, language: str) -> list[tuple[str, list[str]]]:
    anchors = (item.below, item.at, item.above)
    return [_anchor(plan, place, anchor, language) for place, anchor in zip(_PLACES, anchors, strict=True)]


def _anchor(
    plan: Plan, place: tuple[str, int], anchor: Anchor | None, language: str
) -> tuple[str, list[str]]:
    heading, value = place
    # Where the scale ends, or has no words, the anchor of the rating says what to look for.
    rated = [_point(each, language) for each in plan.scale if each.value == value]
    if anchor is None:
        return f"{heading}: there is none", rated
    text = in_language(anchor.text, language)
    lines = [*([text] if text else []), *_texts(anchor.signs, language)]
    lines += (f"Watch for: {each}" for each in _texts(anchor.warnings, language))
    return f"{heading}: {_named(anchor, language)}", lines or rated or [_WORDLESS]


_WORDLESS = "The framework has no words for this level: judge by those beside it."


def _named(anchor: Anchor, language: str) -> str:
    label = in_language(anchor.label, language)
    return label if anchor.level == label else f"{anchor.level} {label}"


def _point(point: Point, language: str) -> str:
    text = in_language(point.text, language)
    return f"{point.value} {in_language(point.label, language)}" + (f": {text}" if text else "")


def _texts(texts: Iterable[Words], language: str) -> list[str]:
    return [in_language(each, language) for each in texts]


# --- Markdown ------------------------------------------------------------------------------------


def as_markdown(plan: Plan, language: str = "") -> str:
    """Return the kit as Markdown."""
    return "\n".join(_markdown(plan, language)) + "\n"


def _markdown(plan: Plan, language: str) -> Iterator[str]:
    yield f"# Interview kit: {in_language(plan.role_title, language)}"
    yield ""
    yield _compiled(plan)
    yield _rule(plan)
    for item in plan.items:
        yield from _markdown_item(plan, item, language)


def _compiled(plan: Plan) -> str:
    rated = ", ".join(plan.codes) or "nothing is rated yet, the author of the plan picks it"
    return f"Compiled from {plan.framework}, plan version {plan.version}: {rated}."


def _markdown_item(plan: Plan, item: PlanItem, language: str) -> Iterator[str]:
    measure = item.measure
    mark = " (critical)" if measure.critical else ""
    yield ""
    yield f"## {measure.competency} {in_language(item.title, language)}{mark}"
    yield ""
    if item.definition is not None:
        yield in_language(item.definition, language)
        yield ""
    yield _required(item, language)
    if choice := _choice(item, language):
        yield choice
    yield ""
    for heading, questions in (("Past", item.past), ("Situational", item.situational)):
        for question in questions:
            yield f"- **{heading}:** {in_language(question, language)}"
    yield ""
    for heading, lines in _anchors(plan, item, language):
        yield f"**{heading}**"
        yield ""
        yield from (f"- {line}" for line in lines)
        yield ""


# --- a page --------------------------------------------------------------------------------------


def as_page(plan: Plan, language: str = "") -> str:
    """Return the kit as one HTML page that needs nothing else."""
    title = escape(f"Interview kit: {in_language(plan.role_title, language)}")
    scale = "".join(f"<li>{escape(_point(each, language))}</li>" for each in plan.scale)
    body = "".join(_section(plan, item, language) for item in plan.items)
    return (
        f'<!doctype html>\n<html lang="{escape(language or "en")}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{escape(_compiled(plan))} {_rule(plan)}</p>"
        f"<ul>{scale}</ul>{body}</main></body></html>\n"
    )


def _section(plan: Plan, item: PlanItem, language: str) -> str:
    measure = item.measure
    mark = " (critical)" if measure.critical else ""
    heading = escape(f"{measure.competency} {in_language(item.title, language)}{mark}")
    asked = "".join(
        f"<li><strong>{kind}:</strong> {escape(in_language(each, language))}</li>"
        for kind, questions in (("Past", item.past), ("Situational", item.situational))
        for each in questions
    )
    cells = _anchors(plan, item, language)
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each, _ in cells)
    texts = "".join(f"<td{_class(place)}>{_items(lines)}</td>" for place, (_, lines) in enumerate(cells))
    rated = f"{_required(item, language)} {_choice(item, language)}".strip()
    return (
        f"<section><h2>{heading}</h2><p>{escape(in_language(item.definition, language))}</p>"
        f"<p>{escape(rated)}</p><ul>{asked}</ul>"
        f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{texts}</tr></tbody></table></section>"
    )


def _class(place: int) -> str:
    return ' class="at"' if place == 1 else ""


def _items(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in lines) + "</ul>"
