"""Suppressions as they are stored: every reason of an address, for a channel or a topic, once."""

import pytest

from functions.audience.leads import suppression
from functions.audience.respect import suppressions
from functions.audience.respect.suppressions import Suppression
from functions.audience.settings import settings
from shared import ids

ONE = "1f" * 32
OTHER = "e0" * 32


@pytest.fixture
def tenant(pepper: str) -> str:
    return ids.new("tenant")


def found(tenant_id: str, channel: str = "email") -> Suppression | None:
    return suppressions.find(tenant_id, channel, [ONE, OTHER]).get(ONE)


def test_a_suppressed_address_is_found_and_another_is_not(tenant: str):
    suppressions.add(tenant, "email", ONE, "hard_bounce", source="receipt")

    assert [*suppressions.find(tenant, "email", [OTHER, ONE])] == [ONE]
    assert suppressions.find(tenant, "sms", [ONE]) == {}
    assert suppressions.find(ids.new("tenant"), "email", [ONE]) == {}
    assert suppressions.find(tenant, "email", []) == {}


def test_adding_twice_keeps_the_first_and_further_reasons_join_it(tenant: str):
    first = suppressions.add(tenant, "email", ONE, "unsubscribed", source="link")
    again = suppressions.add(tenant, "email", ONE, "unsubscribed", source="import")
    both = suppressions.add(tenant, "email", ONE, "complaint", source="receipt")

    assert (again, again.version) == (first, 1)
    assert (both.version, [*both.reasons]) == (2, ["unsubscribed", "complaint"])
    assert found(tenant) == both


def test_somebody_unsubscribes_from_topics_and_from_all_of_them_where_these_are_too_many(tenant: str):
    one = suppressions.add(tenant, "email", ONE, "unsubscribed", source="link", topics=["news"])
    same = suppressions.add(tenant, "email", ONE, "unsubscribed", source="link", topics=["news"])
    many = [f"topic-{number}" for number in range(suppression.MOST_TOPICS)]
    all_of_them = suppressions.add(tenant, "email", ONE, "unsubscribed", source="link", topics=many)

    assert ([*one.topics], [*one.reasons], same) == (["news"], [], one)
    assert [*all_of_them.reasons] == ["unsubscribed"]


def test_the_third_message_that_bounces_softly_suppresses(tenant: str):
    for send_id in ("a", "a", "b"):
        suppressions.soft_bounced(tenant, "email", ONE, send_id=send_id)
    before = found(tenant)
    for send_id in ("c", "d"):
        suppressions.soft_bounced(tenant, "email", ONE, send_id=send_id)
    after = found(tenant)

    assert before is None
    assert after is not None
    assert ([*after.reasons], after.soft_bounces) == (["soft_bounces"], ("a", "b", "c"))


def test_reasons_end_one_by_one_and_topics_with_all_of_them(tenant: str):
    for reason in ("unsubscribed", "hard_bounce"):
        suppressions.add(tenant, "email", ONE, reason, source="link")
    suppressions.add(tenant, "email", ONE, "unsubscribed", source="link", topics=["news"])

    assert suppressions.remove(tenant, "email", ONE, reasons=["unsubscribed"])
    left = found(tenant)
    assert left is not None
    assert ([*left.reasons], [*left.topics]) == (["hard_bounce"], ["news"])
    assert not suppressions.remove(tenant, "email", ONE, reasons=["complaint"])
    assert suppressions.remove(tenant, "email", ONE)
    assert found(tenant) is None
    assert not suppressions.remove(tenant, "email", OTHER)


def test_soft_bounces_are_counted_anew_once_they_were_taken_back(tenant: str):
    for send_id in ("a", "b", "c"):
        suppressions.soft_bounced(tenant, "email", ONE, send_id=send_id)
    suppressions.remove(tenant, "email", ONE)
    suppressions.soft_bounced(tenant, "email", ONE, send_id="d")

    assert found(tenant) is None


def test_a_number_has_one_digest_for_sms_and_whatsapp_and_none_of_another_tenant(tenant: str):
    audience = settings.of(tenant)
    digests = {channel: suppressions.digest(audience, channel, "+442079460958") for channel in ("sms", "whatsapp")}

    assert digests["sms"] == digests["whatsapp"] == audience.digests.of("phone", "+442079460958")
    assert suppressions.digest(settings.of(ids.new("tenant")), "sms", "+442079460958") != digests["sms"]
    assert suppressions.digest(audience, "email", "a@example.org") == audience.digests.of("email", "a@example.org")
