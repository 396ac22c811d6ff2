"""The audit log of a tenant keeps what every context declares as audited, in one chain, with who did it."""

import pytest

from functions.identity.audit import log as audit
from infra.documents import event_schemas
from shared import actors, clock, ids
from shared.actors import ANONYMOUS, EVALUATOR, SYSTEM, Actor
from shared.messaging import audited, declarations
from shared.storage import events
from shared.storage.attributes import Item
from shared.storage.events import Event
from tests.identity.audit.logs import AUDIT, faults, stored, stream
from tests.identity.people import Person, SignedIn

TYPES = event_schemas.event_types()
AUDITED = sorted(name for name, event_type in TYPES.items() if event_type.is_audited)
ACTORS = [Actor("user", "user_1"), Actor("service", "user_2"), SYSTEM, EVALUATOR, ANONYMOUS]
NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
HAPPENS_ALL_DAY = {
    "goals.task.added",
    "goals.task.completed",
    "goals.goal.updated",
    "milestones.milestone.updated",
    "milestones.milestone.sync_requested",
    "webhooks.delivery.requested",
}


def happened(tenant_id: str, event_type: str, number: int) -> Item:
    """Return the item of an event that one of the actors has brought about."""
    with actors.acting(ACTORS[number % len(ACTORS)]):
        return events.occurred(
            event_type,
            partition=f"TENANT#{tenant_id}",
            subject_id="subject_1",
            tenant_id=tenant_id,
            at=NOON + number,
            data={"number": number},
        ).item


def event(event_type: str, tenant_id: str) -> Event:
    return events.stored(happened(tenant_id, event_type, 0))


@pytest.fixture
def owner(pepper: str, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_a_chain_with_every_audited_type_of_every_context_verifies(owner: SignedIn) -> None:
    tenant_id = owner.person.tenant_id
    items = [happened(tenant_id, event_type, number) for number, event_type in enumerate(AUDITED)]
    for start in range(0, len(items), 10):
        stream(items[start : start + 10])
    log = stored(owner.person)

    contexts = {"audience", "goals", "identity", "jobs", "milestones", "payments", "projects", "search", "webhooks"}
    assert {name.split(".")[0] for name in AUDITED} == contexts
    assert [item["event_type"] for item in log] == AUDITED
    assert [item["actor"] for item in log] == [item["actor"] for item in items]
    assert faults(owner.person) == []


def test_entries_of_all_versions_make_one_chain(owner: SignedIn) -> None:
    items = [happened(owner.person.tenant_id, event_type, number) for number, event_type in enumerate(AUDITED[:6])]
    of_requests = {"correlation": {"request_id": "Hs7dXhQ4joEEMbg=", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}}
    first = [{name: value for name, value in item.items() if name not in {"version", "actor"}} for item in items[:4]]
    stream([*first[:2], *(item | of_requests for item in first[2:]), *(item | of_requests for item in items[4:])])
    log = stored(owner.person)

    assert ["actor" in item for item in log] == [False] * 4 + [True] * 2
    assert ["request_id" in item for item in log] == [False] * 2 + [True] * 4
    assert faults(owner.person) == []


@pytest.mark.parametrize("forged", [{"kind": "user", "id": "user_9"}, None])
def test_an_actor_that_is_changed_or_taken_away_is_noticed(owner: SignedIn, forged: dict[str, str] | None) -> None:
    (entry,) = [audit.from_item(item) for item in _logged(owner, 1)]

    assert audit.hashed(entry) == entry.hash
    assert audit.hashed(entry._replace(actor=forged)) != entry.hash


def test_an_actor_that_is_put_into_an_entry_without_one_is_noticed(owner: SignedIn) -> None:
    (entry,) = [audit.from_item(item) for item in _logged(owner, 1, without=frozenset({"actor"}))]

    assert audit.hashed(entry) == entry.hash
    assert audit.hashed(entry._replace(actor={"kind": "user", "id": "user_9"})) != entry.hash


def test_the_log_shows_who_did_it(owner: SignedIn) -> None:
    _logged(owner, len(ACTORS))
    shown = owner.get(AUDIT).body["items"]

    assert [item["actor"] for item in reversed(shown)] == [actor.told() for actor in ACTORS]


def _logged(owner: SignedIn, count: int, *, without: frozenset[str] = frozenset()) -> list[Item]:
    items = [happened(owner.person.tenant_id, "goals.goal.deleted", number) for number in range(count)]
    stream([{name: value for name, value in item.items() if name not in without} for item in items])
    return stored(owner.person)


@pytest.mark.parametrize("event_type", sorted(TYPES))
def test_the_run_time_keeps_what_is_declared_and_nothing_else(event_type: str) -> None:
    assert audited.takes(event(event_type, ids.new("tenant"))) is TYPES[event_type].is_audited


def test_what_happens_all_day_is_in_no_log() -> None:
    assert HAPPENS_ALL_DAY.isdisjoint(AUDITED)
    assert declarations.EVENTS.keys() >= HAPPENS_ALL_DAY


def test_a_security_event_that_only_a_later_version_declares_is_kept() -> None:
    tenant_id = ids.new("tenant")

    assert audited.takes(event("identity.passkey.enrolled", tenant_id))
    assert not audited.takes(event("goals.comment.added", tenant_id))
    assert not audited.takes(event("identity.session.refreshed", tenant_id))
    assert not audited.takes(event("identity.passkey.enrolled", "nobody"))
