"""What the systems that Milepost replaces get wrong (rules, section 7): a test for each, by its name there.

Where a flaw is about a credential it is tried twice: over REST, and at the authorizer that lets GraphQL in.
"""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.identity.second_factor.second_factors import Proof
from functions.identity.sign_in import code_sign_ins
from shared import clock
from shared.api.graphql import Fields
from shared.errors import Refusal
from tests.aws import hooks
from tests.aws.entries import Answer, Context, appsync_event
from tests.aws.quick.table import everything
from tests.aws.stored_items import readable
from tests.identity.access_tokens.forgeries import FORGERIES
from tests.identity.access_tokens.issuer import Issuer, mac
from tests.identity.api_keys.key_holders import KEYS, given, service_of
from tests.identity.codes.challenged import mailed_code
from tests.identity.entries import appsync, bearer, rest
from tests.identity.people import PASSWORD, Person, SignedIn, registered
from tests.identity.second_factor.authenticators import Authenticator, enrolled, second_step
from tests.platform.operations import DOCUMENT

ME = "/api/v1/auth/me"
LOGIN = "/api/v1/auth/login"


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def owner(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def enters_nowhere(token: str) -> bool:
    return rest("GET", ME, headers=bearer(token)).status == 401 and appsync(token) == {"isAuthorized": False}


def login(email: str, password: str) -> Answer:
    return rest("POST", LOGIN, {"email": email, "password": password})


@pytest.mark.parametrize("claim", [{"role": "admin"}, {"roles": ["admin"]}, {"is_admin": True}, {"tenant_id": "t"}])
def test_anonymous_registration_as_admin(owner: SignedIn, claim: dict[str, Any]):
    draft = {"email": "mallory@example.com", "password": PASSWORD, "display_name": "Mallory"}
    refused = rest("POST", "/api/v1/auth/register", {**draft, **claim})
    registered_ = rest("POST", "/api/v1/auth/register", draft)

    assert (refused.status, refused.fields) == (422, [*claim])
    assert registered_.body["tenant_id"] != owner.person.tenant_id


@pytest.mark.parametrize("change", [{"role": "admin"}, {"disabled": True}, {"password": "a new sentence to remember"}])
def test_any_user_changes_anothers_password_and_roles(owner: SignedIn, change: dict[str, Any]):
    grace = owner.person.invites("grace", "member").signs_in()
    eve = registered("eve").signs_in()

    assert grace.patch(owner.person.path, change).status == 403
    assert eve.patch(owner.person.path, change).status in {404, 422}
    assert owner.person.signs_in().enters().body["roles"] == ["owner"]


@pytest.mark.parametrize(
    ("flaw", "forgery"),
    [
        ("tokens without exp accepted", "exp missing"),
        ("alg: none with a magic third part accepted", "alg none, a magic third part"),
        ("alg: none with a magic third part accepted", "alg nOnE, unsigned"),
        ("one HS256 secret shared by all", "HS256 with the public key"),
    ],
)
def test_a_token_that_nobody_signed(issuer: Issuer, flaw: str, forgery: str):
    assert enters_nowhere(FORGERIES[forgery](issuer)), flaw


@pytest.mark.parametrize(
    "secret", [b"", b"secret", b"changeme", b"your-256-bit-secret", b"milepost", b"milepost-local"]
)
def test_one_hs256_secret_with_a_public_default_shared_by_all(issuer: Issuer, secret: bytes):
    token = issuer.token(header=issuer.header(alg="HS256"), sign=mac(secret, "sha256"))

    assert enters_nowhere(token)


@pytest.mark.parametrize("scope", ["identity:administrator", "xidentity:admin", "identity:admins", "admin", "identity"])
def test_substring_test_for_admin(issuer: Issuer, ada: Person, scope: str):
    claims = issuer.claims(sub=ada.user_id, tid=ada.tenant_id, scope=scope, roles=["not-an-admin-at-all"])
    token = issuer.token(claims=claims)
    fields = Fields()
    fields.field("Query", "members", scope="identity:admin")(lambda: ["everybody"])
    event = appsync_event("Query", "members", {}, resolver_context=appsync(token)["resolverContext"])

    assert rest("GET", "/api/v1/members", headers=bearer(token)).code == "InsufficientScope"
    assert fields.resolve(event, Context())["error"]["code"] == "InsufficientScope"


def test_keys_stored_in_clear_and_re_readable(owner: SignedIn):
    service = service_of(owner)
    kept = json.dumps([readable(item) for item in everything()])

    secret = service.key.rsplit("_", 1)[1]
    shown = [owner.get(KEYS), owner.get(service.path), owner.patch(service.path, {"disabled": False})]
    assert secret not in kept
    assert [answer.status for answer in shown if secret in json.dumps(answer.body)] == []


def test_re_creating_a_revoked_key_is_a_500(owner: SignedIn):
    first = service_of(owner)
    owner.delete(first.path)
    second = service_of(owner)

    assert first.key != second.key
    assert second.enters().status == 200


def test_rotation_without_overlap(owner: SignedIn):
    first = service_of(owner)
    second = given(owner.post(f"{first.path}/rotate"))

    for service in (first, second):
        assert service.enters().status == 200
        assert appsync(service.key)["isAuthorized"] is True


def test_the_one_time_code_in_the_response(owner: SignedIn):
    answer = owner.post("/api/v1/auth/generate", {"username": owner.person.email})

    code = mailed_code()
    assert answer.body.keys() == {"challenge_id", "expires_at"}
    assert code not in json.dumps(answer.body["challenge_id"])
    assert code not in str(answer.headers)


def test_no_attempt_limit(owner: SignedIn, noon):
    authenticator = enrolled(owner)
    pending = authenticator.first_step()
    codes = [second_step(pending, code=authenticator.wrong_code()).status for _ in range(5)]
    locked = login(owner.person.email, PASSWORD)
    noon.shift(901)
    passwords = [login(owner.person.email, f"guess number {number}").status for number in range(5)]
    locked_again = login(owner.person.email, PASSWORD)

    assert codes == passwords == [401] * 5
    assert [(each.status, each.code) for each in (locked, locked_again)] == [(429, "SignInLocked")] * 2


@pytest.fixture
def authenticator(owner: SignedIn, noon) -> Authenticator:
    """An authenticator that shows a code which has not been used."""
    made = enrolled(owner)
    noon.shift(60)
    return made


def test_a_code_accepted_twice(authenticator: Authenticator):
    code = authenticator.code()
    first = second_step(authenticator.first_step(), code=code)
    second = second_step(authenticator.first_step(), code=code)

    assert (first.status, second.status, second.code) == (200, 401, "InvalidCode")


@pytest.mark.usefixtures("one_call_at_a_time")
@pytest.mark.parametrize("kind", ["code", "recovery_code"])
def test_a_code_accepted_twice_in_parallel(authenticator: Authenticator, kind: str):
    value = authenticator.code() if kind == "code" else authenticator.recovery_codes[0]
    pending = [authenticator.first_step() for _ in range(32)]
    now = clock.now()

    def finish(mfa_token: str) -> str:
        try:
            code_sign_ins.finish(mfa_token=mfa_token, proof=Proof(kind, value), now=now)
        except Refusal as refusal:
            return refusal.code
        return "signed in"

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(finish, pending))
    assert outcomes.count("signed in") == 1
    assert set(outcomes) <= {"signed in", "InvalidCode", "SignInLocked", "InvalidMfaToken", "TooManyChangesAtOnce"}


def observed(email: str, password: str) -> tuple[Any, ...]:
    """Return all that somebody outside can see of a sign-in, and what it asked of the table."""
    called: list[str] = []

    def note(model: Any, **_: Any) -> None:
        called.append(model.name)

    hooks.register("before-call.dynamodb", note)
    answer = login(email, password)
    hooks.unregister("before-call.dynamodb", note)
    return answer.status, answer.body, answer.headers, called


def test_user_enumeration_by_what_is_answered_and_by_the_work_it_takes(owner: SignedIn):
    wrong = [observed(owner.person.email, f"guess number {number}") for number in range(7)]
    unknown = [observed("nobody@example.com", f"guess number {number}") for number in range(7)]

    assert wrong == unknown
    assert [status for status, *_ in unknown] == [401] * 5 + [429] * 2


def test_user_enumeration_by_404(owner: SignedIn):
    known = owner.post("/api/v1/auth/generate", {"username": registered("eve").email})
    unknown = owner.post("/api/v1/auth/generate", {"username": "nobody@example.com"})
    stranger = registered("mallory").signs_in()
    theirs = stranger.get(f"{KEYS}/{service_of(owner).name}")
    nobodys = stranger.get(f"{KEYS}/there-is-none")

    assert (known.status, known.body.keys()) == (unknown.status, unknown.body.keys())
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)


@pytest.mark.parametrize("name", ["access_token", "token", "authorization", "api_key", "x-api-key", "key"])
def test_a_token_in_the_query_string(owner: SignedIn, name: str):
    answer = rest("GET", ME, query=f"{name}={owner.access_token}")

    assert (answer.status, answer.code) == (401, "MissingCredential")


def test_ssrf_through_a_service_registry(owner: SignedIn, monkeypatch: pytest.MonkeyPatch):
    reached: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: reached.append(address))
    url = "http://169.254.169.254/latest/meta-data/"
    drafts = [{"service_name": url}, {"service_name": "svc", "url": url}, {"service_name": "svc", "callback": url}]
    refused = [owner.post(KEYS, {"scopes": ["goals:read"], **draft}).status for draft in drafts]

    asked_for = json.dumps(DOCUMENT["components"]["schemas"]["KeyDraft"]["properties"])
    assert refused == [422] * 3
    assert ("url" in asked_for, reached) == (False, [])


def test_old_access_token_works_after_a_password_change(owner: SignedIn, noon):
    changed = owner.patch(ME, {"password": "another long sentence", "current_password": PASSWORD})
    noon.shift(60)

    assert changed.status == 200
    assert enters_nowhere(owner.access_token)
    assert rest("POST", "/api/v1/auth/refresh", {"refresh_token": owner.refresh_token}).status == 401
    assert appsync(changed.body["session"]["access_token"])["isAuthorized"] is True
