"""The opt-outs of leads that lose an address or are erased: they stay with the address."""

from typing import Any

import pytest

from functions.audience.activity import contacts
from functions.audience.leads import leads
from functions.audience.respect import frequency, permission, suppressions
from functions.audience.respect.suppressions import Suppression
from functions.audience.settings import settings
from shared import clock
from shared.storage import table
from tests.audience.following import follow_up, make_queue
from tests.audience.people import Person
from tests.aws.quick.table import everything

EMAIL = "grace@example.org"
PHONE = "+442079460958"
SEND_ID = "a" * 33


def suppressed(ada: Person, channel: str, address: str) -> Suppression | None:
    digest = suppressions.digest(settings.of(ada.tenant_id), channel, address)
    return suppressions.find(ada.tenant_id, channel, [digest]).get(digest)


def denied(ada: Person, **consent: str) -> dict[str, Any]:
    said = {subject.replace("_", "/"): state for subject, state in consent.items()}
    return ada.creates(emails=[EMAIL], phones=[PHONE], consent=said)


def mailed(ada: Person, lead_id: str, address: str = EMAIL) -> str | None:
    """Return why marketing mail to an address of a lead is refused, None if it is not."""
    lead = leads.get(ada.tenant_id, lead_id)
    found = suppressed(ada, "email", address)
    return permission.refusal(lead, "email", None, "marketing", requires_consent=True, suppression=found)


def test_who_opted_out_is_not_mailed_after_an_import_a_merge_an_erasure_and_another_import(ada: Person):
    lead = denied(ada, email="denied")
    other = ada.creates(emails=["hopper@example.org"], consent={"email": "granted"})
    refused = []
    ada.imports({"emails": [EMAIL], "consent": {"email": "granted"}})
    refused.append(mailed(ada, lead["lead_id"]))
    ada.post(f"/leads/{other['lead_id']}/merge", {"lead_id": lead["lead_id"]})
    refused.append(mailed(ada, other["lead_id"]))
    assert ada.delete(f"/leads/{other['lead_id']}").status == 204
    (again,) = ada.imports({"emails": [EMAIL], "consent": {"email": "granted"}})
    refused.append(mailed(ada, again["lead_id"]))

    assert again["result"] == "inserted"
    assert refused == ["no_consent", "no_consent", "suppressed"]
    # After the merge it was one person: what they denied holds for each of their addresses.
    (fellow,) = ada.imports({"emails": ["hopper@example.org"], "consent": {"email": "granted"}})
    assert mailed(ada, fellow["lead_id"], "hopper@example.org") == "suppressed"


def test_an_erased_lead_leaves_what_it_denied_of_channels_and_topics_and_nothing_else(ada: Person):
    lead = denied(ada, email_news="denied", email_offers="granted", sms="denied", push="denied")
    ada.delete(f"/leads/{lead['lead_id']}")
    email, sms = suppressed(ada, "email", EMAIL), suppressed(ada, "sms", PHONE)

    assert email is not None
    assert ([*email.reasons], [*email.topics]) == ([], ["news"])
    assert sms is not None
    assert ([*sms.reasons], sms.reasons["unsubscribed"].source) == (["unsubscribed"], "lead")
    assert suppressed(ada, "whatsapp", PHONE) is None


def test_an_erased_lead_that_denied_nothing_leaves_nothing(ada: Person):
    lead = denied(ada, email="granted", sms="pending")
    ada.delete(f"/leads/{lead['lead_id']}")

    assert suppressed(ada, "email", EMAIL) is None
    assert suppressed(ada, "sms", PHONE) is None


def test_erasing_adds_to_what_suppresses_the_address_already(ada: Person):
    lead = denied(ada, email="denied")
    digest = suppressions.digest(settings.of(ada.tenant_id), "email", EMAIL)
    suppressions.add(ada.tenant_id, "email", digest, "hard_bounce", source="receipt")
    ada.delete(f"/leads/{lead['lead_id']}")
    found = suppressed(ada, "email", EMAIL)

    assert found is not None
    assert ([*found.reasons], found.version) == (["hard_bounce", "unsubscribed"], 2)


def test_an_address_that_is_taken_away_from_a_lead_keeps_its_opt_out(ada: Person):
    lead = denied(ada, email="denied", sms="denied")
    ada.patch(f"/leads/{lead['lead_id']}", {"emails": ["new@example.org"], "phones": []})
    (next_one,) = ada.imports({"emails": [EMAIL], "consent": {"email": "granted"}})

    assert mailed(ada, next_one["lead_id"]) == "suppressed"
    assert suppressed(ada, "sms", PHONE) is not None
    assert suppressed(ada, "email", "new@example.org") is None


@pytest.mark.parametrize("taken", ["changed", "erased"])
def test_a_number_from_when_numbers_identified_is_given_up_also_afterwards(ada: Person, taken: str):
    lead = ada.creates(external_id="a", phones=[PHONE])
    ada.patch("/audience/settings", {"phones_identify": False})
    settings.forget()
    before = locks()
    if taken == "changed":
        ada.patch(f"/leads/{lead['lead_id']}", {"phones": []})
    else:
        ada.delete(f"/leads/{lead['lead_id']}")

    assert (before, locks()) == (1, 0)


def test_a_number_from_when_numbers_identified_keeps_no_other_lead_from_it(ada: Person):
    one = ada.creates(external_id="a", phones=[PHONE])
    ada.patch("/audience/settings", {"phones_identify": False})
    settings.forget()
    other = ada.creates(external_id="b", phones=[PHONE])
    (row,) = ada.imports({"external_id": "c", "phones": [PHONE]})
    ada.patch(f"/leads/{other['lead_id']}", {"phones": []})

    assert row["result"] == "inserted"
    assert locks() == 1
    ada.post(f"/leads/{other['lead_id']}/merge", {"lead_id": one["lead_id"]})
    ada.delete(f"/leads/{other['lead_id']}")
    assert locks() == 0


def locks() -> int:
    """Return how many numbers are somebody's alone."""
    return sum("#LEADLOCK#phone#" in item["PK"] for item in everything())


def written_to(ada: Person, lead_id: str, send_id: str) -> None:
    put = frequency.reserve(contacts.get(ada.tenant_id, lead_id), send_id, "marketing", None, now=clock.now())
    assert put is not None
    table.transact([put])


def test_when_a_lead_was_written_to_is_removed_with_it(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url := make_queue())
    lead = denied(ada)["lead_id"]
    written_to(ada, lead, SEND_ID)
    ada.delete(f"/leads/{lead}")

    assert follow_up(url) == 0
    assert table.get(contacts.key(ada.tenant_id, lead)) is None


def test_when_a_merged_lead_was_written_to_counts_for_the_other(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url := make_queue())
    goes, stays = denied(ada)["lead_id"], ada.creates(external_id="stays")["lead_id"]
    written_to(ada, goes, SEND_ID)
    written_to(ada, stays, "b" * 33)
    ada.post(f"/leads/{stays}/merge", {"lead_id": goes})

    assert [follow_up(url), follow_up(url)] == [0, 0]
    assert {each.label[0] for each in contacts.get(ada.tenant_id, stays).messages} == {"a", "b"}
    assert table.get(contacts.key(ada.tenant_id, goes)) is None
