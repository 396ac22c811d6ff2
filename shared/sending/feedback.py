"""Feedback on e-mail: what arrived, what bounced, and who complained, as SES tells the topics of an identity.

Which context it is for says the label of the envelope sender; each context has a queue of its own, filled by it.
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.sending import addresses, labels
from shared.sending.labels import Label

# The other subtypes of a permanent bounce are of this e-mail (too large, an attachment) or of a list of SES's own,
# from which an address is removed without anybody hearing of it.
_NO_MAILBOX: Final = frozenset({"General", "NoEmail"})

# Somebody who is away answers so, too.
_PERHAPS_AN_ANSWER: Final = ("Transient", "General")


class Feedback(NamedTuple):
    """What became of an e-mail. `recipients` are those of its recipients that it is about, as they were written.

    `has_no_mailbox` says that these cannot be reached, by nothing that was wrong with the e-mail; `is_lost` that this
    e-mail does not reach them, whyever: not so of a bounce that may be an automatic answer.
    """

    kind: Literal["bounce", "complaint", "delivery"]
    label: Label
    recipients: frozenset[str]
    at: Instant
    has_no_mailbox: bool = False
    is_lost: bool = False

    @property
    def trouble(self) -> Literal["bounced", "complained"] | None:
        """What whoever sent the e-mail has to be told: it is lost, or was taken for spam; None if neither is so."""
        if self.kind == "complaint":
            return "complained"
        return "bounced" if self.is_lost else None


def read(message: Mapping[str, Any]) -> Feedback:
    """Return the feedback in a message. Raises KeyError, TypeError or ValueError for a message without any."""
    label = labels.read(message["mail"]["source"])
    if label is None:
        raise ValueError("the envelope sender has no label")
    if message["notificationType"] == "Bounce":
        bounce = message["bounce"]
        has_no_mailbox = bounce["bounceType"] == "Permanent" and bounce["bounceSubType"] in _NO_MAILBOX
        about = _ours(bounce["bouncedRecipients"], message["mail"]["destination"])
        is_lost = (bounce["bounceType"], bounce["bounceSubType"]) != _PERHAPS_AN_ANSWER
        return Feedback("bounce", label, about, clock.from_rfc3339(bounce["timestamp"]), has_no_mailbox, is_lost)
    if message["notificationType"] == "Complaint":
        complaint = message["complaint"]
        about = _ours(complaint["complainedRecipients"], message["mail"]["destination"])
        return Feedback("complaint", label, about, clock.from_rfc3339(complaint["timestamp"]))
    if message["notificationType"] == "Delivery":
        delivery = message["delivery"]
        about = frozenset(addresses.from_ascii(each) for each in delivery["recipients"])
        return Feedback("delivery", label, about, clock.from_rfc3339(delivery["timestamp"]))
    raise ValueError("neither a bounce, a complaint nor a delivery")


def _ours(named: list[Mapping[str, str]], destination: list[str]) -> frozenset[str]:
    """Return those that we sent to: a mailbox that somebody forwards theirs to may be named, and says nothing of it."""
    named_addresses = {each["emailAddress"].lower() for each in named}
    return frozenset(addresses.from_ascii(each) for each in destination if each.lower() in named_addresses)
