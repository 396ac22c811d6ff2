"""What SES is told of the address that a stage sends from."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from pydantic import ValidationError

from infra import sender
from infra.stage_files import StageFile

ADDRESS, DOMAIN = "no-reply@example.com", "example.com"
OURS, THEIRS = "arn:aws:sns:eu-west-1:123456789012:ours", "arn:aws:sns:eu-west-1:123456789012:theirs"


@pytest.fixture
def ses() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client("ses", region_name="eu-west-1", aws_access_key_id="key", aws_secret_access_key="no secret")
    with Stubber(client) as answers:
        yield client, answers
        answers.assert_no_pending_responses()


def knows(answers: Stubber, *identities: str) -> None:
    answers.add_response("list_identities", {"Identities": list(identities)})


def says(answers: Stubber, identity: str, **topics: str) -> None:
    attributes = {"ForwardingEnabled": True, "BounceTopic": "", "ComplaintTopic": "", "DeliveryTopic": "", **topics}
    answers.add_response(
        "get_identity_notification_attributes",
        {"NotificationAttributes": {identity: attributes}},
        {"Identities": [identity]},
    )


def is_told(answers: Stubber, identity: str) -> None:
    for kind in ("Bounce", "Complaint", "Delivery"):
        told = {"Identity": identity, "NotificationType": kind, "SnsTopic": OURS}
        answers.add_response("set_identity_notification_topic", {}, told)


def test_address_and_domain_both_tell_the_topic(ses: tuple[Any, Stubber]) -> None:
    client, answers = ses
    knows(answers, "others@example.com", DOMAIN, ADDRESS)
    for identity in (ADDRESS, DOMAIN):
        says(answers, identity)
        is_told(answers, identity)

    assert sender.tell(client, ADDRESS, OURS) == []


def test_what_tells_the_topic_already_is_told_once_more(ses: tuple[Any, Stubber]) -> None:
    client, answers = ses
    knows(answers, DOMAIN)
    says(answers, DOMAIN, BounceTopic=OURS)
    is_told(answers, DOMAIN)

    assert sender.tell(client, ADDRESS, OURS) == []


@pytest.mark.parametrize("kind", ["Bounce", "Complaint", "Delivery"])
def test_an_identity_that_tells_another_topic_is_left_as_it_is(ses: tuple[Any, Stubber], kind: str) -> None:
    client, answers = ses
    knows(answers, DOMAIN, ADDRESS)
    says(answers, ADDRESS, **{f"{kind}Topic": THEIRS})
    says(answers, DOMAIN)
    is_told(answers, DOMAIN)

    assert sender.tell(client, ADDRESS, OURS) == [ADDRESS]


@pytest.mark.parametrize("address", ["codes+dev@example.com", "twenty-characters-it@example.com"])
def test_an_address_that_no_label_can_be_added_to_is_no_sender(address: str) -> None:
    with pytest.raises(ValidationError, match="at most 19 characters"):
        StageFile(kind="development", mail_sender=address)
