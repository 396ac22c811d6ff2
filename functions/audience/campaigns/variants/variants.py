"""The variants of a campaign: what each says, and whose each is, by a hash of the campaign and the lead.

A variant has a name, a share in percent, and what of the campaign's message it says otherwise. With a winner, a part of
the audience gets the variants by their shares, and the rest gets the one that has won.
"""

import hashlib
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from functions.audience.campaigns.campaigns import Campaign

_ALL: Final = 100
_HASHED_BYTES: Final = 8


def number_of(campaign: Campaign, lead_id: str, *, is_rest: bool) -> int | None:
    """Return the number of the variant that a lead gets, None where there are none; the rest gets what has won."""
    if not campaign.variants:
        return None
    if is_rest:
        return campaign.won
    bounds = accumulate(int(each["share"]) for each in campaign.variants)
    place = _place("variant", campaign, lead_id)
    return next(number for number, bound in enumerate(bounds) if place < bound)


def is_tested(campaign: Campaign, lead_id: str) -> bool:
    """Return whether a lead is of the part that decides which variant wins, or waits for that."""
    return campaign.winner is not None and _place("test", campaign, lead_id) < int(campaign.winner["test_percent"])


def versions(campaign: Campaign) -> Iterator[tuple[str | None, Campaign]]:
    """Yield each variant by its name, and the campaign with the message of it; the campaign alone without variants."""
    if not campaign.variants:
        yield None, campaign
    for number, each in enumerate(campaign.variants):
        yield each["name"], version(campaign, number)


def version(campaign: Campaign, number: int | None) -> Campaign:
    """Return a campaign with the message of one of its variants."""
    if number is None:
        return campaign
    return campaign._replace(message={**campaign.message, **campaign.variants[number]["message"]})


def _place(what: str, campaign: Campaign, lead_id: str) -> int:
    """Return a number from 0 to 99 that is the same at any time, and of one lead another in each campaign."""
    digest = hashlib.sha256(f"{what} {campaign.campaign_id} {lead_id}".encode()).digest()
    return int.from_bytes(digest[:_HASHED_BYTES]) % _ALL
