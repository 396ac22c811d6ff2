"""The events of one tenant in a time range, found by key: its own, its members', its milestones', its projects',
its elements'.

Events are stored with what they happened to, so each of these partitions is one query. Nothing is scanned, and no
index is paid for with every change to serve a command that is seldom needed.
"""

from collections.abc import Iterator

from functions.identity.accounts import tenants, users
from functions.identity.tenancy import members
from functions.milestones import milestones
from functions.projects import projects
from functions.projects.milestones import entries as plan_entries
from functions.projects.milestones import milestones as plan_milestones
from functions.sequences import elements, sequences
from functions.sequences.sequences import Place
from shared import clock
from shared.clock import Instant
from shared.storage import events, table
from shared.storage.attributes import Item

_TOGETHER = 100


def between(tenant_id: str, since: Instant, until: Instant) -> list[Item]:
    """Return the items of the tenant's events from `since` until before `until`, in the order of their ids.

    Events live for seven days. Those of tracked milestones, projects, their milestones, and elements that are deleted,
    and failed sign-ins of members who are removed, are not found.
    """
    first, behind = clock.to_rfc3339(since), clock.to_rfc3339(until)
    found = [
        item
        for partition in _partitions(tenant_id)
        for item in table.query_all(partition, events.PREFIX)
        if item["tenant_id"] == tenant_id and first <= item["occurred_at"] < behind and item["entity"] == "Event"
    ]
    return sorted(found, key=lambda item: str(item["event_id"]))


def _partitions(tenant_id: str) -> Iterator[str]:
    own = tenants.key(tenant_id).pk
    yield own
    people = sorted({*_members(own), *_removed(own)})
    for user_id in people:
        yield users.partition(user_id)
    for start in range(0, len(people), _TOGETHER):
        for user in table.get_many([users.key(user_id) for user_id in people[start : start + _TOGETHER]]):
            if user is not None:
                yield users.email_partition(user["email"])
    for uid in _tracked(tenant_id):
        yield milestones.key(tenant_id, uid).pk
    yield from _of_projects(tenant_id)
    for place in _sequences(tenant_id):
        yield sequences.partition(place)
        for element in elements.every(place):
            yield elements.partition(place, element.element_id)


def _tracked(tenant_id: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page, cursor = milestones.entries(tenant_id, None, limit=_TOGETHER, cursor=cursor)
        yield from (entry["milestone_uid"] for entry in page)
        if cursor is None:
            return


def _of_projects(tenant_id: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page, cursor = projects.listed(tenant_id, limit=_TOGETHER, cursor=cursor)
        for project in page:
            yield projects.key(tenant_id, project.project_id).pk
            yield from _of_plans(tenant_id, project.project_id)
        if cursor is None:
            return


def _of_plans(tenant_id: str, project_id: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page, cursor = plan_entries.of_project(tenant_id, project_id, limit=_TOGETHER, cursor=cursor)
        yield from (plan_milestones.history(tenant_id, each.project_milestone_id) for each in page)
        if cursor is None:
            return


def _sequences(tenant_id: str) -> Iterator[Place]:
    cursor: str | None = None
    while True:
        page, cursor = sequences.page(tenant_id, limit=_TOGETHER, cursor=cursor)
        yield from (Place(tenant_id, each["scope"], each["element_type"]) for each in page)
        if cursor is None:
            return


def _members(partition: str) -> Iterator[str]:
    for member in table.query_all(partition, members.PREFIX):
        yield member["user_id"]


def _removed(partition: str) -> Iterator[str]:
    """Yield who was removed in the last seven days, which is as long as anything that happened to them is kept."""
    for item in table.query_all(partition, events.PREFIX):
        if item["event_type"] == "identity.member.removed":
            yield item["data"]["user_id"]
