"""The handbook says what the framework says, and nothing more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from talenthub.errors import NotFound
from talenthub.framework.content import Content, Document
from talenthub.framework.handbook import handbook, role_handbook
from talenthub.framework.page import to_html, to_markdown
from talenthub.framework.text import Translations


def test_a_role_page_puts_its_own_words_first(harbourline: Document) -> None:
    text = to_markdown(role_handbook(harbourline.content, "case-officer", state="draft: not in force"))
    assert text.startswith("# Case Officer\n")
    assert "Reports to: Service Team Leader" in text
    assert "draft: not in force" in text
    assert "| Public Trust (TRU) | L2 Professional | critical, focus |" in text
    own, shared = text.index("## In the words of this role"), text.index("## In the words that roles share")
    assert own < text.index("Writes decisions and explains them") < shared
    assert shared < text.index("Owns a citizen's case from first contact")
    assert "Explains rules, technical findings" not in text


def test_the_whole_handbook_holds_every_text(harbourline: Document) -> None:
    content = harbourline.content
    text = to_markdown(handbook(content))
    plain = text.replace("\\", "")
    for each in content.descriptors:
        assert str(each.text) in plain
        assert all(str(indicator.text) in plain for indicator in each.indicators)
    for role in content.roles:
        assert f"\n# {role.title}\n" in text
    assert all(str(value.statement) in plain for value in content.values)
    assert all(str(question.text) not in plain for question in content.questions)


def test_html_stands_alone_and_prints(harbourline: Document) -> None:
    html = to_html(handbook(harbourline.content))
    assert html.startswith("<!doctype html>")
    assert '<html lang="en">' in html
    assert "@media print" in html
    assert not re.search(r"<(script|link|img|iframe)|https?:|@import|url\(", html)
    assert html.count("<h1>") == 5 + 12
    for tag in ("table", "ul", "li", "tr", "td", "h1", "h2", "h3", "p"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>")


def wild(content: Content, word: str) -> Content:
    first, *rest = content.values
    return replace(content, values=(replace(first, title=word, statement=word), *rest))


@pytest.mark.parametrize(
    "word", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "a & b &lt;", "|x|"]
)
def test_words_never_become_markup(harbourline: Document, word: str) -> None:
    page = handbook(wild(harbourline.content, word))
    html, text = to_html(page), to_markdown(page)
    assert "<script" not in html
    assert "<img" not in html
    assert "&amp;lt;" in html or "&lt;" not in word
    assert not re.search(r"(?<!\\)[<|]", text[text.index("### ") :].split("\n")[0])


def test_lists_and_headings_in_words_are_only_words(harbourline: Document) -> None:
    text = to_markdown(handbook(wild(harbourline.content, "# not a heading\n- nor a list\n1. nor that")))
    assert r"\# not a heading - nor a list 1. nor that" in text
    assert "\n\\- x" in to_markdown(handbook(wild(harbourline.content, "- x")))
    assert "\n1\\. x" in to_markdown(handbook(wild(harbourline.content, "1. x")))


def test_another_language_falls_back_to_the_first(harbourline: Document) -> None:
    content = wild(harbourline.content, "x")
    first, *rest = content.values
    title = Translations((("en", "Care"), ("pt", "Cuidado")))
    content = replace(content, values=(replace(first, title=title), *rest))
    assert "### Cuidado" in to_markdown(handbook(content, language="pt"))
    assert "### Care" in to_markdown(handbook(content, language="fr"))


def test_an_unknown_role_is_answered(harbourline: Document) -> None:
    with pytest.raises(NotFound, match="did you mean 'case-officer'"):
        role_handbook(harbourline.content, "case-offiser")
    with pytest.raises(NotFound):
        role_handbook(harbourline.content, "case-officer", level="none")
