"""The demo's people and service: in the tenant once, however often they are gathered, and able to get in."""

from typing import Any

import pytest

from infra.demo import histories, team
from infra.demo.account import Account, NotDone
from infra.demo.loading import load, share
from infra.demo.team import Team
from infra.stage.client import Answer
from tests.demo.conftest import send
from tests.demo.consoles import quiet
from tests.identity.people import registered

API = "https://api.example"
PASSWORD = "a sentence is easy to keep"


@pytest.fixture
def owner(pepper: str, noon: None) -> Account:
    return Account(api_url=API, token=registered("ada").signs_in().access_token, send=send)


@pytest.fixture
def gathered(owner: Account) -> Team:
    return team.gather(owner, password=PASSWORD, known_key=None)


def signed_in(email: str) -> Account:
    login = send("POST", f"{API}/api/v1/auth/login", body={"email": email, "password": PASSWORD})
    return Account(api_url=API, token=login.json()["access_token"], send=send)


def asked_with(key: str) -> Answer:
    return send("GET", f"{API}/api/v1/auth/me", headers={"x-api-key": key})


def shared_with(account: Account) -> dict[str, str]:
    return {goal["title"]: goal["role"] for goal in account.every("/api/v1/goals/shared")}


@pytest.mark.parametrize(
    ("name", "role"), [("admin", "admin"), ("member", "member"), ("viewer", "viewer"), ("client", "guest")]
)
def test_a_guest_signs_in_as_what_they_are(owner: Account, gathered: Team, name: str, role: str) -> None:
    me = signed_in(f"{name}@milepost.example").get("/api/v1/auth/me")

    assert me["roles"] == [role]
    assert me["tenant_id"] == owner.get("/api/v1/auth/me")["tenant_id"]
    assert me["user_id"] == getattr(gathered, name).user_id


def test_the_service_gets_in_with_its_key(gathered: Team) -> None:
    me = asked_with(gathered.service.key)

    assert me.status == 200
    assert me.json()["user_id"] == gathered.service.user_id


def test_gathering_again_changes_nothing(owner: Account, gathered: Team) -> None:
    again = team.gather(owner, password=PASSWORD, known_key=gathered.service.key)

    assert again == gathered
    assert list(owner.every(team.INVITATIONS)) == []


def test_a_key_that_was_lost_is_followed_by_another_and_is_good_no_more(owner: Account, gathered: Team) -> None:
    again = team.gather(owner, password=PASSWORD, known_key=None)

    assert asked_with(again.service.key).status == 200
    assert again.service.user_id == gathered.service.user_id
    assert asked_with(gathered.service.key).status == 401


def test_a_service_that_was_revoked_comes_back(owner: Account, gathered: Team) -> None:
    owner.send("DELETE", f"{API}{team.KEYS}/{team.SERVICE}", token=owner.token)
    again = team.gather(owner, password=PASSWORD, known_key=gathered.service.key)

    assert again.service.key != gathered.service.key
    assert asked_with(again.service.key).status == 200


def test_a_guest_who_was_removed_is_invited_again(owner: Account, gathered: Team) -> None:
    owner.send("DELETE", f"{API}{team.MEMBERS}/{gathered.member.user_id}", token=owner.token)
    again = team.gather(owner, password=PASSWORD, known_key=gathered.service.key)

    # Invited again under the same address, somebody is who they were.
    assert again.member.user_id == gathered.member.user_id
    assert signed_in("member@milepost.example").get("/api/v1/auth/me")["roles"] == ["member"]


def test_a_key_whose_answer_got_lost_is_not_taken_for_one(owner: Account) -> None:
    def lossy(method: str, url: str, **sent: Any) -> Answer:
        answer = send(method, url, **sent)
        is_first = url.endswith(team.KEYS) and answer.json()["key"] is not None
        return Answer(503, {}, "lost on the way") if is_first else answer

    unlucky = Account(api_url=API, token=owner.token, send=lossy)

    with pytest.raises(NotDone, match="run this again"):
        team.gather(unlucky, password=PASSWORD, known_key=None)


def test_goals_are_shared_with_the_team_once(owner: Account, gathered: Team) -> None:
    others = {"member": gathered.member.user_id, "viewer": gathered.viewer.user_id}
    goals = load(owner, histories.every(), quiet())
    for _ in range(2):
        share(owner, goals, others)

    running = "Python 3.14 bugfix releases"
    assert shared_with(signed_in("member@milepost.example")) == {"Python 3.14.0": "viewer", running: "contributor"}
    assert shared_with(signed_in("viewer@milepost.example")) == {running: "viewer"}
