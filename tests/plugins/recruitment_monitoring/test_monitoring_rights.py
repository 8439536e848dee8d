"""Who sees figures of groups: every relation to a selection, one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talenthub.people.deputies import set_deputy
from talenthub.people.grants import take_back
from talenthub.sdk import NotFound, NotPermitted, TalentError, UsageError, metadata
from talenthub_recruitment.monitoring import demographics
from talenthub_recruitment.monitoring.figures import Period, monitor_period, monitor_vacancy


@pytest.fixture
def filled(world: Any, groups: Any) -> dict[str, Any]:
    """Return a world with two vacancies; people have parts in the first."""
    for each in ("chair", "assessor", "keyboard", "deputy", "nobody"):
        world.add(each)
    harbour, quay = world.unit("harbour"), world.unit("quay")
    outcomes, split = groups(M=(10, 5), F=(10, 5))
    one, people = world.vacancy(
        outcomes, unit=harbour, chair="chair", assessor="assessor", recruiter="keyboard"
    )
    two, others = world.vacancy(outcomes, unit=quay, day=2)
    world.declare(split(people) | split(others))
    world.people["candidate"] = people[0]
    with world.acting() as tx:
        set_deputy(tx, world.people["chair"], world.people["deputy"], date(2026, 5, 1), date(2026, 7, 1))
    return {"one": one, "two": two, "harbour": harbour, "quay": quay}


def hold(world: Any, who: str, *grants: str, unit: int | None = None) -> None:
    from talenthub.people.grants import give

    with world.acting() as tx:
        for each in grants:
            give(tx, world.people[who], each, unit, known=(each,))


def outcome(world: Any, number: int, who: str, login: str | None = None) -> str:
    """Return shown, part or right: what somebody gets for a vacancy."""
    with world.acting(who, login) as tx:
        try:
            return "shown" if monitor_vacancy(world.engine, tx, world.ref(number)).rows else "empty"
        except NotPermitted as error:
            return error.problems[0].code.rpartition("-")[2]


def counted(world: Any, who: str) -> int:
    with world.acting(who) as tx:
        return max((each["requisitions"] for each in monitor_period(tx, Period()).rows), default=0)


@pytest.mark.parametrize("grant", ["monitor", "hr_head"])
@pytest.mark.parametrize("who", ["chair", "assessor", "keyboard", "deputy", "candidate"])
def test_who_has_a_part_sees_nothing_of_it_whatever_they_hold(
    world: Any, filled: dict[str, Any], who: str, grant: str
) -> None:
    assert outcome(world, filled["one"], who) == "right"
    hold(world, who, grant)
    assert outcome(world, filled["one"], who) == "part"
    assert outcome(world, filled["two"], who) == "shown"
    assert counted(world, who) == 1
    # Neither in somebody else's name, nor with somebody else at the keyboard.
    assert outcome(world, filled["one"], "mona", login=who) == "part"


def test_without_a_part_the_grant_opens_it(world: Any, filled: dict[str, Any]) -> None:
    assert outcome(world, filled["one"], "mona") == "shown"
    assert counted(world, "mona") == 2
    hold(world, "nobody", "hr_head")
    assert outcome(world, filled["one"], "nobody") == "shown"


@pytest.mark.parametrize(
    "grant", ["recruiter", "hr_partner", "hr_officer", "sponsor", "auditor", "admin", "framework_owner"]
)
def test_no_other_grant_opens_it(world: Any, filled: dict[str, Any], grant: str) -> None:
    hold(world, "nobody", grant)
    assert outcome(world, filled["one"], "nobody") == "right"
    with pytest.raises(NotPermitted):
        counted(world, "nobody")


@pytest.mark.parametrize("grant", ["recruiter", "hr_partner", "hr_officer", "sponsor"])
def test_who_may_decide_at_the_unit_is_barred_there(world: Any, filled: dict[str, Any], grant: str) -> None:
    hold(world, "mona", grant, unit=filled["harbour"])
    assert (outcome(world, filled["one"], "mona"), outcome(world, filled["two"], "mona")) == ("part", "shown")
    hold(world, "mona", grant)
    assert (outcome(world, filled["one"], "mona"), outcome(world, filled["two"], "mona")) == ("part", "part")
    assert counted(world, "mona") == 0


def test_a_grant_at_a_unit_only_does_not_open_it(world: Any, filled: dict[str, Any]) -> None:
    hold(world, "nobody", "monitor", unit=filled["harbour"])
    assert outcome(world, filled["one"], "nobody") == "right"


def test_a_grant_taken_back_closes_it(world: Any, filled: dict[str, Any]) -> None:
    with world.acting() as tx:
        take_back(tx, world.people["mona"], "monitor")
    assert outcome(world, filled["one"], "mona") == "right"


def test_the_answer_without_the_right_is_the_same_for_any_reference(
    world: Any, filled: dict[str, Any]
) -> None:
    said = set()
    for ref in (world.ref(filled["one"]), "REQ-99999"):
        with world.acting("nobody") as tx, pytest.raises(NotPermitted) as refused:
            monitor_vacancy(world.engine, tx, ref)
        said.add(str(refused.value))
    assert len(said) == 1
    with world.acting("mona") as tx, pytest.raises(NotFound):
        monitor_vacancy(world.engine, tx, "REQ-99999")
    application = application_of(world)
    with world.acting("mona") as tx, pytest.raises(UsageError):
        monitor_vacancy(world.engine, tx, application)


def application_of(world: Any) -> str:
    return next(str(each) for each in world.refs.values() if each.startswith("APP"))


# --- the import --------------------------------------------------------------


def declarations(tmp_path: Any, *lines: str) -> list[demographics.Declaration]:
    file = tmp_path / "declared.csv"
    file.write_text("\n".join(("candidate,sex", *lines)) + "\n", encoding="utf-8")
    return demographics.read_declarations(file)


def test_an_import_counts_and_repeats_without_effect(world: Any, tmp_path: Any) -> None:
    _, people = world.vacancy(["rejected"] * 3)
    handles = [handle for handle, number in world.people.items() if number in people]
    wanted = declarations(tmp_path, f"{handles[0]},F", f"{handles[1]},M", f"{handles[2]},")
    with world.acting("mona") as tx:
        first = demographics.import_declarations(world.engine, tx, wanted)
        again = demographics.import_declarations(world.engine, tx, wanted)
        changed = declarations(tmp_path, f"{handles[0]},-", f"{handles[1]},F")
        last = demographics.import_declarations(world.engine, tx, changed)
        kept = demographics.groups_by_person(tx, "sex")
    assert (first.people, first.new) == (2, 2)
    assert (again.new, again.unchanged) == (0, 2)
    assert (last.changed, last.removed) == (1, 1)
    assert kept == {world.people[handles[1]]: "F"}


def test_a_reference_of_an_application_stands_for_its_candidate(world: Any, tmp_path: Any) -> None:
    _, (candidate,) = world.vacancy(["rejected"])
    ref = application_of(world)
    with world.acting("mona") as tx:
        demographics.import_declarations(world.engine, tx, declarations(tmp_path, f"{ref.lower()},F"))
        assert demographics.groups_by_person(tx, "sex") == {candidate: "F"}


@pytest.mark.parametrize("who", ["chair", "assessor", "keyboard", "deputy", "candidate"])
def test_who_has_a_part_imports_nothing_about_it(
    world: Any, filled: dict[str, Any], tmp_path: Any, who: str
) -> None:
    hold(world, who, "monitor")
    handle = next(
        h for h, number in world.people.items() if number == world.people["candidate"] and h != "candidate"
    )
    with world.acting(who) as tx, pytest.raises(NotPermitted):
        demographics.import_declarations(world.engine, tx, declarations(tmp_path, f"{handle},F"))


def test_without_the_grant_nobody_imports(world: Any, tmp_path: Any) -> None:
    world.add("somebody", "recruiter", "admin", "auditor")
    with world.acting("somebody") as tx, pytest.raises(NotPermitted):
        demographics.import_declarations(world.engine, tx, declarations(tmp_path, "mona,F"))
    with world.acting("mona") as tx, pytest.raises(NotPermitted, match="of their own"):
        demographics.import_declarations(world.engine, tx, declarations(tmp_path, "mona,F"))


def test_all_faults_are_told_at_once_and_no_value_is_repeated(world: Any, tmp_path: Any) -> None:
    world.vacancy(["rejected"] * 2)
    handles = [each for each in world.people if each.startswith("c")]
    wanted = declarations(tmp_path, f"{handles[0]},F", f"{handles[0]},M", "who.is.this,F", "APP-999999,X")
    with world.acting("mona") as tx:
        with pytest.raises(TalentError) as refused:
            demographics.import_declarations(world.engine, tx, wanted)
        assert demographics.groups_by_person(tx, "sex") == {}
    problems = refused.value.problems
    assert [each.code for each in problems] == [
        "import.unknown-candidate",
        "import.unknown-candidate",
        "import.twice",
    ]
    assert len({each.text for each in problems[:2]}) == 1
    assert problems[0].place == f"{tmp_path / 'declared.csv'}:4"
    assert not any("'F'" in str(each) or "'M'" in str(each) for each in problems)


def test_the_file_itself_is_checked(tmp_path: Any) -> None:
    file = tmp_path / "declared.csv"
    file.write_text("candidate,se x!,declared_on\na.b,F,yesterday\n,M,\n", encoding="utf-8")
    with pytest.raises(TalentError) as refused:
        demographics.read_declarations(file)
    assert {each.code for each in refused.value.problems} >= {
        "import.attribute",
        "import.day",
        "import.empty",
    }
    file.write_text("candidate\na.b\n", encoding="utf-8")
    with pytest.raises(TalentError, match="declares nothing"):
        demographics.read_declarations(file)
    file.write_text(f"candidate,sex\na.b,{'x' * 81}\n", encoding="utf-8")
    with pytest.raises(TalentError, match="longer than 80") as refused:
        demographics.read_declarations(file)
    assert "xxx" not in str(refused.value)


def test_the_table_and_its_migration_agree(world: Any) -> None:
    from sqlalchemy import inspect

    table = metadata.tables["recruitment_demographics"]
    with world.database.begin(read_only=True) as connection:
        found = inspect(connection)
        assert {each["name"] for each in found.get_columns(table.name)} == set(table.columns.keys())
        (key,) = found.get_foreign_keys(table.name)
        assert (key["referred_table"], key["referred_columns"]) == ("person", ["id"])
        assert {each["name"] for each in found.get_unique_constraints(table.name)} == {
            "uq_recruitment_demographics_person_id"
        }
