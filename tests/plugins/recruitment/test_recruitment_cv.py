"""CVs: an address or a file in its place; never fetched, opened or believed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from talenthub.errors import FileError, UsageError
from talenthub_recruitment.candidates import read_candidates
from talenthub_recruitment.cv import MOST_BYTES, cv_reference

PDF = b"%PDF-1.7\nhello\n%%EOF\n"
PARTS = ("[Content_Types].xml", "word/document.xml")


def docx(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for each in parts:
            file.writestr(each, "x")
    return made.getvalue()


def test_a_file_is_kept_as_path_hash_and_size(tmp_path: Path) -> None:
    (tmp_path / "cv").mkdir()
    for name, content in (("ada.pdf", PDF), ("bo.docx", docx(*PARTS))):
        (tmp_path / "cv" / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        assert cv_reference(f"cv/{name}", tmp_path) == f"cv/{name} sha256:{digest} {len(content)} bytes"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "1 byte"),
        (b"hello", "neither"),
        (b"MZ" + PDF, "neither"),
        (PDF + docx(*PARTS), "ZIP as well"),
        (docx("a.txt"), "neither"),
        (docx(*PARTS, "word/vbaProject.bin"), "macros"),
        (b"PK\x03\x04 broken", "neither"),
    ],
)
def test_what_is_no_cv_is_refused_whatever_it_is_called(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "ada.pdf").write_bytes(content)
    with pytest.raises(UsageError, match=why):
        cv_reference("ada.pdf", tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "ada.pdf").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UsageError, match="20 MB"):
        cv_reference("ada.pdf", tmp_path)


def test_nothing_outside_the_folder_is_looked_at(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "ada.pdf").write_bytes(PDF)
    (inside / "link.pdf").symlink_to(tmp_path / "ada.pdf")
    for word in ("../ada.pdf", str(tmp_path / "ada.pdf"), "link.pdf", "missing.pdf", "."):
        with pytest.raises(UsageError, match="no such CV"):
            cv_reference(word, inside)


def test_an_address_is_https_and_holds_no_login() -> None:
    address = "https://files.example.org/cv/7?v=2"
    assert cv_reference(address, None) == address
    assert cv_reference("", None) == ""
    for word in ("http://a.example", "file:///etc/passwd", "https://", "https://a b", "https://a:x/"):
        with pytest.raises(UsageError):
            cv_reference(word, None)
    with pytest.raises(UsageError) as refusal:
        cv_reference("https://maria:hidden@a.example/cv", None)
    assert "hidden" not in str(refusal.value.problems)
    with pytest.raises(UsageError, match="by hand"):
        cv_reference("cv/ada.pdf", None)


def test_all_wrong_cvs_of_a_file_are_named_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(PDF)
    file = tmp_path / "candidates.csv"
    file.write_text("name,cv\nAda A,good.pdf\nBo B,http://x.example\nCy C,gone.pdf\n", encoding="utf-8")
    with pytest.raises(FileError) as refusal:
        read_candidates(file, "SEL-1")
    assert [str(each.place).rpartition("candidates.csv:")[2][0] for each in refusal.value.problems] == [
        "3",
        "4",
    ]
