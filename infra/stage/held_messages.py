"""Has MiniStack hand back, as it ends, the messages that its functions hold.

SQS hides a message from the moment it is received. Those that received it end with the stage, and no one is left to
delete it: without this it would stay hidden for as long as its queue allows, for up to half an hour of the next run.
"""

import time
from typing import Any

from ministack.services import sqs


def hand_back() -> None:
    """Change it for this process, before it saves its state."""
    kept = sqs.get_state

    def get_state() -> Any:
        with sqs._queues_lock:
            for queue in sqs._queues._data.values():
                _show(queue["messages"])
        return kept()

    sqs.get_state = get_state


def _show(messages: list[dict[str, Any]]) -> None:
    """Have messages that somebody received be there again; one that waits for its delay waits on."""
    now = time.time()
    for message in messages:
        if message["receipt_handle"] is not None:
            message["visible_at"] = min(message["visible_at"], now)
