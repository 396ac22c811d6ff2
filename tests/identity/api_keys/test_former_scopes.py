"""Keys that were given scopes of webhooks when these were called notifications have them under their own name."""

from typing import Any

import pytest

from functions.identity.api_keys import records
from shared import clock
from shared.callers import api_keys, auth
from shared.storage import events, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put
from tests.identity.api_keys.key_holders import KEYS, Service, given, service_of
from tests.identity.audit.logs import AUDIT, stream
from tests.identity.people import Person, SignedIn

FORMER = ["goals:read", "identity:admin", "notifications:admin", "notifications:read", "notifications:write"]
PRESENT = ["goals:read", "identity:admin", "webhooks:admin", "webhooks:read", "webhooks:write"]


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def owner(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def places(owner: SignedIn, service: Service) -> list[Key]:
    return [api_keys.record_key(service.key_id), records.key(owner.person.tenant_id, service.name)]


def stored(owner: SignedIn, service: Service) -> list[Item]:
    """Return the record of the key, and its service."""
    found = table.get_many(places(owner, service), consistent=True)
    return [item for item in found if item is not None]


def service_with(owner: SignedIn, scopes: list[str], *, is_former: bool) -> Service:
    """Return a service whose scopes are stored as they were by a version before, or by a later one."""
    service = service_of(owner, scopes=["goals:read", "identity:admin"])
    for item in stored(owner, service):
        kept = {name: value for name, value in item.items() if name != "naming" or not is_former}
        table.transact([Put(kept | {"scopes": scopes})])
    auth.forget_callers()
    return service


def caller_of(service: Service) -> set[str]:
    return set(auth.from_headers({"x-api-key": service.key}).scopes)


def test_a_key_made_before_has_them_under_their_own_name_and_no_others(owner: SignedIn):
    service = service_with(owner, FORMER, is_former=True)

    assert caller_of(service) == set(PRESENT)


def test_a_key_made_from_now_on_has_those_that_it_was_given(owner: SignedIn):
    service = service_with(owner, ["goals:read", "notifications:read"], is_former=False)

    assert caller_of(service) == {"goals:read", "notifications:read"}


def test_a_service_made_before_is_shown_with_present_names(owner: SignedIn):
    service = service_with(owner, FORMER, is_former=True)

    assert owner.get(service.path).body["scopes"] == PRESENT
    assert [each["scopes"] for each in owner.get(KEYS).body["items"]] == [PRESENT]


def test_a_rotated_key_and_the_one_before_are_stored_with_present_names(owner: SignedIn):
    service = service_with(owner, FORMER, is_former=True)
    rotated = given(owner.post(f"{service.path}/rotate"))

    for each in (service, rotated):
        assert [(item["scopes"], item["naming"]) for item in stored(owner, each)] == [(PRESENT, 2)] * 2
        assert caller_of(each) == set(PRESENT)


@pytest.mark.parametrize("change", [{"disabled": True}, {"disabled": False}])
def test_a_service_made_before_can_be_changed(owner: SignedIn, change: dict[str, Any]):
    service = service_with(owner, FORMER, is_former=True)
    owner.patch(service.path, {"disabled": True})
    answer = owner.patch(service.path, change)

    assert (answer.status, answer.body["scopes"]) == (200, PRESENT)


def test_a_key_that_is_given_a_former_name_gets_what_the_name_means_now(owner: SignedIn):
    answer = owner.post(KEYS, {"service_name": "nightly-report", "scopes": ["notifications:read"]})

    assert (answer.status, answer.body["scopes"]) == (201, ["notifications:read"])
    assert set(auth.from_headers({"x-api-key": answer.body["key"]}).scopes) == {"notifications:read"}


def test_the_audit_log_shows_what_was_written_then_as_it_was_written(owner: SignedIn):
    tenant_id = owner.person.tenant_id
    data = {"service_name": "nightly-report", "key_id": "4kQzT0bX9aLm", "scopes": FORMER, "by": owner.person.user_id}
    told = {"partition": f"TENANT#{tenant_id}", "subject_id": owner.person.user_id, "tenant_id": tenant_id}
    stream([events.occurred("identity.key.created", at=clock.now(), data=data, **told).item])
    (entry,) = [each for each in owner.get(AUDIT).body["items"] if each["event_type"] == "identity.key.created"]

    assert entry["data"]["scopes"] == FORMER
