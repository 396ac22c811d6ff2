"""What a lead cannot become: uncountable, unidentified, or in two minds about a channel."""

import pytest

from functions.audience.values import LARGEST
from tests.audience.people import Person, results

AT = "2026-11-01T10:00:00Z"
VISIT = {"visit_id": "v-1", "visited_at": AT}
ORDER = {"order_id": "o-1", "amount_minor_units": 1, "currency": "EUR", "ordered_at": AT}


@pytest.mark.parametrize(("count", "path", "sent"), [("visits", "visits", VISIT), ("order_count", "orders", ORDER)])
def test_a_count_at_the_limit_takes_no_more(ada: Person, count: str, path: str, sent: dict[str, object]):
    lead = ada.creates(external_id="a", **{count: LARGEST})
    refused = ada.post(f"/leads/{lead['lead_id']}/{path}", sent)

    assert (refused.status, refused.body["code"]) == (422, "CountTooLarge")
    assert ada.reads(lead["lead_id"])[count] == LARGEST


@pytest.mark.parametrize("count", ["visits", "order_count"])
def test_a_merge_does_not_pass_the_limit_of_a_count(ada: Person, count: str):
    one, two = (ada.creates(external_id=each, **{count: LARGEST}) for each in "ab")
    refused = ada.post(f"/leads/{one['lead_id']}/merge", {"lead_id": two["lead_id"]})

    assert (refused.status, refused.body["code"]) == (422, "CountTooLarge")
    assert ada.reads(two["lead_id"])["lead_id"] == two["lead_id"]


def test_spend_at_the_limit_takes_no_order(ada: Person):
    lead = ada.creates(external_id="a", total_spend="9999999999999.99")
    refused = ada.post(f"/leads/{lead['lead_id']}/orders", ORDER)

    assert (refused.status, refused.body["code"]) == (422, "TotalTooLarge")
    assert ada.reads(lead["lead_id"])["total_spend_minor_units"] == 10**15 - 1


@pytest.mark.parametrize(
    "sent", [{"emails": [], "phones": [], "external_id": None}, {"external_id": None, "emails": []}]
)
def test_a_change_leaves_something_that_identifies_the_lead(ada: Person, sent: dict[str, object]):
    lead = ada.creates(external_id="a", emails=["a@example.org"])
    refused = ada.patch(f"/leads/{lead['lead_id']}", sent)

    assert (refused.status, refused.body["code"]) == (422, "LeadUnidentified")
    assert ada.reads(lead["lead_id"])["emails"] == ["a@example.org"]
    assert ada.patch(f"/leads/{lead['lead_id']}", {"emails": []}).status == 200


@pytest.mark.parametrize("order", [1, -1])
def test_an_opt_out_of_a_channel_wins_over_its_topics_in_one_request(ada: Person, order: int):
    sent = [("email", "denied"), ("email/news", "granted"), ("email/shop", "denied")]
    consent = dict(sent[::order])
    made = ada.creates(external_id="a", consent=consent)
    imported = ada.imports({"external_id": "b", "consent": consent})
    read = ada.reads(imported[0]["lead_id"])

    assert results(imported) == ["inserted"]
    for lead in (made, read):
        assert {subject: each["state"] for subject, each in lead["consent"].items()} == {
            "email": "denied",
            "email/shop": "denied",
        }
