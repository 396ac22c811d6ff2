"""What a chunk waits for, by what is stored of it and of its campaign; no message says it."""

from collections.abc import Iterable

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.chunks import Chunk
from shared import instants
from shared.instants import Instant


def due_at(campaign: Campaign, chunk: Chunk) -> Instant | None:
    """Return from when on a chunk may be sent; 0 where it is so at once, None where that is to be decided."""
    if chunk.role == "rest":
        return None if campaign.won is None else 0
    return 0 if chunk.starts_at is None else instants.from_stored(chunk.starts_at)


def is_due(campaign: Campaign, chunk: Chunk, now: Instant) -> bool:
    """Return whether a chunk may be sent."""
    due = due_at(campaign, chunk)
    return due is not None and due <= now


def next_at(campaign: Campaign, chunks: Iterable[Chunk], now: Instant) -> Instant | None:
    """Return when a campaign with these chunks is to be looked at, None if nothing says when that is."""
    dues = [due_at(campaign, each) for each in chunks]
    later = [each for each in dues if each is not None and each > now]
    if is_undecided(campaign) and campaign.decides_at is not None:
        later.append(instants.from_stored(campaign.decides_at))
    return min(later, default=None)


def is_undecided(campaign: Campaign) -> bool:
    """Return whether it is still to be decided which variant the rest of the audience gets."""
    return campaign.winner is not None and campaign.won is None
