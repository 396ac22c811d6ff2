"""A telephone number: how it becomes the channel of one's codes, and what keeps it from being a thief's or a till."""

import json
import re

import pytest

from functions.identity.profile import phones
from shared import clock
from shared.callers import auth
from shared.storage import table
from shared.storage.attributes import Key
from tests.identity.api_keys.key_holders import service_of
from tests.identity.codes.challenged import GENERATE, challenged, mailed_code, sent, verify
from tests.identity.codes.guesses import outcomes, wrong
from tests.identity.people import Person, SignedIn
from tests.identity.profile.phones import (
    MASKED,
    NUMBER,
    OTHER_NUMBER,
    PHONE,
    channel,
    confirmed,
    confirms,
    texted,
    texted_code,
    wants,
)
from tests.identity.second_factor.authenticators import enrolled
from tests.identity.sign_in.claims import stepped_up


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_whoever_wants_a_number_is_sent_a_code_there(here: SignedIn):
    answer = wants(here)

    (text,) = texted()
    assert (answer.status, answer.body) == (202, {"phone_number": MASKED, "expires_at": "2026-11-20T12:05:00.000Z"})
    assert text.number == NUMBER
    assert len(text.message) <= 160
    assert text.message.isascii()


def test_a_number_that_is_not_confirmed_is_nobodys_channel(here: SignedIn):
    wants(here)
    challenged(here)

    assert channel(here) == (None, "email")
    assert (len(texted()), len(sent())) == (1, 1)


def test_a_confirmed_number_is_the_channel_of_codes(here: SignedIn):
    wants(here)
    answer = confirms(here, texted_code())
    challenged(here)
    stepped_up = verify(here, texted_code())

    assert (answer.status, answer.body) == (200, {"phone_number": MASKED, "otp_channel": "sms", "version": 2})
    assert (answer.headers["ETag"], here.enters().body["version"]) == ('"2"', 2)
    assert channel(here) == (MASKED, "sms")
    assert (len(texted()), sent()) == (2, [])
    assert stepped_up.status == 200


def test_the_code_and_the_number_are_neither_in_answers_nor_in_events_nor_in_the_log(here: SignedIn, caplog, capsys):
    answers = [wants(here), confirms(here, texted_code())]
    answers += [here.post(GENERATE, {"username": here.person.email}), here.enters()]

    events = list(table.query_all(f"USER#{here.person.user_id}", "EVENT#"))
    pending = table.get(Key(f"USER#{here.person.user_id}", "CHALLENGE"))
    shown = [[each.body, dict(each.headers)] for each in answers]
    written = json.dumps([shown, events, pending, caplog.text, *capsys.readouterr()])
    assert NUMBER[-9:] not in written
    assert texted_code() not in re.findall(r"\d{6}", written)


def test_a_code_confirms_once(here: SignedIn):
    confirmed(here)

    assert confirms(here, texted_code()).code == "WrongCode"


def test_a_code_confirms_for_five_minutes(here: SignedIn, noon):
    wants(here)
    noon.shift(300)

    assert confirms(here, texted_code()).code == "WrongCode"


def test_a_code_confirms_the_number_it_was_sent_to_last(here: SignedIn):
    wants(here, OTHER_NUMBER)
    first = texted_code()
    wants(here)

    assert confirms(here, first).code == "WrongCode"
    assert confirms(here, texted_code()).body["phone_number"] == MASKED


def test_a_code_confirms_for_nobody_else(here: SignedIn, ada: Person):
    bob = ada.invites("bob", "member").signs_in()
    wants(here)

    assert confirms(bob, texted_code()).code == "WrongCode"


def test_a_code_for_a_number_is_no_second_factor_and_the_other_way_round(here: SignedIn):
    confirmed(here)
    wants(here, OTHER_NUMBER)
    for_the_number = texted_code()
    challenged(here)

    assert verify(here, for_the_number).code == "WrongCode"
    assert confirms(here, texted_code()).code == "WrongCode"


def test_five_wrong_codes_end_the_wait_and_lock(here: SignedIn, noon):
    wants(here)
    code = texted_code()
    answers = [confirms(here, wrong(code)) for _ in range(5)]
    right = confirms(here, code)

    stored = table.get(Key(f"USER#{here.person.user_id}", "PHONECHANGE"))
    assert [(answer.status, answer.code) for answer in answers] == [(422, "WrongCode")] * 5
    assert (right.status, right.code, right.headers["Retry-After"]) == (429, "SignInLocked", "900")
    assert stored is not None
    assert stored["digest"] is None


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_guesses_at_once_five_are_told_that_they_are_wrong(here: SignedIn):
    wants(here)
    caller, code, now = auth.from_token(here.access_token), wrong(texted_code()), clock.now()
    found = outcomes(32, lambda: phones.confirm(caller, code, now=now))

    assert found.count("WrongCode") == 5
    assert found.count("SignInLocked") == 27


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_at_once_one_uses_the_code(here: SignedIn):
    wants(here)
    caller, code, now = auth.from_token(here.access_token), texted_code(), clock.now()
    found = outcomes(32, lambda: phones.confirm(caller, code, now=now))

    assert found.count("verified") == 1
    assert channel(here) == (MASKED, "sms")


def test_removing_the_number_sends_codes_by_e_mail_again(here: SignedIn):
    confirmed(here)
    stale = here.delete(PHONE, if_match='"1"')
    removed = here.delete(PHONE, if_match='"2"')
    again = here.delete(PHONE)
    challenged(here)

    assert [answer.status for answer in (stale, removed, again)] == [412, 204, 404]
    assert again.code == "PhoneNotFound"
    assert channel(here) == (None, "email")
    assert len(sent()) == 1


def test_a_sign_in_of_long_ago_takes_no_number(here: SignedIn, noon):
    noon.shift(301)
    refused, again = wants(here), wants(here.person.signs_in())

    assert (refused.status, refused.code, again.status) == (401, "STEP_UP_REQUIRED", 202)


def test_a_password_alone_takes_no_number_where_the_tenant_demands_more(here: SignedIn):
    challenged(here)
    proved = stepped_up_by_mail(here)
    proved.patch("/api/v1/tenant", {"require_second_factor": True})
    there = here.person.signs_in()
    by_password = wants(there)
    challenged(there)
    by_mail = wants(stepped_up_by_mail(there))

    assert (by_password.status, by_password.code) == (401, "STEP_UP_REQUIRED")
    assert by_mail.status == 202


def stepped_up_by_mail(here: SignedIn) -> SignedIn:
    return SignedIn(here.person, verify(here, mailed_code()).body["access_token"], here.refresh_token)


def test_a_stale_proof_takes_and_removes_no_number(here: SignedIn, noon):
    confirmed(here)
    authenticator = enrolled(here)
    noon.shift(60)
    there = authenticator.signs_in()
    noon.shift(301)
    refused = [wants(there), there.delete(PHONE)]
    proved = stepped_up(there, authenticator)
    taken = [wants(proved), proved.delete(PHONE)]

    assert [answer.code for answer in refused] == ["STEP_UP_REQUIRED"] * 2
    assert [answer.status for answer in taken] == [202, 204]


def test_who_has_an_authenticator_is_sent_no_text(here: SignedIn, noon):
    authenticator = enrolled(confirmed(here))
    noon.shift(60)
    there = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
    challenged(there)

    assert len(texted()) == 1
    assert verify(there, authenticator.code()).status == 200


@pytest.mark.usefixtures("pepper")
def test_a_service_has_no_telephone(here: SignedIn):
    service = service_of(here, scopes=["identity:write"])
    answers = [
        service.calls("PUT", PHONE, {"phone_number": NUMBER}),
        service.calls("POST", f"{PHONE}/confirm", {"code": "123456"}),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(403, "SignInRequired")] * 2


@pytest.mark.parametrize(
    "number",
    [
        "4915112345678",
        "+0915112345678",
        "+49 151 12345678",
        "+49151-12345678",
        "+491511",
        "+4915112345678901",
        "+٤٩١٥١١٢٣٤٥٦٧٨",
        "+4915112345678\n",
        " +4915112345678",
        "tel:+4915112345678",
        4915112345678,
        None,
    ],
)
def test_what_is_no_number_is_refused(here: SignedIn, number: object):
    answer = here.put(PHONE, {"phone_number": number})

    assert (answer.status, answer.fields) == (422, ["phone_number"])
    assert texted() == []


def test_nobody_sets_a_number_by_changing_the_profile(here: SignedIn):
    answer = here.patch("/api/v1/auth/me", {"phone_number": NUMBER})

    assert (answer.status, answer.fields) == (422, ["phone_number"])
