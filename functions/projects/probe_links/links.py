"""A link by which whoever a probe has asked answers that one question, once: its record and its keys.

Each run of a probe has one link at most, whose id is made from that of the run: what is mailed twice is one link.
Its token is bound to the run and to whom that has asked (`link_tokens.py`).
"""

from typing import Final, Literal, NamedTuple

from functions.projects import link_tokens
from functions.projects.link_tokens import LinkForged, LinkOver, Signed
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probes.probes import Probe, Trouble
from shared import clock, ids
from shared.callers import api_keys
from shared.clock import DAY, SECOND
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put, unchanged

Status = Literal["open", "spent"]
Mailed = Literal["waiting", "sent", "refused"]
Notice = Literal["none", "waiting", "sent"]

ID: Final = "pbl"
PAGE: Final = "probe"

_PURPOSE: Final = b"probe link"
_REMEMBERED: Final = 30 * DAY


class ProbeLinkForged(LinkForged):
    """403: the link was not made here, or was changed or cut off on its way."""


class ProbeLinkOver(LinkOver):
    """410: the question was answered or asked again, the link has expired, or nobody is asked any more."""


class ProbeLink(NamedTuple):
    """A link as it is stored: for whose answer to which run, until when, and which of its mails have gone out.

    `trouble` is what SES has said of them, and `notice` whether whoever made the probe is still to be told of that.
    `key_version` is the version of the secret that signs it; `ttl` when the table forgets it, in seconds.
    """

    link_id: str
    tenant_id: str
    project_id: str
    project_milestone_id: str
    probe_id: str
    run_id: str
    person: str
    key_version: str
    created_at: str
    expires_at: str
    ttl: int
    version: int
    status: Status = "open"
    asked: Mailed = "waiting"
    reminded: Mailed = "waiting"
    trouble: Trouble | None = None
    notice: Notice = "none"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= clock.to_rfc3339(clock.now())


def key(link_id: str) -> Key:
    """Return the key of a link."""
    return Key(f"PROBELINK#{link_id}", "LINK")


def id_of(run_id: str) -> str:
    """Return the id of the link of a run."""
    return f"{ID}_{run_id.partition('_')[2]}"


def new(milestone: ProjectMilestone, probe: Probe, run_id: str, person: str) -> ProbeLink:
    """Return a new link for the run that a probe waits for. Raises Unavailable."""
    now = clock.now()
    last = now + link_tokens.MOST_DAYS * DAY
    expires_at = last if probe.next_at is None else min(last, clock.from_stored(probe.next_at))
    return ProbeLink(
        link_id=id_of(run_id),
        tenant_id=milestone.tenant_id,
        project_id=milestone.project_id,
        project_milestone_id=milestone.project_milestone_id,
        probe_id=probe.probe_id,
        run_id=run_id,
        person=person,
        key_version=api_keys.pepper.current().name,
        created_at=clock.to_rfc3339(now),
        expires_at=clock.to_rfc3339(expires_at),
        ttl=(expires_at + _REMEMBERED) // SECOND,
        version=1,
    )


def born(link: ProbeLink) -> Put:
    """Return the write of a new link."""
    return Put(records.to_item(key(link.link_id), "ProbeLink", link), ABSENT)


def changed(before: ProbeLink, after: ProbeLink) -> Put:
    """Return the write that changes a link, which is still as it was read."""
    new = after._replace(version=before.version + 1)
    return Put(records.to_item(key(before.link_id), "ProbeLink", new), unchanged(before.version))


def find(link_id: str) -> ProbeLink | None:
    """Return a link as it is now, None if there is none."""
    item = table.get(key(link_id), consistent=True)
    return None if item is None else records.from_item(ProbeLink, item)


def opened(token: str) -> ProbeLink:
    """Return the link of a token that is signed and not over by itself; one call.

    Raises ProbeLinkForged, ProbeLinkOver, Unavailable.
    """
    link_id = link_tokens.link_id(token)
    link = None if link_id is None or not ids.is_valid(link_id, ID) else find(link_id)
    if link is None or not link_tokens.is_of(token, _signed(link)):
        raise ProbeLinkForged
    if link.status != "open" or link.is_expired:
        raise ProbeLinkOver
    return link


def url(link: ProbeLink) -> str:
    """Return the address of the page on which the link answers. Raises Unavailable."""
    return link_tokens.url(PAGE, _signed(link))


def _signed(link: ProbeLink) -> Signed:
    bound_to = (link.tenant_id, link.probe_id, link.run_id, link.person, link.expires_at)
    return Signed(link.link_id, _PURPOSE, link.key_version, bound_to)
