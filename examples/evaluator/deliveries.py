"""Webhooks out of the evaluator: signed by Standard Webhooks 1.0.0, sent again until they are taken or given up."""

import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime

from standardwebhooks import Webhook

from examples.evaluator.contract import Evaluator

# The specification's schedule: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
RETRIES_AFTER_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
_TIMEOUT_SECONDS = 15

Post = Callable[[dict[str, str], str], int]
"""Sends headers and a body, and returns the status of the answer, 0 when there was none."""


def post_to(url: str) -> Post:
    """Return what posts to an address."""

    def post(headers: dict[str, str], body: str) -> int:
        request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310 - the operator's own address
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    return post


def deliver_due(evaluator: Evaluator, post: Post, *, secret: str, times: int = 1) -> int:
    """Send every webhook that is due, each so many times, and return how many were taken."""
    taken = 0
    now = evaluator.now()
    for promised in evaluator.store.promised():
        if promised["due_at"] > now:
            continue
        headers = signed(promised["webhook_id"], promised["body"], secret=secret, at=now)
        statuses = [post(headers, promised["body"]) for _ in range(times)]
        if any(200 <= status < 300 for status in statuses):
            evaluator.store.delivered(promised["webhook_id"])
            taken += 1
        elif 410 in statuses or promised["attempts"] == len(RETRIES_AFTER_SECONDS):
            evaluator.store.delivered(promised["webhook_id"])
        else:
            pause = RETRIES_AFTER_SECONDS[promised["attempts"]]
            evaluator.store.postpone(promised["webhook_id"], due_at=now + pause)
    return taken


def signed(webhook_id: str, body: str, *, secret: str, at: float) -> dict[str, str]:
    """Return the headers of a webhook that is sent at a moment, in seconds since 1970."""
    moment = datetime.fromtimestamp(int(at), UTC)
    return {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": Webhook(secret).sign(webhook_id, moment, body),
    }
