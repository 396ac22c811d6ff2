"""The tenant's own settings: its name, what every context goes by, and whether everybody needs a second factor."""

import pytest
import time_machine

from shared.callers import auth, tenant_settings
from tests.identity.api_keys.key_holders import service_of
from tests.identity.codes.challenged import challenged, mailed_code, verify
from tests.identity.people import Person, SignedIn, refresh, registered
from tests.identity.second_factor.authenticators import OTP, enrolled
from tests.identity.sign_in.claims import claims_of

TENANT = "/api/v1/tenant"
INVITATION = {"email": "eve@example.com", "role": "viewer"}
ADDRESS = {"lines": ["12 St James's Square"], "city": "London", "country": "GB"}
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday"]
DEMAND = {"require_second_factor": True}


@pytest.fixture
def owner(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def stepped_up(here: SignedIn) -> SignedIn:
    challenged(here)
    answer = verify(here, mailed_code())
    assert answer.status == 200, answer.body
    return SignedIn(here.person, answer.body["access_token"], here.refresh_token)


@pytest.fixture
def bob(owner: SignedIn) -> Person:
    return owner.person.invites("bob", "admin")


@pytest.fixture
def demanding(owner: SignedIn, bob: Person) -> SignedIn:
    """The owner of a tenant that demands a second factor, who has just proved theirs."""
    here = stepped_up(owner)
    assert here.patch(TENANT, DEMAND).status == 200
    return here


def test_everybody_sees_their_tenant(owner: SignedIn):
    answer = owner.person.invites("vera", "viewer").signs_in().get(TENANT)

    assert answer.status == 200
    assert answer.headers["ETag"].startswith(f'"{answer.body["version"]}-')
    assert answer.body == {
        "tenant_id": owner.person.tenant_id,
        "name": "Ada L.",
        "require_second_factor": False,
        "created_at": "2026-11-20T12:00:00.000Z",
        "version": 1,
        "time_zone": "UTC",
        "locale": "en",
        "currency": None,
        "phone_region": None,
        "postal_address": None,
        "working_days": WEEK,
        "evidence_quota_bytes": 10 * 1024**3,
    }


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("time_zone", "UTC", "UTC"),
        ("locale", "de", "de"),
        ("locale", "pt-BR", "pt-BR"),
        ("locale", "zh-Hant-TW", "zh-Hant-TW"),
        ("locale", "es-419", "es-419"),
        ("currency", "JPY", "JPY"),
        ("phone_region", "AT", "AT"),
        ("working_days", ["sunday", "monday", "thursday"], ["monday", "thursday", "sunday"]),
        ("evidence_quota_bytes", 1024**4, 1024**4),
        ("postal_address", ADDRESS, {"postal_code": None, "region": None, **ADDRESS}),
    ],
)
def test_a_setting_is_kept_and_read_by_every_context(owner: SignedIn, field: str, sent: object, kept: object):
    answer = owner.patch(TENANT, {field: sent})

    assert (answer.status, answer.body[field]) == (200, kept)
    assert owner.get(TENANT).body == answer.body
    read = tenant_settings.of(owner.person.tenant_id)._asdict()
    assert read[field] == (tuple(kept) if isinstance(kept, list) else kept)


def test_what_is_not_sent_stays_and_null_clears_what_need_not_be_set(owner: SignedIn):
    everything = {"time_zone": "Europe/Berlin", "currency": "EUR", "phone_region": "DE", "postal_address": ADDRESS}
    before = owner.patch(TENANT, everything).body
    cleared = owner.patch(TENANT, dict.fromkeys([*everything, "name", "locale", "working_days"])).body

    nothing = {"currency": None, "phone_region": None, "postal_address": None}
    assert cleared == {**before, **nothing, "version": before["version"] + 1}


def test_others_see_a_changed_setting_within_a_minute(owner: SignedIn, noon: time_machine.Traveller):
    tenant_id = owner.person.tenant_id
    owner.patch(TENANT, {"time_zone": "Asia/Tokyo"})
    seen = tenant_settings.of(tenant_id).time_zone
    owner.patch(TENANT, {"time_zone": "Europe/Berlin"})
    noon.shift(59)
    remembered = tenant_settings.of(tenant_id).time_zone
    noon.shift(1)

    assert (seen, remembered, tenant_settings.of(tenant_id).time_zone) == ("Asia/Tokyo", "Asia/Tokyo", "Europe/Berlin")


def test_a_tenant_that_is_not_there_has_the_defaults(aws: None):
    assert tenant_settings.of("tenant_of_nobody") == tenant_settings.TenantSettings()


def test_a_tenant_can_be_renamed(owner: SignedIn):
    answer = owner.patch(TENANT, {"name": "  Analytical Engines "}, if_match='"1"')

    assert (answer.status, answer.body["name"], answer.body["version"]) == (200, "Analytical Engines", 2)
    assert owner.get(TENANT).body == answer.body


def test_what_has_changed_meanwhile_is_refused(owner: SignedIn):
    owner.patch(TENANT, {"name": "Engines"}, if_match='"1"')
    stale = owner.patch(TENANT, {"name": "Looms"}, if_match='"1"')

    assert (stale.status, stale.code) == (412, "VersionChanged")
    assert owner.get(TENANT).body["name"] == "Engines"


def test_what_is_so_already_changes_nothing(owner: SignedIn):
    answer = owner.patch(
        TENANT, {"name": "Ada L.", "require_second_factor": False, "working_days": WEEK, "locale": "en"}
    )

    assert (answer.status, answer.body["version"]) == (200, 1)


def test_the_same_settings_again_change_nothing(owner: SignedIn):
    settings = {"time_zone": "Europe/Berlin", "postal_address": ADDRESS, "working_days": ["friday", "monday"]}
    once, again = owner.patch(TENANT, settings), owner.patch(TENANT, settings)

    assert (once.body["version"], again.body) == (2, once.body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"require_second_factor": "yes"}, "require_second_factor"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"locale": "german"}, "locale"),
        ({"locale": "de_DE"}, "locale"),
        ({"locale": "de-DE\n"}, "locale"),
        ({"currency": "eur"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"phone_region": "UK"}, "phone_region"),
        ({"evidence_quota_bytes": 100 * 1024**2 - 1}, "evidence_quota_bytes"),
        ({"evidence_quota_bytes": 1024**4 + 1}, "evidence_quota_bytes"),
        ({"evidence_quota_bytes": "104857600"}, "evidence_quota_bytes"),
        ({"working_days": []}, "working_days"),
        ({"working_days": ["monday", "monday"]}, "working_days"),
        ({"working_days": ["someday"]}, "working_days.0"),
        ({"postal_address": {**ADDRESS, "country": "ZZ"}}, "postal_address.country"),
        ({"postal_address": {**ADDRESS, "lines": []}}, "postal_address.lines"),
        ({"postal_address": {**ADDRESS, "lines": ["x"] * 5}}, "postal_address.lines"),
        ({"postal_address": {**ADDRESS, "city": "a\nb"}}, "postal_address.city"),
        ({"postal_address": {**ADDRESS, "planet": "Mars"}}, "postal_address.planet"),
        ({"owners": 7}, "owners"),
        ({"tenant_id": "tenant_1"}, "tenant_id"),
    ],
)
def test_a_wrong_field_is_named(owner: SignedIn, body: dict, field: str):
    answer = owner.patch(TENANT, body)

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("member", 403), ("viewer", 403)])
def test_admins_change_it(owner: SignedIn, role: str, status: int):
    assert owner.person.invites("grace", role).signs_in().patch(TENANT, {"name": "Looms"}).status == status


def test_who_has_just_been_demoted_changes_nothing(owner: SignedIn, bob: Person):
    here = bob.signs_in()
    here.enters()
    owner.patch(bob.path, {"role": "viewer"})

    assert here.patch(TENANT, {"name": "Looms"}).code == "BeyondYourRole"


def test_the_tenant_of_others_is_not_changed(owner: SignedIn):
    registered("eve").signs_in().patch(TENANT, {"name": "Looms"})

    assert owner.get(TENANT).body["name"] == "Ada L."


def test_who_demands_a_second_factor_has_just_proved_one(owner: SignedIn):
    unproved = owner.patch(TENANT, DEMAND)
    proved = stepped_up(owner).patch(TENANT, DEMAND)

    assert (unproved.status, unproved.code) == (401, "STEP_UP_REQUIRED")
    assert (proved.status, proved.body["require_second_factor"]) == (200, True)


@pytest.mark.usefixtures("pepper")
def test_a_service_changes_the_name_but_not_what_is_demanded(owner: SignedIn):
    service = service_of(owner, scopes=["identity:admin", "identity:read"])

    assert service.calls("PATCH", TENANT, {"name": "Looms"}).status == 200
    assert service.calls("PATCH", TENANT, {"require_second_factor": False}).code == "SignInRequired"


def test_who_has_none_enrolled_is_asked_for_one_too(demanding: SignedIn, bob: Person):
    here = bob.signs_in()
    refused = here.post("/api/v1/invitations", INVITATION)
    allowed = stepped_up(here).post("/api/v1/invitations", INVITATION)

    assert claims_of(here.access_token)["mfa"] is True
    assert (refused.status, refused.code) == (401, "STEP_UP_REQUIRED")
    assert allowed.status == 201


def test_an_authenticator_answers_the_demand_as_well(demanding: SignedIn, bob: Person, noon):
    authenticator = enrolled(bob.signs_in())
    noon.shift(60)

    assert authenticator.signs_in().post("/api/v1/invitations", INVITATION).status == 201


def test_the_demand_keeps_nobody_from_signing_in_reading_or_enrolling(demanding: SignedIn, bob: Person):
    here = bob.signs_in()

    assert [here.enters().status, here.get("/api/v1/members").status, here.get(TENANT).status] == [200] * 3
    assert here.post(f"{OTP}/enroll").status == 200


def test_a_session_learns_of_the_demand_when_it_is_refreshed(owner: SignedIn, bob: Person, noon):
    here = bob.signs_in()
    stepped_up(owner).patch(TENANT, DEMAND)
    turned = refresh(here.refresh_token).body
    refreshed = SignedIn(bob, turned["access_token"], turned["refresh_token"])
    old = here.post("/api/v1/invitations", INVITATION)
    noon.shift(15 * 60 + 61)
    auth.forget()

    assert old.status == 201
    assert here.enters().code == "TokenExpired"
    assert claims_of(refreshed.access_token)["mfa"] is True


def test_no_longer_demanding_it_takes_a_second_factor_too(demanding: SignedIn, owner: SignedIn):
    password_only = owner.person.signs_in().patch(TENANT, {"require_second_factor": False})
    proved = demanding.patch(TENANT, {"require_second_factor": False})

    assert password_only.code == "STEP_UP_REQUIRED"
    assert proved.body["require_second_factor"] is False
    assert claims_of(owner.person.signs_in().access_token)["mfa"] is False


def test_owners_who_come_and_go_do_not_change_what_is_demanded(demanding: SignedIn, bob: Person):
    demanding.patch(bob.path, {"role": "owner"})
    demanding.patch(bob.path, {"role": "viewer"})

    assert demanding.get(TENANT).body["require_second_factor"] is True
