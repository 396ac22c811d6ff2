"""Whether somebody may be written to, by what they agreed to and what suppresses their address."""

import pytest

from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from functions.audience.respect import permission
from functions.audience.respect.permission import Purpose
from functions.audience.respect.suppressions import REASONS, Cause, Reason, Suppression

AT = "2026-11-01T10:00:00.000Z"


def lead(**states: str) -> Lead:
    consents = {
        subject.replace("_", "/"): Consent(state, AT, "shop")  # type: ignore[arg-type]
        for subject, state in states.items()
    }
    return Lead("tenant", "lead", AT, AT, version=1, consent=consents)


def suppressed(*reasons: Reason, topics: tuple[str, ...] = ()) -> Suppression:
    cause = Cause(AT, "receipt")
    return Suppression(
        "tenant",
        "email",
        "ab",
        AT,
        AT,
        1,
        reasons=dict.fromkeys(reasons, cause),
        topics=dict.fromkeys(topics, cause),
    )


def refusal(
    of: Lead,
    channel: str = "email",
    topic: str | None = None,
    purpose: Purpose = "marketing",
    *,
    required: bool = False,
    suppression: Suppression | None = None,
) -> str | None:
    return permission.refusal(of, channel, topic, purpose, requires_consent=required, suppression=suppression)


@pytest.mark.parametrize("reason", REASONS)
def test_whatever_suppresses_an_address_refuses_marketing(reason: Reason):
    assert refusal(lead(email="granted"), suppression=suppressed(reason)) == "suppressed"


@pytest.mark.parametrize("reason", REASONS)
def test_what_must_be_told_passes_an_unsubscription_alone(reason: Reason):
    expected = None if reason == "unsubscribed" else "suppressed"

    assert refusal(lead(email="denied"), purpose="transactional", suppression=suppressed(reason)) == expected


def test_a_topic_somebody_left_is_refused_and_others_are_not():
    left = suppressed(topics=("news",))

    assert refusal(lead(), topic="news", suppression=left) == "suppressed"
    assert refusal(lead(), topic="offers", suppression=left) is None
    assert refusal(lead(), suppression=left) is None
    assert refusal(lead(), topic="news", purpose="transactional", suppression=left) is None


@pytest.mark.parametrize(
    ("of", "topic", "expected"),
    [
        (lead(), None, "no_consent"),
        (lead(email="granted"), None, None),
        (lead(email="granted"), "news", None),
        (lead(email_news="granted"), "news", None),
        (lead(email_news="granted"), "offers", "no_consent"),
        (lead(email_news="granted"), None, "no_consent"),
        (lead(email="granted", email_news="pending"), "news", "no_consent"),
        (lead(email="granted", email_news="denied"), "news", "no_consent"),
        (lead(email="denied", email_news="granted"), "news", "no_consent"),
        (lead(email="pending"), None, "no_consent"),
        (lead(sms="granted"), None, "no_consent"),
    ],
)
def test_where_consent_is_required_it_must_be_granted(of: Lead, topic: str | None, expected: str | None):
    assert refusal(of, topic=topic, required=True) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (lead(), None),
        (lead(email="granted"), None),
        (lead(email="denied"), "no_consent"),
        (lead(email="pending"), "no_consent"),
        (lead(email_news="denied"), None),
    ],
)
def test_where_it_is_not_required_nobody_who_refused_or_was_asked_is_written_to(of: Lead, expected: str | None):
    assert refusal(of) == expected


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_marketing_by_sms_and_whatsapp_always_needs_consent(channel: str):
    assert refusal(lead(email="granted"), channel) == "no_consent"
    assert refusal(lead(**{channel: "granted"}), channel) is None
    assert refusal(lead(), channel, purpose="transactional") is None
