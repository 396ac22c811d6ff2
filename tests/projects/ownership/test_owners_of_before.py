"""Owners who were stored before lists and gates knew of them: after the migration both do."""

import pytest

from functions.projects.milestones import milestones
from functions.projects.people import owners
from infra.commands import migrate
from infra.commands.migrate import Pace
from infra.commands.migrations import STEPS
from shared.storage import table
from shared.storage.attributes import Item
from tests.projects.billing import gate
from tests.projects.team import Person


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows how to scan."""


def stored(person: Person, milestone: str) -> Item:
    place = milestones.partition(person.tenant_id, milestone.rpartition("/")[2])
    item = table.get(owners.key(place, person.user_id), consistent=True)
    assert item is not None
    return item


def owned(person: Person) -> list[str]:
    items = person.get("/project-milestones", "owner=me").body["items"]
    return [each["project_milestone_id"] for each in items]


def ages(person: Person, milestone: str) -> Item:
    """Store an owner as an earlier version did, and return the item of before."""
    before = stored(person, milestone)
    table.put_many([{name: value for name, value in before.items() if name != "project_id"}])
    return before


def migrates() -> migrate.Done | None:
    return migrate.run(STEPS, pace=Pace(1_000_000), wait=lambda _: None)


def test_they_are_listed_again_and_their_version_stays(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    old, new = ada.begins(project, ben), ada.begins(project, ben)
    before = ages(ben, old)
    assert owned(ben) == [new.rpartition("/")[2]]
    migrates()

    assert sorted(owned(ben)) == sorted(each.rpartition("/")[2] for each in (old, new))
    assert stored(ben, old) == before
    assert migrates() is None


def test_whoever_has_no_milestone_any_more_is_left_alone(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben)
    ages(ben, milestone)
    table.delete_many([milestones.key(ada.tenant_id, milestone.rpartition("/")[2])])
    migrates()

    assert "project_id" not in stored(ben, milestone)


def forgets(person: Person, milestone: str) -> None:
    """Store a milestone and its gate as an earlier version did, which named no secondary owner in them."""
    place, shown = milestones.key(person.tenant_id, milestone.rpartition("/")[2]), gate(person, milestone)
    item = table.get(place, consistent=True)
    assert item is not None
    for each in (item, shown):
        del each["secondary_owners"]
    table.put_many([item, shown])


def test_gates_name_secondary_owners_again_people_and_teams(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    team_id = ada.post(f"{project}/teams", {"name": "Millwrights", "people": []}).body["team_id"]
    milestone = ada.begins(project, ada)
    ada.assigns(milestone, ben, "secondary")
    ada.assigns(milestone, ada.brings(project, ada.colleague(), "viewer"), "reviewer")
    assert ada.post(f"{milestone}/owners", {"team_id": team_id, "role": "secondary"}).status == 201
    before = gate(ada, milestone)
    assert before["secondary_owners"] == sorted([ben.user_id, team_id])
    forgets(ada, milestone)
    migrates()

    assert gate(ada, milestone) == before
    assert ada.get(milestone).body["version"] == before["version"]
    assert migrates() is None


def test_milestones_without_a_secondary_owner_stay_as_they_are(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben)
    before = gate(ada, milestone)
    migrates()

    assert (gate(ada, milestone), before["secondary_owners"]) == (before, [])
