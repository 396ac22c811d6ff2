"""Two leads that are one person, and what of the other one follows."""

import itertools
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from functions.audience.activity import follow_ups, orders
from functions.audience.leads import leads
from functions.audience.settings import settings
from shared.storage import changes, table
from tests.audience.following import follow_up, happened, make_queue
from tests.audience.people import Person
from tests.aws import hooks
from tests.aws.quick.table import everything

AT = "2026-11-01T10:00:00Z"


@pytest.fixture
def queue(pepper: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    url = make_queue()
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url)
    yield url
    boto3.client("sqs").delete_queue(QueueUrl=url)


def buys(ada: Person, lead: dict[str, Any], *order_ids: str, amount: int = 100) -> None:
    for order_id in order_ids:
        order = {"order_id": order_id, "amount_minor_units": amount, "currency": "EUR", "ordered_at": AT}
        answer = ada.post(f"/leads/{lead['lead_id']}/orders", order)
        assert answer.status == 201, answer.body


def merge(ada: Person, stays: dict[str, Any], goes: dict[str, Any]) -> Any:
    return ada.post(f"/leads/{stays['lead_id']}/merge", {"lead_id": goes["lead_id"]})


def recounted(ada: Person, lead: dict[str, Any]) -> list[dict[str, Any]]:
    differences: list[dict[str, Any]] = ada.post(f"/leads/{lead['lead_id']}/recount", {}).body["differences"]
    return differences


def order_ids(ada: Person, lead: dict[str, Any]) -> list[str]:
    return sorted(each["order_id"] for each in ada.get(f"/leads/{lead['lead_id']}/orders", "limit=100").body["items"])


def test_a_merged_lead_adds_what_it_has(ada: Person, queue: str):
    stays = ada.creates(external_id="x", emails=["a@example.org"], total_spend=10, metadata={"a": 1}, tags=["one"])
    goes = ada.creates(external_id="y", emails=["b@example.org"], name="B", total_spend=5, metadata={"a": 2, "b": 3})
    buys(ada, stays, "o-1")
    buys(ada, goes, "o-2", "o-3")
    answer = merge(ada, stays, goes)
    lead = answer.body

    assert answer.status == 200
    assert (lead["lead_id"], lead["external_id"], lead["name"]) == (stays["lead_id"], "x", "B")
    assert lead["emails"] == ["a@example.org", "b@example.org"]
    assert (lead["total_spend"], lead["order_count"], lead["metadata"]) == (18, 3, {"a": 1, "b": 3})
    assert recounted(ada, stays) == []
    assert follow_up(queue) == 0
    assert order_ids(ada, stays) == ["o-1", "o-2", "o-3"]
    assert recounted(ada, stays) == []


def test_the_id_and_the_identifiers_of_a_merged_lead_reach_the_other(ada: Person, queue: str):
    stays, goes = ada.creates(external_id="x"), ada.creates(external_id="y", emails=["b@example.org"])
    merge(ada, stays, goes)
    became = ada.imports({"external_id": "y", "name": "Y"}, {"emails": ["b@example.org"], "status": "new"})
    read = ada.reads(goes["lead_id"])

    assert {each["lead_id"] for each in became} == {stays["lead_id"], read["lead_id"]}
    assert (read["external_id"], read["name"], read["status"]) == ("x", "Y", "new")
    assert [each["lead_id"] for each in ada.get("/leads").body["items"]] == [stays["lead_id"]]
    buys(ada, goes, "o-1")
    assert order_ids(ada, stays) == ["o-1"]


def test_an_opt_out_of_either_wins(ada: Person, queue: str):
    stays = ada.creates(external_id="x", consent={"email": "granted", "sms": "denied"})
    goes = ada.creates(external_id="y", consent={"email": "denied", "sms": "granted", "push": "granted"})
    consents = merge(ada, stays, goes).body["consent"]

    assert {subject: each["state"] for subject, each in consents.items()} == {
        "email": "denied",
        "sms": "denied",
        "push": "granted",
    }


def test_unsubscribed_then_imported_then_merged_stays_opted_out(ada: Person, queue: str):
    lead = ada.creates(emails=["a@example.org"])
    ada.post(f"/leads/{lead['lead_id']}/consents", {"subject": "email", "state": "denied", "source": "unsubscribe"})
    ada.imports({"emails": ["a@example.org"], "consent": {"email": "granted"}})
    consenting = ada.creates(emails=["b@example.org"], consent={"email": "granted"})
    merge(ada, consenting, lead)

    assert ada.reads(lead["lead_id"])["consent"]["email"]["state"] == "denied"


def test_a_merge_of_one_lead_with_itself_is_refused(ada: Person, queue: str):
    stays, goes = ada.creates(external_id="x"), ada.creates(external_id="y")
    merge(ada, stays, goes)

    assert merge(ada, stays, stays).body["code"] == "MergedAlready"
    assert merge(ada, stays, goes).body["code"] == "MergedAlready"
    assert merge(ada, goes, stays).body["code"] == "MergedAlready"


def test_an_order_on_its_way_is_known_and_can_be_refunded(ada: Person, queue: str):
    stays, goes = ada.creates(external_id="x"), ada.creates(external_id="y")
    buys(ada, goes, "o-1")
    merge(ada, stays, goes)
    buys(ada, stays, "o-1")
    refund = {"order_id": "r-1", "refund_of": "o-1", "amount_minor_units": 40, "currency": "EUR", "ordered_at": AT}

    assert ada.post(f"/leads/{stays['lead_id']}/orders", refund).status == 201
    assert (ada.reads(stays["lead_id"])["total_spend"], recounted(ada, stays)) == (0.6, [])
    follow_up(queue)
    assert (order_ids(ada, stays), recounted(ada, stays)) == (["o-1", "r-1"], [])


def test_a_chain_of_merges_brings_everything_to_the_last(ada: Person, queue: str):
    one, two, three = (ada.creates(external_id=each) for each in "abc")
    for lead, order_id in ((one, "o-1"), (two, "o-2"), (three, "o-3")):
        buys(ada, lead, order_id)
    merge(ada, two, one)
    merge(ada, three, two)
    follow_up(queue)
    stored = leads.get(ada.tenant_id, one["lead_id"])

    assert (stored.lead_id, stored.absorbing) == (three["lead_id"], ())
    assert (order_ids(ada, three), recounted(ada, three)) == (["o-1", "o-2", "o-3"], [])


def test_two_leads_with_500_orders_each_lose_none_wherever_the_move_is_killed(ada: Person, queue: str):
    stays, goes = ada.creates(external_id="x"), ada.creates(external_id="y")
    has_many(ada, stays, "s", 500)
    has_many(ada, goes, "g", 500)
    merge(ada, stays, goes)
    kills, calls = 0, itertools.count(1)

    def kill(**_: object) -> None:
        if next(calls) % 3 == 0:
            raise KilledNow

    is_moving = True
    while is_moving:
        try:
            with hooks.registered("after-call.dynamodb.TransactWriteItems", kill):
                is_moving = follow_ups.run(ada.tenant_id, goes["lead_id"])
        except KilledNow:
            kills += 1
            assert recounted(ada, stays) == []
    read = ada.reads(stays["lead_id"])

    assert kills >= 5
    assert (read["order_count"], read["total_spend"]) == (1000, 1000)
    assert recounted(ada, stays) == []
    assert leads.get(ada.tenant_id, stays["lead_id"]).absorbing == ()


class KilledNow(Exception):
    """The process ends here."""


def has_many(ada: Person, lead: dict[str, Any], prefix: str, count: int) -> None:
    """Give a lead so many orders at once: what is tested is the move, not the recording."""
    audience, stored = settings.of(ada.tenant_id), leads.get(ada.tenant_id, lead["lead_id"])
    made = [
        orders.Order(f"{prefix}-{number}", 100, "EUR", "2026-11-01T10:00:00.000Z", "2026-11-01T10:00:00.000Z", 1)
        for number in range(count)
    ]
    table.put_many([write.item for each in made for write in orders.put(stored, audience, each)])
    after = stored._replace(order_spend=100 * count, orders=count, order_at=made[0].ordered_at, version=2)
    changes.make(lambda: changes.Plan(None, [leads.written(stored, after)]))


def test_an_erased_lead_leaves_nothing_but_events(ada: Person, queue: str):
    lead = ada.creates(external_id="x", emails=["a@example.org"], consent={"email": "granted"})
    other = ada.creates(external_id="y")
    buys(ada, lead, "o-1")
    buys(ada, other, "o-2")
    ada.post(f"/leads/{lead['lead_id']}/visits", {"visit_id": "v-1", "visited_at": AT})
    merge(ada, lead, other)
    ada.delete(f"/leads/{lead['lead_id']}")
    assert follow_up(queue) == 0
    left = everything()

    kinds = {each["entity"] for each in left}
    assert kinds <= {"Event", "Tenant", "Audience", "SigningKey", "Lead", "LeadMerged", "RateLimit"}
    assert [each["merged_into"] for each in left if each["entity"] == "Lead"] == [lead["lead_id"]]
    assert ada.get(f"/leads/{other['lead_id']}").status == 404
    assert "a@example.org" not in str(left)
    buys(ada, ada.creates(external_id="z"), "o-1", "o-2")


def test_a_message_about_a_lead_that_is_there_changes_nothing(ada: Person, queue: str):
    lead = ada.creates(external_id="x")
    buys(ada, lead, "o-1")

    assert follow_ups.run(ada.tenant_id, lead["lead_id"]) is False
    assert order_ids(ada, lead) == ["o-1"]


def test_a_recount_says_what_differs_and_mends_it(ada: Person, queue: str):
    lead = ada.creates(external_id="x")
    buys(ada, lead, "o-1")
    stored = leads.get(ada.tenant_id, lead["lead_id"])
    wrong = stored._replace(order_spend=7, orders=2, version=stored.version + 1)
    table.transact([leads.written(stored, wrong)])
    path = f"/leads/{lead['lead_id']}/recount"
    found = ada.post(path, {}).body
    mended = ada.post(path, {"repair": True}).body

    assert found["differences"] == [
        {"field": "order_spend", "stored": 7, "counted": 100},
        {"field": "orders", "stored": 2, "counted": 1},
    ]
    assert (found["repaired"], mended["repaired"]) == (False, True)
    assert ada.reads(lead["lead_id"])["total_spend"] == 1
    assert recounted(ada, lead) == []
    assert [each.event_type for each in happened("audience.lead.recounted")] == ["audience.lead.recounted"]
    assert ada.holding("audience:write").post(path, {}).status == 403


def test_a_visit_that_is_repeated_while_it_moves_is_answered_as_it_is(ada: Person, queue: str):
    stays, goes = ada.creates(external_id="x"), ada.creates(external_id="y")
    visit = {"visit_id": "v", "visited_at": AT}
    first = ada.post(f"/leads/{goes['lead_id']}/visits", visit)
    merge(ada, stays, goes)
    is_moved = False

    def move(params: Any, **_: Any) -> None:
        nonlocal is_moved
        if not is_moved and "VISIT#2026" in str(params["body"]):
            is_moved = True
            follow_ups.run(ada.tenant_id, goes["lead_id"])

    with hooks.registered("before-call.dynamodb.GetItem", move):
        again = ada.post(f"/leads/{stays['lead_id']}/visits", visit)

    assert is_moved
    assert (again.status, again.body) == (201, first.body)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("one", "other"), [("denied", "granted"), ("denied", "pending"), ("granted", "pending")])
def test_of_two_consents_the_opt_out_wins_and_then_the_consent(ada: Person, first: int, one: str, other: str):
    made = [ada.creates(external_id=state, consent={"email": state}) for state in (one, other)]

    assert merge(ada, made[first], made[1 - first]).body["consent"]["email"]["state"] == one


def test_21_leads_whose_orders_are_on_their_way_are_too_many(ada: Person, queue: str):
    stays, *others = [
        *(ada.creates(external_id=str(number)) for number in range(10)),
        *(ada.creates(emails=[f"{number}@example.org"]) for number in range(12)),
    ]
    merged = [merge(ada, stays, each) for each in others]

    assert {each.status for each in merged[:20]} == {200}
    assert (merged[20].status, merged[20].body["code"]) == (422, "TooManyMerges")
    assert ada.reads(others[20]["lead_id"])["lead_id"] == others[20]["lead_id"]
    follow_up(queue)
    assert merge(ada, stays, others[20]).status == 200


def test_a_total_has_15_digits_also_after_an_order_and_a_merge(ada: Person, queue: str):
    rich = ada.creates(external_id="rich", total_spend="9999999999999.98")
    other = ada.creates(external_id="other", total_spend="0.02")
    buys(ada, rich, "o-1", amount=1)
    order = {"order_id": "o-2", "amount_minor_units": 1, "currency": "EUR", "ordered_at": AT}
    ordered, merged = ada.post(f"/leads/{rich['lead_id']}/orders", order), merge(ada, rich, other)

    assert (ordered.status, ordered.body["code"]) == (422, "TotalTooLarge")
    assert (merged.status, merged.body["code"]) == (422, "TotalTooLarge")
    assert ada.reads(rich["lead_id"])["total_spend_minor_units"] == 10**15 - 1


def test_a_lead_knows_of_all_that_follow_one_another_to_it(ada: Person, queue: str):
    one, two, three = (ada.creates(external_id=name) for name in "abc")
    buys(ada, three, "o-1")
    merge(ada, two, three)
    merge(ada, one, two)

    assert recounted(ada, one) == []
    ada.delete(f"/leads/{one['lead_id']}")
    (erased,) = happened("audience.lead.erased")
    assert {*erased.data["erased_ids"]} == {each["lead_id"] for each in (one, two, three)}
