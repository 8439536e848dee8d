"""What the tests of the framework room share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.framework.content import Document
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.formats.yaml import read, read_file
from talenthub.people.grants import give
from talenthub.people.persons import person
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.testing import World
from talenthub.workspace import Workspace
from talenthub.workspace.making import make

sys.path.insert(0, str(Path(__file__).parent / "changing"))

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"
SAMPLES = Path(__file__).parent / "samples"
"""Small files of the formats of others, in our own words: a folder each."""
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
MOMENT = datetime(2026, 1, 2, 9, tzinfo=UTC)

Begin = Callable[..., AbstractContextManager[Transaction]]

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
  - {id: 3, key: L3, name: Expert, summary: "For others."}
competencies:
  - id: WRI
    name: Writing
    definition: "Putting things into words."
    values: [care]
    levels:
      1:
        descriptor: "Writes short notes."
        indicators: ["Spells names right.", "Uses full sentences.", "Says who and when."]
        watch_for: "Copies without reading."
      2:
        descriptor: "Drafts letters alone."
        indicators: ["Opens with the outcome.", "Gives reasons.", "Checks figures."]
  - id: LIS
    name: Listening
    values: [care]
    levels:
      1: {descriptor: "Lets others finish."}
roles:
  - id: scribe
    title: Scribe
    level: 1
    requires: {WRI: 2, LIS: {level: 1, desirable: true, weight: 1.5, rationale: "Helpful at the counter."}}
    critical: [WRI]
    focus: [WRI]
    descriptors:
      WRI: "Writes letters for those who cannot."
interview_questions:
  WRI: {past: "What did you write last?", situational: "Write to a neighbour."}
learning_catalogue:
  - {id: W1, competency: WRI, kind: formal, levels: [1, 2], hours: 4.5, heat: 1, title: "A course."}
strategy_weights:
  WRI: 0.5
pointers:
  - {of: WRI, kind: sameAs, target: "https://example.org/skills/7", title: {en: "Writing", fr: "Écrire"}}
  - {kind: isRelatedTo, target: "nobody-knows-it"}
"""

SKILLS = """\
Skill Name,Skill Description,Basic,Able,Roles that require Skill
Baking bread,"Turning flour into loaves.","You can:
- weigh what the recipe says
- knead until it holds","You can:
- bake for a whole street
- mend a dough that went wrong","Baker, Miller"
Keeping the oven,,"You can:
- keep the fire alive",NOT IN USE,Baker
Selling,MISSING,,,Shopkeeper
"""
ROLES = """\
Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Description,Skill Level,\
Skill Level Description,Role Type
Kitchen,Baker,"Bakes.",Junior baker,"Learns.",Baking bread,,Basic,,
Kitchen,Baker,"Bakes.",Junior baker,"Learns.",Baking bread,,Basic,,
Kitchen,Baker,"Bakes.",Baker ,"Bakes alone.",Baking bread,,Able,,
Kitchen,Baker,"Bakes.",Baker ,"Bakes alone.",Keeping  the oven,,Basic,,
Counter,Shopkeeper,"Sells.",NOT IN USE,NOT IN USE,Selling,,NOT IN USE,,Senior
Counter,Shopkeeper,"Sells.",NOT IN USE,NOT IN USE,Counting coins,Adding up.,Able,"You can:
- count in the dark",Senior
"""
TOPICS = """\
{
  "title": "🥖 Bakery", "path": "bakery", "theme": "warm", "summary": "What bakers do.",
  "topics": [
    {"title": "Dough", "path": "dough", "summary": "Flour and water.", "levels": [
      {"title": "New", "path": "1", "summary": "", "criteria": ["Weighs the flour", "Washes up"]},
      {"title": "Able", "path": "2", "summary": "Knows by touch.", "criteria": ["Feels when it is done"]}]},
    {"title": "Licence", "path": "licence", "levels": [
      {"title": "Held", "path": "held", "summary": "Has one.", "criteria": []}]}
  ]
}
"""
TOPIC_VALUES = """\
{"title": "Values", "path": "core-values", "topics": [
  {"title": "Warmth", "path": "warmth", "summary": "Nobody leaves hungry.", "levels": [
    {"title": "Participant", "path": "participant", "summary": "", "criteria": ["Greets everybody"]}]}]}
"""
DEPARTMENTS = """\
{"title": "Shop", "path": "shop", "departments": [
  {"title": "Kitchen", "path": "kitchen", "roles": [
    {"title": "Baker", "path": "baker", "levels": [
      {"title": "Night baker", "path": "night-baker", "summary": "Bakes at night.",
       "competencies": {"required": ["bakery/dough/2", "bakery/dough/2"],
        "optional": ["bakery/licence/held", "bakery/doug/1"]}}]}]}]}
"""
CLUSTERS = """\
{
  "title": "Ways of working", "copyright": "© A bakery", "description": "About this.",
  "competencies": {
    "bread": [{"title": "Bread cluster", "rising-early": [{
      "title": "Rising early", "description": "Being there before the bread.",
      "level1": [{"effective": "Sets an alarm", "ineffective": "Sleeps through it"},
                 {"effective": "Arrives on time"}],
      "level2": [{"effective": "Wakes others", "ineffective": "Wakes the street"}]}]}]
  }
}
"""


@pytest.fixture(scope="session")
def harbourline_file() -> Path:
    return HARBOURLINE


@pytest.fixture(scope="session")
def harbourline() -> Document:
    return read_file(HARBOURLINE)


@pytest.fixture(scope="session")
def small_text() -> str:
    return SMALL


@pytest.fixture(scope="session")
def small(small_text: str) -> Document:
    return read(small_text.encode(), "small.yaml")


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demo to copy: making one takes much longer."""
    folder = make(tmp_path_factory.mktemp("framework") / "demo", {}, demo=True)
    workspace = Workspace.open(folder)
    workspace.run(SYSTEM, lambda tx: give(tx, person(tx, "maria.costa").id, "framework_owner"))
    workspace.close()
    return folder


@pytest.fixture(scope="module")
def demo(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a demo of the module's own; maria.costa holds framework_owner."""
    return World(shutil.copytree(made_demo, tmp_path_factory.mktemp("demo") / "demo"))


@pytest.fixture
def begin(database: Database) -> Begin:
    @contextmanager
    def begun(person: int | None = 1, now: datetime = MOMENT, **more: object) -> Iterator[Transaction]:
        with database.begin() as connection:
            yield Transaction(connection, Actor(person), now, **more)  # type: ignore[arg-type]

    return begun


def _files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def samples(small: Document) -> dict[str, dict[str, bytes]]:
    """Return small files of every format, in our own words: name to bytes."""
    return {
        "yaml": {"framework.yaml": SMALL.encode()},
        "csv": dict(write_framework(small, "csv")),
        "xlsx": dict(write_framework(small, "xlsx")),
        "uk-gdad": {"roles_skills.csv": ROLES.encode(), "skills.csv": SKILLS.encode()},
        "unidays": {
            "bakery.json": TOPICS.encode(),
            "values.json": TOPIC_VALUES.encode(),
            "shop.json": DEPARTMENTS.encode(),
        },
        "uk-civil-service": {"clusters.json": CLUSTERS.encode()},
    } | {folder.name: _files(folder) for folder in sorted(SAMPLES.iterdir()) if folder.name != "mapped"}


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Return a finder of the frameworks of others, which are no part of the project."""

    def found(name: str) -> Path:
        place = SHARED / name
        if not place.exists():
            pytest.skip(f"the test data {name} is not here; it is not part of the project")
        return place

    return found


@pytest.fixture(scope="session")
def whole(real: Callable[[str], Path]) -> Callable[[str], Document]:
    """Return a reader of the frameworks of others; each is read once."""
    kept: dict[str, Document] = {}

    def once(name: str) -> Document:
        if name not in kept:
            kept[name] = read_framework(real(name))
        return kept[name]

    return once


@pytest.fixture(scope="session")
def laid() -> Callable[[Path, dict[str, bytes]], Path]:
    """Return a function that puts files into a folder, which it returns."""

    def put(folder: Path, files: dict[str, bytes]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return folder

    return put
