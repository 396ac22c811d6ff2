"""How often somebody registers: by where they come from, by the tenant that invites, by the address that is invited."""

from datetime import timedelta

import pytest
import time_machine

from shared.api import rate_limits
from tests.identity.people import Person, registered
from tests.identity.sign_in.addresses import ELSEWHERE, OFFICE, addresses, register, sign_in

pytestmark = pytest.mark.usefixtures("noon", "usual_limits")


def test_fifty_register_at_once_from_an_address():
    answers = [register(f"person{number}") for number in range(51)]

    assert [answer.status for answer in answers] == [201] * 50 + [429]
    assert register("somebody", source=ELSEWHERE).status == 201


def test_who_is_invited_registers_however_many_did_so_at_their_address(ada: Person):
    invitation = {"email": "bob@example.com", "role": "member"}
    token = ada.signs_in().post("/api/v1/invitations", invitation).body["token"]
    for _ in range(49):
        rate_limits.count_address(OFFICE, "registrations")

    assert register("cleo").code == "RateLimited"
    assert register("bob", invitation_token=token).status == 201


def invitations(person: Person, emails: list[str]) -> list[str]:
    """Return the tokens of invitations that a person has given to these addresses."""
    signed_in = person.signs_in()
    return [signed_in.post("/api/v1/invitations", {"email": each, "role": "member"}).body["token"] for each in emails]


def test_a_tenant_fills_its_ranks_no_faster_than_others_are_registered(ada: Person, noon: time_machine.Traveller):
    names = [f"person{number}" for number in range(104)]
    tokens = []
    for first in range(0, len(names), 26):
        tokens += invitations(ada, [f"{name}@example.com" for name in names[first : first + 26]])
        noon.shift(timedelta(seconds=10))
    answers = [
        register(name, source=source, invitation_token=token)
        for name, token, source in zip(names, tokens, addresses(104), strict=True)
    ]

    assert [answer.status for answer in answers] == [201] * 100 + [429] * 4
    assert answers[-1].rate["RateLimit-Policy"] == '"invited_registrations";q=100;w=100'


def test_an_address_registers_those_of_its_own_tenants_no_faster_than_others(ada: Person):
    (token,) = invitations(ada, ["bob@example.com"])
    for number in range(99):
        rate_limits.count_invited(f"one@{number}.example", tenant_id=f"tenant_{number}", address=OFFICE)
    (of_another,) = invitations(registered("eve"), ["ada@example.com"])

    assert register("ada", invitation_token=of_another).status == 409
    assert register("bob", invitation_token=token).code == "RateLimited"
    assert register("bob", source=ELSEWHERE, invitation_token=token).status == 201


def test_one_who_tries_an_address_does_not_keep_its_invited_owner_from_registering(ada: Person):
    (token,) = invitations(ada, ["bob@example.com"])
    for source in addresses(30):
        sign_in("bob@example.com", "a wrong one", source=source)

    assert sign_in("bob@example.com", "a wrong one", source=ELSEWHERE).code == "RateLimited"
    assert register("bob", invitation_token=token).status == 201


def test_an_invitation_to_somebody_else_tells_of_no_more_addresses_than_none_at_all(ada: Person):
    token = ada.signs_in().post("/api/v1/invitations", {"email": "bob@example.com", "role": "member"}).body["token"]
    answers = [register(f"person{number}", source=ELSEWHERE, invitation_token=token) for number in range(51)]

    assert [answer.status for answer in answers] == [422] * 50 + [429]


def test_an_invitation_to_who_has_an_account_is_tried_twenty_times_at_once(ada: Person):
    token = ada.signs_in().post("/api/v1/invitations", {"email": ada.email, "role": "member"}).body["token"]
    answers = [register("ada", source=each, invitation_token=token) for each in addresses(30)]

    assert {answer.status for answer in answers} == {409, 429}
    assert [answer.status for answer in answers].index(429) <= 20
