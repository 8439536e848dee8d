"""Page: a document of a few simple blocks, as Markdown or as HTML.

All text is escaped here, so that no wording of a framework can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of depth 1 to 4; depth 1 begins a new sheet when printed."""

    text: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a `lead` is set larger, a `note` smaller."""

    text: str
    kind: str = "text"
    """text, lead or note."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts, under a label."""

    items: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first column names its row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A document: its title, its language and its blocks."""

    title: str
    language: str
    blocks: tuple[Block, ...]


def to_markdown(page: Page) -> str:
    """Return the page as Markdown with tables."""
    return "\n\n".join("\n".join(_markdown(each)) for each in page.blocks) + "\n"


def to_html(page: Page) -> str:
    """Return the page as one HTML file, with nothing to fetch; it prints."""
    body = "\n".join(line for each in page.blocks for line in _html(each))
    return _SHEET.format(language=escape(page.language), title=escape(page.title), style=_STYLE, body=body)


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.depth} {_marked(block.text)}"
    elif isinstance(block, Paragraph):
        text = _marked(block.text)
        yield f"*{text}*" if block.kind == "note" else text
    elif isinstance(block, Bullets):
        yield from ([f"{_marked(block.label)}:", ""] if block.label else [])
        yield from (f"- {_marked(each)}" for each in block.items)
    else:
        yield _cells(block.head)
        yield "|" + " --- |" * len(block.head)
        yield from (_cells(each) for each in block.rows)


def _cells(texts: tuple[str, ...]) -> str:
    return "| " + " | ".join(_marked(each) for each in texts) + " |"


_MARKS = re.compile(r"([\\`*_~\[\]<>|#&])")
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=])")


def _marked(text: str) -> str:
    """Return the text on one line, without meaning to Markdown."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _LEADING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", line)


def _html(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h{block.depth}>{_escaped(block.text)}</h{block.depth}>"
    elif isinstance(block, Paragraph):
        yield f'<p class="{escape(block.kind)}">{_escaped(block.text)}</p>'
    elif isinstance(block, Bullets):
        yield from ([f'<p class="label">{_escaped(block.label)}</p>'] if block.label else [])
        yield "<ul>" + "".join(f"<li>{_escaped(each)}</li>" for each in block.items) + "</ul>"
    else:
        head = "".join(f'<th scope="col">{_escaped(each)}</th>' for each in block.head)
        yield f"<table><thead><tr>{head}</tr></thead><tbody>"
        for first, *rest in block.rows:
            cells = "".join(f"<td>{_escaped(each)}</td>" for each in rest)
            yield f'<tr><th scope="row">{_escaped(first)}</th>{cells}</tr>'
        yield "</tbody></table>"


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")


_SHEET = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""

_STYLE = """
:root { --ink: #1b2430; --soft: #59667a; --line: #cfd6df; --accent: #14505c; --tint: #f1f5f7; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.55 Georgia, "Times New Roman", serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3, h4, th, .label { font-family: "Helvetica Neue", Arial, sans-serif; line-height: 1.25; }
h1 { color: var(--accent); font-size: 1.9rem; margin: 3rem 0 .75rem; padding-top: 1rem; }
h1 { border-top: 4px solid; }
h1:first-child { margin-top: 0; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; color: var(--accent); }
h4 { font-size: .95rem; margin: 1.1rem 0 .2rem; }
p { margin: .4rem 0 .8rem; overflow-wrap: anywhere; }
.lead { font-size: 1.12rem; color: var(--soft); }
.note, .label { font-size: .85rem; color: var(--soft); }
.label { margin: .6rem 0 .1rem; font-weight: 600; }
ul { margin: .1rem 0 1rem; padding-left: 1.2rem; }
table { width: 100%; margin: .8rem 0 1.4rem; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .4rem .55rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { background: var(--tint); font-size: .8rem; color: var(--soft); }
tbody th { font-weight: 600; font-size: .86rem; line-height: 1.65; }
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h1 { break-before: page; }
  h1:first-child { break-before: auto; }
  h2, h3, h4, .label { break-after: avoid; }
  li, tr { break-inside: avoid; }
}
"""
