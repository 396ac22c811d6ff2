"""Owners who were stored before they said of which project they are: lists have them after the migration."""

import pytest

from functions.projects.milestones import milestones
from functions.projects.people import owners
from infra.commands import migrate
from infra.commands.migrate import Pace
from infra.commands.migrations import STEPS
from shared.storage import table
from shared.storage.attributes import Item
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
