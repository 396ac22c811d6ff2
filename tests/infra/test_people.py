"""Everybody of a stage, for commands that look at all of them."""

import pytest

from functions.identity.accounts import memberships, tenants
from functions.identity.api_keys import records as api_keys
from functions.identity.api_keys.records import Principal
from infra.commands import people, republish
from shared import clock, ids
from shared.storage import table

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")


def founded() -> str:
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=NOON))
    return tenant_id


def test_all_tenants_are_found_over_all_pages(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_TOGETHER", 2)
    expected = sorted(founded() for _ in range(30))

    assert sorted(people.tenants()) == expected


def test_services_own_things_and_do_not_sign_in(aws: None) -> None:
    tenant_id, member, service, gone = founded(), ids.new("user"), ids.new("user"), ids.new("user")
    joined = memberships.joined(tenant_id=tenant_id, user_id=member, role="member", at=NOON)
    removed = {"PK": f"TENANT#{tenant_id}", "SK": f"REMOVED#{gone}", "entity": "RemovedMember", "user_id": gone}
    table.put_many([joined.item, removed])
    table.transact([api_keys.acting(tenant_id, "nightly", Principal(service))])

    assert people.who_sign_in(tenant_id) == {member, gone}
    assert people.of_tenant(tenant_id) == {member, gone, service}


def test_events_may_be_sent_again_of_one_tenant_or_of_all(aws: None) -> None:
    expected = sorted(founded() for _ in range(3))

    assert sorted(republish.named("all")) == expected
    assert list(republish.named(expected[1])) == [expected[1]]
