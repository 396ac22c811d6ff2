"""What is left of a milestone that was deleted: the layers of its attempts, what finds them by their ids, and comments.

A milestone has as many layers as it had attempts, more than the transaction of its deletion takes. Its history stays.
"""

from collections.abc import Callable, Sequence
from typing import Final

from functions.projects import payment_troubles
from functions.projects.comments import commenting
from functions.projects.layers import layers
from functions.projects.milestones import milestones
from functions.projects.probes import probes
from shared.messaging import search_feed
from shared.storage import table
from shared.teamwork import comments

_AT_ONCE: Final = 100


def remove(tenant_id: str, milestone_id: str) -> None:
    """Remove what is left of a deleted milestone, part by part; nothing of one that is there."""
    if milestones.find(tenant_id, milestone_id) is not None:
        return
    comments.remove_all(commenting.partition(tenant_id, milestone_id), tell=_told(tenant_id))
    place = milestones.partition(tenant_id, milestone_id)
    _remove_probes(tenant_id, place)
    while part := table.query(place, layers.PREFIX, limit=_AT_ONCE, consistent=True).items:
        # The layer goes last: a removal that breaks off finds it again, and its pointer by it.
        table.delete_many([layers.pointer_key(tenant_id, item["verification_id"]) for item in part])
        table.delete_many([layers.key(place, layers.from_item(item)) for item in part])


def _remove_probes(tenant_id: str, place: str) -> None:
    """Remove the probes of a milestone, and last of all the items that lie beside it."""
    every = probes.of(table.get(probes.key(place), consistent=True))
    ran = [probes.run_key(place, item["probe_id"], item["run_id"]) for item in table.query_all(place, probes.RUNS)]
    table.delete_many([*ran, *(probes.pointer_key(tenant_id, each.probe_id) for each in every.probes)])
    table.delete_many([probes.key(place), payment_troubles.key(place)])


def remove_comments(tenant_id: str, milestone_id: str, evidence_id: str) -> None:
    """Remove the comments on a piece of evidence that was deleted."""
    comments.remove_all(commenting.partition(tenant_id, milestone_id), evidence_id, tell=_told(tenant_id))


def _told(tenant_id: str) -> Callable[[Sequence[str]], None]:
    """Return what tells search of comments that are gone."""
    return lambda comment_ids: search_feed.send([search_feed.gone(tenant_id, each) for each in comment_ids])
