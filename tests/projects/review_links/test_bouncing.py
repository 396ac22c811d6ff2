"""What SES says of the mail of a link, and how whoever has made the link learns it."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from functions.projects.following import consumers
from functions.projects.review_links import links
from shared.callers import mailboxes
from shared.sending import mail
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.identity.codes import challenged as codes
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

MARY = "mary@example.com"
AUDIT: dict[str, Any] = {
    "name": "Audit",
    "kind": "external_audit",
    "approvers": [{"external": {"name": "Mary Somerville", "address": MARY}}],
}
NO_MAILBOX = ("Permanent", "General")


@pytest.fixture(autouse=True)
def _sender(ada: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    yield
    mail.client.cache_clear()


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    place = mailboxes.key(ada.user_id)
    table.transact([Put({"PK": place.pk, "SK": place.sk, "entity": "User", "email": "ada@example.com"})])
    return Review.of(ada, ben, project)


@pytest.fixture
def milestone(review: Review, pepper: str) -> str:
    return review.submits(layer(**AUDIT), acceptance="manager")


def links_to_mary(review: Review, milestone: str) -> str:
    """Have Ada make a link for Mary, and return its id."""
    (audit,) = review.layers(milestone)
    made = review.ada.post(f"/verifications/{audit['verification_id']}/links", {"address": MARY})
    assert made.status == 201, made.body
    return str(made.body["link_id"])


def bounces(label: str, kind: str = "Permanent", subtype: str = "General") -> dict[str, Any]:
    bounce = {
        "bounceType": kind,
        "bounceSubType": subtype,
        "bouncedRecipients": [{"emailAddress": MARY}],
        "timestamp": "2026-11-20T09:30:00.000Z",
    }
    return said(label, "Bounce", bounce=bounce)


def complains(label: str) -> dict[str, Any]:
    about = {"complainedRecipients": [{"emailAddress": MARY}], "timestamp": "2026-11-20T09:30:00.000Z"}
    return said(label, "Complaint", complaint=about)


def said(label: str, kind: str, **more: Any) -> dict[str, Any]:
    """Have the consumer told by SES of an e-mail with this label; return what it answers."""
    sent = {"source": f"no-reply+projects.{label}@milepost.example", "destination": [MARY]}
    told = {"notificationType": kind, "mail": sent, **more}
    return consumers.handler(batch([json.dumps(told)]), Context())


def troubles_of(review: Review, milestone: str) -> list[str]:
    items = review.ada.get(f"{milestone}/history", "limit=100").body["items"]
    return [each["event_type"] for each in reversed(items) if "link_" in each["event_type"]]


@pytest.mark.parametrize("bounce", [NO_MAILBOX, ("Permanent", "Suppressed"), ("Transient", "MailboxFull")])
def test_whoever_made_a_link_learns_that_its_mail_did_not_arrive(
    bounce: tuple[str, str], review: Review, milestone: str
):
    link_id = links_to_mary(review, milestone)

    assert bounces(link_id, *bounce) == {"batchItemFailures": []}
    (audit,) = review.layers(milestone)
    assert [each["link_mail"] for each in audit["seats"]] == ["bounced"]
    assert troubles_of(review, milestone) == ["projects.layer.link_bounced"]
    [told] = codes.sent()
    assert "ada@example.com" in str(told.destinations)
    assert f"Mary Somerville ({MARY})" in codes.as_read().get_content().replace("=\n", "")


def test_a_complaint_is_told_as_one(review: Review, milestone: str):
    complains(links_to_mary(review, milestone))

    (audit,) = review.layers(milestone)
    assert [each["link_mail"] for each in audit["seats"]] == ["complained"]
    assert troubles_of(review, milestone) == ["projects.layer.link_complained"]
    assert len(codes.sent()) == 1


def test_what_comes_twice_is_told_once(review: Review, milestone: str):
    link_id = links_to_mary(review, milestone)
    bounces(link_id)
    bounces(link_id)
    complains(link_id)

    assert troubles_of(review, milestone) == ["projects.layer.link_bounced"]
    assert len(codes.sent()) == 1


def test_a_bounce_that_may_be_an_automatic_answer_is_none(review: Review, milestone: str):
    bounces(links_to_mary(review, milestone), "Transient", "General")

    assert troubles_of(review, milestone) == []
    assert codes.sent() == []


def test_a_bounced_mail_is_told_of_with_the_next_try_if_the_notice_is_throttled(review: Review, milestone: str):
    link_id = links_to_mary(review, milestone)
    with troubles.throttling("ses"):
        failed = bounces(link_id)
    assert len(failed["batchItemFailures"]) == 1
    assert codes.sent() == []
    bounces(link_id)

    assert len(codes.sent()) == 1
    assert troubles_of(review, milestone) == ["projects.layer.link_bounced"]


def test_another_link_begins_anew(review: Review, milestone: str):
    bounces(links_to_mary(review, milestone))
    again = links_to_mary(review, milestone)

    (audit,) = review.layers(milestone)
    assert [each["link_mail"] for each in audit["seats"]] == [None]
    bounces(again)
    assert troubles_of(review, milestone) == ["projects.layer.link_bounced"] * 2


def test_a_link_that_decides_no_more_keeps_it_for_itself(review: Review, milestone: str):
    first = links_to_mary(review, milestone)
    links_to_mary(review, milestone)
    bounces(first)

    found = links.find(first)
    assert found is not None
    assert found.mailed == "bounced"
    assert troubles_of(review, milestone) == []
    assert codes.sent() == []


def test_the_history_and_the_events_have_no_address(review: Review, milestone: str):
    bounces(links_to_mary(review, milestone))

    assert MARY not in json.dumps(review.ada.get(f"{milestone}/history", "limit=100").body)


@pytest.mark.parametrize("label", ["ver_01KAEY5R7C2N8V4X6Z9B1D3F5H", "esc_1", "rvl_01KAEY5R7C2N8V4X6Z9B1D3F5H"])
def test_feedback_on_other_mail_changes_nothing(label: str, review: Review, milestone: str):
    links_to_mary(review, milestone)

    assert bounces(label) == {"batchItemFailures": []}
    assert troubles_of(review, milestone) == []
