"""A walk tells search of the leads that an import has written: page by page, each by a message, at a pace.

It looks at all leads of the tenant, and tells of those that were changed since the import was asked for. So it needs
none of the import's results, and what others change meanwhile comes twice at most. The pace leaves room in the queue of
search for whoever has changed one lead and looks for it.
"""

import itertools
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

from functions.audience.finding import findables, many
from functions.audience.leads import leads
from shared import config, ids
from shared.messaging import queues, search_feed
from shared.observability import logger

LOOKED_AT: Final = 2_000
"""Leads of a page; those that no import has touched cost their share of a read unit and nothing else."""
TOLD: Final = 500
SECONDS: Final = 5
"""Behind a page in which leads were told of. 100 leads a second: search stores twice as many, and others are heard."""

SETTLED_SECONDS: Final = 60
"""Parts that an import was at when it was cancelled have ended by then."""


class Walk(NamedTuple):
    """A walk over the leads of a tenant behind one of them, for what was changed since an instant."""

    tenant_id: str
    since: str
    after: str | None

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Self:
        """Return the walk that a message goes on with. Raises KeyError or ValueError if it goes on with none."""
        walk = cls(message["tenant_id"], message["since"], message["after"])
        is_behind_a_lead = walk.after is None or ids.is_valid(walk.after, "lead")
        if not ids.is_valid(walk.tenant_id, "tenant") or not isinstance(walk.since, str) or not is_behind_a_lead:
            raise ValueError("no walk over leads")
        return walk


def begin(tenant_id: str, *, since: str, is_settled: bool) -> None:
    """Have a walk begin: at once if all is written that it is to tell of, else in a minute. Raises Unavailable."""
    delay_seconds = 0 if is_settled else SETTLED_SECONDS
    queues.send(config.audience_feed_queue_url(), Walk(tenant_id, since, None)._asdict(), delay_seconds=delay_seconds)


def go_on(walk: Walk) -> None:
    """Tell search of the next page, and have the one behind it told later. Raises Unavailable."""
    if many.are_too_many(walk.tenant_id):
        logger.info("more leads than search is told of", tenant_id=walk.tenant_id, most=many.MOST)
        return
    only = ("lead_id", "version", "updated_at", leads.MERGED, *findables.NAMED)
    every = leads.every_item(walk.tenant_id, after=walk.after, only=only, consistent=True)
    looked_at, told, last = 0, list[search_feed.Fed](), walk.after
    for item in itertools.islice(every, LOOKED_AT):
        looked_at, last = looked_at + 1, str(item["lead_id"])
        if item["updated_at"] >= walk.since:
            told.append(findables.of_lead(walk.tenant_id, item))
        if len(told) == TOLD:
            break
    search_feed.send(told)
    if looked_at == LOOKED_AT or len(told) == TOLD:
        behind = walk._replace(after=last)
        queues.send(config.audience_feed_queue_url(), behind._asdict(), delay_seconds=SECONDS if told else 0)
