"""B5, B7, B9, B12: frameworks in YAML."""

from __future__ import annotations

from functools import partial

from bad_rows import Bad

SMALL = """\
framework:
  id: tiny
  name: A small framework
  version: 0.1.0
  language: en
  rating_scale:
    - {value: 1, label: Below, anchor: "Far from it."}
    - {value: 2, label: Partly, anchor: "Some of it."}
    - {value: 3, label: Meets, anchor: "All of it."}
    - {value: 4, label: Plus, anchor: "All and more."}
    - {value: 5, label: Above, anchor: "The next level."}
values:
  - {id: care, name: Care}
levels:
  - {id: 1, key: L1, name: Basic, summary: "With guidance."}
  - {id: 2, key: L2, name: Able, summary: "Alone."}
competencies:
  - id: WRI
    name: Writing
    definition: "Putting things into words."
    values: [care]
    levels:
      1: {descriptor: "Writes short notes."}
      2: {descriptor: "Drafts letters alone."}
roles:
  - id: scribe
    title: Scribe
    level: 2
    critical: [WRI]
    requires: {WRI: 2}
"""
sheet = partial(Bad, words="framework import {here}/f.yaml", who="ada")


def bent(kind: str, about: str, old: str, new: str, **more: object) -> Bad:
    """Return a row that imports the small framework with one change."""
    assert old in SMALL
    return sheet(kind=kind, about=about, files={"f.yaml": SMALL.replace(old, new, 1)}, **more)  # type: ignore[arg-type]


def text(kind: str, about: str, given: str, **more: object) -> Bad:
    """Return a row that imports a text of its own."""
    return sheet(kind=kind, about=about, files={"f.yaml": given}, **more)  # type: ignore[arg-type]


ROWS = (
    text("B1", "a framework of comments", "# nothing\n", exit=9, code="file.yaml", place="f.yaml"),
    sheet(kind="B1", about="no such file", exit=9, code="file.unreadable", place="f.yaml"),
    sheet(
        kind="B1",
        about="a folder of nothing",
        words="framework import {here}/.talenthub",
        exit=9,
        code="framework.unrecognised",
        place=".talenthub/plugins.json",
    ),
    bent(
        "B2",
        "key twice in a framework",
        "  name: A small framework\n",
        "  name: A\n  name: B\n",
        exit=9,
        code="file.duplicate-key",
        place="f.yaml:4:3",
        found="name",
    ),
    bent(
        "B3",
        "misspelt key in a framework",
        "    definition:",
        "    defnition:",
        exit=9,
        code="framework.unknown-key",
        place="f.yaml:20:5",
        path="competencies[0].defnition",
        found="defnition",
        near="definition",
        both=True,
    ),
    bent(
        "B4",
        "text for a level",
        "    requires: {WRI: 2}",
        "    requires: {WRI: two}",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:30:21",
        path="roles[0].requires.WRI",
        found="two",
    ),
    bent(
        "B5",
        "no such day",
        "    level: 2\n",
        "    level: 2026-13-01\n",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:28:12",
        path="roles[0].level",
        found="2026-13-01",
    ),
    bent(
        "B5",
        "no such number",
        "id: 1, key",
        'id: !!int "abc", key',
        exit=9,
        code="file.tag",
        place="f.yaml:15:10",
        found="tag:yaml.org,2002:int",
    ),
    bent(
        "B5",
        "no such hour",
        "    level: 2\n",
        "    level: 2026-01-01T25:00:00Z\n",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:28:12",
        path="roles[0].level",
        found="2026-01-01T25:00:00Z",
    ),
    text("B5", "three thousand dashes", "- " * 3_000 + "a\n", exit=9, code="file.yaml", place="f.yaml:1:49"),
    bent(
        "B6",
        "Norway as a level",
        "    level: 2\n",
        "    level: NO\n",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:28:12",
        path="roles[0].level",
        found="NO",
    ),
    bent(
        "B6",
        "a time as a level",
        "    level: 2\n",
        "    level: 12:30\n",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:28:12",
        path="roles[0].level",
        found="12:30",
    ),
    bent(
        "B7",
        "a list in itself",
        "[care]",
        "&a [*a]",
        exit=9,
        code="file.yaml",
        place="f.yaml:21:17",
        found="*a",
    ),
    bent(
        "B7",
        "an unknown alias",
        "[care]",
        "*care",
        exit=9,
        code="file.yaml",
        place="f.yaml:21:13",
        found="*care",
    ),
    text(
        "B7",
        "a bomb of aliases",
        "a: &a [x]\n"
        + "".join(
            f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        exit=9,
        code="file.yaml",
        place="f.yaml:6:32",
    ),
    bent(
        "B9",
        "an object of Python",
        "name: Writing",
        "name: !!python/object/apply:os.system ['true']",
        exit=9,
        code="file.tag",
        place="f.yaml:19:11",
        found="tag:yaml.org,2002:python/object/apply:os.system",
    ),
    bent(
        "B9",
        "a tag of its own",
        "name: Writing",
        "name: !secret Writing",
        exit=9,
        code="file.tag",
        place="f.yaml:19:11",
        found="!secret",
    ),
    bent(
        "B9",
        "binary",
        "name: Writing",
        "name: !!binary V3JpdGluZw==",
        exit=9,
        code="file.tag",
        place="f.yaml:19:11",
        found="tag:yaml.org,2002:binary",
    ),
    bent(
        "B12",
        "a value that is not there",
        "values: [care]",
        "values: [cear]",
        exit=9,
        code="framework.unknown-value",
        place="f.yaml:21:14",
        path="competencies[0].values[0]",
        found="cear",
        near="care",
    ),
    bent(
        "B12",
        "a requirement of nothing",
        "requires: {WRI: 2}",
        "requires: {WIR: 2}",
        exit=9,
        code="framework.unknown-competency",
        place="f.yaml:30:16",
        path="roles[0].requires.WIR",
        found="WIR",
        near="WRI",
    ),
    bent(
        "B12",
        "a level that is not there",
        "requires: {WRI: 2}",
        "requires: {WRI: 3}",
        exit=9,
        code="framework.unknown-level",
        place="f.yaml:30:21",
        path="roles[0].requires.WRI",
        found="3",
    ),
    bent(
        "B12",
        "levels out of order",
        "id: 2, key: L2",
        "id: 0, key: L2",
        exit=9,
        code="framework.order",
        place="f.yaml:16:5",
        path="levels[1]",
        found="0",
    ),
    bent(
        "B12",
        "one code twice",
        "roles:\n",
        "  - {id: WRI, name: W, definition: D, values: [care]}\nroles:\n",
        exit=9,
        code="framework.clash",
        place="f.yaml:25:10",
        path="competencies[1].id",
        found="WRI",
    ),
    bent(
        "B12",
        "one code in two cases",
        "roles:\n",
        "  - {id: Wri, name: W, definition: D, values: [care]}\nroles:\n",
        exit=9,
        code="framework.look-alike",
        place="f.yaml:25:10",
        path="competencies[1].id",
        found="Wri",
    ),
    bent(
        "B12",
        "a version that no column holds",
        "version: 0.1.0",
        f"version: {'1' * 81}",
        exit=9,
        code="framework.too-long",
        place="f.yaml:4:12",
        path="framework.version",
        found="81 characters",
        both=True,
    ),
    bent(
        "B12",
        "a number that no column holds",
        "title: Scribe",
        "title: Scribe\n    headcount: 3000000000",
        exit=9,
        code="framework.range",
        place="f.yaml:28:16",
        path="roles[0].headcount",
        found="3000000000",
        both=True,
    ),
    bent(
        "B12",
        "a weight of a thousand digits",
        "{WRI: 2}",
        "{WRI: {level: 2, weight: 1e-999}}",
        exit=9,
        code="framework.range",
        place="f.yaml:30:40",
        path="roles[0].requires.WRI.weight",
        found="1e-999",
        both=True,
    ),
    bent(
        "B12",
        "a weight that is no number",
        "{WRI: 2}",
        "{WRI: {level: 2, weight: .nan}}",
        exit=9,
        code="framework.wrong-type",
        place="f.yaml:30:40",
        path="roles[0].requires.WRI.weight",
        found=".nan",
    ),
    bent(
        "B12",
        "words merged into a level",
        '      1: {descriptor: "Writes short notes."}',
        '      1: {<<: *more, descriptor: "Writes short notes."}',
        exit=9,
        code="file.yaml",
        place="f.yaml:23:15",
        found="*more",
    ),
    bent(
        "B12",
        "words merged into a level from another",
        '2: {descriptor: "Drafts letters alone."}',
        '2: {<<: {descriptor: "Drafts."}}',
        exit=9,
        code="file.merge",
        place="f.yaml:24:11",
    ),
    sheet(
        kind="B12",
        about="tables joined with their headers",
        words="framework import {here}/framework.csv {here}/competencies.csv",
        files={
            "framework.csv": "key,value\nid,tiny\nname,Tiny\nversion,1\nrating_mode,level\n",
            "competencies.csv": "id,name,group\nWRI,Writing,yes\nid,name,group\nLIS,Listening,yes\n",
        },
        exit=9,
        code="file.header-twice",
        place="competencies.csv:3",
    ),
)
