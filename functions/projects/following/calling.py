"""Calls of probes that have begun: each is a message of the queue from which addresses are called."""

from functions.projects.probes import probes
from shared import config, ids
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.storage.events import Event


def is_begun(happened: Event) -> bool:
    """Return whether an event says that a probe has begun to call its address."""
    return happened.event_type == "projects.probe.asked" and ids.is_valid(
        str(happened.data.get("run_id")), probes.RUN_ID
    )


def send(happened: Event) -> None:
    """Have an address called, in the group of the tenant: whose addresses are slow waits by itself.

    Raises Unavailable: try again.
    """
    names = ("project_milestone_id", "probe_id", "run_id")
    asked = {"tenant_id": happened.tenant_id, **{name: happened.data[name] for name in names}}
    queues.send_all(config.queue_url("PROBE_CALLS"), [Outgoing(asked, group=happened.tenant_id)])
