"""Step-up where it counts: what could hand the tenant to whoever has stolen a session."""

import pytest

from shared.callers import auth
from tests.identity.api_keys.key_holders import KEYS, service_of
from tests.identity.people import Person, SignedIn
from tests.identity.second_factor.authenticators import OTP, Authenticator, enrolled
from tests.identity.sign_in.claims import stepped_up

INVITATION = {"email": "eve@example.com", "role": "viewer"}


@pytest.fixture
def bob(noon, ada: Person) -> Person:
    return ada.invites("bob", "member")


@pytest.fixture
def authenticator(bob: Person, ada: Person, noon) -> Authenticator:
    made = enrolled(ada.signs_in())
    noon.shift(60)
    return made


@pytest.fixture
def stale(authenticator: Authenticator, noon) -> SignedIn:
    """Ada, who has proved her second factor five minutes and a second ago."""
    here = authenticator.signs_in()
    noon.shift(301)
    return here


def test_a_stale_proof_governs_nobody(stale: SignedIn, bob: Person):
    answers = [
        stale.patch(bob.path, {"role": "admin"}),
        stale.patch(bob.path, {"disabled": True}),
        stale.delete(bob.path),
        stale.post("/api/v1/invitations", INVITATION),
        stale.delete(OTP),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(401, "STEP_UP_REQUIRED")] * 5
    assert {
        'acr_values="urn:milepost:acr:otp", max_age=300' in each.headers["WWW-Authenticate"] for each in answers
    } == {True}


@pytest.mark.usefixtures("pepper")
def test_a_stale_proof_makes_rotates_switches_and_revokes_no_key(authenticator: Authenticator, noon):
    here = authenticator.signs_in()
    service = service_of(here)
    noon.shift(301)
    answers = [
        here.post(KEYS, {"service_name": "another", "scopes": ["identity:read"]}),
        here.post(f"{service.path}/rotate"),
        here.patch(service.path, {"disabled": True}),
        here.delete(service.path),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(401, "STEP_UP_REQUIRED")] * 4
    assert service.enters().status == 200


@pytest.mark.usefixtures("pepper")
def test_a_fresh_proof_makes_rotates_switches_and_revokes_keys(authenticator: Authenticator):
    here = authenticator.signs_in()
    service = service_of(here)
    rotated = here.post(f"{service.path}/rotate")
    switched = here.patch(service.path, {"disabled": True})

    assert [rotated.status, switched.status, here.delete(service.path).status] == [201, 200, 204]


def test_a_stale_proof_changes_the_name_but_not_the_password(stale: SignedIn, authenticator: Authenticator):
    change = {"password": "quite another sentence", "current_password": stale.person.password}
    named = stale.patch("/api/v1/auth/me", {"display_name": "Ada King"})
    refused = stale.patch("/api/v1/auth/me", change)
    changed = stepped_up(stale, authenticator).patch("/api/v1/auth/me", change)

    assert named.status == 200
    assert (refused.status, refused.code) == (401, "STEP_UP_REQUIRED")
    assert changed.status == 200


def test_a_sign_in_of_long_ago_enrols_no_authenticator(ada: Person, noon):
    here = ada.signs_in()
    noon.shift(301)
    refused = here.post(f"{OTP}/enroll")
    again = ada.signs_in().post(f"{OTP}/enroll")

    assert (refused.status, refused.code, again.status) == (401, "STEP_UP_REQUIRED", 200)
    challenge = refused.headers["WWW-Authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert challenge.endswith(", max_age=300")
    assert "acr_values" not in challenge


def test_refreshing_makes_no_sign_in_recent(ada: Person, noon):
    here = ada.signs_in()
    noon.shift(301)
    turned = here.calls("POST", "/api/v1/auth/refresh", {"refresh_token": here.refresh_token}).body

    assert SignedIn(ada, turned["access_token"], "").post(f"{OTP}/enroll").code == "STEP_UP_REQUIRED"


def test_another_authenticator_takes_the_place_of_one_only_after_its_removal(stale: SignedIn, authenticator):
    here = stepped_up(stale, authenticator)
    in_its_place = here.post(f"{OTP}/enroll")
    removed = here.delete(OTP)

    assert (in_its_place.status, in_its_place.code) == (409, "SecondFactorEnrolled")
    assert removed.status == 204


def test_a_stale_proof_still_reads(stale: SignedIn, bob: Person):
    answers = [stale.enters(), stale.get("/api/v1/members"), stale.get("/api/v1/invitations"), stale.get(OTP)]

    assert [answer.status for answer in answers] == [200] * 4


def test_a_fresh_sign_in_governs(authenticator: Authenticator, bob: Person):
    here = authenticator.signs_in()

    assert here.post("/api/v1/invitations", INVITATION).status == 201
    assert here.patch(bob.path, {"role": "admin"}).status == 200


def test_a_step_up_governs_for_five_minutes(stale: SignedIn, authenticator: Authenticator, bob: Person, noon):
    here = stepped_up(stale, authenticator)
    changed = here.patch(bob.path, {"role": "admin"})
    noon.shift(301)
    late = here.patch(bob.path, {"role": "member"})

    assert changed.status == 200
    assert late.code == "STEP_UP_REQUIRED"


def test_refreshing_does_not_freshen_the_proof(stale: SignedIn, bob: Person):
    answer = stale.calls("POST", "/api/v1/auth/refresh", {"refresh_token": stale.refresh_token})
    refreshed = SignedIn(stale.person, answer.body["access_token"], answer.body["refresh_token"])

    assert refreshed.patch(bob.path, {"role": "admin"}).code == "STEP_UP_REQUIRED"


def test_a_session_from_before_enrolling_proves_nothing(bob: Person, ada: Person, noon):
    here = ada.signs_in()
    enrolled(here)
    noon.shift(60)
    answer = here.calls("POST", "/api/v1/auth/refresh", {"refresh_token": here.refresh_token})
    refreshed = SignedIn(ada, answer.body["access_token"], answer.body["refresh_token"])
    auth.forget()

    assert refreshed.patch(bob.path, {"role": "admin"}).code == "STEP_UP_REQUIRED"


def test_who_has_no_second_factor_governs_as_before(bob: Person, ada: Person):
    assert ada.signs_in().patch(bob.path, {"role": "admin"}).status == 200
