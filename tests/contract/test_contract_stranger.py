"""What a stranger gets wrong with `talent plugin new` and `check` is told kindly."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from talenthub.cli.plugin_check import check
from talenthub.cli.plugin_new import new
from talenthub.conformance import check_plugin
from talenthub.errors import FileError, NotFound, PluginError, TalentError, UsageError
from talenthub.scaffold import file_names, named, write_project


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("My Plugin!", "my-plugin"),
        ("9lives", "lives"),
        ("café", "cafe"),
        ("talenthub-chess", "chess"),
        ("talenthub", None),
        ("class", None),
        ("", None),
        ("x" * 40, "x" * 30),
    ],
)
def test_a_name_that_cannot_be_is_answered_with_one_that_can(word: str, nearest: str | None) -> None:
    with pytest.raises(UsageError) as raised:
        named(word)
    assert raised.value.problems[0].nearest == nearest
    assert nearest is None or named(nearest).command == nearest


@pytest.mark.parametrize("word", ["recruitment", "inbox"])
def test_a_name_that_is_taken_is_refused(word: str) -> None:
    _fails(new, [word], UsageError, "has this name already")


def test_the_references_of_a_new_plugin_are_not_those_of_another() -> None:
    assert named("review").ref == "REV"
    assert named("review", refs={"REV", "REI"}).ref == "REE"
    assert named("ax").ref == "AXX"


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileError, match="nothing is overwritten"):
        write_project(tmp_path, named("chess"))
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_where_nothing_can_be_written_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "chess"
    with pytest.raises(FileError) as raised:
        write_project(target, named("chess"))
    assert raised.value.problems[0].place == str(target)


@pytest.mark.parametrize("tables", [False, True])
def test_a_project_is_whole(tables: bool, tmp_path: Path) -> None:
    naming = named("chess")
    made = write_project(tmp_path / "chess", naming, tables=tables)
    assert [each.relative_to(tmp_path / "chess") for each in made] == file_names(naming, tables=tables)
    for file in made:
        text = file.read_text("utf-8")
        assert "$" not in text.replace("${{ matrix", "").replace("$ ", ""), file
        if file.suffix == ".py":
            compile(text, str(file), "exec")


def test_what_is_to_be_checked_is_named_or_told(tmp_path: Path) -> None:
    write_project(tmp_path / "chess", named("chess"))
    project = tmp_path / "chess" / "pyproject.toml"
    _fails(check, ["recruitmnet"], NotFound, "did you mean 'recruitment'?")
    _fails(check, [str(tmp_path)], FileError, "there is no pyproject.toml here")
    _fails(check, [str(tmp_path / "chess" / "README.md")], FileError, "there is no pyproject.toml here")
    # The file will do for its folder.
    _fails(check, [str(project)], PluginError, "pip install -e")
    project.write_text(project.read_text("utf-8").replace("talenthub.plugins", "talenthub.plugin"))
    _fails(check, [str(tmp_path / "chess")], FileError, 'add [project.entry-points."talenthub.plugins"]')
    project.write_text("[[[")
    _fails(check, [str(tmp_path / "chess")], FileError, "this is no TOML")


def test_an_entry_point_to_nowhere_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = tmp_path / "talenthub_chess-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: talenthub-chess\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[talenthub.plugins]\nchess = talenthub_ches.plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (finding,) = check_plugin("chess", checks=["import", "names", "hooks"])
    assert "No module named 'talenthub_ches'" in finding.problem.text
    assert finding.problem.found == "talenthub_ches.plugin"
    assert "pyproject.toml" in str(finding.problem.place)


def _fails(command: object, words: list[str], kind: type[TalentError], says: str) -> None:
    done = CliRunner().invoke(command, words)  # type: ignore[arg-type]
    assert isinstance(done.exception, kind), done
    assert says in str(done.exception)
