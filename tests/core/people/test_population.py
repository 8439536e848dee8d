"""Harbourline's staff: numbers, lines, names, both ways into the database."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import func, select

from talenthub.people import tables
from talenthub.people.grants import CORE_GRANTS, grants_of
from talenthub.people.import_plan import KnownRole
from talenthub.people.importing import import_files
from talenthub.people.organisation import NewPerson, NewPost, Organisation, write_organisation
from talenthub.people.persons import person
from talenthub.people.population import BRANCHES, RoleSeat, harbourline
from talenthub.people.posts import posts_of, vacant_posts
from talenthub.people.relations import managers_of, reports_of
from talenthub.people.units import unit

FRAMEWORK = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"


@pytest.fixture(scope="module")
def roles() -> list[RoleSeat]:
    content = YAML(typ="safe").load(FRAMEWORK)
    return [
        RoleSeat(each["id"], f"L{each['level']}", each["headcount"], each["reports_to"], each["title"])
        for each in content["roles"]
    ]


@pytest.fixture(scope="module")
def made(roles) -> Organisation:
    return harbourline(roles, framework="hpsa-core")


def test_every_headcount_is_filled_and_one_seat_is_vacant(made, roles) -> None:
    posts = {each.code: each for each in made.posts}
    filled = Counter(posts[each.post].role for each in made.people)
    assert filled == {each.code: each.headcount for each in roles}
    vacant = [each for each in made.posts if each.code not in {person.post for person in made.people}]
    assert [(each.role, each.unit) for each in vacant] == [("case-officer", "harbour")]
    levels = Counter(posts[each.post].level for each in made.people)
    assert levels == {"L1": 470, "L2": 570, "L3": 126, "L4": 27, "L5": 7}


def test_teams_have_the_sizes_of_the_framework(made) -> None:
    roles = {each.code: each.role for each in made.posts}
    sizes: dict[str, set[int]] = {}
    for code, count in Counter(each.reports_to for each in made.posts if each.reports_to).items():
        sizes.setdefault(roles[code], set()).add(count)
    assert min(sizes["service-team-leader"]) >= 8
    assert max(sizes["service-team-leader"]) <= 14
    assert max(sizes["branch-manager"]) <= 14
    kinds: dict[str, set[str]] = {}
    for each in made.posts:
        if each.reports_to and roles[each.reports_to] == "service-team-leader":
            kinds.setdefault(each.reports_to, set()).add(each.role)
    assert all(len(each) == 1 for each in kinds.values())
    tops = [each.code for each in made.posts if each.reports_to is None]
    assert tops == ["authority-chief-executive"]


def test_each_branch_has_one_manager_and_case_officers(made) -> None:
    for branch in BRANCHES:
        there = Counter(each.role for each in made.posts if each.unit == branch)
        assert there["branch-manager"] == 1
        assert there["case-officer"] > 0


def test_names_and_handles_are_unique_and_the_seed_decides(made, roles) -> None:
    assert len({each.handle for each in made.people}) == len(made.people) == 1200
    assert len({each.name for each in made.people}) == 1200
    assert harbourline(roles, framework="hpsa-core") == made
    assert harbourline(roles, framework="hpsa-core", seed=2).people != made.people


def test_a_small_organisation_of_the_same_shape(roles) -> None:
    few = [RoleSeat(r.code, r.level, max(1, r.headcount // 10), r.reports_to, r.title) for r in roles]
    small = harbourline(few, framework="hpsa-core", vacant={})
    assert len(small.people) == sum(each.headcount for each in few)
    with pytest.raises(ValueError, match="no way to the top"):
        harbourline([RoleSeat("a", None, 1, "b"), RoleSeat("b", None, 1, "a")], framework="x")


def test_the_story_stands_in_the_database(made, open_tx) -> None:
    with open_tx() as tx:
        write_organisation(tx, made)
        ids = {name: person(tx, name).id for name in ("jonas.weber", "dario.conti", "tomas.lind", "eva.sand")}
        chain = managers_of(tx, list(ids.values()))
        assert chain[ids["jonas.weber"]] == ids["dario.conti"]
        assert chain[ids["dario.conti"]] == ids["tomas.lind"]
        assert chain[ids["tomas.lind"]] == ids["eva.sand"]
        assert len(reports_of(tx, ids["eva.sand"], deep=True)) > 300
        seats = vacant_posts(tx, "case-officer", unit(tx, "harbour").id)
        assert len(seats) == 1
        noor = person(tx, "noor.haddad").id
        assert {each.name for each in grants_of(tx, [noor])[noor]} == {"framework_owner", "hr_head"}
        assert posts_of(tx, [person(tx, "ana.ribeiro").id])


def write_files(organisation: Organisation, folder: Path) -> tuple[Path, ...]:
    """Write units.csv, posts.csv and people.csv as the import reads them."""
    managers = {each.post: each.handle for each in organisation.people}
    posts = {each.code: each for each in organisation.posts}
    units = [
        (each.code, each.name, each.parent or "-", each.function, each.site) for each in organisation.units
    ]
    seats = [
        (each.code, each.title, each.role, each.unit, each.reports_to or "-", each.since, each.level)
        for each in organisation.posts
    ]
    people = [_person_row(each, posts[each.post], managers) for each in organisation.people]
    return (
        _write(folder / "units.csv", "code name parent function site", units),
        _write(folder / "posts.csv", "code title role unit reports_to since level", seats),
        _write(
            folder / "people.csv", "handle name email kind unit post role manager since login grants", people
        ),
    )


def _person_row(one: NewPerson, post: NewPost, managers: Mapping[str | None, str]) -> tuple[object, ...]:
    grants = " ".join(name if unit is None else f"{name}@{unit}" for name, unit in one.grants)
    seat = (post.unit, post.code, post.role, managers.get(post.reports_to, "") if post.reports_to else "-")
    return (one.handle, one.name, one.email, one.kind, *seat, one.since, one.login, grants)


def _write(file: Path, header: str, rows: Iterable[Sequence[object]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header.split(), *rows])
    return file


def test_files_bring_the_same_and_twice_changes_nothing(made, roles, open_tx, tmp_path) -> None:
    units, posts, people = write_files(made, tmp_path)
    known = [KnownRole("hpsa-core", each.code, each.title, each.level) for each in roles]
    files = {"units": units, "posts": posts, "people": people, "roles": known, "grants": list(CORE_GRANTS)}
    with open_tx() as tx:
        first = import_files(tx, **files)
        assert first.counts == {"unit added": 16, "post added": 1201, "person added": 1200}
        assert import_files(tx, **files).changes == ()
        counted = {
            each.name: tx.value(select(func.count()).select_from(each))
            for each in (tables.unit, tables.post, tables.person, tables.assignment, tables.reporting_line)
        }
    assert counted == {"unit": 16, "post": 1201, "person": 1200, "assignment": 1200, "reporting_line": 1200}
