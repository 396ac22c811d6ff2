"""A refresh whose answer is lost can be repeated: for 60 seconds the spent token gets the same successor."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import boto3
import jwt
import pytest
import time_machine

from functions.identity.second_factor import seals
from functions.identity.sign_in import sessions
from shared import clock
from shared.storage import table
from tests.aws.troubles import counting, losing_answers, throttling
from tests.identity.people import Person, SignedIn, refresh


@pytest.fixture
def here(noon: time_machine.Traveller, ada: Person) -> SignedIn:
    return ada.signs_in()


def reuses(person: Person) -> int:
    found = table.query_all(f"USER#{person.user_id}", "EVENT#session_")
    return sum(event["event_type"] == "identity.session.reuse_detected" for event in found)


def test_a_busy_signing_key_costs_nobody_the_session(here: SignedIn):
    with throttling("kms"):
        refused = refresh(here.refresh_token)
    repeated = refresh(here.refresh_token)

    assert (refused.status, refused.code) == (503, "Unavailable")
    assert repeated.status == 200
    assert refresh(repeated.body["refresh_token"]).status == 200
    assert reuses(here.person) == 0


@pytest.mark.parametrize("takes_effect", [False, True])
def test_an_answer_that_is_lost_between_the_table_and_us_costs_nobody_the_session(
    here: SignedIn, *, takes_effect: bool
):
    with losing_answers("TransactWriteItems", takes_effect=takes_effect):
        lost = refresh(here.refresh_token)
    repeated = refresh(here.refresh_token)

    assert lost.status == 503
    assert repeated.status == 200
    assert refresh(repeated.body["refresh_token"]).status == 200


def test_a_refresh_can_be_repeated_for_60_seconds(here: SignedIn, noon: time_machine.Traveller):
    first = refresh(here.refresh_token).body
    noon.shift(timedelta(seconds=59.9))
    repeated = refresh(here.refresh_token)

    assert repeated.body["refresh_token"] == first["refresh_token"]
    assert SignedIn(here.person, repeated.body["access_token"], "").enters().status == 200
    assert refresh(first["refresh_token"]).status == 200


def test_a_token_that_was_spent_longer_ago_ends_the_session(here: SignedIn, noon: time_machine.Traveller):
    first = refresh(here.refresh_token).body
    noon.shift(timedelta(seconds=60.1))
    late = refresh(here.refresh_token)

    assert late.code == "InvalidRefreshToken"
    assert refresh(first["refresh_token"]).code == "InvalidRefreshToken"
    assert reuses(here.person) == 1


def test_a_repeat_does_not_make_the_time_longer(here: SignedIn, noon: time_machine.Traveller):
    refresh(here.refresh_token)
    noon.shift(40)
    refresh(here.refresh_token)
    noon.shift(40)

    assert refresh(here.refresh_token).code == "InvalidRefreshToken"


def test_a_spent_token_that_is_not_the_last_one_ends_the_session_at_once(here: SignedIn):
    second = refresh(here.refresh_token).body["refresh_token"]
    third = refresh(second).body["refresh_token"]

    assert refresh(here.refresh_token).code == "InvalidRefreshToken"
    assert refresh(third).code == "InvalidRefreshToken"
    assert reuses(here.person) == 1


@pytest.mark.usefixtures("one_call_at_a_time")
def test_parallel_refreshes_of_one_token_all_get_the_same_successor(here: SignedIn):
    now, admitted = clock.now(), list[str]()
    with ThreadPoolExecutor(20) as threads:
        granted = [
            *threads.map(lambda _: sessions.refresh(here.refresh_token, now=now, admit=admitted.append), range(20))
        ]

    assert len({each["refresh_token"] for each in granted}) == 1
    assert len(admitted) == 20
    assert refresh(granted[0]["refresh_token"]).status == 200
    assert reuses(here.person) == 0


def test_after_signing_out_there_is_nothing_to_repeat(here: SignedIn):
    granted = refresh(here.refresh_token).body
    SignedIn(here.person, granted["access_token"], "").post("/api/v1/auth/logout")

    assert refresh(here.refresh_token).code == "InvalidRefreshToken"
    assert reuses(here.person) == 0


def test_who_was_disabled_in_between_gets_nothing(ada: Person, noon: time_machine.Traveller):
    bob = ada.invites("bob", "member")
    here = bob.signs_in()
    refresh(here.refresh_token)
    ada.signs_in().patch(bob.path, {"disabled": True})

    assert refresh(here.refresh_token).code == "InvalidRefreshToken"


def test_a_repeat_grants_the_role_of_now(ada: Person, noon: time_machine.Traveller):
    bob = ada.invites("bob", "member")
    here = bob.signs_in()
    first = refresh(here.refresh_token).body
    ada.signs_in().patch(bob.path, {"role": "viewer"})
    repeated = refresh(here.refresh_token).body
    claims = jwt.decode(repeated["access_token"], options={"verify_signature": False})

    assert repeated["refresh_token"] == first["refresh_token"]
    assert claims["roles"] == ["viewer"]


@pytest.mark.parametrize("token", ["x", f"session_01KAFX3V5N8T2J6Q4W9Y7ZC0DE.{'A' * 43}"])
def test_an_unknown_token_costs_no_signature(here: SignedIn, token: str):
    with counting() as calls:
        refresh(token)
        refresh(f"{here.refresh_token.split('.')[0]}.{'A' * 43}")

    assert not [call for call in calls if not call.startswith("dynamodb:")]


def test_a_new_version_of_the_secret_answers_what_the_one_before_has_made(here: SignedIn):
    first = refresh(here.refresh_token).body["refresh_token"]
    boto3.client("secretsmanager").put_secret_value(SecretId=os.environ["OTP_SECRET_ID"], SecretString="b" * 64)
    seals.secret.forget()
    repeated = refresh(here.refresh_token).body["refresh_token"]
    second = refresh(first).body["refresh_token"]

    assert repeated == first
    assert refresh(first).body["refresh_token"] == second


def test_a_version_that_is_gone_ends_no_session(here: SignedIn, monkeypatch: pytest.MonkeyPatch):
    first = refresh(here.refresh_token).body["refresh_token"]
    made = boto3.client("secretsmanager").create_secret(Name="another", SecretString="b" * 64)
    monkeypatch.setenv("OTP_SECRET_ID", made["ARN"])
    seals.secret.forget()

    assert refresh(here.refresh_token).code == "InvalidRefreshToken"
    assert refresh(first).status == 200
    assert reuses(here.person) == 0


def test_sessions_go_on_without_the_secret(here: SignedIn):
    boto3.client("secretsmanager").delete_secret(SecretId=os.environ["OTP_SECRET_ID"], ForceDeleteWithoutRecovery=True)
    seals.secret.forget()
    first = refresh(here.refresh_token)

    assert first.status == 200
    assert refresh(here.refresh_token).code == "InvalidRefreshToken"
    assert refresh(first.body["refresh_token"]).status == 200


def test_a_secret_that_does_not_answer_just_now_costs_nobody_the_session(here: SignedIn):
    seals.secret.forget()
    with throttling("secretsmanager"):
        refused = refresh(here.refresh_token)

    assert refused.status == 503
    assert refresh(here.refresh_token).status == 200
