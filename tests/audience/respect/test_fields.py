"""Suppressions and consents that are asked for, over GraphQL."""

from typing import Any

import pytest

from tests.audience.people import Person

ADDRESS = {"channel": "email", "address": "Ada@example.org"}


def suppressed(person: Person, **fields: Any) -> dict[str, Any]:
    reply = person.ask("suppressAddress", input={**ADDRESS, **fields})
    assert reply.error_type is None, reply
    return dict(reply.data)


def test_an_address_is_suppressed_listed_looked_up_and_taken_off(ada: Person, eve: Person):
    made = suppressed(ada, reason="unsubscribed", topic="news")
    again = suppressed(ada, reason="complaint", topic=None)
    suppressed(ada, channel="sms", address="+442079460958")
    listed = ada.ask("suppressions").data
    found = ada.ask("suppressions", email="ada@example.org").data["items"]
    by_number = ada.ask("suppressions", phone="+442079460958").data["items"]
    foreign = eve.ask("removeSuppression", suppressionId=made["suppressionId"], reason="asked")
    removed = ada.ask("removeSuppression", suppressionId=made["suppressionId"], reason="asked")

    assert [each["topic"] for each in made["topics"]] == ["news"]
    assert [each["reason"] for each in again["reasons"]] == ["complaint"]
    assert (len(listed["items"]), listed["nextToken"]) == (2, None)
    assert [each["suppressionId"] for each in found] == [made["suppressionId"]]
    assert [each["channel"] for each in by_number] == ["sms"]
    assert foreign.error_type == "NotSuppressed"
    assert removed.data == {"suppressionId": made["suppressionId"]}
    assert ada.ask("suppressions", email="ada@example.org").data["items"] == []


def test_rest_says_the_same_of_a_suppression(ada: Person):
    made = suppressed(ada)
    (told,) = ada.get("/suppressions").body["items"]

    assert made["suppressionId"] == told["suppression_id"]
    assert (made["digest"], made["version"]) == (told["digest"], told["version"])


def test_pages_follow_each_other(ada: Person):
    for number in range(5):
        suppressed(ada, address=f"p{number}@example.org")
    first = ada.ask("suppressions", limit=3).data
    second = ada.ask("suppressions", limit=3, nextToken=first["nextToken"]).data

    assert len({each["suppressionId"] for each in first["items"] + second["items"]}) == 5
    assert ada.ask("suppressions", nextToken="foreign").error_type == "Malformed"


def test_several_addresses_have_a_result_each(ada: Person):
    rows = [ADDRESS, {"channel": "email", "address": "nobody"}, ADDRESS]
    found = ada.ask("suppressAddresses", input={"rows": rows}).data

    assert [(each["row"], each["result"]) for each in found] == [(1, "added"), (2, "invalid"), (3, "unchanged")]
    assert ada.ask("suppressAddresses", input={"rows": []}).fields == ["rows"]
    assert ada.ask("suppressAddresses", input={"rows": [ADDRESS] * 1001}).fields == ["rows"]


@pytest.mark.parametrize(
    ("field", "arguments", "named"),
    [
        ("suppressAddress", {"input": {**ADDRESS, "topic": "news"}}, []),
        ("suppressAddress", {"input": {**ADDRESS, "address": "nobody"}}, ["address"]),
        ("suppressions", {"email": "a@example.org", "phone": "+442079460958"}, ["email"]),
        ("suppressions", {"email": "a@example.org", "nextToken": "x"}, ["email"]),
        ("removeSuppression", {"suppressionId": f"email-{'9f' * 32}", "reason": ""}, ["reason"]),
    ],
)
def test_what_is_sent_is_judged_as_over_rest(ada: Person, field: str, arguments: dict[str, Any], named: list[str]):
    reply = ada.ask(field, **arguments)

    assert reply.error_type == "InvalidInput"
    assert [each for each in reply.fields if each] == named


def test_a_lead_without_an_address_cannot_be_asked_for_a_consent(ada: Person):
    lead_id = ada.creates(external_id="a")["lead_id"]
    asked = {"subject": "email/news", "source": "checkout", "text": "Yes, write to me."}

    assert ada.ask("askLeadOptIn", leadId=lead_id, input=asked).error_type == "NobodyToAsk"
    assert ada.ask("askLeadOptIn", leadId=lead_id, input={**asked, "subject": "fax"}).fields == ["subject"]


@pytest.mark.parametrize(
    ("field", "scope", "arguments"),
    [
        ("suppressions", "audience:write", {}),
        ("suppressAddress", "audience:read", {"input": ADDRESS}),
        ("suppressAddresses", "audience:read", {"input": {"rows": [ADDRESS]}}),
        ("removeSuppression", "audience:write", {"suppressionId": f"email-{'9f' * 32}", "reason": "x"}),
        ("askLeadOptIn", "audience:read", {"leadId": "x", "input": {"subject": "email", "source": "x", "text": "x"}}),
    ],
)
def test_scopes_are_those_of_rest(ada: Person, field: str, scope: str, arguments: dict[str, Any]):
    assert ada.holding(scope).ask(field, **arguments).error_type == "InsufficientScope"
