"""The address that a stage sends e-mail from, as an identity of SES: itself, or its domain.

It belongs to the account, not to a stack: two stages may send from one address, and the account may know it already.
"""

from typing import Any, Final

from shared.sending import labels

LOCAL: Final = "no-reply@milepost.example"
"""Where the local stage sends from."""

TOPIC: Final = "FeedbackTopicArn"
"""What the topic of a stage's feedback is published as."""

TROUBLES: Final = ("Bounce", "Complaint")
"""What SES tells of e-mail that did not arrive, or was not wanted."""

FEEDBACK: Final = (*TROUBLES, "Delivery")
"""What SES tells a topic of."""

_MOST_BEFORE_AT: Final = 64


def with_any_label(address: str) -> list[str]:
    """Return the address, and what matches it with any label (`shared/sending/labels.py`)."""
    local, _, domain = address.rpartition("@")
    return [address, f"{local}+*@{domain}"]


def require_labelled(address: str) -> str:
    """Return an address that a label can be added to. Raises ValueError for another."""
    local = address.rpartition("@")[0]
    most = _MOST_BEFORE_AT - len("+") - labels.MOST_CHARACTERS
    if "+" in local or len(local) > most:
        raise ValueError(f"not an address with at most {most} characters and no + before its @: {address!r}")
    return address


def identities(address: str) -> list[str]:
    """Return what SES may know an address by: itself, and its domain."""
    return [address, address.rpartition("@")[2]]


def introduce(ses: Any, address: str) -> bool:
    """Have SES verify an address that it does not know, by an e-mail with a link. Return whether that was needed."""
    if _known(ses, address):
        return False
    ses.verify_email_identity(EmailAddress=address)
    return True


def topic_parameter(stage: str) -> str:
    """Return the name of the SSM parameter that has the ARN of the topic of a stage's feedback."""
    return f"/milepost/{stage}/{TOPIC}"


def tell(ses: Any, address: str, topic_arn: str) -> list[str]:
    """Have SES tell a topic what bounces and who complains. Return the identities that tell another one already.

    An identity tells one topic: of two stages with one address, the first hears all feedback, the other none.
    """
    elsewhere = []
    for name in _known(ses, address):
        found = ses.get_identity_notification_attributes(Identities=[name])["NotificationAttributes"].get(name, {})
        if {found.get(f"{kind}Topic") or topic_arn for kind in FEEDBACK} != {topic_arn}:
            elsewhere.append(name)
            continue
        for kind in FEEDBACK:
            ses.set_identity_notification_topic(Identity=name, NotificationType=kind, SnsTopic=topic_arn)
    return elsewhere


def _known(ses: Any, address: str) -> list[str]:
    """Return the identities of an address that the account has, verified or not yet."""
    pages = ses.get_paginator("list_identities").paginate()
    has = {identity for page in pages for identity in page["Identities"]}
    return [name for name in identities(address) if name in has]
