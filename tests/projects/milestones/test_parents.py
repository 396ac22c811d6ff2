"""Milestones that are parts of others: where they lie, and the progress that follows from them."""

import random
from fractions import Fraction
from typing import Any

import pytest

from functions.projects.milestones import children
from shared.storage import table
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person


def named(milestone: str) -> str:
    return milestone.removeprefix("/project-milestones/")


def part(person: Person, project: str, whole: str, **more: Any) -> str:
    return person.plans(project, parent_id=named(whole), **more)


def begun(person: Person, project: str, whole: str, **more: Any) -> str:
    return person.begins(project, person, parent_id=named(whole), **more)


def follows(person: Person, *milestones: str) -> None:
    """Deliver all events of milestones, those of the deepest first."""
    for each in milestones:
        follow(*of_milestone(person, each))


def test_a_milestone_lies_three_levels_deep_at_most(ada: Person, project: str):
    first = ada.plans(project)
    second = part(ada, project, first)
    third = part(ada, project, second)
    draft = {"title": "Screw", "kind": "custom", "parent_id": named(third)}

    assert ada.post(f"{project}/project-milestones", draft).fields == ["parent_id"]
    listed = ada.get(f"{project}/project-milestones", f"parent_id={named(first)}").body["items"]
    assert [each["project_milestone_id"] for each in listed] == [named(second)]
    assert ada.get(third).body["parent_id"] == named(second)


def test_a_parent_is_another_milestone_of_the_same_project(ada: Person, eve: Person, project: str):
    mine = ada.plans(project)
    others = [ada.plans(ada.creates()), eve.plans(eve.creates()), mine, "pms_1", ""]

    for each in others:
        assert ada.patch(mine, {"parent_id": named(each)}).fields == ["parent_id"]


def test_a_milestone_with_parts_has_no_amount_and_stays(ada: Person, project: str):
    whole, other = ada.plans(project), ada.plans(project)
    only = part(ada, project, whole, amount_minor_units=500)

    assert ada.patch(whole, {"amount_minor_units": 500}).code == "HasChildren"
    assert ada.patch(whole, {"parent_id": named(other)}).code == "HasChildren"
    assert ada.delete(whole).code == "HasChildren"
    assert ada.patch(other, {"parent_id": named(only)}).code == "ParentNotPossible"
    assert ada.patch(only, {"parent_id": None}).status == 200
    assert ada.delete(whole).status == 204
    assert ada.delete(only).status == 204
    assert ada.get(project).body["milestones"] == 1


def test_a_completed_or_cancelled_milestone_gets_no_parts(ada: Person, project: str):
    done, given_up = ada.begins(project, ada, acceptance="manager"), ada.plans(project)
    ada.post(f"{done}/complete")
    ada.post(f"{given_up}/cancel", {"reason": "Not needed."})
    somewhere = ada.plans(project)

    for each in (done, given_up):
        assert ada.patch(somewhere, {"parent_id": named(each)}).code == "ParentNotPossible"


def test_the_progress_follows_the_parts_equally_or_by_amount(ada: Person, project: str):
    whole = ada.begins(project, ada, progress_source="children")
    small, large = [begun(ada, project, whole, amount_minor_units=amount) for amount in (100, 300)]
    ada.put(f"{small}/progress", {"progress": 50})
    follows(ada, small, large)
    assert ada.get(whole).body["progress"] == 12
    assert ada.put(f"{whole}/progress", {"progress": 50}).code == "ProgressDerived"

    free = begun(ada, project, whole)
    follows(ada, free)
    assert ada.get(whole).body["progress"] == 16
    ada.post(f"{free}/cancel", {"reason": "Not needed."})
    ada.put(f"{large}/progress", {"progress": 90})
    follows(ada, large, free)
    assert ada.get(whole).body["progress"] == 80


def test_the_last_part_completes_what_nobody_has_to_be_asked_about(ada: Person, project: str):
    top = ada.begins(project, ada, progress_source="children")
    whole = begun(ada, project, top, progress_source="children", acceptance="manager")
    first, second = begun(ada, project, whole), begun(ada, project, whole)
    for each in (first, second):
        ada.post(f"{each}/complete")
        follows(ada, each, whole)

    assert (ada.get(whole).body["status"], ada.get(whole).body["progress"]) == ("verified", 100)
    assert ada.get(top).body["status"] == "approved"


def test_open_criteria_and_layers_keep_it_in_progress(ada: Person, project: str):
    wholes = [
        ada.begins(project, ada, progress_source="children", **more)
        for more in (
            {"completion_criteria": [{"key": "test", "text": "It mills"}]},
            {"evidence_requirements": [{"key": "drawings", "title": "Drawings"}]},
        )
    ]
    for whole in wholes:
        only = begun(ada, project, whole)
        ada.post(f"{only}/complete")
        follows(ada, only)

    shown = [ada.get(each).body for each in wholes]
    assert [(each["status"], each["progress"]) for each in shown] == [("in_progress", 100)] * 2


def test_what_is_started_later_has_the_progress_of_its_parts(ada: Person, project: str):
    whole = ada.plans(project, progress_source="children")
    only = begun(ada, project, whole)
    ada.put(f"{only}/progress", {"progress": 70})
    follows(ada, only)
    assert ada.get(whole).body["progress"] == 0
    ada.assigns(whole, ada)
    for what in ("activate", "start"):
        ada.post(f"{whole}/{what}")
    follows(ada, whole)

    assert ada.get(whole).body["progress"] == 70


def test_a_part_that_is_moved_or_deleted_counts_no_more(ada: Person, project: str):
    one, two = [ada.begins(project, ada, progress_source="children") for _ in range(2)]
    half, none = begun(ada, project, one), part(ada, project, one)
    ada.put(f"{half}/progress", {"progress": 50})
    follows(ada, half)
    assert ada.get(one).body["progress"] == 25
    ada.delete(none)
    follows(ada, none)
    assert ada.get(one).body["progress"] == 50
    ada.patch(half, {"parent_id": named(two)})
    follows(ada, half)

    assert ada.get(two).body["progress"] == 50
    assert ada.delete(one).code == "MilestoneNotDeletable"


@pytest.mark.parametrize("seed", range(3))
def test_what_parts_add_up_to_is_what_a_recount_finds(seed: int, ada: Person, project: str):
    chance = random.Random(seed)  # noqa: S311 - a history that can be repeated
    wholes = [ada.begins(project, ada, progress_source="children") for _ in range(2)]
    parts = [begun(ada, project, chance.choice(wholes)) for _ in range(4)]
    for _ in range(25):
        each = chance.choice(parts)
        match chance.randrange(5):
            case 0:
                ada.put(f"{each}/progress", {"progress": chance.randrange(100)})
            case 1:
                ada.patch(each, {"amount_minor_units": chance.choice([None, 1, 10**15, 7])})
            case 2:
                ada.patch(each, {"parent_id": chance.choice([None, *map(named, wholes)])})
            case 3 if chance.random() < 0.2:
                ada.post(f"{each}/cancel", {"reason": "Not needed."})
            case _:
                ada.patch(each, {"allow_decrease": True})
        follow(*of_milestone(ada, each)[-2:])

    for whole in wholes:
        mine = [each for each in (ada.get(path).body for path in parts) if each["parent_id"] == named(whole)]
        counted = [(each["progress"], each["amount_minor_units"]) for each in mine if each["status"] != "cancelled"]
        stored = children.of(table.get(children.key(ada.tenant_id, named(whole)), consistent=True))
        assert (stored.children, stored.counted) == (len(mine), len(counted))
        if counted:
            weights = [amount for _, amount in counted] if all(amount for _, amount in counted) else [1] * len(counted)
            mean = Fraction(sum(p * w for (p, _), w in zip(counted, weights, strict=True)), sum(weights))
            assert ada.get(whole).body["progress"] == int(mean) == stored.percent
