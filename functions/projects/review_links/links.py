"""A link by which somebody from outside decides in a layer, once: its record, its keys, and its token.

Its token is bound to the layer, the attempt and the seat, which is made from the address (`link_tokens.py`).
"""

from typing import Final, Literal, NamedTuple

from functions.projects import link_tokens
from functions.projects.layers.layers import Layer
from functions.projects.link_tokens import LinkForged, LinkOver, Signed
from shared import clock, ids
from shared.callers import api_keys
from shared.clock import DAY, SECOND
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

Status = Literal["open", "spent"]
Mailed = Literal["waiting", "sent", "refused", "bounced", "complained"]
Notice = Literal["none", "waiting", "sent"]

ID: Final = "rvl"
PAGE: Final = "review"

_PURPOSE: Final = b"review link"
_REMEMBERED: Final = 30 * DAY


class ReviewLinkForged(LinkForged):
    """403: the link was not made here, or was changed or cut off on its way."""


class ReviewLinkOver(LinkOver):
    """410: the link has decided already, has expired, or is not needed any more."""


class ReviewLink(NamedTuple):
    """A link as it is stored: whose seat it decides for, until when, and what became of its mail.

    `notice` says whether its maker is still to be told of that. `key_version` is the version of the secret that signs
    it; `ttl` when the table forgets it, in seconds.
    """

    link_id: str
    tenant_id: str
    project_id: str
    project_milestone_id: str
    verification_id: str
    attempt: int
    person: str
    key_version: str
    created_by: str
    created_at: str
    expires_at: str
    ttl: int
    version: int
    status: Status = "open"
    mailed: Mailed = "waiting"
    notice: Notice = "none"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= clock.to_rfc3339(clock.now())


def key(link_id: str) -> Key:
    """Return the key of a link."""
    return Key(f"REVIEWLINK#{link_id}", "LINK")


def new(layer: Layer, person: str, maker: str, days: int) -> ReviewLink:
    """Return a new link for a seat of a layer. Raises Unavailable."""
    now = clock.now()
    return ReviewLink(
        link_id=ids.new(ID, at=now),
        tenant_id=layer.tenant_id,
        project_id=layer.project_id,
        project_milestone_id=layer.project_milestone_id,
        verification_id=layer.verification_id,
        attempt=layer.attempt,
        person=person,
        key_version=api_keys.pepper.current().name,
        created_by=maker,
        created_at=clock.to_rfc3339(now),
        expires_at=clock.to_rfc3339(now + days * DAY),
        ttl=(now + days * DAY + _REMEMBERED) // SECOND,
        version=1,
    )


def born(link: ReviewLink) -> Put:
    """Return the write of a new link."""
    return Put(records.to_item(key(link.link_id), "ReviewLink", link), ABSENT)


def changed(before: ReviewLink, after: ReviewLink) -> Put:
    """Return the write that changes a link, which is still as it was read."""
    new = after._replace(version=before.version + 1)
    return Put(records.to_item(key(before.link_id), "ReviewLink", new), unchanged(before.version))


def of(item: Item) -> ReviewLink:
    """Return the link of an item."""
    return records.from_item(ReviewLink, item)


def find(link_id: str) -> ReviewLink | None:
    """Return a link as it is now, None if there is none."""
    item = table.get(key(link_id), consistent=True)
    return None if item is None else of(item)


def opened(token: str) -> ReviewLink:
    """Return the link of a token that is signed and not over by itself; one call.

    Raises ReviewLinkForged, ReviewLinkOver, Unavailable.
    """
    link_id = link_tokens.link_id(token)
    link = None if link_id is None else find(link_id)
    if link is None or not link_tokens.is_of(token, _signed(link)):
        raise ReviewLinkForged
    if link.status != "open" or link.is_expired:
        raise ReviewLinkOver
    return link


def url(link: ReviewLink) -> str:
    """Return the address of the page on which the link decides. Raises Unavailable."""
    return link_tokens.url(PAGE, _signed(link))


def _signed(link: ReviewLink) -> Signed:
    bound_to = (link.tenant_id, link.verification_id, str(link.attempt), link.person, link.expires_at)
    return Signed(link.link_id, _PURPOSE, link.key_version, bound_to)
