"""The rate that an API key has of its own."""

from typing import Any

import pytest
import time_machine

from shared.api import rate_limits
from shared.callers.caller import from_resolver_context
from shared.rates import Rate
from shared.storage import events, table
from tests.identity.api_keys.key_holders import KEYS, Service, service_of
from tests.identity.entries import appsync
from tests.identity.people import Person, SignedIn

LITTLE = {"requests_per_second": 1, "burst": 10}
MUCH = {"requests_per_second": 1000, "burst": 5000}

pytestmark = pytest.mark.usefixtures("pepper", "usual_limits", "noon")


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


def statuses(service: Service, times: int) -> list[int]:
    return [service.enters().status for _ in range(times)]


def test_a_key_has_the_rate_that_it_was_given(owner: SignedIn):
    service = service_of(owner, rate_limit=LITTLE)

    assert statuses(service, 11) == [200] * 10 + [429]
    assert owner.get(service.path).body["rate_limit"] == LITTLE


def test_a_key_without_one_has_that_of_every_caller(owner: SignedIn):
    service = service_of(owner)

    assert service.enters().rate["RateLimit-Policy"] == '"default";q=50;w=3'
    assert owner.get(service.path).body["rate_limit"] is None


def test_a_rate_that_is_changed_holds_within_a_minute(owner: SignedIn, noon: time_machine.Traveller):
    service = service_of(owner, rate_limit=LITTLE)
    service.enters()

    changed = owner.patch(service.path, {"rate_limit": MUCH})
    noon.shift(60)

    assert (changed.status, changed.body["rate_limit"], changed.body["disabled"]) == (200, MUCH, False)
    assert service.enters().rate["X-RateLimit-Limit"] == "5000"


def test_a_rotated_key_has_the_rate_of_its_service(owner: SignedIn):
    service = service_of(owner, rate_limit=MUCH)

    key = owner.post(f"{service.path}/rotate").body["key"]

    assert service.calls("GET", KEYS, headers={"x-api-key": key}).rate["X-RateLimit-Limit"] == "5000"


def test_the_rate_goes_with_the_caller_through_appsync(owner: SignedIn):
    service = service_of(owner, rate_limit=MUCH)

    caller = from_resolver_context(appsync(service.key)["resolverContext"])

    assert caller.rate_limit == Rate(1000, 5000)
    assert rate_limits.count_caller(caller)["X-RateLimit-Limit"] == "5000"


def test_changing_a_rate_is_an_event_and_changing_nothing_is_none(owner: SignedIn):
    service = service_of(owner)
    for _ in range(2):
        owner.patch(service.path, {"rate_limit": LITTLE})

    partition = f"TENANT#{owner.person.tenant_id}"
    told = list(table.query_all(partition, events.prefix(service.user_id)))

    (changed,) = [event["data"] for event in told if event["event_type"] == "identity.key.changed"]
    assert changed == {"service_name": service.name, "by": owner.person.user_id, "rate_limit": LITTLE}


@pytest.mark.parametrize(
    "rate",
    [
        {"requests_per_second": 0, "burst": 1},
        {"requests_per_second": 1001, "burst": 1},
        {"requests_per_second": 1, "burst": 0},
        {"requests_per_second": 1, "burst": 5001},
        {"requests_per_second": 1},
        {"burst": 1},
        {"requests_per_second": "1", "burst": 1},
        {"requests_per_second": 1, "burst": 1, "more": 1},
        "20/50",
    ],
)
def test_what_is_no_rate_is_refused(owner: SignedIn, rate: Any):
    service = service_of(owner)

    made = owner.post(KEYS, {"service_name": "other", "scopes": ["goals:read"], "rate_limit": rate})
    changed = owner.patch(service.path, {"rate_limit": rate})

    assert (made.status, changed.status) == (422, 422)


@pytest.mark.parametrize("change", [{}, {"disabled": None}, {"rate_limit": None}])
def test_a_change_of_nothing_is_refused(owner: SignedIn, change: dict[str, None]):
    assert owner.patch(service_of(owner).path, change).status == 422
