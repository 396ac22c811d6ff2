"""The command that lists what a restore has undone: all security events from its instant on, of every tenant."""

import json
from typing import Any

import pytest

from functions.identity.accounts import tenants
from functions.identity.audit import log
from infra.commands import undone
from shared import clock, ids
from shared.storage import events, table
from shared.storage.attributes import Key

T = clock.from_rfc3339("2026-11-20T12:00:00Z")


DATA: dict[str, dict[str, Any]] = {
    "key": {"service_name": "nightly", "by": "user_1"},
    "goal": {"goal_id": "goal_1", "owner_id": "user_1", "goal_version": 2, "user_id": "user_2"},
    "endpoint": {"endpoint_id": "wh_1", "by": "user_1"},
}


def founded(moments: list[int]) -> str:
    """Found a tenant in whose log something is recorded so many milliseconds after the instant."""
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=T))
    for moment in moments:
        key_id = ids.new("key")
        happened = events.occurred(
            "identity.key.revoked",
            partition=f"TENANT#{tenant_id}",
            subject_id=key_id,
            tenant_id=tenant_id,
            at=T + moment,
            data={"key_id": key_id},
        )
        log.append(tenant_id, [events.stored(happened.item)])
    return tenant_id


def listed(instant: int = T) -> list[tuple[str, str]]:
    return [(entry.tenant_id, entry.occurred_at) for entry in undone.since(instant)]


def test_what_happened_from_the_instant_on_is_listed_and_nothing_before(aws: None) -> None:
    tenant_id = founded([-1, 0, 1])

    assert listed() == [(tenant_id, "2026-11-20T12:00:00.000Z"), (tenant_id, "2026-11-20T12:00:00.001Z")]


def happens(tenant_id: str, event_type: str, moment: int) -> None:
    """Write an event that no consumer has seen."""
    event = events.occurred(
        event_type,
        partition=f"TENANT#{tenant_id}",
        subject_id=ids.new("key"),
        tenant_id=tenant_id,
        at=T + moment,
        data=DATA[event_type.split(".")[1]],
    )
    table.put_many([event.item])


def test_what_the_stage_was_halted_before_it_was_logged_is_listed_in_its_place(aws: None) -> None:
    tenant_id = founded([1, 9])
    happens(tenant_id, "identity.key.revoked", 5)
    happens(tenant_id, "identity.key.revoked", -5)

    assert [moment[-4:] for _, moment in listed()] == ["001Z", "005Z", "009Z"]


@pytest.mark.parametrize("context", ["notifications", "webhooks"])
def test_what_takes_access_away_is_listed_also_under_its_former_name(aws: None, context: str) -> None:
    tenant_id = founded([])
    taken = [
        "goals.goal.unshared",
        *(f"{context}.endpoint.{what}" for what in ("deleted", "secret_rotated", "updated")),
    ]
    for moment, event_type in enumerate([*taken, "goals.goal.resumed", "notifications.endpoint.created"]):
        happens(tenant_id, event_type, moment)
    found = [each.event_type for each in undone.since(T)]
    # Nobody declares the names of earlier versions any more.
    written = table.query_all(f"TENANT#{tenant_id}", events.PREFIX)
    table.delete_many([Key(item["PK"], item["SK"]) for item in written])

    assert found == taken


def test_what_is_in_the_log_and_an_event_still_is_listed_once(aws: None) -> None:
    tenant_id = founded([])
    happens(tenant_id, "identity.key.revoked", 5)
    (item,) = table.query_all(f"TENANT#{tenant_id}", events.PREFIX)
    log.append(tenant_id, [events.stored(item)])

    assert len(listed()) == 1


def test_that_of_every_tenant_is_listed(aws: None) -> None:
    found = {founded([5]) for _ in range(20)}
    founded([-5])

    assert {tenant_id for tenant_id, _ in listed()} == found


def test_a_log_of_several_pages_is_listed_whole_and_each_entry_once(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undone, "_TOGETHER", 3)
    founded(list(range(10)))

    assert [moment for _, moment in listed()] == [f"2026-11-20T12:00:00.{n:03}Z" for n in range(10)]


def test_each_is_a_line_of_json(aws: None) -> None:
    tenant_id = founded([7])
    (entry,) = undone.since(T)
    told = json.loads(undone.line(entry))

    assert told.pop("data").keys() == {"key_id"}
    assert told == {
        "tenant_id": tenant_id,
        "event_type": "identity.key.revoked",
        "occurred_at": "2026-11-20T12:00:00.007Z",
    }
