"""Who is written to is decided when the message is sent, by what is true of the lead then."""

from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    rows,
    starts,
    stored,
)
from tests.audience.people import Person

CUSTOMERS = {"type": "condition", "field": "status", "operator": "=", "value": "customer"}


def frozen(stage: Stage, person: Person, **fields: object) -> str:
    """Start a campaign, and prepare it; nothing is sent yet."""
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, **fields)
    starts(person, campaign_id)
    stage.hear()
    return campaign_id


def reasons(campaign_id: str) -> dict[str, str | None]:
    return {each.lead_id: each.reason or each.status for each in rows(campaign_id)}


def test_of_two_leads_with_one_address_the_first_is_written_to(ada: Person, campaigning: Stage) -> None:
    ada.rest("PATCH", "/audience/settings", {"phones_identify": False})
    phone = "+442079460958"
    one, two = (ada.creates(external_id=name, phones=[phone])["lead_id"] for name in ("a", "b"))
    has_provider(ada, campaigning.provider.url, channel="sms")
    campaign_id = has_campaign(ada, channel="sms", subject=None)
    starts(ada, campaign_id)
    campaigning.run()

    assert reasons(campaign_id) == {min(one, two): "sent", max(one, two): "duplicate_address"}
    assert len(campaigning.provider.calls) == 1


def test_an_address_that_moves_meanwhile_gets_one_message(ada: Person, campaigning: Stage) -> None:
    one, two = has_leads(ada, 2)
    campaign_id = frozen(campaigning, ada)
    ada.patch(f"/leads/{one}", {"emails": ["elsewhere@example.org"]})
    ada.patch(f"/leads/{two}", {"emails": ["person-00000@example.org"]})
    campaigning.run()

    assert reasons(campaign_id) == {one: "address_changed", two: "address_changed"}
    assert campaigning.provider.calls == []


def test_who_leaves_the_segment_or_is_erased_meanwhile_is_skipped(ada: Person, campaigning: Stage) -> None:
    stays = ada.creates(external_id="a", emails=["a@example.org"], status="customer")["lead_id"]
    leaves = ada.creates(external_id="b", emails=["b@example.org"], status="customer")["lead_id"]
    goes = ada.creates(external_id="c", emails=["c@example.org"], status="customer")["lead_id"]
    nowhere = ada.creates(external_id="d", status="customer")["lead_id"]
    campaign_id = frozen(campaigning, ada, segment_id=has_segment(ada, CUSTOMERS))
    ada.patch(f"/leads/{leaves}", {"status": "gone"})
    ada.delete(f"/leads/{goes}")
    campaigning.run()

    assert reasons(campaign_id) == {stays: "sent", leaves: "left_segment", goes: "erased", nowhere: "no_address"}
    assert adds_up(stored(ada, campaign_id))


def test_an_address_that_is_suppressed_meanwhile_is_not_written_to(ada: Person, campaigning: Stage) -> None:
    one, two = has_leads(ada, 2)
    campaign_id = frozen(campaigning, ada)
    audience = settings.of(ada.tenant_id)
    digest = suppressions.digest(audience, "email", "person-00000@example.org")
    suppressions.add(ada.tenant_id, "email", digest, "hard_bounce", source="receipt")
    campaigning.run()

    assert reasons(campaign_id) == {one: "suppressed", two: "sent"}


def test_a_rule_that_is_changed_meanwhile_is_the_one_that_was_frozen(ada: Person, campaigning: Stage) -> None:
    lead = ada.creates(external_id="a", emails=["a@example.org"], status="customer")["lead_id"]
    segment_id = has_segment(ada, CUSTOMERS)
    campaign_id = frozen(campaigning, ada, segment_id=segment_id)
    nobody = {**CUSTOMERS, "value": "nobody"}
    ada.rest("PUT", f"/segments/{segment_id}", {"name": "Known", "rule_ast": nobody})
    campaigning.run()

    assert reasons(campaign_id) == {lead: "sent"}


def test_a_segment_that_a_campaign_uses_cannot_be_deleted_before_it_is_over(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    segment_id = has_segment(ada)
    campaign_id = frozen(campaigning, ada, segment_id=segment_id)
    refused = ada.delete(f"/segments/{segment_id}")

    assert (refused.status, refused.code) == (409, "SegmentInUse")
    assert refused.body["campaign_ids"] == [campaign_id]
    campaigning.run()
    assert ada.delete(f"/segments/{segment_id}").status == 204


def test_who_was_written_to_often_enough_is_skipped(ada: Person, campaigning: Stage) -> None:
    settings_ = {"frequency_cap": {"messages": 1, "days": 7}, "postal_address": "1 Analytical Row, London"}
    assert ada.rest("PATCH", "/audience/settings", settings_).status == 200
    (lead,) = has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    segment_id = has_segment(ada)
    marketing = {"purpose": "marketing", "message_template": "{{ unsubscribe_url }}", "segment_id": segment_id}
    first, second, third = (has_campaign(ada, **marketing) for _ in range(3))
    campaigning.provider.otherwise = "refused"
    starts(ada, first)
    campaigning.run()
    campaigning.provider.otherwise = "accepted"
    for campaign_id in (second, third):
        starts(ada, campaign_id)
        campaigning.run()

    # What was refused was given back.
    assert [reasons(each) for each in (first, second, third)] == [
        {lead: "400"},
        {lead: "sent"},
        {lead: "frequency_cap"},
    ]


def test_marketing_by_sms_waits_until_the_night_is_over(ada: Person, campaigning: Stage) -> None:
    lead = ada.creates(external_id="a", phones=["+442079460958"], time_zone="Asia/Tokyo")["lead_id"]
    ada.post(f"/leads/{lead}/consents", {"subject": "sms", "state": "granted", "source": "shop", "text": "Yes."})
    has_provider(ada, campaigning.provider.url, channel="sms")
    campaign_id = has_campaign(ada, channel="sms", subject=None, purpose="marketing")
    starts(ada, campaign_id)
    campaigning.hear()
    campaigning.take()
    (waiting,) = rows(campaign_id)

    # It is 21:00 in Tokyo at noon in Greenwich.
    assert (waiting.status, waiting.waits_until) == ("pending", "2026-11-20T23:00:00.000Z")
    assert campaigning.provider.calls == []
    campaigning.run()
    assert reasons(campaign_id) == {lead: "sent"}
