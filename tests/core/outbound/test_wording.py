"""The texts of mail: by language, an organisation's own, faults by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from talenthub.errors import ConfigurationError
from talenthub.outbound.wording import FIELDS, SHIPPED, SUBJECT, WORDS, read_wordings
from talenthub.people.tables import person

LANGUAGES = sorted(each.name for each in SHIPPED.iterdir())


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_all_that_english_says(language: str) -> None:
    for english in (SHIPPED / "en").iterdir():
        shipped = (SHIPPED / language / english.name).read_text(encoding="utf-8")
        fields = [sorted(re.findall(r"\{\w+\}", text)) for text in (shipped, english.read_text())]
        assert fields[0] == fields[1], f"{language}/{english.name}"
    assert {"en", "de", "pt"} <= set(LANGUAGES)


def test_no_subject_can_name_a_person_or_a_case() -> None:
    assert set(SUBJECT) <= set(FIELDS)
    assert {field for fields in SUBJECT.values() for field in fields} == {"counts"}


def test_every_fault_is_told_with_its_line_and_the_nearest_field(tmp_path: Path) -> None:
    digest = put(tmp_path, "de/digest.txt", "Subject: {counts} für {name}\n\nHallo {nam}\n{taks}\n")
    words = put(tmp_path, "de/words.txt", "late = {count} zu spät\nlatt = x\ntoday = {days}\n")
    put(tmp_path, "fr/digset.txt", "…")
    with pytest.raises(ConfigurationError) as caught:
        read_wordings(tmp_path)
    told = {(each.place, each.found, each.nearest) for each in caught.value.problems}
    assert told == {
        (f"{digest}:1", "name", None),
        (f"{digest}:3", "nam", "name"),
        (f"{digest}:4", "taks", "tasks"),
        (f"{words}:2", "latt", "late"),
        (f"{words}:3", "days", None),
        (str(tmp_path / "fr" / "digset.txt"), "digset", "digest"),
    }
    with pytest.raises(ConfigurationError, match="not there"):
        read_wordings(tmp_path / "gone")


def test_a_text_of_ones_own_goes_over_the_shipped_one_and_the_nearest_language_is_taken(tmp_path) -> None:
    put(tmp_path, "pt-BR/urgent.txt", "Oi {name}!\n\n{text}\n")
    found = read_wordings(tmp_path, "de")
    own = found.of("pt-BR")
    assert own.body("urgent", name="Ana", text="{name} vem", title="", ref="A-1") == "Oi Ana!\n\n{name} vem"
    assert own.subject("urgent") == "something needs you now", "English, where nothing else is said"
    assert found.of("pt-PT").word("today") == "hoje"
    assert (found.of("fr").language, found.of("de-AT").word("late", count=3)) == ("de", "seit 3 T")
    assert WORDS not in FIELDS


def test_paragraphs_with_nothing_in_them_are_left_out() -> None:
    said = (
        read_wordings()
        .of("en")
        .body("digest", name="Ana", day="2026-01-05", tasks="  A-1", messages="", changes="")
    )
    assert said.split("\n\n") == [
        "Ana, this is what stands for 2026-01-05.",
        "What waits for you\n  A-1",
        "All of it: talent inbox",
    ]


def test_mail_comes_in_the_language_of_its_reader(firm: Any, mailbox: Any) -> None:
    made = firm(mail={"backend": "smtp", "sender": "talent@firm.example", "host": "127.0.0.1",
                      "port": mailbox.port, "security": "none"})  # fmt: skip
    made.run(lambda tx: tx.write(update(person).where(person.c.handle == "olga").values(language="de-CH")))
    made.fire(made.open(), "help")
    made.executor().round()
    told = {to[0]: text for to, text in mailbox.letters}
    assert "etwas braucht Sie jetzt" in told["olga@firm.example"]
    assert "something needs you now" in told["otto@firm.example"]
