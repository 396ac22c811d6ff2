"""What the compactor is asked for, by messages of its queue: to fold the deltas of a tenant, to make its files anew, or
only if they differ from the table.

Either may be asked for twice, or for nothing: who takes a message looks at what there is.
"""

from typing import Literal

from shared import config
from shared.messaging import queues

Task = Literal["fold", "rebuild", "recount"]


def ask(tenant_id: str, task: Task, *, delay_seconds: int = 0) -> None:
    """Ask the compactor for something, now or after a delay. Raises Unavailable."""
    message = {"tenant_id": tenant_id, "task": task}
    queues.send(config.audience_files_queue_url(), message, delay_seconds=delay_seconds)
