"""Files that are meant to do harm, in every format where they can: one clear answer each.

Cut short, in another encoding, with tabs or keys twice, rings, noise without
end, and what is small to send and huge to read.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import FileError
from talenthub.framework.formats import mapped
from talenthub.framework.formats.reading import read_framework
from talenthub.testing import World

Files = dict[str, bytes]
Mend = Callable[[bytes], bytes]

YAML = ("yaml", "ft-progression")
TABLES = ("csv", "uk-gdad", "osmt", "esco", "onet")
TREES = ("unidays", "uk-civil-service", "case", "nist-nice", "direct")
TEXTS = (*YAML, *TABLES, *TREES)


def harmed(samples: Any, form: str, change: Mend) -> Files:
    """Return the files of a format with the largest of them changed."""
    files: Files = dict(samples[form])
    largest = max(files, key=lambda name: (len(files[name]), name))
    files[largest] = change(files[largest])
    return files


def answer(form: str, files: Files, folder: Path, laid: Any) -> FileError:
    """Return how a format refuses the files; every problem has its place."""
    with pytest.raises(FileError) as caught:
        read_framework(laid(folder / form, files), named=form)
    assert all(each.place and each.code for each in caught.value.problems)
    return caught.value


def told(error: FileError) -> str:
    return "\n".join(str(each) for each in error.problems)


@pytest.mark.parametrize("form", TEXTS)
def test_cut_in_the_middle_of_a_text(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    def cut(data: bytes) -> bytes:
        return data[: data.rindex(b'"', 0, data.rindex(b'"')) + 2]

    error = answer(form, harmed(samples, form, lambda data: cut(quoted(form, data))), tmp_path, laid)
    assert any(
        words in told(error)
        for words in ("never closed", "cannot be read", "another number of cells", "goes on")
    )


def quoted(form: str, data: bytes) -> bytes:
    """Return a file that ends with a quoted text, whatever it began with."""
    return data + (b'"a quoted text"' if form in TABLES else b"")


@pytest.mark.parametrize("form", TEXTS)
def test_another_encoding(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    error = answer(form, harmed(samples, form, lambda data: b"\xe9" + data), tmp_path, laid)
    assert "not UTF-8" in told(error)


@pytest.mark.parametrize("form", [*TABLES, *TREES])
def test_utf_16_is_named(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    error = answer(form, harmed(samples, form, lambda data: data.decode().encode("utf-16")), tmp_path, laid)
    assert "UTF-16" in told(error)


@pytest.mark.parametrize("name", ["table.csv", "table.txt", "table.tsv"])
def test_a_table_that_nobody_knows_tells_its_encoding_first(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes("conceptUri,preferredLabel\n".encode("utf-16"))
    with pytest.raises(FileError, match="UTF-16"):
        read_framework(tmp_path / name)


@pytest.mark.parametrize("form", TEXTS)
def test_a_byte_order_mark_is_no_fault(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    plain = read_framework(laid(tmp_path / "plain", samples[form]), named=form)
    files = {
        name: b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf") for name, data in samples[form].items()
    }
    assert read_framework(laid(tmp_path / "marked", files), named=form).content == plain.content


@pytest.mark.parametrize("form", YAML)
def test_tabs_in_yaml(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    error = answer(form, harmed(samples, form, lambda data: data.replace(b"\n  ", b"\n\t")), tmp_path, laid)
    [problem] = error.problems
    assert problem.text == "the YAML is indented with a tab"


@pytest.mark.parametrize("form", [*YAML, *TREES])
def test_a_key_that_stands_twice(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    def doubled(data: bytes) -> bytes:
        if form in YAML:
            return b"name: One\nname: Two\n" + data
        return data.replace(b"{", b'{"a": 1, "a": 2, ', 1)

    error = answer(form, harmed(samples, form, doubled), tmp_path, laid)
    assert "stands twice" in told(error)


def test_a_ring_in_yaml(small_text: str, laid: Any, tmp_path: Path) -> None:
    text = small_text.replace("name: Writing\n", "name: Writing\n    parent: LIS\n")
    text = text.replace("name: Listening\n", "name: Listening\n    parent: WRI\n")
    error = answer("yaml", {"framework.yaml": text.encode()}, tmp_path, laid)
    assert "WRI → LIS → WRI" in told(error)


def test_a_ring_in_our_tables(samples: Any, laid: Any, tmp_path: Path) -> None:
    files = dict(samples["csv"])
    files["competencies.csv"] = b"id,name,parent\r\nWRI,Writing,LIS\r\nLIS,Listening,WRI\r\n"
    assert "WRI → LIS → WRI" in told(answer("csv", files, tmp_path, laid))


def test_a_ring_of_broader_skills(samples: Any, laid: Any, tmp_path: Path) -> None:
    files = dict(samples["esco"])
    name = "broaderRelationsSkillPillar_en.csv"
    head, first, *rest = files[name].split(b"\n")
    kind, narrow, other, broad = first.split(b",")
    files[name] = b"\n".join([head, first, b",".join([other, broad, kind, narrow]), *rest])
    assert "in a ring" in told(answer("esco", files, tmp_path, laid))


@pytest.mark.parametrize("name", ["noise.yaml", "noise.csv", "noise.json", "noise.xlsx", "noise.yml"])
def test_a_hundred_megabytes_of_noise(name: str, tmp_path: Path) -> None:
    """They are not read to their end: the size alone says no."""
    file = tmp_path / name
    with file.open("wb") as stream:
        stream.write(bytes(range(256)) * 4_000)
        stream.truncate(100_000_000)
    with pytest.raises(FileError) as caught:
        read_framework(file)
    [problem] = caught.value.problems
    assert problem.code == "file.too-long"


@pytest.mark.parametrize("form", TREES)
def test_deep_nesting_of_trees(form: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    deep = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    error = answer(form, harmed(samples, form, lambda _data: deep), tmp_path, laid)
    assert "nested too deep" in told(error)


def bomb() -> bytes:
    """Return aliases of aliases: 10⁹ texts in half a kilobyte."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines).encode() + b"\n"


@pytest.mark.parametrize("form", YAML)
@pytest.mark.parametrize(
    ("data", "text"),
    [(bomb(), "grows too large"), (b"a: " + b"[" * 2_000, "nested too deep")],
    ids=["aliases", "nesting"],
)
def test_small_yaml_that_is_huge(
    form: str, data: bytes, text: str, samples: Any, laid: Any, tmp_path: Path
) -> None:
    [problem] = answer(form, harmed(samples, form, lambda _data: data), tmp_path, laid).problems
    assert text in problem.text


@pytest.mark.parametrize("chart", [bomb(), b"a: " + b"[" * 2_000, b"\xe9", b"a:\n\t- b\n"])
def test_a_map_that_does_harm(chart: bytes, samples: Any, laid: Any, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_bytes(chart)
    folder = laid(tmp_path / "osmt", samples["osmt"])
    with pytest.raises(FileError) as caught:
        mapped.read_mapped([folder / "skills.csv"], tmp_path / "map.yaml")
    assert len(caught.value.problems) == 1


def zip_bomb() -> bytes:
    """Return a workbook of some kilobytes that unpacks to ninety megabytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(90):
                part.write(b" " * 1_000_000)
    return stream.getvalue()


def stored(world: World) -> list[tuple[str, int]]:
    file = next(world.folder.rglob("*.db"))
    with sqlite3.connect(file) as connection:
        kept = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [name for (name,) in connection.execute(kept)]
        return [(each, connection.execute(f'SELECT count(*) FROM "{each}"').fetchone()[0]) for each in names]


HARM: dict[str, tuple[str, bytes, str]] = {
    "cut": ("f.yaml", b"framework: {id: f, name: 'F", "cannot be read"),
    "encoding": ("f.yaml", b"framework: {id: f, name: Caf\xe9}", "not UTF-8"),
    "tabs": ("f.yaml", b"framework:\n\tid: f\n", "indented with a tab"),
    "twice": ("f.yaml", b"framework: {id: f, id: g}\n", "stands twice"),
    "aliases": ("f.yaml", bomb(), "grows too large"),
    "nesting": ("f.json", b"[" * 50_000, "no format recognises"),
    "zip": ("f.xlsx", zip_bomb(), "unpacks to more"),
}


@pytest.mark.parametrize("kind", HARM)
def test_the_command_says_it_in_one_error_and_writes_nothing(kind: str, demo: World, tmp_path: Path) -> None:
    name, data, text = HARM[kind]
    file = tmp_path / name
    file.write_bytes(data)
    before = stored(demo)
    said = demo.talent("framework", "import", str(file), who="noor.haddad", code=9)
    assert text in said.err
    assert said.err.count("error:") == 1
    assert said.out == ""
    assert stored(demo) == before
