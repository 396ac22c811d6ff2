"""What verification costs, and for how long it is remembered. The forgeries stand with identity."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from shared.callers import auth, revocations, verification_keys
from shared.storage import table
from shared.storage.writes import Add, Put
from tests.aws import hooks
from tests.identity.access_tokens.issuer import SESSION_ID, Issuer, der

Forgery = Callable[[Issuer], str]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def issuer(aws) -> Issuer:
    return Issuer().publish()


@pytest.fixture
def reads(aws) -> list[str]:
    """The reads of the table, in order."""
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    return calls


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as time:
        yield time


def raise_epoch(user_id: str) -> None:
    table.transact([Add(revocations.epoch_key(user_id), {"epoch": 1})])


def test_a_token_becomes_the_caller_it_names(issuer: Issuer, noon):
    caller = auth.from_headers({"Authorization": f"Bearer {issuer.token()}"})

    assert caller == auth.Caller(
        user_id="user_1",
        tenant_id="tenant_1",
        roles=("owner",),
        scopes=frozenset({"goals:read", "goals:write", "identity:read"}),
        key_id=None,
        amr=("pwd",),
        auth_time=int(NOON.timestamp()),
        session_id=SESSION_ID,
    )


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_header_and_scheme_are_taken_in_any_case(issuer: Issuer, name: str, scheme: str):
    caller = auth.from_headers({"host": "example.com", name: f"{scheme} {issuer.token()}"})

    assert caller.user_id == "user_1"


def test_the_same_header_in_two_spellings_is_ambiguous(issuer: Issuer):
    headers = {"authorization": f"Bearer {issuer.token()}", "Authorization": f"Bearer {issuer.token()}"}

    with pytest.raises(auth.AmbiguousCredential):
        auth.from_headers(headers)


def test_keys_are_read_once_in_five_minutes(issuer: Issuer, reads: list[str], noon):
    for _ in range(10):
        auth.from_token(issuer.token())
        noon.shift(29)
    within = reads.copy()
    noon.shift(11)
    auth.from_token(issuer.token())

    assert within.count("Query") == 1
    assert reads.count("Query") == 2


def test_a_key_that_was_withdrawn_verifies_no_longer_after_five_minutes(issuer: Issuer, noon):
    auth.from_token(issuer.token())
    table.delete_many([verification_keys.key(issuer.kid)])
    noon.shift(300)

    with pytest.raises(auth.InvalidToken):
        auth.from_token(issuer.token())


def test_unknown_keys_cost_one_read_a_minute_however_many_are_tried(issuer: Issuer, reads: list[str], noon):
    auth.from_token(issuer.token())
    for _ in range(30):
        noon.shift(4)
        with pytest.raises(auth.InvalidToken):
            auth.from_token(Issuer().token())

    assert reads == ["Query", "BatchGetItem", "Query", "Query"]


def test_a_new_key_is_found_after_a_minute_at_the_latest(issuer: Issuer, noon):
    auth.from_token(issuer.token())
    newer = Issuer().publish()
    noon.shift(60)

    assert auth.from_token(newer.token()).user_id == "user_1"


def test_the_very_first_key_is_found_at_once(aws, noon):
    with pytest.raises(auth.InvalidToken):
        auth.from_token(Issuer().token())
    first = Issuer().publish()

    assert auth.from_token(first.token()).user_id == "user_1"


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "." * 4097, "a" * 10_000_000],
    ids=["empty", "letter", "parts", "unsigned", "dots", "huge"],
)
def test_what_is_malformed_costs_no_read(aws, reads: list[str], token: str):
    with pytest.raises(auth.InvalidToken):
        auth.from_token(token)

    assert reads == []


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda i: i.token(sign=lambda _: b""), id="no signature"),
        pytest.param(lambda i: i.token(sign=der(i.key)), id="signature as DER"),
        pytest.param(lambda i: i.token()[:-1], id="signature cut off"),
        pytest.param(lambda i: i.token(header=i.header(alg="none")), id="alg none"),
        pytest.param(lambda i: i.token(header=i.header(kid="../keys/1")), id="kid as a path"),
        pytest.param(lambda i: i.token(header=i.header(jku="https://attacker.example")), id="jku"),
    ],
)
def test_what_is_not_signed_as_we_sign_costs_no_read(issuer: Issuer, reads: list[str], forge: Forgery):
    with pytest.raises(auth.InvalidToken):
        auth.from_token(forge(issuer))

    assert reads == []


@pytest.mark.parametrize("changes", [{"x": "AA"}, {"x": "A" * 43}, {"kty": "RSA"}, {"crv": "P-384"}])
def test_a_key_that_cannot_be_read_refuses_its_own_tokens_only(issuer: Issuer, changes: dict[str, str]):
    other = Issuer()
    table.put_many([{**other.record, "jwk": {**other.jwk, **changes}}])

    assert auth.from_token(issuer.token()).user_id == "user_1"
    with pytest.raises(auth.InvalidToken):
        auth.from_token(other.token())


def test_a_verified_token_is_remembered_for_a_minute_and_not_longer(issuer: Issuer, noon):
    token = issuer.token()
    auth.from_token(token)
    verification_keys.forget()
    table.delete_many([verification_keys.key(issuer.kid)])
    noon.shift(59)
    remembered = auth.from_token(token)
    noon.shift(1)

    assert remembered.user_id == "user_1"
    with pytest.raises(auth.InvalidToken):
        auth.from_token(token)


def test_a_token_is_not_remembered_past_the_moment_it_is_refused(issuer: Issuer, noon):
    token = issuer.token(claims=issuer.claims(exp=int(NOON.timestamp()) - 50))

    verified = auth.verify(token)

    assert verified.until == int(NOON.timestamp() + 10) * 1000


def test_an_expired_token_is_refused_although_it_was_remembered(issuer: Issuer, noon):
    token = issuer.token(claims=issuer.claims(exp=int(NOON.timestamp()) + 10))
    auth.from_token(token)
    noon.shift(70)

    with pytest.raises(auth.TokenExpired):
        auth.from_token(token)


def test_a_credential_costs_one_read_a_minute(issuer: Issuer, reads: list[str], noon):
    token = issuer.token()
    auth.from_token(token)
    reads.clear()
    for _ in range(12):
        noon.shift(5)
        auth.from_token(token)

    assert reads == ["BatchGetItem"]


def test_a_revoked_credential_costs_one_read_a_minute(issuer: Issuer, reads: list[str], noon):
    token = issuer.token()
    raise_epoch(issuer.user_id)
    reads.clear()
    for _ in range(12):
        with pytest.raises(auth.TokenRevoked):
            auth.from_token(token)
        noon.shift(5)

    assert reads == ["Query", "BatchGetItem"]


def test_a_credential_costs_one_read_in_the_minute_of_skew_after_its_end(issuer: Issuer, reads: list[str], noon):
    token = issuer.token()
    noon.shift(900)
    auth.from_token(token)
    reads.clear()
    for _ in range(5):
        noon.shift(10)
        auth.from_token(token)

    assert reads == []


def test_what_is_revoked_is_read_strongly(issuer: Issuer):
    consistent: list[bool] = []
    hooks.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: consistent.append(params["RequestItems"]["milepost"]["ConsistentRead"]),
    )

    auth.from_token(issuer.token())

    assert consistent == [True]


def test_a_raised_epoch_is_seen_after_a_minute_at_the_latest(issuer: Issuer, noon):
    token = issuer.token()
    auth.from_token(token)
    raise_epoch(issuer.user_id)
    noon.shift(60)

    with pytest.raises(auth.TokenRevoked):
        auth.from_token(token)
    assert auth.from_token(issuer.token(claims=issuer.claims(epoch=1))).user_id == issuer.user_id


def test_a_denied_session_is_seen_after_a_minute_at_the_latest(issuer: Issuer, noon):
    denied, other = issuer.token(), issuer.token(claims=issuer.claims(sid="session_2"))
    auth.from_token(denied)
    pk, sk = revocations.denial_key(issuer.user_id, SESSION_ID)
    table.transact([Put({"PK": pk, "SK": sk, "entity": "Denial"})])
    noon.shift(60)

    with pytest.raises(auth.TokenRevoked):
        auth.from_token(denied)
    assert auth.from_token(other).session_id == "session_2"


def test_the_epoch_of_another_user_is_their_own(issuer: Issuer):
    raise_epoch("user_2")

    assert auth.from_token(issuer.token()).user_id == "user_1"


def test_a_key_that_was_replaced_verifies_until_its_last_token_has_expired(issuer: Issuer, noon):
    pk, sk = verification_keys.key(issuer.kid)
    until = (int(NOON.timestamp()) + 10) * 1000
    table.put_many([{**table.get(verification_keys.key(issuer.kid)), "PK": pk, "SK": sk, "verifies_until": until}])
    before = auth.from_token(issuer.token())
    noon.shift(10)

    assert before.user_id == "user_1"
    with pytest.raises(auth.InvalidToken):
        auth.from_token(issuer.token())


def test_a_thousand_tokens_are_remembered_and_the_oldest_forgotten(issuer: Issuer, noon):
    for _ in range(1001):
        auth.from_token(issuer.token())

    assert len(auth._verified) == 1000


def test_a_scope_is_matched_as_a_whole(issuer: Issuer):
    caller = auth.from_token(issuer.token(claims=issuer.claims(scope="goals:readers goals:write")))

    auth.require(caller, "goals:write")
    for scope in ("goals:read", "goals", "", "goals:writ"):
        with pytest.raises(auth.InsufficientScope):
            auth.require(caller, scope)


def test_the_membership_of_a_user_has_one_key():
    assert auth.membership_key("tenant_1", "user_1") == ("TENANT#tenant_1", "MEMBER#user_1")
