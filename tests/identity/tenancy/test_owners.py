"""Owners of a tenant: there is always one, whatever happens at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.identity.accounts.tenants import LastOwner
from functions.identity.tenancy import members
from shared import clock
from shared.callers import auth
from shared.errors import Refusal
from shared.storage import table
from tests.identity.people import Person, SignedIn
from tests.identity.tenancy.membership import roles


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def grace(ada: Person) -> Person:
    return ada.invites("grace", "member")


@pytest.mark.parametrize("change", [{"role": "admin"}, {"role": "viewer"}, {"disabled": True}])
def test_the_last_owner_stays(owner: SignedIn, grace: Person, change: dict):
    answer = owner.patch(owner.person.path, change)

    assert (answer.status, answer.code) == (409, "LastOwner")
    assert owner.delete(owner.person.path).code == "LastOwner"
    assert owner.enters().status == 200


def test_an_owner_who_is_disabled_does_not_count(owner: SignedIn):
    joan = owner.person.invites("joan", "owner")
    owner.patch(joan.path, {"disabled": True})
    alone = owner.patch(owner.person.path, {"role": "member"})
    owner.patch(joan.path, {"disabled": False})

    assert alone.code == "LastOwner"
    assert owner.patch(owner.person.path, {"role": "member"}).status == 200


def test_an_owner_may_leave_when_there_is_another(owner: SignedIn):
    joan = owner.person.invites("joan", "owner").signs_in()
    left = owner.delete(owner.person.path)

    assert left.status == 204
    assert roles(joan) == {joan.person.user_id: "owner"}


@pytest.mark.usefixtures("one_call_at_a_time")
@pytest.mark.parametrize("change", [{"role": "member"}, {"disabled": True}])
def test_two_owners_who_demote_each_other_at_once_leave_one(owner: SignedIn, change: dict):
    joan = owner.person.invites("joan", "owner")
    couple = [auth.from_token(person.signs_in().access_token) for person in (owner.person, joan)]
    start = threading.Barrier(2)

    def demote(number: int) -> str:
        start.wait()
        try:
            members.change(couple[number], couple[1 - number].user_id, change, if_match=None, now=clock.now())
        except Refusal as refusal:
            return refusal.code
        return "demoted"

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(demote, range(2)))

    left = [table.get(auth.membership_key(person.tenant_id, person.user_id)) for person in couple]
    assert sorted(outcomes) == ["BeyondYourRole", "demoted"]
    assert len([member for member in left if member["role"] == "owner" and not member["disabled"]]) == 1


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_owners_who_leave_at_once_one_stays(owner: SignedIn):
    people = [owner.person, *(owner.person.invites(name, "owner") for name in ("joan", "edith", "grace"))]
    callers = [auth.from_token(person.signs_in().access_token) for person in people]

    def leave(number: int) -> str:
        try:
            members.remove(callers[number], callers[number].user_id, if_match=None, now=clock.now())
        except LastOwner as refusal:
            return refusal.code
        return "left"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(leave, range(4)))

    assert sorted(outcomes) == ["LastOwner", "left", "left", "left"]
