"""Bad configurations: each is answered with file, line, finding and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from talenthub.errors import ConfigurationError
from talenthub.workspace.opening import configure, database_url

CASES: list[tuple[str, str, str, str]] = [
    ("unknown section", "[organisaton]\nname = 'X'", "talenthub.toml:1", "did you mean 'organisation'?"),
    ("unknown key", "[organisation]\nnme = 'X'", "talenthub.toml:2", "did you mean 'name'?"),
    (
        "key not close to any",
        "[reporting]\n\ncolour = 1",
        "talenthub.toml:3",
        "minimum_people, minimum_units",
    ),
    (
        "text for a number",
        "[reporting]\nminimum_people = '4'",
        "talenthub.toml:2",
        "whole number, not a text",
    ),
    (
        "number for a text",
        "[organisation]\nname = 4",
        "talenthub.toml:2",
        "must be a text, not a whole number",
    ),
    ("fraction for a whole", "[reporting]\nminimum_units = 5.5", "talenthub.toml:2", "whole number"),
    ("yes for true", "[demo]\nenabled = 'yes'", "talenthub.toml:2", "true or false, not a text"),
    ("true for a number", "[demo]\nseed = true", "talenthub.toml:2", "whole number, not a true or false"),
    ("value for a table", "reporting = 3", "talenthub.toml:1", "must be a table, not a whole number"),
    ("table for a value", "[organisation.name]\na = 1", "talenthub.toml:1", "must be a text, not a table"),
    ("text for a list", "[plugins]\nenabled = 'a'", "talenthub.toml:2", "must be a list, not a text"),
    ("number in a list", "[plugins]\nenabled = [\n  1,\n]", "talenthub.toml:3", "must be a text"),
    ("too small a group", "[reporting]\nminimum_people = 2", "talenthub.toml:2", "must be at least 3"),
    ("too small a unit", "[reporting]\nminimum_units = 4", "talenthub.toml:2", "must be at least 5"),
    ("no half-life", "[evidence]\nhalf_life_days = 0", "talenthub.toml:2", "must be at least 1"),
    ("weight over one", "[evidence.weights]\nself = 2.0", "talenthub.toml:2", "must be at most 1"),
    ("weight under zero", "[evidence.weights]\npeers = -0.1", "talenthub.toml:2", "must be at least 0"),
    ("weight not a number", "[evidence.weights]\npeers = nan", "talenthub.toml:2", "finite number"),
    ("weight endless", "[evidence.weights]\npeers = inf", "talenthub.toml:2", "peers"),
    ("unknown source", "[evidence.weights]\nmangaer = 1.0", "talenthub.toml:2", "did you mean 'manager'?"),
    ("bands fall", "[gap]\nmaterial = 2.0", "talenthub.toml:1", "minor < material < large"),
    ("unknown zone", "[organisation]\ntimezone = 'Europe/Lissabon'", "talenthub.toml:2", "'Europe/Lisbon'"),
    ("bad language", "[organisation]\nlanguage = 'english please'", "talenthub.toml:2", "en or pt-BR"),
    ("calendar outside", "[organisation]\ncalendar = '../c.txt'", "talenthub.toml:2", "leaves the workspace"),
    ("handoff without open", "[[handoff]]\non = 'a.b.c'", "talenthub.toml:1", "missing"),
    (
        "second handoff",
        "[[handoff]]\non='a.b.c'\nopen='a.b'\n[[handoff]]\non='a.b'\nopn='x'",
        "talenthub.toml:6",
        "'open'",
    ),
    ("handoff event", "[[handoff]]\non = 'Hired!'\nopen = 'a.b'", "talenthub.toml:2", "form"),
    ("duplicate key", "[demo]\nseed = 1\nseed = 2", "talenthub.toml:3", "first in line 2"),
    ("duplicate table", "[demo]\nseed = 1\n[demo]\n", "talenthub.toml:3", "first in line 1"),
    ("open quote", '[organisation]\nname = "X', "talenthub.toml:2", "not TOML"),
    ("no value", "[organisation]\nname =\n", "talenthub.toml:2", "not TOML"),
    ("bad date", "[organisation]\nname = 2026-13-01", "talenthub.toml:2", "not TOML"),
    ("nul", "[organisation]\nname = 'a\x00b'", "talenthub.toml:2", "not TOML"),
    ("unknown plugin table", "[plugin.recruitmnt]\na = 1", "talenthub.toml:1", "did you mean 'recruitment'?"),
    (
        "plugin setting",
        "[plugins]\nenabled=['recruitment']\n[plugin.recruitment]\ncolour='r'",
        "talenthub.toml:4",
        "unknown setting",
    ),
    ("database kind", "[database]\nurl = 'mysql://x/y'", "talenthub.toml:2", "sqlite, postgresql"),
    ("database nonsense", "[database]\nurl = 'tomorrow'", "talenthub.toml:2", "sqlite:///FILE"),
    ("database in memory", "[database]\nurl = 'sqlite://'", "talenthub.toml:2", "in a file"),
    ("written password", "[database]\nurl = 'postgresql://a:geheim@h/d'", "talenthub.toml:2", "env"),
    ("secret not set", "[database]\nurl = { env = 'TALENT_NO_SUCH' }", "talenthub.toml:2", "TALENT_NO_SUCH"),
    ("secret file gone", "[database]\nurl = { file = 'no-such' }", "talenthub.toml:2", "no such file"),
    ("two references", "[database]\nurl = { file = 'a', env = 'b' }", "talenthub.toml:2", "must be a text"),
]


@pytest.mark.parametrize(
    ("text", "place", "says"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_bad_setting_is_told_with_its_line(tmp_path: Path, text: str, place: str, says: str) -> None:
    (tmp_path / "talenthub.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        database_url(configure(tmp_path, environment={}))
    told = [str(problem) for problem in caught.value.problems]
    assert any(line.startswith((f"{place} ", f"{place}:")) and says in line for line in told), told
    assert all("\n" not in line and "pydantic" not in line for line in told)
    assert "geheim" not in " ".join(told)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 25


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").write_text("[demo]\nsed = 1\n[reporting]\nminimum_people = 1\n")
    with pytest.raises(ConfigurationError) as caught:
        configure(tmp_path, environment={})
    assert [problem.place for problem in caught.value.problems] == ["talenthub.toml:2", "talenthub.toml:4"]


def test_two_bad_files_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").write_text("[demo\n")
    (tmp_path / "talenthub.local.toml").write_text("= 3\n")
    with pytest.raises(ConfigurationError) as caught:
        configure(tmp_path, environment={})
    assert [str(each.place).partition(":")[0] for each in caught.value.problems] == [
        "talenthub.toml",
        "talenthub.local.toml",
    ]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe[\x00d\x00]\x00", "byte 0 is not UTF-8"),
        ("[organisation]\nname = 'Ü'".encode("latin-1"), "talenthub.toml:2"),
        (b"x = 1\n" * 200_000, "too large"),
    ],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "talenthub.toml").write_bytes(raw)
    with pytest.raises(ConfigurationError, match=says):
        configure(tmp_path, environment={})


@pytest.mark.parametrize("raw", [b"", b"# nothing\n", b"\xef\xbb\xbf[demo]\r\nseed = 3\r\n"])
def test_empty_bom_and_windows_lines_are_fine(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "talenthub.toml").write_bytes(raw)
    assert configure(tmp_path, environment={}).settings.organisation.timezone == "UTC"


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").mkdir()
    with pytest.raises(ConfigurationError, match="not a file"):
        configure(tmp_path, environment={})


def test_deep_nesting_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ConfigurationError, match="not TOML"):
        configure(tmp_path, environment={})
