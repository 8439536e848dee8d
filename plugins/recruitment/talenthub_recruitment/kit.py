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
        }
        for item in plan.items
    ]


def _anchor_text(anchor: Anchor | None, language: str) -> str | None:
    return (
        None if anchor is None else in_language(anchor.text, language) or in_language(anchor.label, language)
    )


# --- Markdown ------------------------------------------------------------------------------------


def as_markdown(plan: Plan, language: str = "") -> str:
    """Return the kit as Markdown."""
    return "\n".join(_markdown(plan, language)) + "\n"


def _markdown(plan: Plan, language: str) -> Iterator[str]:
    yield f"# Interview kit: {in_language(plan.role_title, language)}"
    yield ""
    yield f"Compiled from {plan.framework}, plan version {plan.version}: {', '.join(plan.codes)}."
    yield "Rate alone and lock before you talk. Ratings of 1, 2 and 5 need a note."
    for item in plan.items:
        yield from _markdown_item(plan, item, language)


def _markdown_item(plan: Plan, item: PlanItem, language: str) -> Iterator[str]:
    measure = item.measure
    mark = " (critical)" if measure.critical else ""
    yield ""
    yield f"## {measure.competency} {in_language(item.title, language)}{mark}"
    yield ""
    if item.definition is not None:
        yield in_language(item.definition, language)
        yield ""
    yield f"Required level {measure.required}, weight {measure.weight}."
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


def _anchors(plan: Plan, item: PlanItem, language: str) -> Iterator[tuple[str, list[str]]]:
    yield _anchor(plan, "One level below", item.below, language, lowest=True)
    yield _anchor(plan, "At the required level", item.at, language)
    yield _anchor(plan, "One level above", item.above, language, lowest=False)


def _anchor(
    plan: Plan, place: str, anchor: Anchor | None, language: str, *, lowest: bool | None = None
) -> tuple[str, list[str]]:
    if anchor is None:
        # The scale ends here: the anchor of the rating says what to look for.
        point = _outermost(plan.scale, lowest=bool(lowest))
        return (f"{place}: there is none", [_point(point, language)] if point is not None else [])
    text = in_language(anchor.text, language)
    lines = [*([text] if text else []), *_texts(anchor.signs, language)]
    lines += (f"Watch for: {each}" for each in _texts(anchor.warnings, language))
    return f"{place}: {anchor.level} {in_language(anchor.label, language)}", lines


def _outermost(scale: Iterable[Point], *, lowest: bool) -> Point | None:
    ordered = sorted(scale, key=lambda each: each.value, reverse=not lowest)
    return ordered[0] if ordered else None


def _point(point: Point, language: str) -> str:
    return f"{point.value} {in_language(point.label, language)}: {in_language(point.text, language)}"


def _texts(texts: Iterable[Words], language: str) -> list[str]:
    return [in_language(each, language) for each in texts]


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
        f"<p>Compiled from {escape(plan.framework)}, plan version {plan.version}. "
        "Rate alone and lock before you talk. Ratings of 1, 2 and 5 need a note.</p>"
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
    cells = list(_anchors(plan, item, language))
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each, _ in cells)
    texts = "".join(f"<td{_class(place)}>{_items(lines)}</td>" for place, (_, lines) in enumerate(cells))
    return (
        f"<section><h2>{heading}</h2><p>{escape(in_language(item.definition, language))}</p>"
        f"<p>Required level {measure.required}, weight {escape(measure.weight)}.</p><ul>{asked}</ul>"
        f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{texts}</tr></tbody></table></section>"
    )


def _class(place: int) -> str:
    return ' class="at"' if place == 1 else ""


def _items(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in lines) + "</ul>"
