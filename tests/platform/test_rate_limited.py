"""How callers meet their limits, whichever operation they call."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
import time_machine

from functions.portal.api import handler as portal
from shared.aws.client import NoAnswer
from shared.callers import auth
from shared.callers.caller import Caller
from tests.aws import hooks
from tests.aws.entries import RATE_HEADERS, Context, http_event
from tests.goals import appsync
from tests.goals.people import Person, anonymous
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.entries import rest
from tests.platform.operations import DOCUMENT

LOGIN = {"email": "ada@example.com", "password": "a sentence is easy to remember"}
ADDRESS, CREDENTIALS, REGISTRATIONS = '"address";q=1000;w=5', '"credentials";q=400;w=200', '"registrations";q=50;w=50'
# What a request to an operation of everybody's is answered that gets everything wrong, by how it is counted.
COUNTED = {
    ("get", "/api/v1/auth/google"): ADDRESS,
    ("get", "/api/v1/auth/google/callback"): ADDRESS,
    ("post", "/api/v1/auth/invitation"): ADDRESS,
    ("post", "/api/v1/auth/login"): CREDENTIALS,
    ("post", "/api/v1/auth/login/otp"): CREDENTIALS,
    ("post", "/api/v1/auth/refresh"): ADDRESS,
    ("post", "/api/v1/auth/register"): REGISTRATIONS,
    ("post", "/api/v1/opt-in"): ADDRESS,
    ("post", "/api/v1/unsubscribe"): ADDRESS,
    ("post", "/api/v1/review-links/view"): ADDRESS,
    ("post", "/api/v1/review-links/decide"): ADDRESS,
    ("post", "/api/v1/probe-replies/view"): ADDRESS,
    ("post", "/api/v1/probe-replies/answer"): ADDRESS,
}
# One address sends the webhooks of all milestones, and what is signed cannot be guessed.
SIGNED = {
    "/api/v1/delivery/inbound",
    "/api/v1/delivery/receipt",
    "/api/v1/milestones/webhooks/milestone-complete",
    "/api/v1/payment-webhooks/{gateway}",
}
SENT = {
    "/api/v1/auth/invitation": {"invitation_token": "nobody-has-been-invited-with-this-one-at-all"},
    "/api/v1/auth/login": LOGIN,
    "/api/v1/auth/login/otp": {"mfa_token": "nobody-has-begun-to-sign-in-with-this-one-at-all", "code": "123456"},
    "/api/v1/auth/refresh": {"refresh_token": "nobody has this one"},
    "/api/v1/auth/register": {**LOGIN, "display_name": "Ada"},
}

pytestmark = pytest.mark.usefixtures("otp", "noon", "usual_limits")


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        yield time


@pytest.fixture
def ada() -> Person:
    return Person("user_ada", "tenant_1", Issuer().publish())


@pytest.fixture
def calls() -> list[str]:
    called: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: called.append(model.name))
    return called


def left(rate: Mapping[str, str]) -> int:
    return int(rate["X-RateLimit-Remaining"])


def test_a_caller_is_refused_after_a_burst_and_let_in_when_told(ada: Person, noon: time_machine.Traveller):
    answers = [ada.get("/goals") for _ in range(51)]

    assert [answer.status for answer in answers] == [200] * 50 + [429]
    refused = answers[-1]
    assert (refused.code, refused.headers["Retry-After"]) == ("RateLimited", "1")
    noon.shift(1)
    assert ada.get("/goals").status == 200


def test_all_tokens_of_a_user_share_their_limit(ada: Person):
    first, second = ada.get("/goals"), ada.holding("goals:read").get("/goals/goal_1")

    assert (left(first.rate), left(second.rate)) == (49, 48)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/goals", None, 200),
        ("POST", "/goals", "{", 400),
        ("POST", "/goals", {}, 422),
        ("GET", "/goals/goal_1", None, 404),
        ("GET", "/nowhere", None, 404),
        ("PURGE", "/goals", None, 405),
    ],
)
def test_every_answer_says_what_is_left(ada: Person, method: str, path: str, body: object, status: int):
    answer = ada.rest(method, path, body)

    assert answer.status == status
    assert answer.rate.keys() == RATE_HEADERS


def test_a_caller_without_the_scope_is_counted_as_well(ada: Person):
    refused = ada.holding("goals:none").get("/goals")

    assert (refused.status, left(refused.rate)) == (403, 49)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"authorization": "Bearer e30.e30.e30"}, 401), ({"authorization": "Bearer x", "x-api-key": "y"}, 400)],
)
def test_who_is_not_known_is_counted_by_where_they_come_from(ada: Person, headers: dict[str, str], status: int):
    answers = [anonymous("GET", "/goals", headers=headers) for _ in range(1001)]

    assert [answer.status for answer in answers] == [status] * 1000 + [429]
    assert ada.get("/goals").status == 200


def test_an_address_that_a_header_claims_does_not_count():
    first = anonymous("GET", "/goals", headers={"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"})
    second = anonymous("GET", "/goals", headers={"x-forwarded-for": "198.51.100.2"})

    assert (left(first.rate), left(second.rate)) == (999, 998)


@pytest.mark.parametrize(("method", "path"), COUNTED)
def test_what_is_open_to_all_and_takes_credentials_or_writes_says_how_it_is_counted(method: str, path: str):
    answer = rest(method.upper(), path, SENT.get(path, {}))

    assert answer.status < 500
    assert answer.rate["RateLimit-Policy"] == COUNTED[method, path]


def test_every_operation_that_is_open_to_all_and_takes_credentials_or_writes_is_counted():
    taking = {
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if operation["x-scope"] == "public" and (method != "get" or "/auth/" in path) and path not in SIGNED
    }

    assert taking == COUNTED.keys()


def test_after_too_many_wrong_credentials_the_next_is_refused_before_anything_is_read_or_hashed(calls: list[str]):
    for number in range(400):
        rest("POST", "/api/v1/auth/login/otp", {"mfa_token": f"guess number {number}", "code": "123456"})
    calls.clear()

    refused = rest("POST", "/api/v1/auth/login", LOGIN)

    assert (refused.status, refused.code) == (429, "RateLimited")
    assert refused.rate["RateLimit-Policy"] == CREDENTIALS
    assert calls == []


def test_what_verifiers_read_is_counted_by_address():
    assert rest("GET", "/.well-known/openid-configuration").rate["RateLimit-Policy"] == ADDRESS


def test_when_the_table_cannot_say_who_calls_nobody_is_counted(ada: Person):
    def cut(**_: object) -> None:
        raise NoAnswer("unreachable")

    hooks.register("before-call.dynamodb", cut)

    answer = ada.get("/goals")

    assert (answer.status, dict(answer.rate)) == (503, {})


def test_the_files_of_a_page_use_up_nobodys_rate():
    file, other = (http_event("GET", f"/dashboard/6f65d0b27c17/{name}") for name in ("app.js", "nothing.js"))
    answers = [portal(file, Context()) for _ in range(60)] + [portal(other, Context()) for _ in range(1001)]

    assert [answer["statusCode"] for answer in answers] == [200] * 60 + [404] * 1000 + [429]


def test_the_portal_counts_by_address_and_refuses_without_serving():
    answers = [portal(http_event("GET", "/api/v1/health"), Context()) for _ in range(1001)]

    assert [answer["statusCode"] for answer in answers] == [200] * 1000 + [429]
    assert all(answer["headers"].keys() >= RATE_HEADERS for answer in answers)
    assert answers[-1]["headers"]["Retry-After"] == "1"


def asked_over_graphql(user_id: str, headers: Mapping[str, str]) -> str | None:
    """Ask for the goals of a user, and return the code of the refusal, None if there is none."""
    caller = Caller(user_id, "tenant_1", ("owner",), frozenset({"goals:read"}), None, ("pwd",), 0)
    return appsync.ask("myGoals", {}, resolver_context=auth.to_resolver_context(caller), headers=headers).error_type


def test_over_graphql_each_of_an_office_counts_for_themselves_whatever_headers_claim():
    claimed = [
        {"x-forwarded-for": f"198.51.100.{each}", "cloudfront-viewer-address": f"198.51.100.{each}:1"}
        for each in range(51)
    ]
    asked = [asked_over_graphql("user_ada", headers) for headers in claimed]

    assert asked == [None] * 50 + ["RateLimited"]
    assert asked_over_graphql("user_bob", claimed[0]) is None


def test_rest_and_graphql_share_the_rate_of_a_user(ada: Person):
    for _ in range(49):
        asked_over_graphql(ada.user_id, {})

    assert left(ada.get("/goals").rate) == 0
    assert asked_over_graphql(ada.user_id, {}) == "RateLimited"
