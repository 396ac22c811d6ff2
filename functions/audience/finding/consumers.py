"""Background work: after a change of leads or a campaign, search is told of them as they are now.

Whatever a message says, the items are read. A lead that is changed singly, or in a request of many, is told of at once;
those of a file when its import has ended, for they are more than search takes while somebody waits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.campaigns import campaigns
from functions.audience.finding import findables, many, walks
from functions.audience.finding.walks import Walk
from functions.audience.imports import imports
from shared import ids
from shared.jobs import jobs, parts
from shared.jobs.parts import Which
from shared.messaging import batches, bus, search_feed
from shared.messaging.batches import Message, is_event
from shared.storage import table
from shared.storage.events import Event


class Leads(NamedTuple):
    """Leads that were changed; `are_many` by something that has many at once."""

    tenant_id: str
    lead_ids: tuple[str, ...]
    are_many: bool = False


class Campaign(NamedTuple):
    """A campaign that was changed."""

    tenant_id: str
    campaign_id: str


class Ended(NamedTuple):
    """A job that has ended."""

    tenant_id: str
    job: Which
    is_completed: bool


Subject = Leads | Campaign | Ended | Walk


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of what the messages of a batch speak of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    """Return what a message speaks of. Raises KeyError, TypeError or ValueError when it speaks of nothing."""
    if not is_event(message):
        return Walk.read(message)
    happened = bus.read(message)
    if not ids.is_valid(happened.tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return _OF[".".join(happened.event_type.split(".")[:2])](happened)


def _leads(happened: Event) -> Leads:
    data = happened.data
    if happened.event_type == "audience.lead.imported":
        # Those of a file are told of when it is done.
        named = () if data.get("import_id") else (*data["inserted_ids"], *data["updated_ids"])
        return Leads(happened.tenant_id, _valid(named), are_many=True)
    others = data.get("erased_ids", [data["merged_id"]] if "merged_id" in data else [])
    is_stated = happened.event_type == "audience.lead.stated"
    return Leads(happened.tenant_id, _valid([data["lead_id"], *others]), are_many=is_stated)


def _valid(lead_ids: Sequence[str]) -> tuple[str, ...]:
    if not all(ids.is_valid(each, "lead") for each in lead_ids):
        raise ValueError("no lead has these ids")
    return tuple(lead_ids)


def _campaign(happened: Event) -> Campaign:
    if not ids.is_valid(happened.data["campaign_id"], campaigns.ID):
        raise ValueError("no campaign has this id")
    return Campaign(happened.tenant_id, happened.data["campaign_id"])


def _ended(happened: Event) -> Ended:
    return Ended(happened.tenant_id, parts.named(happened.data), happened.event_type == "jobs.job.completed")


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    match which:
        case Walk():
            walks.go_on(which)
        case Leads():
            if which.lead_ids and not (which.are_many and many.are_too_many(which.tenant_id)):
                search_feed.send(findables.of_leads(which.tenant_id, which.lead_ids))
        case Campaign():
            _tell_campaign(which)
        case Ended():
            _begin_walk(which)


def _tell_campaign(which: Campaign) -> None:
    item = table.get(campaigns.key(*which), consistent=True)
    gone = search_feed.gone(which.tenant_id, which.campaign_id)
    search_feed.send([gone if item is None else findables.of_campaign(which.tenant_id, item)])


def _begin_walk(ended: Ended) -> None:
    """Begin to tell of what an import has written; one whose record has expired may have written anything."""
    if ended.job.kind != imports.KIND:
        return
    job = jobs.find(ended.job.user_id, ended.job.job_id)
    walks.begin(ended.tenant_id, since="" if job is None else job.created_at, is_settled=ended.is_completed)


_OF: Final[Mapping[str, Callable[[Event], Subject]]] = {
    "audience.lead": _leads,
    "audience.campaign": _campaign,
    "jobs.job": _ended,
}
"""What an event speaks of, by its noun."""
