import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.identity.accounts import users
from functions.identity.tenancy import registrations
from functions.identity.tenancy.registrations import EmailTaken
from shared import clock
from shared.aws.client import NoAnswer
from shared.callers import auth
from shared.errors import Unavailable
from shared.storage import idempotency, table
from tests.aws import hooks
from tests.aws.entries import Answer
from tests.aws.stored_items import readable
from tests.identity.entries import rest
from tests.identity.people import PASSWORD, Person

ADA = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada Lovelace"}
NO_ADDRESSES = (
    "<ada@example.com>",
    "Ada <ada@example.com>",
    "a,b@example.com",
    "a;b@example.com",
    "a@<example>.com",
    ".a@example.com",
    "a.@example.com",
    "a..b@example.com",
    "a@-x.example",
    "a@x_y.example",
    "a@x,example.y",
    "a@127.0.0.1",
    "a@[127.0.0.1]",
    "a@example.com.",
    "a@printer.local",
    '"a b"@example.com',
    "a" * 65 + "@example.com",
)
"""What would reach somebody who has an account already, or nobody."""


def register(**changes: object) -> Answer:
    return rest("POST", "/api/v1/auth/register", ADA | changes)


def test_registering_makes_a_user_and_a_tenant_that_they_own():
    answer = register(tenant_name="Analytical Engines")

    assert answer.status == 201
    assert answer.body == {
        "user_id": answer.body["user_id"],
        "tenant_id": answer.body["tenant_id"],
        "email": "ada@example.com",
        "display_name": "Ada Lovelace",
        "role": "owner",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body["user_id"].startswith("user_")
    assert table.get(auth.membership_key(answer.body["tenant_id"], answer.body["user_id"]))["role"] == "owner"


def test_registering_is_announced_without_naming_the_person():
    registered = register().body

    (event,) = table.query_all(f"USER#{registered['user_id']}", "EVENT#")
    assert event["event_type"] == "identity.user.registered"
    assert event["tenant_id"] == registered["tenant_id"]
    assert event["data"] == {"user_id": registered["user_id"], "role": "owner"}


@pytest.mark.usefixtures("in_earnest")
def test_the_password_is_nowhere_in_the_table():
    password = "correct horse battery stapler"

    registered = rest(
        "POST", "/api/v1/auth/register", ADA | {"password": password}, headers={"idempotency-key": "one"}
    ).body

    user = table.get(users.key(registered["user_id"]))
    (record,) = table.query_all(users.email_partition("ada@example.com"), "IDEMPOTENCY#")
    assert user["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    kept = str([user, readable(record)])
    assert password not in kept
    assert hashlib.sha256(password.encode()).hexdigest() not in kept


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.COM", "  ada@example.com "])
def test_an_address_is_taken_in_every_spelling_of_it(email: str):
    register()

    answer = register(email=email)

    assert (answer.status, answer.code) == (409, "EmailTaken")


def test_a_composed_and_a_decomposed_letter_are_one_address():
    register(email="rene\u0301@example.com")

    answer = register(email="REN\u00c9@example.com")

    assert (answer.status, answer.code) == (409, "EmailTaken")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "a da@example.com",
        "ada@example..com",
        "ada@b@example.com",
        "ada\u200b@example.com",
        "ada\n@example.com",
        "ada@example.com" + "m" * 250,
        7,
        None,
        *NO_ADDRESSES,
    ],
)
def test_what_is_no_address_is_refused(email: object):
    answer = register(email=email)

    assert (answer.status, answer.fields) == (422, ["email"])


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_nobody_is_invited_at_what_is_no_address(email: str, ada: Person):
    answer = ada.signs_in().post("/api/v1/invitations", {"email": email, "role": "member"})

    assert (answer.status, answer.fields) == (422, ["email"])


@pytest.mark.parametrize(
    "email",
    [
        "o'neil+goals@sub.example.com",
        "ren\u00e9@example.com",
        "ada@m\u00fcnchen.example",
        "a@b.example",
        "1_2-3@x-y.example",
    ],
)
def test_an_address_of_any_usual_shape_registers_and_signs_in(email: str):
    assert register(email=email).status == 201
    assert rest("POST", "/api/v1/auth/login", {"email": email.upper(), "password": PASSWORD}).status == 200


@pytest.mark.parametrize("email", ["ada@xn--mnchen-3ya.example", "ada@\uff45xample.com"])
def test_an_address_that_is_written_in_another_way_is_told_the_usual_one(email: str):
    answer = register(email=email)

    assert (answer.status, answer.fields) == (422, ["email"])
    assert answer.body["errors"][0]["reason"].startswith("must be written as ada@")


@pytest.mark.parametrize("email", ["<ada@example.com>", "ada,b@example.com", "ada@127.0.0.1"])
def test_an_address_that_was_taken_before_still_signs_in(email: str):
    registered = register().body
    who = {"user_id": registered["user_id"], "tenant_id": registered["tenant_id"]}
    lock = table.get(users.email_key("ada@example.com"))
    pk, sk = users.email_key(email)
    table.put_many([lock | {"PK": pk, "SK": sk}, table.get(users.key(who["user_id"])) | {"email": email}])
    signed_in = rest("POST", "/api/v1/auth/login", {"email": email, "password": PASSWORD})

    assert signed_in.status == 200
    assert auth.from_token(signed_in.body["access_token"]).user_id == who["user_id"]


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("elevenchars", id="too short"),
        pytest.param("x y" * 43, id="too long"),
        pytest.param("password1234", id="common"),
        pytest.param("PassWord1234", id="common in capitals"),
        pytest.param("Ada.Lovelace rocks", id="holds the local part"),
        pytest.param("\ufb01" * 3 + "abcdef", id="too short in letters that are two"),
        pytest.param(123456789012, id="no text"),
        pytest.param(None, id="nothing"),
        pytest.param("\ud800" * 12, id="half a surrogate"),
    ],
)
def test_a_weak_password_is_refused(password: object):
    answer = register(email="ada.lovelace@example.com", password=password)

    assert (answer.status, answer.fields) == (422, ["password"])


@pytest.mark.parametrize(
    "password", ["x y z x y z ", "four words are enough", "パスワードはとても長いです", "🔑" * 128]
)
def test_a_long_password_of_any_letters_is_accepted(password: str):
    answer = register(password=password)

    assert answer.status == 201


def test_a_local_part_of_two_letters_may_occur_in_a_password():
    answer = register(email="ed@example.com", password="the wedding was in may")

    assert answer.status == 201


@pytest.mark.parametrize("field", ["display_name", "tenant_name"])
@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\nb", "a\u202eb", 5, ["Ada"]])
def test_a_name_that_cannot_be_shown_is_refused(field: str, name: object):
    answer = register(**{field: name})

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize("field", ["role", "roles", "tenant_id", "user_id", "scopes", "epoch", "is_admin"])
def test_nobody_registers_with_more_than_they_may_say(field: str):
    answer = register(**{field: "admin"})

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize("field", ["email", "password", "display_name"])
def test_a_missing_field_is_named(field: str):
    answer = rest("POST", "/api/v1/auth/register", {name: value for name, value in ADA.items() if name != field})

    assert (answer.status, answer.fields) == (422, [field])


def test_the_same_idempotency_key_registers_once_and_answers_alike():
    first = rest("POST", "/api/v1/auth/register", ADA, headers={"idempotency-key": "one"})
    second = rest("POST", "/api/v1/auth/register", ADA, headers={"idempotency-key": "one"})

    assert first.status == second.status == 201
    assert first.body == second.body


@pytest.mark.parametrize("change", [{"display_name": "Grace"}, {"password": "quite another sentence"}])
def test_the_same_idempotency_key_is_not_good_for_another_registration(change: dict[str, str]):
    rest("POST", "/api/v1/auth/register", ADA, headers={"idempotency-key": "one"})

    answer = rest("POST", "/api/v1/auth/register", ADA | change, headers={"idempotency-key": "one"})

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")


def test_a_registration_whose_answer_was_lost_is_answered_when_it_is_repeated():
    now = clock.now()
    claim = idempotency.claim(partition="EMAIL#1", idempotency_key="one", operation="auth.register", request={})
    lost: list[str] = []

    def lose_once(**_: object) -> None:
        if not lost:
            lost.append("answer")
            raise NoAnswer("closed")

    hooks.register("after-call.dynamodb.TransactWriteItems", lose_once)
    with pytest.raises(Unavailable):
        registrations.found_tenant(**ADA, tenant_name="Engines", now=now, claim=claim)
    repeated = registrations.found_tenant(**ADA, tenant_name="Engines", now=now, claim=claim)

    assert lost == ["answer"]
    assert table.get(users.email_key("ada@example.com"))["user_id"] == repeated["user_id"]


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_who_register_one_address_at_once_exactly_one_succeeds():
    def attempt(number: int) -> str:
        try:
            return registrations.found_tenant(
                email="ada@example.com",
                password=PASSWORD,
                display_name=f"Ada {number}",
                tenant_name="Engines",
                now=clock.now(),
            )["user_id"]
        except EmailTaken:
            return "taken"

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(attempt, range(32)))

    winners = [outcome for outcome in outcomes if outcome != "taken"]
    assert len(winners) == 1
    assert table.get(users.email_key("ada@example.com"))["user_id"] == winners[0]
