"""What the audit log hears of, done over the API. Each flow returns the secrets that were sent and answered."""

from collections.abc import Callable

from tests.identity.accounts.joiners import joins, switched
from tests.identity.api_keys.key_holders import given, service_of
from tests.identity.codes.challenged import challenged, mailed_code, verify
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn, refresh, registered
from tests.identity.profile.phones import NUMBER, PHONE, confirmed, confirms, texted_code, wants
from tests.identity.second_factor.authenticators import OTP, enrolled, second_step

ME = "/api/v1/auth/me"
INVITATIONS = "/api/v1/invitations"
GUESS = "quite another sentence"

Flow = Callable[[SignedIn], list[str]]


def login(person: Person, password: str) -> None:
    rest("POST", "/api/v1/auth/login", {"email": person.email, "password": password})


def sign_in(owner: SignedIn) -> list[str]:
    here = owner.person.signs_in()
    return [here.access_token, here.refresh_token]


def guess_the_password(owner: SignedIn) -> list[str]:
    login(owner.person, GUESS)
    return [GUESS]


def guess_until_locked(owner: SignedIn) -> list[str]:
    guesses = [f"guess number {number}" for number in range(7)]
    for guess in guesses:
        login(owner.person, guess)
    return guesses


def guess_the_code(owner: SignedIn) -> list[str]:
    authenticator = enrolled(owner)
    token, code = authenticator.first_step(), authenticator.wrong_code()
    second_step(token, code=code)
    return [token, authenticator.secret]


def guess_a_step_up(owner: SignedIn) -> list[str]:
    challenged(owner)
    verify(owner, f"{(int(mailed_code()) + 1) % 1_000_000:06}")
    return []


def guess_before_changing_the_password(owner: SignedIn) -> list[str]:
    owner.patch(ME, {"password": "a new sentence to keep", "current_password": GUESS})
    return [GUESS, "a new sentence to keep"]


def change_the_password(owner: SignedIn) -> list[str]:
    changed = owner.patch(ME, {"password": GUESS, "current_password": owner.person.password})
    return [GUESS, changed.body["session"]["access_token"], changed.body["session"]["refresh_token"]]


def step_up(owner: SignedIn) -> list[str]:
    challenge_id, code = challenged(owner), mailed_code()
    return [verify(owner, code, challenge_id=challenge_id).body["access_token"]]


def take_a_number_and_remove_it(owner: SignedIn) -> list[str]:
    confirmed(owner)
    challenged(owner)
    verify(owner, texted_code())
    owner.delete(PHONE)
    return [NUMBER, NUMBER[-9:]]


def guess_the_code_to_a_number(owner: SignedIn) -> list[str]:
    wants(owner)
    confirms(owner, f"{(int(texted_code()) + 1) % 1_000_000:06}")
    return [NUMBER, NUMBER[-9:]]


def enrol(owner: SignedIn) -> list[str]:
    authenticator = enrolled(owner)
    return [authenticator.secret, *authenticator.recovery_codes]


def recover_and_remove(owner: SignedIn) -> list[str]:
    authenticator = enrolled(owner)
    authenticator.signs_in(recovery_code=authenticator.recovery_codes[0]).delete(OTP)
    return [authenticator.secret, *authenticator.recovery_codes]


def employ(owner: SignedIn) -> list[str]:
    service = service_of(owner)
    rotated = given(owner.post(f"{service.path}/rotate"))
    owner.patch(service.path, {"disabled": True})
    owner.patch(service.path, {"disabled": False})
    owner.patch(service.path, {"rate_limit": {"requests_per_second": 100, "burst": 200}})
    owner.delete(service.path)
    return [service.key, rotated.key]


def govern(owner: SignedIn) -> list[str]:
    bob = owner.person.invites("bob", "member")
    owner.patch(bob.path, {"role": "viewer"})
    owner.patch(bob.path, {"disabled": True})
    owner.patch(bob.path, {"disabled": False})
    owner.delete(bob.path)
    return [bob.password]


def invite_and_withdraw(owner: SignedIn) -> list[str]:
    invitation = owner.post(INVITATIONS, {"email": "eve@example.com", "role": "viewer"}).body
    owner.delete(f"{INVITATIONS}/{invitation['invitation_id']}")
    return [invitation["token"]]


def invite_somebody_who_comes(owner: SignedIn) -> list[str]:
    token = owner.post(INVITATIONS, {"email": "bob@example.com", "role": "viewer"}).body["token"]
    registered("bob", invitation_token=token)
    return [token]


def remove_and_invite_again(owner: SignedIn) -> list[str]:
    bob = owner.person.invites("bob", "member")
    owner.delete(bob.path)
    token = owner.post(INVITATIONS, {"email": bob.email, "role": "viewer"}).body["token"]
    registered("bob", invitation_token=token)
    return [token, bob.password]


def join_and_switch(owner: SignedIn) -> list[str]:
    bob = registered("bob").signs_in()
    there = joins(bob, owner)
    other = switched(bob, there)
    return [other.access_token, other.refresh_token]


def rename_the_tenant(owner: SignedIn) -> list[str]:
    owner.patch("/api/v1/tenant", {"name": "Looms"})
    return [owner.access_token]


def reuse_a_refresh_token(owner: SignedIn) -> list[str]:
    turned = refresh(owner.refresh_token).body
    # Its successor is spent too, so nobody can be repeating a request whose answer was lost.
    again = refresh(turned["refresh_token"]).body
    refresh(owner.refresh_token)
    return [owner.refresh_token, turned["refresh_token"], again["refresh_token"], again["access_token"]]


def sign_out(owner: SignedIn) -> list[str]:
    owner.post("/api/v1/auth/logout")
    return [owner.access_token, owner.refresh_token]


def sign_out_everywhere(owner: SignedIn) -> list[str]:
    owner.post("/api/v1/auth/logout-all")
    return [owner.access_token, owner.refresh_token]


def be_away(owner: SignedIn) -> list[str]:
    away = {"starts_at": "2026-12-21T08:00:00Z", "ends_at": "2027-01-04T08:00:00Z", "message": "Skiing in the Alps"}
    owner.put("/api/v1/out-of-office", away)
    owner.delete("/api/v1/out-of-office")
    return [away["message"]]


FLOWS: dict[Flow, set[str]] = {
    sign_in: {"user.registered", "session.started"},
    guess_the_password: {"sign_in.failed"},
    guess_until_locked: {"sign_in.failed", "sign_in.locked"},
    guess_the_code: {"sign_in.failed"},
    guess_a_step_up: {"challenge.sent", "step_up.failed"},
    guess_before_changing_the_password: {"password_change.failed"},
    change_the_password: {"user.password_changed", "session.started"},
    step_up: {"challenge.sent", "session.stepped_up"},
    take_a_number_and_remove_it: {"challenge.sent", "phone.confirmed", "session.stepped_up", "phone.removed"},
    guess_the_code_to_a_number: {"challenge.sent", "phone_change.failed"},
    enrol: {"second_factor.enrolled"},
    recover_and_remove: {"recovery_code.used", "second_factor.removed"},
    employ: {"key.created", "key.rotated", "key.changed", "key.disabled", "key.enabled", "key.revoked"},
    govern: {"member.role_changed", "member.disabled", "member.enabled", "member.removed"},
    invite_and_withdraw: {"invitation.created", "invitation.withdrawn"},
    invite_somebody_who_comes: {"invitation.created", "invitation.accepted", "user.registered"},
    remove_and_invite_again: {"member.removed", "member.restored"},
    join_and_switch: {"invitation.accepted", "member.joined", "session.switched"},
    rename_the_tenant: {"tenant.changed"},
    be_away: {"absence.set", "absence.ended"},
    reuse_a_refresh_token: {"session.reuse_detected"},
    sign_out: {"session.revoked"},
    sign_out_everywhere: {"user.signed_out"},
}
