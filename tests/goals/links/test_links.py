"""Links as their owner has them: made, told once, listed, ended. What they show is in tests/goals/test_shared.py."""

import math

import pytest

from functions.goals.links import links
from tests.aws import hooks
from tests.aws.stored_items import readable
from tests.goals.conftest import Stored, Travel
from tests.goals.links.looking import looks, makes_link
from tests.goals.people import Person
from tests.goals.removals import remove_all


def of_links(stored: Stored) -> list[dict]:
    return [item for item in stored().values() if item.get("entity") in {"Link", "LinkEntry"}]


def test_a_link_of_a_goal_leads_to_its_pictures_and_its_calendar(ada: Person):
    goal_id = ada.sets_goal()["goal_id"]

    link = makes_link(ada, goal_id=goal_id, name="README")

    assert (link["goal_id"], link["name"], link["expires_at"]) == (goal_id, "README", None)
    assert link["urls"] == {
        what: f"/api/v1/shared/{what}.{kind}?link={link['token']}"
        for what, kind in (("badge", "svg"), ("chart", "svg"), ("calendar", "ics"))
    }


def test_a_link_of_everything_leads_to_a_calendar_only(ada: Person):
    link = makes_link(ada)

    assert link["goal_id"] is None
    assert (link["urls"]["badge"], link["urls"]["chart"]) == (None, None)
    assert looks(link).status == 200


def test_a_token_is_256_bits_that_come_but_once(ada: Person):
    tokens = [makes_link(ada)["token"] for _ in range(20)]

    assert len(set(tokens)) == 20
    assert all(token.startswith("mpl_") for token in tokens)
    assert min(len(token.removeprefix("mpl_")) for token in tokens) * math.log2(64) >= 256


def test_a_token_is_told_once_and_is_nowhere_in_the_table(ada: Person, stored: Stored):
    link = ada.post("/links", {}, key="a key of ours").body
    again = ada.post("/links", {}, key="a key of ours").body

    assert again == link | {"token": None, "urls": None}
    assert ada.get("/links").body["items"] == [
        {name: value for name, value in link.items() if name not in {"token", "urls"}}
    ]
    assert link["token"].removeprefix("mpl_") not in str([readable(item) for item in stored().values()])


def test_over_graphql_a_token_is_told_once_as_well(ada: Person):
    link = ada.ask("createLink", {"input": {"name": "In a calendar"}}, key="a key of ours").data
    again = ada.ask("createLink", {"input": {"name": "In a calendar"}}, key="a key of ours").data

    assert link["token"] in link["urls"]["calendar"]
    assert again == link | {"token": None, "urls": None}
    assert ada.ask("links", {}).data["items"][0]["linkId"] == link["linkId"]


def test_only_the_owner_shows_a_goal(ada: Person, bob: Person, eve: Person):
    goal_id = ada.sets_goal()["goal_id"]
    ada.put(f"/goals/{goal_id}/shares/{bob.user_id}", {"role": "contributor"})

    assert bob.post("/links", {"goal_id": goal_id}).code == "NotYours"
    assert eve.post("/links", {"goal_id": goal_id}).code == "GoalNotFound"
    assert ada.post("/links", {"goal_id": "goal_1"}).code == "GoalNotFound"


def test_nobody_lists_or_ends_the_links_of_another(ada: Person, bob: Person):
    link = makes_link(ada)

    assert bob.get("/links").body["items"] == []
    assert bob.delete(f"/links/{link['link_id']}").code == "LinkNotFound"
    assert looks(link).status == 200


def test_a_link_that_was_ended_is_gone_at_once_and_leaves_nothing(ada: Person, stored: Stored):
    link = makes_link(ada, goal_id=ada.sets_goal()["goal_id"])

    answer = ada.delete(f"/links/{link['link_id']}")

    assert answer.status == 204
    assert looks(link).code == "NothingShared"
    assert of_links(stored) == []
    assert ada.delete(f"/links/{link['link_id']}").code == "LinkNotFound"


@pytest.mark.parametrize("link_id", ["link_1", "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "link_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"])
def test_a_link_that_is_not_there_is_not_found(link_id: str, ada: Person):
    assert ada.delete(f"/links/{link_id}").code == "LinkNotFound"


def test_a_link_ends_when_it_said_it_would(ada: Person, travel: Travel, stored: Stored):
    link = makes_link(ada, expires_at="2026-01-02T00:00:00Z")
    travel("2026-01-01T23:59:59Z")
    before = looks(link)
    travel("2026-01-02T00:00:00Z")

    assert (before.status, looks(link).code) == (200, "NothingShared")
    assert [item["ttl"] for item in of_links(stored)] == [1767312000] * 2


def test_an_end_that_is_past_is_refused(ada: Person, travel: Travel):
    answer = ada.post("/links", {"expires_at": "2026-01-01T00:00:00Z"})

    assert (answer.code, answer.fields) == ("InvalidInput", ["expires_at"])


def test_of_the_links_of_a_user_a_hundred_are_good_at_once(
    ada: Person, bob: Person, travel: Travel, monkeypatch: pytest.MonkeyPatch
):
    most = links.MAX_LINKS
    monkeypatch.setattr(links, "MAX_LINKS", 3)
    first, *_ = [makes_link(ada, expires_at="2026-01-02T00:00:00Z") for _ in range(3)]
    too_many = ada.post("/links", {})
    others = bob.post("/links", {})
    ada.delete(f"/links/{first['link_id']}")
    room_again = [ada.post("/links", {}).status for _ in range(2)]
    travel("2026-01-02T00:00:00Z")

    assert most == 100
    assert (too_many.status, too_many.code, others.status) == (409, "TooManyLinks", 201)
    assert room_again == [201, 409]
    # Whether DynamoDB has removed those that have ended or not.
    assert [ada.post("/links", {}).status for _ in range(3)] == [201, 201, 409]


def test_of_two_who_make_the_last_one_at_once_one_does(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(links, "MAX_LINKS", 1)
    others = list[int]()

    def overtake(**_: object) -> None:
        if not others:
            others.append(0)
            others[0] = ada.post("/links", {}).status

    hooks.register("before-call.dynamodb.TransactWriteItems", overtake)
    answer = ada.post("/links", {})

    assert (others, answer.status) == ([201], 409)


def test_the_links_of_a_deleted_goal_are_dead_at_once_and_removed_then(ada: Person, stored: Stored):
    goal_id = ada.sets_goal()["goal_id"]
    link, kept = makes_link(ada, goal_id=goal_id), makes_link(ada)
    ada.delete(f"/goals/{goal_id}")
    dead = looks(link)
    remove_all(ada.user_id, goal_id)

    assert dead.code == "NothingShared"
    assert [each["link_id"] for each in ada.get("/links").body["items"]] == [kept["link_id"]]
    assert len(of_links(stored)) == 2
    assert looks(kept).status == 200
