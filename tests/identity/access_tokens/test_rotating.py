"""The rotation of the signing key: nobody ever meets a token that the published keys do not verify."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import boto3
import jwt
import pytest

from functions.identity.access_tokens import consumers, kms, rotation, signing_keys
from functions.identity.access_tokens.consumers import UnknownAction
from functions.identity.access_tokens.rotation import KeysChanged
from shared import clock, config
from shared.callers import auth, verification_keys
from shared.storage import table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.identity.entries import rest
from tests.identity.people import Person

AHEAD = timedelta(minutes=15)
AFTER = timedelta(minutes=21)


def do(action: str) -> list[tuple[str, str]]:
    return [(each["key_id"], each["state"]) for each in consumers.handler({"action": action}, Context())]


def states() -> list[str]:
    return [each["state"] for each in rotation.standing(now=clock.now())]


def published() -> set[str]:
    return {key["kid"] for key in rest("GET", "/.well-known/jwks.json").body["keys"]}


def signed_by(token: str) -> str:
    return jwt.get_unverified_header(token)["kid"]


def kms_state(key_id: str) -> str:
    return boto3.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]


def test_a_rotation_publishes_a_key_that_does_not_sign_yet(noon, ada: Person):
    first = signed_by(ada.signs_in().access_token)

    (following, next_state), (active, active_state) = do("rotate")

    assert (next_state, active_state) == ("next", "active")
    assert published() == {following, active}
    assert active == first
    assert signed_by(ada.signs_in().access_token) == first


@pytest.mark.parametrize("early", [timedelta(seconds=1), timedelta(minutes=5)])
def test_a_key_is_published_fifteen_minutes_before_it_signs(noon, ada: Person, early: timedelta):
    ada.signs_in()
    (following, _), (active, _) = do("rotate")
    noon.shift(AHEAD - early)
    before = signed_by(ada.signs_in().access_token)
    noon.shift(early)
    after = signed_by(ada.signs_in().access_token)

    assert (before, after) == (active, following)
    assert states() == ["active", "retired"]


def test_every_instance_signs_with_the_new_key_when_its_hour_has_come(noon, ada: Person):
    """An instance that looked a moment before the rotation looks again before the new key signs."""
    ada.signs_in()
    (following, _), _ = do("rotate")
    noon.shift(AHEAD)

    assert signed_by(ada.signs_in().access_token) == following


def test_a_token_of_the_old_key_is_good_as_long_as_it_lasts(noon, ada: Person):
    ada.signs_in()
    do("rotate")
    noon.shift(AHEAD - timedelta(seconds=1))
    last = ada.signs_in()
    noon.shift(timedelta(minutes=15, seconds=59))
    listed = signed_by(last.access_token) in published()
    at_the_end = last.enters().status
    noon.shift(timedelta(seconds=2))

    assert (listed, at_the_end) == (True, 200)
    assert last.enters().code == "TokenExpired"


def test_a_retired_key_is_not_listed_when_its_last_token_has_expired(noon, ada: Person):
    ada.signs_in()
    (following, _), (active, _) = do("rotate")
    noon.shift(AHEAD + AFTER - timedelta(seconds=1))
    before = published()
    noon.shift(timedelta(seconds=1))
    after = published()

    assert (before, after) == ({following, active}, {following})


def test_the_new_key_is_verified_by_whoever_read_the_keys_before(noon, ada: Person):
    auth.from_token(ada.signs_in().access_token)
    do("rotate")
    noon.shift(AHEAD)

    assert auth.from_token(ada.signs_in().access_token).user_id == ada.user_id


def test_a_second_rotation_waits_for_the_first(noon, ada: Person):
    first = do("rotate")
    second = do("rotate")

    assert first == second
    assert len(second) == 2


def test_the_schedule_rotates_once_in_thirty_days(noon, ada: Person):
    ada.signs_in()
    days = []
    for day in range(92):
        known = len(do("keep"))
        days += [day] if "next" in states() else []
        noon.shift(timedelta(days=1))

    assert known == 1
    assert days == [30, 60, 90]


def test_the_schedule_removes_what_verifies_nothing_any_more(noon, ada: Person):
    ada.signs_in()
    (following, _), _ = do("rotate")
    noon.shift(timedelta(days=1))

    left = do("keep")

    assert left == [(following, "active")]


def test_a_key_made_by_a_rotation_is_deleted_when_it_is_gone_and_the_one_of_the_stage_is_not(noon, ada: Person):
    ada.signs_in()
    made = []
    for _ in range(2):
        do("rotate")
        made.append(signing_keys.newest(signing_keys.records()).kms_key_id)
        noon.shift(timedelta(days=1))
        do("keep")
        do("keep")

    assert [kms_state(key_id) for key_id in made] == ["PendingDeletion", "Enabled"]
    assert kms_state(config.signing_key_id()) == "Enabled"
    assert ada.signs_in().enters().status == 200


def test_a_key_says_by_its_tags_what_it_is_for(noon):
    do("rotate")
    made = signing_keys.newest(signing_keys.records()).kms_key_id

    tags = {tag["TagKey"]: tag["TagValue"] for tag in boto3.client("kms").list_resource_tags(KeyId=made)["Tags"]}
    assert tags == {"project": "milepost", "stage": "local", "purpose": "milepost-access-tokens"}


def test_of_two_rotations_at_once_one_gives_way_and_leaves_no_key_behind(noon):
    made: list[str] = []

    def rotate_meanwhile(parsed: dict[str, Any], **_: object) -> None:
        made.append(parsed["KeyMetadata"]["KeyId"])
        if len(made) == 1:
            rotation.rotate(now=clock.now())

    hooks.register("after-call.kms.CreateKey", rotate_meanwhile)
    with pytest.raises(KeysChanged):
        rotation.rotate(now=clock.now())
    hooks.unregister("after-call.kms.CreateKey", rotate_meanwhile)

    assert [kms_state(key_id) for key_id in made] == ["PendingDeletion", "Enabled"]
    assert len(signing_keys.records()) == 2


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_rotations_at_once_one_makes_the_next_key_and_one_key_is_active(noon):
    def rotate(_: int) -> None:
        with suppress(KeysChanged):
            rotation.rotate(now=clock.now())

    with ThreadPoolExecutor(32) as threads:
        list(threads.map(rotate, range(32)))
    made = [key["KeyId"] for key in boto3.client("kms").list_keys()["Keys"]]

    assert states() == ["next", "active"]
    assert sorted(set(map(kms_state, made))) in (["Enabled"], ["Enabled", "PendingDeletion"])
    assert [kms_state(key_id) for key_id in made].count("Enabled") == 2


@pytest.mark.usefixtures("one_call_at_a_time")
def test_32_who_sign_first_sign_with_one_key(noon):
    def sign(_: int) -> str:
        signing_keys.forget()
        return signing_keys.active(now=clock.now()).key_id

    with ThreadPoolExecutor(32) as threads:
        signed_with = set(threads.map(sign, range(32)))

    assert signed_with == {record.key_id for record in signing_keys.records()}
    assert states() == ["active"]


def test_a_key_that_is_pending_deletion_is_let_go_again(noon):
    key_id = kms.create()
    kms.schedule_deletion(key_id)
    kms.schedule_deletion(key_id)

    assert kms_state(key_id) == "PendingDeletion"


def test_a_token_of_a_key_that_is_gone_is_refused(noon, ada: Person):
    session = ada.signs_in()
    session.enters()
    pk, sk = verification_keys.key(signed_by(session.access_token))
    record: dict[str, Any] = {**table.get(verification_keys.Key(pk, sk)), "verifies_until": clock.now()}
    table.put_many([record])
    auth.forget()

    assert session.enters().code == "InvalidToken"


@pytest.mark.parametrize("event", [{}, {"action": "delete"}, {"source": "aws.events"}])
def test_an_event_that_does_not_say_what_to_do_does_nothing(event: dict):
    with pytest.raises(UnknownAction):
        consumers.handler(event, Context())

    assert signing_keys.records() == []


def test_after_a_renewal_a_new_key_signs_at_once_and_no_earlier_token_is_good(noon, ada: Person):
    before = ada.signs_in()
    do("rotate")
    listed = do("renew")
    auth.forget()
    signing_keys.forget()
    after = ada.signs_in()

    assert [state for _, state in listed] == ["active", "retired"]
    assert published() == {signed_by(after.access_token)} == {listed[0][0]}
    assert after.enters().status == 200
    assert before.enters().code == "InvalidToken"


def test_what_a_renewal_has_ended_is_removed_by_the_schedule(noon, ada: Person):
    ada.signs_in()
    do("rotate")
    noon.shift(AHEAD + AFTER)
    earlier = signing_keys.newest(signing_keys.records()).kms_key_id
    (renewed, _), *_ = do("renew")
    noon.shift(timedelta(days=1))

    assert do("keep") == [(renewed, "active")]
    assert kms_state(earlier) == "PendingDeletion"


def test_a_key_that_kms_has_deleted_stands_in_the_way_of_no_schedule(noon, ada: Person):
    """A table that was restored may name one: seven days after its last token it is gone from KMS."""
    ada.signs_in()
    gone = signing_keys.newest(signing_keys.records())._replace(kms_key_id="11111111-2222-3333-4444-555555555555")
    jwk = {**gone.jwk, "kid": "gone"}
    table.put_many([signing_keys.to_item(gone._replace(jwk=jwk, verifies_until=clock.now(), signs_from=-1))])

    assert "gone" not in dict(do("keep"))
