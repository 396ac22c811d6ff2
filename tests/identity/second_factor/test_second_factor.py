"""Enrolling a second factor, signing in with it, and removing it."""

import json
from xml.etree import ElementTree

import pytest
from cryptography.exceptions import InvalidTag

from functions.identity.second_factor import seals
from shared.callers import auth
from shared.storage import table
from shared.storage.attributes import Key
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn, refresh
from tests.identity.second_factor.authenticators import OTP, Authenticator, enrolled, second_step
from tests.identity.sign_in.claims import claims_of


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def authenticator(here: SignedIn, noon) -> Authenticator:
    """An authenticator whose code of this moment is still good."""
    made = enrolled(here)
    noon.shift(60)
    return made


def stored(person: Person, sort_key: str) -> dict | None:
    return table.get(Key(f"USER#{person.user_id}", sort_key), consistent=True)


def test_enrolling_shows_what_an_authenticator_needs(here: SignedIn):
    answer = here.post(f"{OTP}/enroll").body

    picture = ElementTree.fromstring(answer["qr_svg"])  # noqa: S314 - our own
    assert answer["otpauth_uri"].startswith(f"otpauth://totp/Milepost:ada%40example.com?secret={answer['secret']}")
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(picture.findall(".//{http://www.w3.org/2000/svg}path")) >= 1


def test_nothing_changes_before_the_first_code(here: SignedIn):
    here.post(f"{OTP}/enroll")

    assert here.get(OTP).body == {"enrolled": False, "enrolled_at": None, "recovery_codes_left": 0}
    assert claims_of(here.person.signs_in().access_token)["mfa"] is False


def test_the_first_code_enrols_and_shows_ten_recovery_codes(here: SignedIn):
    authenticator = enrolled(here)

    state = here.get(OTP).body
    assert state == {"enrolled": True, "enrolled_at": "2026-11-20T12:00:00.000Z", "recovery_codes_left": 10}
    assert len(set(authenticator.recovery_codes)) == 10


def test_a_wrong_first_code_enrols_nothing(here: SignedIn):
    authenticator = Authenticator(here.person, here.post(f"{OTP}/enroll").body["secret"])
    answer = here.post(f"{OTP}/confirm", {"code": authenticator.wrong_code()})

    assert (answer.status, answer.code, answer.fields) == (422, "WrongCode", ["code"])
    assert here.get(OTP).body["enrolled"] is False


def test_beginning_again_forgets_the_secret_before(here: SignedIn):
    first = Authenticator(here.person, here.post(f"{OTP}/enroll").body["secret"])
    second = Authenticator(here.person, here.post(f"{OTP}/enroll").body["secret"])

    assert here.post(f"{OTP}/confirm", {"code": first.code()}).code == "WrongCode"
    assert here.post(f"{OTP}/confirm", {"code": second.code()}).status == 200


def test_there_is_nothing_to_confirm_before_enrolling_or_too_late(here: SignedIn, noon):
    early = here.post(f"{OTP}/confirm", {"code": "123456"})
    authenticator = Authenticator(here.person, here.post(f"{OTP}/enroll").body["secret"])
    noon.shift(15 * 60)
    late = here.post(f"{OTP}/confirm", {"code": authenticator.code()})

    assert [answer.code for answer in (early, late)] == ["SecondFactorNotFound"] * 2


def test_there_is_one_second_factor(here: SignedIn):
    enrolled(here)
    again, confirmed = here.post(f"{OTP}/enroll"), here.post(f"{OTP}/confirm", {"code": "123456"})

    assert [answer.code for answer in (again, confirmed)] == ["SecondFactorEnrolled"] * 2


def test_neither_the_secret_nor_a_recovery_code_lies_in_the_table(here: SignedIn):
    authenticator = enrolled(here)

    events = list(table.query_all(f"USER#{here.person.user_id}", "EVENT#"))
    written = json.dumps([stored(here.person, "SECONDFACTOR"), *events])
    assert authenticator.secret not in written
    assert [code for code in authenticator.recovery_codes if code in written] == []


def test_a_sealed_secret_is_of_no_use_in_the_item_of_somebody_else(here: SignedIn):
    sealed = seals.seal("a secret", owner="user_1")

    assert seals.unseal(sealed, owner="user_1") == "a secret"
    with pytest.raises(InvalidTag):
        seals.unseal(sealed, owner="user_2")


def test_tokens_from_before_are_revoked_and_those_after_know_of_it(here: SignedIn, noon):
    enrolled(here)
    noon.shift(60)
    fresh = refresh(here.refresh_token).body

    assert here.enters().code == "TokenRevoked"
    assert claims_of(fresh["access_token"])["mfa"] is True
    assert claims_of(fresh["access_token"])["amr"] == ["pwd"]


def test_removing_it_takes_a_fresh_proof_and_lets_the_password_do_again(authenticator: Authenticator, noon):
    here = authenticator.signs_in()
    noon.shift(301)
    stale = here.delete(OTP)
    there = authenticator.signs_in()
    removed, again = there.delete(OTP), there.delete(OTP)

    assert (stale.status, stale.code) == (401, "STEP_UP_REQUIRED")
    assert (removed.status, again.code) == (204, "SecondFactorNotFound")
    assert stored(here.person, "SECONDFACTOR") is None
    assert claims_of(here.person.signs_in().access_token)["mfa"] is False


def test_who_leaves_the_tenant_leaves_no_second_factor(noon, ada: Person):
    bob = ada.invites("bob", "member")
    enrolled(bob.signs_in())
    removed = ada.signs_in().delete(bob.path)

    assert removed.status == 204
    assert stored(bob, "SECONDFACTOR") is None


def test_what_happens_is_announced_without_secrets(authenticator: Authenticator):
    here = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
    here.delete(OTP)

    person = authenticator.person
    events = list(table.query_all(f"USER#{person.user_id}", f"EVENT#{person.user_id}#"))
    factor = [each for each in events if "factor" in each["event_type"] or "recovery" in each["event_type"]]
    assert [each["event_type"] for each in factor] == [
        "identity.second_factor.enrolled",
        "identity.recovery_code.used",
        "identity.second_factor.removed",
    ]
    assert [each["data"] for each in factor] == [{"user_id": person.user_id}] * 3


@pytest.mark.parametrize("field", ["user_id", "tenant_id", "role", "epoch", "secret"])
def test_unknown_and_privileged_fields_are_refused(here: SignedIn, field: str):
    confirming = here.post(f"{OTP}/confirm", {"code": "123456", field: "owner"})
    signing_in = second_step("a token", code="123456", **{field: "owner"})

    assert [(answer.status, answer.fields) for answer in (confirming, signing_in)] == [(422, [field])] * 2


@pytest.mark.parametrize(("method", "path"), [("POST", f"{OTP}/enroll"), ("GET", OTP), ("DELETE", OTP)])
def test_nobody_has_no_second_factor(method: str, path: str):
    auth.forget()

    assert rest(method, path).status == 401
