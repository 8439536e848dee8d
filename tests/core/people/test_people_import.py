"""Importing CSV: every fault in its place, all or nothing, twice is once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from talenthub.errors import FileError, NotPermitted
from talenthub.people import tables
from talenthub.people.grants import Grant, give, grants_of
from talenthub.people.import_plan import KnownRole
from talenthub.people.importing import import_files
from talenthub.people.persons import person, persons
from talenthub.people.posts import posts_of
from talenthub.people.relations import managers_of
from talenthub.storage.hub import hub_event

ROLES = (KnownRole("core", "case-officer", "Case Officer", "L2"), KnownRole("core", "lead", "Lead", "L3"))
HEADER = "handle,name,email,kind,unit,unit_parent,post,role,manager,since,login,grants\n"


@pytest.fixture
def load(tmp_path: Path):
    """Return a function that imports texts as files."""

    def run(world, people=None, *, units=None, posts=None, tx=None):
        files = {}
        for name, text in (("people", people), ("units", units), ("posts", posts)):
            if text is not None:
                files[name] = tmp_path / f"{name}.csv"
                files[name].write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_files(tx or world.tx, roles=ROLES, **files)

    return run


def faults(load, world, people=None, **files) -> list[tuple[str, str | None, str]]:
    with pytest.raises(FileError) as caught:
        load(world, people, **files)
    return [(each.place.rsplit("/", 1)[-1], each.path, each.code) for each in caught.value.problems]


def test_one_file_makes_people_seats_and_lines(world, load) -> None:
    report = load(
        world,
        "\ufeff"
        + HEADER.replace(",", ";")
        + "amara.okoye;Amara Okoye;a@example.org;;operations;;;case-officer;"
        "bo.li;2026-01-02;amara;recruiter@harbour\nbo.li;Bo Li;;;harbour;;;lead;tomas;2026-01-02;;\n",
    )
    assert report.counts == {"post added": 2, "person added": 2}
    amara, bo = person(world.tx, "amara.okoye"), person(world.tx, "bo.li")
    assert (amara.kind, amara.email) == ("employee", "a@example.org")
    post = posts_of(world.tx, [amara.id])[amara.id]
    assert (post.code, post.title, post.level) == ("operations-case-officer-01", "Case Officer", "L2")
    assert managers_of(world.tx, [amara.id, bo.id]) == {amara.id: bo.id, bo.id: world.id("tomas")}
    assert grants_of(world.tx, [amara.id])[amara.id] == (Grant("recruiter", world.units["harbour"].id),)


def test_a_vacant_seat_is_taken_before_a_new_one_is_made(world, load) -> None:
    load(world, "handle,name,unit,role,since\nada,Ada A,harbour,case-officer,2026-01-05\n")
    ada = person(world.tx, "ada").id
    assert posts_of(world.tx, [ada])[ada].code == "officer-3"


def test_the_same_file_again_changes_nothing_and_a_new_one_updates(world, load) -> None:
    text = "handle,name,unit,role,since,email\nada,Ada A,harbour,case-officer,2026-01-05,a@example.org\n"
    load(world, text)
    assert load(world, text).changes == ()
    changed = load(world, "handle,name,email\nada,Ada B,-\n").changes
    assert [(each.key, each.action, each.fields) for each in changed] == [
        ("ada", "changed", ("name", "email"))
    ]
    assert person(world.tx, "ada").email is None
    assert posts_of(world.tx, [person(world.tx, "ada").id]) != {}


def test_moving_swapping_and_hiring_by_file(world, load) -> None:
    world.person("amara")
    before = world.tx.value(select(func.count()).select_from(hub_event))
    load(
        world,
        "handle,post,since\njonas,officer-2,2026-01-05\nkofi,officer-1,2026-01-05\namara,officer-3,2026-01-05\n",
    )
    seats = {
        each: posts_of(world.tx, [world.id(each)])[world.id(each)].code for each in ("jonas", "kofi", "amara")
    }
    assert seats == {"jonas": "officer-2", "kofi": "officer-1", "amara": "officer-3"}
    kinds = [row.kind for row in world.tx.rows(select(hub_event.c.kind).order_by(hub_event.c.id))][before:]
    assert sorted(kinds) == ["person.hired", "person.moved", "person.moved"]


def test_leaving_a_post_without_a_successor_announces_it(world, load) -> None:
    load(world, "handle,post,since\njonas,officer-3,2026-01-06\n")
    kinds = [row.kind for row in world.tx.rows(select(hub_event.c.kind).order_by(hub_event.c.id))]
    assert kinds[-2:] == ["person.moved", "post.vacated"]
    monday = posts_of(world.tx, [world.id("jonas")], date(2026, 1, 5))
    assert monday[world.id("jonas")].code == "officer-1"


def test_logins_may_be_exchanged(world, load) -> None:
    load(world, "handle,login\njonas,login-kofi\nkofi,login-jonas\n")
    assert load(world, "handle,login\njonas,login-kofi\n").changes == ()


def test_units_and_posts_files(world, load) -> None:
    units = "code,name,parent\nquay,Quay branch,operations\nquay-desk,Desk,quay\n"
    posts = (
        "code,role,unit,reports_to,critical\nq-1,case-officer,quay-desk,q-2,\nq-2,lead,quay,director,yes\n"
    )
    assert load(world, units=units, posts=posts).counts == {"unit added": 2, "post added": 2}
    assert load(world, units=units, posts=posts).changes == ()
    changed = load(world, posts="code,unit,reports_to,critical\nq-1,quay,director,yes\n").changes
    assert changed[0].fields == ("unit", "critical", "reports_to")


def test_a_unit_of_people_csv_is_made_only_with_its_parent(world, load) -> None:
    with pytest.raises(FileError) as caught:
        load(world, HEADER + "ada,Ada A,,,harbor,,,case-officer,,,,\n")
    assert caught.value.problems[0].nearest == "harbour"
    load(world, HEADER + "ada,Ada A,,,pier,operations,,case-officer,,,,\n")
    assert world.tx.value(select(tables.unit.c.parent_id).where(tables.unit.c.code == "pier"))


def test_every_fault_of_a_file_is_told_at_once_and_nothing_is_written(world, load) -> None:
    text = (
        HEADER
        + "Bad Handle,X,,,,,,,,,,\n"
        + "ada,Ada A,no-mail,boss,harbor,,,case-oficer,nobody.here,05.01.2026,login-jonas,hr_oficer\n"
        + "bo,,,,,,,,,,,\n"
        + "bo,Bo B,,,,,,,,,,\n"
        + "cy,Cy C,,leaver,,,officr-1,,,,,\n"
        + "di,Di D,,external,harbour,,,,,,,\n"
        + "ed,Ed E,,,,,officer-1,,,,,\n"
        + "fi,=1+1,,,,,,,,,,\n"
        + "gi,Gi\n"
        + "hu,Hu H,,,,,officer-3,,,2019-01-01,,\n"
        + "io,Io I,,,,,,,tomas,,,\n"
    )
    people = world.tx.value(select(func.count()).select_from(tables.person))
    found = faults(load, world, text)
    assert sorted(found, key=lambda each: (int(each[0].split(":")[1]), each[1] or "")) == [
        ("people.csv:2", "handle", "import.handle"),
        ("people.csv:3", "email", "import.email"),
        ("people.csv:3", "grants", "import.unknown-grant"),
        ("people.csv:3", "kind", "import.kind"),
        ("people.csv:3", "login", "import.login"),
        ("people.csv:3", "manager", "import.unknown-person"),
        ("people.csv:3", "role", "import.unknown-role"),
        ("people.csv:3", "since", "import.day"),
        ("people.csv:3", "unit", "import.unknown-unit"),
        ("people.csv:4", "name", "import.missing"),
        ("people.csv:5", "handle", "import.twice"),
        ("people.csv:6", "kind", "import.kind"),
        ("people.csv:6", "post", "import.unknown-post"),
        ("people.csv:7", "role", "import.missing"),
        ("people.csv:8", "post", "import.filled"),
        ("people.csv:9", "name", "import.cell"),
        ("people.csv:10", None, "import.ragged"),
        ("people.csv:11", "since", "import.day"),
        ("people.csv:12", "manager", "import.manager"),
    ]
    assert world.tx.value(select(func.count()).select_from(tables.person)) == people


def test_messages_repeat_no_name_email_or_login(world, load) -> None:
    with pytest.raises(FileError) as caught:
        load(world, "handle,name,email,login\nada,=Secret Person,x\n")
    with pytest.raises(FileError) as second:
        load(
            world,
            "handle,name,email,login\nada,=Secret,secret-mail,login-jonas\nbo,B,secret-mail,login-jonas\n",
        )
    text = f"{caught.value} {second.value}"
    assert "ecret" not in text
    assert "login-jonas" not in text


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (b"", "", "import.empty"),
        (b"handle,name\n", "", "import.empty"),
        (b"handle,nmae\nada,Ada\n", ":1", "import.unknown-column"),
        (b"handle,name,name\nada,Ada,B\n", ":1", "import.column-twice"),
        (b"name\nAda\n", ":1", "import.column-missing"),
        (b"handle,name\nada,Ad\xe9\n", ":2", "import.encoding"),
        (b"handle,name\nada,A\x00da\n", ":2", "import.encoding"),
        (b'handle,name\nada,"Ada\nbo,Bo\n', ":2", "import.quote"),
        (b'handle,name\nada,"Ada\nbo",Bo\n', ":2", "import.quote"),
        (b'handle,name\nada,"A"da\n', ":2", "import.quote"),
        (b"handle,name\nada," + b"x" * 400 + b"\n", ":2", "import.cell"),
        ("handle,name\nada,A\u202eda\n".encode(), ":2", "import.cell"),
        (b"handle,name\nada,A,B,C\n", ":2", "import.ragged"),
    ],
)
def test_broken_files_are_explained(world, load, text: bytes, line: str, code: str) -> None:
    found = faults(load, world, text)
    assert (found[0][0], found[0][2]) == (f"people.csv{line}", code)


def test_a_missing_file_is_named(world, tmp_path) -> None:
    with pytest.raises(FileError, match="no such file"):
        import_files(world.tx, people=tmp_path / "none.csv")
    (tmp_path / "joiners.xlsx").touch()
    with pytest.raises(FileError, match=r"did you mean 'joiners\.xlsx'"):
        import_files(world.tx, people=tmp_path / "joiner.xlsx")


def test_pasted_blanks_are_blanks_and_other_signs_are_named(world, load) -> None:
    load(world, "handle,name\nada,\u00a0Ada\u202fLovelace\u2003\n")
    assert person(world.tx, "ada").name == "Ada Lovelace"
    with pytest.raises(FileError, match=r"cannot be printed: the 4\. is U\+200B"):
        load(world, "handle,name\nada,Ada\u200b Lovelace\n")


def test_loops_are_refused_by_all_their_names(world, load) -> None:
    with pytest.raises(FileError) as caught:
        load(world, "handle,manager\ntomas,kofi\n")
    loop = caught.value.problems[0]
    assert set(loop.found.split(" → ")) == {"tomas", "dario", "kofi"}
    assert loop.place.endswith("people.csv:2")
    with pytest.raises(FileError) as caught:
        load(world, units="code,parent\nhead,harbour\n")
    assert set(caught.value.problems[0].found.split(" → ")) == {"head", "operations", "harbour"}
    assert faults(load, world, "handle,manager\njonas,jonas\n")[0][2] == "people.cycle"


def test_two_people_on_one_seat_and_two_lines_for_one_post(world, load) -> None:
    text = "handle,name,post\nada,Ada,officer-3\nbo,Bo,officer-3\n"
    assert faults(load, world, text) == [("people.csv:3", "post", "import.filled")]
    posts = "code,reports_to\nofficer-1,manager\n"
    found = faults(load, world, "handle,manager\njonas,eva\n", posts=posts)
    assert found == [("people.csv:2", "manager", "import.manager")]


def test_a_post_keeps_its_role_and_first_day(world, load) -> None:
    found = faults(load, world, posts="code,role,since\nofficer-1,lead,2021-01-01\n")
    assert [each[1:] for each in found] == [("role", "import.role"), ("since", "import.day")]


def test_who_left_returns_as_the_same_person(world, load) -> None:
    from talenthub.people.changes import leave

    leave(world.tx, world.id("kofi"), date(2026, 1, 2))
    load(world, "handle,post,since,login\nkofi,officer-3,2026-01-05,kofi\n")
    back = persons(world.tx, [world.id("kofi")])[world.id("kofi")]
    assert back.kind == "employee"
    assert world.tx.value(select(tables.person.c.closed_on).where(tables.person.c.id == back.id)) is None


def test_rights_to_import(world, load) -> None:
    with pytest.raises(NotPermitted, match="not yours"):
        load(world, "handle,name\njonas,New\n", tx=world.as_("maria"))
    give(world.tx, world.id("maria"), "hr_officer")
    load(world, "handle,name\njonas,New\n", tx=world.as_("maria"))
    with pytest.raises(NotPermitted, match="own record"):
        load(world, "handle,name\nmaria,New\n", tx=world.as_("maria"))
    with pytest.raises(NotPermitted, match="grant admin"):
        load(world, "handle,grants\njonas,admin\n", tx=world.as_("maria"))


def test_planned_seats_count_as_held(world, load) -> None:
    noon: datetime = world.tx.now
    load(world, "handle,post,since\njonas,officer-3,2026-03-01\n")
    later = world.tx.at(noon + timedelta(days=90))
    assert posts_of(later, [world.id("jonas")])[world.id("jonas")].code == "officer-3"
    found = faults(load, world, "handle,name,post,since\nada,Ada,officer-1,2026-02-01\n")
    assert found == [("people.csv:2", "post", "import.filled")]
    load(world, "handle,name,post,since\nada,Ada,officer-1,2026-03-01\n")


def test_codes_of_new_posts_fit_however_long_unit_and_role_are(world, load, tmp_path) -> None:
    units, roles = "u" * 70, [KnownRole("core", "r" * 60 + end, "Clerk", "L2") for end in "ab"]
    people = "".join(f"p{n},P,{units},harbour,{roles[n % 2].code}\n" for n in range(4))
    (tmp_path / "long.csv").write_text(f"handle,name,unit,unit_parent,role\n{people}")
    import_files(world.tx, people=tmp_path / "long.csv", roles=roles)
    found = posts_of(world.tx, [person(world.tx, f"p{n}").id for n in range(4)]).values()
    assert {len(each.code) for each in found if each} == {115}
    assert len({each.code for each in found if each}) == 4


def test_who_names_a_post_gets_it_before_vacant_ones_are_given_out(world, load) -> None:
    load(world, "handle,name,post,role,unit\nada,Ada,,case-officer,harbour\nbo,Bo,officer-3,,\n")
    seats = {each: posts_of(world.tx, [person(world.tx, each).id]) for each in ("ada", "bo")}
    codes = [post.code for found in seats.values() for post in found.values()]
    assert codes == ["harbour-case-officer-01", "officer-3"]


def test_a_large_file_without_posts_is_planned_quickly(world, load) -> None:
    rows = "".join(f"person{number},P,harbour,case-officer\n" for number in range(3000))
    report = load(world, "handle,name,unit,role\n" + rows)
    assert report.counts == {"person added": 3000, "post added": 2999}
