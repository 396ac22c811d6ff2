"""The GraphQL fields of the audience do what the routes do."""

from typing import Any

from shared.callers import auth
from shared.callers.caller import Caller
from tests.audience.appsync import ask
from tests.audience.people import SCOPE, Person

ORDER = {"orderId": "o-1", "amountMinorUnits": 1250, "currency": "EUR", "orderedAt": "2026-11-01T10:00:00Z"}


def asked(person: Person, field: str, **arguments: Any) -> Any:
    caller = Caller(person.user_id, person.tenant_id, ("owner",), frozenset(SCOPE.split()), None, ("pwd",), 0)
    return ask(field, arguments, resolver_context=auth.to_resolver_context(caller))


def test_a_lead_is_created_changed_found_and_erased(ada: Person):
    given = {
        "emails": ["Ada@example.org"],
        "consent": [{"subject": "email", "state": "granted"}],
        "metadata": '{"a": 1}',
    }
    made = asked(ada, "createLead", input=given).data
    lead_id = made["leadId"]
    changed = asked(ada, "updateLead", leadId=lead_id, input={"name": "Ada", "totalSpend": 12.5}).data
    stale = asked(ada, "updateLead", leadId=lead_id, input={"name": "Eve"}, expectedVersion=1)

    assert (made["emails"], made["metadata"]) == (["ada@example.org"], '{"a": 1}')
    assert [(each["subject"], each["state"]) for each in made["consent"]] == [("email", "granted")]
    assert (changed["name"], changed["totalSpend"], changed["totalSpendMinorUnits"]) == ("Ada", 12.5, 1250)
    assert stale.error_type == "VersionChanged"
    assert asked(ada, "leadKnownBy", email="ada@example.org").data == asked(ada, "lead", leadId=lead_id).data == changed
    assert [each["leadId"] for each in asked(ada, "leads").data["items"]] == [lead_id]
    assert asked(ada, "eraseLead", leadId=lead_id).data == {"leadId": lead_id}
    assert asked(ada, "lead", leadId=lead_id).error_type == "LeadNotFound"


def test_orders_visits_and_consents_are_in_the_timeline_and_follow_a_merge(ada: Person):
    one, two = (asked(ada, "createLead", input={"externalId": each}).data["leadId"] for each in ("a", "b"))
    order = asked(ada, "recordLeadOrder", leadId=one, input={**ORDER, "items": [{"sku": "tea"}]})
    visit = asked(ada, "recordLeadVisit", leadId=one, input={"visitId": "v", "visitedAt": "2026-11-01T10:00:00Z"})
    denied = {"subject": "sms", "state": "denied", "source": "shop"}
    consent = asked(ada, "recordLeadConsent", leadId=one, input=denied)
    timeline = asked(ada, "leadTimeline", leadId=one).data["items"]

    assert (order.data["amountMinorUnits"], visit.data["visitId"], consent.data["state"]) == (1250, "v", "denied")
    assert [each["kind"] for each in timeline] == ["consent", "visit", "order"]
    assert [each["orderId"] for each in asked(ada, "leadOrders", leadId=one).data["items"]] == ["o-1"]
    assert asked(ada, "mergeLead", leadId=two, otherLeadId=one).data["totalSpend"] == 12.5


def test_what_is_sent_is_judged_as_over_rest(ada: Person):
    assert asked(ada, "createLead", input={"emails": ["nobody"]}).fields == ["emails.0"]
    assert asked(ada, "createLead", input={"externalId": "a", "metadata": "{"}).fields == ["metadata"]
    assert asked(ada, "leadKnownBy").error_type == "InvalidInput"
    assert asked(ada, "leadKnownBy", externalId="nobody").data is None


def test_a_consent_is_sent_once(ada: Person):
    both = [{"subject": "email", "state": state} for state in ("denied", "granted")]

    assert asked(ada, "createLead", input={"externalId": "a", "consent": both}).fields == ["consent"]
    assert asked(ada, "leadKnownBy", externalId="a").data is None


def test_a_refused_lead_names_the_leads_that_are_there(ada: Person):
    there = asked(ada, "createLead", input={"externalId": "a"}).data["leadId"]

    assert asked(ada, "createLead", input={"externalId": "a"}).info["leadIds"] == [there]
