"""The opt-outs of a lead that loses an address: they stay with the address, as suppressions.

So who denied a channel or a topic is not written to under that address again, whoever has it next, and whatever a later
import says of their consent.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from functions.audience.leads import suppression
from functions.audience.leads.leads import Lead
from functions.audience.leads.suppression import Cause, Suppression
from functions.audience.settings.settings import Audience
from shared import clock
from shared.clock import Instant
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Put

SOURCE: Final = "lead"


class _OptOut(NamedTuple):
    """That somebody denied a channel (no topic), or a topic of it."""

    channel: str
    topic: str | None
    at: str


def keep(audience: Audience, lead: Lead, *, emails: Sequence[str], phones: Sequence[str], at: Instant) -> None:
    """Keep what a lead has denied as suppressions of these addresses; no call where it has denied nothing."""
    changes.make(lambda: Plan(None, writes(audience, lead, emails=emails, phones=phones, at=at)))


def writes(audience: Audience, lead: Lead, *, emails: Sequence[str], phones: Sequence[str], at: Instant) -> list[Put]:
    """Return the writes that keep what a lead has denied as suppressions of these addresses; one call if it has.

    At most three for each pair of an e-mail address and a number.
    """
    addresses = {"email": emails, "sms": phones, "whatsapp": phones}
    denied = [*_denied(lead)]
    wanted = [(each.channel, address) for each in denied for address in addresses.get(each.channel, ())]
    digests = [(channel, suppression.digest(audience, channel, address)) for channel, address in dict.fromkeys(wanted)]
    keys = [suppression.key(lead.tenant_id, *each) for each in digests]
    found = table.get_many(keys, consistent=True) if keys else []
    puts: list[Put] = []
    for (channel, digest), item in zip(digests, found, strict=True):
        before = None if item is None else suppression.from_item(item)
        known = before or suppression.new(lead.tenant_id, channel, digest, at)
        after = _opted_out(known, [each for each in denied if each.channel == channel], at)
        if after is not known:
            puts.append(suppression.written(before, after))
    return puts


def _denied(lead: Lead) -> Iterator[_OptOut]:
    for subject, given in lead.consent.items():
        if given.state == "denied":
            channel, _, topic = subject.partition("/")
            yield _OptOut(channel, topic or None, given.at)


def _opted_out(known: Suppression, denied: Sequence[_OptOut], at: Instant) -> Suppression:
    after = known
    for each in denied:
        cause = Cause(each.at, SOURCE)
        if each.topic is None:
            after = suppression.with_reason(after, "unsubscribed", cause)
        else:
            after = suppression.left(after, [each.topic], cause)
    return after if after is known else after._replace(version=known.version + 1, updated_at=clock.to_rfc3339(at))
