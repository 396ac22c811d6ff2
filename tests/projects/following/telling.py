"""Events on their way to the consumer that follows projects, and people whose standing in the tenant changes."""

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.identity.scopes import Role
from functions.projects.following import consumers
from shared import clock
from shared.callers import auth, project_members
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.projects.team import Person

UNHEARD = {"projects.project.created"}
"""What no rule brings to the consumer."""


def follow(*happened: Event) -> None:
    """Deliver events twice, as a queue may."""
    for _ in range(2):
        assert consumers.handler(delivered(happened), Context()) == {"batchItemFailures": []}


def of_project(person: Person, project: str) -> list[Event]:
    """Return the events of a project and its members that the consumer hears of."""
    place = project_members.partition(person.tenant_id, project[10:])
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return [each for each in found if each.event_type not in UNHEARD]


def of_milestone(person: Person, milestone: str) -> list[Event]:
    """Return the events of a milestone, of its layers, its evidence and whom it belongs to."""
    place = f"TENANT#{person.tenant_id}#PMS#{milestone.rpartition('/')[2]}#HISTORY"
    return [events.stored(item) for item in table.query_all(place, "EVENT#")]


def stands(person: Person, what: str, *, role: Role = "member", is_disabled: bool = False) -> Event:
    """Change how somebody stands in the tenant as identity does; return the event of it."""
    member = Member(person.tenant_id, person.user_id, role, is_disabled, clock.to_rfc3339(clock.now()), 2)
    table.put_many([memberships.to_item(member)])
    return _event(person, what)


def leaves(person: Person) -> Event:
    """Remove somebody from the tenant as identity does; return the event of it."""
    table.delete_many([auth.membership_key(person.tenant_id, person.user_id)])
    return _event(person, "removed")


def _event(person: Person, what: str) -> Event:
    occurred = events.occurred(
        f"identity.member.{what}",
        partition=f"TENANT#{person.tenant_id}",
        subject_id=person.user_id,
        tenant_id=person.tenant_id,
        at=clock.now(),
        data={"user_id": person.user_id},
    )
    return events.stored(occurred.item)
